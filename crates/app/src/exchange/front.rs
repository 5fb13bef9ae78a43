//! Exchange by database (前置库): rows that a department's system has put into staging tables become batches of the one importer,
//! and each row is told what became of it, all rows of a batch in one transaction.
//!
//! A batch is taken under its number before anything is imported, so whoever comes after a crash finds the same rows under
//! the same number: the register knows whether they were imported, and the receipts are read from it.

use super::{Passed, staged};
use crate::batch::{Channel, Intake, Letter, Sender, Upload};
use crate::query::BatchView;
use crate::{AppError, Result};
use credence_domain::catalog::Version;
use credence_domain::record::identity::fold;
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::batch;
use credence_store::front::{self, Staged, Table, Taken};
use jiff::civil::Date;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::io::Write;

const MICROS_A_DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// Where the staging tables are.
pub struct Front {
    url: String,
}

impl std::fmt::Debug for Front {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Front")
    }
}

impl Front {
    /// Staging tables at a PostgreSQL address.
    ///
    /// # Errors
    /// `bad_parameter` for another kind of address.
    pub fn at(url: &str) -> Result<Self> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(AppError::refused("bad_parameter", "front", "前置库须为PostgreSQL：postgres://…"));
        }
        Ok(Self { url: url.to_owned() })
    }

    /// Makes the tables of the data list of a day, with the columns that they lack. Gives how many tables there are and how
    /// many columns were added.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn install(&self, rulebook: &Rulebook, day: Date) -> Result<(usize, u64)> {
        let tables = tables(rulebook, day);
        let added = front::Front::open(&self.url)?.install(&tables)?;
        Ok((tables.len(), added))
    }

    /// Lets a login role of the database send for a unit of the directory.
    ///
    /// # Errors
    /// `unit_unknown`, `role_unknown`, or whatever the database says.
    pub fn admit(&self, service: &crate::Service, role: &str, unit: &str) -> Result<()> {
        if Uscc::parse(unit).is_err() || !service.units()?.contains_key(unit) {
            return Err(AppError::refused("unit_unknown", "unit", "单位目录中没有该单位，请先登记"));
        }
        let tables = tables(service.rulebook(), service.real_today());
        if front::Front::open(&self.url)?.admit(role, unit, &tables)? {
            return Ok(());
        }
        let text = "前置库所在数据库没有该登录角色，请由数据库管理员先建立";
        Err(AppError::refused("role_unknown", "role", text))
    }

    pub(super) fn look(&self, intake: &Intake) -> Result<Passed> {
        let mut open = front::Front::open(&self.url)?;
        if !open.lock()? {
            return Err(AppError::refused("front_in_use", "front", "前置库正由另一进程处理"));
        }
        let service = intake.service();
        let edition = service.succeeded()?;
        let rulebook = edition.as_ref().unwrap_or(service).rulebook();
        let tables = open.installed(tables(rulebook, service.real_today()))?;
        let mut passed = Passed::default();
        let mut busy = HashSet::new();
        for taken in open.open_batches()? {
            let Some(table) = tables.iter().find(|table| table.item == taken.item) else { continue };
            let found = service.read(|connection| batch::find(connection, &taken.number))?;
            match found {
                Some(batch) if batch.state != "running" => {
                    let rows = open.rows(table, &taken.number)?;
                    let mut file = tempfile::NamedTempFile::new()?;
                    write_lines(table, &rows, |piece| Ok(file.write_all(piece)?))?;
                    file.flush()?;
                    let receipts = staged::receipts(intake, &batch, file.path(), &rows)?;
                    open.tell(&taken, batch.received_at, &receipts)?;
                    passed.told += 1;
                }
                Some(_) => {
                    passed.under_way += 1;
                    busy.insert(taken.item);
                }
                None => {
                    if intake.queued(&taken.number).is_none() {
                        self.send(&mut open, intake, table, &taken)?;
                        passed.taken += 1;
                    } else {
                        passed.under_way += 1;
                    }
                    busy.insert(taken.item);
                }
            }
        }
        // One batch of a table after the other: a row may mean the record of a row before it.
        for table in tables.iter().filter(|table| !busy.contains(&table.item)) {
            let number = intake.new_number()?;
            let mut ends = repeats(rulebook, table, service.real_today());
            let Some(taken) = open.take(table, &number, &mut ends)? else { continue };
            self.send(&mut open, intake, table, &taken)?;
            passed.taken += 1;
        }
        if let Some(rule) = rulebook.erasure.retention_on(service.real_today()) {
            let before = service.now_micros() - i64::from(rule.rejected_days) * MICROS_A_DAY;
            for table in &tables {
                open.expire(table, before)?;
            }
        }
        Ok(passed)
    }

    /// Gives a batch's rows to the intake as a file of JSON lines, one line a row.
    fn send(&self, open: &mut front::Front, intake: &Intake, table: &Table, taken: &Taken) -> Result<BatchView> {
        let rows = open.rows(table, &taken.number)?;
        let mut upload = intake.receive()?;
        write_lines(table, &rows, |piece| Upload::write(&mut upload, piece))?;
        let sender = Sender::of(&taken.unit, "front");
        let letter = Letter {
            item: Some(taken.item.clone()),
            file: format!("{}-{}.jsonl", taken.item, taken.number),
            secrecy_review: rows.first().map(|row| row.secrecy_review.clone()).unwrap_or_default(),
            channel: Channel::Database,
            number: taken.number.clone(),
            ..Letter::default()
        };
        let batch = intake.acknowledge(&sender, letter, upload)?;
        tracing::info!(unit = taken.unit, item = taken.item, batch = taken.number, rows = rows.len(), "rows taken");
        Ok(batch)
    }
}

