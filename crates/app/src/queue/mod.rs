//! Queues (待办): what waits for one person out of every room, with its light, its last day and who is to do it; assigning it to
//! somebody else of the unit (转办), and standing in for whoever is away (代理).
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八. A queue keeps nothing of its own: each task is read off the case that its steps have made, so it
//! is there from the act that asks for it and gone with the act that does it. Kept is alone who is to do it (`store::assignment`).
//! An assignment gives no right: who may not take a step does not get it, and where another person must decide, whoever had a
//! part in it does not either. At most [`BOUND`] cases of each sort are looked at in each room: what is left out is said
//! (docs/design/0025). Whether a step is lawful remains the room's; this is where to look next.

mod assign;
mod gather;
mod listing;
mod measure;
mod month;
mod objection;
mod officer;
mod other;
mod person;
mod repair;
mod shared;
mod view;
mod worker;

pub use assign::{Assigning, assign_as};
pub use month::{DayView, MonthView};
pub(crate) use shared::{Hold, hold_of, open_of};
pub use view::{LightCount, QueueView, TaskView};

use crate::AppError;
use credence_domain::access::Action;
use credence_domain::calendar::Due;
use credence_domain::queue::Light;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Cases of each sort that are looked at in each room for one unit.
pub const BOUND: u32 = 200;

/// From which room a task comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 名单案件
    Listing,
    /// 惩戒措施
    Measure,
    /// 责任人员
    Officer,
    /// 信用修复
    Repair,
    /// 异议、投诉、申辩
    Objection,
    /// 提请, which a second person answers
    Proposal,
    /// 暂缓公示的记录
    Held,
    /// 商业秘密主张
    Claim,
    /// 查询滥用线索
    Incident,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Listing,
        Self::Measure,
        Self::Officer,
        Self::Repair,
        Self::Objection,
        Self::Proposal,
        Self::Held,
        Self::Claim,
        Self::Incident,
    ];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Listing => "listing",
            Self::Measure => "measure",
            Self::Officer => "officer",
            Self::Repair => "repair",
            Self::Objection => "objection",
            Self::Proposal => "proposal",
            Self::Held => "held",
            Self::Claim => "claim",
            Self::Incident => "incident",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listing => "名单案件",
            Self::Measure => "惩戒措施",
            Self::Officer => "责任人员",
            Self::Repair => "信用修复",
            Self::Objection => "异议、投诉和申辩",
            Self::Proposal => "等待复核",
            Self::Held => "暂缓公示",
            Self::Claim => "商业秘密主张",
            Self::Incident => "查询滥用线索",
        }
    }

    /// What whoever sees its tasks must be allowed.
    const fn reading(self) -> Action {
        match self {
            Self::Listing => Action::ReadListing,
            Self::Measure => Action::ReadMeasure,
            Self::Officer => Action::ReadOfficer,
            Self::Repair => Action::ReadRepair,
            Self::Objection => Action::ReadObjection,
            Self::Proposal => Action::OpenWorkbench,
            Self::Held => Action::ReviewRecord,
            Self::Claim => Action::StepClaim,
            Self::Incident => Action::HandleIncident,
        }
    }

    /// Whether its tasks wait for whoever has the right, of whatever unit, and not for the unit of a case.
    const fn is_shared(self) -> bool {
        matches!(self, Self::Proposal | Self::Held | Self::Claim | Self::Incident)
    }
}

/// Whose tasks are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Those that this person may do and nobody else is to do: assigned to him, to whoever he stands in for, or to nobody.
    #[default]
    Mine,
    /// All of his unit, whoever may do them.
    Unit,
}

/// Which tasks are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Which {
    /// Of one kind.
    pub kind: Option<Kind>,
    /// With one light.
    pub light: Option<Light>,
    /// Whose.
    pub whose: Whose,
}

impl Which {
    /// From what a request says.
    ///
    /// # Errors
    /// `bad_parameter` for a kind, a light or an owner that there is not.
    pub fn parse(kind: Option<&str>, light: Option<&str>, whose: Option<&str>) -> crate::Result<Self> {
        let bad = |field: &str, value: &str| AppError::refused("bad_parameter", field, format!("没有{value}"));
        let kind = match kind {
            Some(code) => Some(Kind::from_code(code).ok_or_else(|| bad("kind", code))?),
            None => None,
        };
        let light = match light {
            Some(code) => Some(Light::from_code(code).ok_or_else(|| bad("light", code))?),
            None => None,
        };
        let whose = match whose {
            None | Some("mine") => Whose::Mine,
            Some("unit") => Whose::Unit,
            Some(other) => return Err(bad("whose", other)),
        };
        Ok(Self { kind, light, whose })
    }
}

/// What waits, before it is known for whom.
#[derive(Clone, Debug)]
struct Waiting {
    kind: Kind,
    uscc: String,
    number: String,
    /// What it is about, in words; no natural person.
    title: String,
    /// The unit for which it waits; empty where it waits for whoever has the right.
    unit: String,
    /// What is asked for next.
    step: Step,
    /// Its last day; none where nothing runs.
    due: Option<Due>,
    /// Since when it stands where it stands.
    since_on: Date,
    /// Accounts that had a part in it, where another must do it.
    not_by: Vec<String>,
    /// The account that has taken it in hand by a step of its own, which counts like an assignment.
    taken_by: Option<String>,
}

/// What is asked for next: code, words, and the right that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    code: &'static str,
    words: &'static str,
    action: Action,
}

const fn step(code: &'static str, words: &'static str, action: Action) -> Step {
    Step { code, words, action }
}

/// A last day that is known.
const fn due(on: Date) -> Due {
    Due { on, provisional: false }
}
