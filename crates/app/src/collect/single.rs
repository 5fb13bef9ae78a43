//! One row that no file brought: judged, dated, digested, packed and entered like a row of a file. For records that the platform
//! itself makes inside an act.

use super::asking::Asking;
use super::clocks::Clocks;
use super::import::judge_sender;
use super::judging::{Desk, Judged, Reading};
use super::lane;
use super::sealing::Sealing;
use super::table::RawRow;
use crate::{AppError, Result};
use credence_domain::record::Judge;
use credence_domain::record::value::day_number;
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::StoreError;
use credence_store::arrival::{self, Incoming, NO_BATCH, Outcome, Sending};
use credence_store::body::Unpacker;
use credence_store::change::Change;
use credence_store::connection::Connection;
use credence_store::secret::{self, Keyring};
use credence_store::unit::{self, Unit};
use jiff::civil::Date;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Makes rows of one item for one unit on one day.
pub(crate) struct Single<'r> {
    reading: Reading<'r>,
    desk: Desk<'r>,
    clocks: Clocks<'r>,
    unpacker: Unpacker,
    source: String,
    item: &'r str,
    today: Date,
}

impl<'r> Single<'r> {
    /// By the data list in force on the day.
    ///
    /// # Errors
    /// `item_not_in_list`, or a fault.
    pub(crate) fn new(
        connection: &mut Connection,
        keyring: Keyring,
        (rulebook, item): (&'r Rulebook, &str),
        unit: &Unit,
        today: Date,
    ) -> Result<Self> {
        Self::with_columns(connection, keyring, (rulebook, item), unit, today, |_| true)
    }

    /// The same, where only these fields have a column: what a row of a narrower form says.
    ///
    /// # Errors
    /// As [`Single::new`].
    pub(crate) fn with_columns(
        connection: &mut Connection,
        keyring: Keyring,
        (rulebook, item): (&'r Rulebook, &str),
        unit: &Unit,
        today: Date,
        has_column: impl Fn(&str) -> bool,
    ) -> Result<Self> {
        let missing = || AppError::refused("item_not_in_list", "item", format!("{today}的数据清单中没有{item}"));
        let item = rulebook.items.get(item).ok_or_else(missing)?;
        let version = item.version_on(today).ok_or_else(missing)?;
        let source = Uscc::parse(&unit.uscc)
            .map_err(|_| AppError::refused("unit_unknown", "unit", format!("{}不是单位代码", unit.uscc)))?;
        let units = unit::list(connection, today)?;
        let directory = Arc::new(unit::directory(connection)?);
        let columns: Vec<Option<usize>> =
            version.fields.iter().enumerate().map(|(at, field)| has_column(&field.code).then_some(at)).collect();
        let judge = Judge::new(rulebook, item, version, &columns, judge_sender(&units, unit, source), today);
        let header = version.fields.iter().map(|field| field.name.clone()).collect();
        let index = secret::index_mark(connection)?;
        let sealing = Sealing::Keys { keyring, index, chance: Box::default(), today };
        let clocks = || Clocks::new(rulebook, version, Arc::clone(&directory), today);
        Ok(Self {
            reading: Reading::new(judge, encoding_rs::UTF_8, header, today, ("", Asking::default())),
            desk: Desk::new(clocks(), sealing)?,
            clocks: clocks(),
            unpacker: Unpacker::new()?,
            source: unit.uscc.clone(),
            item: &item.code,
            today,
        })
    }

    /// Judges one row, given by codes of fields.
    ///
    /// # Errors
    /// The first reason why it is no fact.
    pub(crate) fn judge(&mut self, values: &[(&str, &str)]) -> Result<Incoming> {
        let of = |code: &str| values.iter().find(|(field, _)| *field == code).map_or("", |(_, value)| value);
        let cells = self.reading.judge.version().fields.iter().map(|field| of(&field.code));
        let row = RawRow::of_cells(1, String::new(), cells);
        match self.desk.judge(&self.reading, &row)? {
            Judged::Fact(incoming, _) => Ok(*incoming),
            Judged::Rejected(rejects) => {
                let first = rejects.into_iter().next();
                let (code, field, detail) =
                    first.map_or(("fault", String::new(), String::new()), |one| (one.code, one.field, one.detail));
                Err(AppError::refused(code, field, detail))
            }
        }
    }

    /// What a judged row says, by codes of fields: as it was normalised.
    ///
    /// # Errors
    /// A fault where the content cannot be read.
    pub(crate) fn values(&mut self, row: &Incoming) -> credence_store::Result<Map<String, Value>> {
        let damaged = |_| StoreError::Inconsistent("a row's content is no JSON".to_owned());
        let body = row.body.body(&row.other_content, &mut self.unpacker)?;
        let mut values: Map<String, Value> = serde_json::from_str(&row.other_content).map_err(damaged)?;
        let public: Value = serde_json::from_str(&body.public).map_err(damaged)?;
        values.extend(public.get("content").and_then(Value::as_object).cloned().unwrap_or_default());
        Ok(values)
    }

    /// Enters a row inside an act.
    ///
    /// # Errors
    /// Whatever the database says; the caller's transaction is then lost as a whole.
    pub(crate) fn arrive(&mut self, change: &mut Change<'_>, row: &Incoming) -> credence_store::Result<Outcome> {
        let sending = Sending {
            source: &self.source,
            item: self.item,
            received_on: day_number(self.today),
            batch: &NO_BATCH,
            corrects: None,
        };
        let (clocks, unpacker) = (&self.clocks, &mut self.unpacker);
        let mut redate = |row: &Incoming, counted| lane::redate(clocks, row, counted, unpacker);
        let outcomes = arrival::arrive(change, sending, std::slice::from_ref(row), &mut redate)?;
        Ok(outcomes.first().copied().unwrap_or(Outcome::Unchanged))
    }
}
