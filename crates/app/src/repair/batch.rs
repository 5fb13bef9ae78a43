//! The repair notices of a whole batch (两书同达): what an authority prints and serves together with the decisions that it has reported.

use super::ground::told;
use crate::query::batch_records::{of_source, page};
use crate::query::page::Page;
use crate::review::rules::Rules;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::catalog::Nature;
use credence_domain::repair::Notice;
use credence_domain::rulebook::Rulebook;
use credence_store::connection::Connection;
use credence_store::record::Stored;
use credence_store::scope::View;
use credence_store::secret::Keyring;
use serde::Serialize;

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
    asked: (Option<&str>, u32),
) -> Result<Page<BatchNotice>> {
    let batch = of_source(connection, source, number)?;
    let mut rules = Rules::load(connection, keyring, rulebook, view.today)?;
    if rules.version(&batch.item)?.nature != Nature::Dishonesty {
        return Ok(Page { items: Vec::new(), next: None });
    }
    page(connection, view, &batch, asked, |connection, stored| one(connection, &mut rules, stored).map(Some))
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
