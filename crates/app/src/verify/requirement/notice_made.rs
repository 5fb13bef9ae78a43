//! 十八: every notice is the one that its act named, tells of something that happened in its case, and was made for an account that may
//! see the case; and no notice that an act named is missing.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::notice::clock::{of_duty, of_listing, of_measure, of_objection, of_repair};
use credence_domain::notice::{Audience, Clock, Kind, Matter, Whose};
use credence_domain::{listing, measure, objection, officer, repair};
use credence_store::account::binding::{self, Binding};
use credence_store::account::{self, Account, AccountId};
use credence_store::connection::Connection;
use credence_store::notice::{self, Notice, digest};
use credence_store::scope::View;
use credence_store::{audit, letter};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub const REQUIREMENT: Requirement = Requirement {
    id: "notice_made",
    source: FOUNDING,
    article: "十八",
    demand: "every notice is the one that its act named, tells of something that happened, and went to an account that may see the case; none is missing",
    check: Check::Whole(check),
};

/// What is read once: the notices that acts named, by number with digest and act; letters; accounts.
struct Known {
    named: BTreeMap<String, (String, [u8; 16])>,
    letters: BTreeSet<(String, String, String)>,
    accounts: BTreeMap<AccountId, (Account, Vec<Binding>)>,
}

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut known = known(connection)?;
    for notice in notice::all(connection)? {
        let problem = match known.named.remove(&notice.number) {
            Some(named) if named == (digest(&notice.number, &notice.planned), notice.act) => {
                fault(connection, &known, &notice)?
            }
            Some(_) => Some("it is not the one that its act named".to_owned()),
            None => Some("no act names it".to_owned()),
        };
        let act = Some(&notice.act).filter(|act| reading.acts.contains_key(*act));
        let act = act.or_else(|| reading.acts.keys().next());
        tally.expect(problem.is_none(), || Example {
            uscc: notice.planned.uscc.clone(),
            act: act.map(|act| hex(act)),
            problem: format!("notice {}: {}", notice.number, problem.unwrap_or_default()),
            ..Example::default()
        });
    }
    for (number, (_, act)) in known.named {
        tally.fail(Example {
            uscc: reading.acts.get(&act).map(|act| act.uscc.to_string()).unwrap_or_default(),
            act: Some(hex(&act)),
            problem: format!("notice {number} is missing"),
            ..Example::default()
        });
    }
    Ok(())
}

fn known(connection: &mut Connection) -> credence_store::Result<Known> {
    let mut named = BTreeMap::new();
    audit::each_act(connection, |act| {
        if act.kind == "notice" {
            let header: Value = serde_json::from_str(&act.header).unwrap_or_default();
            let told = header.get("details").and_then(|details| details.get("notices"));
            for one in told.and_then(Value::as_array).into_iter().flatten() {
                let text = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                named.insert(text("number"), (text("digest"), act.id));
            }
        }
        Ok(())
    })?;
    let mut letters = BTreeSet::new();
    letter::each(connection, |letter| {
        let event = format!("{}/{}/{}", letter.unit, letter.year, letter.serial);
        letters.insert((letter.uscc, letter.number, event));
        Ok(())
    })?;
    let mut accounts = BTreeMap::new();
    for account in account::list(connection)? {
        let bindings = binding::of_account(connection, &account.id)?;
        accounts.insert(account.id, (account, bindings));
    }
    Ok(Known { named, letters, accounts })
}

/// What is wrong with a notice that its act named.
fn fault(connection: &mut Connection, known: &Known, notice: &Notice) -> credence_store::Result<Option<String>> {
    let planned = &notice.planned;
    let Some((account, bindings)) = known.accounts.get(&planned.account) else {
        return Ok(Some("its account is none".to_owned()));
    };
    let clocks = match planned.kind {
        Kind::LetterMade => {
            let letter = (planned.uscc.clone(), planned.case_number.clone(), planned.event.clone());
            if !known.letters.contains(&letter) {
                return Ok(Some("there is no such letter".to_owned()));
            }
            Vec::new()
        }
        _ => {
            let Some(case) = history(connection, planned.matter, &planned.case_number, notice.made_on)? else {
                return Ok(Some("there is no such case".to_owned()));
            };
            if case.uscc != planned.uscc {
                return Ok(Some("its case is another organisation's".to_owned()));
            }
            let clocks: Vec<Clock> = case.clocks.into_iter().filter(|clock| clock.event() == planned.event).collect();
            let happened = match planned.kind {
                Kind::MeasureBegun => case.begun,
                Kind::MeasureEnded => case.ended,
                Kind::SupplementAsked => case.asked,
                _ => clocks.iter().any(|clock| Some(clock.due_on) == planned.due_on),
            };
            if !happened {
                return Ok(Some("what it tells of has not happened".to_owned()));
            }
            clocks
        }
    };
    let over = matches!(planned.kind, Kind::DeadlinePassed | Kind::CaseLate);
    if over && planned.due_on.is_none_or(|due_on| notice.made_on <= due_on) {
        return Ok(Some("it was made before the day was over".to_owned()));
    }
    let may = match planned.kind.audience() {
        Audience::Organisation => bindings.iter().any(|one| one.uscc == planned.uscc && stood(one, notice)),
        Audience::Unit => clocks.iter().any(|clock| clock.whose == Whose::Unit(account.unit.clone())),
    };
    Ok((!may).then(|| "its account may not see the case".to_owned()))
}

