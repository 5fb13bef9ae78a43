//! Review and claims by people who have signed in: whoever the policies let look at what waits, and organisations that claim for
//! themselves.

use super::claim::{self, ClaimView};
use super::release::Outcome;
use super::rules::named;
use super::withhold::{Finding, withhold};
use super::{Decision, redact, release};
use crate::account::{Person, reason, short};
use crate::batch::release::release as release_batch;
use crate::desk::Desk;
use crate::query::page::{Asked, Page};
use crate::service::Service;
use crate::{AppError, Result, View};
use credence_domain::access::Role;
use credence_domain::record::claim::Opinion;
use credence_domain::record::secrecy::Ground;
use credence_domain::subject::{Uscc, uscc};
use serde::{Deserialize, Serialize};

/// The most records that are released at once.
const AT_ONCE: usize = 100;
/// The most fields that are named at once.
const FIELDS_MOST: usize = 50;

/// What a person decides of what waits. A record is named by its public reference, or as `CODE/REFERENCE`.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reviewing {
    /// Lets records become public, all of them or none.
    Release {
        /// The records.
        records: Vec<String>,
        /// Why; for a penalty that may be of simple procedure, that the ordinary one (普通程序) was applied.
        reason: String,
        /// Who answers for the secrecy review, where none is recorded.
        #[serde(default)]
        secrecy_review: String,
    },
    /// Lets a batch that waits as a whole become public.
    ReleaseBatch {
        /// Its number.
        batch: String,
        /// Why.
        reason: String,
        /// Who answers for the secrecy review, where none is recorded.
        #[serde(default)]
        secrecy_review: String,
    },
    /// Takes a field with an identity or telephone number out of what is public.
    Redact {
        /// The record.
        record: String,
        /// The field's code.
        field: String,
        /// Why.
        reason: String,
    },
    /// Keeps fields from the public by a clause.
    Withhold {
        /// The record.
        record: String,
        /// The fields' codes.
        fields: Vec<String>,
        /// On which ground.
        ground: Ground,
        /// Title and article.
        clause: String,
        /// Why.
        reason: String,
    },
    /// Discloses fields again.
    Disclose {
        /// The record.
        record: String,
        /// The fields' codes.
        fields: Vec<String>,
        /// Why.
        reason: String,
    },
}

/// What a review did.
#[derive(Clone, Debug, Serialize)]
pub struct Reviewed {
    /// Number of the batch that was released; `null` for single records.
    pub batch: Option<String>,
    /// Records released.
    pub released: u64,
    /// Records that still wait.
    pub still_held: u64,
    /// Each single record.
    pub records: Vec<Outcome>,
}

impl From<Outcome> for Reviewed {
    fn from(one: Outcome) -> Self {
        let held = u64::from(one.state == "held");
        Self { batch: None, released: u64::from(one.state == "accepted"), still_held: held, records: vec![one] }
    }
}

/// Decides, as a person, of what waits.
///
/// # Errors
/// `reason_missing`, `bad_parameter` for no records or more than a hundred, and whatever [`release`], [`redact`], [`withhold`] and
/// [`release_batch`] refuse; or a fault.
pub fn review_as(service: &Service, desk: &Desk, person: &Person, asked: &Reviewing) -> Result<Reviewed> {
    let (rulebook, actor) = (service.shared_rulebook(), person.account.name.as_str());
    let decision = |why, review| {
        let secrecy_review = short(review, "secrecy_review", 100)?;
        Ok::<_, AppError>(Decision { actor, reason: reason(why)?, secrecy_review })
    };
    match asked {
        Reviewing::Release { records, reason, secrecy_review } => {
            if records.is_empty() || records.len() > AT_ONCE {
                let text = format!("一次可放行1至{AT_ONCE}条记录");
                return Err(AppError::refused("bad_parameter", "records", text));
            }
            let decision = decision(reason, secrecy_review)?;
            let done = desk.at_length(|writer| release(writer, &rulebook, records, decision))?;
            let (released, still_held, records) = (done.released, done.still_held, done.records);
            Ok(Reviewed { batch: None, released, still_held, records })
        }
        Reviewing::ReleaseBatch { batch: number, reason, secrecy_review } => {
            let decision = decision(reason, secrecy_review)?;
            let done = desk.at_length(|writer| release_batch(writer, &rulebook, number, decision))?;
            let (released, still_held) = (done.released, done.still_held);
            Ok(Reviewed { batch: Some(done.batch), released, still_held, records: Vec::new() })
        }
        Reviewing::Redact { record, field, reason } => {
            let decision = decision(reason, "")?;
            Ok(desk.at_length(|writer| redact(writer, &rulebook, record, field, decision))?.into())
        }
        Reviewing::Withhold { record, fields, ground, clause, reason } => {
            let (decision, finding) = (decision(reason, "")?, Finding::Withhold { ground: *ground, clause });
            let fields = some(fields)?;
            let about = (record.trim(), fields.as_slice());
            Ok(desk.at_length(|writer| withhold(writer, &rulebook, about, finding, decision))?.into())
        }
        Reviewing::Disclose { record, fields, reason } => {
            let decision = decision(reason, "")?;
            let fields = some(fields)?;
            let about = (record.trim(), fields.as_slice());
            Ok(desk.at_length(|writer| withhold(writer, &rulebook, about, Finding::Lift, decision))?.into())
        }
    }
}

