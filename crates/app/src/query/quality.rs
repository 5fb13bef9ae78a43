//! The quality of what departments send: a month's scorecard, and what is due tomorrow.
//!
//! Serves 鲁信用办〔2019〕8号 arts. 六 and 十六. Everyone sees counts; which records are due is for the department itself
//! and the office. Every figure is counted from what is stored at the moment it is asked.

use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::catalog::Disclosure;
use credence_domain::publicity::DeadlineKind;
use credence_domain::quality::{Counts, Facts, Month, Share, decided_for};
use credence_domain::record::State;
use credence_domain::record::value::{date_of, day_number};
use credence_store::quality::{self, Clocked};
use credence_store::scope::View;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Reports of an item against what the department declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Declared {
    /// Item.
    pub item: String,
    /// Total that it declared for the month.
    pub declared: u64,
    /// Records of the month on file.
    pub on_file: u64,
    /// Declared and not on file (漏报).
    pub missed: u64,
}

/// A department's month.
#[derive(Clone, Debug, Serialize)]
pub struct UnitQuality {
    /// Its code.
    pub source: String,
    /// Its name.
    pub name: String,
    /// Rows taken of the rows sent in the month (入库率).
    pub acceptance: Share,
    /// Records decided in the month without an empty field that is expected (完整率).
    pub completeness: Share,
    /// In time by the earliest deadline, of those published or past it (及时率).
    pub timeliness: Share,
    /// Late by the earliest deadline (working target).
    pub late: u64,
    /// Late by the legal deadline.
    pub late_by_law: u64,
    /// Published, of what must be public (公示率).
    pub publicity: Share,
    /// Waiting for a person although due by tomorrow or past due.
    pub due: u64,
    /// Against the declared totals.
    pub declared: Vec<Declared>,
    /// Open name conflicts from its files.
    pub name_conflicts: u64,
}

/// A month of all departments.
#[derive(Clone, Debug, Serialize)]
pub struct QualityView {
    /// `YYYY-MM`.
    pub month: String,
    /// Day for which was counted.
    pub as_of: Date,
    /// Departments that sent, own or declared something in it, in order of their codes.
    pub units: Vec<UnitQuality>,
}

/// A record that must be public by tomorrow and waits.
#[derive(Clone, Debug, Serialize)]
pub struct DueRecord {
    /// The record.
    pub id: String,
    /// The organisation.
    pub uscc: String,
    /// Item.
    pub item: String,
    /// The department.
    pub source: String,
    /// Why it waits: code and Chinese text.
    pub hold: String,
    /// What the code means and what to do.
    pub hold_text: String,
    /// Day of decision.
    pub decided_on: Option<Date>,
    /// Earliest deadline.
    pub public_due_on: Option<Date>,
    /// Legal deadline.
    pub public_due_by_law_on: Option<Date>,
    /// The deadline has passed.
    pub late: bool,
    /// The legal one has passed.
    pub late_by_law: bool,
}

/// Decisions whose deadline is tomorrow, sent or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DueDecisions {
    /// The deadline's code in the rulebook.
    pub deadline: String,
    /// Its name.
    pub name: String,
    /// A legal deadline; else a working target.
    pub legal: bool,
    /// Its length.
    pub working_days: u32,
    /// Days whose decisions must be public by tomorrow.
    pub decided_on: Vec<Date>,
}

/// What is due tomorrow.
#[derive(Clone, Debug, Serialize)]
pub struct DueView {
    /// Today.
    pub as_of: Date,
    /// Tomorrow: whatever is due by then is listed.
    pub due_by: Date,
    /// The department; null for all.
    pub source: Option<String>,
    /// Records on file that must be public by then and wait.
    pub records: Vec<DueRecord>,
    /// Days whose decisions must be public on that day.
    pub decisions: Vec<DueDecisions>,
}

/// Reads `YYYY-MM`; without a text another month.
///
/// # Errors
/// `bad_parameter`.
pub fn month(text: Option<&str>, otherwise: Month) -> Result<Month> {
    match text.filter(|text| !text.is_empty()) {
        None => Ok(otherwise),
        Some(text) => Month::parse(text)
            .ok_or_else(|| AppError::refused("bad_parameter", "month", "月份应写作 YYYY-MM，例如 2026-11")),
    }
}

