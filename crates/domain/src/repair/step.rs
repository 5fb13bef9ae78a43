//! The steps of a repair as they are kept. A step carries everything that was computed from the rulebook of its day.

use super::fault::Fault;
use super::plan::{Followed, Plan, Ruling};
use crate::listing::{Filed, Ruled, Service};
use crate::objection::Evidence;
use crate::publicity::Restart;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Who took it.
    pub by: String,
    /// The day on which it was entered.
    pub on: Date,
    /// What happened.
    pub event: Event,
}

/// The last day of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// The day.
    pub on: Date,
    /// It lies beyond the published calendar: nobody is late by it yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
}

impl From<crate::calendar::Due> for Due {
    fn from(due: crate::calendar::Due) -> Self {
        Self { on: due.on, provisional: due.provisional }
    }
}

/// How an application came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "channel", deny_unknown_fields)]
pub enum Channel {
    /// By the organisation's own account.
    Account,
    /// On paper, entered on its behalf.
    Paper {
        /// Number of the paper.
        reference: String,
    },
    /// From the national window (信用中国).
    National {
        /// Its number there.
        reference: String,
        /// The day on which it was made there: the window's own clock runs from it.
        window_on: Date,
    },
}

impl Channel {
    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Paper { .. } => "paper",
            Self::National { .. } => "national",
        }
    }

    /// The number under which it is known outside; empty where it has none.
    #[must_use]
    pub fn reference(&self) -> &str {
        match self {
            Self::Account => "",
            Self::Paper { reference } | Self::National { reference, .. } => reference,
        }
    }
}

/// A paper that goes with an application (附件): a file that is kept here, or by number and digest alone what was shown elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Code of its kind (`[list.repair_paper]` in rulebook/codes.toml).
    pub kind: String,
    /// Its number or name.
    pub number: String,
    /// SHA-256 of its bytes in hex; empty where it stays with the window on paper.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// It was handed in as a file, which is kept here under that digest ([`crate::paper`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub file: bool,
}

/// The letter of commitment (信用修复承诺书) as it was signed: the edition of the text, every clause, the day, the digest of its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// First day of the edition of the text.
    pub edition: Date,
    /// Codes of the clauses to which it says yes.
    pub clauses: Vec<String>,
    /// Day of signature.
    pub signed_on: Date,
    /// SHA-256 of the text in hex.
    pub digest: String,
}

/// An application as it was admitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applied {
    /// Identity of the record, in hex.
    pub record: String,
    /// Its item.
    pub item: String,
    /// The organisation.
    pub uscc: String,
    /// Number of the decision that the record is about.
    pub document: String,
    /// The unit that decided: it alone repairs (谁认定、谁修复).
    pub unit: String,
    /// Class of misconduct: `minor`, `general`, `serious`; empty where the order knows none.
    pub class: String,
    /// Pack and row that rule the periods.
    pub pack: String,
    /// Pack that rules the procedure: that of the day of the application.
    pub procedure: String,
    /// What the order asks, in words.
    pub conditions: String,
    /// Last day of the minimum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_end_on: Option<Date>,
    /// First day on which it could be applied for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair_from_on: Option<Date>,
    /// Last public day without a repair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through_on: Option<Date>,
    /// How it came.
    pub channel: Channel,
    /// How the wrong was put right.
    pub rectified: String,
    /// Papers.
    pub papers: Vec<Paper>,
    /// The commitment; none where a plan of a court is all that the order asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Promise>,
    /// The plan, where a shield is applied for and no repair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// Last day to shield the record, where that is applied for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shield: Option<Due>,
    /// The shield from which it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followed: Option<Followed>,
    /// Last day for the window to push it; none where it is with the authority already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<Due>,
    /// Last day for the window's answer, as a rule; none where it did not come through a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Due>,
    /// The clock of acceptance, where it is with the authority already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived: Option<Arrived>,
}

impl Applied {
    /// What it says, in words: how the wrong was put right, or the plan that is being carried out.
    #[must_use]
    pub fn told(&self) -> String {
        match &self.plan {
            Some(plan) => {
                format!("{}持{}申请{}执行期间临时屏蔽", plan.applicant.name(), plan.approved.told(), plan.kind.name())
            }
            None => self.rectified.clone(),
        }
    }
}

