//! The clocks of cases as notices see them: who has to act, by which day, and whether that day is near or over.

use super::Kind;
use crate::calendar::Calendar;
use crate::{listing, measure, objection, officer, repair};
use jiff::civil::Date;

/// Who has to act.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// The organisation.
    Organisation,
    /// A unit, by its code.
    Unit(String),
}

/// A clock that runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock {
    /// Who has to act.
    pub whose: Whose,
    /// What for: with the day it makes the event.
    pub code: &'static str,
    /// The last day.
    pub due_on: Date,
    /// It lies beyond the published calendar: near it may be, late nobody is by it.
    pub provisional: bool,
}

impl Clock {
    fn of(whose: Whose, code: &'static str, due_on: Date) -> Self {
        Self { whose, code, due_on, provisional: false }
    }

    /// What is told of it on a day, if anything: that it is near from so many working days before on, that it is over for so many
    /// days after it.
    #[must_use]
    pub fn kind_on(&self, today: Date, calendar: &Calendar, lead_working_days: u32, news_from: Date) -> Option<Kind> {
        let own = self.whose == Whose::Organisation;
        if self.due_on < today {
            let told = !self.provisional && news_from <= self.due_on;
            return told.then_some(if own { Kind::DeadlinePassed } else { Kind::CaseLate });
        }
        let near = self.due_on <= calendar.due(today, lead_working_days).on;
        near.then_some(if own { Kind::DeadlineNear } else { Kind::CaseNear })
    }

    /// What tells this clock and this day of it from every other of its case: an extension makes another event.
    #[must_use]
    pub fn event(&self) -> String {
        format!("{}/{}", self.code, self.due_on)
    }
}

/// The clocks of a listing: the time in which the organisation may answer, where it has not.
#[must_use]
pub fn of_listing(case: &listing::Case) -> Vec<Clock> {
    let listing::State::Notified(notified) = &case.state else { return Vec::new() };
    if notified.waived || !notified.statements.is_empty() || notified.hearing.is_some() {
        return Vec::new();
    }
    let clock = Clock::of(Whose::Organisation, "answer", notified.answer_due_on);
    vec![Clock { provisional: notified.provisional, ..clock }]
}

/// The clocks of a repair: all of them are the unit's, but for the time in which the organisation may answer the notice of a revocation,
/// where it has not.
#[must_use]
pub fn of_repair(case: &repair::Case) -> Vec<Clock> {
    let proposed = case.revoking().filter(|proposed| proposed.statements.is_empty() && proposed.waived.is_none());
    let heard = proposed.and_then(|proposed| proposed.served.as_ref());
    let own = heard.map(|heard| Clock {
        provisional: heard.provisional,
        ..Clock::of(Whose::Organisation, "answer", heard.statement_due_on)
    });
    let running = case.clocks.iter().filter(|clock| clock.ended.is_none() && !clock.usual);
    let unit = || Whose::Unit(case.applied.unit.clone());
    running
        .map(|clock| Clock { provisional: clock.due.provisional, ..Clock::of(unit(), clock.code, clock.due.on) })
        .chain(own)
        .collect()
}

/// The clocks of an objection: the time to appeal is the organisation's, the others the unit's that has to do what they wait for.
#[must_use]
pub fn of_objection(case: &objection::Case) -> Vec<Clock> {
    let mut clocks = Vec::new();
    if let Some(last) = case.mark_through() {
        clocks.push(Clock::of(Whose::Organisation, "appeal", last));
    }
    let filed = &case.filed;
    for running in case.clocks.iter().filter(|clock| clock.ended.is_none()) {
        let (code, unit) = match running.clock.duty {
            objection::Duty::Push => ("push", &filed.handler),
            objection::Duty::Handle => ("handle", &filed.handler),
            objection::Duty::Review => ("review", &filed.handler),
            objection::Duty::Check => ("check", &filed.owner),
            objection::Duty::Report => ("report", &filed.owner),
            objection::Duty::Appeal => {
                let referred = case.appeal.as_ref().and_then(|appeal| appeal.referred.as_ref());
                ("decide_appeal", referred.map_or(&filed.handler, |(unit, _)| unit))
            }
        };
        let clock = Clock::of(Whose::Unit(unit.clone()), code, running.due_on);
        clocks.push(Clock { provisional: running.clock.provisional, ..clock });
    }
    clocks
}

/// The clocks of a measure: what each unit has still to do.
#[must_use]
pub fn of_measure(measure: &measure::Measure, today: Date) -> Vec<Clock> {
    let ended = measure.ended_by(today);
    let of = |task: &measure::Task| {
        let (code, due_on) = match ended {
            Some(lift_due_on) if task.lifted_on.is_none() => ("lift", lift_due_on),
            Some(_) => ("lift", None),
            None if task.acknowledged_on.is_none() => ("acknowledge", task.acknowledge_due_on),
            None if task.reported.is_none() => ("report", task.report_due_on),
            None => ("report", None),
        };
        due_on.map(|due_on| Clock::of(Whose::Unit(task.unit.clone()), code, due_on))
    };
    measure.tasks.iter().filter_map(of).collect()
}

/// The clock of a duty to inform those above.
#[must_use]
pub fn of_duty(duty: &officer::Duty) -> Vec<Clock> {
    let owed = duty.standing() == officer::Standing::Open;
    let clock = || Clock::of(Whose::Unit(duty.unit.clone()), "inform", duty.due_on);
    if owed { vec![clock()] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Year;
    use jiff::civil::date;

    fn calendar() -> Calendar {
        let plain = |year| Year { year, notices: Vec::new(), unverified: false, days: Vec::new() };
        Calendar::from_years(vec![plain(2026), plain(2027)]).unwrap()
    }

    #[test]
    fn a_day_is_near_two_working_days_before_and_over_the_day_after() {
        let clock = Clock::of(Whose::Organisation, "answer", date(2026, 5, 13));
        let calendar = calendar();
        let on = |day| clock.kind_on(day, &calendar, 2, date(2026, 4, 1));
        // A Wednesday: near from Monday on, not at the weekend before.
        assert_eq!(on(date(2026, 5, 10)), None);
        assert_eq!(on(date(2026, 5, 11)), Some(Kind::DeadlineNear));
        assert_eq!(on(date(2026, 5, 13)), Some(Kind::DeadlineNear));
        assert_eq!(on(date(2026, 5, 14)), Some(Kind::DeadlinePassed));
        assert_eq!(clock.kind_on(date(2026, 5, 14), &calendar, 2, date(2026, 5, 14)), None, "no news any more");
        let unit = Clock { whose: Whose::Unit("甲".to_owned()), ..clock.clone() };
        assert_eq!(unit.kind_on(date(2026, 5, 14), &calendar, 2, date(2026, 4, 1)), Some(Kind::CaseLate));
        let provisional = Clock { provisional: true, ..clock };
        assert_eq!(provisional.kind_on(date(2026, 5, 14), &calendar, 2, date(2026, 4, 1)), None);
        assert_eq!(provisional.event(), "answer/2026-05-13");
    }
}
