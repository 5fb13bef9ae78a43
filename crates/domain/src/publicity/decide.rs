//! The decision on one record. Pure, total and free of allocation: an import asks it for every row.

use super::class::{Classified, classify, propose, stated_row};
use super::deadline::earliest;
use super::span::{Span, Times};
use super::{By, Change, Class, Facts, Pack, Repair, Row, Rules, Showing, Transition};
use crate::calendar::{Calendar, last_day_of_months};
use crate::provision::Basis;
use jiff::civil::Date;
use serde::Serialize;

/// Why a record is not public at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// Natural persons are never public (山东省社会信用条例 art. 二十).
    NaturalPerson,
    /// Penalties by simple procedure are not in the data list (山东省社会信用条例 art. 十三).
    SimpleProcedure,
    /// The kind of penalty falls on persons only.
    PersonOnly,
    /// The class is not public, or only on the sector's order, which is absent.
    Class,
    /// No pack rules such an act: nothing is published without a basis.
    NoRule,
}

/// What the rules say about one record. All days are inclusive.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'r> {
    /// The pack that rules it.
    pub pack: Option<&'r Pack>,
    /// The row of the pack.
    pub row: Option<&'r Row>,
    /// How publicity may end before its last day: as the row says, or milder where a newer order of a transition does.
    pub repair: Repair,
    /// The class in the words of Order 36, where there is one.
    pub class: Option<Class>,
    /// True where the authority stated the class, or the order fixes that of a list; false is shown as 待认定.
    pub class_stated: bool,
    /// Who says so.
    pub by: By,
    /// Why it is not public; none where it is.
    pub silence: Option<Silence>,
    /// Last day of the minimum.
    pub min_end_on: Option<Date>,
    /// First day on which repair may be applied for.
    pub repair_from_on: Option<Date>,
    /// Last public day; none without an end by date.
    pub through_on: Option<Date>,
    /// The earliest day by which it must be public.
    pub due_on: Option<Date>,
    /// The same by legal deadlines alone.
    pub due_by_law_on: Option<Date>,
    /// One of the two lies beyond the calendar: neither counts as late.
    pub due_provisional: bool,
    /// It must run to its end, for a granted repair was revoked.
    pub no_early_end: bool,
    /// The newer order's rule, where it was used.
    pub transition: Option<&'r Transition>,
    /// The cap's row, where it ended publicity earlier.
    pub cap: Option<&'r Row>,
    /// The answer rests on memory or on a setting of this project.
    pub unverified: bool,
}

impl<'r> Decision<'r> {
    /// Whether it may be shown at all.
    #[must_use]
    pub const fn public(&self) -> bool {
        self.silence.is_none()
    }

    /// Id of the pack.
    #[must_use]
    pub fn pack_id(&self) -> Option<&'r str> {
        self.pack.map(|p| p.id.as_str())
    }

    /// Code of the row.
    #[must_use]
    pub fn row_code(&self) -> Option<&'r str> {
        self.row.map(|r| r.code.as_str())
    }

    /// Code of the class.
    #[must_use]
    pub fn class_code(&self) -> Option<&'static str> {
        self.class.map(Class::code)
    }

    /// First day on which it is hidden again.
    #[must_use]
    pub fn hidden_from_on(&self) -> Option<Date> {
        self.through_on.and_then(|d| d.tomorrow().ok())
    }

    /// Whether repair may be applied for at some time.
    #[must_use]
    pub fn repairable(&self) -> bool {
        !self.no_early_end && self.row.is_some() && self.repair == Repair::Application
    }

    /// The law behind it: the row's articles, those of the cap and of the transition where they counted.
    pub fn basis(&self) -> impl Iterator<Item = &'r Basis> + use<'r> {
        let row = self.row.map(|r| r.basis.as_slice()).unwrap_or_default();
        let cap = self.cap.map(|r| r.basis.as_slice()).unwrap_or_default();
        let transition = self.transition.map(|t| t.basis.as_slice()).unwrap_or_default();
        row.iter().chain(cap).chain(transition)
    }

    /// Nothing is published that no rule names.
    const fn unruled() -> Self {
        Self {
            pack: None,
            row: None,
            repair: Repair::None,
            class: None,
            class_stated: false,
            by: By::Default,
            silence: Some(Silence::NoRule),
            min_end_on: None,
            repair_from_on: None,
            through_on: None,
            due_on: None,
            due_by_law_on: None,
            due_provisional: false,
            no_early_end: false,
            transition: None,
            cap: None,
            unverified: false,
        }
    }
}

