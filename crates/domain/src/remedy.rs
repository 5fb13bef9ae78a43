//! Last days of the remedies at law (救济期限): until when a party may apply for reconsideration (行政复议) or sue (行政诉讼) over a
//! decision that stands in a case.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八, 行政复议法 arts. 二十, 二十九, 七十四 and 八十八, 行政诉讼法 arts. 四十四 to 四十六 and 一百零一. The periods are data
//! (`rulebook/procedure/remedy.toml`). One remedy at a time: while a reconsideration is pending nobody sues, after its decision a period
//! of its own runs, and whoever has sued applies for nothing any more.
//!
//! Deliberately not here: what happens to a case when a remedy is filed, stays or changes it ([`crate::listing`], [`crate::officer`]);
//! the year of a party that was not told of its remedies (every letter here tells them), lost time (不可抗力) and the court's own leave:
//! they are for the body that is asked. A last day here is advice to the party and refuses nothing.

use crate::calendar::{Calendar, Due, last_day_of_months};
use crate::listing::{Cause, RemedyKind};
use crate::provision::Basis;
use crate::rulebook::listing::Nature;
use crate::rulebook::procedure::{Procedure, RemedyRule};
use crate::{listing, objection, officer, repair};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

/// From what the period is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// The recorded service (送达) of the decision.
    Service,
    /// The decision on the reconsideration, as its end was entered; whoever received that later has longer.
    Reconsideration,
}

impl Counted {
    /// In words, behind the day.
    #[must_use]
    pub const fn told(self) -> &'static str {
        match self {
            Self::Service => "送达",
            Self::Reconsideration => "复议决定，较晚收到的自收到之日起算",
        }
    }
}

/// A remedy that was filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filing {
    /// Which.
    pub kind: RemedyKind,
    /// The day on which it was decided; none while it is pending.
    pub decided_on: Option<Date>,
    /// The party took it back: nothing was decided.
    pub withdrawn: bool,
}

/// A decision that burdens a party, so that remedies run against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contestable<'c> {
    /// Number of its letter.
    pub letter: &'c str,
    /// The day from which its recorded service counts, itself not counted; none while it was not served: then no period runs.
    pub served_on: Option<Date>,
    /// The remedies as the decision tells them; empty where its letter names them in general.
    pub told: &'c [String],
    /// What was filed, in order.
    pub filed: Vec<Filing>,
}

/// The last day of a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastDay {
    /// Code of the remedy: `reconsideration`, `litigation`, `litigation_after_reconsideration`.
    pub code: String,
    /// Its Chinese name.
    pub name: String,
    /// The day from which it is counted.
    pub from_on: Date,
    /// What that day is.
    pub counted: Counted,
    /// The last day, moved past days off; provisional where no calendar says whether it is worked.
    pub due: Due,
    /// The law that sets the period.
    pub basis: Option<Basis>,
}

impl LastDay {
    /// What the party may do until then, in words.
    #[must_use]
    pub fn asked(&self) -> String {
        let sues = self.code.starts_with(RemedyKind::Litigation.code());
        format!("{}{}", if sues { "提起" } else { "申请" }, self.name)
    }
}

impl Contestable<'_> {
    /// Whether no period runs for want of a service.
    #[must_use]
    pub fn is_unserved(&self) -> bool {
        self.served_on.is_none() && self.filed.is_empty()
    }

    /// The last days of the remedies that are open to the party; none while one is pending or when a court has it.
    #[must_use]
    pub fn last_days(&self, procedure: &Procedure, calendar: &Calendar) -> Vec<LastDay> {
        let Some(served_on) = self.served_on else { return Vec::new() };
        let Some(version) = procedure.remedies(served_on) else { return Vec::new() };
        if self.filed.iter().any(|one| one.kind == RemedyKind::Litigation) {
            return Vec::new();
        }
        let (runs, from_on, counted) = match self.filed.last() {
            None => (None, served_on, Counted::Service),
            Some(Filing { decided_on: None, .. }) => return Vec::new(),
            // Whoever takes a reconsideration back may still sue, within the time that runs from the decision's service.
            Some(Filing { withdrawn: true, .. }) => (None, served_on, Counted::Service),
            Some(Filing { kind, decided_on: Some(on), .. }) => (Some(kind.code()), *on, Counted::Reconsideration),
        };
        let told = |rule: &&RemedyRule| self.told.is_empty() || self.told.iter().any(|one| one.contains(&rule.name));
        let once = |rule: &&RemedyRule| !self.filed.iter().any(|one| one.withdrawn && one.kind.code() == rule.code);
        let open = version.remedies.iter().filter(|rule| rule.after.as_deref() == runs).filter(told).filter(once);
        let last = |rule: &RemedyRule| {
            let on = match (rule.days, rule.months) {
                (Some(days), _) => from_on.saturating_add(i64::from(days).days()),
                (None, Some(months)) => last_day_of_months(from_on, months),
                (None, None) => return None,
            };
            let exact = Due { on, provisional: false };
            let due = if version.moves_past_days_off { calendar.worked_from(on) } else { exact };
            let (code, name, basis) = (rule.code.clone(), rule.name.clone(), rule.basis.clone());
            Some(LastDay { code, name, from_on, counted, due, basis })
        };
        open.filter_map(last).collect()
    }
}

