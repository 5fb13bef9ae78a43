//! Bundles of entries: each entry behind its length in two bytes, big endian, in the order of the log.

/// Appends one entry to a bundle; `None`, and nothing written, when it is longer than 65,535 bytes.
#[must_use]
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Option<()> {
    let length = u16::try_from(entry.len()).ok()?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Some(())
}

/// The entries of a bundle; `None` when it ends inside an entry.
#[must_use]
pub fn entries(bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let (mut rest, mut entries) = (bundle, Vec::new());
    while let Some((length, tail)) = rest.split_first_chunk::<2>() {
        let (entry, tail) = tail.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        rest = tail;
    }
    rest.is_empty().then_some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_gives_back_its_entries() {
        let mut bundle = Vec::new();
        for entry in [b"first".as_slice(), b"", b"third"] {
            push_entry(&mut bundle, entry).unwrap();
        }
        assert_eq!(bundle, b"\0\x05first\0\0\0\x05third");
        assert_eq!(entries(&bundle).unwrap(), [b"first".as_slice(), b"", b"third"]);
        assert_eq!(entries(&bundle[..bundle.len() - 1]), None);
        assert_eq!(entries(b"\0"), None);
    }

    #[test]
    fn an_entry_longer_than_its_length_field_is_refused() {
        let mut bundle = Vec::new();
        assert_eq!(push_entry(&mut bundle, &vec![0; 65_536]), None);
        assert!(bundle.is_empty());
    }
}
