//! The steps of a case as they are kept: who, for which unit, on which day, what. A step carries everything that was computed
//! from the rulebook of its day.

use super::Clock;
use crate::listing::{Filed as RemedyFiled, Ruled, Service};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Who took it.
    pub by: String,
    /// For which unit; empty for the organisation itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The day on which it was entered.
    pub on: Date,
    /// What happened.
    pub event: Event,
}

/// What a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// 异议: a record is wrong, or is not this organisation's, or is shown as it may not be.
    Objection,
    /// 投诉: about how something was handled.
    Complaint,
    /// 主体申辩: the organisation's own words beside the record.
    Reply,
}

impl Matter {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Objection, Self::Complaint, Self::Reply];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::Complaint => "complaint",
            Self::Reply => "reply",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Objection => "异议",
            Self::Complaint => "投诉",
            Self::Reply => "主体申辩",
        }
    }

    /// The matter of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|matter| matter.code() == code)
    }
}

/// How it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "channel", deny_unknown_fields)]
pub enum Channel {
    /// By the organisation's own account.
    Online {},
    /// On paper, entered by a unit.
    Paper {
        /// Number under which the paper is kept.
        reference: String,
    },
    /// From the national window (信用中国).
    National {
        /// Its number there.
        number: String,
        /// The day on which it came there.
        received_on: Date,
    },
}

/// What is contested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contest {
    /// 内容: a field says something wrong.
    Content,
    /// 公示和期限: it should not be public, or not so long.
    Publicity,
    /// 不予修复: a refusal of repair.
    Refusal,
    /// 归属: it is about somebody else.
    Ownership,
    /// 办理: how something was handled (a complaint).
    Handling,
}

/// A field of the record with the value that the organisation holds right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Code of the field.
    pub field: String,
    /// The value claimed.
    pub value: String,
}

/// A document: a file that is kept here, or one that is kept outside, by what proves it is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Name or number of the document.
    pub name: String,
    /// SHA-256 of its file, in hex.
    pub digest: String,
    /// It was handed in as a file, which is kept here under that digest ([`crate::paper`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub file: bool,
}

impl Evidence {
    /// Whether it has a name and a digest.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        self.digest.len() == 64 && self.digest.bytes().all(hex) && !self.name.trim().is_empty()
    }
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// How it came.
    pub channel: Channel,
    /// The day on which it was received here: the clocks run from it.
    pub received_on: Date,
    /// In words.
    pub ground: String,
    /// What is contested; nothing for a reply.
    #[serde(default)]
    pub contested: Vec<Contest>,
    /// Fields with the values claimed.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// Documents.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

/// The first step: the record, whose it is, who handles it, what was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filed {
    /// What it is.
    pub matter: Matter,
    /// The organisation.
    pub uscc: String,
    /// Identity of the record, in hex.
    pub record: String,
    /// Its item.
    pub item: String,
    /// Number of its document, or the item's name.
    pub title: String,
    /// The unit whose record it is.
    pub owner: String,
    /// Its name.
    pub owner_name: String,
    /// The unit that handles the case.
    pub handler: String,
    /// Its name.
    pub handler_name: String,
    /// What was said.
    pub statement: Statement,
    /// The clocks that it starts.
    pub clocks: Vec<Clock>,
}

/// What the owner's check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// 属实
    Right,
    /// 部分属实
    PartlyRight,
    /// 不属实
    Unfounded,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 成立
    Upheld,
    /// 部分成立
    Partly,
    /// 不成立
    Rejected,
}

impl Outcome {
    /// Its Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Upheld => "成立",
            Self::Partly => "部分成立",
            Self::Rejected => "不成立",
        }
    }
}

/// A field that is corrected, with what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Code of the field.
    pub field: String,
    /// Its name.
    pub name: String,
    /// What it said.
    pub old: String,
    /// What it says now.
    pub new: String,
}

