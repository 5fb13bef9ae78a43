//! The duty to inform those above (通报): of a public body or a state enterprise its superior and the auditors, of an official his
//! employer and the organs of discipline and personnel. It is asked until each has been informed with number and day; the end
//! of the listing does not end it.

use super::rule;
use super::step::{DutyEvent, DutyStep};
use crate::listing::Refusal;
use crate::rulebook::procedure::{Above, OfficerRulesVersion};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why those above are informed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// 机关事业单位: told by its code.
    PublicBody,
    /// 国有企业: told by its registered type, or by the unit.
    StateEnterprise,
    /// 机关事业单位、国有企业工作人员: told by the unit.
    Official,
}

impl Because {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PublicBody => "public_body",
            Self::StateEnterprise => "state_enterprise",
            Self::Official => "official",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PublicBody => "机关事业单位",
            Self::StateEnterprise => "国有企业",
            Self::Official => "机关事业单位、国有企业工作人员",
        }
    }

    /// Whom it asks to inform.
    #[must_use]
    pub fn informs(self, rules: &OfficerRulesVersion) -> &[Above] {
        match self {
            Self::PublicBody | Self::StateEnterprise => &rules.inform_of_body,
            Self::Official => &rules.inform_of_official,
        }
    }
}

/// What an organisation is by its code and its registered type; nothing where neither tells.
#[must_use]
pub fn because(rules: &OfficerRulesVersion, uscc: &str, kind: &str) -> Option<Because> {
    if rules.public_body_classes.iter().any(|class| uscc.starts_with(class.as_str())) {
        return Some(Because::PublicBody);
    }
    let named = rules.state_enterprise_words.iter().any(|word| kind.contains(word.as_str()));
    named.then_some(Because::StateEnterprise)
}

/// The duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Number of the listing.
    pub listing: String,
    /// Number of the decision to list.
    pub document: String,
    /// The organisation.
    pub uscc: String,
    /// The unit that has to inform.
    pub unit: String,
    /// Why.
    pub because: Because,
    /// Whom, in order.
    pub notices: Vec<Notice>,
    /// By when.
    pub due_on: Date,
    /// Day of the last step.
    pub last_on: Date,
}

/// One of those who are informed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Whom.
    pub to: Above,
    /// Name of the body, number and day; none while it is owed.
    pub done: Option<(String, String, Date)>,
}

/// Where a duty stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Somebody is still to be informed.
    Open,
    /// Everybody was.
    Closed,
}

impl Standing {
    /// Every code.
    pub const CODES: [&'static str; 2] = ["open", "closed"];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

impl Duty {
    /// From all its steps.
    ///
    /// # Errors
    /// When the steps are no lawful sequence.
    pub fn fold(steps: &[DutyStep]) -> Result<Self, Refusal> {
        let (first, rest) = steps.split_first().ok_or_else(|| rule::STATE_WRONG.refuse())?;
        rest.iter().try_fold(Self::arise(first)?, Self::take)
    }

    /// From its first step.
    ///
    /// # Errors
    /// When it asks nobody to be informed.
    pub fn arise(step: &DutyStep) -> Result<Self, Refusal> {
        let DutyEvent::Arose { listing, document, uscc, unit, because, to, due_on } = &step.event else {
            return Err(rule::STATE_WRONG.because(step.event.code()));
        };
        rule::RULES_MISSING.demand(!to.is_empty())?;
        Ok(Self {
            listing: listing.clone(),
            document: document.clone(),
            uscc: uscc.clone(),
            unit: unit.clone(),
            because: *because,
            notices: to.iter().map(|to| Notice { to: *to, done: None }).collect(),
            due_on: *due_on,
            last_on: step.on,
        })
    }

    /// After a step.
    ///
    /// # Errors
    /// When nobody of the kind is owed a notice, or number, day or addressee are missing.
    pub fn take(mut self, step: &DutyStep) -> Result<Self, Refusal> {
        crate::listing::rule::DAY_NOT_WRITTEN.demand(self.last_on <= step.on)?;
        let DutyEvent::Informed { to, addressee, number, on } = &step.event else {
            return Err(rule::STATE_WRONG.because(step.event.code()));
        };
        let found = self.notices.iter_mut().find(|notice| notice.to == *to);
        let notice = found.ok_or_else(|| rule::DUTY_UNKNOWN.because(to.name()))?;
        rule::DUTY_DONE.demand(notice.done.is_none())?;
        rule::DUTY_UNPROVED.demand(!addressee.trim().is_empty() && !number.trim().is_empty())?;
        crate::listing::rule::DAY_IN_FUTURE.demand(*on <= step.on)?;
        notice.done = Some((addressee.clone(), number.clone(), *on));
        self.last_on = step.on;
        Ok(self)
    }

    /// Where it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        if self.notices.iter().all(|notice| notice.done.is_some()) { Standing::Closed } else { Standing::Open }
    }

    /// Whether somebody who was to be informed by a day before has not been.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.standing() == Standing::Open && self.due_on < today
    }
}
