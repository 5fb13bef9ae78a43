//! What waits for a person: every held record, with what must be looked at.

use super::rules::{Rules, batch_of, text};
use crate::query::BatchView;
use crate::query::page::{self, Page};
use crate::service::Service;
use crate::{AppError, Result, View};
use credence_domain::canonical::{hex, unhex};
use credence_domain::catalog::Role;
use credence_domain::catalog::codes::CodeKind;
use credence_domain::record::review::personal_fields;
use credence_domain::record::value::date_of;
use credence_store::batch;
use credence_store::record::{self, Stored};
use credence_store::secret::Keyring;
use jiff::civil::Date;
use serde::Serialize;

/// A record that waits.
#[derive(Clone, Debug, Serialize)]
pub struct HeldView {
    /// Public reference.
    pub id: String,
    /// The organisation.
    pub uscc: String,
    /// Its name as the record has it.
    pub name: String,
    /// Item.
    pub item: String,
    /// Owner.
    pub source: String,
    /// Day by which it should be public; `null` where none runs.
    pub due_on: Option<Date>,
    /// Document number.
    pub document_number: String,
    /// Day of decision.
    pub decided_on: Option<Date>,
    /// Why it waits.
    pub hold: String,
    /// The same in Chinese.
    pub hold_text: String,
    /// Number of the batch from which its content comes.
    pub batch: Option<String>,
    /// Public fields that carry an identity or telephone number: codes, never values.
    pub fields: Vec<String>,
}

impl Service {
    /// Every record that waits, in order of (code, identity). For the office.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn held_records(&self) -> Result<Vec<HeldView>> {
        let view = View::office(self.today());
        self.told_of_held(self.read(|connection| record::held(connection, &view))?)
    }

    /// A page of them; with one reason where it is given.
    ///
    /// # Errors
    /// `bad_cursor`, `bad_parameter` for a reason that there is not, or a fault of the store.
    pub fn held_page(&self, hold: Option<&str>, cursor: Option<&str>, limit: Option<u32>) -> Result<Page<HeldView>> {
        let limit = page::limit(limit)?;
        let hold = hold.unwrap_or_default();
        if !hold.is_empty() && self.rulebook().codes.text(CodeKind::Hold, hold).is_none() {
            return Err(AppError::refused("bad_parameter", "hold", format!("没有暂缓原因 {hold}")));
        }
        let (mut uscc, mut identity) = (String::new(), Vec::new());
        if let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) {
            let [code, record] = page::decode_cursor(cursor, 2)?.try_into().map_err(|_| page::bad_cursor())?;
            (uscc, identity) = (code, unhex(&record).ok_or_else(page::bad_cursor)?);
        }
        let view = View::office(self.today());
        let behind = (uscc.as_str(), identity.as_slice());
        let mut held = self.read(|connection| record::held_after(connection, &view, behind, hold, limit + 1))?;
        let more = held.len() > limit as usize;
        held.truncate(limit as usize);
        let last = held.last().filter(|_| more);
        let next = last.map(|last| page::encode_cursor(&[&last.uscc, &hex(&last.identity.0)]));
        Ok(Page { items: self.told_of_held(held)?, next })
    }

    /// The batches that wait as a whole, the longest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn held_batches(&self, limit: u32) -> Result<Vec<BatchView>> {
        Ok(self.read(|connection| batch::held(connection, limit))?.into_iter().map(BatchView::from).collect())
    }

    fn told_of_held(&self, held: Vec<Stored>) -> Result<Vec<HeldView>> {
        let (rulebook, today) = (self.rulebook(), self.today());
        let keyring = Keyring::of(self.address());
        let mut rules = self.read(|connection| Rules::load(connection, keyring, rulebook, today))?;
        self.read(|connection| {
            held.into_iter()
                .map(|stored| {
                    let batch = batch_of(connection, &stored)?;
                    let content = rules.content(&stored)?;
                    let version = rules.version(&stored.item)?;
                    let text_of = rulebook.codes.text(CodeKind::Hold, &stored.hold);
                    Ok(HeldView {
                        id: hex(&stored.reference),
                        name: content.value(version, Role::SubjectName).to_owned(),
                        document_number: content.value(version, Role::DocumentNumber).to_owned(),
                        decided_on: date_of(stored.decided_on),
                        hold_text: text_of.map_or_else(|| stored.hold.clone(), |wording| wording.text.clone()),
                        due_on: stored.due_on.and_then(date_of),
                        fields: personal_fields(version, |code| text(&content.public, code)),
                        uscc: stored.uscc,
                        item: stored.item,
                        source: stored.source,
                        hold: stored.hold,
                        batch: batch.map(|batch| batch.number),
                    })
                })
                .collect()
        })
    }
}
