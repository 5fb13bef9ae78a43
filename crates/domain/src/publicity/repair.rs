//! Whether repair (信用修复) may be applied for, and what follows from false papers.
//!
//! 信用修复管理办法 arts. 十二, 十四 and 二十五. The conditions are cumulative. Not here: the procedure, whose clocks
//! are [`super::Clock`]s and columns of [`super::Row`], and the judgement that a wrong *is* put right.

use super::{Clock, Decision, Facts, Regulator, Repair, Restart, Rules};
use crate::calendar::last_day_of_months;
use crate::provision::Basis;
use jiff::civil::Date;
use serde::Serialize;

/// What an applicant shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Application {
    /// Day of the application.
    pub on: Date,
    /// The wrong is put right and all duties are done.
    pub rectified: bool,
    /// A public commitment is given.
    pub commitment: bool,
    /// No application may be made up to this day (false papers before).
    pub barred_through: Option<Date>,
}

/// Why an application is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The record is not public: there is nothing to end.
    NotPublic,
    /// The kind of penalty cannot be repaired.
    KindNotRepairable,
    /// Publicity stops by itself, or the owner of the list decides.
    NoApplication,
    /// Publicity has ended.
    AlreadyEnded,
    /// A granted repair was revoked, and the period that counts anew must run to its end.
    NoEarlyEnd,
    /// After false papers no application may be made yet.
    BarredAfterFalsePapers,
    /// The minimum has not passed.
    BeforeMinEnd,
    /// The term that the penalty carries runs longer than the minimum and has not ended, or never before the end.
    BeforeTermEnd,
    /// Not put right, or duties open.
    NotRectified,
    /// No public commitment.
    NoCommitment,
}

/// The answer to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eligibility {
    /// It may be accepted.
    Admit,
    /// It is refused.
    Reject {
        /// Why.
        reason: Refusal,
        /// First day on which it could be made, where a day is known.
        earliest: Option<Date>,
    },
}

/// Whether an application may be accepted.
#[must_use]
pub fn repair_eligibility(decision: &Decision<'_>, application: &Application) -> Eligibility {
    let reject = |reason, earliest| Eligibility::Reject { reason, earliest };
    if decision.row.is_none() || !decision.public() {
        return reject(Refusal::NotPublic, None);
    }
    match decision.repair {
        Repair::Barred => return reject(Refusal::KindNotRepairable, None),
        Repair::Automatic | Repair::Owner | Repair::None => return reject(Refusal::NoApplication, None),
        Repair::Application => {}
    }
    if decision.through_on.is_some_and(|end| end < application.on) {
        return reject(Refusal::AlreadyEnded, None);
    }
    if decision.no_early_end {
        return reject(Refusal::NoEarlyEnd, None);
    }
    if let Some(through) = application.barred_through.filter(|day| application.on <= *day) {
        let earliest = through.tomorrow().ok().max(decision.repair_from_on);
        return reject(
            Refusal::BarredAfterFalsePapers,
            earliest.filter(|d| decision.through_on.is_none_or(|e| *d <= e)),
        );
    }
    if decision.min_end_on.is_some_and(|end| application.on <= end) {
        return reject(Refusal::BeforeMinEnd, decision.repair_from_on);
    }
    match decision.repair_from_on {
        Some(from) if application.on < from => return reject(Refusal::BeforeTermEnd, Some(from)),
        // No first day although there is a minimum: the term outlasts publicity.
        None if decision.min_end_on.is_some() => return reject(Refusal::BeforeTermEnd, None),
        _ => {}
    }
    if !application.rectified {
        return reject(Refusal::NotRectified, None);
    }
    if !application.commitment {
        return reject(Refusal::NoCommitment, None);
    }
    Eligibility::Admit
}

/// What follows from false papers, a seriously untrue commitment or wilful non-performance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sanction {
    /// Last public day of the record of it.
    pub through_on: Date,
    /// Whether that publicity may end early.
    pub repairable: bool,
    /// Last day on which no application may be made for the original record.
    pub barred_through: Date,
}

/// What the revocation of a granted repair does to the period of its record under a pack: none where the pack has no such rule and
/// the period runs on as it did.
#[must_use]
pub fn restart(rules: &Rules, pack: &str, on: Date) -> Option<Restart> {
    let rule = rules.pack(pack)?.restart.as_ref()?;
    Some(Restart { on, no_early_end: rule.no_early_end })
}

/// Whether the publicity of a penalty ends with an entry that rests on it, where the order of the entry says so at all: none of the
/// penalty's own rules lets it run on, and it could itself be repaired on that day (市场监督管理信用修复管理办法 art. 十三).
#[must_use]
pub fn ends_with_entry(penalty: &Decision<'_>, on: Date) -> bool {
    let stands = penalty.public() && penalty.through_on.is_none_or(|last| on <= last);
    stands && penalty.repairable() && penalty.repair_from_on.is_some_and(|from| from <= on)
}

/// The sanction under a pack, counted from the finding (信用修复管理办法 art. 二十五) or from the decision that revokes
/// the repair (市场监督管理信用修复管理办法 art. 二十三). Where a sector's own order has no such rule the general one of the day of the
/// finding stands in; none where that has none either.
#[must_use]
pub fn sanction(rules: &Rules, pack: &str, found_on: Date) -> Option<Sanction> {
    let (shown, barred) = sanction_clocks(rules, pack, found_on)?;
    let ends = |clock: &Clock| Some(last_day_of_months(found_on, clock.months?));
    Some(Sanction { through_on: ends(shown)?, repairable: !shown.no_early_end, barred_through: ends(barred)? })
}

/// How long the sanction lasts, and the law that says so: for whoever tells of it before it is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SanctionLaw<'r> {
    /// Months for which the record of it is public.
    pub shown_months: u32,
    /// Months in which no application may be made.
    pub barred_months: u32,
    /// The law, each text once.
    pub basis: Vec<&'r Basis>,
}

/// The law of [`sanction`]; none where that has none.
#[must_use]
pub fn sanction_law<'r>(rules: &'r Rules, pack: &str, on: Date) -> Option<SanctionLaw<'r>> {
    let (shown, barred) = sanction_clocks(rules, pack, on)?;
    let mut basis: Vec<&Basis> = Vec::new();
    for one in shown.basis.iter().chain(&barred.basis) {
        if !basis.contains(&one) {
            basis.push(one);
        }
    }
    Some(SanctionLaw { shown_months: shown.months?, barred_months: barred.months?, basis })
}

/// The clock of the public record, and that of the bar.
fn sanction_clocks<'r>(rules: &'r Rules, pack: &str, on: Date) -> Option<(&'r Clock, &'r Clock)> {
    let general = Facts::new("penalty", Regulator::Other, on, on);
    let general = rules.choose(&general).map(|chosen| chosen.pack.id.as_str());
    let of = |pack: &str, what: &str| rules.clocks().iter().find(|c| c.pack == pack && c.code.ends_with(what));
    let clock = |what: &str| of(pack, what).or_else(|| of(general?, what));
    Some((clock("-false-papers-publicity")?, clock("-false-papers-bar")?))
}
