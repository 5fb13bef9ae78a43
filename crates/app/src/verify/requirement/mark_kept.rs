//! 四, 十八: what stands beside a record is what the steps of its case put there: text, first and last day of every mark, ended or not,
//! follow from the steps taken one after another.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Reading;
use crate::verify::repairs::of_organisation;
use credence_domain::objection::{Case as Objection, Matter};
use credence_domain::record::Identity;
use credence_domain::record::value::day_number;
use credence_domain::repair::Case as Repair;
use credence_store::connection::Connection;
use credence_store::mark::{self, Mark, Marking};
use credence_store::revision::RecordKey;
use credence_store::step::Committed;
use credence_store::{objection, repair};
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "mark_kept",
    source: FOUNDING,
    article: "十八",
    demand: "text, days and place of every mark beside a record, ended or not, are those that the steps of its case gave it",
    check: Check::Whole(check),
};

/// Marks with their places by record, kind and number of the case.
type Marks = BTreeMap<(RecordKey, String, String), (Mark, i64)>;

/// Steps of cases with their places, by organisation and number.
type Taken<S> = BTreeMap<(String, String), Vec<(S, i64)>>;

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut wanted = Marks::new();
    let mut taken = Taken::new();
    repair::each_step(connection, |step| keep(&mut taken, step))?;
    for ((uscc, number), steps) in taken {
        repair_marks(&mut wanted, (uscc, number), &steps);
    }
    let mut taken = Taken::new();
    objection::each_step(connection, |step| keep(&mut taken, step))?;
    for ((uscc, number), steps) in taken {
        objection_marks(&mut wanted, (uscc, number), &steps);
    }
    let kinds = [repair::MARK, Matter::Objection.code(), Matter::Reply.code()];
    for (key, mark, at) in mark::placed(connection)? {
        // A mark of another room is for that room.
        if !kinds.contains(&mark.kind.as_str()) {
            continue;
        }
        let name = format!("mark {} {}", mark.kind, mark.number);
        let found = wanted.remove(&(key.clone(), mark.kind.clone(), mark.number.clone()));
        tally.expect(found == Some((mark, at)), || {
            of_organisation(reading, key.0, format!("{name} is not what the steps of its case made it"))
        });
    }
    for ((key, kind, number), _) in wanted {
        tally.fail(of_organisation(reading, key.0, format!("mark {kind} {number} of a case is gone")));
    }
    Ok(())
}

/// A step that cannot be read ends what is known of its case: others tell of it.
fn keep<S: DeserializeOwned>(taken: &mut Taken<S>, step: Committed) -> credence_store::Result<()> {
    if let Ok(read) = serde_json::from_str(&step.body) {
        taken.entry((step.uscc, step.number)).or_default().push((read, step.at));
    }
    Ok(())
}

fn repair_marks(wanted: &mut Marks, (uscc, number): (String, String), steps: &[(credence_domain::repair::Step, i64)]) {
    let mut case: Option<Repair> = None;
    for (place, (step, at)) in (1..).zip(steps) {
        let next = match case.take() {
            None => Repair::open(step),
            Some(case) => case.take(step),
        };
        let Ok(next) = next else { return };
        let Ok(identity) = repair::identity_of(&next) else { return };
        let key = ((uscc.clone(), identity), repair::MARK.to_owned(), number.clone());
        apply(wanted, key, repair::marking(place, step, &next), (step.on, *at));
        case = Some(next);
    }
}

fn objection_marks(
    wanted: &mut Marks,
    (uscc, number): (String, String),
    steps: &[(credence_domain::objection::Step, i64)],
) {
    let mut case: Option<Objection> = None;
    for (step, at) in steps {
        let next = match case.take() {
            None => Objection::begin(step),
            Some(case) => case.take(step),
        };
        let Ok(next) = next else { return };
        let Ok(identity) = objection::identity_of(&next) else { return };
        let key = ((uscc.clone(), identity), next.filed.matter.code().to_owned(), number.clone());
        let standing =
            wanted.get(&key).map(|(mark, _)| (Some(day_number(mark.since_on)), mark.through_on.map(day_number)));
        apply(wanted, key, objection::marking(standing, step, &next), (step.on, *at));
        case = Some(next);
    }
}

fn apply(
    wanted: &mut Marks,
    key: ((String, Identity), String, String),
    marking: Option<Marking>,
    (on, at): (Date, i64),
) {
    match marking {
        None => {}
        Some(Marking::Put { since_on, through_on, text }) => {
            let mark = Mark { kind: key.1.clone(), number: key.2.clone(), since_on, through_on, text };
            wanted.insert(key, (mark, at));
        }
        Some(Marking::End) => {
            if let Some((mark, place)) = wanted.get_mut(&key) {
                mark.through_on = Some(on.yesterday().unwrap_or(on));
                mark.text = String::new();
                *place = at;
            }
        }
    }
}
