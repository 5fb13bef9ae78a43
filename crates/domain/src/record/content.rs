//! The content of a record in its two halves: what the item publishes, and the rest.
//!
//! `public` is the canonical JSON `{"content":{…},"identity":"…","item":"…","uscc":"…"}`. `other` is the canonical
//! object of the unpublished fields; state, hold and owner are set around it when it is committed to
//! ([`other_half`]). Empty fields are absent. A commitment binds both halves; only the first is opened to the public
//! (docs/design/0001-formats.md).

use crate::canonical::{self, Writer};

/// Canonical bytes of both halves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// What the item publishes.
    pub public: String,
    /// The unpublished fields.
    pub other: String,
}

/// What stands around the published fields.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The item's code.
    pub item: &'a str,
    /// The subject's code.
    pub uscc: &'a str,
    /// The identity in hexadecimal.
    pub identity: &'a str,
}

impl Content {
    /// Builds both halves. `fields` come in ascending order of their codes as (code, value, published).
    pub fn build<'a>(frame: Frame<'_>, fields: impl Iterator<Item = (&'a str, &'a str, bool)>) -> Self {
        let mut public = String::with_capacity(1024);
        let mut other = String::with_capacity(256);
        let mut object = Writer::object(&mut public);
        let mut content = object.nested("content");
        let mut rest = Writer::object(&mut other);
        for (code, value, published) in fields {
            if value.is_empty() {
                continue;
            }
            if published { content.text(code, value) } else { rest.text(code, value) }
        }
        rest.end();
        content.end();
        object.text("identity", frame.identity);
        object.text("item", frame.item);
        object.text("uscc", frame.uscc);
        object.end();
        Self { public, other }
    }
}

/// The other half inside the frame of a state: the bytes that a commitment hides,
/// `{"content":{…},"hold":"…","source":"…","state":"…"}` with `hold` absent where nothing waits.
#[must_use]
pub fn other_half(other: &str, hold: &str, source: &str, state: &str) -> String {
    let mut out = String::with_capacity(other.len() + 80);
    out.push_str("{\"content\":");
    out.push_str(other);
    for (key, value) in [("hold", hold), ("source", source), ("state", state)] {
        if !value.is_empty() {
            out.push_str(",\"");
            out.push_str(key);
            out.push_str("\":");
            canonical::write_string(&mut out, value);
        }
    }
    out.push('}');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unpublished_field_stands_in_the_other_half_only() {
        let frame = Frame { item: "penalty", uscc: "91379900MA0TE5T16G", identity: "00" };
        let fields = [("CF_FR_ZJHM", "secret", false), ("CF_WSH", "一号", true), ("CF_YXQ", "", true)];
        let content = Content::build(frame, fields.into_iter());
        assert_eq!(
            content.public,
            r#"{"content":{"CF_WSH":"一号"},"identity":"00","item":"penalty","uscc":"91379900MA0TE5T16G"}"#
        );
        assert_eq!(
            other_half(&content.other, "", "11379900000000086M", "accepted"),
            r#"{"content":{"CF_FR_ZJHM":"secret"},"source":"11379900000000086M","state":"accepted"}"#
        );
    }
}
