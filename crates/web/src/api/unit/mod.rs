//! The directory of units, and what changed in a unit's areas.

pub(crate) mod changes;
pub(crate) mod list;
pub(crate) mod read;
