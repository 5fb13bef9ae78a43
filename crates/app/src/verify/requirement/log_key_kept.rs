//! 十 (过程可追溯): the log is checked with the keys that acts registered: none was put among them, none is gone, and each has the name
//! under which it signs.

use super::{Check, FOUNDING, Requirement};
use crate::rulebook::PLATFORM_UNIT;
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::audit;
use credence_store::connection::Connection;
use serde_json::Value;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "log_key_kept",
    source: FOUNDING,
    article: "十",
    demand: "every key of the log is one that an act registered, at its instant and under its name, and every such act has its key",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, _: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut said: BTreeMap<[u8; 16], (String, i64, String)> = BTreeMap::new();
    let mut any = None;
    audit::each_act(connection, |act| {
        any = any.or(Some(act.id));
        // Whatever else registers it says which key it is, whichever kind of act it is.
        if act.header.contains("\"log_key\":") {
            let header: Value = serde_json::from_str(&act.header).unwrap_or_default();
            if let Some(key) = header.pointer("/details/log_key").and_then(Value::as_str) {
                said.insert(act.id, (key.to_owned(), act.at, act.uscc));
            }
        }
        Ok(())
    })?;
    for (origin, vkey, id, at) in audit::log_keys(connection)? {
        let act = said.remove(&id);
        let name = vkey.split('+').next().unwrap_or_default();
        let holds = name == origin && act.as_ref().is_some_and(|(key, then, _)| (key, *then) == (&vkey, at));
        tally.expect(holds, || Example {
            uscc: act.as_ref().map_or_else(|| PLATFORM_UNIT.to_owned(), |(_, _, uscc)| uscc.clone()),
            act: act.as_ref().map(|_| id).or(any).map(|id| hex(&id)),
            record: None,
            problem: format!("no act registered this key of the log under the name {origin:?}"),
        });
    }
    for (id, (_, _, uscc)) in said {
        let problem = "the key of the log that this act registered is gone".to_owned();
        tally.fail(Example { uscc, act: Some(hex(&id)), record: None, problem });
    }
    Ok(())
}
