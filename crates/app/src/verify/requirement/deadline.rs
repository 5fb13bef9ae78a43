//! 六: publicity within seven working days, computed by the calendar and not by the sender.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use credence_domain::record::value::date_of;

pub const REQUIREMENT: Requirement = Requirement {
    id: "deadline",
    source: FOUNDING,
    article: "六",
    demand: "the stored deadlines of publicity are those of the calendar and the law of the day",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    let Some(dates) = super::period::recompute(case) else { return };
    let stored = case.stored;
    let same = (stored.due_on, stored.due_by_law_on, stored.due_provisional)
        == (dates.due_on, dates.due_by_law_on, dates.due_provisional);
    tally.expect(same, || {
        let text = |day: Option<i32>| day.and_then(date_of).map_or_else(|| "-".to_owned(), |day| day.to_string());
        case.example(format!("due {} stored, {} computed", text(stored.due_on), text(dates.due_on)))
    });
}
