//! Service (送达) as a record of its own: how, when, proved by what. No period runs without it.

use super::{Refusal, rule};
use crate::rulebook::procedure::Procedure;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What somebody says of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Code of the way (`rulebook/procedure/service.toml`).
    pub mode: String,
    /// The day on which it was handed over, left, received, or announced.
    pub on: Date,
    /// What proves it.
    pub proof: String,
    /// Reference of the party's consent, where the way needs it.
    #[serde(default)]
    pub consent: String,
}

/// A service that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Number of the letter.
    pub letter: String,
    /// Code of the way.
    pub mode: String,
    /// The day of the delivery or announcement.
    pub delivered_on: Date,
    /// The day from which it counts: the same, or the end of the announcement.
    pub served_on: Date,
    /// What proves it.
    pub proof: String,
    /// Reference of the party's consent; empty where none is needed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub consent: String,
}

impl Service {
    /// The service of a letter, judged by the ways of service in force on its day.
    ///
    /// # Errors
    /// When the way is unknown or needs consent, nothing proves it, or it does not count yet.
    pub fn of(
        procedure: &Procedure,
        incentive: bool,
        letter: &str,
        delivery: &Delivery,
        today: Date,
    ) -> Result<Self, Refusal> {
        let letter = letter.trim();
        rule::LETTER_MISSING.demand(!letter.is_empty())?;
        rule::DAY_IN_FUTURE.demand(delivery.on <= today)?;
        let mode = procedure.mode(&delivery.mode, delivery.on).filter(|mode| !mode.incentive || incentive);
        let mode = mode.ok_or_else(|| rule::SERVICE_MODE_UNKNOWN.because(&delivery.mode))?;
        let (proof, consent) = (delivery.proof.trim(), delivery.consent.trim());
        if proof.is_empty() {
            return Err(rule::SERVICE_PROOF_MISSING.because(&mode.proof));
        }
        rule::SERVICE_CONSENT_MISSING.demand(!mode.needs_consent || !consent.is_empty())?;
        let served_on = delivery.on.saturating_add(i64::from(mode.counted_after_days).days());
        if served_on > today {
            return Err(rule::SERVICE_NOT_COUNTED.because(format!("{served_on}视为送达")));
        }
        Ok(Self {
            letter: letter.to_owned(),
            mode: mode.code.clone(),
            delivered_on: delivery.on,
            served_on,
            proof: proof.to_owned(),
            consent: if mode.needs_consent { consent.to_owned() } else { String::new() },
        })
    }

    /// What holds of every service whatever the rulebook of its time said.
    pub(crate) fn check(&self, today: Date) -> Result<(), Refusal> {
        rule::LETTER_MISSING.demand(!self.letter.is_empty())?;
        rule::SERVICE_PROOF_MISSING.demand(!self.proof.is_empty())?;
        rule::DAY_IN_FUTURE.demand(self.served_on <= today)?;
        rule::DAY_TOO_EARLY.demand(self.delivered_on <= self.served_on)
    }
}
