//! The clocks of a row: what the rule packs say of it when it is first public on a given day.

use credence_domain::catalog::{Disclosure, Nature, Role, Version};
use credence_domain::directory::{Directory, LATEST};
use credence_domain::publicity::{self, Counted, Facts, Regulator};
use credence_domain::record::value::{date, day_number, decimal};
use credence_domain::rulebook::Rulebook;
use credence_store::arrival::Dates;
use jiff::civil::Date;
use std::cell::RefCell;
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

/// One or two parts of a name, and the name.
type Named<'r> = (&'r str, Option<&'r str>, Arc<str>);

/// Decides clocks for the rows of one file.
#[derive(Debug)]
pub struct Clocks<'r> {
    rulebook: &'r Rulebook,
    version: &'r Version,
    units: Arc<Directory>,
    /// The directory counts as it was known at this instant.
    known_at: i64,
    received_on: Date,
    /// Names of packs with their rows and of classes, so that a million rows share a few.
    names: RefCell<Vec<Named<'r>>>,
}

impl<'r> Clocks<'r> {
    /// Clocks by the rulebook of the day of receipt.
    #[must_use]
    pub fn new(rulebook: &'r Rulebook, version: &'r Version, units: Arc<Directory>, received_on: Date) -> Self {
        Self { rulebook, version, units, known_at: LATEST, received_on, names: Default::default() }
    }

    /// The same with the directory of units as it was known at an instant.
    #[must_use]
    pub fn known_at(self, instant: i64) -> Self {
        Self { known_at: instant, ..self }
    }

    /// Where a fact was decided: see [`Directory::authority_area`].
    #[must_use]
    pub fn authority_area(&self, authority: &str, source: &str, decided_on: Date) -> Arc<str> {
        self.units.authority_area(authority, source, decided_on, self.known_at)
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
        counted: impl Into<Counted>,
        value: impl Fn(&str) -> &'v str,
    ) -> Dates {
        self.decide(authority, decided_on, counted, |role| {
            self.version.field_of(role).map_or("", |(_, field)| value(&field.code))
        })
    }

    /// What the rules say of a row whose values are given by role, with the facts from which they say it. `counted` is the first public
    /// day, with the restart of its period where there was one.
    pub fn judge<'v, T>(
        &self,
        authority: &str,
        decided_on: Option<Date>,
        counted: impl Into<Counted>,
        value: &impl Fn(Role) -> &'v str,
        look: impl FnOnce(&Facts<'_>, &publicity::Decision<'r>) -> T,
    ) -> T {
        let Counted { published_on, restart } = counted.into();
        let kinds: Vec<&str> = value(Role::PenaltyKinds).split(';').filter(|kind| !kind.is_empty()).collect();
        // The regulator of the day of decision chooses the pack.
        let day = decided_on.unwrap_or(published_on);
        let unit = self.units.unit(authority, day, self.known_at);
        let regulator = unit.map_or(Regulator::Other, |unit| regulator(&unit.regulator));
        let mut facts = Facts::new(self.act_kind(), regulator, day, published_on);
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
        facts.restart = restart;
        let decision = publicity::decide(&self.rulebook.publicity, &self.rulebook.calendar, &facts);
        look(&facts, &decision)
    }

    /// The clocks of a row whose values are given by role, counted as [`Clocks::judge`] counts.
    pub fn decide<'v>(
        &self,
        authority: &str,
        decided_on: Option<Date>,
        counted: impl Into<Counted>,
        value: impl Fn(Role) -> &'v str,
    ) -> Dates {
        let decision = self.judge(authority, decided_on, counted, &value, |_, decision| *decision);
        let mut dates = Dates {
            class: self.name(decision.class_code().unwrap_or_default(), None),
            class_stated: decision.class_stated,
            pack: decision.pack_id().map_or_else(|| self.name("", None), |pack| self.name(pack, decision.row_code())),
            due_on: decision.due_on.map(day_number),
            due_by_law_on: decision.due_by_law_on.map(day_number),
            due_provisional: decision.due_provisional,
            public: decision.public()
                && self.version.disclosure == Disclosure::Public
                && self.discloses(value(Role::DisclosureStated)),
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

    /// What the sender states of a record (公开类型) narrows what its item discloses: of what is for certain readers, or for nobody without
    /// leave, nothing is public. Nothing stated narrows nothing.
    fn discloses(&self, stated: &str) -> bool {
        if stated.is_empty() {
            return true;
        }
        let list = self.version.field_of(Role::DisclosureStated).and_then(|(_, field)| field.codes.as_deref());
        let entry = list.and_then(|name| self.rulebook.codes.list(name)).and_then(|list| list.entry(stated));
        entry.is_none_or(|entry| entry.group.as_deref() == Some("public"))
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
