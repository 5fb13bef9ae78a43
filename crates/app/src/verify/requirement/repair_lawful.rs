//! 四, 十五: no repair before its day, without the letter of commitment word for word, or decided by whoever reviewed it.

use super::decision_served::unserved;
use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Reading;
use crate::verify::repairs::{Kept, of_organisation, repairs};
use credence_domain::canonical::hex;
use credence_domain::repair::{Case, Promise, State};
use credence_store::clock::civil_date;
use credence_store::connection::Connection;
use credence_store::{letter, mark, repair};
use std::collections::{BTreeMap, BTreeSet};

pub const REQUIREMENT: Requirement = Requirement {
    id: "repair_lawful",
    source: FOUNDING,
    article: "四",
    demand: "every repair was applied for on its day with every clause of an enacted letter, and decided by somebody who had not reviewed it, with a letter",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut letters = BTreeSet::new();
    letter::each(connection, |letter| {
        letters.insert((letter.number.clone(), letter.letter.clone()));
        Ok(())
    })?;
    let last = reading.acts.values().map(|act| act.header.at).max().unwrap_or_default();
    let mut marked = BTreeMap::new();
    for (key, mark) in mark::all(connection)? {
        if mark.kind == repair::MARK && mark.stands_on(civil_date(last)) {
            marked.insert((key, mark.number), mark.text);
        }
    }
    let mut restarts = BTreeMap::new();
    for kept in repairs(connection, reading)? {
        if let Some(restart) = kept.case.as_ref().and_then(Case::restart) {
            let mut about = vec![kept.head.identity];
            for one in kept.case.iter().flat_map(Case::related) {
                about.push(repair::related_identity(one)?);
            }
            for identity in about {
                let latest = restarts.entry((kept.head.uscc.clone(), identity)).or_insert(restart);
                *latest = if latest.on <= restart.on { restart } else { *latest };
            }
        }
        let mark = ((kept.head.uscc.clone(), kept.head.identity), kept.head.number.clone());
        let told = marked.remove(&mark);
        // The order of its steps, its persons, its days and its reasons are what folding asks for.
        let problem = match &kept.case {
            None => Some("its steps do not follow".to_owned()),
            Some(case) if case.state.is_open().then(|| repair::marked(case)) != told => {
                Some("it is open and not marked, or the reverse".to_owned())
            }
            Some(case) => fault(&kept, case, reading, &letters),
        };
        tally.expect(problem.is_none(), || kept.example(problem.unwrap_or_default()));
    }
    // The day from which a period counts is that of the step that revoked, for every such record and for no other.
    let counted: BTreeSet<_> = restarts.keys().chain(reading.restarts.keys()).cloned().collect();
    for key in counted {
        let same = restarts.get(&key) == reading.restarts.get(&key);
        let problem = || "its period counts from another day than its revocation".to_owned();
        tally.expect(same, || of_organisation(reading, key.0, problem()));
    }
    for ((uscc, _), number) in marked.into_keys() {
        tally.expect(false, || of_organisation(reading, uscc, format!("mark of a repair {number} that is not there")));
    }
    Ok(())
}

fn fault(kept: &Kept, case: &Case, reading: &Reading, letters: &BTreeSet<(String, String)>) -> Option<String> {
    let (head, applied) = (&kept.head, &case.applied);
    let stands = (&applied.uscc, &applied.unit, hex(&head.identity.0) == applied.record);
    if stands != (&head.uscc, &head.unit, true)
        || head.state != case.state.code()
        || head.shields != case.shields()
        || head.revoking != case.revoking().is_some()
        || !unserved(head.unserved, case.unserved(), &case.told)
        || head.due_on != case.next_due().map(|due| due.on)
        || (head.channel.as_str(), head.reference.as_str()) != (applied.channel.code(), applied.channel.reference())
    {
        return Some("it does not stand where its steps lead".to_owned());
    }
    let whole = |promise: &Promise| {
        reading.rulebooks.values().any(|rulebook| {
            let letter = rulebook.commitments.get("repair").and_then(|letter| letter.version_on(promise.edition));
            letter.is_some_and(|letter| {
                letter.effective_from == promise.edition
                    && letter.clauses.iter().all(|clause| promise.clauses.contains(&clause.code))
            })
        })
    };
    // Where a plan of a court is carried out, its ruling is all that is asked for.
    if applied.plan.is_none() && !applied.promise.as_ref().is_some_and(whole) {
        return Some("its letter has not every clause of an enacted edition".to_owned());
    }
    let letter = match &case.state {
        State::Withdrawn(_) | State::Stopped(_) | State::Completed(_) => return None,
        State::Shielded { letter, .. } => letter,
        state => &state.ended()?.letter,
    };
    let written = letters.contains(&(head.number.clone(), letter.clone()));
    (!written).then(|| format!("its letter {letter} is missing"))
}
