//! 十八: what an upheld objection corrects stands in the record: a version of the very act that decided, with the new value; what it
//! withdraws is withdrawn there.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Reading;
use crate::verify::objections::objections;
use credence_domain::objection::{Change, Event, Remedy};
use credence_store::body::Unpacker;
use credence_store::change::CHUNK_ROWS;
use credence_store::connection::Connection;
use credence_store::record;
use credence_store::revision;
use serde_json::{Map, Value};

pub const REQUIREMENT: Requirement = Requirement {
    id: "objection_corrected",
    source: FOUNDING,
    article: "十八",
    demand: "what an upheld objection corrects or withdraws is so by a version of the record that the same act made, with the old value in the case",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut unpacker = Unpacker::new()?;
    for kept in objections(connection, reading)? {
        let key = (kept.head.uscc.clone(), kept.head.identity);
        for (step, at) in &kept.steps {
            let (Event::Decided(decided) | Event::AppealDecided(decided)) = &step.event else { continue };
            for remedy in &decided.remedies {
                if matches!(remedy, Remedy::Noted { .. }) {
                    continue;
                }
                let chunk = |at: i64| at.div_euclid(CHUNK_ROWS as i64);
                let places = revision::places(connection, &key)?;
                let made = places.into_iter().find(|place| chunk(*place) == chunk(*at));
                let problem = match (made, remedy) {
                    // The identity of what was erased since leads nowhere.
                    (None, _) if revision::places(connection, &key)?.is_empty() => None,
                    (None, _) => Some("its decision left no version of the record"),
                    (Some(_), Remedy::Withdrawn { .. } | Remedy::Noted { .. }) => None,
                    (Some(place), Remedy::Corrected { changes }) => match record::packed_at(connection, place)? {
                        Some(packed) => {
                            let body = unpacker.unpack(&packed)?;
                            (!says(&body.public, &body.other_content, changes))
                                .then_some("its correction says another value")
                        }
                        None => None,
                    },
                };
                tally.expect(problem.is_none(), || kept.example(problem.unwrap_or_default()));
            }
        }
    }
    Ok(())
}

/// Whether a content has the new values; a sealed one is not opened.
fn says(public: &str, other: &str, changes: &[Change]) -> bool {
    let public: Value = serde_json::from_str(public).unwrap_or_default();
    let other: Map<String, Value> = serde_json::from_str(other).unwrap_or_default();
    changes.iter().all(|change| {
        let found =
            public.get("content").and_then(|content| content.get(&change.field)).or_else(|| other.get(&change.field));
        match found {
            Some(Value::String(text)) => *text == change.new,
            Some(_) => true,
            None => change.new.is_empty(),
        }
    })
}
