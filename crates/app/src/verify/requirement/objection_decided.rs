//! 条例 三十九: objections are answered by those who must, in days that the law counts, and each answer has its letter.

use super::{Check, REGULATION, Requirement};
use crate::verify::Tally;
use crate::verify::case::Reading;
use crate::verify::objections::{Kept, objections};
use credence_domain::objection::{Case, Clock};
use credence_domain::rulebook::Rulebook;
use credence_store::connection::Connection;
use credence_store::letter;
use std::collections::BTreeSet;

pub const REQUIREMENT: Requirement = Requirement {
    id: "objection_decided",
    source: REGULATION,
    article: "三十九",
    demand: "every clock of an objection is the one that an enacted edition gives, every decision has its letter, and an appeal was decided by somebody who had no part in the case",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut letters = BTreeSet::new();
    letter::each(connection, |letter| {
        letters.insert((letter.number, letter.letter));
        Ok(())
    })?;
    for kept in objections(connection, reading)? {
        // What does not fold is told by `objection_marked`: whoever may not take a step makes it so.
        let Some(case) = &kept.case else { continue };
        let problem = fault(&kept, case, reading, &letters);
        tally.expect(problem.is_none(), || kept.example(problem.unwrap_or_default()));
    }
    Ok(())
}

fn fault(kept: &Kept, case: &Case, reading: &Reading, letters: &BTreeSet<(String, String)>) -> Option<String> {
    let given = |clock: &Clock| reading.rulebooks.values().any(|rulebook| gives(rulebook, clock));
    if let Some(wrong) = case.clocks.iter().find(|clock| !given(&clock.clock)) {
        return Some(format!("no edition gives its clock {}", wrong.clock.code));
    }
    let appealed = case.appeal.iter().filter_map(|appeal| appeal.decision.as_ref());
    for decision in case.decision.iter().chain(appealed) {
        if !letters.contains(&(kept.head.number.clone(), decision.decided.letter.clone())) {
            return Some(format!("its letter {} is missing", decision.decided.letter));
        }
    }
    None
}

/// Whether an edition starts this clock on that day and gives it that last day.
fn gives(rulebook: &Rulebook, clock: &Clock) -> bool {
    let due = match clock.code.as_str() {
        "complaint" | "appeal" | "reply_review" => {
            let days = rulebook.procedure.objection_terms(clock.from_on).map(|terms| match clock.code.as_str() {
                "complaint" => terms.complaint_working_days,
                "appeal" => terms.appeal_decision_working_days,
                _ => terms.reply_review_working_days,
            });
            days.map(|days| rulebook.calendar.due(clock.from_on, days))
        }
        code => rulebook.publicity.clock(code).map(|rule| rule.due(&rulebook.calendar, clock.from_on)),
    };
    due.is_some_and(|due| (due.on, due.provisional) == (clock.due_on, clock.provisional))
}
