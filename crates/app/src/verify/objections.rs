//! Objections, complaints and replies as requirements look at them.

use super::Example;
use super::case::Reading;
use credence_domain::canonical::hex;
use credence_domain::objection::{Case, Step};
use credence_store::change::CHUNK_ROWS;
use credence_store::connection::Connection;
use credence_store::objection::{self, Head};
use std::collections::BTreeMap;

/// A case with its steps.
pub struct Kept {
    /// The case.
    pub head: Head,
    /// As its steps have made it; none where they do not fold.
    pub case: Option<Case>,
    /// Its steps with their places, as far as they can be read.
    pub steps: Vec<(Step, i64)>,
    /// The act of its last step.
    act: Option<[u8; 16]>,
}

impl Kept {
    /// This case as an example of what fails.
    pub fn example(&self, problem: impl Into<String>) -> Example {
        let problem = format!("{} {}: {}", self.head.matter.code(), self.head.number, problem.into());
        Example { uscc: self.head.uscc.clone(), act: self.act.map(|act| hex(&act)), record: None, problem }
    }
}

/// Every case, in order of organisation and number.
///
/// # Errors
/// Whatever the database says.
pub fn objections(connection: &mut Connection, reading: &Reading) -> credence_store::Result<Vec<Kept>> {
    let mut steps: BTreeMap<String, (Vec<(Step, i64)>, usize)> = BTreeMap::new();
    objection::each_step(connection, |step| {
        let (read, all) = steps.entry(step.number).or_default();
        read.extend(serde_json::from_str(&step.body).ok().map(|taken| (taken, step.at)));
        *all += 1;
        Ok(())
    })?;
    let all = objection::all(connection)?;
    Ok(all
        .into_iter()
        .map(|head| {
            let (steps, all) = steps.remove(&head.number).unwrap_or_default();
            let last = steps.last().map_or(0, |(_, at)| *at);
            let act = reading.chunks.get(&last.div_euclid(CHUNK_ROWS as i64)).map(|chunk| chunk.act);
            let act = act.or_else(|| reading.acts.iter().find(|(_, act)| *act.uscc == *head.uscc).map(|(id, _)| *id));
            let whole = steps.len() == all && i64::try_from(all) == Ok(head.steps);
            let taken: Vec<Step> = steps.iter().map(|(step, _)| step.clone()).collect();
            let case = Case::fold(&taken).ok().filter(|_| whole);
            Kept { head, case, steps, act }
        })
        .collect())
}
