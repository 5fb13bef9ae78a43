//! Which encoding a file is in, told in one pass that also takes its digest.
//!
//! Departments send UTF-8 with and without byte order mark and GB18030. A file that is valid in neither is read in the
//! encoding of the majority of its lines; the others are rejected, each with its offset. A header that is plainly
//! UTF-8 fixes UTF-8.

use encoding_rs::{Encoding, GB18030, UTF_8};
use sha2::{Digest, Sha256};
use std::io::{self, BufRead};

/// What one pass over a file tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// SHA-256 of the bytes.
    pub digest: [u8; 32],
    /// Size in bytes.
    pub size: u64,
    /// Its encoding.
    pub encoding: &'static Encoding,
    /// Begins with the UTF-8 byte order mark.
    pub byte_order_mark: bool,
    /// Some lines of a GB18030 file are UTF-8: read as GB18030 they would be another text, and no error.
    pub mixed: bool,
}

const MARK: &[u8] = b"\xef\xbb\xbf";
/// A line is judged by pieces of this size, so that a giant one needs no giant memory.
const PIECE: usize = 1 << 16;

/// Reads a file once through.
///
/// # Errors
/// When it cannot be read.
pub fn probe(mut file: impl BufRead) -> io::Result<Probe> {
    let mut digest = Sha256::new();
    let (mut size, mut utf8_lines, mut other_lines) = (0u64, 0u64, 0u64);
    let mut byte_order_mark = false;
    let mut header_is_utf8 = false;
    let mut line = Vec::with_capacity(PIECE);
    loop {
        let block = file.fill_buf()?;
        if block.is_empty() {
            break;
        }
        if size == 0 {
            byte_order_mark = block.starts_with(MARK);
        }
        digest.update(block);
        let length = block.len();
        let mut rest = block;
        while !rest.is_empty() {
            let (end, complete) = match memchr::memchr(b'\n', rest) {
                Some(end) => (end + 1, true),
                None => (rest.len(), line.len() + rest.len() >= PIECE),
            };
            let (head, tail) = rest.split_at(end);
            rest = tail;
            // Most lines lie whole in a block: only what is cut is put together.
            let whole = complete && line.is_empty();
            if !whole {
                line.extend_from_slice(head);
            }
            if complete {
                judge(
                    if whole { head } else { &line },
                    size == 0 && utf8_lines + other_lines == 0,
                    &mut utf8_lines,
                    &mut other_lines,
                    &mut header_is_utf8,
                );
                line.clear();
            }
        }
        size += length as u64;
        file.consume(length);
    }
    judge(&line, utf8_lines + other_lines == 0, &mut utf8_lines, &mut other_lines, &mut header_is_utf8);
    let utf8 = byte_order_mark || header_is_utf8 || utf8_lines >= other_lines;
    let encoding = if utf8 { UTF_8 } else { GB18030 };
    Ok(Probe { digest: digest.finalize().into(), size, encoding, byte_order_mark, mixed: !utf8 && utf8_lines > 0 })
}

/// Han characters from which on a line that is also UTF-8 is nothing else: four by chance are one row in many millions.
const HAN_FOR_SURE: usize = 4;

/// A text that was read in another encoding but is UTF-8: its bytes there are plainly Chinese.
#[must_use]
pub fn is_misread_utf8(text: &str, encoding: &'static Encoding) -> bool {
    if text.is_ascii() || encoding == UTF_8 {
        return false;
    }
    let bytes = encoding.encode(text).0;
    std::str::from_utf8(&bytes)
        .is_ok_and(|found| found.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count() >= HAN_FOR_SURE)
}

fn judge(line: &[u8], first: bool, utf8: &mut u64, other: &mut u64, header_is_utf8: &mut bool) {
    if line.is_ascii() {
        return;
    }
    // A piece cut inside a character is still UTF-8.
    let valid = match std::str::from_utf8(line) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    *if valid { utf8 } else { other } += 1;
    *header_is_utf8 |= first && valid;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding(bytes: &[u8]) -> &'static str {
        probe(bytes).unwrap().encoding.name()
    }

    #[test]
    fn utf8_gb18030_and_the_byte_order_mark_are_told_apart() {
        let gb = |text: &str| GB18030.encode(text).0.into_owned();
        assert_eq!(encoding("名称,代码\n云海公司,1\n".as_bytes()), "UTF-8");
        assert_eq!(encoding(&gb("名称,代码\n云海公司,1\n")), "gb18030");
        assert!(probe("\u{feff}名称\n".as_bytes()).unwrap().byte_order_mark);
        assert_eq!(encoding(b"a,b\n1,2\n"), "UTF-8");
    }

    #[test]
    fn the_majority_of_lines_decides_and_a_utf8_header_fixes_it() {
        let mut mixed = b"code,name\n".to_vec();
        mixed.extend(GB18030.encode("1,云海\n2,青禾\n").0.iter());
        mixed.extend("3,石泉\n".as_bytes());
        assert_eq!(encoding(&mixed), "gb18030");
        let mut fixed = "代码,名称\n".as_bytes().to_vec();
        fixed.extend(GB18030.encode("1,云海\n2,青禾\n").0.iter());
        assert_eq!(encoding(&fixed), "UTF-8");
    }

    #[test]
    fn a_utf8_line_in_a_gb18030_file_is_told_from_a_line_of_the_file() {
        let own = "云海市海岳机械制造有限公司厂";
        let misread = GB18030.decode(own.as_bytes()).0.into_owned();
        assert!(is_misread_utf8(&misread, GB18030) && !is_misread_utf8(own, GB18030));
        assert!(!is_misread_utf8("联通", GB18030) && !is_misread_utf8("plain", GB18030));
    }
}