/// Kind of act of an entry of a list.
const LIST: &str = "list";

/// Decides on one record.
#[must_use]
pub fn decide<'r>(rules: &'r Rules, calendar: &Calendar, facts: &Facts<'_>) -> Decision<'r> {
    let Some(chosen) = rules.choose(facts) else { return Decision::unruled() };
    let Some(found) = classify(rules, &chosen, facts) else { return Decision::unruled() };
    let cap_on = cap_day(rules, facts, facts.act_kind == "penalty");
    let ruled = Ruled::under(rules, chosen.pack, found, facts, cap_on);
    let mut decision = Decision {
        pack: Some(ruled.pack),
        row: Some(ruled.row),
        repair: ruled.repair,
        class: ruled.class,
        // An entry of a list is serious by the order itself (信用修复管理办法 art. 十): nobody is left to state it.
        class_stated: found.by == By::Stated || (found.by == By::Text && facts.act_kind == LIST),
        by: found.by,
        silence: silence(&ruled, found.person_only, facts),
        no_early_end: facts.restart.is_some_and(|restart| restart.no_early_end),
        transition: ruled.transition,
        unverified: chosen.reached_back || ruled.row.unverified || ruled.transition.is_some(),
        ..Decision::unruled()
    };
    if decision.public() {
        let Span { min_end_on, repair_from_on, through_on, capped, .. } = ruled.span;
        (decision.min_end_on, decision.repair_from_on, decision.through_on) = (min_end_on, repair_from_on, through_on);
        decision.cap = rules.cap().filter(|_| capped);
        decision.unverified |= capped && facts.misconduct_ended_on.is_none();
        let (due, legal) = earliest(rules.deadlines_of(facts.act_kind, facts.regulator), calendar, facts.decided_on);
        (decision.due_on, decision.due_by_law_on) = (due.map(|d| d.on), legal.map(|d| d.on));
        decision.due_provisional = due.is_some_and(|d| d.provisional) || legal.is_some_and(|d| d.provisional);
    }
    decision
}

/// The last day that 山东省社会信用条例 art. 三十八 allows. The misconduct behind a penalty has ended by the day of the
/// decision at the latest, where nobody says when (`estimate`).
pub(super) fn cap_day(rules: &Rules, facts: &Facts<'_>, estimate: bool) -> Option<Date> {
    let months = rules.cap()?.max_months?;
    let end = facts.misconduct_ended_on.or_else(|| estimate.then_some(facts.decided_on))?;
    Some(last_day_of_months(end, months))
}

/// A record under its pack, and under the newer one where a transition says so.
pub(super) struct Ruled<'r> {
    pub(super) pack: &'r Pack,
    pub(super) row: &'r Row,
    pub(super) repair: Repair,
    pub(super) class: Option<Class>,
    pub(super) span: Span,
    pub(super) showing: Showing,
    pub(super) transition: Option<&'r Transition>,
}

impl<'r> Ruled<'r> {
    /// Applies the pack, then the transition.
    pub(super) fn under(
        rules: &'r Rules,
        pack: &'r Pack,
        found: Classified<'r>,
        facts: &Facts<'_>,
        cap_on: Option<Date>,
    ) -> Self {
        let times = Times {
            decided_on: facts.decided_on,
            published_on: facts.published_on,
            misconduct_ended_on: facts.misconduct_ended_on,
            term_ends_on: facts.term_ends_on,
            duties_done_on: facts.duties_done_on,
            restart: facts.restart,
        };
        let Classified { row, class, .. } = found;
        let old = Span::of(row, &times, cap_on);
        let (repair, showing) = (row.repair, row.publicity);
        let under_old = Self { pack, row, repair, class, span: old, showing, transition: None };
        let Some(today) = facts.as_of else { return under_old };
        let Some(transition) = pack.transition(facts.act_kind, facts.regulator, today) else {
            return under_old.until_a_newer(rules, today, (&times, facts, cap_on));
        };
        let Some(newer) = rules.pack(&transition.to) else { return under_old };
        match transition.rule {
            Change::Newer => {
                let Some(row) = newer.row(&row.code) else { return under_old };
                let span = Span::of(row, &times, cap_on);
                let (repair, showing) = (row.repair, row.publicity);
                Self { pack: newer, row, repair, class: row.class, span, showing, transition: Some(transition) }
            }
            Change::NewIfShorter => {
                let Some((new_row, class)) = stated_in(rules, newer, facts) else { return under_old };
                let span = Span::shorter(old, Span::of(new_row, &times, cap_on));
                let showing = stricter(row.publicity, new_row.publicity);
                let repair = milder(row.repair, new_row.repair, span.repair_from_on);
                Self { pack, row, repair, class, span, showing, transition: Some(transition) }
            }
        }
    }
}

