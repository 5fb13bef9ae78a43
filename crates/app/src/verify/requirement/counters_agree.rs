//! 六: what the home page counts is what is public: the differences of every day are counted again from the records.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::record::value::date_of;
use credence_store::audit::{self, Witness};
use credence_store::connection::Connection;
use credence_store::counter;
use std::collections::BTreeSet;

pub const REQUIREMENT: Requirement = Requirement {
    id: "counters_agree",
    source: FOUNDING,
    article: "六",
    demand: "the counters of every item and day are those counted again from the records",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, _: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let stored = counter::stored(connection)?;
    let recounted = counter::recounted(connection)?;
    let keys: BTreeSet<_> = stored.keys().chain(recounted.keys()).collect();
    for key in keys {
        let [held, found] = [&stored, &recounted].map(|counts| counts.get(key).copied().unwrap_or_default());
        if held == found {
            tally.pass();
            continue;
        }
        let (counted, day) = key;
        let witness =
            if tally.is_full() { Witness::default() } else { audit::witness_of_day(connection, counted, *day)? };
        let day = date_of(*day).unwrap_or_default();
        tally.fail(Example {
            uscc: witness.uscc,
            record: witness.record.as_ref().map(|record| hex(record)),
            act: witness.act.as_ref().map(|act| hex(act)),
            problem: format!("{counted} on {day}: {held} held, {found} counted again"),
        });
    }
    Ok(())
}
