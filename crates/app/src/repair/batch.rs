//! The repair notices of a whole batch (两书同达): what an authority prints and serves together with the decisions that it has reported.

use super::ground::told;
use crate::query::batch::forbidden;
use crate::query::page::{Page, bad_cursor, decode_cursor, encode_cursor};
use crate::review::rules::Rules;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::{hex, unhex};
use credence_domain::catalog::Nature;
use credence_domain::record::Identity;
use credence_domain::repair::Notice;
use credence_domain::rulebook::Rulebook;
use credence_store::batch;
use credence_store::change::CHUNK_ROWS;
use credence_store::connection::Connection;
use credence_store::record::{self, Stored};
use credence_store::revision::{RecordKey, chunks_of, records_of};
use credence_store::scope::View;
use credence_store::secret::Keyring;
use serde::Serialize;
use std::collections::BTreeSet;

/// The notice of one record of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BatchNotice {
    /// Reference of the record.
    pub record: String,
    /// The organisation.
    pub uscc: String,
    /// Its name.
    pub organisation: String,
    /// What it is told; none where nothing can be told.
    pub notice: Option<Notice>,
    /// Why nothing can be told.
    pub problem: Option<String>,
}

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

/// The notices of the records of a batch that stand and that a view may see, in the order in which they were entered; of a batch that
/// reports nothing adverse there are none. One that several acts of the batch touched is told once, where it
/// stands now.
///
/// # Errors
/// `not_found` for an unknown batch, `forbidden` for another unit's than `source`, `bad_cursor`, or a fault.
pub fn notices_of_batch(
    connection: &mut Connection,
    keyring: Keyring,
    (rulebook, view): (&Rulebook, &View),
    (source, number): (Option<&str>, &str),
    (cursor, limit): (Option<&str>, u32),
) -> Result<Page<BatchNotice>> {
    let batch = batch::find(connection, number)?.ok_or(AppError::NotFound)?;
    if source.is_some_and(|source| batch.source != source) {
        return Err(forbidden());
    }
    let behind = cursor.filter(|cursor| !cursor.is_empty()).map(Place::read).transpose()?;
    let mut rules = Rules::load(connection, keyring, rulebook, view.today)?;
    let mut page = Page { items: Vec::new(), next: None };
    if rules.version(&batch.item)?.nature != Nature::Dishonesty {
        return Ok(page);
    }
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
            if page.items.len() >= limit as usize {
                page.next = last.map(|place| place.cursor());
                return Ok(page);
            }
            page.items.push(one(connection, &mut rules, stored)?);
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

fn one(connection: &mut Connection, rules: &mut Rules<'_>, stored: Stored) -> Result<BatchNotice> {
    let (record, uscc) = (hex(&stored.reference), stored.uscc.clone());
    let view = rules.view();
    let organisation = credence_store::subject::find(connection, &view, &uscc)?.map(|found| found.name);
    let (notice, problem) = match told(connection, rules, stored) {
        Ok(notice) => (Some(notice), None),
        Err(AppError::Refused { detail, .. }) => (None, Some(detail)),
        Err(error) => return Err(error),
    };
    Ok(BatchNotice { record, uscc, organisation: organisation.unwrap_or_default(), notice, problem })
}

impl Service {
    /// The repair notices of a batch, in pages: for the unit that sent it of all its records, for whoever sees the batches of every unit
    /// of those that are public, for what is not he looks into with a purpose.
    ///
    /// # Errors
    /// As [`notices_of_batch`].
    pub fn batch_notices(&self, of: (Option<&str>, &str), page: (Option<&str>, u32)) -> Result<Page<BatchNotice>> {
        let today = self.real_today();
        let view = if of.0.is_some() { View::office(today) } else { View::public(today) };
        let rules = (self.rulebook(), &view);
        self.of_repairs(|connection| notices_of_batch(connection, self.keyring(), rules, of, page))
    }
}
