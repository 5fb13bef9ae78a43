//! What waits for a person: every held record, with what must be looked at.

use super::rules::{Rules, batch_of, text};
use crate::Result;
use crate::service::Service;
use credence_domain::canonical::hex;
use credence_domain::catalog::Role;
use credence_domain::record::review::personal_fields;
use credence_domain::record::value::date_of;
use credence_store::record;
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
        let (rulebook, today) = (self.rulebook(), self.today());
        let keyring = Keyring::of(self.address());
        let mut rules = self.read(|connection| Rules::load(connection, keyring, rulebook, today))?;
        self.read(|connection| {
            let held = record::held(connection, &rules.view())?;
            held.into_iter()
                .map(|stored| {
                    let batch = batch_of(connection, &stored)?;
                    let content = rules.content(&stored)?;
                    let version = rules.version(&stored.item)?;
                    let text_of = rulebook.codes.text(credence_domain::catalog::codes::CodeKind::Hold, &stored.hold);
                    Ok(HeldView {
                        id: hex(&stored.reference),
                        name: content.value(version, Role::SubjectName).to_owned(),
                        document_number: content.value(version, Role::DocumentNumber).to_owned(),
                        decided_on: date_of(stored.decided_on),
                        hold_text: text_of.map_or_else(|| stored.hold.clone(), |wording| wording.text.clone()),
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
