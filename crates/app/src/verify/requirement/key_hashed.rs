//! 十六: whoever sends is known: every key was issued by an act of its unit, and only its hash is kept.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::connection::Connection;
use credence_store::{audit, key};
use serde_json::Value;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "key_hashed",
    source: FOUNDING,
    article: "十六",
    demand: "every key was issued, and revoked, by an act of its unit, and only its hash is kept",
    check: Check::Whole(check),
};

/// What an act says of a key: the act, the unit, the last day.
type Said = ([u8; 16], String, String);

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut acts: BTreeMap<(String, String), Said> = BTreeMap::new();
    audit::each_act(connection, |act| {
        if act.kind == "key_issue" || act.kind == "key_revocation" {
            let header: Value = serde_json::from_str(&act.header).unwrap_or_default();
            let detail = |name: &str| {
                let found = header.get("details").and_then(|details| details.get(name)).and_then(Value::as_str);
                found.unwrap_or_default().to_owned()
            };
            acts.insert((detail("digest"), act.kind), (act.id, detail("unit"), detail("expires_on")));
        }
        Ok(())
    })?;
    for key in key::list(connection)? {
        let digest = hex(&key.digest);
        let ends = key.expires_on.map_or_else(String::new, |day| day.to_string());
        let issue = acts.get(&(digest.clone(), "key_issue".to_owned()));
        let issued = issue.is_some_and(|(_, unit, last)| *unit == key.source && *last == ends);
        let revoked = key.revoked_at.is_none() || acts.contains_key(&(digest, "key_revocation".to_owned()));
        tally.expect(issued && revoked, || {
            // A key that no act issued is named by one of the unit's other acts.
            let other = || reading.acts.iter().find(|(_, act)| *act.uscc == *key.source).map(|(id, _)| *id);
            Example {
                uscc: key.source.clone(),
                act: issue.map(|(id, ..)| *id).or_else(other).map(|id| hex(&id)),
                problem: format!("key {} stands otherwise than it was issued or revoked", key.number),
                ..Example::default()
            }
        });
    }
    Ok(())
}
