//! The clocks of a row: what the rule packs say of it when it is first public on a given day.

use credence_domain::catalog::{Disclosure, Nature, Role, Version};
use credence_domain::publicity::{self, Facts, Regulator};
use credence_domain::record::value::{date, day_number, decimal};
use credence_domain::rulebook::Rulebook;
use credence_store::arrival::Dates;
use credence_store::unit::Unit;
use jiff::civil::Date;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The kind of authority that a directory's code names; unknown = other.
fn regulator(code: &str) -> Regulator {
    match code {
        "market" => Regulator::Market,
        "drug" => Regulator::Drug,
        "customs" => Regulator::Customs,
        "tax" => Regulator::Tax,
        "court" => Regulator::Court,
        "finance" => Regulator::Finance,
        _ => Regulator::Other,
    }
}

/// The kind of each authority in the directory, by its code; unknown = other. Shared by the clocks of many days.
pub type Regulators = Arc<BTreeMap<String, Regulator>>;

/// The kinds of the authorities of a directory.
#[must_use]
pub fn regulators(units: &[Unit]) -> Regulators {
    Arc::new(units.iter().map(|unit| (unit.uscc.clone(), regulator(&unit.regulator))).collect())
}

/// One or two parts of a name, and the name.
type Named<'r> = (&'r str, Option<&'r str>, Arc<str>);

/// Decides clocks for the rows of one file.
#[derive(Debug)]
pub struct Clocks<'r> {
    rulebook: &'r Rulebook,
    version: &'r Version,
    regulators: Regulators,
    received_on: Date,
    /// Names of packs with their rows and of classes, so that a million rows share a few.
    names: RefCell<Vec<Named<'r>>>,
}

impl<'r> Clocks<'r> {
    /// Clocks by the rulebook of the day of receipt.
    #[must_use]
    pub fn new(rulebook: &'r Rulebook, version: &'r Version, units: &[Unit], received_on: Date) -> Self {
        Self::with(rulebook, version, regulators(units), received_on)
    }

    /// The same over a directory that was read already.
    #[must_use]
    pub fn with(rulebook: &'r Rulebook, version: &'r Version, regulators: Regulators, received_on: Date) -> Self {
        Self { rulebook, version, regulators, received_on, names: Default::default() }
    }

    /// `first`, or `first/second`. There are a few dozen, so they are looked through.
    fn name(&self, first: &'r str, second: Option<&'r str>) -> Arc<str> {
        let mut names = self.names.borrow_mut();
        if let Some((.., known)) = names.iter().find(|(one, other, _)| *one == first && *other == second) {
            return known.clone();
        }
        let new: Arc<str> = second.map_or_else(|| first.into(), |second| format!("{first}/{second}").into());
        names.push((first, second, new.clone()));
        new
    }

    /// The day that starts the clocks, from values by field code.
    pub fn decided_on<'v>(&self, value: impl Fn(&str) -> &'v str) -> Option<Date> {
        let of = |role| self.version.field_of(role).and_then(|(_, field)| date(value(&field.code)));
        of(Role::DecidedOn).or_else(|| of(Role::EstablishedOn))
    }

    /// The clocks of a row whose values are given by field code.
    pub fn decide_by_code<'v>(
        &self,
        authority: &str,
        decided_on: Option<Date>,
        published_on: Date,
        value: impl Fn(&str) -> &'v str,
    ) -> Dates {
        self.decide(authority, decided_on, published_on, |role| {
            self.version.field_of(role).map_or("", |(_, field)| value(&field.code))
        })
    }

    /// The clocks of a row whose values are given by role, first public on `published_on`.
    pub fn decide<'v>(
        &self,
        authority: &str,
        decided_on: Option<Date>,
        published_on: Date,
        value: impl Fn(Role) -> &'v str,
    ) -> Dates {
        let kinds: Vec<&str> = value(Role::PenaltyKinds).split(';').filter(|kind| !kind.is_empty()).collect();
        let regulator = self.regulators.get(authority).copied().unwrap_or(Regulator::Other);
        let mut facts = Facts::new(self.act_kind(), regulator, decided_on.unwrap_or(published_on), published_on);
        facts.penalty_kinds = &kinds;
        // Millionths of 10,000 yuan are cents of yuan.
        facts.fine_cents = decimal(value(Role::FineAmount)).and_then(|cents| u64::try_from(cents).ok());
        facts.class_stated = some(value(Role::ClassStated));
        facts.discretion_tier = some(value(Role::DiscretionTier));
        facts.sector_flag = !value(Role::SectorFlag).is_empty();
        facts.term_ends_on = date(value(Role::TermEndsOn));
        facts.misconduct_ended_on = date(value(Role::MisconductEndedOn));
        facts.ground = some(value(Role::Ground));
        facts.adverse_result = self.is_adverse(value(Role::Result));
        facts.as_of = Some(self.received_on);
        let decision = publicity::decide(&self.rulebook.publicity, &self.rulebook.calendar, &facts);
        let mut dates = Dates {
            class: self.name(decision.class_code().unwrap_or_default(), None),
            class_stated: decision.class_stated,
            pack: decision.pack_id().map_or_else(|| self.name("", None), |pack| self.name(pack, decision.row_code())),
            due_on: decision.due_on.map(day_number),
            due_by_law_on: decision.due_by_law_on.map(day_number),
            due_provisional: decision.due_provisional,
            public: decision.public() && self.version.disclosure == Disclosure::Public,
            through_on: decision.through_on.map(day_number),
            repair_from_on: decision.repair_from_on.map(day_number),
        };
        // An entry that its owner has removed ends the same day: the day before is its last public one.
        if let Some(removed_on) = date(value(Role::RemovedOn)).map(day_number) {
            dates.through_on = Some(dates.through_on.map_or(removed_on - 1, |last| last.min(removed_on - 1)));
        }
        // An honour is shown while it is valid.
        if self.version.act_kind == "honour"
            && let Some(valid_to) = date(value(Role::ValidTo)).map(day_number)
        {
            dates.through_on = Some(dates.through_on.map_or(valid_to, |last| last.min(valid_to)));
        }
        if value(Role::DecidedOn).is_empty() {
            // Without a day that starts it no deadline runs.
            (dates.due_on, dates.due_by_law_on, dates.due_provisional) = (None, None, false);
        }
        dates
    }

    /// What a dishonest organisation was done by an act is kept no longer than 条例 38 allows.
    fn act_kind(&self) -> &str {
        match self.version.act_kind.as_str() {
            "other_act" if self.version.nature == Nature::Dishonesty => "other_act_adverse",
            kind => kind,
        }
    }

    /// An inspection result of the group that reports a violation.
    fn is_adverse(&self, result: &str) -> bool {
        let list = self.version.field_of(Role::Result).and_then(|(_, field)| field.codes.as_deref());
        let entry = list.and_then(|name| self.rulebook.codes.list(name)).and_then(|list| list.entry(result));
        entry.is_some_and(|entry| entry.group.as_deref() == Some("negative"))
    }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
