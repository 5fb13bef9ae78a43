//! A queue as people see it.

use super::gather::Found;
use super::{Kind, Which};
use credence_domain::queue::{Light, Reading};
use jiff::civil::Date;
use serde::Serialize;

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskView {
    /// From which room.
    pub kind: Kind,
    /// Number of the case, of the proposal, or the record's public reference.
    pub number: String,
    /// The organisation; empty where it is about none.
    pub uscc: String,
    /// Its name.
    pub organisation: String,
    /// What it is about; names no natural person.
    pub title: String,
    /// The unit for which it waits.
    pub unit: String,
    /// Code of the step that is asked for.
    pub step: &'static str,
    /// The same in words.
    pub asked: &'static str,
    /// Its last day; `null` where nothing runs.
    pub due_on: Option<Date>,
    /// How near that is.
    pub light: Light,
    /// Light and days in words.
    pub light_text: String,
    /// Working days left; less than zero when it is over; `null` where the calendar does not say.
    pub working_days: Option<i32>,
    /// Since when it stands where it stands.
    pub since_on: Date,
    /// Account that is to do it; `null` for nobody in particular.
    pub assigned_to: Option<String>,
    /// The account for which whoever asks stands in.
    pub standing_in_for: Option<String>,
    /// Whether whoever asks may do it.
    pub may_take: bool,
}

/// How many tasks have a light.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LightCount {
    /// The light.
    pub light: Light,
    /// Its words.
    pub name: &'static str,
    /// Its colour in words.
    pub colour: &'static str,
    /// How many.
    pub count: usize,
}

/// What waits, a page of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QueueView {
    /// The day for which the lights are told.
    pub today: Date,
    /// How many tasks have each light, of all that were asked for.
    pub lights: Vec<LightCount>,
    /// The tasks, the most pressing first.
    pub items: Vec<TaskView>,
    /// Where the next page begins; `null` at the end.
    pub next: Option<String>,
    /// Kinds of which more cases may be open than were looked at: their room's own list has all.
    pub more: Vec<Kind>,
}

impl TaskView {
    /// The page on which it is done.
    #[must_use]
    pub fn address(&self) -> String {
        let number = &self.number;
        match self.kind {
            Kind::Listing => format!("/workbench/listings/{number}"),
            Kind::Measure => format!("/workbench/measures/{number}"),
            Kind::Officer => format!("/workbench/officers/{number}"),
            Kind::Repair => format!("/workbench/repairs/{number}"),
            Kind::Objection => format!("/workbench/objections/{number}"),
            Kind::Proposal => "/workbench#proposals".to_owned(),
            Kind::Held => format!("/workbench/reviews?record={}/{number}", self.uscc),
            Kind::Claim => format!("/workbench/claims#claim-{number}"),
            Kind::Incident => "/workbench/incidents".to_owned(),
        }
    }

    pub(super) fn of(found: &Found, organisation: String) -> Self {
        let (waiting, Reading { light, working_days }) = (&found.waiting, found.reading);
        Self {
            kind: waiting.kind,
            number: waiting.number.clone(),
            uscc: waiting.uscc.clone(),
            organisation,
            title: waiting.title.clone(),
            unit: waiting.unit.clone(),
            step: waiting.step.code,
            asked: waiting.step.words,
            due_on: waiting.due.map(|due| due.on),
            light,
            light_text: found.reading.told(),
            working_days,
            since_on: waiting.since_on,
            assigned_to: found.assigned_to.clone(),
            standing_in_for: found.standing_in_for.clone(),
            may_take: found.may_take,
        }
    }
}

/// How many tasks have each light.
pub(super) fn counted(found: &[Found]) -> Vec<LightCount> {
    let of = |light: Light| found.iter().filter(|one| one.reading.light == light).count();
    let count = |light: Light| LightCount { light, name: light.name(), colour: light.colour(), count: of(light) };
    Light::ALL.into_iter().map(count).collect()
}

/// The same without a light: counts are of all that the other filters let through.
pub(super) const fn of_every_light(which: &Which) -> Which {
    Which { light: None, ..*which }
}
