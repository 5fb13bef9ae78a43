//! 十八, 十 (过程可追溯): every act is pending or has exactly one place in the log; tiles and leaves give one root.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_ledger::{entry, leaf_hash};
use credence_store::connection::Connection;
use credence_store::{audit, sequencer};
use std::collections::BTreeSet;

pub const REQUIREMENT: Requirement = Requirement {
    id: "log",
    source: FOUNDING,
    article: "十",
    demand: "every act is pending or one leaf of the log, every leaf is an act, and the tiles give the root of the leaves",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let (leaves, pending) = audit::log(connection)?;
    let fail = |uscc: &str, act: &[u8; 16], problem: &str| Example {
        uscc: uscc.to_owned(),
        act: Some(hex(act)),
        problem: problem.to_owned(),
        ..Example::default()
    };
    let mut placed = BTreeSet::new();
    let mut hashes = Vec::with_capacity(leaves.len());
    for (position, leaf) in (0i64..).zip(&leaves) {
        hashes.push(leaf_hash(&entry(&leaf.root)));
        let known = reading.acts.get(&leaf.act).is_some_and(|(act, _)| act.root == leaf.root);
        let once = placed.insert(leaf.act);
        tally.expect(known && once && leaf.position == position, || {
            fail(&leaf.uscc, &leaf.act, "leaf without its act, doubled, or at the wrong position")
        });
    }
    for (act, uscc, root) in &pending {
        let known = reading.acts.get(act).is_some_and(|(found, _)| found.root == *root);
        tally.expect(known && placed.insert(*act), || fail(uscc, act, "pending without its act, or placed already"));
    }
    for (act, _) in reading.acts.values() {
        if !placed.contains(&act.id) {
            tally.fail(fail(&act.uscc, &act.id, "act without a leaf"));
        }
    }
    let rooted = match sequencer::root(connection) {
        Ok((size, root)) => size == leaves.len() as u64 && root == credence_ledger::root(&hashes),
        Err(_) => false,
    };
    tally.expect(rooted, || Example {
        problem: "the tiles do not give the root of the leaves".to_owned(),
        ..Example::default()
    });
    Ok(())
}
