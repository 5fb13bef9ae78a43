//! The clocks of a record as they are stored: what the rules decided of its publicity.

use crate::Result;
use crate::incoming::Incoming;
use credence_domain::publicity::Restart;
use std::sync::Arc;

/// Gives a row's clocks again, counted from the first public day, or anew.
pub type Redate<'a> = dyn FnMut(&Incoming, (i32, Option<Restart>)) -> Result<Dates> + 'a;

/// The clocks of a record, as the rules decided them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// Class of misconduct; empty where the item has none.
    pub class: Arc<str>,
    /// The authority stated it.
    pub class_stated: bool,
    /// Rule pack.
    pub pack: Arc<str>,
    /// Earliest deadline.
    pub due_on: Option<i32>,
    /// Legal deadline.
    pub due_by_law_on: Option<i32>,
    /// The deadline reaches beyond the published calendar.
    pub due_provisional: bool,
    /// The rules make it public.
    pub public: bool,
    /// Last public day.
    pub through_on: Option<i32>,
    /// First day on which repair may be applied for.
    pub repair_from_on: Option<i32>,
}
