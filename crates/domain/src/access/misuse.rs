//! Misuse (滥用线索): rules over the access journal. They look at one account's day and say what a person should look at; they
//! judge nobody.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八 (严肃查处泄露、篡改、牟利).

use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The rules, in dated versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misuse {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<MisuseVersion>,
}

/// The rules of a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MisuseVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// True where a number is a setting of ours, for confirmation.
    #[serde(default)]
    pub unverified: bool,
    /// Looks a day beyond which somebody should look.
    pub looks_a_day_max: usize,
    /// Looks a day without a case number.
    pub looks_without_case_a_day_max: usize,
    /// Hour at which work begins (Asia/Shanghai).
    pub work_begins_hour: i8,
    /// Hour at which it ends.
    pub work_ends_hour: i8,
    /// Looks a day outside these hours.
    pub looks_outside_hours_max: usize,
    /// Looks a day at organisations that are related to the reader.
    pub related_max: usize,
}

/// One look of the account on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Hour of the day (Asia/Shanghai).
    pub hour: i8,
    /// A case was named.
    pub has_case: bool,
    /// The organisation is related to the reader, as far as the register can tell.
    pub related: bool,
}

/// A rule, by what it looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MisuseRule {
    /// Very many looks (查询量异常).
    Volume,
    /// Many without a case (无办件查询).
    WithoutCase,
    /// Many outside working hours (非工作时间查询).
    Hours,
    /// Organisations related to the reader (查询关联主体).
    Related,
}

impl MisuseRule {
    /// Every rule.
    pub const ALL: [MisuseRule; 4] =
        [MisuseRule::Volume, MisuseRule::WithoutCase, MisuseRule::Hours, MisuseRule::Related];

    /// The rule with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            MisuseRule::Volume => "volume",
            MisuseRule::WithoutCase => "without_case",
            MisuseRule::Hours => "hours",
            MisuseRule::Related => "related",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MisuseRule::Volume => "查询量异常",
            MisuseRule::WithoutCase => "无办件查询过多",
            MisuseRule::Hours => "非工作时间查询",
            MisuseRule::Related => "查询关联主体",
        }
    }
}

impl Misuse {
    /// The rules on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&MisuseVersion> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}

impl MisuseVersion {
    /// Which rules an account's day breaks, with how many looks each.
    #[must_use]
    pub fn findings(&self, looks: &[Look]) -> Vec<(MisuseRule, usize)> {
        let count = |of: &dyn Fn(&Look) -> bool| looks.iter().filter(|look| of(look)).count();
        let outside = |look: &Look| look.hour < self.work_begins_hour || look.hour >= self.work_ends_hour;
        [
            (MisuseRule::Volume, looks.len(), self.looks_a_day_max),
            (MisuseRule::WithoutCase, count(&|look| !look.has_case), self.looks_without_case_a_day_max),
            (MisuseRule::Hours, count(&outside), self.looks_outside_hours_max),
            (MisuseRule::Related, count(&|look| look.related), self.related_max),
        ]
        .into_iter()
        .filter(|(_, found, most)| found > most)
        .map(|(rule, found, _)| (rule, found))
        .collect()
    }
}

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentState {
    /// Nobody has taken it.
    Open,
    /// Somebody works on it.
    Taken,
    /// Handed over to the discipline organ (移送纪检监察).
    HandedOver,
    /// Closed: it was no misuse.
    Dismissed,
    /// Closed: those affected were told.
    Closed,
}

/// What is done about an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentStep {
    /// Takes it.
    Take,
    /// Finds that it was no misuse.
    Dismiss,
    /// Hands it over to the discipline organ.
    HandOver,
    /// Tells those affected, and closes it.
    Close,
}

impl IncidentState {
    /// Every state.
    pub const ALL: [IncidentState; 5] = [
        IncidentState::Open,
        IncidentState::Taken,
        IncidentState::HandedOver,
        IncidentState::Dismissed,
        IncidentState::Closed,
    ];

    /// The state after a step; none where this state does not allow it.
    #[must_use]
    pub fn after(self, step: IncidentStep) -> Option<IncidentState> {
        match (self, step) {
            (IncidentState::Open, IncidentStep::Take) => Some(IncidentState::Taken),
            (IncidentState::Taken, IncidentStep::Dismiss) => Some(IncidentState::Dismissed),
            (IncidentState::Taken, IncidentStep::HandOver) => Some(IncidentState::HandedOver),
            (IncidentState::Taken | IncidentState::HandedOver, IncidentStep::Close) => Some(IncidentState::Closed),
            _ => None,
        }
    }

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            IncidentState::Open => "open",
            IncidentState::Taken => "taken",
            IncidentState::HandedOver => "handed_over",
            IncidentState::Dismissed => "dismissed",
            IncidentState::Closed => "closed",
        }
    }

    /// The state with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<IncidentState> {
        IncidentState::ALL.into_iter().find(|state| state.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> MisuseVersion {
        MisuseVersion {
            effective_from: jiff::civil::date(2019, 12, 10),
            effective_to: None,
            basis: Vec::new(),
            unverified: true,
            looks_a_day_max: 4,
            looks_without_case_a_day_max: 2,
            work_begins_hour: 7,
            work_ends_hour: 21,
            looks_outside_hours_max: 1,
            related_max: 0,
        }
    }

    const ORDINARY: Look = Look { hour: 10, has_case: true, related: false };

    #[test]
    fn an_ordinary_day_of_work_finds_nothing() {
        assert_eq!(rules().findings(&[ORDINARY; 4]), []);
        assert_eq!(rules().findings(&[]), []);
    }

    #[test]
    fn each_rule_finds_what_is_beyond_it_and_says_how_much() {
        assert_eq!(rules().findings(&[ORDINARY; 5]), [(MisuseRule::Volume, 5)]);
        let without = Look { has_case: false, ..ORDINARY };
        assert_eq!(rules().findings(&[without; 3]), [(MisuseRule::WithoutCase, 3)]);
        let (early, late) = (Look { hour: 6, ..ORDINARY }, Look { hour: 21, ..ORDINARY });
        assert_eq!(rules().findings(&[early, late]), [(MisuseRule::Hours, 2)]);
        let own = Look { related: true, ..ORDINARY };
        assert_eq!(rules().findings(&[ORDINARY, own]), [(MisuseRule::Related, 1)]);
    }

    #[test]
    fn an_incident_is_worked_off_by_whoever_took_it_and_stays_closed() {
        use IncidentStep::{Close, Dismiss, HandOver, Take};
        assert_eq!(IncidentState::Open.after(Close), None);
        assert_eq!(IncidentState::Open.after(Take), Some(IncidentState::Taken));
        assert_eq!(IncidentState::HandedOver.after(Dismiss), None);
        for closed in [IncidentState::Dismissed, IncidentState::Closed] {
            assert!([Take, Dismiss, HandOver, Close].into_iter().all(|step| closed.after(step).is_none()));
        }
        for state in IncidentState::ALL {
            assert_eq!(IncidentState::from_code(state.code()), Some(state));
        }
    }
}
