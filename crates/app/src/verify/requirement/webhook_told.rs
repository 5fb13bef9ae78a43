//! 五: changes are shared with whoever asked for them, and with nobody else: every subscription stands as an act of its unit left
//! it, with its address and filters; every key that signs was registered by an act.

use super::{Check, FOUNDING, Requirement};
use crate::rulebook::PLATFORM_UNIT;
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::audit;
use credence_store::connection::Connection;
use credence_store::webhook::{self, key};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub const REQUIREMENT: Requirement = Requirement {
    id: "webhook_told",
    source: FOUNDING,
    article: "五",
    demand: "every webhook stands as an act of its unit left it, and every key that signs was registered by an act",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut said: BTreeMap<[u8; 16], Value> = BTreeMap::new();
    let (mut keys, mut last) = (BTreeSet::new(), BTreeMap::<String, [u8; 16]>::new());
    let mut last_at: BTreeMap<String, i64> = BTreeMap::new();
    audit::each_act(connection, |act| {
        if !act.kind.starts_with("webhook") {
            return Ok(());
        }
        let header: Value = serde_json::from_str(&act.header).unwrap_or_default();
        let details = header.get("details").cloned().unwrap_or_default();
        let text = |key: &str| details.get(key).and_then(Value::as_str).map(str::to_owned);
        keys.extend(text("webhook_key").map(|key| (key, false)));
        keys.extend(text("webhook_key_retired").map(|key| (key, true)));
        if let Some(id) = text("webhook") {
            let at = reading.acts.get(&act.id).map_or(0, |act| act.header.at);
            if last_at.get(&id).is_none_or(|latest| *latest < at) {
                last_at.insert(id.clone(), at);
                last.insert(id, act.id);
            }
            said.insert(act.id, details);
        }
        Ok(())
    })?;
    for hook in webhook::list(connection, None)? {
        let stands = said.get(&hook.act).is_some_and(|details| {
            let told = webhook::told(&hook);
            told.iter().all(|(key, value)| details.get(key) == Some(value))
                && (hook.halt.is_some() || details.get("halt").is_none())
                && details.get("unit").and_then(Value::as_str) == Some(hook.unit.as_str())
        });
        tally.expect(stands && last.get(&hook.id) == Some(&hook.act), || Example {
            uscc: hook.unit.clone(),
            act: last.get(&hook.id).or(Some(&hook.act)).map(|id| hex(id)),
            problem: format!("webhook {} stands otherwise than its last act left it", hook.id),
            ..Example::default()
        });
    }
    for key in key::registered(connection)? {
        let registered = keys.contains(&(key.key.clone(), false));
        let retired = key.until.is_some() == keys.contains(&(key.key.clone(), true));
        tally.expect(registered && retired, || Example {
            uscc: PLATFORM_UNIT.to_owned(),
            act: Some(hex(&key.act)),
            problem: format!("the key {} signs webhooks otherwise than an act says", key.key),
            ..Example::default()
        });
    }
    Ok(())
}