/// The decision that lists an organisation, unless it fell; an honour burdens nobody.
#[must_use]
pub fn against_listing(case: &listing::Case) -> Option<Contestable<'_>> {
    let fell = matches!(&case.state, listing::State::Delisted(ended)
        if !matches!(ended.cause, Cause::Term | Cause::Repair { .. }));
    let listed = case.listed().filter(|_| !fell && case.nature == Nature::Adverse)?;
    let filed = listed.remedies.iter().map(|one| (one.filed.kind, one.outcome.as_ref().map(|(_, on)| *on)));
    Some(Contestable {
        letter: &listed.decided.letter,
        served_on: listed.served.as_ref().map(|service| service.served_on),
        told: &listed.decided.remedies,
        filed: filed.map(|(kind, decided_on)| Filing { kind, decided_on, withdrawn: false }).collect(),
    })
}

/// The decision that holds a person to account, unless it fell. The remedy is the person's.
#[must_use]
pub fn against_officer(case: &officer::Case) -> Option<Contestable<'_>> {
    let fell = matches!(&case.state, officer::State::Ended(end) if matches!(end.cause, officer::Ending::Remedy { .. }));
    let decided = case.decided().filter(|_| !fell)?;
    let filed = decided.remedies.iter().map(|one| (one.filed.kind, one.outcome.as_ref().map(|(_, on)| *on)));
    Some(Contestable {
        letter: &decided.letter,
        served_on: decided.served.as_ref().map(|service| service.served_on),
        told: &decided.told,
        filed: filed.map(|(kind, decided_on)| Filing { kind, decided_on, withdrawn: false }).collect(),
    })
}

/// The letter by which a repair was not accepted, refused or revoked, or by which a shield ended because the plan failed.
#[must_use]
pub fn against_repair(case: &repair::Case) -> Option<Contestable<'_>> {
    use repair::State;
    let (State::NotAccepted(ended) | State::Refused(ended) | State::Restored(ended) | State::Revoked { ended, .. }) =
        &case.state
    else {
        return None;
    };
    let decision = case.told.iter().find(|one| one.letter == ended.letter)?;
    Some(told_by(decision, &ended.remedies))
}

/// The decision that a letter tells.
fn told_by<'c>(decision: &'c listing::Told, told: &'c [String]) -> Contestable<'c> {
    Contestable {
        letter: &decision.letter,
        served_on: decision.served.as_ref().map(|service| service.served_on),
        told,
        filed: decision.filed.iter().map(of_contested).collect(),
    }
}

fn of_contested(contested: &listing::Contested) -> Filing {
    let ruled = contested.ruled.as_ref();
    let withdrawn = ruled.is_some_and(|ruled| ruled.verdict == listing::Verdict::Withdrawn);
    Filing { kind: contested.filed.kind, decided_on: ruled.map(|ruled| ruled.on), withdrawn }
}

