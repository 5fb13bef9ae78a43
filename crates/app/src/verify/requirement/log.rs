//! 十八, 十 (过程可追溯): every act is pending or has exactly one place in the log; tiles and leaves give one root.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_ledger::{RootBuilder, entry, leaf_hash};
use credence_store::connection::Connection;
use credence_store::{audit, sequencer};
use std::collections::HashSet;

pub const REQUIREMENT: Requirement = Requirement {
    id: "log",
    source: FOUNDING,
    article: "十",
    demand: "every act is pending or one leaf of the log, every leaf is an act, and the tiles give the root of the leaves",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let fail = |uscc: &str, act: &[u8; 16], problem: &str| Example {
        uscc: uscc.to_owned(),
        act: Some(hex(act)),
        problem: problem.to_owned(),
        ..Example::default()
    };
    let is_act = |act: &[u8; 16], root: &[u8; 32]| reading.acts.get(act).is_some_and(|found| found.root == *root);
    let mut placed = HashSet::with_capacity(reading.acts.len());
    let mut tree = RootBuilder::new();
    let mut leaves = 0i64;
    let mut last = (String::new(), None);
    audit::each_leaf(connection, |leaf| {
        tree.push(leaf_hash(&entry(&leaf.root)));
        let fits = is_act(&leaf.act, &leaf.root) && placed.insert(leaf.act) && leaf.position == leaves;
        tally.expect(fits, || fail(&leaf.uscc, &leaf.act, "leaf without its act, doubled, or at the wrong position"));
        leaves += 1;
        last = (leaf.uscc, Some(leaf.act));
        Ok(())
    })?;
    audit::each_pending(connection, |act, uscc, root| {
        let fits = is_act(&act, &root) && placed.insert(act);
        tally.expect(fits, || fail(&uscc, &act, "pending without its act, or placed already"));
        Ok(())
    })?;
    for (id, act) in &reading.acts {
        if !placed.contains(id) {
            tally.fail(fail(&act.uscc, id, "act without a leaf"));
        }
    }
    let rooted = match sequencer::root(connection) {
        Ok((size, root)) => i64::try_from(size) == Ok(leaves) && root == tree.root(),
        Err(_) => false,
    };
    tally.expect(rooted, || Example {
        uscc: last.0,
        act: last.1.map(|act| hex(&act)),
        problem: "the tiles do not give the root of the leaves up to this act".to_owned(),
        ..Example::default()
    });
    Ok(())
}
