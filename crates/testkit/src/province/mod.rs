//! The synthetic province 示范省 (region 379900, which no registrar uses): organisations, departments and their files.
//!
//! Everything is a function of a seed, the number of organisations and a day: the same plan gives the same bytes. Names are
//! made up; nothing here is a real organisation or person. Files come in the formats that are really sent, received over
//! three and a half years, so that some publicity has ended, with the errors that really happen.

mod chance;
mod correction;
mod file;
mod listing;
mod mistake;
mod names;
mod older;
mod organisation;
mod record;
mod registration;
mod scribe;
mod unit;

pub use chance::Chance;
pub use file::{DepartmentFile, Format, Row, Sheet};
pub use listing::{grounds, listings};
pub use mistake::REJECTS;
pub use organisation::{Organisation, code, organisations};
pub use unit::{Department, areas, departments, unit_of_role, units};

use credence_domain::rulebook::Rulebook;
use jiff::ToSpan;
use jiff::civil::Date;

/// What province to make.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many organisations.
    pub organisations: usize,
    /// Seed of everything.
    pub seed: u64,
    /// The day on which it is looked at; nothing happens later.
    pub today: Date,
}

/// Days on which departments sent their files, oldest first, the last one today.
#[must_use]
pub fn receipt_days(plan: &Plan) -> Vec<Date> {
    let back = [1300, 1160, 990, 900, 700, 600, 500, 400, 330, 270, 210, 160, 120, 90, 60, 40, 25, 12, 5, 1, 0];
    back.into_iter().filter_map(|days: i64| plan.today.checked_sub(days.days()).ok()).collect()
}

/// The files of the province, in the order in which they were sent.
#[must_use]
pub fn files(plan: &Plan, rulebook: &Rulebook) -> Vec<DepartmentFile> {
    let organisations = organisations(plan);
    let days = receipt_days(plan);
    let mut files = registration::files(plan, rulebook, &organisations, &days);
    let mut scribe = scribe::Scribe::new(&days, plan.today);
    record::write(&mut scribe, plan, &organisations);
    mistake::write(&mut scribe, plan, &organisations, &days);
    files.extend(scribe.files(rulebook));
    files.extend(mistake::broken_file(plan, rulebook, &organisations, &days));
    files.extend(correction::files(plan, rulebook, &organisations));
    files.sort_by_key(|file| (file.received_on, file.order));
    for (number, file) in files.iter_mut().enumerate() {
        file.name = format!("{:03}-{}", number + 1, file.name);
    }
    files
}
