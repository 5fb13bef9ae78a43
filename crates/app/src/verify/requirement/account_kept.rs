//! 十八: an account has the unit, the state and the deputy that its acts gave it, and speaks for the organisations that they bound it
//! to, and for no others; no act's account or binding is gone.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::rights::{self, Rights};
use crate::verify::{Example, Tally};
use credence_domain::access::AccountState;
use credence_domain::canonical::hex;
use credence_domain::record::value::day_number;
use credence_store::account::{self, Account, AccountId, binding};
use credence_store::connection::Connection;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "account_kept",
    source: FOUNDING,
    article: "十八",
    demand: "every account has the unit, state, last day and deputy, and is bound to the organisations, that its acts say",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, _: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let rights = Rights::of(&rights::acts(connection)?);
    let mut kept: BTreeMap<String, Account> =
        account::list(connection)?.into_iter().map(|account| (account.name.clone(), account)).collect();
    let names: BTreeMap<AccountId, String> = kept.iter().map(|(name, account)| (account.id, name.clone())).collect();
    for (name, said) in &rights.accounts {
        let problem = match kept.remove(name) {
            None => Some(format!("account {name} is gone")),
            Some(account) => {
                fault(&account, said).map(|what| format!("account {name}: {what} is not what its acts say"))
            }
        };
        tally.expect(problem.is_none(), || example(&said.unit, said.entry, problem.unwrap_or_default()));
    }
    // An account that no act entered is told by `rights_apart`.
    check_bindings(connection, &rights, &names, tally)
}

fn fault(account: &Account, said: &rights::Account) -> Option<&'static str> {
    let deputy = account
        .deputy
        .as_ref()
        .map(|deputy| (deputy.name.clone(), day_number(deputy.from_on), day_number(deputy.through_on)));
    let represents = account.role == rights::representative();
    [
        (account.unit != said.unit || represents != said.represents, "its unit or role"),
        (Some(account.state.as_str()) != said.state.map(AccountState::code), "its state"),
        (
            account.entered_at != said.entered_at || account.granted_at != said.granted_at,
            "when it was entered or granted",
        ),
        (said.ends_on.is_some_and(|last| last != account.ends_on.map(day_number)), "its last day"),
        (deputy != said.deputy, "its deputy"),
    ]
    .into_iter()
    .find_map(|(wrong, what)| wrong.then_some(what))
}

fn check_bindings(
    connection: &mut Connection,
    rights: &Rights,
    names: &BTreeMap<AccountId, String>,
    tally: &mut Tally,
) -> credence_store::Result<()> {
    let mut said = rights.bindings.clone();
    for kept in binding::all(connection)? {
        let name = names.get(&kept.account).cloned().unwrap_or_default();
        let found = said.remove(&(kept.uscc.clone(), name.clone()));
        let is = |one: &rights::Binding| {
            (one.by.as_str(), one.at, one.ended_at) == (kept.bound_by.as_str(), kept.bound_at, kept.ended_at)
                && (one.from_on, one.through_on) == (day_number(kept.from_on), kept.through_on.map(day_number))
        };
        let holds = match &found {
            Some(found) => is(found),
            None => rights.unsaid.contains(&name),
        };
        tally.expect(holds, || {
            let act = found.as_ref().map(|one| one.act);
            let entry = || rights.accounts.get(&name).map(|account| account.entry);
            let problem = format!("account {name:?} is bound to this organisation otherwise than an act says");
            Example { uscc: kept.uscc.clone(), act: act.or_else(entry).map(|act| hex(&act)), record: None, problem }
        });
    }
    for ((uscc, name), binding) in said {
        let problem = format!("the binding of account {name} to this organisation is gone");
        tally.fail(example(&uscc, binding.act, problem));
    }
    Ok(())
}

fn example(uscc: &str, act: [u8; 16], problem: String) -> Example {
    Example { uscc: uscc.to_owned(), act: Some(hex(&act)), record: None, problem }
}
