//! 十五, 十八: who handed a paper in, for which unit and when, is what the act says by which it came.

use super::{Check, FOUNDING, Requirement};
use crate::rulebook::PLATFORM_UNIT;
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::connection::Connection;
use credence_store::{audit, paper};
use serde_json::Value;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "paper_handed",
    source: FOUNDING,
    article: "十五",
    demand: "every paper was handed in by the person, for the unit and at the instant that an act says",
    check: Check::Whole(check),
};

/// Person, unit and instant of a handing in, and its act.
type Handed = (String, String, i64, [u8; 16]);

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut said: BTreeMap<(String, String), Vec<Handed>> = BTreeMap::new();
    audit::each_act(connection, |act| {
        if act.kind == "paper_handed_in" {
            let header: Value = serde_json::from_str(&act.header).unwrap_or_default();
            let text = |path: &str| header.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
            let of = (text("/details/organisation"), text("/details/paper"));
            said.entry(of).or_default().push((text("/actor"), text("/details/unit"), act.at, act.id));
        }
        Ok(())
    })?;
    for kept in paper::all(connection)? {
        let unit = if kept.unit.is_empty() { PLATFORM_UNIT.to_owned() } else { kept.unit.clone() };
        let acts = said.get(&(kept.uscc.clone(), hex(&kept.digest))).map(Vec::as_slice).unwrap_or_default();
        tally.expect(is_said(acts, (&kept.handed_in_by, &unit, kept.handed_in_at)), || Example {
            uscc: kept.uscc.clone(),
            act: acts.first().map(|(.., act)| act).or(reading.acts.keys().next()).map(|act| hex(act)),
            record: None,
            problem: format!("no act says so of file {}", hex(&kept.digest)),
        });
    }
    Ok(())
}

/// Whoever hands the same file in again before a case cites it lets it wait anew: the person and the unit stay those of the first.
fn is_said(acts: &[Handed], (by, unit, at): (&str, &str, i64)) -> bool {
    let person = acts.iter().any(|(person, other, ..)| (person.as_str(), other.as_str()) == (by, unit));
    person && acts.iter().any(|(_, _, then, _)| *then == at)
}
