//! Verification (核验): what is stored is read again and judged again, requirement by requirement.
//!
//! An independent look: it computes commitments, roots, numbers and dates from what is stored and does not trust what the
//! write path said. One small file a requirement in [`requirement`], each with the law it serves. Read-only; it passes on
//! what a kill left at any moment.

pub(crate) mod case;
mod measures;
mod objections;
mod officers;
mod repairs;
pub mod requirement;
mod rights;
mod version;

use crate::log::Shown;
use crate::{Address, AppError, Result};
use case::Reading;
use credence_domain::canonical::hex;
use credence_store::digest::StateDigest;
use credence_store::log::LogKey;
use credence_store::secret::Keyring;
use credence_store::{audit, sequencer};
use requirement::Check;
use serde::Serialize;
use std::sync::Arc;

/// The digest of everything stored, in hexadecimal.
///
/// # Errors
/// When there is no register or something stored cannot be read.
pub fn state_digest(address: &Address) -> Result<String> {
    let keys = Keyring::of(address).opening()?;
    Ok(hex(&credence_store::digest::state(address.reader()?.connection(), keys)?))
}

/// What verification found.
#[derive(Clone, Debug, Serialize)]
pub struct Verification {
    /// The state digest; `null` when something stored cannot be read.
    pub state_digest: Option<String>,
    /// Acts stored: pending and leaves.
    pub acts: u64,
    /// Acts that wait for their place in the log.
    pub pending: u64,
    /// Leaves of the log.
    pub leaves: u64,
    /// Each requirement.
    pub requirements: Vec<Outcome>,
}

/// How a requirement fared.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Stable id.
    pub id: &'static str,
    /// The law: exact title or number.
    pub source: &'static str,
    /// Article numeral.
    pub article: &'static str,
    /// What it demands, in a sentence.
    pub demand: &'static str,
    /// Cases looked at.
    pub checked: u64,
    /// Cases that fail.
    pub failed: u64,
    /// Some of them: the record's id and USCC, or the act and its code.
    pub examples: Vec<Example>,
}

/// A case that fails.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Organisation, or unit of an act on none.
    pub uscc: String,
    /// The record's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    /// What is wrong.
    pub problem: String,
}

/// Examples kept a requirement.
const EXAMPLES: usize = 20;

/// Counts the cases of one requirement.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    checked: u64,
    failed: u64,
    examples: Vec<Example>,
}

impl Tally {
    /// No further example would be kept.
    pub fn is_full(&self) -> bool {
        self.examples.len() >= EXAMPLES
    }

    /// A case that holds.
    pub fn pass(&mut self) {
        self.checked += 1;
    }

    /// A case that fails.
    pub fn fail(&mut self, example: Example) {
        self.checked += 1;
        self.failed += 1;
        if !self.is_full() {
            self.examples.push(example);
        }
    }

    /// A case that holds, or fails with `example`.
    pub fn expect(&mut self, holds: bool, example: impl FnOnce() -> Example) {
        if holds { self.pass() } else { self.fail(example()) }
    }
}

/// Verifies a register.
///
/// # Errors
/// When it cannot be opened or read at all, or a key to its sealed numbers is missing; whatever is merely wrong is a finding.
pub fn verify(address: &Address) -> Result<Verification> {
    verify_against(address, Vec::new())
}

/// Verifies a register against checkpoints that others hold: what a witness has seen, the register must begin with. Only so is
/// a register that was rolled back as a whole told from one that never was larger.
///
/// # Errors
/// As [`verify`].
pub fn verify_against(address: &Address, shown: Vec<Shown>) -> Result<Verification> {
    let mut reader = address.reader()?;
    let keys = Keyring::of(address).opening()?;
    // Read before the register is: whatever is signed meanwhile is not held against what was looked at earlier.
    let signed = LogKey::of(address).remembered()?;
    // One snapshot for everything, so that acts, leaves and records belong together while others write.
    let mut done = None;
    audit::snapshot(reader.connection(), |connection| {
        let requirements = requirement::all();
        let mut tallies = vec![Tally::default(); requirements.len()];
        let mut reading = Reading::load(connection)?;
        reading.shown.clone_from(&shown);
        reading.signed.clone_from(&signed);
        reading.keys = Some(Arc::clone(&keys));
        let mut digest = Some(StateDigest::begin(connection, Arc::clone(&keys))?);
        // One pass over the records serves every requirement on them and the digest.
        reading.each_case(connection, Some(&keys), |case| {
            for (requirement, tally) in requirements.iter().zip(&mut tallies) {
                if let Check::Record(check) | Check::Both(check, _) = requirement.check {
                    check(case, tally);
                }
            }
            if digest.as_mut().is_some_and(|digest| digest.add(case.stored, case.earlier).is_err()) {
                digest = None;
            }
        })?;
        for (requirement, tally) in requirements.iter().zip(&mut tallies) {
            if let Check::Whole(check) | Check::Both(_, check) = requirement.check {
                check(connection, &reading, tally)?;
            }
        }
        let (leaves, pending) = (sequencer::size(connection)?, sequencer::pending(connection)?);
        let outcomes = requirements.iter().zip(tallies).map(|(requirement, tally)| Outcome {
            id: requirement.id,
            source: requirement.source,
            article: requirement.article,
            demand: requirement.demand,
            checked: tally.checked,
            failed: tally.failed,
            examples: tally.examples,
        });
        done = Some(Verification {
            state_digest: digest.map(|digest| hex(&digest.root())),
            acts: reading.acts.len() as u64,
            pending,
            leaves,
            requirements: outcomes.collect(),
        });
        Ok(())
    })?;
    done.ok_or(AppError::NotFound)
}

impl Verification {
    /// Something failed.
    #[must_use]
    pub fn has_failures(&self) -> bool {
        self.state_digest.is_none() || self.requirements.iter().any(|outcome| outcome.failed > 0)
    }
}
