//! 十八: nothing was left out: the changes of an organisation's file are numbered without gaps and stand in their acts.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::{Reading, fingerprint};
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::audit::{self, Numbered, Step};
use credence_store::change::CHUNK_ROWS;
use credence_store::connection::Connection;
use std::collections::{BTreeMap, BTreeSet};

pub const REQUIREMENT: Requirement = Requirement {
    id: "number",
    source: FOUNDING,
    article: "十八",
    demand: "the changes of every organisation's file are numbered 1, 2, 3, … and each is a leaf of its act",
    check: Check::Whole(check),
};

/// One organisation's file while it is walked along.
#[derive(Default)]
struct File {
    uscc: String,
    found: i64,
    last_at: Option<i64>,
    problem: Option<String>,
    ended: bool,
}

impl File {
    fn change(&mut self, change: &Numbered) {
        self.found += 1;
        self.last_at = Some(change.at);
        if change.seq != self.found && self.problem.is_none() {
            self.problem = Some(format!("number {} is missing, {} follows", self.found, change.seq));
        }
        // A last number that was lowered stands before the changes behind it.
        if self.ended && self.problem.is_none() {
            self.problem = Some(format!("number {} follows the last one", change.seq));
        }
    }

    fn end(&mut self, seq: i64) {
        self.ended = true;
        if seq != self.found && self.problem.is_none() {
            self.problem = Some(format!("{} changes found, last number {seq}", self.found));
        }
    }

    fn judge(self, reading: &Reading, tally: &mut Tally) {
        let problem = self.problem.or_else(|| (!self.ended).then(|| "changes on no organisation's file".to_owned()));
        tally.expect(problem.is_none(), || Example {
            act: self.last_at.and_then(|at| act_of(reading, at)),
            uscc: self.uscc,
            problem: problem.unwrap_or_default(),
            ..Example::default()
        });
    }
}

fn act_of(reading: &Reading, at: i64) -> Option<String> {
    reading.chunks.get(&at.div_euclid(CHUNK_ROWS as i64)).map(|chunk| hex(&chunk.act))
}

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut file = File::default();
    let mut sealed: BTreeMap<i64, (u64, u128)> = BTreeMap::new();
    audit::each_step(connection, |step| {
        let (Step::Change(Numbered { uscc, .. }) | Step::End { uscc, .. }) = &step;
        if *uscc != file.uscc {
            let done = std::mem::replace(&mut file, File { uscc: uscc.clone(), ..File::default() });
            if !done.uscc.is_empty() {
                done.judge(reading, tally);
            }
        }
        match step {
            Step::End { seq, .. } => file.end(seq),
            Step::Change(change) => {
                let (count, sum) = sealed.entry(change.at.div_euclid(CHUNK_ROWS as i64)).or_default();
                *count += 1;
                *sum = sum.wrapping_add(fingerprint(change.at, &change.commitment));
                file.change(&change);
            }
        }
        Ok(())
    })?;
    if !file.uscc.is_empty() {
        file.judge(reading, tally);
    }
    let numbers: BTreeSet<i64> = reading.chunks.keys().chain(sealed.keys()).copied().collect();
    let mut torn = None;
    for number in numbers {
        let held = reading.chunks.get(&number).map(|chunk| (chunk.leaves, chunk.sum));
        let found = sealed.get(&number).copied();
        tally.expect(held == found, || {
            let act = reading.chunks.get(&number).map(|chunk| chunk.act);
            torn = torn.or(act);
            Example {
                uscc: act.and_then(|act| reading.acts.get(&act)).map(|act| act.uscc.to_string()).unwrap_or_default(),
                act: act.map(|act| hex(&act)),
                problem: format!(
                    "{} leaves in the act, {} changes on files, or not the same ones",
                    held.map_or(0, |(leaves, _)| leaves),
                    found.map_or(0, |(changes, _)| changes)
                ),
                ..Example::default()
            }
        });
    }
    // A file that has lost all its changes is named with the act that lacks one on the files.
    for example in tally.examples.iter_mut().filter(|example| example.act.is_none()) {
        example.act = torn.as_ref().map(|act| hex(act));
    }
    Ok(())
}
