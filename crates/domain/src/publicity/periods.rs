//! The periods of a class, asked without a record: the answer of `credence periods`.

use super::class::Classified;
use super::deadline::earliest;
use super::decide::{Ruled, cap_day};
use super::{By, Class, Facts, Pack, Regulator, Row, Rules, Showing};
use crate::calendar::Calendar;
use crate::provision::Basis;
use jiff::civil::Date;
use serde::Serialize;

/// The question.
#[derive(Clone, Copy, Debug)]
pub struct PeriodsQuery<'a> {
    /// Day of the decision or listing.
    pub decided_on: Date,
    /// A class of the pack: the code of one of its rows.
    pub class: &'a str,
    /// The pack; none: the one in force on that day for authorities that are not market regulators.
    pub pack: Option<&'a str>,
    /// First public day; the day of the decision where none is given.
    pub published_on: Option<Date>,
    /// End of the misconduct.
    pub misconduct_ended_on: Option<Date>,
    /// End of the term.
    pub term_ends_on: Option<Date>,
    /// All duties done. For a class that is public only on the sector's order it supposes that order.
    pub duties_done_on: Option<Date>,
    /// Today, for the transition to newer orders; none: no transition.
    pub as_of: Option<Date>,
}

/// The answer. Dates are null where the class is not public, or where the law sets none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Periods {
    /// Pack.
    pub pack: String,
    /// Class as asked.
    pub class: String,
    /// Last day of the minimum.
    pub min_end_on: Option<Date>,
    /// First day on which repair may be applied for.
    pub repair_from_on: Option<Date>,
    /// Last public day.
    pub public_through_on: Option<Date>,
    /// First day on which it is hidden.
    pub hidden_from_on: Option<Date>,
    /// Earliest day by which it must be public.
    pub public_due_on: Option<Date>,
    /// That day lies beyond the published calendar.
    pub public_due_provisional: bool,
    /// The law.
    pub basis: Vec<Basis>,
    /// The rule between an old and a new order, where it was used.
    pub transition: Option<String>,
    /// The answer rests on memory or on a setting of this project.
    pub unverified: bool,
}

/// A question that the rules cannot answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodsRefusal {
    /// No such pack.
    #[error("there is no pack {pack}; there are {}", known.join(", "))]
    UnknownPack {
        /// As asked.
        pack: String,
        /// All packs.
        known: Vec<String>,
    },
    /// The pack has no such class.
    #[error("pack {pack} has no class {class}; it has {}", known.join(", "))]
    UnknownClass {
        /// The pack.
        pack: String,
        /// As asked.
        class: String,
        /// Its classes.
        known: Vec<String>,
    },
}

/// Answers the question.
///
/// # Errors
/// [`PeriodsRefusal`] for a pack or class that does not exist; it names those that do.
pub fn periods(rules: &Rules, calendar: &Calendar, query: &PeriodsQuery<'_>) -> Result<Periods, PeriodsRefusal> {
    let published_on = query.published_on.unwrap_or(query.decided_on);
    let mut facts = Facts::new("penalty", Regulator::Other, query.decided_on, published_on);
    facts.misconduct_ended_on = query.misconduct_ended_on;
    facts.term_ends_on = query.term_ends_on;
    facts.duties_done_on = query.duties_done_on;
    facts.as_of = query.as_of;
    let (pack, reached_back) = find_pack(rules, query, &facts)?;
    facts.regulator = pack.uses.first().and_then(|u| u.regulators.first()).copied().unwrap_or(Regulator::Other);
    let code = rules.stated(query.class);
    let (row, stated) = find_row(rules, pack, code, &facts).ok_or_else(|| PeriodsRefusal::UnknownClass {
        pack: pack.id.clone(),
        class: query.class.to_owned(),
        known: pack.rows.iter().map(|r| r.code.clone()).collect(),
    })?;
    facts.act_kind = &row.act;
    facts.class_stated = stated.then_some(code);
    let found = Classified { row, class: row.class, by: By::Stated, person_only: false };
    let cap_on = cap_day(rules, &facts, false);
    let ruled = Ruled::under(rules, pack, found, &facts, cap_on);
    let mut answer = Periods {
        pack: ruled.pack.id.clone(),
        class: query.class.to_owned(),
        min_end_on: None,
        repair_from_on: None,
        public_through_on: None,
        hidden_from_on: None,
        public_due_on: None,
        public_due_provisional: false,
        basis: ruled.row.basis.clone(),
        transition: ruled.transition.map(|t| t.note.clone()),
        unverified: reached_back || ruled.row.unverified || ruled.transition.is_some(),
    };
    if let Some(transition) = ruled.transition {
        answer.basis.extend(transition.basis.iter().cloned());
    }
    let shown = match ruled.showing {
        Showing::Public => true,
        Showing::OnSectorOrder => query.duties_done_on.is_some(),
        Showing::Never => false,
    };
    if shown {
        (answer.min_end_on, answer.repair_from_on) = (ruled.span.min_end_on, ruled.span.repair_from_on);
        answer.public_through_on = ruled.span.through_on;
        answer.hidden_from_on = ruled.span.through_on.and_then(|d| d.tomorrow().ok());
        if let Some(cap) = rules.cap().filter(|_| ruled.span.capped) {
            answer.basis.extend(cap.basis.iter().cloned());
        }
        let (due, _) = earliest(rules.deadlines_of(facts.act_kind, facts.regulator), calendar, query.decided_on);
        answer.public_due_on = due.map(|d| d.on);
        answer.public_due_provisional = due.is_some_and(|d| d.provisional);
    }
    Ok(answer)
}

/// The pack as asked, else the one in force; and whether the day lies before it.
fn find_pack<'r>(
    rules: &'r Rules,
    query: &PeriodsQuery<'_>,
    facts: &Facts<'_>,
) -> Result<(&'r Pack, bool), PeriodsRefusal> {
    let unknown = |pack: &str| PeriodsRefusal::UnknownPack {
        pack: pack.to_owned(),
        known: rules.packs().iter().map(|p| p.id.clone()).collect(),
    };
    match query.pack {
        Some(id) => rules.pack(id).map(|p| (p, false)).ok_or_else(|| unknown(id)),
        None => rules.choose(facts).map(|c| (c.pack, c.reached_back)).ok_or_else(|| unknown("")),
    }
}

/// The row of a class. Where only the newer order of a transition knows the class, it is the authority's statement on
/// a record under the older one, whose mildest row then stands beside it.
fn find_row<'r>(rules: &'r Rules, pack: &'r Pack, code: &str, facts: &Facts<'_>) -> Option<(&'r Row, bool)> {
    if let Some(row) = pack.row(code) {
        return Some((row, Class::from_code(code).is_some()));
    }
    let (act, regulator, today) = ("penalty", facts.regulator, facts.as_of?);
    let transition = pack.transition(act, regulator, today).or_else(|| pack.coming(act, regulator, today))?;
    Class::from_code(code)?;
    rules.pack(&transition.to)?.row(code)?;
    let public = pack.rows.iter().filter(|r| r.act == "penalty" && r.repair == super::Repair::Application);
    Some((public.min_by_key(|r| r.severity)?, true))
}
