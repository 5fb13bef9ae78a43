//! A record as it is shown: its clocks, its content by the item's field codes, its proof.

use super::page::{self, Page};
use super::proof::Proof;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::{hex, unhex};
use credence_domain::catalog::{Disclosure, Nature, Role, Version};
use credence_domain::provision::Basis;
use credence_domain::record::value::{date_of, day_number};
use credence_store::body::{Body, Unpacker};
use credence_store::connection::Connection;
use credence_store::record::{self, Stored};
use credence_store::scope::{Scope, View};
use credence_store::{subject, unit};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One field of a record as a page shows it.
#[derive(Clone, Debug, Serialize)]
pub struct FieldView {
    /// Field code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Value.
    pub value: String,
}

/// How much of each record an answer carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Content by field codes: a profile for programs.
    Plain,
    /// Content in the order of the form too: what a page shows.
    Form,
    /// With the path from each commitment to its act's root, which costs the reading of a block of its act.
    Proven,
}

/// The canonical bytes that an item publishes, as far as they are shown.
#[derive(serde::Deserialize)]
struct PublicHalf {
    content: Map<String, Value>,
}

/// A record.
#[derive(Clone, Debug, Serialize)]
pub struct RecordView {
    /// Public reference: random, says nothing.
    pub id: String,
    /// Item code.
    pub item: String,
    /// Item name.
    pub item_name: String,
    /// 信息性质 of the item.
    #[serde(skip)]
    pub nature: Nature,
    /// Owner's code.
    pub source: String,
    /// Owner's name in the directory of units.
    pub source_name: String,
    /// Codes of every unit that sent it, the owner first.
    pub sources: Vec<String>,
    /// Deciding authority.
    pub authority: String,
    /// Its name.
    pub authority_name: String,
    /// Document number.
    pub document_number: Option<String>,
    /// Day of decision.
    pub decided_on: Option<Date>,
    /// Stored state.
    pub state: String,
    /// Class of misconduct, where the item has one.
    pub class: Option<String>,
    /// The authority stated the class; false = proposed by the pack (待认定).
    pub class_stated: Option<bool>,
    /// Earliest deadline of publicity.
    pub public_due_on: Option<Date>,
    /// Legal deadline.
    pub public_due_by_law_on: Option<Date>,
    /// The deadline reaches beyond the published calendar (待定).
    pub public_due_provisional: bool,
    /// First day on which it was ever public.
    pub published_on: Option<Date>,
    /// Later than the working target.
    pub late: bool,
    /// Later than the law allows.
    pub late_by_law: bool,
    /// First day of the standing publicity.
    pub public_from_on: Option<Date>,
    /// Last public day, inclusive.
    pub public_through_on: Option<Date>,
    /// Days left until publicity ends, today not counted.
    pub days_left: Option<i32>,
    /// First day on which repair may be applied for.
    pub repair_from_on: Option<Date>,
    /// Civil day on which the standing version came.
    pub updated_on: Option<Date>,
    /// Version.
    pub version: i32,
    /// How many versions there are.
    pub versions: i32,
    /// Rule pack that set the periods.
    pub pack: Option<String>,
    /// The law behind item and periods.
    pub basis: Vec<Basis>,
    /// Content by field codes.
    pub content: Map<String, Value>,
    /// The same in the order of the form, with names.
    #[serde(skip)]
    pub fields: Vec<FieldView>,
    /// Proof, where one was asked for; `null` when its salts are erased or a field of it is no longer published.
    pub proof: Option<Proof>,
}

/// Names of the units that the records of one answer speak of, each looked up once.
#[derive(Debug, Default)]
pub(super) struct UnitNames(BTreeMap<String, Option<String>>);

impl UnitNames {
    pub(super) fn find<'a>(
        &mut self,
        connection: &mut Connection,
        codes: impl IntoIterator<Item = &'a String>,
    ) -> credence_store::Result<()> {
        for code in codes {
            if !self.0.contains_key(code) {
                self.0.insert(code.clone(), unit::find(connection, code)?.map(|unit| unit.name));
            }
        }
        Ok(())
    }
}

