//! A term of office (任职): from which day to which somebody held which office. Who it is stands apart: a step holds a digest.

use super::rule;
use super::step::{TermEvent, TermStep};
use crate::listing::Refusal;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The offices that article 十四 names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 法定代表人
    LegalRepresentative,
    /// 主要负责人
    Principal,
    /// 实际控制人
    ActualController,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::LegalRepresentative, Self::Principal, Self::ActualController];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::LegalRepresentative => "legal_representative",
            Self::Principal => "principal",
            Self::ActualController => "actual_controller",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LegalRepresentative => "法定代表人",
            Self::Principal => "主要负责人",
            Self::ActualController => "实际控制人",
        }
    }
}

/// A term of office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The organisation.
    pub uscc: String,
    /// The unit that entered it.
    pub unit: String,
    /// The office.
    pub role: Role,
    /// Digest over the person, in hex.
    pub person: String,
    /// First day in office.
    pub from_on: Date,
    /// Last day in office; none while it lasts.
    pub through_on: Option<Date>,
    /// What proves it.
    pub evidence: String,
    /// Day of the last step.
    pub last_on: Date,
    /// Taken back.
    pub withdrawn: bool,
    /// Clause by which the person was erased; none where nobody was.
    pub erased: Option<String>,
}

impl Term {
    /// Every code of a state.
    pub const CODES: [&'static str; 3] = ["in_office", "left", "withdrawn"];

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match (self.withdrawn, self.through_on) {
            (true, _) => "withdrawn",
            (false, Some(_)) => "left",
            (false, None) => "in_office",
        }
    }

    /// From all its steps.
    ///
    /// # Errors
    /// When the steps are no lawful sequence.
    pub fn fold(steps: &[TermStep]) -> Result<Self, Refusal> {
        let (first, rest) = steps.split_first().ok_or_else(|| rule::STATE_WRONG.refuse())?;
        rest.iter().try_fold(Self::enter(first)?, Self::take)
    }

    /// From its first step.
    ///
    /// # Errors
    /// When that enters no term, or its days contradict each other.
    pub fn enter(step: &TermStep) -> Result<Self, Refusal> {
        let TermEvent::Entered { uscc, unit, role, person, from_on, through_on, evidence } = &step.event else {
            return Err(rule::STATE_WRONG.because(step.event.code()));
        };
        rule::EVIDENCE_MISSING.demand(!evidence.trim().is_empty())?;
        rule::DAYS_WRONG.demand(*from_on <= step.on && through_on.is_none_or(|last| *from_on <= last))?;
        Ok(Self {
            uscc: uscc.clone(),
            unit: unit.clone(),
            role: *role,
            person: person.clone(),
            from_on: *from_on,
            through_on: *through_on,
            evidence: evidence.clone(),
            last_on: step.on,
            withdrawn: false,
            erased: None,
        })
    }

    /// After a step.
    ///
    /// # Errors
    /// When it does not allow the step.
    pub fn take(mut self, step: &TermStep) -> Result<Self, Refusal> {
        crate::listing::rule::DAY_NOT_WRITTEN.demand(self.last_on <= step.on)?;
        match &step.event {
            TermEvent::Entered { .. } => return Err(rule::STATE_WRONG.because("entered")),
            TermEvent::Left { through_on, evidence } => {
                rule::TERM_CLOSED.demand(!self.withdrawn && self.through_on.is_none())?;
                rule::EVIDENCE_MISSING.demand(!evidence.trim().is_empty())?;
                rule::DAYS_WRONG.demand(self.from_on <= *through_on)?;
                self.through_on = Some(*through_on);
            }
            TermEvent::Withdrawn { reason } => {
                rule::TERM_CLOSED.demand(!self.withdrawn)?;
                crate::listing::rule::REASON_MISSING.demand(!reason.trim().is_empty())?;
                self.withdrawn = true;
            }
            TermEvent::Erased { clause } => {
                rule::PERSON_ERASED.demand(self.erased.is_none())?;
                self.erased = Some(clause.clone());
            }
        }
        self.last_on = step.on;
        Ok(self)
    }

    /// Whether somebody in this office may answer for conduct on certain days: he held it on each of them.
    ///
    /// # Errors
    /// When he was appointed after, or was not in office on every one of the days, or the term was taken back or erased.
    pub fn covers(&self, conduct_from: Date, conduct_through: Date) -> Result<(), Refusal> {
        rule::TERM_WITHDRAWN.demand(!self.withdrawn)?;
        rule::PERSON_ERASED.demand(self.erased.is_none())?;
        if conduct_through < self.from_on {
            return Err(rule::APPOINTED_AFTER.because(format!("{}任职", self.from_on)));
        }
        let held = self.from_on <= conduct_from && self.through_on.is_none_or(|last| conduct_through <= last);
        if held {
            return Ok(());
        }
        let last = self.through_on.map_or_else(|| "今".to_owned(), |day| day.to_string());
        Err(rule::NOT_IN_OFFICE.because(format!("任职自{}至{last}", self.from_on)))
    }
}
