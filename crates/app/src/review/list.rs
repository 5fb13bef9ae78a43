//! What waits for a person: every held record, with what must be looked at.

use super::rules::{Rules, batch_of, named, text};
use crate::account::Person;
use crate::collect::hold::{FIRST_HTTP_BATCH, NO_SECRECY_REVIEW, UNUSUAL_VOLUME};
use crate::desk::Desk;
use crate::query::BatchView;
use crate::query::page::{self, Asked, Page};
use crate::query::record::FieldView;
use crate::service::Service;
use crate::{AppError, Result, View};
use credence_domain::canonical::{hex, unhex};
use credence_domain::catalog::Role;
use credence_domain::catalog::codes::CodeKind;
use credence_domain::record::State;
use credence_domain::record::review::{MAYBE_SIMPLE_PROCEDURE, PERSONAL_NUMBER, personal_fields};
use credence_domain::record::value::date_of;
use credence_store::batch;
use credence_store::record::{self, Stored};
use credence_store::secret::Keyring;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeSet;

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
    /// What would be published, in the order of the form; nothing of a field that carries such a number.
    pub content: Vec<FieldView>,
}

/// Reasons for which records wait, in the order in which they are offered.
pub const HOLDS: [&str; 5] =
    [MAYBE_SIMPLE_PROCEDURE, PERSONAL_NUMBER, NO_SECRECY_REVIEW, FIRST_HTTP_BATCH, UNUSUAL_VOLUME];

/// The organisations of records that a unit did not send itself.
fn not_of(unit: &str, held: &[HeldView]) -> BTreeSet<String> {
    held.iter().filter(|one| one.source != unit).map(|one| one.uscc.clone()).collect()
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

    /// A page of them as a person sees it. What his own unit did not send is in the access journal before it is shown.
    ///
    /// # Errors
    /// As [`Service::held_page`]; a fault: then nothing is shown.
    pub fn read_held_page(
        &self,
        desk: &Desk,
        person: &Person,
        hold: Option<&str>,
        (cursor, limit): Asked<'_>,
    ) -> Result<Page<HeldView>> {
        let page = self.held_page(hold, cursor, limit)?;
        self.note_held(desk, person, not_of(&person.account.unit, &page.items))?;
        Ok(page)
    }

    /// One of them as a person sees it, noted likewise.
    ///
    /// # Errors
    /// As [`Service::held_record`]; a fault: then nothing is shown.
    pub fn read_held_record(&self, desk: &Desk, person: &Person, id: &str) -> Result<Option<HeldView>> {
        let found = self.held_record(id)?;
        self.note_held(desk, person, not_of(&person.account.unit, found.as_slice()))?;
        Ok(found)
    }

    /// A page of them; with one reason where it is given.
    ///
    /// # Errors
    /// `bad_cursor`, `bad_parameter` for a reason that there is not, or a fault of the store.
    pub fn held_page(&self, hold: Option<&str>, cursor: Option<&str>, limit: Option<u32>) -> Result<Page<HeldView>> {
        let limit = page::limit(limit)?;
        let hold = hold.unwrap_or_default();
        if !hold.is_empty() && !HOLDS.contains(&hold) {
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

    /// One of them, as people name it; nothing where it does not wait.
    ///
    /// # Errors
    /// `bad_parameter`, or a fault of the store.
    pub fn held_record(&self, id: &str) -> Result<Option<HeldView>> {
        let view = View::office(self.today());
        let mut found = Ok(None);
        self.read(|connection| {
            found = named(connection, &view, id.trim());
            Ok(())
        })?;
        let held = found?.filter(|stored| stored.state == State::Held.code());
        Ok(self.told_of_held(held.into_iter().collect())?.pop())
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
                    let fields = personal_fields(version, |code| text(&content.public, code));
                    let said = version.fields.iter().filter_map(|field| {
                        let value = text(&content.public, &field.code);
                        let shown = !value.is_empty() && !fields.contains(&field.code);
                        let (code, name) = (field.code.clone(), field.name.clone());
                        shown.then(|| FieldView { code, name, value: value.to_owned() })
                    });
                    Ok(HeldView {
                        content: said.collect(),
                        id: hex(&stored.reference),
                        name: content.value(version, Role::SubjectName).to_owned(),
                        document_number: content.value(version, Role::DocumentNumber).to_owned(),
                        decided_on: date_of(stored.decided_on),
                        hold_text: text_of.map_or_else(|| stored.hold.clone(), |wording| wording.text.clone()),
                        due_on: stored.due_on.and_then(date_of),
                        fields,
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
