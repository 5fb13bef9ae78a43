//! Files about responsible persons as requirements look at them.

use super::Example;
use super::case::Reading;
use credence_domain::canonical::hex;
use credence_domain::officer::{Case, Duty, Term};
use credence_store::change::CHUNK_ROWS;
use credence_store::connection::Connection;
use credence_store::officer::{self, Head, Kind, Stand};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// What a file's steps have made.
pub enum Folded {
    /// A term of office.
    Term(Term),
    /// A person's case.
    Case(Box<Case>),
    /// A duty to inform.
    Duty(Duty),
}

impl Folded {
    /// Whether a head says what the steps say.
    pub fn stands(&self, head: &Head) -> bool {
        let stand = match self {
            Self::Term(term) => Stand::from(term),
            Self::Case(case) => Stand::from(&**case),
            Self::Duty(duty) => Stand::from(duty),
        };
        (stand.kind, stand.uscc, stand.unit, stand.listing, stand.term)
            == (head.kind, head.uscc.as_str(), head.unit.as_str(), head.listing.as_str(), head.term.as_str())
            && (stand.state, stand.through_on, stand.on) == (head.state.as_str(), head.through_on, head.moved_on)
    }
}

/// A file with its steps.
pub struct File {
    /// The file.
    pub head: Head,
    /// As its steps have made it; none where they do not fold.
    pub folded: Option<Folded>,
    /// Its steps as they are kept.
    pub bodies: Vec<String>,
    /// The act of its last step.
    act: Option<[u8; 16]>,
}

impl File {
    /// This file as an example of what fails.
    pub fn example(&self, problem: impl Into<String>) -> Example {
        let problem = format!("{} {}: {}", self.head.kind.code(), self.head.number, problem.into());
        Example { uscc: self.head.uscc.clone(), act: self.act.map(|act| hex(&act)), record: None, problem }
    }
}

/// Every file, in order of organisation and number.
///
/// # Errors
/// Whatever the database says.
pub fn files(connection: &mut Connection, reading: &Reading) -> credence_store::Result<Vec<File>> {
    let mut steps: BTreeMap<String, (Vec<String>, i64)> = BTreeMap::new();
    officer::each_step(connection, |step| {
        let (bodies, last) = steps.entry(step.number).or_default();
        bodies.push(step.body);
        *last = step.at;
        Ok(())
    })?;
    let all = officer::all(connection)?;
    Ok(all
        .into_iter()
        .map(|head| {
            let (bodies, last) = steps.remove(&head.number).unwrap_or_default();
            let act = reading.chunks.get(&last.div_euclid(CHUNK_ROWS as i64)).map(|chunk| chunk.act);
            let act = act.or_else(|| reading.acts.iter().find(|(_, act)| *act.uscc == *head.uscc).map(|(id, _)| *id));
            let whole = i64::try_from(bodies.len()) == Ok(head.steps);
            let folded = folded(head.kind, &bodies).filter(|_| whole);
            File { head, folded, bodies, act }
        })
        .collect())
}

fn folded(kind: Kind, bodies: &[String]) -> Option<Folded> {
    match kind {
        Kind::Term => Term::fold(&read(bodies)?).ok().map(Folded::Term),
        Kind::Case => Case::fold(&read(bodies)?).ok().map(|case| Folded::Case(Box::new(case))),
        Kind::Duty => Duty::fold(&read(bodies)?).ok().map(Folded::Duty),
    }
}

fn read<T: DeserializeOwned>(bodies: &[String]) -> Option<Vec<T>> {
    bodies.iter().map(|body| serde_json::from_str(body).ok()).collect()
}
