//! One line of the stream, as it goes over the wire: made once, whoever reads.

use credence_domain::canonical::hex;
use credence_store::body::Unpacker;
use credence_store::stream::{Leaf, Shown};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// One line of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// One JSON document without a line break.
    pub text: String,
    /// Item; empty for what is gone.
    pub(super) item: String,
    /// Area of registration when the fact came.
    pub(super) area: String,
    /// The record's public reference.
    reference: [u8; 16],
    /// The organisation; empty for what is gone.
    uscc: String,
    version: i32,
}

/// A record that a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShownRecord<'l> {
    /// The organisation.
    pub(crate) uscc: &'l str,
    /// Item.
    pub(crate) item: &'l str,
    /// Version.
    pub(crate) version: i32,
}

/// What a line says of a record that is public.
#[derive(Serialize)]
struct Change<'a> {
    position: i64,
    act: String,
    id: String,
    uscc: &'a str,
    item: &'a str,
    /// Areas of the authority and of registration, when the fact came.
    areas: Vec<&'a str>,
    version: i32,
    commitment: String,
    /// Digest of the public bytes; none where they are erased.
    public_digest: Option<String>,
    /// Kinds of the marks beside it; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<String>,
    link: String,
}

/// What a line says of one that is public no longer.
#[derive(Serialize)]
struct Gone {
    gone: String,
}

impl Line {
    /// Of a record that is public.
    pub(super) fn of(leaf: &Leaf, shown: Shown, unpacker: &mut Unpacker) -> credence_store::Result<Self> {
        let digest = match shown.packed.as_deref() {
            Some(packed) => Some(hex(&Sha256::digest(unpacker.parts(packed)?.public.as_bytes()))),
            None => None,
        };
        let mut areas = vec![shown.authority_area.as_str(), shown.registered_area.as_str()];
        areas.retain(|area| !area.is_empty());
        areas.dedup();
        let change = Change {
            position: leaf.position,
            act: hex(&leaf.act),
            id: hex(&shown.reference),
            uscc: &shown.uscc,
            item: &shown.item,
            areas,
            version: shown.version,
            commitment: hex(&shown.commitment),
            public_digest: digest,
            marks: shown.marks,
            link: format!("/api/v1/organisations/{}/records", shown.uscc),
        };
        let (text, reference, version) = (text(&change)?, shown.reference, shown.version);
        Ok(Self { text, item: shown.item, area: shown.registered_area, reference, uscc: shown.uscc, version })
    }

    /// Of one that is public no longer.
    pub(super) fn gone(reference: &[u8; 16]) -> credence_store::Result<Self> {
        let text = text(&Gone { gone: hex(reference) })?;
        let (item, area, uscc) = Default::default();
        Ok(Self { text, item, area, reference: *reference, uscc, version: 0 })
    }

    /// Whether it says that a record is public no longer.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.item.is_empty()
    }

    /// The record that it names.
    pub(crate) fn reference(&self) -> &[u8; 16] {
        &self.reference
    }

    /// The record that it shows; none for what is gone.
    pub(crate) fn shown(&self) -> Option<ShownRecord<'_>> {
        (!self.is_gone()).then_some(ShownRecord { uscc: &self.uscc, item: &self.item, version: self.version })
    }

    /// The room that it takes, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.text.len() + self.item.len() + self.area.len() + self.uscc.len()
    }
}

fn text(value: &impl Serialize) -> credence_store::Result<String> {
    serde_json::to_string(value).map_err(|error| credence_store::StoreError::Inconsistent(error.to_string()))
}
