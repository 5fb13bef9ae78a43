//! The versions of a record as requirements on them look at them: each with its act and with what the rules of its day say.

use super::case::{ActHeader, Case, plain};
use crate::collect::clocks::Clocks;
use credence_domain::publicity::{Counted, Restart};
use credence_domain::record::value::date_of;
use credence_store::arrival::Dates;
use credence_store::body::Unpacker;
use credence_store::change::CHUNK_ROWS;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A version, standing or superseded.
pub struct Version<'a> {
    /// Its number among the record's versions.
    pub number: i64,
    /// Number in the organisation's file.
    pub seq: i64,
    /// State.
    pub state: &'a str,
    /// Why its publicity waits.
    pub hold: &'a str,
    /// Class.
    pub class: &'a str,
    /// Last day for publicity.
    pub due_on: Option<i32>,
    /// First public day.
    pub from_on: Option<i32>,
    /// Last public day.
    pub through_on: Option<i32>,
    /// The instant at which it was superseded; none of the standing one.
    pub until_at: Option<i64>,
    /// What its act says; none where it has no act.
    pub header: Option<&'a ActHeader>,
    packed: Option<&'a [u8]>,
}

/// The versions of a record, oldest first, the standing one last.
pub fn versions<'a>(case: &Case<'a>) -> Vec<Version<'a>> {
    let header = |at: i64| {
        let chunk = case.reading.chunks.get(&at.div_euclid(CHUNK_ROWS as i64))?;
        case.reading.acts.get(&chunk.act).map(|act| &act.header)
    };
    let earlier = case.earlier.iter().map(|version| Version {
        number: version.version,
        seq: version.seq,
        state: &version.state,
        hold: &version.hold,
        class: &version.class,
        due_on: version.due_on,
        from_on: version.from_on,
        through_on: version.through_on,
        until_at: Some(version.until_at),
        header: header(version.at),
        packed: version.packed.as_deref(),
    });
    let stored = case.stored;
    let standing = Version {
        number: i64::from(stored.version),
        seq: stored.seq,
        state: &stored.state,
        hold: &stored.hold,
        class: &stored.class,
        due_on: stored.due_on,
        from_on: stored.from_on,
        through_on: stored.through_on,
        until_at: None,
        header: case.header,
        packed: stored.packed.as_deref(),
    };
    earlier.chain([standing]).collect()
}

impl Version<'_> {
    /// Its days and class, computed again; `published_on` is the record's first public day before it. Nothing where its content or the
    /// rules of its day cannot be read.
    pub fn dates(&self, case: &Case<'_>, published_on: Option<i32>) -> Option<Dates> {
        self.dates_counted(case, published_on, case.restart)
    }

    /// The same with a restart of the period.
    pub fn dates_counted(&self, case: &Case<'_>, published_on: Option<i32>, restart: Option<Restart>) -> Option<Dates> {
        let (header, reading) = (self.header?, case.reading);
        let rulebook = reading.rulebooks.get(&header.rulebook?)?;
        let as_of = header.as_of?;
        let version = rulebook.items.get(&case.stored.item)?.version_on(as_of)?;
        let clocks = Clocks::new(rulebook, version, Arc::clone(case.units), as_of).known_at(reading.known_at(header));
        let fields = match self.until_at {
            None => None,
            Some(_) => Some(self.fields(case)?),
        };
        let fields = fields.as_ref().unwrap_or(case.fields);
        let text = |code: &str| fields.get(code).and_then(Value::as_str).unwrap_or_default();
        let published_on = published_on.and_then(date_of).unwrap_or(as_of);
        let counted = Counted { published_on, restart };
        Some(clocks.decide_by_code(&case.stored.authority, clocks.decided_on(text), counted, text))
    }

    fn fields(&self, case: &Case<'_>) -> Option<Map<String, Value>> {
        let body = Unpacker::new().ok()?.unpack(self.packed?).ok()?;
        let body = plain(body, case.stored.owner(), case.keys).ok()?;
        let mut fields = Map::new();
        if let Ok(Value::Object(mut half)) = serde_json::from_str(&body.public)
            && let Some(Value::Object(content)) = half.remove("content")
        {
            fields = content;
        }
        if let Ok(Value::Object(other)) = serde_json::from_str(&body.other_content) {
            fields.extend(other);
        }
        Some(fields)
    }
}
