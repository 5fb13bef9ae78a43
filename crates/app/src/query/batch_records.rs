//! The records of a batch, page by page, in the order in which they were entered.

use super::batch::forbidden;
use super::page::{Page, bad_cursor, decode_cursor, encode_cursor};
use crate::{AppError, Result};
use credence_domain::canonical::{hex, unhex};
use credence_domain::record::Identity;
use credence_store::batch::{self, Batch};
use credence_store::change::CHUNK_ROWS;
use credence_store::connection::Connection;
use credence_store::record::{self, Stored};
use credence_store::revision::{RecordKey, chunks_of, records_of};
use credence_store::scope::View;
use std::collections::BTreeSet;

/// Records looked at for one page, whatever it holds: a page may be shorter than asked and still have another behind it.
const LOOKED_AT_MOST: usize = 20_000;

/// Behind which record a page begins.
struct Place {
    chunk: i64,
    key: RecordKey,
}

impl Place {
    fn read(cursor: &str) -> Result<Self> {
        let parts = decode_cursor(cursor, 3)?;
        let [chunk, uscc, identity] = parts.as_slice() else { return Err(bad_cursor()) };
        let identity = unhex(identity).and_then(|bytes| bytes.try_into().ok()).ok_or_else(bad_cursor)?;
        Ok(Self { chunk: chunk.parse().map_err(|_| bad_cursor())?, key: (uscc.clone(), Identity(identity)) })
    }

    fn cursor(&self) -> String {
        encode_cursor(&[&self.chunk.to_string(), &self.key.0, &hex(&self.key.1.0)])
    }
}

/// A batch, for the unit that sent it (`source`) or for whoever sees those of every unit.
///
/// # Errors
/// `not_found`, `forbidden` for another unit's, or a fault.
pub(crate) fn of_source(connection: &mut Connection, source: Option<&str>, number: &str) -> Result<Batch> {
    let batch = batch::find(connection, number)?.ok_or(AppError::NotFound)?;
    if source.is_some_and(|source| batch.source != source) { Err(forbidden()) } else { Ok(batch) }
}

/// What `pick` makes of the records of a batch that stand and that a view may see. One that several acts of the batch touched comes
/// once, where it stands now.
///
/// # Errors
/// `bad_cursor`, what `pick` says, or a fault.
pub(crate) fn page<T>(
    connection: &mut Connection,
    view: &View,
    batch: &Batch,
    (cursor, limit): (Option<&str>, u32),
    mut pick: impl FnMut(&mut Connection, Stored) -> Result<Option<T>>,
) -> Result<Page<T>> {
    let behind = cursor.filter(|cursor| !cursor.is_empty()).map(Place::read).transpose()?;
    let mut page = Page { items: Vec::new(), next: None };
    let (mut last, mut seen): (Option<Place>, BTreeSet<RecordKey>) = (None, BTreeSet::new());
    let chunks = chunks_of(connection, &batch.id)?;
    for &chunk in &chunks {
        if behind.as_ref().is_some_and(|place| chunk < place.chunk) {
            continue;
        }
        for key in records_of(connection, chunk)? {
            if behind.as_ref().is_some_and(|place| chunk == place.chunk && key <= place.key) || seen.contains(&key) {
                continue;
            }
            let Some(stored) = standing(connection, view, &key)? else { continue };
            let now = stored.at.div_euclid(CHUNK_ROWS as i64);
            if now != chunk && chunks.binary_search(&now).is_ok() {
                continue;
            }
            if page.items.len() >= limit as usize || seen.len() >= LOOKED_AT_MOST {
                page.next = last.map(|place| place.cursor());
                return Ok(page);
            }
            page.items.extend(pick(connection, stored)?);
            seen.insert(key.clone());
            last = Some(Place { chunk, key });
        }
    }
    Ok(page)
}

/// The record, where it stands and may be seen.
fn standing(connection: &mut Connection, view: &View, key: &RecordKey) -> credence_store::Result<Option<Stored>> {
    let stored = record::find(connection, view, &key.0, &key.1)?;
    Ok(stored.filter(|one| matches!(one.state.as_str(), "accepted" | "held" | "hidden")))
}