/// The answer to an objection or a complaint that was not upheld as a whole; that to the appeal, where there is one.
#[must_use]
pub fn against_objection(case: &objection::Case) -> Option<Contestable<'_>> {
    let appealed = case.appeal.as_ref().and_then(|appeal| appeal.decision.as_ref());
    let decision = appealed.or(case.decision.as_ref())?;
    let burdens = decision.decided.outcome != objection::Outcome::Upheld;
    let told = case.told.iter().find(|one| one.letter == decision.decided.letter)?;
    burdens.then(|| told_by(told, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Day, Year};
    use jiff::civil::date;

    const SHIPPED: &str = include_str!("../../../rulebook/procedure/remedy.toml");

    /// 2026 with its days off around 1 May and 1 October, and no other year.
    fn calendar() -> Calendar {
        let off = |month, days: std::ops::RangeInclusive<i8>| {
            days.map(move |on| Day { date: date(2026, month, on), name: "节日".to_owned(), off: true })
        };
        let days = off(5, 1..=5).chain(off(10, 1..=7)).collect();
        Calendar::from_years(vec![Year { year: 2026, notices: Vec::new(), unverified: true, days }]).unwrap()
    }

    fn days(known_on: Date, told: &[String], filed: &[(RemedyKind, Option<Date>)]) -> Vec<(String, Date, bool)> {
        let procedure = Procedure { remedy: Some(toml::from_str(SHIPPED).unwrap()), ..Procedure::default() };
        let filed =
            filed.iter().map(|(kind, decided_on)| Filing { kind: *kind, decided_on: *decided_on, withdrawn: false });
        let made = Contestable { letter: "一号", served_on: Some(known_on), told, filed: filed.collect() };
        let last = made.last_days(&procedure, &calendar()).into_iter();
        last.map(|one| (one.code, one.due.on, one.due.provisional)).collect()
    }

    fn of(code: &str, on: Date, provisional: bool) -> (String, Date, bool) {
        (code.to_owned(), on, provisional)
    }

    #[test]
    fn sixty_days_and_six_months_run_from_the_day_after_service() {
        // 10 February + 60 days = 11 April, a Saturday; 10 August is a Monday.
        let found = days(date(2026, 2, 10), &[], &[]);
        let expected = [of("reconsideration", date(2026, 4, 13), false), of("litigation", date(2026, 8, 10), false)];
        assert_eq!(found, expected);
        // 8 March + 60 days = 7 May, worked; 8 September is worked.
        assert_eq!(days(date(2026, 3, 8), &[], &[])[0], of("reconsideration", date(2026, 5, 7), false));
        // 2 March + 60 days = 1 May; 5 April + 6 months = 5 October: both within days off.
        assert_eq!(days(date(2026, 3, 2), &[], &[])[0].1, date(2026, 5, 6));
        assert_eq!(days(date(2026, 4, 5), &[], &[])[1].1, date(2026, 10, 8));
    }

    #[test]
    fn beyond_the_calendar_a_last_day_is_provisional() {
        let found = days(date(2026, 11, 30), &[], &[]);
        let expected = [of("reconsideration", date(2027, 1, 29), true), of("litigation", date(2027, 5, 31), true)];
        assert_eq!(found, expected, "the thirtieth of May 2027 is a Sunday");
    }

    #[test]
    fn one_remedy_at_a_time() {
        use RemedyKind::{Litigation, Reconsideration};
        let on = date(2026, 2, 10);
        assert!(days(on, &[], &[(Reconsideration, None)]).is_empty(), "nobody sues while it is pending");
        assert!(days(on, &[], &[(Litigation, None)]).is_empty());
        let decided = Some(date(2026, 4, 16));
        let after = days(on, &[], &[(Reconsideration, decided)]);
        // 16 April + 15 days = 1 May.
        assert_eq!(after, [of("litigation_after_reconsideration", date(2026, 5, 6), false)]);
        assert!(days(on, &[], &[(Reconsideration, decided), (Litigation, None)]).is_empty());
    }

    #[test]
    fn only_what_the_decision_tells_is_open() {
        let told = ["可以自收到本决定书之日起60日内申请行政复议".to_owned()];
        assert_eq!(days(date(2026, 2, 10), &told, &[]).len(), 1);
        assert!(days(date(2026, 2, 10), &["向上一级人民法院申请复议".to_owned()], &[]).is_empty());
        assert!(days(date(2015, 4, 30), &[], &[]).is_empty(), "no rule says anything of that day");
    }

    #[test]
    fn every_period_names_its_law() {
        let procedure = Procedure { remedy: Some(toml::from_str(SHIPPED).unwrap()), ..Procedure::default() };
        for (day, unread) in [(date(2020, 1, 1), 1), (date(2024, 1, 1), 0)] {
            let version = procedure.remedies(day).unwrap();
            let named = version.remedies.iter().filter_map(|rule| rule.basis.as_ref());
            assert_eq!(named.clone().count(), 3);
            assert_eq!(named.filter(|basis| basis.unverified).count(), unread);
        }
    }
}
