//! The content of a record as an answer carries it: the canonical bytes themselves where all of it is published today, so
//! that nothing is taken apart and written again for every reader.

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use std::borrow::Cow;
use std::fmt;

/// What stands for a number that is not shown.
const MASK: &str = "******";

/// Fields by their codes, in order of codes; written as one JSON object.
#[derive(Clone, Debug, Default)]
pub struct Content(Option<Box<RawValue>>);

impl Content {
    /// The value of a field, if it is shown and has one.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<String> {
        self.fields().get(code).map(str::to_owned)
    }

    /// Its fields.
    pub(super) fn fields(&self) -> Fields<'_> {
        self.0.as_deref().and_then(Fields::read).unwrap_or_default()
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(json) => json.serialize(serializer),
            None => serializer.serialize_map(Some(0))?.end(),
        }
    }
}

/// Fields and their values, borrowed where no escape stands in them.
#[derive(Debug, Default)]
pub(super) struct Fields<'j>(Vec<(Cow<'j, str>, Cow<'j, str>)>);

impl<'j> Fields<'j> {
    fn read(json: &'j RawValue) -> Option<Self> {
        serde_json::from_str(json.get()).ok()
    }

    /// The value of a field.
    pub(super) fn get(&self, code: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == code).map(|(_, value)| &**value)
    }
}

/// The canonical bytes that an item publishes, as far as they are shown.
#[derive(Deserialize)]
struct PublicHalf<'j> {
    #[serde(borrow)]
    content: &'j RawValue,
    /// What is not disclosed, and why.
    #[serde(borrow, default)]
    withheld: Option<&'j RawValue>,
}

/// A stored content being read.
#[derive(Debug, Default)]
pub(super) struct Reading<'j> {
    json: Option<&'j RawValue>,
    fields: Fields<'j>,
    changed: bool,
    /// Something of it is withheld.
    pub(super) withholds: bool,
}

impl<'j> Reading<'j> {
    /// The public half; empty where it cannot be read.
    pub(super) fn public(half: &'j str) -> Self {
        let half = serde_json::from_str::<PublicHalf<'j>>(half).ok();
        let withholds = half.as_ref().is_some_and(|half| half.withheld.is_some());
        match half.and_then(|half| Some((half.content, Fields::read(half.content)?))) {
            Some((json, fields)) => Self { json: Some(json), fields, changed: false, withholds },
            None => Self::default(),
        }
    }

    /// Adds the fields that the item does not publish: for the office.
    pub(super) fn with_other(mut self, other: &'j str) -> Self {
        if let Ok(Fields(more)) = serde_json::from_str::<Fields<'j>>(other)
            && !more.is_empty()
        {
            self.fields.0.retain(|(code, _)| !more.iter().any(|(other, _)| other == code));
            self.fields.0.extend(more);
            self.fields.0.sort_unstable();
            self.changed = true;
        }
        self
    }

    /// Masks the values of some fields: whoever sees the rest sees that there is one, and not which.
    pub(super) fn mask(mut self, masked: impl Fn(&str) -> bool) -> Self {
        for (_, value) in self.fields.0.iter_mut().filter(|(code, value)| masked(code) && !value.is_empty()) {
            *value = Cow::Borrowed(MASK);
            self.changed = true;
        }
        self
    }

    /// Takes out what is not shown. True when there was any.
    pub(super) fn retain(&mut self, mut shown: impl FnMut(&str) -> bool) -> bool {
        let before = self.fields.0.len();
        self.fields.0.retain(|(code, _)| shown(code));
        let masked = self.fields.0.len() < before;
        self.changed |= masked;
        masked
    }

    /// Its fields.
    pub(super) fn fields(&self) -> &Fields<'j> {
        &self.fields
    }

    /// What is left, as an answer carries it.
    pub(super) fn content(&self) -> Content {
        let whole = self.json.filter(|_| !self.changed).map(ToOwned::to_owned);
        Content(whole.or_else(|| to_raw_value(&self.fields).ok()))
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (code, value) in &self.0 {
            map.serialize_entry(code, value)?;
        }
        map.end()
    }
}

impl<'de: 'j, 'j> Deserialize<'de> for Fields<'j> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::with_capacity(32);
                while let Some((Text(code), Text(value))) = map.next_entry()? {
                    fields.push((code, value));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'j>(#[serde(borrow)] Cow<'j, str>);

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: &str = r#"{"content":{"CF_NR":"一\"二","CF_WSH":"三"},"identity":"00"}"#;

    fn json(content: &Content) -> String {
        serde_json::to_string(content).unwrap()
    }

    #[test]
    fn what_is_all_published_is_carried_as_it_stands_and_what_is_masked_is_gone() {
        let mut reading = Reading::public(HALF);
        assert!(!reading.retain(|_| true));
        assert_eq!(json(&reading.content()), r#"{"CF_NR":"一\"二","CF_WSH":"三"}"#);
        assert_eq!(reading.content().get("CF_NR").unwrap(), "一\"二");
        assert!(reading.retain(|code| code == "CF_WSH"));
        assert_eq!(json(&reading.content()), r#"{"CF_WSH":"三"}"#);
        assert_eq!(reading.content().get("CF_NR"), None);
    }

    #[test]
    fn the_office_reads_both_halves_in_order_of_codes() {
        let reading = Reading::public(HALF).with_other(r#"{"BZ":"内部","CF_WSH":"四"}"#);
        assert_eq!(json(&reading.content()), r#"{"BZ":"内部","CF_NR":"一\"二","CF_WSH":"四"}"#);
    }

    #[test]
    fn a_number_is_masked_sealed_or_plain_and_what_is_not_there_stays_so() {
        let reading = Reading::public(HALF).with_other(r#"{"ZJ":"enc:1:x","ZK":"11010519491231002X","ZL":""}"#);
        let masked = reading.mask(|code| code.starts_with('Z'));
        assert_eq!(masked.content().get("ZJ").unwrap(), MASK);
        assert_eq!(masked.content().get("ZK").unwrap(), MASK);
        assert_eq!(masked.content().get("ZL").unwrap(), "");
        assert_eq!(masked.content().get("CF_WSH").unwrap(), "三");
    }

    #[test]
    fn what_was_erased_or_cannot_be_read_is_an_empty_object() {
        assert_eq!([json(&Content::default()), json(&Reading::public("x").content())], ["{}", "{}"]);
        assert!(Reading::public("{}").with_other("x").content().fields().0.is_empty());
    }
}