/// Whether a binding may have held when a notice was made: one that was made anew since then says nothing of earlier days.
fn stood(binding: &Binding, notice: &Notice) -> bool {
    let anew = binding.bound_at > notice.made_at;
    let ended = binding.ended_at.is_some_and(|ended| ended < notice.made_at);
    let over = binding.through_on.is_some_and(|last| last < notice.made_on);
    anew || !(ended || over)
}

/// What happened in a case, as far as notices tell of it.
struct History {
    uscc: String,
    /// Every clock that it ever had.
    clocks: Vec<Clock>,
    begun: bool,
    ended: bool,
    asked: bool,
}

fn history(
    connection: &mut Connection,
    matter: Matter,
    number: &str,
    day: Date,
) -> credence_store::Result<Option<History>> {
    let view = View::office(Date::MAX);
    let mut found = History { uscc: String::new(), clocks: Vec::new(), begun: false, ended: false, asked: false };
    match matter {
        Matter::Listing => {
            let Some(head) = credence_store::listing::find(connection, &view, number)? else { return Ok(None) };
            let steps = credence_store::listing::steps(connection, &head)?;
            found.clocks = each(&steps, |steps| listing::Case::fold(steps).map(|case| of_listing(&case)).ok());
            found.uscc = head.uscc;
        }
        Matter::Repair => {
            let Some(head) = credence_store::repair::find(connection, &view, number)? else { return Ok(None) };
            let steps = credence_store::repair::steps(connection, &head)?;
            found.asked = steps.iter().any(|step| matches!(step.event, repair::Event::PapersAsked { .. }));
            found.clocks = each(&steps, |steps| repair::Case::fold(steps).map(|case| of_repair(&case)).ok());
            found.uscc = head.uscc;
        }
        Matter::Objection => {
            let Some(head) = credence_store::objection::find(connection, &view, number)? else { return Ok(None) };
            let steps = credence_store::objection::steps(connection, &head)?;
            found.clocks = each(&steps, |steps| objection::Case::fold(steps).map(|case| of_objection(&case)).ok());
            found.uscc = head.uscc;
        }
        Matter::Measure => {
            let Some(head) = credence_store::measure::find(connection, &view, number)? else { return Ok(None) };
            let steps = credence_store::measure::steps(connection, &head)?;
            let whole = measure::Measure::fold(&steps).ok();
            found.begun = whole.as_ref().is_some_and(|measure| measure.begun.from_on <= day);
            found.ended = whole.as_ref().is_some_and(|measure| measure.ended_by(day).is_some());
            found.clocks = each(&steps, |steps| measure::Measure::fold(steps).map(|one| of_measure(&one, day)).ok());
            found.uscc = head.uscc;
        }
        Matter::Officer => {
            let Some(head) = credence_store::officer::find(connection, &view, number)? else { return Ok(None) };
            if head.kind == credence_store::officer::Kind::Duty {
                let steps: Vec<officer::DutyStep> = credence_store::officer::steps(connection, &head)?;
                found.clocks = each(&steps, |steps| officer::Duty::fold(steps).map(|duty| of_duty(&duty)).ok());
            }
            found.uscc = head.uscc;
        }
    }
    Ok(Some(found))
}

/// The clocks after each step of a case.
fn each<S>(steps: &[S], clocks: impl Fn(&[S]) -> Option<Vec<Clock>>) -> Vec<Clock> {
    (1..=steps.len()).filter_map(|count| clocks(steps.get(..count)?)).flatten().collect()
}
