//! 五: a registered organisation bears the name of its registration.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_store::audit;
use credence_store::body::Unpacker;
use credence_store::connection::Connection;
use credence_store::scope::View;
use jiff::civil::Date;
use serde_json::Value;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "name_on_file",
    source: FOUNDING,
    article: "五",
    demand: "a registered organisation has a registration, and bears the name that it gives",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let _ = reading;
    let mut unpacker = Unpacker::new()?;
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    credence_store::record::each(connection, &View::office(Date::ZERO), |stored| {
        if stored.item == "registration"
            && stored.state != "withdrawn"
            && let Some(packed) = &stored.packed
            && let Ok(content) = credence_store::digest::content(packed, &mut unpacker)
            && let Some(name) = content.get("name").and_then(Value::as_str)
        {
            names.insert(stored.uscc, name.to_owned());
        }
        Ok(())
    })?;
    for (uscc, name, registered) in audit::organisations(connection)? {
        let given = names.get(&uscc);
        tally.expect(registered == given.is_some() && given.is_none_or(|given| *given == name), || Example {
            uscc: uscc.clone(),
            problem: format!("on file {name:?}, registered {registered}, registration says {given:?}"),
            ..Example::default()
        });
    }
    Ok(())
}
