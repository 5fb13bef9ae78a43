//! What is asked for: who acts, a proposal, a step with the documents that come with it.

use super::Doing;
use credence_domain::objection::Evidence;
use credence_store::scope::View;
use serde::Deserialize;

/// Who acts, and what he may see.
#[derive(Clone, Debug)]
pub struct Clerk {
    /// Name under which he acts.
    pub name: String,
    /// What he sees.
    pub view: View,
}

/// A proposal as it is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposing {
    /// Code of the list.
    pub list: String,
    /// Which of its criteria, from 1.
    pub criterion: usize,
    /// The organisation.
    pub uscc: String,
    /// The unit that acts.
    pub unit: String,
    /// The facts.
    pub facts: String,
    /// Public references of the base documents.
    pub records: Vec<String>,
    /// Number of the remedy that revoked an earlier decision on the same documents and orders the act made anew, where one does; with its
    /// paper.
    #[serde(default)]
    pub ordered: String,
    /// Copies of them, and what else the proposal rests on; a file was handed in before.
    #[serde(default)]
    pub papers: Vec<Evidence>,
}

/// A step as it is asked for, with the documents that come with it.
#[derive(Clone, Debug, Deserialize)]
pub struct Stepping {
    /// What is done.
    #[serde(flatten)]
    pub doing: Doing,
    /// Documents; for a service, a statement, a waiver, a remedy, and what a body ruled. A file was handed in before.
    #[serde(default)]
    pub papers: Vec<Evidence>,
}

impl From<Doing> for Stepping {
    fn from(doing: Doing) -> Self {
        Self { doing, papers: Vec::new() }
    }
}
