//! 五: a registered organisation bears the name of its registration.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::audit;
use credence_store::body::Unpacker;
use credence_store::connection::Connection;
use serde_json::Value;

pub const REQUIREMENT: Requirement = Requirement {
    id: "name_on_file",
    source: FOUNDING,
    article: "五",
    demand: "a registered organisation has a registration, and bears the name that it gives",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut unpacker = Unpacker::new()?;
    audit::each_organisation(connection, |found| {
        if found.waits {
            // It says nothing until its release, and leaves what an earlier version said.
            return Ok(());
        }
        // What was taken out of what it publishes names nobody.
        let body = found.packed.as_deref().and_then(|packed| unpacker.unpack(packed).ok());
        let content = body.and_then(|body| serde_json::from_str::<Value>(&body.public).ok());
        let given = content.as_ref().and_then(|public| public.get("content")?.get("name")?.as_str());
        let holds = found.registered == content.is_some() && given.is_none_or(|given| given == found.name);
        tally.expect(holds, || {
            // Without a registration the file is named by one of the acts on it.
            let act = reading.acts.iter().find(|(_, act)| *act.uscc == *found.uscc).map(|(id, _)| hex(id));
            Example {
                uscc: found.uscc.clone(),
                record: found.reference.as_ref().map(|reference| hex(reference)),
                act: act.filter(|_| found.reference.is_none()),
                problem: format!(
                    "on file {:?}, registered {}, registration says {given:?}",
                    found.name, found.registered
                ),
            }
        });
        Ok(())
    })
}
