//! 十三: no measure that the list of its day does not hold for its case, and none given as a task to those who are only informed.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Reading;
use crate::verify::measures::{Kept, measures};
use credence_domain::measure::{Cause, Measure};
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::behaviour::BehaviourVersion;
use credence_domain::rulebook::measure::{Force, Term};
use credence_store::connection::Connection;
use credence_store::measure;
use jiff::civil::Date;

pub const REQUIREMENT: Requirement = Requirement {
    id: "measure_listed",
    source: FOUNDING,
    article: "十三",
    demand: "every measure was begun under an item of the list in force on the day of its cause, for its case and its kind of penalty, within the term of its clause, and orders nobody who is only informed",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let listed = measure::listed(connection)?;
    let tasks = measure::tasks(connection)?;
    for kept in measures(connection, reading)? {
        let problem = match &kept.measure {
            None => Some("its steps do not follow".to_owned()),
            Some(measure) => fault(&kept, measure, reading, &listed).or_else(|| {
                let differs = measure.tasks.iter().any(|task| {
                    !tasks.contains(&(kept.head.number.clone(), task.unit.clone(), task.code().to_owned()))
                });
                let more = tasks.iter().filter(|(number, ..)| *number == kept.head.number).count();
                (differs || more != measure.tasks.len()).then(|| "its tasks are not those of its steps".to_owned())
            }),
        };
        tally.expect(problem.is_none(), || kept.example(problem.unwrap_or_default()));
    }
    Ok(())
}

fn fault(
    kept: &Kept,
    measure: &Measure,
    reading: &Reading,
    listed: &std::collections::BTreeSet<(String, Date)>,
) -> Option<String> {
    let begun = &measure.begun;
    if (&begun.measure, begun.edition, &begun.uscc) != (&kept.head.measure, kept.head.edition, &kept.head.uscc)
        || kept.head.state != measure.standing.code()
        || (kept.head.from_on, kept.head.through_on) != (begun.from_on, measure.through_on)
    {
        return Some("it does not stand where its steps lead".to_owned());
    }
    if !listed.contains(&(begun.measure.clone(), begun.edition)) {
        return Some("the list has no such item".to_owned());
    }
    if !reading.rulebooks.values().any(|rulebook| carries(rulebook, measure)) {
        return Some("no edition of the rulebook lets it follow this cause".to_owned());
    }
    (begun.force == Force::Informs && !measure.tasks.is_empty())
        .then(|| "it orders those who are only informed".to_owned())
}

/// Whether an edition holds the item for this cause and this long.
fn carries(rulebook: &Rulebook, measure: &Measure) -> bool {
    let begun = &measure.begun;
    let Some(item) = rulebook.measures.get(&begun.measure) else { return false };
    let Some(version) = item.versions.iter().find(|version| version.effective_from == begun.edition) else {
        return false;
    };
    let for_case = match &begun.cause {
        Cause::Listing { list, .. } => version.lists.contains(list),
        Cause::Decision { behaviour, kinds, .. } => {
            let written = rulebook.publicity.kinds();
            let of = |v: &BehaviourVersion| v.measures.contains(&begun.measure) && written.has_one(kinds, &v.kinds);
            let behaviour = rulebook.behaviours.get(behaviour);
            let then = version.effective_from <= begun.from_on;
            let shortest = version.shortest().and_then(|length| length.after(begun.from_on)?.yesterday().ok());
            let long = shortest.is_none_or(|first| first <= begun.through_on);
            then && long && behaviour.is_some_and(|one| one.versions.iter().any(of))
        }
    };
    let short = match version.term() {
        Some(term @ Term::AtMost(_)) => begun.through_on <= term.last_day(begun.from_on, Date::MAX),
        Some(_) => true,
        None => false,
    };
    for_case && short && version.force == begun.force
}
