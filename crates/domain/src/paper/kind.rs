//! What a file is, by its own bytes.

/// A kind of file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A document as it is exchanged everywhere (ISO 32000).
    Pdf,
    /// A photograph or a scan.
    Jpeg,
    /// A picture of a screen.
    Png,
    /// A document of the national standard for layouts (GB/T 33190): a ZIP with `OFD.xml` at its root.
    Ofd,
}

/// What a browser declares that does not know the kind of a file.
const UNKNOWN: &str = "application/octet-stream";

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pdf, Self::Jpeg, Self::Png, Self::Ofd];

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Ofd => "application/ofd",
        }
    }

    /// Endings of its files, the usual one first.
    #[must_use]
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Ofd => &["ofd"],
        }
    }

    /// The kind whose media type this is, parameters left aside.
    #[must_use]
    pub fn from_media_type(declared: &str) -> Option<Self> {
        let declared = declared.split(';').next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|kind| kind.media_type().eq_ignore_ascii_case(declared))
    }

    /// The kind of a file with this ending.
    #[must_use]
    pub fn from_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.endings().iter().any(|one| one.eq_ignore_ascii_case(ending)))
    }

    /// Whether the type that a sender declares is this one. Hardly a browser knows OFD: of it alone "unknown" is believed.
    #[must_use]
    pub fn is_declared_as(self, declared: &str) -> bool {
        let bare = declared.split(';').next().unwrap_or_default().trim();
        let unknown = bare.is_empty() || bare.eq_ignore_ascii_case(UNKNOWN);
        Self::from_media_type(declared) == Some(self) || (self == Self::Ofd && unknown)
    }

    /// The kind of a content, by how it begins; nothing where it is none of the four.
    #[must_use]
    pub fn of(content: &[u8]) -> Option<Self> {
        match content {
            [b'%', b'P', b'D', b'F', b'-', b'1' | b'2', b'.', ..] => Some(Self::Pdf),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', ..] => {
                Some(Self::Png)
            }
            [b'P', b'K', 3, 4, ..] if has_ofd_root(content) => Some(Self::Ofd),
            _ => None,
        }
    }
}

/// Bytes of the fixed part of the end of a ZIP's directory, and of one of its entries.
const END_BYTES: usize = 22;
const ENTRY_BYTES: usize = 46;
/// The longest remark behind the end of the directory.
const REMARK_MAX_BYTES: usize = 0xffff;

/// Whether the directory of a ZIP names `OFD.xml` at its root. Nothing is unpacked.
fn has_ofd_root(zip: &[u8]) -> bool {
    let from = zip.len().saturating_sub(END_BYTES + REMARK_MAX_BYTES);
    let tail = zip.get(from..).unwrap_or_default();
    let Some(end) = tail.windows(END_BYTES).rposition(|window| window.starts_with(b"PK\x05\x06")) else { return false };
    let number = |at: usize| -> Option<usize> {
        let bytes: [u8; 4] = zip.get(at..at.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let short = |at: usize| -> Option<usize> {
        let bytes: [u8; 2] = zip.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(usize::from(u16::from_le_bytes(bytes)))
    };
    let end = from + end;
    let (Some(count), Some(mut at)) = (short(end + 10), number(end + 16)) else { return false };
    for _ in 0..count {
        if !zip.get(at..).unwrap_or_default().starts_with(b"PK\x01\x02") {
            return false;
        }
        let (Some(name), Some(extra), Some(remark)) = (short(at + 28), short(at + 30), short(at + 32)) else {
            return false;
        };
        let begins = at + ENTRY_BYTES;
        if zip.get(begins..begins + name) == Some(b"OFD.xml") {
            return true;
        }
        at = begins + name + extra + remark;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::Kind;

    fn zip(names: &[&str]) -> Vec<u8> {
        let mut zip = Vec::new();
        let mut directory = Vec::new();
        for name in names {
            let length = u16::try_from(name.len()).unwrap().to_le_bytes();
            let place = u32::try_from(zip.len()).unwrap().to_le_bytes();
            zip.extend([b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0", &[0; 12][..], &length, &[0; 2], name.as_bytes()].concat());
            directory
                .extend([b"PK\x01\x02\x14\0\x14\0", &[0; 20][..], &length, &[0; 12], &place, name.as_bytes()].concat());
        }
        let count = u16::try_from(names.len()).unwrap().to_le_bytes();
        let (size, place) = (directory.len() as u32, zip.len() as u32);
        zip.extend(directory);
        zip.extend(b"PK\x05\x06\0\0\0\0");
        zip.extend([count, count].concat());
        zip.extend([size.to_le_bytes(), place.to_le_bytes()].concat());
        zip.extend([0, 0]);
        zip
    }

    #[test]
    fn a_file_is_what_it_begins_with() {
        assert_eq!(Kind::of(b"%PDF-1.7\n..."), Some(Kind::Pdf));
        assert_eq!(Kind::of(b"\xff\xd8\xff\xe0..."), Some(Kind::Jpeg));
        assert_eq!(Kind::of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some(Kind::Png));
        assert_eq!(Kind::of(&zip(&["Doc_0/Document.xml", "OFD.xml"])), Some(Kind::Ofd));
        for other in [&b""[..], b"%PDF-", b"%PDF-x", b" %PDF-1.7", b"<html>", b"MZ", b"GIF89a", b"\x89PNG\r\n\x1a\n"] {
            assert_eq!(Kind::of(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_zip_without_the_root_of_a_layout_is_no_layout() {
        for names in [&["word/document.xml"][..], &["x/OFD.xml"], &["ofd.xml"], &[]] {
            assert_eq!(Kind::of(&zip(names)), None, "{names:?}");
        }
        let whole = zip(&["OFD.xml"]);
        for length in 0..whole.len() {
            assert_eq!(Kind::of(&whole[..length]), None, "cut off at {length}");
        }
    }

    #[test]
    fn the_declared_type_is_that_of_the_content_and_of_a_layout_alone_it_may_be_unknown() {
        assert!(Kind::Pdf.is_declared_as("application/pdf") && Kind::Pdf.is_declared_as("Application/PDF; charset=x"));
        assert!(!Kind::Pdf.is_declared_as("image/png") && !Kind::Pdf.is_declared_as("application/octet-stream"));
        assert!(!Kind::Pdf.is_declared_as(""));
        assert!(Kind::Ofd.is_declared_as("application/ofd") && Kind::Ofd.is_declared_as("application/octet-stream"));
        assert!(!Kind::Ofd.is_declared_as("application/pdf"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_fall(mut bytes: Vec<u8>, zip: bool) {
            if zip {
                bytes.splice(0..0, *b"PK\x03\x04");
                bytes.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\0\0\0\0\x04\0\0\0\0\0");
            }
            let _ = Kind::of(&bytes);
        }
    }
}
