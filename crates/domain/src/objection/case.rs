//! A case as its steps have made it.

use super::{Contest, Decided, Event, Evidence, Filed, Found, Matter, Running, Statement, Step, rule};
use crate::listing::{Refusal, Told, told};
use jiff::civil::Date;

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// How it began.
    pub filed: Filed,
    /// When it was entered.
    pub filed_on: Date,
    /// What else was said, in order.
    pub joined: Vec<Joined>,
    /// Its clocks, in the order of their start.
    pub clocks: Vec<Running>,
    /// The day on which the owner took it on.
    pub accepted_on: Option<Date>,
    /// The check was extended.
    pub extended: bool,
    /// What the owner found.
    pub finding: Option<Finding>,
    /// The decision.
    pub decision: Option<Decision>,
    /// The appeal.
    pub appeal: Option<Appeal>,
    /// Its decisions by their letters, in order.
    pub told: Vec<Told>,
    /// Everybody of a unit who took a step, with the unit.
    pub involved: Vec<(String, String)>,
    /// Day of the last step.
    pub last_on: Date,
    /// Where it stands by its steps.
    pub standing: Standing,
}

/// Something that joined it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// When it was entered.
    pub on: Date,
    /// What.
    pub statement: Statement,
}

/// What the owner found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Who.
    pub by: String,
    /// For which unit.
    pub unit: String,
    /// When.
    pub on: Date,
    /// What.
    pub found: Found,
    /// In words.
    pub text: String,
    /// Documents.
    pub evidence: Vec<Evidence>,
    /// The day on which the document behind the record was revoked.
    pub revoked_on: Option<Date>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who.
    pub by: String,
    /// For which unit.
    pub unit: String,
    /// When.
    pub on: Date,
    /// What.
    pub decided: Decided,
}

/// An appeal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// When.
    pub on: Date,
    /// Why.
    pub ground: String,
    /// To which unit it went: code and name.
    pub referred: Option<(String, String)>,
    /// What was decided.
    pub decision: Option<Decision>,
}

/// Where a case stands by its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// 已收到
    Filed,
    /// 已转提供单位
    Pushed,
    /// 已核查
    Checked,
    /// 已答复: the party may appeal until a day, which ends the case besides.
    Decided,
    /// 复核中
    Appealed,
    /// 已办结
    Closed,
    /// 已撤回
    Withdrawn,
    /// 已刊登 (a reply)
    Printed,
    /// 不予刊登 (a reply)
    Refused,
}

impl Standing {
    /// Every code.
    pub const CODES: [&'static str; 9] =
        ["filed", "pushed", "checked", "decided", "appealed", "closed", "withdrawn", "printed", "refused"];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Filed => "filed",
            Self::Pushed => "pushed",
            Self::Checked => "checked",
            Self::Decided => "decided",
            Self::Appealed => "appealed",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
            Self::Printed => "printed",
            Self::Refused => "refused",
        }
    }
}

impl Case {
    /// Begins with the first step.
    ///
    /// # Errors
    /// When the step is no beginning, or what was said says nothing.
    pub fn begin(step: &Step) -> Result<Self, Refusal> {
        let Event::Filed(filed) = &step.event else { return Err(rule::STATE_WRONG.because(step.event.code())) };
        check(filed.matter, &filed.statement, step.on)?;
        let own = (!step.unit.is_empty()).then(|| (step.by.clone(), step.unit.clone()));
        Ok(Self {
            filed_on: step.on,
            joined: Vec::new(),
            clocks: filed.clocks.iter().map(Running::start).collect(),
            accepted_on: None,
            extended: false,
            finding: None,
            decision: None,
            appeal: None,
            told: Vec::new(),
            // Who enters a paper has taken a step like any other.
            involved: own.into_iter().collect(),
            last_on: step.on,
            standing: Standing::Filed,
            filed: (**filed).clone(),
        })
    }

    /// Folds the steps of a case, in order.
    ///
    /// # Errors
    /// As [`Case::begin`] and [`Case::take`]; when there is no step.
    pub fn fold(steps: &[Step]) -> Result<Self, Refusal> {
        let (first, rest) = steps.split_first().ok_or_else(|| rule::STATE_WRONG.refuse())?;
        rest.iter().try_fold(Self::begin(first)?, Self::take)
    }

    /// Whether another unit than the one that handles it must check.
    #[must_use]
    pub fn needs_another(&self) -> bool {
        self.filed.owner != self.filed.handler
    }

