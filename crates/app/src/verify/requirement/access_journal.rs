//! 八: every look at a file beyond what is public is in the journal as its act says, and none was put in or taken out.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::connection::Connection;
use credence_store::{audit, journal};
use serde_json::Value;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "access_journal",
    source: FOUNDING,
    article: "八",
    demand: "every look beyond what is public stands in the access journal as its act says, with a purpose, and no other does",
    check: Check::Whole(check),
};

/// What an act says of a look: account, role, purpose, case, what was read; and the reader's unit, which older programs did not say.
type Said = ([String; 5], Option<String>);

fn check(connection: &mut Connection, _: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut acts: BTreeMap<([u8; 16], String), Said> = BTreeMap::new();
    audit::each_act(connection, |act| {
        if act.kind == "file_read" {
            let header: Value = serde_json::from_str(&act.header).unwrap_or_default();
            let details = header.get("details");
            let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
            let detail = |name: &str| text(details.and_then(|details| details.get(name)));
            let said = [text(header.get("actor")), detail("role"), detail("for"), detail("case"), detail("what")];
            let unit = Some(detail("reader_unit")).filter(|unit| !unit.is_empty());
            // A page may show several organisations at once.
            let several = details.and_then(|details| details.get("organisations")).and_then(Value::as_array);
            let named = several.into_iter().flatten().map(|one| text(Some(one)));
            let one = several.is_none().then(|| detail("organisation"));
            for uscc in named.chain(one) {
                acts.insert((act.id, uscc), (said.clone(), unit.clone()));
            }
        }
        Ok(())
    })?;
    journal::each(connection, |entry| {
        let stands = [
            entry.account.clone(),
            entry.role.clone(),
            entry.purpose.clone(),
            entry.case_number.clone(),
            entry.what.clone(),
        ];
        let as_said = |(said, unit): Said| said == stands && unit.is_none_or(|unit| unit == entry.unit);
        let sound = acts.remove(&(entry.id, entry.uscc.clone())).is_some_and(as_said) && !entry.purpose.is_empty();
        tally.expect(sound, || Example {
            uscc: entry.uscc.clone(),
            act: Some(hex(&entry.id)),
            problem: "the journal says otherwise than the act, or there is no such act".to_owned(),
            ..Example::default()
        });
        Ok(())
    })?;
    for ((id, uscc), _) in acts {
        tally.expect(false, || Example {
            uscc,
            act: Some(hex(&id)),
            problem: "a look was taken out of the journal".to_owned(),
            ..Example::default()
        });
    }
    Ok(())
}
