//! 十六: whoever sends is known: every key was issued by an act of its unit, opens what that act says and no more, and only its hash is
//! kept; no act's key is gone.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::audit::StoredAct;
use credence_store::connection::Connection;
use credence_store::key::Key;
use credence_store::{audit, key};
use serde_json::Value;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "key_hashed",
    source: FOUNDING,
    article: "十六",
    demand: "every key was issued, and revoked, by an act of its unit, opens what that act says, and only its hash is kept",
    check: Check::Whole(check),
};

/// What acts say of a key.
#[derive(Default)]
struct Said {
    act: [u8; 16],
    unit: String,
    number: String,
    by: String,
    expires_on: String,
    scope: (String, String),
    revoked_at: Option<i64>,
}

impl Said {
    fn is(&self, key: &Key) -> bool {
        let ends = key.expires_on.map_or_else(String::new, |day| day.to_string());
        (self.unit.as_str(), self.number.as_str(), self.by.as_str(), self.expires_on.as_str(), self.revoked_at)
            == (key.source.as_str(), key.number.as_str(), key.issued_by.as_str(), ends.as_str(), key.revoked_at)
            && self.scope == key.scope.written()
    }
}

/// Takes in what an act says, where it is one of keys. Acts of one key may come in any order.
fn take_in(said: &mut BTreeMap<String, (Option<Said>, Option<i64>)>, act: &StoredAct) {
    if act.kind != "key_issue" && act.kind != "key_revocation" {
        return;
    }
    let header: Value = serde_json::from_str(&act.header).unwrap_or_default();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let detail = |name: &str| text(header.get("details").and_then(|details| details.get(name)));
    let of = said.entry(detail("digest")).or_default();
    if act.kind == "key_revocation" {
        // One that was revoked before is not revoked again: the first revocation is the one.
        of.1 = Some(of.1.map_or(act.at, |at| at.min(act.at)));
        return;
    }
    of.0 = Some(Said {
        act: act.id,
        unit: detail("unit"),
        number: detail("key"),
        by: text(header.get("actor")),
        expires_on: detail("expires_on"),
        scope: (detail("items"), detail("actions")),
        revoked_at: None,
    });
}

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut said = BTreeMap::new();
    audit::each_act(connection, |act| {
        take_in(&mut said, &act);
        Ok(())
    })?;
    let kept = key::list(connection)?;
    for key in &kept {
        let (issue, revoked_at) = said.remove(&hex(&key.digest)).unwrap_or_default();
        let issue = issue.map(|issue| Said { revoked_at, ..issue });
        tally.expect(issue.as_ref().is_some_and(|issue| issue.is(key)), || {
            // A key that no act issued is named by one of the unit's other acts.
            let other = || reading.acts.iter().find(|(_, act)| *act.uscc == *key.source).map(|(id, _)| *id);
            Example {
                uscc: key.source.clone(),
                act: issue.as_ref().map(|issue| issue.act).or_else(other).map(|id| hex(&id)),
                problem: format!("key {} stands otherwise than it was issued or revoked", key.number),
                ..Example::default()
            }
        });
    }
    for issue in said.into_values().filter_map(|(issue, _)| issue) {
        tally.fail(Example {
            uscc: issue.unit,
            act: Some(hex(&issue.act)),
            problem: format!("key {} is gone", issue.number),
            ..Example::default()
        });
    }
    Ok(())
}
