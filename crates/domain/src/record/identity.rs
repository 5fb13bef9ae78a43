//! What makes two rows the same record: item and identity fields, compared after folding (CONTRACT §3).
//!
//! An identity is the first 16 bytes of SHA-256 over the canonical JSON array `[item, part, …]`. Parts are the values
//! of the item's identity fields in the order of the data list, absent ones as the empty string.

use super::text::is_plain;
use crate::canonical;
use sha2::{Digest, Sha256};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// Identity of a record within the register, together with the subject's code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity(pub [u8; 16]);

impl Identity {
    /// The identity of the given parts, folding each.
    pub fn of<'a>(item: &str, parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut text = String::with_capacity(160);
        text.push('[');
        canonical::write_string(&mut text, item);
        for part in parts {
            text.push(',');
            canonical::write_string(&mut text, &fold(part));
        }
        text.push(']');
        let digest = Sha256::digest(text.as_bytes());
        let mut short = [0; 16];
        for (to, from) in short.iter_mut().zip(digest) {
            *to = from;
        }
        Self(short)
    }

    /// From stored bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&canonical::hex(&self.0))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Folds a document number or another identity part: NFKC, every bracket a round one, no white space, upper case.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut push = |c: char| {
        if !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}') {
            out.push(match c {
                '〔' | '【' | '[' | '［' | '（' | '「' | '『' | '〖' | '｛' | '{' => '(',
                '〕' | '】' | ']' | '］' | '）' | '」' | '』' | '〗' | '｝' | '}' => ')',
                c => c.to_ascii_uppercase(),
            });
        }
    };
    if is_plain(text) {
        text.chars().for_each(&mut push);
    } else {
        text.nfkc().for_each(&mut push);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_width_spaces_and_case_of_a_document_number_do_not_matter() {
        let one =
            Identity::of("penalty", ["11379900000000086M", "云环罚〔2026〕12号", "91379900MA0TE5T16G", "2026-04-10"]);
        let other =
            Identity::of("penalty", ["11379900000000086m", "云环罚 [2026]１２号", "91379900MA0TE5T16G", "2026-04-10"]);
        assert_eq!(one, other);
    }

    #[test]
    fn another_part_or_item_is_another_record() {
        assert_ne!(Identity::of("penalty", ["A", "B"]), Identity::of("permit", ["A", "B"]));
        assert_ne!(Identity::of("penalty", ["A", "B"]), Identity::of("penalty", ["AB", ""]));
    }
}