/// The fields that are named, each once.
fn some(fields: &[String]) -> Result<Vec<String>> {
    let mut named: Vec<String> = Vec::new();
    for field in fields.iter().map(|field| field.trim()).filter(|field| !field.is_empty()) {
        if !named.iter().any(|one| one == field) {
            named.push(field.to_owned());
        }
    }
    if named.is_empty() || named.len() > FIELDS_MOST {
        return Err(AppError::refused("bad_parameter", "fields", format!("请写明字段代码，最多{FIELDS_MOST}个")));
    }
    Ok(named)
}

/// A claim that is filed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claiming {
    /// The record, by its public reference or as `CODE/REFERENCE`.
    pub record: String,
    /// The fields that are claimed to tell a secret: their codes.
    pub fields: Vec<String>,
    /// The organisation that claims; an account that speaks for one alone need not say.
    #[serde(default)]
    pub claimant: Option<String>,
    /// Why.
    pub reason: String,
}

/// A step of a claim.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClaimDoing {
    /// Asks the third party in writing.
    Seek {
        /// Who is asked.
        third_party: String,
        /// Why this one.
        reason: String,
    },
    /// Takes its opinion.
    Hear {
        /// `agrees` or `objects`.
        opinion: String,
        /// What it says.
        reason: String,
    },
    /// The fields are withheld.
    Uphold {
        /// Title and article.
        clause: String,
        /// Why.
        reason: String,
    },
    /// The fields stay public.
    Reject {
        /// Why.
        reason: String,
    },
}

impl Service {
    /// A page of the claims that a person sees, those that wait first: all of them, or those of the organisations for which he
    /// speaks.
    ///
    /// # Errors
    /// `bad_parameter` for a limit, `bad_cursor`, or a fault.
    pub fn claims(&self, person: &Person, page: Asked<'_>) -> Result<Page<ClaimView>> {
        let view = View::office(self.today());
        let parties = (person.role == Role::Organisation).then_some(person.organisations.as_slice());
        let mut found = Err(AppError::NotFound);
        self.read(|connection| {
            found = claim::list_of(connection, &view, parties, page);
            Ok(())
        })?;
        found
    }
}

/// Files a claim in a person's name: an organisation for itself, of a record that it sees; whoever works on claims enters what came on
/// paper.
///
/// # Errors
/// `forbidden` for another organisation, `bad_parameter` without a claimant or fields, what [`claim::file`] refuses, or a fault.
pub fn claim_as(service: &Service, desk: &Desk, person: &Person, asked: &Claiming) -> Result<ClaimView> {
    let named_party = asked.claimant.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let party = match (person.role, named_party, person.organisations.as_slice()) {
        (Role::Organisation, None, [only]) => only.as_str(),
        (Role::Organisation, Some(code), own) if !own.iter().any(|one| one == code) => {
            return Err(AppError::refused("forbidden", "claimant", "只能为本账户代表的主体主张"));
        }
        (_, Some(code), _) => code,
        (_, None, _) => return Err(AppError::refused("bad_parameter", "claimant", "请写明主张人的统一社会信用代码")),
    };
    let claimant = Uscc::parse(&uscc::fold(party))
        .map_err(|error| AppError::refused("bad_parameter", "claimant", format!("{party}：{}", error.told())))?;
    let fields = some(&asked.fields)?;
    if person.role == Role::Organisation {
        let view = View::organisation(person.organisations.iter().map(String::as_str), service.today());
        let mut found = Ok(None);
        service.read(|connection| {
            found = named(connection, &view, asked.record.trim());
            Ok(())
        })?;
        found?.ok_or(AppError::NotFound)?;
    }
    let rulebook = service.shared_rulebook();
    let decision = Decision { actor: &person.account.name, reason: reason(&asked.reason)?, secrecy_review: "" };
    let about = (asked.record.trim(), fields.as_slice());
    desk.at_length(|writer| claim::file(writer, &rulebook, about, claimant, decision))
}

/// Takes a step of a claim in a person's name.
///
/// # Errors
/// What the claim's state or the record refuses, `reason_missing`, `bad_parameter`, `not_found`, or a fault.
pub fn step_claim_as(
    service: &Service,
    desk: &Desk,
    person: &Person,
    number: &str,
    doing: &ClaimDoing,
) -> Result<ClaimView> {
    let (rulebook, actor) = (service.shared_rulebook(), person.account.name.as_str());
    let decision = |why| Ok::<_, AppError>(Decision { actor, reason: reason(why)?, secrecy_review: "" });
    match doing {
        ClaimDoing::Seek { third_party, reason } => {
            let (third_party, decision) = (short(third_party, "third_party", 100)?, decision(reason)?);
            desk.at_length(|writer| claim::seek(writer, &rulebook, number, third_party, decision))
        }
        ClaimDoing::Hear { opinion, reason } => {
            let told = || {
                AppError::refused("bad_parameter", "opinion", "第三方意见为 agrees（同意公开）或者 objects（不同意）")
            };
            let (opinion, decision) = (Opinion::from_code(opinion).ok_or_else(told)?, decision(reason)?);
            desk.at_length(|writer| claim::hear(writer, &rulebook, number, opinion, decision))
        }
        ClaimDoing::Uphold { clause, reason } => {
            let decision = decision(reason)?;
            desk.at_length(|writer| claim::decide(writer, &rulebook, number, Some(clause), decision))
        }
        ClaimDoing::Reject { reason } => {
            let decision = decision(reason)?;
            desk.at_length(|writer| claim::decide(writer, &rulebook, number, None, decision))
        }
    }
}
