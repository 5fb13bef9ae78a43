//! Review (复核): a person looks at what waits before it becomes public, and lets it go or takes a number out of it.
//!
//! Serves 鲁信用办〔2019〕8号 art. 六, 山东省社会信用条例 arts. 十三, 二十 and 四十二, 行政处罚法 art. 五十一. Every decision is
//! an act with its reason; whole batches are released in [`crate::batch::release`].

pub mod claim;
pub mod list;
mod person;
pub mod redact;
pub mod release;
pub mod rules;
pub mod withhold;

pub use list::{HOLDS, HeldView};
pub use person::{ClaimDoing, Claiming, Reviewed, Reviewing, claim_as, review_as, step_claim_as};
pub use redact::{redact, redact_for};
pub use release::{Released, release};

use crate::{AppError, Result};
use credence_domain::rulebook::Rulebook;
use credence_store::act::Draft;
use jiff::civil::Date;
use serde_json::Map;

/// Who decides, and why.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// Who acts.
    pub actor: &'a str,
    /// Why.
    pub reason: &'a str,
    /// Who answers for the secrecy review, where it was missing.
    pub secrecy_review: &'a str,
}

impl Decision<'_> {
    /// Whoever acts is named.
    ///
    /// # Errors
    /// `bad_parameter` where nobody is.
    pub(crate) fn has_actor(&self) -> Result<()> {
        if crate::account::is_blank(self.actor) {
            return Err(AppError::refused("bad_parameter", "as", "请写明办理人（--as）"));
        }
        Ok(())
    }

    /// Whoever acts is named, and says why.
    ///
    /// # Errors
    /// `bad_parameter` where nobody is, `reason_missing`.
    pub(crate) fn is_founded(&self) -> Result<()> {
        self.has_actor()?;
        crate::account::reason(self.reason).map(drop)
    }
}

/// The draft of an act on records that come from one batch.
pub(crate) fn draft(
    kind: &'static str,
    decision: Decision<'_>,
    rulebook: &Rulebook,
    today: Date,
    batch: Option<[u8; 16]>,
) -> Draft {
    let mut details = Map::new();
    if !decision.secrecy_review.is_empty() {
        details.insert("secrecy_review".to_owned(), decision.secrecy_review.into());
    }
    Draft {
        kind,
        actor: decision.actor.to_owned(),
        second: None,
        purpose: "publicity",
        basis: "鲁信用办〔2019〕8号 六".to_owned(),
        reason: decision.reason.to_owned(),
        rulebook: rulebook.digest,
        as_of: today,
        batch,
        details,
    }
}