/// A table for each item of the data list of a day: its fields by their codes in lower case, without those that only a form of
/// 2015 or 2016 has.
fn tables(rulebook: &Rulebook, day: Date) -> Vec<Table> {
    let of = |(code, version): (&String, &Version)| Table {
        item: code.to_ascii_lowercase(),
        columns: version
            .fields
            .iter()
            .filter(|field| !(field.extension && field.code.chars().any(|c| c.is_ascii_uppercase())))
            .map(|field| field.code.to_ascii_lowercase())
            .collect(),
    };
    let items = rulebook.items.iter().filter_map(|(code, item)| Some((code, item.version_on(day)?)));
    items.map(of).collect()
}

/// Whether a row means the record of a row before it: then it belongs to the next batch, for a batch says each record once.
fn repeats(rulebook: &Rulebook, table: &Table, day: Date) -> impl FnMut(&Staged) -> bool + use<> {
    let version = rulebook.items.get(&table.item).and_then(|item| item.version_on(day));
    let identity = version.map(|version| version.identity.clone()).unwrap_or_default();
    let at = |code: &String| table.columns.iter().position(|column| *column == code.to_ascii_lowercase());
    let columns: Vec<usize> = identity.iter().filter_map(at).collect();
    let mut seen: HashSet<Vec<String>> = HashSet::new();
    move |row| {
        let key = columns.iter().filter_map(|at| row.values.get(*at)).map(|value| fold(value)).collect();
        !seen.insert(key)
    }
}

/// The rows as JSON lines, every key in every line.
fn write_lines(table: &Table, rows: &[Staged], mut write: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    for row in rows {
        let mut object = Map::new();
        for (column, value) in table.columns.iter().zip(&row.values) {
            object.insert(column.clone(), value.as_str().into());
        }
        object.insert("operation".to_owned(), row.operation.as_str().into());
        object.insert("operation_reason".to_owned(), row.reason.as_str().into());
        let mut line = serde_json::to_vec(&Value::Object(object)).map_err(std::io::Error::other)?;
        line.push(b'\n');
        write(&line)?;
    }
    Ok(())
}
