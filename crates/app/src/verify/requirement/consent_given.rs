//! 十六: only the owner answers for its records: what was done in its name was consented to by it, at the time.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::connection::Connection;
use credence_store::consent::{self, Consent};
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "consent_given",
    source: FOUNDING,
    article: "十六",
    demand: "every act in another unit's name rests on that unit's consent, which stood when it was done, and on two persons",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let given: BTreeMap<String, Consent> =
        consent::list(connection, None)?.into_iter().map(|consent| (consent.number.clone(), consent)).collect();
    for (id, act) in &reading.acts {
        let Some(behalf) = &act.header.behalf else { continue };
        let day = act.header.as_of.unwrap_or_default();
        let stood = |number: &String| {
            given.get(number).is_some_and(|consent| {
                (&consent.owner, &consent.acting) == (&behalf.owner, &behalf.unit)
                    && consent.given_at <= act.header.at
                    && consent.ended_at.is_none_or(|ended| act.header.at < ended)
                    && consent.from_on <= day
                    && consent.until_on.is_none_or(|last| day <= last)
            })
        };
        let two = !behalf.second.is_empty() && behalf.second != behalf.actor;
        tally.expect(two && !behalf.consents.is_empty() && behalf.consents.iter().all(stood), || Example {
            uscc: act.uscc.to_string(),
            act: Some(hex(id)),
            problem: format!("{} acted in the name of {} by {:?}", behalf.unit, behalf.owner, behalf.consents),
            ..Example::default()
        });
    }
    Ok(())
}
