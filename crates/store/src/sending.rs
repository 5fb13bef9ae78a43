//! Who sends a chunk, and what it may do where another sends in its source's name.

use crate::arrival::Incoming;
use credence_domain::record::Identity;
use credence_domain::record::meeting::Meeting;
use credence_domain::rulebook::listing::Nature;
use std::collections::BTreeSet;

/// In the place of a batch: the platform itself makes the record, inside an act.
pub const NO_BATCH: [u8; 16] = [0; 16];

/// What surrounds a chunk.
#[derive(Clone, Copy, Debug)]
pub struct Sending<'a> {
    /// Who sends.
    pub source: &'a str,
    /// The item's code.
    pub item: &'a str,
    /// Day of receipt (Asia/Shanghai).
    pub received_on: i32,
    /// The batch; [`NO_BATCH`] where none brought it.
    pub batch: &'a [u8; 16],
    /// Sent by another in the source's name: which records it may correct; it adds none.
    pub corrects: Option<&'a Corrects>,
}

/// Records that a file may correct in their owner's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Corrects {
    /// Every record of the item.
    All,
    /// Only these.
    Only(BTreeSet<(String, Identity)>),
}

impl Sending<'_> {
    /// Whether a file brought it, and not an act of the platform's own, and its records may be those that publish listings.
    pub(crate) fn may_meet_an_entry(self) -> bool {
        *self.batch != NO_BATCH && Nature::ALL.iter().any(|nature| nature.item() == self.item)
    }

    /// Whether a file brought it, and its records are the platform's own, which no file enters, corrects or takes back.
    pub(crate) fn is_of_a_repair(self) -> bool {
        *self.batch != NO_BATCH && self.item == "repair_dishonesty"
    }

    /// Whether the sender may change this record: its own, or one that the owner has consented to.
    #[must_use]
    pub fn covers(self, key: &(String, Identity)) -> bool {
        match self.corrects {
            None | Some(Corrects::All) => true,
            Some(Corrects::Only(keys)) => keys.contains(key),
        }
    }

    /// What becomes of a meeting where another sends in the owner's name.
    pub(crate) fn allow(self, row: &Incoming, meeting: Meeting) -> Meeting {
        if self.corrects.is_none() {
            return meeting;
        }
        let covered = self.covers(&(row.uscc.to_string(), row.identity));
        match meeting {
            Meeting::Correct if covered => Meeting::Correct,
            Meeting::Correct | Meeting::TakeOver | Meeting::AddSource => Meeting::Refuse("consent_needed"),
            Meeting::Unchanged | Meeting::Refuse(_) => meeting,
        }
    }
}
