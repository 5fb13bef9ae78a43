//! 六, 七: what was superseded still says what it said: its class and its days are those of the rules of its own day, and it stood
//! until the act that superseded it. A grade of the past is computed again from these.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use crate::verify::version::{Version, versions};
use credence_domain::record::value::date_of;
use credence_store::arrival::Dates;

pub const REQUIREMENT: Requirement = Requirement {
    id: "version_kept",
    source: FOUNDING,
    article: "七",
    demand: "class and days of every superseded version are those of the rules of its day, and it stood until the next",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    if case.earlier.is_empty() || case.stored.state == "erased" {
        return;
    }
    let versions = versions(case);
    let mut published_on = None;
    for (version, next) in versions.iter().zip(versions.iter().skip(1)) {
        let ended = next.header.map(|header| header.at) == version.until_at;
        // A restart counts from its own day: before it the period ran as it was published first.
        let computed = [None, case.restart].map(|restart| version.dates_counted(case, published_on, restart));
        let agrees = computed.iter().flatten().any(|dates| same(version, dates));
        let judged = computed.iter().any(Option::is_some);
        tally.expect(ended && (agrees || !judged), || {
            let day = |day: Option<i32>| day.and_then(date_of).map_or_else(|| "-".to_owned(), |day| day.to_string());
            case.example(format!(
                "version {}: {:?} due {} through {} and until {:?} is not what its act says",
                version.number,
                version.class,
                day(version.due_on),
                day(version.through_on),
                version.until_at
            ))
        });
        published_on = published_on.or(version.from_on);
    }
}

fn same(version: &Version<'_>, dates: &Dates) -> bool {
    // Versions that were superseded before classes were kept beside them have none.
    let class = version.class.is_empty() || *version.class == *dates.class;
    class && (version.due_on, version.through_on) == (dates.due_on, dates.through_on)
}
