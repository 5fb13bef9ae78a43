//! From a class to dates: how minimum, maximum, term and the five-year cap are composed.
//!
//! `last_public = min(maximum, cap)`; a statutory limit that ends later lengthens it where the order says so;
//! `apply_from` is the day after minimum and term, and none where that lies after the last public day. Once a granted repair was
//! revoked both count from the revocation; a term that is itself the period stays as its owner states it, and the cap as it was.

use super::{Repair, Restart, Row, Start, Term};
use crate::calendar::last_day_of_months;
use jiff::civil::Date;

/// The days from which periods count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) decided_on: Date,
    pub(super) published_on: Date,
    pub(super) misconduct_ended_on: Option<Date>,
    pub(super) term_ends_on: Option<Date>,
    pub(super) duties_done_on: Option<Date>,
    pub(super) restart: Option<Restart>,
}

/// The computed days. All inclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    /// Last day of the minimum.
    pub(super) min_end_on: Option<Date>,
    /// First day on which repair may be applied for.
    pub(super) repair_from_on: Option<Date>,
    /// Last public day.
    pub(super) through_on: Option<Date>,
    /// The cap ended publicity earlier than the order.
    pub(super) capped: bool,
    /// Repair may be applied for as soon as the duties are done.
    no_minimum: bool,
}

impl Times {
    /// The day of an event, where it is known. An unknown end of misconduct is not later than the decision.
    fn of(&self, start: Start) -> Option<Date> {
        match start {
            Start::Correction => self.duties_done_on,
            _ if self.restart.is_some() => self.restart.map(|restart| restart.on),
            Start::Decision | Start::Listing => Some(self.decided_on),
            Start::Publication => Some(self.published_on),
            Start::MisconductEnd => Some(self.misconduct_ended_on.unwrap_or(self.decided_on)),
        }
    }
}

impl Span {
    /// The dates of a row, with the last day that the cap allows.
    pub(super) fn of(row: &Row, times: &Times, cap_on: Option<Date>) -> Self {
        let times = &Times { term_ends_on: times.term_ends_on.filter(|term| !ordinary(row, times, *term)), ..*times };
        let (through_on, capped) = through(row, times, cap_on);
        if times.restart.is_some_and(|restart| restart.no_early_end) {
            return Self { through_on, capped, ..Self::default() };
        }
        let min_end_on = minimum(row, times);
        let repair_from_on = repair_from(row, times, min_end_on).filter(|d| through_on.is_none_or(|end| *d <= end));
        let no_minimum = row.repair == Repair::Application && row.min_months == Some(0);
        Self { min_end_on, repair_from_on, through_on, capped, no_minimum }
    }

    /// Each date the shorter of an old and a new order's: a burden never grows. Where one of them has no minimum the
    /// record has none; one that lies beyond the shortened end says nothing.
    pub(super) fn shorter(old: Self, new: Self) -> Self {
        let through_on = earlier(old.through_on, new.through_on);
        let within = |day: &Date| through_on.is_none_or(|end| *day <= end);
        let no_minimum = old.no_minimum || new.no_minimum;
        Self {
            min_end_on: earlier(old.min_end_on, new.min_end_on).filter(|day| !no_minimum && within(day)),
            repair_from_on: earlier(old.repair_from_on, new.repair_from_on).filter(within),
            through_on,
            capped: [old, new].iter().any(|s| s.capped && s.through_on == through_on),
            no_minimum,
        }
    }

    /// The old order's span where a newer one applies only from its first day on, and from then on the shorter of both: nothing ends,
    /// and nobody may apply, by an order that does not apply yet.
    pub(super) fn shorter_from(old: Self, new: Self, first: Date) -> Self {
        let Some(eve) = first.yesterday().ok().filter(|eve| old.through_on.is_none_or(|end| *eve < end)) else {
            return old;
        };
        let shorter = Self::shorter(old, new);
        let through_on = shorter.through_on.map(|end| end.max(eve));
        let within = |day: &Date| through_on.is_none_or(|end| *day <= end);
        let min_end_on = match shorter.min_end_on {
            None if shorter.no_minimum => earlier(old.min_end_on, Some(eve)),
            shorter => earlier(old.min_end_on, shorter.map(|day| day.max(eve))),
        };
        Self {
            min_end_on: min_end_on.filter(within),
            repair_from_on: earlier(old.repair_from_on, shorter.repair_from_on.map(|day| day.max(first)))
                .filter(within),
            through_on,
            capped: shorter.capped && through_on == shorter.through_on,
            no_minimum: old.no_minimum,
        }
    }

    /// The span of what is not shown any more from a day on.
    pub(super) fn until(self, first: Date) -> Self {
        let through_on = earlier(self.through_on, first.yesterday().ok());
        let within = |day: &Date| through_on.is_none_or(|end| *day <= end);
        let capped = self.capped && through_on == self.through_on;
        Self {
            min_end_on: self.min_end_on.filter(within),
            repair_from_on: self.repair_from_on.filter(within),
            through_on,
            capped,
            ..self
        }
    }
}

/// The earlier of two dates, none being never.
fn earlier(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}

/// Whether a term is the ordinary end of a list's entry said again: it lies within the order's own maximum. Only a limit that a law sets
/// beyond it bars an early end and lengthens (市场监督管理信用修复管理办法 art. 十三).
fn ordinary(row: &Row, times: &Times, term: Date) -> bool {
    let end = times.of(row.start).zip(row.max_months).map(|(day, months)| last_day_of_months(day, months));
    row.act == "list" && row.term != Term::Own && end.is_some_and(|end| term <= end)
}

/// The last public day, and whether the cap set it.
fn through(row: &Row, times: &Times, cap_on: Option<Date>) -> (Option<Date>, bool) {
    let start = times.of(row.start);
    let after = |months: Option<u32>| start.zip(months).map(|(day, n)| last_day_of_months(day, n));
    let order = match (row.term, times.term_ends_on) {
        (Term::Own, Some(term)) => earlier(Some(term), after(row.own_term_max_months)),
        _ => after(row.max_months),
    };
    let cap_on = cap_on.filter(|_| row.capped);
    let mut end = earlier(order, cap_on);
    let mut capped = end != order;
    if let (Term::Extends, Some(term)) = (row.term, times.term_ends_on)
        && end.is_some_and(|e| e < term)
    {
        // 条例 art. 三十八 excepts limits that laws and administrative regulations set.
        (end, capped) = (Some(term), false);
    }
    (end, capped)
}

/// The last day of the minimum where there is one.
fn minimum(row: &Row, times: &Times) -> Option<Date> {
    let months = row.min_months.filter(|n| *n > 0 && row.repair == Repair::Application)?;
    let end = last_day_of_months(times.of(row.min_start.unwrap_or(row.start))?, months);
    match (row.term, times.term_ends_on) {
        (Term::Extends, Some(term)) => Some(end.max(term)),
        _ => Some(end),
    }
}

/// The first day on which repair may be applied for.
fn repair_from(row: &Row, times: &Times, min_end_on: Option<Date>) -> Option<Date> {
    if row.repair != Repair::Application {
        return None;
    }
    let after_minimum = match (row.min_months, min_end_on) {
        (Some(0), _) => times.duties_done_on?,
        (_, end) => end?.tomorrow().ok()?,
    };
    let after_term = times.term_ends_on.filter(|_| row.term != Term::Own).and_then(|t| t.tomorrow().ok());
    [after_term, times.duties_done_on, Some(after_minimum)].into_iter().flatten().max()
}
