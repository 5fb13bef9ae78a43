//! The letters of decisions on pages: how one reached the party, what was filed against it, and the forms by which that is recorded.

use credence_app::listing::ToldView;
use credence_domain::listing::{Delivery, Filed, RemedyKind, Ruled, Service, Verdict};
use serde::Deserialize;

/// What pages send of a letter: its service, a remedy that was filed against it, or what came of that. Only what its act needs is filled in.
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
    #[serde(default)]
    ruled_number: String,
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    ruling_document: String,
    #[serde(default)]
    ruled_on: String,
    #[serde(default)]
    ruling_gist: String,
}

impl LetterForm {
    /// What came of a remedy, without its paper; none where it is incomplete.
    pub(super) fn ruled(&self) -> Option<Ruled> {
        Some(Ruled {
            number: self.ruled_number.clone(),
            verdict: Verdict::ALL.into_iter().find(|one| one.code() == self.verdict)?,
            document: self.ruling_document.clone(),
            on: self.ruled_on.trim().parse().ok()?,
            gist: self.ruling_gist.clone(),
            papers: Vec::new(),
        })
    }

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

/// What came of a remedy in words; whether the decision is made anew is said behind it.
pub(super) fn ruled(ruled: &Ruled, reopens: bool) -> String {
    let gist = if ruled.gist.is_empty() { String::new() } else { format!("：{}", ruled.gist) };
    let anew = if reopens { "；原决定不再有效，重新办理" } else { "" };
    format!("{}，{}{}（{}）{gist}{anew}", ruled.number, ruled.on, ruled.verdict.name(), ruled.document)
}

/// A filed remedy in words.
pub(super) fn remedy(letter: &str, filed: &Filed) -> String {
    format!("{letter}：{}{}，{}，{}", filed.on, filed.body, filed.kind.name(), filed.number)
}

/// Whether a remedy is pending against one of the decisions.
pub(super) fn pending(decisions: &[ToldView]) -> bool {
    decisions.iter().flat_map(|one| &one.filed).any(|one| one.ruled.is_none())
}
