//! The content of a record in its two halves: what the item publishes, and the rest.
//!
//! `public` is the canonical JSON `{"content":{…},"identity":"…","item":"…","uscc":"…"}`; `other` is
//! `{"content":{…},"source":"…","state":"…"}` (with `"hold":"…"` where publicity waits). Empty fields are absent.
//! A commitment binds both; only the first is opened to the public (docs/design/0001-formats.md).

use crate::canonical::Writer;
use sha2::{Digest, Sha256};

/// Canonical bytes of both halves with their digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// What the item publishes.
    pub public: String,
    /// What it does not.
    pub other: String,
}

/// What stands around the fields of a content.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The item's code.
    pub item: &'a str,
    /// The subject's code.
    pub uscc: &'a str,
    /// The identity in hexadecimal.
    pub identity: &'a str,
    /// The owner's code.
    pub source: &'a str,
    /// Stored state.
    pub state: &'a str,
    /// Why publicity waits, if it does.
    pub hold: Option<&'a str>,
}

impl Content {
    /// Builds both halves. `fields` come in ascending order of their codes as (code, value, published).
    pub fn build<'a>(frame: Frame<'_>, fields: impl Iterator<Item = (&'a str, &'a str, bool)> + Clone) -> Self {
        let mut public = String::with_capacity(1024);
        let mut object = Writer::object(&mut public);
        let mut content = object.nested("content");
        for (code, value, published) in fields.clone() {
            if published && !value.is_empty() {
                content.text(code, value);
            }
        }
        content.end();
        object.text("identity", frame.identity);
        object.text("item", frame.item);
        object.text("uscc", frame.uscc);
        object.end();

        let mut other = String::with_capacity(256);
        let mut object = Writer::object(&mut other);
        let mut content = object.nested("content");
        for (code, value, published) in fields {
            if !published && !value.is_empty() {
                content.text(code, value);
            }
        }
        content.end();
        if let Some(hold) = frame.hold {
            object.text("hold", hold);
        }
        object.text("source", frame.source);
        object.text("state", frame.state);
        object.end();
        Self { public, other }
    }

    /// SHA-256 of the public half.
    #[must_use]
    pub fn public_digest(&self) -> [u8; 32] {
        Sha256::digest(self.public.as_bytes()).into()
    }

    /// SHA-256 of the other half.
    #[must_use]
    pub fn other_digest(&self) -> [u8; 32] {
        Sha256::digest(self.other.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unpublished_field_stands_in_the_other_half_only() {
        let frame = Frame {
            item: "penalty",
            uscc: "91379900MA0TE5T16G",
            identity: "00",
            source: "11379900000000086M",
            state: "accepted",
            hold: None,
        };
        let fields = [("CF_FR_ZJHM", "secret", false), ("CF_WSH", "一号", true), ("CF_YXQ", "", true)];
        let content = Content::build(frame, fields.into_iter());
        assert_eq!(
            content.public,
            r#"{"content":{"CF_WSH":"一号"},"identity":"00","item":"penalty","uscc":"91379900MA0TE5T16G"}"#
        );
        assert_eq!(
            content.other,
            r#"{"content":{"CF_FR_ZJHM":"secret"},"source":"11379900000000086M","state":"accepted"}"#
        );
    }
}