impl Service {
    /// The records of an organisation that the view may see, newest decision first.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn records_of(&self, view: &View, uscc: &str, detail: Detail) -> Result<Vec<RecordView>> {
        self.read_bodies(|connection, unpacker| {
            let found = record::of_organisation(connection, view, uscc)?;
            let shown: Vec<&Stored> = found.iter().filter(|stored| self.is_disclosed(view, &stored.item)).collect();
            self.show_all(view, connection, unpacker, &shown, detail)
        })
    }

    /// One page of these records, with their proofs. The cursor names the last record of the page before; when that
    /// record has ended meanwhile the cursor is refused: what has ended leaves no trace, not even a place to go on from.
    ///
    /// # Errors
    /// `not_found` for a code without a file, `bad_cursor`, `bad_parameter`; or a fault.
    pub fn records_page(
        &self,
        view: &View,
        uscc: &str,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Page<RecordView>> {
        let limit = page::limit(limit)? as usize;
        self.read(|connection| subject::find(connection, view, uscc))?.ok_or(AppError::NotFound)?;
        let after = match cursor.filter(|cursor| !cursor.is_empty()) {
            None => None,
            Some(cursor) => Some(unhex(cursor).ok_or_else(page::bad_cursor)?),
        };
        self.read_bodies(|connection, unpacker| {
            let found = record::of_organisation(connection, view, uscc)?;
            let shown: Vec<&Stored> = found.iter().filter(|stored| self.is_disclosed(view, &stored.item)).collect();
            let start = match &after {
                None => 0,
                Some(after) => match shown.iter().position(|stored| stored.reference.as_slice() == after.as_slice()) {
                    Some(at) => at + 1,
                    None => return Ok(None),
                },
            };
            let rest = shown.get(start..).unwrap_or_default();
            let items = rest.get(..limit).unwrap_or(rest);
            let next = items.last().filter(|_| rest.len() > limit).map(|stored| hex(&stored.reference));
            Ok(Some(Page { items: self.show_all(view, connection, unpacker, items, Detail::Proven)?, next }))
        })?
        .ok_or_else(page::bad_cursor)
    }

    fn show_all(
        &self,
        view: &View,
        connection: &mut Connection,
        unpacker: &mut Unpacker,
        records: &[&Stored],
        detail: Detail,
    ) -> credence_store::Result<Vec<RecordView>> {
        let mut more: BTreeMap<[u8; 16], Vec<String>> = BTreeMap::new();
        if let Some(first) = records.first() {
            for (identity, source) in record::more_sources(connection, &first.uscc)? {
                more.entry(identity.0).or_default().push(source);
            }
        }
        let mut names = UnitNames::default();
        let mut views = Vec::with_capacity(records.len());
        for stored in records {
            names.find(connection, [&stored.source, &stored.authority])?;
            let body = stored.body(unpacker)?;
            let proof = match (detail, &body) {
                (Detail::Proven, Some(body)) => {
                    self.chunks().prove(connection, stored, &body.public, &body.other_content)?
                }
                _ => None,
            };
            let sources = more.remove(&stored.identity.0).unwrap_or_default();
            let mut shown = self.show(view, stored, body.as_ref(), sources, proof, &names);
            if detail == Detail::Form {
                shown.fields = self.fields_of(view, &shown);
            }
            views.push(shown);
        }
        Ok(views)
    }

    /// A record's content in the order of the form.
    pub(super) fn fields_of(&self, view: &View, shown: &RecordView) -> Vec<FieldView> {
        let fields = self.edition(&shown.item, view.today).map_or(&[][..], |edition| &edition.fields);
        let filled = fields.iter().filter_map(|field| {
            let value = shown.content.get(&field.code)?.as_str()?.to_owned();
            Some(FieldView { code: field.code.clone(), name: field.name.clone(), value })
        });
        filled.collect()
    }

    /// Masking and access follow today's rulebook, not that of the day of receipt.
    pub(crate) fn is_disclosed(&self, view: &View, item: &str) -> bool {
        view.scope == Scope::Office
            || self.edition(item, view.today).is_some_and(|version| version.disclosure == Disclosure::Public)
    }

    /// The edition of an item on a day, or the latest that there is.
    pub(crate) fn edition(&self, item: &str, day: Date) -> Option<&Version> {
        let item = self.rulebook().items.get(item)?;
        item.version_on(day).or_else(|| item.versions.last())
    }

    /// A stored record as the view may see it.
    pub(super) fn show(
        &self,
        view: &View,
        stored: &Stored,
        body: Option<&Body>,
        more_sources: Vec<String>,
        proof: Option<Proof>,
        units: &UnitNames,
    ) -> RecordView {
        let edition = self.edition(&stored.item, view.today);
        let office = view.scope == Scope::Office;
        let mut content = Map::new();
        if let Some(body) = body {
            if let Ok(PublicHalf { content: fields }) = serde_json::from_str(&body.public) {
                content = fields;
            }
            if office && let Ok(Value::Object(other)) = serde_json::from_str(&body.other_content) {
                content.extend(other);
            }
        }
        // A field that today's rulebook no longer publishes is not shown, whatever was public when it came; nor is a
        // proof, whose public bytes hold it.
        let whole = content.len();
        if let Some(edition) = edition
            && !office
        {
            content.retain(|code, _| edition.fields.iter().any(|field| field.code == *code && field.public));
        }
        let masked = content.len() < whole;
        let by_role = |role| {
            let (_, field) = edition?.field_of(role)?;
            content.get(&field.code)?.as_str().map(str::to_owned)
        };
        let unit_name = |uscc: &str| units.0.get(uscc).cloned().flatten();
        let authority_name = by_role(Role::AuthorityName).or_else(|| unit_name(&stored.authority)).unwrap_or_default();
        let date = |day: Option<i32>| day.and_then(date_of);
        let late = |due: Option<i32>| {
            let shown_on = stored.published_on.unwrap_or(i32::MAX);
            !stored.due_provisional && stored.published_on.is_some() && due.is_some_and(|due| shown_on > due)
        };
        let mut sources = vec![stored.source.clone()];
        sources.extend(more_sources);
        RecordView {
            id: hex(&stored.reference),
            item: stored.item.clone(),
            item_name: self.rulebook().items.get(&stored.item).map_or_else(String::new, |item| item.name.clone()),
            nature: edition.map_or(Nature::Other, |edition| edition.nature),
            source: stored.source.clone(),
            source_name: unit_name(&stored.source).unwrap_or_else(|| stored.source.clone()),
            sources,
            authority: stored.authority.clone(),
            authority_name,
            document_number: by_role(Role::DocumentNumber),
            decided_on: date(Some(stored.decided_on)),
            state: stored.state.clone(),
            class: (!stored.class.is_empty()).then(|| stored.class.clone()),
            class_stated: (!stored.class.is_empty()).then_some(stored.class_stated),
            public_due_on: date(stored.due_on),
            public_due_by_law_on: date(stored.due_by_law_on),
            public_due_provisional: stored.due_provisional,
            published_on: date(stored.published_on),
            late: late(stored.due_on),
            late_by_law: late(stored.due_by_law_on),
            public_from_on: date(stored.from_on),
            public_through_on: date(stored.through_on),
            days_left: stored.through_on.map(|last| last - day_number(view.today)).filter(|left| *left >= 0),
            repair_from_on: date(stored.repair_from_on),
            updated_on: credence_store::record::made_on(stored.at),
            version: stored.version,
            versions: stored.version,
            pack: stored.pack.split('/').next().filter(|pack| !pack.is_empty()).map(str::to_owned),
            basis: self.basis_of(edition, &stored.pack),
            fields: Vec::new(),
            proof: proof.filter(|_| !masked),
            content,
        }
    }

    /// The law behind the item and, for its periods, behind the row of the pack (stored as `pack/row`).
    fn basis_of(&self, edition: Option<&Version>, pack: &str) -> Vec<Basis> {
        let mut basis: Vec<Basis> = edition.map(|edition| edition.basis.clone()).unwrap_or_default();
        let (pack, row) = pack.split_once('/').unwrap_or((pack, ""));
        let rows = self.rulebook().publicity.pack(pack).into_iter().flat_map(|pack| &pack.rows);
        basis.extend(rows.filter(|found| found.code == row).flat_map(|found| found.basis.iter().cloned()));
        basis
    }
}
