//! A record as it is shown: its clocks, its content by the item's field codes, its proof.

use super::content::{Content, Fields, Reading};
use super::page::{self, Page};
use super::proof::Proof;
use super::told::Law;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::{hex, unhex};
use credence_domain::catalog::{Disclosure, Nature, Version};
use credence_domain::record::State;
use credence_domain::record::secrecy::withheld_in;
use credence_domain::record::value::{date_of, day_number};
use credence_store::body::Unpacker;
use credence_store::connection::Connection;
use credence_store::mark::Mark;
use credence_store::profile::{self, Entry};
use credence_store::scope::{Scope, View};
use jiff::civil::Date;
use serde::Serialize;

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

/// A field that is not disclosed (不予公开).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WithheldView {
    /// Field code.
    pub field: String,
    /// Chinese name.
    pub name: String,
    /// `state_secret`, `commercial_secret` or `privacy`.
    pub ground: &'static str,
    /// The same in Chinese.
    pub ground_text: &'static str,
    /// The clause: title and article.
    pub clause: String,
}

/// What stands beside a record in every channel (标记).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarkView {
    /// `objection` (异议处理中), `reply` (主体申辩), …
    pub kind: String,
    /// Since when.
    pub since_on: Date,
    /// Its last day, where it is known.
    pub through_on: Option<Date>,
    /// What it says.
    pub text: String,
}

impl From<Mark> for MarkView {
    fn from(mark: Mark) -> Self {
        let Mark { kind, since_on, through_on, text, .. } = mark;
        Self { kind, since_on, through_on, text }
    }
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
    pub basis: Law,
    /// Content by field codes.
    pub content: Content,
    /// What of it is not disclosed, and by which clause.
    pub withheld: Vec<WithheldView>,
    /// What stands beside it today: an objection that is open, a reply of the organisation.
    pub marks: Vec<MarkView>,
    /// The same in the order of the form, with names.
    #[serde(skip)]
    pub fields: Vec<FieldView>,
    /// Proof, where one was asked for; `null` when its salts are erased or a field of it is no longer published.
    pub proof: Option<Proof>,
}

