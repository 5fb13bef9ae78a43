//! Why an entry ends.

use super::{Refusal, rule};
use serde::{Deserialize, Serialize};

/// The cause of a removal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "cause")]
pub enum Cause {
    /// The term has run out.
    Term,
    /// Repair (信用修复): a way out of the decision was taken.
    Repair {
        /// Which way out.
        exit: String,
        /// The decision on the repair.
        document: String,
    },
    /// A base document was revoked, withdrawn, or found unlawful.
    BaseRevoked {
        /// Identity of its record, in hex.
        record: String,
        /// What revoked it.
        document: String,
    },
    /// An objection was upheld.
    Objection {
        /// The decision on it.
        document: String,
    },
    /// A remedy revoked the listing.
    Remedy {
        /// Number of the remedy's case.
        number: String,
    },
}

/// What the register knows of what may end an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Numbers of the repairs of the entry that were granted, and of their letters.
    pub repairs: Vec<String>,
    /// Numbers of the objections to the entry that were upheld, and of their letters.
    pub objections: Vec<String>,
    /// Identities, in hex, of the documents of the case that have fallen.
    pub fallen: Vec<String>,
    /// The order by which the entry is public has no application for repair: the unit that decides on the list decides on the way out too
    /// (失信行为纠正后的信用信息修复管理办法, for what was entered under it).
    pub owner_decides: bool,
}

impl Cause {
    /// Whether the register knows the cause: a repair that was granted, an objection that was upheld, a document that has fallen. Where no
    /// repair can be applied for and the unit itself decides, a paper of its decision comes with the step. A term and a remedy are in the
    /// case itself.
    ///
    /// # Errors
    /// When it does not.
    pub fn check(&self, known: &Known, has_paper: bool) -> Result<(), Refusal> {
        match self {
            Self::Term | Self::Remedy { .. } => Ok(()),
            Self::Repair { document, .. } if known.repairs.contains(document) => Ok(()),
            Self::Repair { .. } => {
                rule::NOT_REPAIRED.demand(known.owner_decides)?;
                rule::REMOVAL_PAPER_MISSING.demand(has_paper)
            }
            Self::Objection { document } => rule::NOT_UPHELD.demand(known.objections.contains(document)),
            Self::BaseRevoked { record, .. } => rule::BASE_STANDS.demand(known.fallen.contains(record)),
        }
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::Repair { .. } => "repair",
            Self::BaseRevoked { .. } => "base_revoked",
            Self::Objection { .. } => "objection",
            Self::Remedy { .. } => "remedy",
        }
    }

    /// In words, as a letter says it.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Term => "名单管理期限届满".to_owned(),
            Self::Repair { exit, document } => format!("符合移出条件（{exit}，{document}）"),
            Self::BaseRevoked { document, .. } => format!("列入所依据的文书已被撤销（{document}）"),
            Self::Objection { document } => format!("异议成立（{document}）"),
            Self::Remedy { number } => format!("列入决定已被撤销（{number}）"),
        }
    }
}
