//! Who has followed a grant (修复结果同步): every subscriber of the change stream, since when his copy is without the record, and who is
//! late. It names no organisation and no record: anyone who knows the number of a repair may ask.
//!
//! 信用修复管理办法 arts. 三, 二十三 and 二十四; 国办发〔2025〕22号: who does not update is named.

use super::folded;
use crate::{AppError, Result};
use credence_domain::repair::{Event, State, Step};
use credence_domain::webhook::State as Hook;
use credence_store::clock::{civil_date, instant_text};
use credence_store::connection::Connection;
use credence_store::repair::{self as kept, Head};
use credence_store::{unit, webhook};
use jiff::civil::Date;
use serde::Serialize;

/// A subscriber.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Follower {
    /// The unit that holds the subscription.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// `acknowledged`, `waiting` or `late`.
    pub state: &'static str,
    /// When it acknowledged, as far as its deliveries are kept.
    pub acknowledged_at: Option<String>,
    /// Last day on which it was to have followed; none where the order gives no number.
    pub due_on: Option<Date>,
}

/// A repair as anyone may know it by its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicRepair {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: String,
    /// The unit that decides.
    pub unit_name: String,
    /// Day of the application.
    pub opened_on: Date,
    /// Day of the last step.
    pub moved_on: Date,
    /// Last day of the clock that runs.
    pub due_on: Option<Date>,
    /// Whether that day is over.
    pub overdue: bool,
    /// Who keeps a copy, and whether he has followed.
    pub followers: Vec<Follower>,
}

impl PublicRepair {
    /// The repair of a number on a day.
    ///
    /// # Errors
    /// `not_found` for an unknown number, or a fault.
    pub(super) fn of(connection: &mut Connection, number: &str, today: Date) -> Result<Self> {
        let head = kept::by_number(connection, number)?.ok_or(AppError::NotFound)?;
        let case = folded(connection, &head)?;
        let steps = kept::steps(connection, &head)?;
        let gone = steps.iter().zip(1_i64..).find(|(step, _)| hides(&step.event));
        let followers = match (gone, &case.state) {
            (Some((step, at)), State::Granted { .. } | State::Shielded { .. }) => {
                followers(connection, &head, (step, at), today)?
            }
            _ => Vec::new(),
        };
        let unit = unit::find(connection, &head.unit, today)?.map(|unit| unit.name);
        Ok(Self {
            unit_name: unit.unwrap_or_else(|| head.unit.clone()),
            overdue: head.due_on.is_some_and(|due| due < today),
            due_on: head.due_on,
            opened_on: head.opened_on,
            moved_on: head.moved_on,
            state: head.state,
            number: head.number,
            followers,
        })
    }
}

/// Whether a step takes the record from the public, so that every copy has to follow.
pub(super) const fn hides(event: &Event) -> bool {
    matches!(event, Event::Granted { .. } | Event::Shielded { .. })
}

/// Every subscription that stood when a grant or a shield was made and still stands.
///
/// # Errors
/// Whatever the database says.
pub(super) fn followers(
    connection: &mut Connection,
    head: &Head,
    (step, at): (&Step, i64),
    today: Date,
) -> credence_store::Result<Vec<Follower>> {
    let sync = match &step.event {
        Event::Granted { sync, .. } => *sync,
        _ => None,
    };
    let position = kept::position_of(connection, head, at)?;
    let mut found = Vec::new();
    for hook in webhook::list(connection, None)? {
        if hook.state == Hook::Ended || civil_date(hook.made_at) > step.on {
            continue;
        }
        let told = position.is_some_and(|position| position <= hook.position);
        let deliveries = if told { webhook::deliveries(connection, &hook.id, i64::MAX, 100)? } else { Vec::new() };
        let first = deliveries.iter().rfind(|one| one.state == "acknowledged" && position <= Some(one.position));
        let acknowledged_at = first.map(|one| one.tried_at).or(hook.acknowledged_at).filter(|_| told);
        let overdue = sync.is_some_and(|due| !due.provisional && due.on < today);
        let state = match (told, overdue) {
            (true, _) => "acknowledged",
            (false, true) => "late",
            (false, false) => "waiting",
        };
        let named = unit::find(connection, &hook.unit, today)?.map(|unit| unit.name);
        found.push(Follower {
            unit_name: named.unwrap_or_else(|| hook.unit.clone()),
            unit: hook.unit,
            state,
            acknowledged_at: acknowledged_at.map(instant_text),
            due_on: sync.map(|due| due.on),
        });
    }
    Ok(found)
}
