//! 十五: a record is shielded while a plan of a court is carried out, and neither before nor after.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Reading;
use crate::verify::repairs::{of_organisation, repairs};
use credence_domain::canonical::hex;
use credence_domain::record::Identity;
use credence_store::connection::Connection;
use credence_store::kept_back::SHIELDED;
use credence_store::scope::View;
use credence_store::{audit, record};
use jiff::civil::Date;
use std::collections::BTreeSet;

pub const REQUIREMENT: Requirement = Requirement {
    id: "repair_shielded",
    source: FOUNDING,
    article: "十五",
    demand: "what is shielded on the ruling of a court is not public while its plan is carried out, and nothing is shielded without such a case",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let view = View::office(Date::MAX);
    let mut shielded: BTreeSet<(String, Identity)> = BTreeSet::new();
    for kept in repairs(connection, reading)? {
        // What does not fold is told by `repair_lawful`.
        let Some(case) = kept.case.as_ref().filter(|case| case.shields()) else { continue };
        let key = (kept.head.uscc.clone(), kept.head.identity);
        let stored = record::find(connection, &view, &key.0, &key.1)?;
        let shown = stored.is_some_and(|stored| stored.state == "accepted");
        shielded.insert(key);
        let followed = case.applied.followed.as_ref().map_or("", |followed| followed.number.as_str());
        tally.expect(!shown, || kept.example(format!("its record is public ({followed})")));
    }
    let mut hidden = Vec::new();
    audit::each_record(connection, |stored, _| {
        if stored.hold == SHIELDED {
            hidden.push(((stored.uscc.clone(), stored.identity), hex(&stored.reference)));
        }
        Ok(())
    })?;
    for (key, record) in hidden {
        let found = shielded.contains(&key);
        tally.expect(found, || of_organisation(reading, key.0, format!("record {record} is shielded by no case")));
    }
    Ok(())
}