impl Service {
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
        let after = cursor.filter(|cursor| !cursor.is_empty()).map(unhex);
        self.read_by_key(|connection, unpacker| {
            let Some(found) = profile::find(connection, view, uscc)? else { return Ok(Err(AppError::NotFound)) };
            let area = &found.organisation.area;
            let mut rest = self.disclosed(view, found.entries, area);
            if let Some(after) = &after {
                let standing = rest.iter().position(|entry| Some(&entry.record.reference[..]) == after.as_deref());
                let Some(at) = standing else { return Ok(Err(page::bad_cursor())) };
                rest.drain(..=at);
            }
            let more = rest.len() > limit;
            rest.truncate(limit);
            let next = rest.last().filter(|_| more).map(|entry| hex(&entry.record.reference));
            Ok(Ok(Page { items: self.show_all(view, connection, unpacker, rest, (area, Detail::Proven))?, next }))
        })?
    }

    /// The proof of one record as a file, from what is published of it to a signed checkpoint.
    ///
    /// # Errors
    /// `not_found` for a record that the view may not see or that has no proof any more, `not_yet_in_log`; or a fault.
    pub fn record_proof_file(&self, view: &View, uscc: &str, id: &str) -> Result<String> {
        let reference = unhex(id).ok_or(AppError::NotFound)?;
        let proof = self.read_by_key(|connection, unpacker| {
            let Some(found) = profile::find(connection, view, uscc)? else { return Ok(None) };
            let mut entries = found.entries;
            entries.retain(|entry| entry.record.reference[..] == reference[..]);
            let of = (found.organisation.area.as_str(), Detail::Proven);
            Ok(self.show_all(view, connection, unpacker, entries, of)?.pop().and_then(|record| record.proof))
        })?;
        let proof = proof.ok_or(AppError::NotFound)?;
        self.log_proof_file(&proof.act.clone(), Some(proof))
    }

    /// The records of an organisation that the view is shown, each as it may see it. Beside the detail stands the area in
    /// which the organisation is registered.
    pub(super) fn show_all(
        &self,
        view: &View,
        connection: &mut Connection,
        unpacker: &mut Unpacker,
        entries: Vec<Entry>,
        (area, detail): (&str, Detail),
    ) -> credence_store::Result<Vec<RecordView>> {
        let shown = self.disclosed(view, entries, area).into_iter();
        shown.map(|entry| self.show(view, connection, unpacker, entry, (area, detail))).collect()
    }

    /// What belongs to the reader, and of the rest what its item makes public today.
    fn disclosed(&self, view: &View, mut entries: Vec<Entry>, area: &str) -> Vec<Entry> {
        entries.retain(|Entry { record, .. }| {
            // Of what was erased there is a tombstone and nothing else (`crate::erasure`).
            record.state != State::Erased.code()
                && (view.sees_whole(&record.seen(area)) || self.is_disclosed(view, &record.item))
        });
        entries
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

    /// What a public half says is not disclosed.
    fn withheld(&self, item: &str, today: Date, public: &str) -> Vec<WithheldView> {
        let edition = self.edition(item, today);
        let name_of = |code: &str| {
            let field = edition.and_then(|edition| edition.fields.iter().find(|field| field.code == code));
            field.map_or_else(|| code.to_owned(), |field| field.name.clone())
        };
        let told = withheld_in(public).into_iter().map(|one| WithheldView {
            name: name_of(&one.field),
            ground: one.ground.code(),
            ground_text: one.ground.told(),
            clause: one.clause,
            field: one.field,
        });
        told.collect()
    }

    /// A stored record as the view may see it.
    pub(crate) fn show(
        &self,
        view: &View,
        connection: &mut Connection,
        unpacker: &mut Unpacker,
        entry: Entry,
        (area, detail): (&str, Detail),
    ) -> credence_store::Result<RecordView> {
        let Entry { record: stored, more_sources, source_name, authority_name, marks } = entry;
        let told = self.told(&stored.item, view.today, &stored.pack);
        let whole = view.sees_whole(&stored.seen(area));
        let body = stored.parts(unpacker)?;
        let mut reading = body.map_or_else(Reading::default, |body| Reading::public(body.public));
        if let Some(body) = body.filter(|_| whole) {
            reading = reading.with_other(body.other_content).mask(|code| told.is_secret(code));
        }
        // A field that today's rulebook no longer publishes is not shown, whatever was public when it came; nor is a
        // proof, whose public bytes hold it.
        let masked = !whole && reading.retain(|code| told.publishes(code));
        let proof = match body {
            Some(body) if detail == Detail::Proven && !masked => {
                self.chunks().prove(connection, &stored, body.public, body.other_content)?
            }
            _ => None,
        };
        let withheld = match body.filter(|_| reading.withholds) {
            Some(body) => self.withheld(&stored.item, view.today, body.public),
            None => Vec::new(),
        };
        let fields = reading.fields();
        let text = |code: &Option<String>| fields.get(code.as_deref()?).map(str::to_owned);
        let (named, document_number) = (text(&told.authority_name), text(&told.document_number));
        let edition = self.edition(&stored.item, view.today);
        let form = edition.filter(|_| detail == Detail::Form).map(|edition| of_form(edition, fields));
        let content = reading.content();
        let date = |day: Option<i32>| day.and_then(date_of);
        let late = |due: Option<i32>| {
            let shown_on = stored.published_on.unwrap_or(i32::MAX);
            !stored.due_provisional && stored.published_on.is_some() && due.is_some_and(|due| shown_on > due)
        };
        let mut sources = Vec::with_capacity(1 + more_sources.len());
        sources.push(stored.source.clone());
        // One that sent it too, and owns it since the first one took its batch back, is one source.
        sources.extend(more_sources.into_iter().filter(|source| *source != stored.source));
        let has_class = !stored.class.is_empty();
        Ok(RecordView {
            id: hex(&stored.reference),
            item_name: told.item_name.clone(),
            nature: edition.map_or(Nature::Other, |edition| edition.nature),
            source_name: source_name.unwrap_or_else(|| stored.source.clone()),
            sources,
            authority_name: named.or(authority_name).unwrap_or_default(),
            document_number,
            decided_on: date(Some(stored.decided_on)),
            class_stated: has_class.then_some(stored.class_stated),
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
            basis: told.law.clone(),
            fields: form.unwrap_or_default(),
            proof,
            content,
            withheld,
            marks: marks.into_iter().map(MarkView::from).collect(),
            item: stored.item,
            source: stored.source,
            authority: stored.authority,
            state: stored.state,
            class: has_class.then_some(stored.class),
        })
    }
}

/// A record's content in the order of the form.
fn of_form(edition: &Version, fields: &Fields<'_>) -> Vec<FieldView> {
    let filled = edition.fields.iter().filter_map(|field| {
        let value = fields.get(&field.code)?.to_owned();
        Some(FieldView { code: field.code.clone(), name: field.name.clone(), value })
    });
    filled.collect()
}
