//! What departments decide about organisations, one file a family of items. Most organisations are clean, a few have
//! much; who decides follows from sector and area. Rare items go round by turns, so that a small province has them too.

mod act;
mod arrears;
mod court;
mod grade;
mod listing;
pub(super) mod penalty;
mod permit;
mod trust;

use super::scribe::Scribe;
use super::{Chance, Organisation, Plan};

/// Everything that is decided about everybody.
pub(super) fn write(scribe: &mut Scribe<'_>, plan: &Plan, organisations: &[Organisation]) {
    let mut troubled = 0;
    for (number, organisation) in organisations.iter().enumerate() {
        let mut chance = Chance::new(plan.seed ^ (number as u64) << 20, "records");
        permit::write(scribe, &mut chance, organisation);
        act::write(scribe, &mut chance, organisation, number);
        trust::write(scribe, &mut chance, organisation, number);
        grade::write(scribe, &mut chance, organisation);
        for _ in 0..organisation.trouble {
            penalty::write(scribe, &mut chance, organisation);
        }
        if organisation.trouble > 0 {
            act::write_adverse(scribe, &mut chance, organisation, troubled);
            listing::write(scribe, &mut chance, organisation, troubled);
            court::write(scribe, &mut chance, organisation, troubled);
            arrears::write(scribe, &mut chance, organisation, troubled);
            troubled += 1;
        }
    }
}

/// True once in `every` turns.
fn turn(number: usize, every: usize, place: usize) -> bool {
    number % every == place % every
}