impl<'r> Ruled<'r> {
    /// Shortens what an order that is published but does not apply yet will shorten on its first day: nobody has to press a button
    /// that day. The rules of this edition say so; an order that they do not know shortens when records are judged again.
    fn until_a_newer(
        self,
        rules: &'r Rules,
        today: Date,
        (times, facts, cap_on): (&Times, &Facts<'_>, Option<Date>),
    ) -> Self {
        let found = self.pack.coming(facts.act_kind, facts.regulator, today).and_then(|coming| {
            let newer = rules.pack(&coming.to)?;
            let (row, _) = stated_in(rules, newer, facts)?;
            Some((coming, row))
        });
        let Some((coming, row)) = found else { return self };
        let first = coming.applies_from;
        let shown = match stricter(self.showing, row.publicity) {
            Showing::Public => true,
            Showing::OnSectorOrder => facts.sector_orders_publicity,
            Showing::Never => false,
        };
        let new = Span::of(row, times, cap_on);
        let span = if shown { Span::shorter_from(self.span, new, first) } else { self.span.until(first) };
        if span == self.span {
            return self;
        }
        let repair = milder(self.repair, row.repair, span.repair_from_on);
        Self { repair, span, transition: Some(coming), ..self }
    }
}

/// The row of a newer pack that the authority's statement names.
fn stated_in<'r>(rules: &'r Rules, newer: &'r Pack, facts: &Facts<'_>) -> Option<(&'r Row, Option<Class>)> {
    let code = rules.stated(facts.class_stated?);
    let (proposed, ..) = propose(rules, newer, facts)?;
    let class = Class::from_code(code);
    let row = stated_row(newer, code, class, proposed)?;
    Some((row, row.class.or(class)))
}

/// The way out that burdens less, of an old and a new order: to apply, where there is a day from which one may, is better than to wait for the
/// end, and that is better than to be told that nothing helps. What the old order leaves to a list's owner stays his.
const fn milder(old: Repair, new: Repair, repair_from_on: Option<Date>) -> Repair {
    match (old, new) {
        (Repair::Application | Repair::Owner | Repair::None, _) => old,
        (_, Repair::Application) if repair_from_on.is_some() => new,
        (Repair::Barred, Repair::Automatic) => new,
        _ => old,
    }
}

/// The showing that shows less.
const fn stricter(a: Showing, b: Showing) -> Showing {
    match (a, b) {
        (Showing::Never, _) | (_, Showing::Never) => Showing::Never,
        (Showing::OnSectorOrder, _) | (_, Showing::OnSectorOrder) => Showing::OnSectorOrder,
        (Showing::Public, Showing::Public) => Showing::Public,
    }
}

/// Why a record is not shown, the strongest reason first.
const fn silence(ruled: &Ruled<'_>, person_only: bool, facts: &Facts<'_>) -> Option<Silence> {
    if facts.natural_person {
        return Some(Silence::NaturalPerson);
    }
    if facts.simple_procedure {
        return Some(Silence::SimpleProcedure);
    }
    if person_only {
        return Some(Silence::PersonOnly);
    }
    match ruled.showing {
        Showing::Public => None,
        Showing::OnSectorOrder if facts.sector_orders_publicity => None,
        Showing::OnSectorOrder | Showing::Never => Some(Silence::Class),
    }
}
