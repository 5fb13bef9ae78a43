//! 十 (过程可追溯): what was signed stays true: the log begins with every checkpoint that is kept and with every one that a
//! witness shows, and with the last one that the key beside the register remembers having signed. These tell a register that was
//! rolled back as a whole, which no look inside it can.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_ledger::{Checkpoint, Hash, Note, RootBuilder, VerifierKey, entry, leaf_hash};
use credence_store::connection::Connection;
use credence_store::log::{checkpoint, key};
use credence_store::{audit, sequencer};
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "checkpoint",
    source: FOUNDING,
    article: "十",
    demand: "the log begins with every checkpoint that was signed or that a witness has seen, and with the last one that its key remembers",
    check: Check::Whole(check),
};

/// A checkpoint to be held against the leaves, or what is wrong with it by itself.
struct Held {
    from: String,
    shown: bool,
    told: Result<Checkpoint, String>,
}

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let keys: Vec<VerifierKey> = key::registered(connection)?.into_iter().map(|one| one.key).collect();
    let mut held: Vec<Held> = Vec::new();
    for signed in checkpoint::all(connection)? {
        let told = Note::parse(&signed.note).and_then(|note| Ok(Checkpoint::of(&note, &keys)?.0));
        let told = told.map_err(|error| error.to_string()).and_then(|told| {
            let fits = told.size == signed.size && told.origin == signed.origin;
            if fits { Ok(told) } else { Err("it stands under another name or size".to_owned()) }
        });
        held.push(Held { from: format!("kept checkpoint of {} entries", signed.size), shown: false, told });
    }
    for shown in &reading.shown {
        let told = shown.checkpoint(&keys).map_err(|error| error.to_string());
        held.push(Held { from: shown.from.clone(), shown: true, told });
    }
    held.extend(remembered(connection, reading)?);
    let mut at: BTreeMap<u64, Option<Place>> =
        held.iter().filter_map(|held| Some((held.told.as_ref().ok()?.size, None))).collect();
    let (size, last) = fill(connection, &mut at)?;
    let rolled_back = Rolled::of(connection, reading)?;
    for Held { from, shown, told } in held {
        let place = told.as_ref().ok().and_then(|told| at.get(&told.size)?.as_ref());
        let problem = match &told {
            Err(problem) => Some(problem.clone()),
            Ok(told) => match place {
                Some(place) if place.root == told.root => None,
                Some(_) => {
                    Some("another root: a second log under the same key, or a log that was written anew".to_owned())
                }
                None => {
                    let what = rolled_back.told(shown);
                    Some(format!("it covers {} entries, the log has {size}: {what}", told.size))
                }
            },
        };
        // Named is the last act that the checkpoint covers, or the last one that there is.
        let named = place.or(last.as_ref());
        tally.expect(problem.is_none(), || Example {
            uscc: named.map(|place| place.uscc.clone()).unwrap_or_default(),
            act: named.map(|place| hex(&place.act)),
            problem: format!("{from}: {}", problem.unwrap_or_default()),
            ..Example::default()
        });
    }
    Ok(())
}

/// What the log's key signed last, where its memory is at hand. It is a bare text that this machine wrote for itself; of a key under
/// which the register is not signed any more it says nothing here.
fn remembered(connection: &mut Connection, reading: &Reading) -> credence_store::Result<Option<Held>> {
    let Some(text) = &reading.signed else { return Ok(None) };
    let told = Checkpoint::parse(text).map_err(|error| error.to_string());
    let present = key::present(connection)?.map(|registered| registered.origin);
    let other = told.as_ref().is_ok_and(|told| present.as_ref().is_some_and(|origin| *origin != told.origin));
    Ok((!other).then(|| Held { from: "what the log's key remembers having signed".to_owned(), shown: true, told }))
}

/// A place in the log: the last act of a tree, and its root.
#[derive(Clone)]
struct Place {
    root: Hash,
    act: [u8; 16],
    uscc: String,
}

/// Computes the roots at the sizes asked for; gives the size of the log and its last place.
fn fill(
    connection: &mut Connection,
    at: &mut BTreeMap<u64, Option<Place>>,
) -> credence_store::Result<(u64, Option<Place>)> {
    let mut tree = RootBuilder::new();
    let mut last = None;
    audit::each_leaf(connection, |leaf| {
        tree.push(leaf_hash(&entry(&leaf.root)));
        if let Some(place) = at.get_mut(&tree.size()) {
            *place = Some(Place { root: tree.root(), act: leaf.act, uscc: leaf.uscc.clone() });
        }
        last = Some((leaf.act, leaf.uscc));
        Ok(())
    })?;
    let root = tree.root();
    Ok((tree.size(), last.map(|(act, uscc)| Place { root, act, uscc })))
}

/// What is missing beside leaves tells what was rolled back.
#[derive(Clone, Copy)]
enum Rolled {
    /// Acts are there that have no place: only the log is older.
    Log,
    /// Leaves are there that have no act: only the rest is older.
    Acts,
    /// Both agree.
    Both,
}

impl Rolled {
    fn of(connection: &mut Connection, reading: &Reading) -> credence_store::Result<Self> {
        let mut leaves_without_act = false;
        audit::each_leaf(connection, |leaf| {
            leaves_without_act |= !reading.acts.contains_key(&leaf.act);
            Ok(())
        })?;
        let placed = sequencer::size(connection)? + sequencer::pending(connection)?;
        Ok(match (leaves_without_act, (reading.acts.len() as u64) > placed) {
            (true, _) => Self::Acts,
            (false, true) => Self::Log,
            (false, false) => Self::Both,
        })
    }

    fn told(self, shown: bool) -> &'static str {
        match (self, shown) {
            (Self::Log, _) => "the log was rolled back, the acts were not",
            (Self::Acts, _) => "the acts were rolled back, and the log with them in part",
            (Self::Both, true) => "register and log were rolled back together",
            (Self::Both, false) => "the log was cut",
        }
    }
}
