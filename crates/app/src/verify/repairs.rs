//! Repairs as requirements look at them.

use super::Example;
use super::case::Reading;
use credence_domain::canonical::hex;
use credence_domain::repair::{Case, Event, Met, Step};
use credence_domain::rulebook::Rulebook;
use credence_store::change::CHUNK_ROWS;
use credence_store::connection::Connection;
use credence_store::repair::{self, Head};
use std::collections::BTreeMap;

/// A repair with its steps.
pub struct Kept {
    /// The repair.
    pub head: Head,
    /// As its steps have made it; none where they do not fold.
    pub case: Option<Case>,
    /// The act of its last step.
    act: Option<[u8; 16]>,
    /// The act of the step that granted it, with what it found.
    pub granted: Option<([u8; 16], Vec<Met>)>,
}

impl Kept {
    /// This repair as an example of what fails.
    pub fn example(&self, problem: impl Into<String>) -> Example {
        let problem = format!("repair {}: {}", self.head.number, problem.into());
        Example { uscc: self.head.uscc.clone(), act: self.act.map(|act| hex(&act)), record: None, problem }
    }

    /// The edition of the rulebook by which its last step was taken; none where it cannot be read.
    pub fn rulebook<'r>(&self, reading: &'r Reading) -> Option<&'r Rulebook> {
        let act = reading.acts.get(&self.act?)?;
        reading.rulebooks.get(&act.header.rulebook?)
    }
}

/// What fails for an organisation outside any repair, with an act that speaks of it.
pub fn of_organisation(reading: &Reading, uscc: String, problem: String) -> Example {
    let act = reading.acts.iter().find(|(_, act)| *act.uscc == *uscc).map(|(id, _)| hex(id));
    Example { uscc, act, record: None, problem }
}

/// Every repair, in order of organisation and number.
///
/// # Errors
/// Whatever the database says.
pub fn repairs(connection: &mut Connection, reading: &Reading) -> credence_store::Result<Vec<Kept>> {
    let mut steps: BTreeMap<String, (Vec<Step>, usize, i64)> = BTreeMap::new();
    let mut granted: BTreeMap<String, (i64, Vec<Met>)> = BTreeMap::new();
    repair::each_step(connection, |step| {
        let (read, all, last) = steps.entry(step.number.clone()).or_default();
        let taken = serde_json::from_str::<Step>(&step.body).ok();
        // What became of a letter says nothing of the edition by which was decided.
        if !taken.as_ref().is_some_and(|taken| taken.event.is_about_a_letter()) {
            *last = step.at;
        }
        if let Some(Event::Granted { conditions, .. }) = taken.as_ref().map(|taken| &taken.event) {
            granted.insert(step.number.clone(), (step.at, conditions.clone()));
        }
        read.extend(taken);
        *all += 1;
        Ok(())
    })?;
    let all = repair::all(connection)?;
    Ok(all
        .into_iter()
        .map(|head| {
            let (steps, all, last) = steps.remove(&head.number).unwrap_or_default();
            let of_chunk = |at: i64| reading.chunks.get(&at.div_euclid(CHUNK_ROWS as i64)).map(|chunk| chunk.act);
            let granted = granted.remove(&head.number).and_then(|(at, found)| Some((of_chunk(at)?, found)));
            let act = of_chunk(last);
            let act = act.or_else(|| reading.acts.iter().find(|(_, act)| *act.uscc == *head.uscc).map(|(id, _)| *id));
            let whole = steps.len() == all && i64::try_from(all) == Ok(head.steps);
            let case = Case::fold(&steps).ok().filter(|_| whole);
            Kept { head, case, act, granted }
        })
        .collect())
}
