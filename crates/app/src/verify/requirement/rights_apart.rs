//! 十八: every account that can sign in was entered by one person and granted by another, with the role that it has, and
//! nobody is two administrators (三员分立).

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::access::{AccountState, Role};
use credence_domain::canonical::hex;
use credence_store::connection::Connection;
use credence_store::{account, audit};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub const REQUIREMENT: Requirement = Requirement {
    id: "rights_apart",
    source: FOUNDING,
    article: "十八",
    demand: "every account was entered by one person and granted by another, has the role that was asked for, and nobody is two administrators",
    check: Check::Whole(check),
};

/// What the acts say of an account.
#[derive(Default)]
struct Said {
    entry: Option<[u8; 16]>,
    role: String,
    entered_by: String,
    granted: BTreeSet<(String, String)>,
}

fn check(connection: &mut Connection, _: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut said: BTreeMap<String, Said> = BTreeMap::new();
    audit::each_act(connection, |act| {
        let kind = act.kind.as_str();
        if !matches!(kind, "account_entry" | "proposal_answer" | "representative_code") {
            return Ok(());
        }
        let header: Value = serde_json::from_str(&act.header).unwrap_or_default();
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let detail = |name: &str| text(header.get("details").and_then(|details| details.get(name)));
        let (actor, second) = (text(header.get("actor")), text(header.get("second")));
        match kind {
            "account_entry" => {
                let one = said.entry(detail("account")).or_default();
                (one.entry, one.role, one.entered_by) = (Some(act.id), detail("role"), actor);
            }
            "representative_code" => {
                // The office vouches for a representative, who has rights over nothing but his own organisation's file.
                let entered = header.pointer("/details/entered") == Some(&Value::Bool(true));
                let one = said.entry(detail("account")).or_default();
                if entered {
                    (one.entry, one.entered_by) = (Some(act.id), actor.clone());
                }
                one.granted.insert((actor.clone(), actor));
            }
            _ if detail("answer") == "approved" => {
                said.entry(detail("subject")).or_default().granted.insert((actor, second));
            }
            _ => {}
        }
        Ok(())
    })?;
    let mut administrators: BTreeMap<(String, String), String> = BTreeMap::new();
    for one in account::list(connection)? {
        let acts = said.get(&one.name);
        let representative = one.role == Role::Organisation.code();
        let granted =
            !matches!(AccountState::from_code(&one.state), Some(AccountState::Proposed | AccountState::Ended));
        let apart = |acts: &Said| {
            acts.granted.iter().any(|(first, second)| {
                *first == acts.entered_by && *second == one.granted_by && (representative || first != second)
            })
        };
        let sound = acts.is_some_and(|acts| {
            acts.entry.is_some()
                && acts.entered_by == one.entered_by
                && (representative || acts.role == one.role)
                && (!granted || apart(acts))
        });
        let administrator = Role::from_code(&one.role).is_some_and(Role::is_administrator);
        let alone = !administrator || !granted || {
            let person = (one.unit.clone(), one.staff_number.clone());
            administrators.insert(person, one.role.clone()).is_none_or(|other| other == one.role)
        };
        tally.expect(sound && alone, || Example {
            uscc: one.unit.clone(),
            act: acts.and_then(|acts| acts.entry).map(|id| hex(&id)),
            problem: format!("account {} has rights that two persons did not give it", one.name),
            ..Example::default()
        });
    }
    Ok(())
}
