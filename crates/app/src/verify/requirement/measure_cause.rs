//! 十三: a measure stands with its cause: as long as the listing or decision is in force, at rest while it is stayed, and not a day
//! longer; and every measure of a standing decision to list has been begun.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::{Reading, listings};
use crate::verify::measures::measures;
use crate::verify::repairs::repairs;
use credence_domain::canonical::unhex;
use credence_domain::listing::{Case, State};
use credence_domain::measure::{Cause, Measure, Standing};
use credence_domain::record::Identity;
use credence_store::clock::civil_date;
use credence_store::connection::Connection;
use credence_store::scope::View;
use credence_store::{listing, record};
use jiff::civil::Date;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "measure_cause",
    source: FOUNDING,
    article: "十三",
    demand: "every measure stands with its listing or decision, rests while that is stayed and ends with it; none of a standing decision is missing",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut cases = BTreeMap::new();
    let mut examples = BTreeMap::new();
    listings(connection, reading, |listing| {
        if let Ok(case) = Case::fold(&listing.steps) {
            examples.insert(listing.head.number.clone(), listing.example("a measure of its decision was never begun"));
            cases.insert(listing.head.number.clone(), case);
        }
    })?;
    let shields = shields(connection, reading)?;
    let mut begun: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for kept in measures(connection, reading)? {
        // What does not fold is told by `measure_listed`.
        let Some(measure) = &kept.measure else { continue };
        let shielded = |identity: Identity| {
            let left = shields.get(&(kept.head.uscc.clone(), identity));
            left.is_some_and(|left| !left.contains(&kept.head.number))
        };
        let problem = match &measure.begun.cause {
            Cause::Listing { number, .. } => {
                begun.entry(number.clone()).or_default().push(measure.begun.measure.clone());
                let published =
                    listing::find(connection, &View::office(Date::MAX), number)?.and_then(|head| head.identity);
                let shielded = published.is_some_and(shielded);
                of_listing(measure, cases.get(number), (shielded, today(reading)))
            }
            Cause::Decision { record, .. } => {
                let identity = unhex(record).and_then(|bytes| bytes.try_into().ok()).map(Identity);
                let stored = match identity {
                    Some(identity) => record::find(connection, &View::office(Date::MAX), &kept.head.uscc, &identity)?,
                    None => None,
                };
                let fallen =
                    stored.is_none_or(|stored| matches!(stored.state.as_str(), "withdrawn" | "erased" | "repaired"));
                let shielded = identity.is_some_and(shielded);
                // What had run out before the document fell stays as it ended.
                if measure.ended_by(today(reading)).is_some() {
                    None
                } else if fallen {
                    Some("its decision fell and it stands".to_owned())
                } else {
                    (shielded != (measure.standing == Standing::Suspended))
                        .then(|| "it does not rest as its decision does".to_owned())
                }
            }
        };
        tally.expect(problem.is_none(), || kept.example(problem.unwrap_or_default()));
    }
    for (number, case) in &cases {
        let State::Listed(listed) = &case.state else { continue };
        let known = begun.get(number).map(Vec::as_slice).unwrap_or_default();
        let missing = listed.decided.measures.iter().any(|taken| !known.contains(&taken.code));
        tally.expect(!missing, || examples.remove(number).unwrap_or_default());
    }
    Ok(())
}

/// The records that are shielded while a plan of a court is carried out, each with the measures that go on all the same.
fn shields(
    connection: &mut Connection,
    reading: &Reading,
) -> credence_store::Result<BTreeMap<(String, Identity), Vec<String>>> {
    let all = repairs(connection, reading)?.into_iter().filter_map(|kept| Some((kept.head, kept.case?)));
    let shielding = all.filter(|(_, case)| case.shields());
    Ok(shielding.map(|(head, case)| ((head.uscc, head.identity), case.kept().to_vec())).collect())
}

/// The day of the last act: verification knows no other today.
fn today(reading: &Reading) -> Date {
    let last = reading.acts.values().map(|act| act.header.at).max().unwrap_or_default();
    civil_date(last)
}

fn of_listing(measure: &Measure, case: Option<&Case>, (shielded, today): (bool, Date)) -> Option<String> {
    let Some(case) = case else { return Some("it rests on no listing".to_owned()) };
    let ended = matches!(measure.standing, Standing::Ended { .. });
    match &case.state {
        State::Listed(listed) => {
            let taken = listed.decided.measures.iter().any(|taken| taken.code == measure.begun.measure);
            // A shield may begin and end behind the listing's last step.
            let over = measure.through_on < case.last_on.max(today);
            let before = matches!(measure.standing, Standing::Ended { on, .. } if listed.restored_on.is_some_and(|back| on <= back));
            if before {
                None
            } else if taken && ended {
                Some("it ended and its listing stands".to_owned())
            } else if !taken && !ended && !over {
                Some("its listing names it no longer and it stands".to_owned())
            } else if taken && !over && (listed.is_stayed() || shielded) != (measure.standing == Standing::Suspended) {
                Some("it does not rest as its listing does".to_owned())
            } else if !ended && listed.decided.through_on < measure.through_on {
                Some("it lasts longer than its listing".to_owned())
            } else {
                None
            }
        }
        State::Delisted(end) => {
            let over = measure.through_on < end.on;
            (!ended && !over).then(|| "its listing ended and it stands".to_owned())
        }
        state => Some(format!("its listing is {}", state.code())),
    }
}
