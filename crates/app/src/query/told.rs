//! What the edition of an item says of every record under it: its name, which fields are published, the law behind it and
//! behind the periods of a pack. Worked out once for each item, edition and pack.
//!
//! A service has one rulebook for as long as it lives (under another edition it is another service), and the day chooses the edition that is part of the key: what is
//! kept can be neither of other rules nor of another day.

use crate::service::Service;
use credence_domain::catalog::{Role, Version};
use credence_domain::provision::Basis;
use jiff::civil::Date;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

/// The law behind a record, with its JSON as it is written for each.
#[derive(Clone, Debug, Default)]
pub struct Law(Arc<(Vec<Basis>, Option<Box<RawValue>>)>);

impl From<Vec<Basis>> for Law {
    fn from(basis: Vec<Basis>) -> Self {
        let json = to_raw_value(&basis).ok();
        Self(Arc::new((basis, json)))
    }
}

impl Deref for Law {
    type Target = [Basis];

    fn deref(&self) -> &[Basis] {
        &self.0.0
    }
}

impl Serialize for Law {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.1 {
            Some(json) => json.serialize(serializer),
            None => self.0.0.serialize(serializer),
        }
    }
}

/// What an edition says of every record.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Name of the item.
    pub(super) item_name: String,
    /// The field that names the deciding authority.
    pub(super) authority_name: Option<String>,
    /// The field that holds the document's number.
    pub(super) document_number: Option<String>,
    /// The law behind the item and the periods.
    pub(super) law: Law,
    /// Codes of the published fields in order; nothing where the item is unknown to the rulebook: then all are.
    published: Option<Vec<String>>,
    /// Codes of the fields that hold numbers of identity papers.
    secret: Vec<String>,
}

impl Told {
    /// Whether a field is published.
    pub(super) fn publishes(&self, code: &str) -> bool {
        let found = |known: &Vec<String>| known.binary_search_by(|other| other.as_str().cmp(code)).is_ok();
        self.published.as_ref().is_none_or(found)
    }

    /// Whether a field holds the number of an identity paper: masked for whoever sees the rest.
    pub(super) fn is_secret(&self, code: &str) -> bool {
        self.secret.iter().any(|secret| secret == code)
    }
}

/// What was worked out so far: by item and first day of the edition, then by pack.
#[derive(Debug, Default)]
pub(crate) struct Known(RwLock<HashMap<(String, Option<Date>), ByPack>>);

type ByPack = HashMap<String, Arc<Told>>;

impl Service {
    /// What the edition of an item on a day says of records whose periods a row of a pack set (`pack/row`).
    pub(super) fn told(&self, item: &str, day: Date, pack: &str) -> Arc<Told> {
        let edition = self.edition(item, day);
        let key = (item.to_owned(), edition.map(|edition| edition.effective_from));
        let known = &self.known().0;
        if let Some(told) = known.read().unwrap_or_else(PoisonError::into_inner).get(&key).and_then(|of| of.get(pack)) {
            return Arc::clone(told);
        }
        let code = |role| Some(edition?.field_of(role)?.1.code.clone());
        let mut basis: Vec<Basis> = edition.map(|edition| edition.basis.clone()).unwrap_or_default();
        let (name, row) = pack.split_once('/').unwrap_or((pack, ""));
        let rows = self.rulebook().publicity.pack(name).into_iter().flat_map(|pack| &pack.rows);
        basis.extend(rows.filter(|found| found.code == row).flat_map(|found| found.basis.iter().cloned()));
        let published = edition.map(|edition| {
            let public = edition.fields.iter().filter(|field| field.public);
            let mut codes: Vec<String> = public.map(|field| field.code.clone()).collect();
            codes.sort_unstable();
            codes
        });
        let told = Arc::new(Told {
            item_name: self.rulebook().items.get(item).map_or_else(String::new, |item| item.name.clone()),
            authority_name: code(Role::AuthorityName),
            document_number: code(Role::DocumentNumber),
            law: basis.into(),
            published,
            secret: edition.into_iter().flat_map(Version::secret_fields).map(|(_, field)| field.code.clone()).collect(),
        });
        let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(key).or_default().insert(pack.to_owned(), Arc::clone(&told));
        told
    }
}
