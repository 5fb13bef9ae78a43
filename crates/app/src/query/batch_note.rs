//! What was odd about the rows of a batch that were taken (提示): each note as it was made when its row came.

use super::batch_records::{of_source, page};
use super::page::Page;
use crate::Result;
use crate::service::Service;
use credence_domain::canonical::hex;
use credence_domain::catalog::codes::CodeKind;
use credence_domain::rulebook::Rulebook;
use credence_store::body::Unpacker;
use credence_store::connection::Connection;
use credence_store::record::Stored;
use credence_store::scope::View;
use serde::{Deserialize, Serialize};

/// The notes on one record of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotedRecord {
    /// Reference of the record.
    pub record: String,
    /// The organisation.
    pub uscc: String,
    /// What was odd, in the order of the row.
    pub notes: Vec<NoteView>,
}

/// One note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoteView {
    /// Stable code (rulebook/codes.toml, `note`).
    pub code: String,
    /// What it says.
    pub text: String,
    /// Field code.
    pub field: String,
    /// Chinese name of the field.
    pub name: String,
    /// The value as it was sent, where it was changed; `null` where it was not.
    pub original: Option<String>,
}

/// What is kept beside the content.
#[derive(Default, Deserialize)]
struct Kept {
    #[serde(default)]
    notes: Vec<KeptNote>,
}

#[derive(Deserialize)]
struct KeptNote {
    code: String,
    field: String,
    original: Option<String>,
}

fn noted(rulebook: &Rulebook, view: &View, unpacker: &mut Unpacker, stored: &Stored) -> Result<Option<NotedRecord>> {
    let body = stored.body(unpacker)?;
    let kept: Kept = body.and_then(|body| serde_json::from_str(&body.notes).ok()).unwrap_or_default();
    if kept.notes.is_empty() {
        return Ok(None);
    }
    let edition = rulebook.items.get(&stored.item).and_then(|item| item.version_on(view.today));
    let name = |code: &str| edition.and_then(|edition| edition.fields.iter().find(|field| field.code == code));
    let text = |code: &str| rulebook.codes.text(CodeKind::Note, code);
    let note = |KeptNote { code, field, original }: KeptNote| NoteView {
        text: text(&code).map_or_else(|| code.clone(), |wording| wording.text.clone()),
        name: name(&field).map_or_else(|| field.clone(), |field| field.name.clone()),
        code,
        field,
        original,
    };
    let notes = kept.notes.into_iter().map(note).collect();
    Ok(Some(NotedRecord { record: hex(&stored.reference), uscc: stored.uscc.clone(), notes }))
}

fn notes_of_batch(
    connection: &mut Connection,
    (rulebook, view): (&Rulebook, &View),
    (source, number): (Option<&str>, &str),
    asked: (Option<&str>, u32),
) -> Result<Page<NotedRecord>> {
    let batch = of_source(connection, source, number)?;
    let mut unpacker = Unpacker::new()?;
    page(connection, view, &batch, asked, |_, stored| noted(rulebook, view, &mut unpacker, &stored))
}

impl Service {
    /// The records of a batch about which something was noted, in the order in which they were entered: for the unit that sent it all of
    /// them, for whoever sees the batches of every unit those that are public. A page may be shorter than asked and have another behind it.
    ///
    /// # Errors
    /// `not_found` for an unknown batch, `forbidden` for another unit's than `source`, `bad_cursor`, or a fault.
    pub fn batch_notes(
        &self,
        (source, number): (Option<&str>, &str),
        asked: (Option<&str>, u32),
    ) -> Result<Page<NotedRecord>> {
        let today = self.real_today();
        let view = if source.is_some() { View::office(today) } else { View::public(today) };
        self.read(|connection| Ok(notes_of_batch(connection, (self.rulebook(), &view), (source, number), asked)))?
    }

    /// The same for the operator, who sees every batch and record.
    ///
    /// # Errors
    /// As [`Service::batch_notes`].
    pub fn all_batch_notes(&self, number: &str, asked: (Option<&str>, u32)) -> Result<Page<NotedRecord>> {
        let view = View::office(self.real_today());
        self.read(|connection| Ok(notes_of_batch(connection, (self.rulebook(), &view), (None, number), asked)))?
    }
}
