//! 十八: any changed act is found: header and commitments give the root that the log holds.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::connection::Connection;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "act_root",
    source: FOUNDING,
    article: "十八",
    demand: "header and changes of every act give its root",
    check: Check::Whole(check),
};

fn check(_: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut chunks = BTreeMap::new();
    for chunk in reading.chunks.values() {
        if chunks.insert(chunk.act, &chunk.commitments).is_some() || !reading.acts.contains_key(&chunk.act) {
            tally.fail(Example {
                act: Some(hex(&chunk.act)),
                problem: "chunk without its act".to_owned(),
                ..Example::default()
            });
        }
    }
    for (act, _) in reading.acts.values() {
        let empty = Vec::new();
        let commitments = chunks.get(&act.id).copied().unwrap_or(&empty);
        let root = credence_ledger::act_root(&act.salt, act.header.as_bytes(), commitments);
        let counted = i64::try_from(commitments.len()) == Ok(act.changes);
        tally.expect(root == act.root && counted, || Example {
            uscc: act.uscc.clone(),
            act: Some(hex(&act.id)),
            problem: "header or changes do not give the root".to_owned(),
            ..Example::default()
        });
    }
    Ok(())
}
