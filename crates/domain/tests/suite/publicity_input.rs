//! What the vectors are asked with: the input that remembers what was used, and small builders.

use super::shipped::{CALENDAR, RULES};
use credence_domain::calendar::Due;
use credence_domain::publicity::{Facts, Regulator, Row};
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What goes in, remembering what was used.
pub struct Input {
    pub fields: Map<String, Value>,
    pub used: BTreeSet<String>,
}

impl Input {
    pub fn get(&mut self, key: &str) -> Value {
        let value = self.fields.get(key).unwrap_or_else(|| panic!("the vector has no {key}"));
        self.used.insert(key.to_owned());
        value.clone()
    }

    pub fn date(&mut self, key: &str) -> Date {
        self.text(key).parse().unwrap()
    }

    pub fn text(&mut self, key: &str) -> String {
        self.get(key).as_str().unwrap().to_owned()
    }

    pub fn flag(&mut self, key: &str) -> bool {
        self.get(key).as_bool().unwrap()
    }

    pub fn has(&self, key: &str) -> bool {
        self.fields.contains_key(key)
    }
}

pub fn exact(due: Due) -> Value {
    assert!(!due.provisional);
    json!(due.on)
}

pub fn working(from: Date, days: Option<u32>) -> Value {
    exact(CALENDAR.due(from, days.expect("the row has this clock")))
}

pub fn clock(code: &str, from: Date) -> Value {
    exact(RULES.clock(code).unwrap().due(&CALENDAR, from))
}

pub fn row(pack: &str, code: &str) -> &'static Row {
    RULES.pack(pack).unwrap().row(code).unwrap()
}

/// A penalty of an authority that is no market regulator, with the class as stated or flagged.
pub fn penalty<'a>(class: &'a str, start: Date) -> Facts<'a> {
    let mut facts = Facts::new("penalty", Regulator::Other, start, start);
    facts.penalty_kinds = &["罚款"];
    facts.sector_flag = class == "five_sectors";
    facts.class_stated = Some(class).filter(|c| !["other", "five_sectors"].contains(c));
    facts
}

/// A penalty of a market regulator.
pub fn market<'a>(kinds: &'a [&'a str], published: Date) -> Facts<'a> {
    let mut facts = Facts::new("penalty", Regulator::Market, published, published);
    facts.penalty_kinds = kinds;
    facts
}
