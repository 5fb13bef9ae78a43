//! The letters of decisions on pages: how one reached the party, what was filed against it, and the forms by which that is recorded.

use credence_domain::listing::{Delivery, Filed, RemedyKind, Service};
use serde::Deserialize;

/// What pages send of a letter: its service, or a remedy that was filed against it. Only what its act needs is filled in.
#[derive(Deserialize)]
pub(super) struct LetterForm {
    #[serde(default)]
    letter: String,
    #[serde(default)]
    delivered_on: String,
    #[serde(default)]
    delivery_mode: String,
    #[serde(default)]
    delivery_proof: String,
    #[serde(default)]
    delivery_consent: String,
    #[serde(default)]
    remedy_kind: String,
    #[serde(default)]
    remedy_number: String,
    #[serde(default)]
    remedy_body: String,
    #[serde(default)]
    filed_on: String,
}

impl LetterForm {
    /// Which letter; the last one where none was chosen.
    pub(super) fn letter(&self) -> Option<String> {
        Some(self.letter.trim().to_owned()).filter(|letter| !letter.is_empty())
    }

    /// How it was delivered; none where the day cannot be read.
    pub(super) fn delivery(&self) -> Option<Delivery> {
        let (mode, proof, consent) = (&self.delivery_mode, &self.delivery_proof, &self.delivery_consent);
        let on = self.delivered_on.trim().parse().ok()?;
        Some(Delivery { mode: mode.clone(), on, proof: proof.clone(), consent: consent.clone() })
    }

    /// What was filed; none where the day cannot be read.
    pub(super) fn filed(&self) -> Option<Filed> {
        let sued = self.remedy_kind == RemedyKind::Litigation.code();
        Some(Filed {
            kind: if sued { RemedyKind::Litigation } else { RemedyKind::Reconsideration },
            number: self.remedy_number.clone(),
            body: self.remedy_body.clone(),
            on: self.filed_on.trim().parse().ok()?,
        })
    }
}

/// A service in words.
pub(super) fn served(service: &Service) -> String {
    let mode = super::words::service_mode(&service.mode);
    format!("{}，{}送达（{mode}，{}）", service.letter, service.served_on, service.proof)
}

/// A filed remedy in words.
pub(super) fn remedy(letter: &str, filed: &Filed) -> String {
    format!("{letter}：{}{}，{}，{}", filed.on, filed.body, filed.kind.name(), filed.number)
}
