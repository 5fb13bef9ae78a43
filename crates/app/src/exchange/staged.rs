//! What became of each row of a batch that came out of a staging table, read from the register alone: asked again after a
//! crash it says the same.

use crate::batch::Intake;
use crate::collect::file::Incoming as IncomingFile;
use crate::collect::import::judge_sender;
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::record::Judge;
use credence_domain::record::judge::Key;
use credence_domain::record::meeting::WITHDRAWN_BY_OWNER;
use credence_domain::subject::Uscc;
use credence_store::batch::{self, Batch};
use credence_store::connection::Connection;
use credence_store::front::{RowReceipt, Staged};
use credence_store::revision::{chunks_of, earlier};
use credence_store::scope::View;
use credence_store::{StoreError, record, unit};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The receipts of a batch's rows; `file` is the file that was made of them, one line a row.
pub(super) fn receipts(intake: &Intake, batch: &Batch, file: &Path, rows: &[Staged]) -> Result<Vec<RowReceipt>> {
    let service = intake.service();
    let problem = crate::query::BatchView::from(batch.clone()).problem;
    if let Some(problem) = problem.filter(|_| batch.state == "failed") {
        let of = |row: &Staged| RowReceipt {
            row: row.row,
            state: "rejected".to_owned(),
            code: problem.code.clone(),
            field: problem.field.clone(),
            detail: problem.detail.clone(),
            record: String::new(),
        };
        return Ok(rows.iter().map(of).collect());
    }
    let body = service.read(|connection| credence_store::rulebook::by_digest(connection, &batch.rulebook))?;
    let rulebook = crate::rulebook::kept(&body.ok_or(AppError::NotFound)?)?;
    let incoming = IncomingFile::open(file, &rulebook, batch.received_on, Some(&batch.item))?;
    let item = rulebook.items.get(&batch.item).ok_or(AppError::NotFound)?;
    let version = item.version_on(batch.received_on).ok_or(AppError::NotFound)?;
    let source = Uscc::parse(&batch.source)
        .map_err(|error| StoreError::Inconsistent(format!("source of batch {}: {error}", batch.number)))?;
    let sender = service.read(|connection| {
        let units = unit::list(connection, batch.received_on)?;
        let sender = unit::find(connection, &batch.source, batch.received_on)?.unwrap_or_default();
        Ok(judge_sender(&units, &sender, source))
    })?;
    let columns = incoming.mapping.columns.clone();
    let judge = Judge::new(&rulebook, item, version, &columns, sender, batch.received_on);
    let mut keys: BTreeMap<u32, Key> = BTreeMap::new();
    let mut reading = incoming.rows()?;
    while let Some(row) = reading.next_row()? {
        let cells: Vec<&str> = row.cells().collect();
        if let Ok(key) = judge.key(&cells) {
            keys.insert(row.line, key);
        }
    }
    let found = service.read(|connection| {
        let mut rejected = BTreeMap::new();
        batch::each_rejected(connection, &batch.id, |one| {
            rejected.insert(one.line, (one.code, one.field, one.reason));
            Ok(())
        })?;
        let chunks: BTreeSet<i64> = chunks_of(connection, &batch.id)?.into_iter().collect();
        let mut receipts = Vec::with_capacity(rows.len());
        for (line, row) in (1..).zip(rows) {
            let mut receipt = RowReceipt { row: row.row, state: "rejected".to_owned(), ..RowReceipt::default() };
            if let Some((code, field, detail)) = rejected.remove(&line) {
                (receipt.code, receipt.field, receipt.detail) = (code, field, detail);
            } else {
                let key = keys.get(&line).ok_or_else(|| missing(batch, line))?;
                (receipt.state, receipt.record) = became(connection, batch, &chunks, key)?;
            }
            receipts.push(receipt);
        }
        Ok(receipts)
    })?;
    Ok(found)
}

fn missing(batch: &Batch, line: u32) -> StoreError {
    StoreError::Inconsistent(format!("row {line} of batch {} was neither taken nor refused", batch.number))
}

/// What the batch made of the record that a row means: the version that one of its acts wrote, if there is one.
fn became(
    connection: &mut Connection,
    batch: &Batch,
    chunks: &BTreeSet<i64>,
    key: &Key,
) -> credence_store::Result<(String, String)> {
    let view = View::office(batch.received_on);
    let uscc = key.uscc.as_str();
    let stored = record::find(connection, &view, uscc, &key.identity)?
        .ok_or_else(|| StoreError::Inconsistent(format!("batch {} left no record of a row", batch.number)))?;
    let written = |at: i64| chunks.contains(&record::place(at).0);
    let reference = hex(&stored.reference);
    let (version, state, hold) = if written(stored.at) {
        (stored.version, stored.state, stored.hold)
    } else {
        let earlier = earlier(connection, &view, &(uscc.to_owned(), key.identity))?;
        match earlier.into_iter().find(|version| written(version.at)) {
            Some(found) => (found.version, found.state, found.hold),
            None => return Ok(("unchanged".to_owned(), reference)),
        }
    };
    let word = match state.as_str() {
        "withdrawn" if hold == WITHDRAWN_BY_OWNER => "withdrawn",
        "held" => "held",
        _ if version == 1 => "accepted",
        _ => "corrected",
    };
    Ok((word.to_owned(), reference))
}
