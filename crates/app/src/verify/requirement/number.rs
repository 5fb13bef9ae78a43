//! 十八: nothing was left out: the changes of an organisation's file are numbered without gaps and stand in their acts.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_store::audit;
use credence_store::change::CHUNK_ROWS;
use credence_store::connection::Connection;

pub const REQUIREMENT: Requirement = Requirement {
    id: "number",
    source: FOUNDING,
    article: "十八",
    demand: "the changes of every organisation's file are numbered 1, 2, 3, … and each is a leaf of its act",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let (mut last, _) = audit::last_numbers(connection)?;
    let mut current: Option<(String, i64, Option<String>)> = None;
    let mut sealed = 0u64;
    let judge = |uscc: String, found: i64, problem: Option<String>, last: Option<i64>, tally: &mut Tally| {
        let whole = last == Some(found);
        tally.expect(problem.is_none() && whole, || Example {
            uscc,
            problem: problem
                .unwrap_or_else(|| format!("{found} changes found, last number {}", last.unwrap_or_default())),
            ..Example::default()
        });
    };
    audit::each_numbered(connection, |change| {
        if current.as_ref().is_none_or(|(uscc, ..)| *uscc != change.uscc) {
            if let Some((uscc, found, problem)) = current.take() {
                let number = last.remove(&uscc);
                judge(uscc, found, problem, number, tally);
            }
            current = Some((change.uscc.clone(), 0, None));
        }
        let (chunk, position) = (change.at.div_euclid(CHUNK_ROWS as i64), change.at.rem_euclid(CHUNK_ROWS as i64));
        let leaf = reading.chunks.get(&chunk).and_then(|chunk| chunk.commitments.get(usize::try_from(position).ok()?));
        sealed += 1;
        if let Some((_, found, problem)) = &mut current {
            *found += 1;
            if change.seq != *found && problem.is_none() {
                *problem = Some(format!("number {found} is missing, {} follows", change.seq));
            }
            if leaf != Some(&change.commitment) && problem.is_none() {
                *problem = Some(format!("change {} of record {} is no leaf of its act", change.seq, change.identity));
            }
        }
        Ok(())
    })?;
    if let Some((uscc, found, problem)) = current.take() {
        let number = last.remove(&uscc);
        judge(uscc, found, problem, number, tally);
    }
    for (uscc, number) in last {
        judge(uscc, 0, None, Some(number), tally);
    }
    let leaves: u64 = reading.chunks.values().map(|chunk| chunk.commitments.len() as u64).sum();
    tally.expect(leaves == sealed, || Example {
        problem: format!("{leaves} leaves in acts, {sealed} changes on files"),
        ..Example::default()
    });
    Ok(())
}
