//! What waits for whoever has the right, one by one: a proposal, a held record, a claim, an incident. And what an account leaves behind
//! that was assigned to it, of every room.

use super::{Assigning, Kind, Waiting, assign, other};
use crate::Result;
use crate::account::Person;
use crate::review::rules::reference;
use crate::service::Service;
use credence_domain::rulebook::Rulebook;
use credence_store::assignment::{self, Held};
use credence_store::connection::Connection;
use credence_store::scope::View;
use credence_store::{claim, incident, proposal, record};
use jiff::civil::Date;

impl Service {
    /// What one of them asks for, where the person may see it.
    pub(super) fn shared_task(&self, person: &Person, asked: &Assigning) -> Result<Option<Waiting>> {
        if asked.kind == Kind::Proposal {
            let mut found = other::proposals(self, person)?;
            found.retain(|one| one.number == asked.number);
            return Ok(found.pop());
        }
        if asked.kind == Kind::Held && !other::reviews(person.role) {
            return Ok(None);
        }
        let (office, rulebook) = (View::office(self.today()), self.rulebook());
        self.read(|connection| one_of(connection, &office, rulebook, (asked.kind, &asked.number)))
    }
}

/// What a held record, a claim or an incident asks for.
fn one_of(
    connection: &mut Connection,
    office: &View,
    rulebook: &Rulebook,
    (kind, number): (Kind, &str),
) -> credence_store::Result<Option<Waiting>> {
    Ok(match kind {
        Kind::Held => match reference(number) {
            Ok(id) => record::held_of_reference(connection, office, &id)?
                .map(|stored| other::of_record(rulebook, office, stored)),
            Err(_) => None,
        },
        Kind::Claim => claim::find(connection, office, number)?.and_then(|filed| other::of_claim(filed, office.today)),
        Kind::Incident => incident::find(connection, number)?.and_then(other::of_incident),
        _ => None,
    })
}

/// What was assigned to an account and still waits, of every room.
pub(crate) fn open_of(
    connection: &mut Connection,
    rulebook: &Rulebook,
    today: Date,
    account: &str,
) -> credence_store::Result<Vec<Held>> {
    let office = View::office(today);
    let mut open = Vec::new();
    for held in assignment::of_account(connection, account)? {
        let Some(kind) = Kind::from_code(&held.kind) else { continue };
        let waits = match kind {
            Kind::Proposal => {
                proposal::find(connection, &held.number)?.is_some_and(|proposal| proposal.state == "open")
            }
            _ if kind.is_shared() => one_of(connection, &office, rulebook, (kind, &held.number))?
                .is_some_and(|waiting| waiting.step.code == held.what),
            _ => {
                let units = [held.unit.clone()];
                let of = (kind, held.number.as_str());
                let found = assign::waiting_in(connection, &office, (rulebook, &units), of)?;
                found.iter().any(|waiting| waiting.step.code == held.what && waiting.unit == held.unit)
            }
        };
        if waits {
            open.push(held);
        }
    }
    Ok(open)
}

/// Who goes on with something that was taken in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// Whoever took it, or his deputy, who is another.
    Another,
    /// This person, who stands in for whoever took it.
    StandsIn,
    /// Nobody: whoever took it opens no session any more, and nobody stands in.
    Nobody,
}

/// Who goes on today with what another account has taken in hand, as this person meets it.
///
/// # Errors
/// A fault.
pub(crate) fn hold_of(service: &Service, person: &Person, holder: &str) -> Result<Hold> {
    let worker = service.worker(person)?;
    service.read(|connection| {
        let Some(holder) = worker.known(connection, holder)? else { return Ok(Hold::Nobody) };
        Ok(match worker.deputy_of(connection, &holder)? {
            Some(deputy) if deputy.name == worker.account.name => Hold::StandsIn,
            None if !worker.is_in_use(&holder) => Hold::Nobody,
            _ => Hold::Another,
        })
    })
}
