//! 十八, 十 (过程可追溯): every act is pending or has exactly one place in the log; tiles and leaves give one root, and every tile
//! holds what the leaves say: the root alone is read off the topmost ones.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_ledger::{Hash, RootBuilder, entry, leaf_hash, tile};
use credence_store::connection::Connection;
use credence_store::{audit, sequencer};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};

pub const REQUIREMENT: Requirement = Requirement {
    id: "log",
    source: FOUNDING,
    article: "十",
    demand: "every act is pending or one leaf of the log, every leaf is an act, and every tile is that of the leaves",
    check: Check::Whole(check),
};

/// Hashes in one tile.
const WIDTH: usize = 256;

/// What the tiles of a tree hold, as one digest a tile by level and number, built leaf by leaf.
#[derive(Default)]
struct Tiles {
    /// The tile that is being filled on each level, and how many are full before it.
    filling: Vec<(Vec<Hash>, i64)>,
    full: BTreeMap<(i64, i64), [u8; 32]>,
}

impl Tiles {
    fn push(&mut self, level: usize, hash: Hash) {
        if self.filling.len() <= level {
            self.filling.resize_with(level + 1, Default::default);
        }
        let Some((hashes, number)) = self.filling.get_mut(level) else { return };
        hashes.push(hash);
        if hashes.len() < WIDTH {
            return;
        }
        let (whole, at) = (std::mem::take(hashes), *number);
        *number += 1;
        let mut above = RootBuilder::new();
        whole.iter().for_each(|hash| above.push(*hash));
        self.full.insert((i64::try_from(level).unwrap_or(i64::MAX), at), digest(&whole));
        self.push(level + 1, above.root());
    }

    /// Every tile, those at the right edge as far as they are filled.
    fn end(mut self) -> BTreeMap<(i64, i64), [u8; 32]> {
        let edge = (0_i64..).zip(&self.filling).filter(|(_, (hashes, _))| !hashes.is_empty());
        let edge: Vec<_> = edge.map(|(level, (hashes, number))| ((level, *number), digest(hashes))).collect();
        self.full.extend(edge);
        self.full
    }
}

fn digest(hashes: &[Hash]) -> [u8; 32] {
    Sha256::digest(hashes.concat()).into()
}

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let fail = |uscc: &str, act: &[u8; 16], problem: &str| Example {
        uscc: uscc.to_owned(),
        act: Some(hex(act)),
        problem: problem.to_owned(),
        ..Example::default()
    };
    let is_act = |act: &[u8; 16], uscc: &str, root: &[u8; 32]| {
        reading.acts.get(act).is_some_and(|found| found.root == *root && *found.uscc == *uscc)
    };
    let mut placed = HashSet::with_capacity(reading.acts.len());
    let (mut tree, mut tiles) = (RootBuilder::new(), Tiles::default());
    let mut leaves = 0i64;
    let mut last = (String::new(), None);
    audit::each_leaf(connection, |leaf| {
        let hash = leaf_hash(&entry(&leaf.root));
        tree.push(hash);
        tiles.push(0, hash);
        let fits = is_act(&leaf.act, &leaf.uscc, &leaf.root) && placed.insert(leaf.act) && leaf.position == leaves;
        tally.expect(fits, || fail(&leaf.uscc, &leaf.act, "leaf without its act, doubled, or at the wrong position"));
        leaves += 1;
        last = (leaf.uscc, Some(leaf.act));
        Ok(())
    })?;
    audit::each_pending(connection, |act, uscc, root, at| {
        let then = reading.acts.get(&act).is_some_and(|found| found.header.at == at);
        let fits = then && is_act(&act, &uscc, &root) && placed.insert(act);
        tally.expect(fits, || fail(&uscc, &act, "pending without its act, or placed already"));
        Ok(())
    })?;
    for (id, act) in &reading.acts {
        if !placed.contains(id) {
            tally.fail(fail(&act.uscc, id, "act without a leaf"));
        }
    }
    let mut wrong = None;
    let mut expected = tiles.end();
    audit::each_tile(connection, |audit::Tile { level, number, width, hashes, inner }| {
        let held: [u8; 32] = Sha256::digest(hashes).into();
        // Tiles of an older program carry no roots; what they carry must be theirs.
        let fits = (inner.is_empty() || tile::inner(hashes.as_chunks::<32>().0).as_flattened() == inner)
            && i64::try_from(hashes.len() / 32) == Ok(width);
        if (expected.remove(&(level, number)) != Some(held) || !fits) && wrong.is_none() {
            wrong = Some((level, number));
        }
        Ok(())
    })?;
    let wrong = wrong.or_else(|| expected.keys().next().copied());
    tally.expect(wrong.is_none(), || Example {
        uscc: last.0.clone(),
        act: last.1.map(|act| hex(&act)),
        problem: wrong.map_or_else(String::new, |(level, number)| {
            format!("tile {level}/{number} is not that of the leaves up to this act")
        }),
        ..Example::default()
    });
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