    /// Its code on a day: what the party did not appeal in time is closed.
    #[must_use]
    pub fn code_on(&self, day: Date) -> &'static str {
        if self.standing == Standing::Decided && self.mark_through().is_some_and(|last| last < day) {
            return Standing::Closed.code();
        }
        self.standing.code()
    }

    /// Whether it is open on a day: something is still to be done or may still be said.
    #[must_use]
    pub fn is_open_on(&self, day: Date) -> bool {
        matches!(self.code_on(day), "filed" | "pushed" | "checked" | "decided" | "appealed")
    }

    /// Whether what the party says now still joins it.
    #[must_use]
    pub const fn takes_more(&self) -> bool {
        matches!(self.standing, Standing::Filed | Standing::Pushed | Standing::Checked | Standing::Appealed)
    }

    /// How many documents it has: of all that was said, of the finding, and of remedies against what was decided.
    #[must_use]
    pub fn papers(&self) -> usize {
        let joined: usize = self.joined.iter().map(|joined| joined.statement.evidence.len()).sum();
        let found = self.finding.as_ref().map_or(0, |finding| finding.evidence.len());
        self.filed.statement.evidence.len() + joined + found + told::papers(&self.told)
    }

    /// Whether its mark is beside the record by its steps: for an objection while it is open, for a reply while it is printed.
    #[must_use]
    pub const fn is_marked(&self) -> bool {
        match self.filed.matter {
            Matter::Objection => self.takes_more() || matches!(self.standing, Standing::Decided),
            Matter::Complaint => false,
            Matter::Reply => matches!(self.standing, Standing::Printed),
        }
    }

    /// Whether the letter of its last decision is still to be served; what went on to an appeal needs it no more.
    #[must_use]
    pub fn unserved(&self) -> bool {
        let stands = matches!(self.standing, Standing::Decided | Standing::Closed);
        stands && self.told.last().is_some_and(|one| one.served.is_none())
    }

    /// The unit that made its last decision and serves its letter.
    #[must_use]
    pub fn serving_unit(&self) -> Option<&str> {
        let of_appeal = self.appeal.as_ref().and_then(|appeal| appeal.decision.as_ref());
        of_appeal.or(self.decision.as_ref()).map(|decision| decision.unit.as_str())
    }

    /// The last day of its mark, where it is known: the last day to appeal, once the answer was served.
    #[must_use]
    pub fn mark_through(&self) -> Option<Date> {
        let decision = self.decision.as_ref().filter(|_| self.standing == Standing::Decided)?;
        decision.decided.appeal_until
    }

    /// The last day of the clocks that still run, the shortest first.
    #[must_use]
    pub fn due_on(&self) -> Option<Date> {
        self.clocks.iter().filter(|clock| clock.ended.is_none()).map(|clock| clock.due_on).min()
    }

    /// Whether something is late.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.clocks.iter().any(|clock| clock.is_overdue(today))
    }

    /// Whether a person or his unit checked or decided, or he took any step.
    #[must_use]
    pub fn involves(&self, by: &str, unit: &str) -> bool {
        self.involved.iter().any(|(name, _)| name == by) || self.involves_unit(unit)
    }

    /// Whether a unit checked or decided.
    #[must_use]
    pub fn involves_unit(&self, unit: &str) -> bool {
        let checked = self.finding.iter().any(|finding| finding.unit == unit);
        checked || self.decision.iter().any(|decision| decision.unit == unit)
    }
}

/// Refuses what says nothing.
pub(super) fn check(matter: Matter, statement: &Statement, on: Date) -> Result<(), Refusal> {
    rule::GROUND_MISSING.demand(!statement.ground.trim().is_empty())?;
    rule::DAY_IN_FUTURE.demand(statement.received_on <= on)?;
    let contested = &statement.contested;
    let fits = match matter {
        Matter::Objection => !contested.is_empty() && !contested.contains(&Contest::Handling),
        Matter::Complaint => contested.contains(&Contest::Handling),
        Matter::Reply => contested.is_empty() && statement.claims.is_empty(),
    };
    rule::CONTESTED_MISSING.demand(fits)?;
    rule::EVIDENCE_INVALID.demand(statement.evidence.iter().all(Evidence::is_sound))?;
    let told = match &statement.channel {
        super::Channel::Online {} => true,
        super::Channel::Paper { reference } => !reference.trim().is_empty(),
        super::Channel::National { number, received_on } => {
            rule::DAY_IN_FUTURE.demand(*received_on <= on)?;
            !number.trim().is_empty()
        }
    };
    rule::REFERENCE_MISSING.demand(told)
}
