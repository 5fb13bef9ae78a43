//! The access journal (查询记录) as the organisation, auditors and the audit administrator see it: which unit looked, in which
//! role, for which purpose, when. An organisation sees no person's name, and a look in an investigation only when that is
//! recorded as over.

use crate::Result;
use crate::query::page;
use crate::service::Service;
use credence_domain::access::Role;
use credence_domain::canonical::{hex, unhex};
use credence_store::clock::instant_text;
use credence_store::journal::{self, Entry};
use serde::Serialize;

/// One look.
#[derive(Clone, Debug, Serialize)]
pub struct JournalView {
    /// Instant.
    pub at: String,
    /// The unit that looked; empty for the organisation's own representative.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// Code of the role.
    pub role: String,
    /// Code of the purpose.
    pub purpose: String,
    /// Chinese name of the purpose.
    pub purpose_name: String,
    /// Case number; empty where none was needed.
    pub case_number: String,
    /// What was read.
    pub what: String,
    /// The account, for auditors and the audit administrator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Number of the act that noted it.
    pub act: String,
}

/// A page of the journal.
#[derive(Clone, Debug, Serialize)]
pub struct JournalPage {
    /// Looks, latest first.
    pub items: Vec<JournalView>,
    /// Where the next page begins.
    pub next: Option<String>,
}

impl Service {
    /// Who looked at an organisation's file, latest first.
    ///
    /// # Errors
    /// `bad_cursor`, or a fault.
    pub fn journal(&self, role: Role, uscc: &str, cursor: Option<&str>, limit: u32) -> Result<JournalPage> {
        let own = role == Role::Organisation;
        let after = cursor.filter(|cursor| !cursor.is_empty()).map(place_of).transpose()?;
        let today = self.real_today();
        let shown_on = own.then_some(today);
        let mut found =
            self.read(|connection| journal::of_organisation(connection, uscc, shown_on, after, limit + 1))?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let place = |entry: &Entry| page::encode_cursor(&[&entry.at.to_string(), &hex(&entry.id)]);
        let next = found.last().filter(|_| more).map(place);
        let (purposes, units) = (self.purposes()?, self.units()?);
        let items = found.into_iter().map(|entry| JournalView {
            at: instant_text(entry.at),
            unit_name: units.get(&entry.unit).map(|unit| unit.name.clone()).unwrap_or_default(),
            purpose_name: purposes.iter().find(|p| p.code == entry.purpose).map(|p| p.name.clone()).unwrap_or_default(),
            account: (!own).then_some(entry.account),
            act: hex(&entry.id),
            unit: entry.unit,
            role: entry.role,
            purpose: entry.purpose,
            case_number: entry.case_number,
            what: entry.what,
        });
        Ok(JournalPage { items: items.collect(), next })
    }
}

/// The place that a cursor names.
fn place_of(cursor: &str) -> Result<(i64, [u8; 16])> {
    let parts = page::decode_cursor(cursor, 2)?;
    let at = parts.first().and_then(|at| at.parse().ok());
    let id = parts.get(1).and_then(|id| unhex(id)).and_then(|id| id.try_into().ok());
    at.zip(id).ok_or_else(page::bad_cursor)
}