impl Service {
    /// The month that is shown unasked: the latest in which a department sent something, so that the first days of a month show
    /// the one before; the one that runs where nothing came yet.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn latest_month(&self, today: Date) -> Result<Month> {
        let latest = self.read(|connection| quality::latest(connection, today))?;
        Ok(Month::of(latest.and_then(date_of).unwrap_or(today)))
    }

    /// The scorecard of a month. The public counts only records that have not ended.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn quality(&self, view: &View, month: Month) -> Result<QualityView> {
        let (first, last) = (month.first(), month.last());
        let today = day_number(view.today);
        let rows = self.read(|connection| quality::rows(connection, first, last))?;
        let conflicts: BTreeMap<String, u64> = self.read(quality::name_conflicts)?.into_iter().collect();
        let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
        let mut on_file: BTreeMap<(String, String), u64> = BTreeMap::new();
        let disclosed = self.disclosed_items(view.today);
        self.read(|connection| {
            quality::each_record(connection, view, first, last, |record| {
                let facts = facts_of(&record, &disclosed);
                counts.entry(record.source.clone()).or_default().add(&facts, today);
                *on_file.entry((record.source, record.item)).or_default() += 1;
                Ok(())
            })
        })?;
        let units = self.units()?;
        let declares = |source: &str| units.get(source).map(|unit| &unit.declared);
        let mut sources: BTreeSet<&str> = rows.iter().map(|row| row.source.as_str()).collect();
        sources.extend(counts.keys().map(String::as_str));
        let suffix = format!(":{month}");
        sources.extend(
            units
                .values()
                .filter(|unit| unit.declared.keys().any(|key| key.ends_with(&suffix)))
                .map(|unit| &*unit.uscc),
        );
        let scored = sources.into_iter().map(|source| {
            let own = |row: &&quality::Rows| row.source == source;
            let read: u64 = rows.iter().filter(own).map(|row| row.read).sum();
            let rejected: u64 = rows.iter().filter(own).map(|row| row.rejected).sum();
            let counts = counts.get(source).copied().unwrap_or_default();
            let declared = declares(source).into_iter().flatten().filter_map(|(key, declared)| {
                let item = key.strip_suffix(&suffix)?;
                let found = on_file.get(&(source.to_owned(), item.to_owned())).copied().unwrap_or_default();
                let missed = declared.saturating_sub(found);
                Some(Declared { item: item.to_owned(), declared: *declared, on_file: found, missed })
            });
            UnitQuality {
                source: source.to_owned(),
                name: units.get(source).map_or_else(String::new, |unit| unit.name.clone()),
                acceptance: Share::new(read.saturating_sub(rejected), read),
                completeness: Share::new(counts.complete, counts.records),
                timeliness: Share::new(counts.in_time, counts.judged),
                late: counts.late,
                late_by_law: counts.late_by_law,
                publicity: Share::new(counts.published, counts.publishable),
                due: counts.due,
                declared: declared.collect(),
                name_conflicts: conflicts.get(source).copied().unwrap_or_default(),
            }
        });
        Ok(QualityView { month: month.to_string(), as_of: view.today, units: scored.collect() })
    }

    /// What must be public by tomorrow and is not: records that wait, and the days whose decisions are due, sent or not.
    /// For the department itself and the office.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn due_tomorrow(&self, view: &View, source: Option<&str>) -> Result<DueView> {
        let due_by = view.today.tomorrow().unwrap_or(view.today);
        let disclosed = self.disclosed_items(view.today);
        let today = day_number(view.today);
        let found = self.read(|connection| quality::waiting(connection, view, source, due_by))?;
        let records = found.into_iter().filter(|waiting| disclosed.contains(&waiting.item)).map(|waiting| {
            let late = |due: Option<i32>| !waiting.due_provisional && due.is_some_and(|due| due < today);
            DueRecord {
                id: hex(&waiting.reference),
                hold_text: self.rulebook().codes.hold.get(&waiting.hold).map_or_else(String::new, |w| w.text.clone()),
                decided_on: date_of(waiting.decided_on),
                public_due_on: date_of(waiting.due_on),
                public_due_by_law_on: waiting.due_by_law_on.and_then(date_of),
                late: late(Some(waiting.due_on)),
                late_by_law: late(waiting.due_by_law_on),
                uscc: waiting.uscc,
                item: waiting.item,
                source: waiting.source,
                hold: waiting.hold,
            }
        });
        let records = records.collect();
        Ok(DueView {
            as_of: view.today,
            due_by,
            source: source.map(str::to_owned),
            records,
            decisions: self.due_decisions(due_by),
        })
    }

    /// Days whose decisions must be public on a day, by each deadline of the rulebook that then applies.
    #[must_use]
    pub fn due_decisions(&self, due_on: Date) -> Vec<DueDecisions> {
        let deadlines = self.rulebook().publicity.deadlines().iter().filter(|deadline| deadline.needs.is_none());
        let due = deadlines.map(|deadline| {
            let mut decided_on = decided_for(&self.rulebook().calendar, due_on, deadline.working_days);
            decided_on
                .retain(|day| deadline.effective_from <= *day && deadline.effective_to.is_none_or(|last| *day <= last));
            DueDecisions {
                deadline: deadline.code.clone(),
                name: deadline.name.clone(),
                legal: deadline.kind == DeadlineKind::Legal,
                working_days: deadline.working_days,
                decided_on,
            }
        });
        due.filter(|due| !due.decided_on.is_empty()).collect()
    }

    fn disclosed_items(&self, today: Date) -> BTreeSet<String> {
        let items = self.rulebook().items.values();
        let public = |code: &str| self.edition(code, today).is_some_and(|v| v.disclosure == Disclosure::Public);
        items.filter(|item| public(&item.code)).map(|item| item.code.clone()).collect()
    }
}

fn facts_of(record: &Clocked, disclosed: &BTreeSet<String>) -> Facts {
    Facts {
        state: State::from_code(&record.state).unwrap_or(State::Erased),
        complete: !record.notes.contains("\"expected_missing\""),
        disclosed: disclosed.contains(&record.item),
        due_on: record.due_on,
        due_by_law_on: record.due_by_law_on,
        due_provisional: record.due_provisional,
        published_on: record.published_on,
    }
}
