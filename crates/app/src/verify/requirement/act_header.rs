//! 十八: what is looked up of an act is what its header says: its kind, its instant, its batch and whose file it stands on. The header
//! is what the log holds; the columns beside it are what everybody searches by.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::audit::{self, Step, StoredAct};
use credence_store::change::CHUNK_ROWS;
use credence_store::clock::instant_text;
use credence_store::connection::Connection;
use serde_json::Value;

pub const REQUIREMENT: Requirement = Requirement {
    id: "act_header",
    source: FOUNDING,
    article: "十八",
    demand: "kind, instant, batch and file of every act are those of its header and its changes",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    audit::each_act(connection, |act| {
        let problem = fault(&act);
        tally.expect(problem.is_none(), || Example {
            uscc: act.uscc.clone(),
            act: Some(hex(&act.id)),
            problem: problem.unwrap_or_default(),
            ..Example::default()
        });
        Ok(())
    })?;
    // An act that changed files stands on that of its first change.
    audit::each_step(connection, |step| {
        let Step::Change(change) = step else { return Ok(()) };
        if change.at.rem_euclid(CHUNK_ROWS as i64) != 0 {
            return Ok(());
        }
        let Some(chunk) = reading.chunks.get(&change.at.div_euclid(CHUNK_ROWS as i64)) else { return Ok(()) };
        let Some(act) = reading.acts.get(&chunk.act) else { return Ok(()) };
        tally.expect(*act.uscc == *change.uscc, || Example {
            uscc: act.uscc.to_string(),
            act: Some(hex(&chunk.act)),
            problem: format!("it stands on this file, and its first change is on that of {}", change.uscc),
            ..Example::default()
        });
        Ok(())
    })
}

/// The first thing in which an act's row differs from its header.
fn fault(act: &StoredAct) -> Option<String> {
    let header: Value = serde_json::from_str(&act.header).unwrap_or_default();
    let said = |key: &str| header.get(key).and_then(Value::as_str);
    let unit = header.pointer("/details/unit").and_then(Value::as_str).filter(|_| act.changes == 0);
    let (id, at, batch) = (hex(&act.id), instant_text(act.at), act.batch.map(|batch| hex(&batch)));
    let kept = [
        ("act", Some(id.as_str())),
        ("kind", Some(act.kind.as_str())),
        ("at", Some(at.as_str())),
        ("batch", batch.as_deref()),
    ];
    let differs = kept.into_iter().find(|(key, value)| said(key) != *value);
    if let Some((key, value)) = differs {
        return Some(format!("{key} is {:?} in its header and kept as {value:?}", said(key)));
    }
    unit.filter(|unit| *unit != act.uscc).map(|unit| format!("it is numbered under {unit} and kept under another"))
}
