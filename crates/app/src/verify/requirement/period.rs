//! Order 36 art. 12 and the packs: the last public day and the first day for repair are those of the rules.

use super::{Check, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use credence_domain::publicity::Counted;
use credence_domain::record::value::date_of;
use credence_store::arrival::Dates;

pub const REQUIREMENT: Requirement = Requirement {
    id: "period",
    source: "信用修复管理办法",
    article: "十二",
    demand: "class, last public day and first day for repair are those of the rule pack of the day",
    check: Check::Record(check),
};

/// The clocks of a record, computed again.
pub(super) fn recompute(case: &Case<'_>) -> Option<Dates> {
    if case.stored.state == "erased" {
        return None;
    }
    let clocks = case.clocks()?;
    let text = |code: &str| case.text(code);
    let decided_on = clocks.decided_on(text);
    // Packs that count from publication count from the first public day ever, else from the day of receipt.
    let published_on = case.stored.published_on.and_then(date_of).or(case.header?.as_of)?;
    let counted = Counted { published_on, restart: case.restart };
    Some(clocks.decide_by_code(&case.stored.authority, decided_on, counted, text))
}

fn check(case: &Case<'_>, tally: &mut Tally) {
    let Some(dates) = recompute(case) else { return };
    let stored = case.stored;
    let same = (&*stored.class, stored.class_stated, &*stored.pack, stored.through_on, stored.repair_from_on)
        == (&*dates.class, dates.class_stated, &*dates.pack, dates.through_on, dates.repair_from_on);
    let shown = stored.from_on.is_none() || dates.public;
    tally.expect(same && shown, || {
        let text = |day: Option<i32>| day.and_then(date_of).map_or_else(|| "-".to_owned(), |day| day.to_string());
        case.example(format!(
            "{} {} through {} stored, {} {} through {} computed",
            stored.pack,
            stored.class,
            text(stored.through_on),
            dates.pack,
            dates.class,
            text(dates.through_on)
        ))
    });
}
