//! Base documents (列入依据的文书): what a listing rests on, and whether it may.

use super::{Refusal, rule};
use crate::publicity::{Class, KindsFile};
use crate::record::state::State as RecordState;
use crate::rulebook::listing::DefinitionVersion;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A document as a case keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// Identity of its record, in hex.
    pub record: String,
    /// Item of the data list.
    pub item: String,
    /// Its number; empty where it has none.
    pub number: String,
    /// Who made it.
    pub authority: String,
    /// Its day.
    pub decided_on: Date,
}

/// What the file says of a document today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseFacts {
    /// The document.
    pub base: Base,
    /// Code of the unit that made it.
    pub made_by: String,
    /// Whose it is.
    pub uscc: String,
    /// State of its record.
    pub state: RecordState,
    /// Its class, where it has one.
    pub class: Option<Class>,
    /// Kinds of penalty, as written.
    pub kinds: Vec<String>,
    /// Tier of discretion, as written; empty where none is stated.
    pub tier: String,
}

impl BaseFacts {
    /// Whether it stands. What is held back from publicity for a look stands; what a stay, a repair, a withdrawal or an
    /// erasure took away does not.
    #[must_use]
    pub const fn in_force(&self) -> bool {
        matches!(self.state, RecordState::Accepted | RecordState::Held)
    }

    /// Whether a list's edition lets a listing of this organisation rest on it.
    ///
    /// # Errors
    /// When it is another's, of a kind the list does not name, minor, too light, or no longer in force.
    pub fn may_carry(&self, edition: &DefinitionVersion, kinds: &KindsFile, uscc: &str) -> Result<(), Refusal> {
        let named = || if self.base.number.is_empty() { self.base.record.clone() } else { self.base.number.clone() };
        if self.uscc != uscc {
            return Err(rule::BASE_OF_ANOTHER.because(named()));
        }
        let documents = || edition.base_documents.iter().filter(|document| document.item == self.base.item);
        if documents().next().is_none() {
            return Err(rule::BASE_NOT_ALLOWED.because(named()));
        }
        if !self.in_force() {
            return Err(rule::BASE_NOT_IN_FORCE.because(named()));
        }
        if self.class == Some(Class::Minor) {
            return Err(rule::BASE_MINOR.because(named()));
        }
        let code_of =
            |name: &str| kinds.kinds.iter().find(|kind| kind.names.iter().any(|n| n == name)).map(|k| &k.code);
        let heavy = documents().any(|document| {
            let by_kind = self.kinds.iter().any(|kind| code_of(kind).is_some_and(|code| document.kinds.contains(code)));
            let by_tier = document.tiers.contains(&self.tier);
            (document.kinds.is_empty() && document.tiers.is_empty()) || by_kind || by_tier
        });
        if heavy { Ok(()) } else { Err(rule::BASE_TOO_LIGHT.because(named())) }
    }
}
