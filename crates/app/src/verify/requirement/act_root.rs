//! 十八: any changed act is found: header and commitments give the root that the log holds.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::audit::{self, StoredAct};
use credence_store::connection::Connection;
use std::collections::HashSet;

pub const REQUIREMENT: Requirement = Requirement {
    id: "act_root",
    source: FOUNDING,
    article: "十八",
    demand: "header and changes of every act give its root",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, _: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut with_changes = HashSet::new();
    audit::each_chunk(connection, |number, id, commitments, act| {
        let once = with_changes.insert(id);
        let Some(act) = act.filter(|_| once) else {
            tally.fail(Example {
                act: Some(hex(&id)),
                problem: format!("chunk {number} is without its act, or the second of it"),
                ..Example::default()
            });
            return Ok(());
        };
        judge(&act, commitments, tally);
        Ok(())
    })?;
    audit::each_act(connection, |act| {
        if !with_changes.contains(&act.id) {
            judge(&act, &[], tally);
        }
        Ok(())
    })
}

fn judge(act: &StoredAct, commitments: &[u8], tally: &mut Tally) {
    let commitments: Vec<[u8; 32]> = commitments.chunks_exact(32).filter_map(|hash| hash.try_into().ok()).collect();
    // A header out of which an erasure took what it quoted: its hash stands for it (`erased` asks who took it out).
    let leaf = act.leaf.unwrap_or_else(|| credence_ledger::header_leaf(&act.salt, act.header.as_bytes()));
    let root = credence_ledger::act_root_from(leaf, &commitments);
    let counted = i64::try_from(commitments.len()) == Ok(act.changes);
    tally.expect(root == act.root && counted, || Example {
        uscc: act.uscc.clone(),
        act: Some(hex(&act.id)),
        problem: "header or changes do not give the root".to_owned(),
        ..Example::default()
    });
}
