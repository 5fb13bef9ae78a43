//! From the rooms to one list: what waits for the units of a person, with light, last day and who is to do it.

use super::worker::Worker;
use super::{BOUND, Kind, Waiting, Which, Whose, listing, measure, objection, officer, other, repair};
use crate::Result;
use crate::account::Person;
use crate::service::Service;
use credence_domain::queue::{Reading, read};
use credence_store::assignment::{self, Task};
use credence_store::connection::Connection;
use std::collections::BTreeSet;

/// A task as one person meets it.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) waiting: Waiting,
    pub(super) reading: Reading,
    pub(super) assigned_to: Option<String>,
    pub(super) standing_in_for: Option<String>,
    pub(super) may_take: bool,
    pub(super) mine: bool,
}

impl Found {
    /// Where it stands in the list: the most pressing light first, then the earliest last day, then the longest wait.
    pub(super) fn place(&self) -> [String; 6] {
        let waiting = &self.waiting;
        [
            (self.reading.light as u8).to_string(),
            waiting.due.map_or_else(|| "9999-12-31".to_owned(), |due| due.on.to_string()),
            waiting.since_on.to_string(),
            waiting.kind.code().to_owned(),
            waiting.number.clone(),
            format!("{} {}", waiting.step.code, waiting.unit),
        ]
    }
}

/// Whether one of two sorts of cases was cut at the bound.
pub(super) fn is_full<'s>(states: impl Iterator<Item = &'s str>, open: &[&str], limit: u32) -> bool {
    let (mut one, mut other) = (0, 0);
    for state in states {
        if open.contains(&state) { one += 1 } else { other += 1 }
    }
    one >= limit || other >= limit
}

impl Service {
    /// What waits for a person or his unit, in order, and the kinds of which there may be more than was looked at.
    pub(super) fn gathered(&self, person: &Person, which: &Which) -> Result<(Vec<Found>, Vec<Kind>)> {
        let worker = self.worker(person)?;
        let asked = |kind: Kind| which.kind.is_none_or(|one| one == kind) && worker.allows(kind.reading());
        let mut cut = BTreeSet::new();
        let mut waiting = Vec::new();
        if asked(Kind::Proposal) {
            waiting.extend(other::proposals(self, person)?);
        }
        let (rulebook, today, office) = (self.rulebook(), self.today(), crate::View::office(self.today()));
        self.read(|connection| {
            let of_cases = |kind: &Kind| !kind.is_shared() && asked(*kind);
            for unit in worker.units() {
                for kind in Kind::ALL.into_iter().filter(of_cases) {
                    let (calendar, unit) = (&rulebook.calendar, unit.as_str());
                    let (found, more) = match kind {
                        Kind::Listing => listing::waiting(connection, (rulebook, unit), today, BOUND)?,
                        Kind::Measure => measure::waiting(connection, unit, today, BOUND)?,
                        Kind::Officer => officer::waiting(connection, (calendar, unit), today, BOUND)?,
                        Kind::Repair => repair::waiting(connection, unit, BOUND)?,
                        Kind::Objection => objection::waiting(connection, unit, BOUND)?,
                        Kind::Proposal | Kind::Held | Kind::Claim | Kind::Incident => (Vec::new(), false),
                    };
                    waiting.extend(found);
                    cut.extend(more.then_some(kind));
                }
            }
            if asked(Kind::Held) {
                let (held, more) = other::held(connection, rulebook, &office, person.role)?;
                waiting.extend(held);
                cut.extend(more.then_some(Kind::Held));
            }
            if asked(Kind::Claim) {
                let (claims, more) = other::claims(connection, &office)?;
                waiting.extend(claims);
                cut.extend(more.then_some(Kind::Claim));
            }
            if asked(Kind::Incident) {
                let (incidents, more) = other::incidents(connection)?;
                waiting.extend(incidents);
                cut.extend(more.then_some(Kind::Incident));
            }
            let mut found = Vec::with_capacity(waiting.len());
            for one in std::mem::take(&mut waiting) {
                found.push(self.met(connection, &worker, one)?);
            }
            found.retain(|one| which.light.is_none_or(|light| light == one.reading.light));
            found.retain(|one| which.whose == Whose::Unit || one.mine);
            found.sort_by_cached_key(Found::place);
            Ok((found, std::mem::take(&mut cut).into_iter().collect()))
        })
    }

    /// A task as a person meets it. An assignment to somebody who cannot do it (any more), and for whom nobody stands in, says
    /// nothing: the task is his who may do it.
    pub(super) fn met(
        &self,
        connection: &mut Connection,
        worker: &Worker,
        waiting: Waiting,
    ) -> credence_store::Result<Found> {
        let assigned = match &waiting.taken_by {
            Some(name) => Some(name.clone()),
            None => assignment::find(connection, &task(&waiting))?.map(|assigned| assigned.account),
        };
        let mut assigned_to = None;
        if let Some(name) = assigned
            && worker.holds(connection, &name, &waiting)?
        {
            assigned_to = Some(name);
        }
        let may_take = worker.may_take(connection, &waiting)?;
        let holder = match &assigned_to {
            Some(name) => worker.known(connection, name)?,
            None => None,
        };
        let deputy = match &holder {
            Some(account) => worker.deputy_of(connection, account)?,
            None => None,
        };
        let stands_in = deputy.is_some_and(|deputy| deputy.name == worker.account.name);
        let his = assigned_to.as_ref().is_none_or(|name| *name == worker.account.name);
        Ok(Found {
            reading: read(&self.rulebook().calendar, waiting.due, self.today()),
            standing_in_for: assigned_to.clone().filter(|_| stands_in),
            mine: may_take && (his || stands_in),
            may_take,
            assigned_to,
            waiting,
        })
    }
}

/// The task as it is kept who does it.
pub(super) fn task(waiting: &Waiting) -> Task<'_> {
    Task {
        uscc: &waiting.uscc,
        kind: waiting.kind.code(),
        number: &waiting.number,
        unit: &waiting.unit,
        what: waiting.step.code,
    }
}
