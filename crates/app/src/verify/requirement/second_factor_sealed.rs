//! 十八: whoever reads the database reads no second factor out of it: the secret of each is sealed, and is its own account's.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::StoreError;
use credence_store::account::{self, Account};
use credence_store::connection::Connection;
use credence_store::{audit, secret::Keys};
use serde_json::Value;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "second_factor_sealed",
    source: FOUNDING,
    article: "十八",
    demand: "the secret of a second factor is kept encrypted, bound to its account",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let accounts = account::list(connection)?;
    let with_factor: Vec<&Account> = accounts.iter().filter(|one| one.second_factor.is_some()).collect();
    if with_factor.is_empty() {
        return Ok(());
    }
    let mut set: BTreeMap<String, [u8; 16]> = BTreeMap::new();
    audit::each_act(connection, |act| {
        if act.kind == "second_factor" {
            let header: Value = serde_json::from_str(&act.header).unwrap_or_default();
            let name = header.pointer("/details/account").and_then(Value::as_str).unwrap_or_default();
            set.insert(name.to_owned(), act.id);
        }
        Ok(())
    })?;
    for one in with_factor {
        let problem = problem(one, reading.keys.as_deref());
        tally.expect(problem.is_none(), || {
            let act = set.get(&one.name).or_else(|| reading.acts.keys().next());
            let unit = if one.unit.is_empty() { crate::rulebook::PLATFORM_UNIT } else { &one.unit };
            Example {
                uscc: unit.to_owned(),
                act: act.map(|id| hex(id)),
                problem: format!("the second factor of account {} {}", one.name, problem.unwrap_or_default()),
                ..Example::default()
            }
        });
    }
    Ok(())
}

/// What is wrong with the second factor of an account. Where its key is not at hand it is seen that it does not lie readable, and
/// no more: nothing that is hashed hangs on it, and `secret status` names the key that is missing.
fn problem(account: &Account, keys: Option<&Keys>) -> Option<&'static str> {
    let factor = account.second_factor.as_ref()?;
    if factor.key.is_none() {
        return Some("lies readable");
    }
    let opened = factor.open(&account.id, keys?);
    matches!(opened, Err(StoreError::Inconsistent(_))).then_some("was changed or is another account's")
}
