//! The room `access` of the rulebook: purposes, rules of signing in, and policies as text.
//!
//! A policy is written in Cedar. Here it is data: which days it holds, on which basis, and its words. What the words allow is
//! decided by the engine above, which also refuses a policy that reads more of a resource than its item.

use super::{Misuse, Purposes, SignIn};
use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that the rulebook says of access.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Purposes; editions from before there were accounts have none.
    pub purposes: Option<Purposes>,
    /// Rules of signing in.
    pub sign_in: Option<SignIn>,
    /// Rules over the access journal.
    pub misuse: Option<Misuse>,
    /// Policies by code.
    pub policies: BTreeMap<String, PolicyFile>,
}

/// One file of policies, in dated versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyFile {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<PolicyVersion>,
}

/// The policies of a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// Its words, in Cedar.
    pub policy: String,
}

impl Access {
    /// Whether the edition speaks of access at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self == &Access::default()
    }

    /// The policies that hold on a day: code and words, in order of codes.
    pub fn policies_on(&self, day: Date) -> impl Iterator<Item = (&str, &PolicyVersion)> {
        self.policies.iter().filter_map(move |(code, file)| {
            let holds = |v: &&PolicyVersion| holds_on(day, (v.effective_from, v.effective_to));
            Some((code.as_str(), file.versions.iter().find(holds)?))
        })
    }

    /// The days on which other policies begin to hold, in order.
    #[must_use]
    pub fn turns(&self) -> Vec<Date> {
        let mut days: Vec<Date> = self
            .policies
            .values()
            .flat_map(|file| &file.versions)
            .flat_map(|version| [Some(version.effective_from), version.effective_to.and_then(|to| to.tomorrow().ok())])
            .flatten()
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}
