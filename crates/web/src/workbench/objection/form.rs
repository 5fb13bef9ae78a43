//! Filings and steps as pages send them: only what each needs is filled in.

use super::super::letter::LetterForm;
use credence_app::objection::{Correction, Deciding, Doing, Filing};
use credence_domain::objection::{Channel, Claim, Contest, Found, Matter, Outcome};
use serde::Deserialize;

/// A filing as the page sends it.
#[derive(Deserialize)]
pub(crate) struct FileForm {
    matter: String,
    record: String,
    ground: String,
    #[serde(default)]
    contested: String,
    #[serde(default)]
    field: String,
    #[serde(default)]
    value: String,
    /// `paper` or `national` for what a unit enters.
    #[serde(default)]
    channel: String,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    received_on: String,
}

impl FileForm {
    /// The filing; none where it is incomplete.
    pub(super) fn filing(&self) -> Option<Filing> {
        let matter = Matter::from_code(&self.matter)?;
        let contested = match (matter, self.contested.as_str()) {
            (Matter::Reply, _) => Vec::new(),
            (Matter::Complaint, _) => vec![Contest::Handling],
            (Matter::Objection, "publicity") => vec![Contest::Publicity],
            (Matter::Objection, "refusal") => vec![Contest::Refusal],
            (Matter::Objection, "ownership") => vec![Contest::Ownership],
            (Matter::Objection, _) => vec![Contest::Content],
        };
        let field = self.field.trim();
        let claim = (matter == Matter::Objection && !field.is_empty())
            .then(|| Claim { field: field.to_owned(), value: self.value.trim().to_owned() });
        let received_on = match self.received_on.trim() {
            "" => None,
            day => Some(day.parse().ok()?),
        };
        let reference = self.reference.trim().to_owned();
        let channel = match self.channel.as_str() {
            "" => None,
            "national" => Some(Channel::National { number: reference, received_on: received_on? }),
            _ => Some(Channel::Paper { reference }),
        };
        let national = matches!(channel, Some(Channel::National { .. }));
        Some(Filing {
            matter,
            record: self.record.trim().to_owned(),
            ground: self.ground.clone(),
            contested,
            claims: claim.into_iter().collect(),
            evidence: Vec::new(),
            channel,
            // What came to the national window on a day came here today.
            received_on: received_on.filter(|_| !national),
        })
    }
}

/// A step as the page sends it.
#[derive(Deserialize)]
pub(crate) struct StepForm {
    act: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    found: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    field: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    withdraw: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    unit: String,
    #[serde(flatten)]
    letter: LetterForm,
}

impl StepForm {
    /// The step; none where it is unknown or incomplete.
    pub(super) fn doing(&self) -> Option<Doing> {
        let (text, day) = (|| self.text.clone(), self.on.trim());
        Some(match self.act.as_str() {
            "push" => Doing::Push {},
            "accept" => Doing::Accept {},
            "extend" => Doing::Extend { until_on: day.parse().ok()?, reason: text() },
            "check" => Doing::Check {
                found: match self.found.as_str() {
                    "right" => Found::Right,
                    "partly_right" => Found::PartlyRight,
                    _ => Found::Unfounded,
                },
                text: text(),
                evidence: Vec::new(),
                revoked_on: if day.is_empty() { None } else { Some(day.parse().ok()?) },
            },
            "decide" => Doing::Decide(self.deciding()),
            "decide_appeal" => Doing::DecideAppeal(self.deciding()),
            "appeal" => Doing::Appeal { ground: text() },
            "refer" => Doing::Refer { unit: self.unit.trim().to_owned() },
            "serve" => Doing::Serve { letter: self.letter.letter(), delivery: self.letter.delivery()? },
            // Its papers are kept first.
            "file_remedy" => {
                let filed = self.letter.filed()?;
                Doing::FileRemedy { letter: self.letter.letter(), filed, papers: Vec::new() }
            }
            "rule_remedy" => Doing::RuleRemedy { ruled: self.letter.ruled()? },
            "withdraw" => Doing::Withdraw { reason: text() },
            "print" => Doing::Print {},
            "refuse" => Doing::Refuse { reason: text() },
            _ => return None,
        })
    }

    fn deciding(&self) -> Deciding {
        let said = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let correction = said(&self.field).map(|field| Correction { field, value: self.value.clone() });
        Deciding {
            outcome: match self.outcome.as_str() {
                "upheld" => Outcome::Upheld,
                "partly" => Outcome::Partly,
                _ => Outcome::Rejected,
            },
            corrections: correction.into_iter().collect(),
            withdraw: said(&self.withdraw),
            note: said(&self.note),
            reason: self.text.clone(),
        }
    }
}