/// The arrival at the authority, from which its clocks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrived {
    /// The day.
    pub on: Date,
    /// Last day to accept, to name what is missing or to refuse; none where the order gives no number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<Due>,
}

/// A penalty on which an entry of a list rests, and whose publicity ends with it (市场监督管理信用修复管理办法 art. 十三).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Related {
    /// Identity of its record, in hex.
    pub record: String,
    /// Number of the decision.
    pub document: String,
}

/// A condition that was found met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Met {
    /// Its code.
    pub code: String,
    /// In the words of the rulebook of the day.
    pub text: String,
}

/// What happens to a repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// Somebody applied.
    Applied(Box<Applied>),
    /// The window has looked at it and passes it to the authority.
    Pushed {
        /// What the window found.
        opinion: String,
        /// The authority's clock.
        arrived: Arrived,
    },
    /// The authority says, once, what is missing.
    PapersAsked {
        /// What.
        missing: Vec<String>,
    },
    /// What was missing has come; the clock of acceptance begins anew.
    Supplemented {
        /// The papers.
        papers: Vec<Paper>,
        /// Last day to accept or refuse; to shield, where that is applied for.
        accept: Option<Due>,
    },
    /// The authority accepts it.
    Accepted {
        /// Last day to decide; none where the order gives no number.
        decide: Option<Due>,
    },
    /// The authority does not accept it.
    NotAccepted {
        /// Number of the letter.
        letter: String,
        /// Why.
        reason: String,
        /// Remedies, in words.
        remedies: Vec<String>,
    },
    /// The case is complex: the time to decide is longer.
    Extended {
        /// Why.
        reason: String,
        /// Last day now.
        decide: Due,
    },
    /// It is granted.
    Granted {
        /// Number of the letter.
        letter: String,
        /// What was looked at, and how it stands.
        findings: String,
        /// Last day by which every system has followed, where the order gives a number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sync: Option<Due>,
        /// Penalties whose publicity ends with the entry that leaves its list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        related: Vec<Related>,
        /// The conditions that were found met, one by one; none in cases of before that was asked for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        conditions: Vec<Met>,
    },
    /// The record is shielded while the plan is carried out.
    Shielded {
        /// Number of the letter.
        letter: String,
        /// What was looked at, and why no less would do.
        findings: String,
        /// Numbers of the measures that do not stand in the way of the plan and are not lifted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        kept: Vec<String>,
    },
    /// The plan was not carried out: the record stands again as it did.
    PlanFailed {
        /// Number of the letter.
        letter: String,
        /// The ruling that says so.
        ruling: Ruling,
    },
    /// The plan is carried out: the shield ends, and an ordinary application may follow.
    PlanCompleted {
        /// The ruling that says so.
        ruling: Ruling,
        /// Number of the application that goes on from here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        followed_by: Option<String>,
    },
    /// It is refused.
    Refused {
        /// Number of the letter.
        letter: String,
        /// Why.
        reason: String,
        /// Remedies, in words.
        remedies: Vec<String>,
    },
    /// The organisation takes its application back.
    Withdrawn {
        /// Why; may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// There is nothing left to repair: the record has ended or fallen.
    Stopped {
        /// How.
        reason: String,
    },
    /// The papers were false or the promise was broken: a granted repair is taken back, a pending one is over.
    Revoked {
        /// Number of the letter.
        letter: String,
        /// What it was.
        fault: Fault,
        /// The facts.
        facts: String,
        /// Last public day of the record of it.
        sanction_through_on: Date,
        /// Last day on which the record may not be applied for.
        barred_through_on: Date,
        /// The period of the record counts anew; none where it runs on as it did, or nothing was granted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        restart: Option<Restart>,
        /// Why, with what is said to the statements of the organisation; empty in cases of before it was heard.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// The letter of a decision has reached the organisation: the periods of its remedies run.
    DecisionServed {
        /// How and when.
        service: Service,
    },
    /// The organisation has gone to a reviewing body or to court over a decision.
    RemedyFiled {
        /// Number of the decision's letter.
        letter: String,
        /// What was filed.
        filed: Filed,
        /// Its papers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<Evidence>,
    },
    /// A reviewing body or a court has ruled on that, or the party took it back.
    RemedyRuled {
        /// What came of it.
        ruled: Ruled,
        /// The refusal fell by it: the application is decided anew.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reopens: bool,
        /// Last day to do so; none where the order gives no number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
    },
    /// Somebody proposes to revoke; the notice of it is written.
    RevocationProposed {
        /// Number of the notice.
        letter: String,
        /// What it is held to be.
        fault: Fault,
        /// The facts.
        facts: String,
    },
    /// The notice has reached the organisation, whose days for a statement run.
    RevocationServed {
        /// How and when.
        service: Service,
        /// Working days for a statement.
        statement_days: u32,
        /// Last day for it.
        statement_due_on: Date,
        /// That day lies beyond the published calendar.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        provisional: bool,
        /// Last day to revoke or to drop it; none where no number is set.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decide: Option<Due>,
    },
    /// The organisation states its case (陈述、申辩).
    RevocationStated {
        /// The day on which it came.
        on: Date,
        /// What it says.
        text: String,
        /// Number of the paper, where it came on paper; empty where it came by the organisation's account.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reference: String,
        /// Papers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<Paper>,
    },
    /// The organisation expressly gives up what is left of its days for a statement (明确放弃陈述、申辩).
    RevocationWaived {
        /// The day on which it said so.
        on: Date,
        /// It said so by its own account; otherwise staff entered its paper.
        by_party: bool,
        /// Number of its paper; empty where it said so by its own account.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reference: String,
        /// Its paper.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<Paper>,
    },
    /// It is not revoked: the repair, the shield or the application stands as it did.
    RevocationDropped {
        /// Number of the letter.
        letter: String,
        /// Why.
        reason: String,
    },
}

impl Event {
    /// Whether it leads to a revocation or away from it, and changes nothing of how the case stands.
    #[must_use]
    pub const fn is_about_revoking(&self) -> bool {
        matches!(
            self,
            Self::RevocationProposed { .. }
                | Self::RevocationServed { .. }
                | Self::RevocationStated { .. }
                | Self::RevocationWaived { .. }
                | Self::RevocationDropped { .. }
        )
    }

    /// Whether it tells what became of a decision, and changes nothing of how the case stands.
    #[must_use]
    pub const fn is_about_a_letter(&self) -> bool {
        matches!(
            self,
            Self::DecisionServed { .. } | Self::RemedyFiled { .. } | Self::RemedyRuled { reopens: false, .. }
        )
    }

    /// Number of the letter that tells the decision in it; none where it decides nothing, or tells it by none.
    #[must_use]
    pub fn decided_by(&self) -> Option<&str> {
        let letter = match self {
            Self::NotAccepted { letter, .. }
            | Self::Refused { letter, .. }
            | Self::Granted { letter, .. }
            | Self::Shielded { letter, .. }
            | Self::PlanFailed { letter, .. }
            | Self::Revoked { letter, .. }
            | Self::RevocationDropped { letter, .. } => letter.as_str(),
            _ => return None,
        };
        Some(letter).filter(|letter| !letter.is_empty())
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Applied(_) => "applied",
            Self::Pushed { .. } => "pushed",
            Self::PapersAsked { .. } => "papers_asked",
            Self::Supplemented { .. } => "supplemented",
            Self::Accepted { .. } => "accepted",
            Self::NotAccepted { .. } => "not_accepted",
            Self::Extended { .. } => "extended",
            Self::Granted { .. } => "granted",
            Self::Shielded { .. } => "shielded",
            Self::PlanFailed { .. } => "plan_failed",
            Self::PlanCompleted { .. } => "plan_completed",
            Self::Refused { .. } => "refused",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Stopped { .. } => "stopped",
            Self::Revoked { .. } => "revoked",
            Self::DecisionServed { .. } => "decision_served",
            Self::RemedyFiled { .. } => "remedy_filed",
            Self::RemedyRuled { .. } => "remedy_ruled",
            Self::RevocationProposed { .. } => "revocation_proposed",
            Self::RevocationServed { .. } => "revocation_served",
            Self::RevocationStated { .. } => "revocation_stated",
            Self::RevocationWaived { .. } => "revocation_waived",
            Self::RevocationDropped { .. } => "revocation_dropped",
        }
    }
}