/// What is done about an objection that is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "remedy", deny_unknown_fields)]
pub enum Remedy {
    /// Fields are corrected: the record's next version.
    Corrected {
        /// Each with its old and new value.
        changes: Vec<Change>,
    },
    /// The record is withdrawn: it is not this organisation's, or its document was revoked.
    Withdrawn {
        /// The document that says so, or why.
        document: String,
    },
    /// Something else was done, in words.
    Noted {
        /// What.
        text: String,
    },
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// Number of the letter that says it.
    pub letter: String,
    /// What was decided.
    pub outcome: Outcome,
    /// What is done.
    #[serde(default)]
    pub remedies: Vec<Remedy>,
    /// Why.
    pub reason: String,
    /// Last day to appeal, where it was counted from the letter: by programs that recorded no service. What is decided now has it from
    /// the service of the letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal_until: Option<Date>,
    /// Working days to appeal from the service; none where there is nothing to appeal or it is the last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal_days: Option<u32>,
}

/// What happens to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// It begins.
    Filed(Box<Filed>),
    /// The party says more about the same record.
    Joined {
        /// What.
        statement: Statement,
    },
    /// It goes to the unit that must check.
    Pushed {},
    /// That unit takes it on.
    Accepted {
        /// The clocks that this starts.
        clocks: Vec<Clock>,
    },
    /// The party is told in advance that the check takes longer.
    Extended {
        /// The new last day.
        until_on: Date,
        /// Why.
        reason: String,
    },
    /// The unit has checked.
    Checked {
        /// What it found.
        found: Found,
        /// In words.
        text: String,
        /// Documents.
        evidence: Vec<Evidence>,
        /// The day on which the document behind the record was revoked, where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revoked_on: Option<Date>,
        /// The clocks that this starts.
        #[serde(default)]
        clocks: Vec<Clock>,
    },
    /// It is decided.
    Decided(Decided),
    /// The party does not accept it.
    Appealed {
        /// Why not.
        ground: String,
        /// The clocks that this starts.
        clocks: Vec<Clock>,
    },
    /// The appeal goes to a unit that had no part in the case.
    Referred {
        /// The unit.
        unit: String,
        /// Its name.
        name: String,
    },
    /// The appeal is decided.
    AppealDecided(Decided),
    /// The letter of a decision has reached the party: its periods run.
    DecisionServed {
        /// How and when.
        service: Service,
        /// Last day to appeal, where the decision may be appealed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appeal_until: Option<Date>,
    },
    /// The party has gone to a reviewing body or to court over a decision.
    RemedyFiled {
        /// Number of the decision's letter.
        letter: String,
        /// What was filed.
        filed: RemedyFiled,
        /// Its papers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<Evidence>,
    },
    /// A reviewing body or a court has ruled on that, or the party took it back.
    RemedyRuled {
        /// What came of it.
        ruled: Ruled,
        /// The decision fell by it and is made anew.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reopens: bool,
        /// The clocks that this starts.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        clocks: Vec<Clock>,
    },
    /// The party takes it back.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// A reply is printed beside the record.
    Printed {},
    /// A reply is not printed.
    Refused {
        /// Why.
        reason: String,
    },
}

impl Event {
    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Filed(_) => "filed",
            Self::Joined { .. } => "joined",
            Self::Pushed {} => "pushed",
            Self::Accepted { .. } => "accepted",
            Self::Extended { .. } => "extended",
            Self::Checked { .. } => "checked",
            Self::Decided(_) => "decided",
            Self::Appealed { .. } => "appealed",
            Self::Referred { .. } => "referred",
            Self::AppealDecided(_) => "appeal_decided",
            Self::DecisionServed { .. } => "decision_served",
            Self::RemedyFiled { .. } => "remedy_filed",
            Self::RemedyRuled { .. } => "remedy_ruled",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Printed {} => "printed",
            Self::Refused { .. } => "refused",
        }
    }
}
