//! The clocks of a row: what the rule packs say of it when it is first public on a given day.

use credence_domain::catalog::{Role, Version};
use credence_domain::publicity::{self, Facts, Regulator};
use credence_domain::record::value::{date, day_number, decimal};
use credence_domain::rulebook::Rulebook;
use credence_store::arrival::Dates;
use credence_store::unit::Unit;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Decides clocks for the rows of one file.
#[derive(Debug)]
pub struct Clocks<'r> {
    rulebook: &'r Rulebook,
    version: &'r Version,
    regulators: BTreeMap<String, Regulator>,
    received_on: Date,
    /// Names of packs and classes, so that a million rows share a few.
    names: std::cell::RefCell<BTreeMap<String, Arc<str>>>,
}

impl<'r> Clocks<'r> {
    /// Clocks by the rulebook of the day of receipt.
    #[must_use]
    pub fn new(rulebook: &'r Rulebook, version: &'r Version, units: &[Unit], received_on: Date) -> Self {
        let regulators =
            units.iter().map(|unit| (unit.uscc.clone(), Regulator::from_code(&unit.regulator))).collect();
        Self { rulebook, version, regulators, received_on, names: Default::default() }
    }

    fn name(&self, text: &str) -> Arc<str> {
        let mut names = self.names.borrow_mut();
        if let Some(known) = names.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        names.insert(text.to_owned(), new.clone());
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
        let some = |text: &'v str| (!text.is_empty()).then_some(text);
        let facts = Facts {
            act_kind: &self.version.act_kind,
            regulator: self.regulators.get(authority).copied().unwrap_or(Regulator::Other),
            decided_on: decided_on.unwrap_or(published_on),
            decided_on_known: decided_on.is_some(),
            published_on,
            kinds: &kinds,
            // Millionths of 10,000 yuan are cents of yuan.
            fine_cents: decimal(value(Role::FineAmount)),
            class_stated: some(value(Role::ClassStated)),
            discretion_tier: some(value(Role::DiscretionTier)),
            sector: some(value(Role::SectorFlag)),
            term_ends_on: date(value(Role::TermEndsOn)),
            misconduct_ended_on: date(value(Role::MisconductEndedOn)),
            removed_on: date(value(Role::RemovedOn)),
            ground: some(value(Role::Ground)),
            as_of: self.received_on,
        };
        let decision = publicity::decide(&self.rulebook.publicity, &self.rulebook.calendar, &facts);
        Dates {
            class: self.name(decision.class.unwrap_or_default()),
            class_stated: decision.class_stated,
            pack: self.name(decision.pack.unwrap_or_default()),
            due_on: decision.due_on.map(day_number),
            due_by_law_on: decision.due_by_law_on.map(day_number),
            due_provisional: decision.due_provisional,
            public: decision.public,
            through_on: decision.through_on.map(day_number),
            repair_from_on: decision.repair_from_on.map(day_number),
        }
    }
}
