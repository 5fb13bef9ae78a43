//! A record as it is shown: its clocks, its content by the item's field codes, its proof.

use crate::Result;
use crate::service::Service;
use credence_domain::canonical::hex;
use credence_domain::catalog::{Disclosure, Role, Version};
use credence_domain::provision::Basis;
use credence_domain::record::value::{date_of, day_number};
use credence_store::body::Unpacker;
use credence_store::record::{self, Place, Stored};
use credence_store::scope::{Scope, View};
use credence_store::unit::Unit;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
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

/// Where the path from a record's commitment to its act's root runs.
#[derive(Clone, Debug, Serialize)]
pub struct ChunkProof {
    /// Leaf index in the act's tree (the header is leaf 0).
    pub index: u64,
    /// Leaves of the act's tree, the header counted.
    pub size: u64,
    /// Hashes from the leaf up, in hexadecimal.
    pub path: Vec<String>,
}

/// The proof of a record.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    /// The act that made this version.
    pub act: String,
    /// The commitment.
    pub commitment: String,
    /// Salt of the commitment.
    pub salt: String,
    /// Canonical bytes of what the item publishes, in base64.
    pub public: String,
    /// Digest of the rest.
    pub rest: String,
    /// Path to the act's root.
    pub chunk: ChunkProof,
}

/// Whether an answer carries proofs: a page does not, for each costs the hashing of its act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proofs {
    /// With the path from each commitment to its act's root.
    Shown,
    /// Without.
    Left,
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
    /// Proof; `null` when erased.
    pub proof: Option<Proof>,
}

impl Service {
    /// The records of an organisation that the view may see, newest decision first.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn records_of(&self, view: &View, uscc: &str, proofs: Proofs) -> Result<Vec<RecordView>> {
        let units = self.units()?;
        self.read(|connection| {
            let mut more: BTreeMap<[u8; 16], Vec<String>> = BTreeMap::new();
            for (identity, source) in record::more_sources(connection, uscc)? {
                more.entry(identity.0).or_default().push(source);
            }
            let mut unpacker = Unpacker::new()?;
            let mut views = Vec::new();
            for stored in record::of_organisation(connection, view, uscc)? {
                if !self.is_disclosed(view, &stored.item) {
                    continue;
                }
                let place = match proofs {
                    Proofs::Shown => Some(record::place(connection, stored.at)?),
                    Proofs::Left => None,
                };
                let sources = more.remove(&stored.identity.0).unwrap_or_default();
                views.push(self.show(view, &stored, sources, place.as_ref(), &units, &mut unpacker)?);
            }
            Ok(views)
        })
    }

    /// Masking and access follow today's rulebook, not that of the day of receipt.
    fn is_disclosed(&self, view: &View, item: &str) -> bool {
        view.scope == Scope::Office
            || self.edition(item, view.today).is_some_and(|version| version.disclosure == Disclosure::Public)
    }

    /// The edition of an item on a day, or the latest that there is.
    pub(crate) fn edition(&self, item: &str, day: Date) -> Option<&Version> {
        let item = self.rulebook().items.get(item)?;
        item.version_on(day).or_else(|| item.versions.last())
    }

    fn show(
        &self,
        view: &View,
        stored: &Stored,
        more_sources: Vec<String>,
        place: Option<&Place>,
        units: &BTreeMap<String, Unit>,
        unpacker: &mut Unpacker,
    ) -> credence_store::Result<RecordView> {
        let body = stored.body(unpacker)?;
        let edition = self.edition(&stored.item, view.today);
        let office = view.scope == Scope::Office;
        let mut content = Map::new();
        if let Some(body) = &body {
            if let Ok(Value::Object(public)) = serde_json::from_str(&body.public)
                && let Some(Value::Object(fields)) = public.get("content")
            {
                content.extend(fields.clone());
            }
            if office && let Ok(Value::Object(other)) = serde_json::from_str(&body.other_content) {
                content.extend(other);
            }
        }
        // A field that today's rulebook no longer publishes is not shown, whatever was public when it came.
        if let Some(edition) = edition
            && !office
        {
            content.retain(|code, _| edition.fields.iter().any(|field| field.code == *code && field.public));
        }
        let by_role = |role| {
            let (_, field) = edition?.field_of(role)?;
            content.get(&field.code)?.as_str().map(str::to_owned)
        };
        let fields = edition.map_or_else(Vec::new, |edition| {
            let shown = edition.fields.iter().filter_map(|field| {
                let value = content.get(&field.code)?.as_str()?.to_owned();
                Some(FieldView { code: field.code.clone(), name: field.name.clone(), value })
            });
            shown.collect()
        });
        let unit_name = |uscc: &str| units.get(uscc).map(|unit| unit.name.clone());
        let authority_name = by_role(Role::AuthorityName).or_else(|| unit_name(&stored.authority)).unwrap_or_default();
        let date = |day: Option<i32>| day.and_then(date_of);
        let late = |due: Option<i32>| {
            let shown_on = stored.published_on.unwrap_or(i32::MAX);
            !stored.due_provisional && stored.published_on.is_some() && due.is_some_and(|due| shown_on > due)
        };
        let mut sources = vec![stored.source.clone()];
        sources.extend(more_sources);
        Ok(RecordView {
            id: hex(&stored.reference),
            item: stored.item.clone(),
            item_name: self.rulebook().items.get(&stored.item).map_or_else(String::new, |item| item.name.clone()),
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
            fields,
            proof: body.zip(place).and_then(|(body, place)| proof(stored, &body.public, &body.other_content, place)),
            content,
        })
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

fn proof(stored: &Stored, public: &str, other_content: &str, place: &Place) -> Option<Proof> {
    let (salt, salt2) = (stored.salt?, stored.salt2?);
    let other =
        credence_domain::record::content::other_half(other_content, &stored.hold, &stored.source, &stored.state);
    let other_digest: [u8; 32] = Sha256::digest(other.as_bytes()).into();
    let rest = credence_ledger::rest(&salt2, stored.seq.unsigned_abs(), &other_digest);
    let index = place.position as u64 + 1;
    let path = credence_ledger::act_path(&place.salt, place.header.as_bytes(), &place.commitments, index)?;
    Some(Proof {
        act: hex(&place.act),
        commitment: hex(&stored.commitment),
        salt: hex(&salt),
        public: base64(public.as_bytes()),
        rest: hex(&rest),
        chunk: ChunkProof {
            index,
            size: place.commitments.len() as u64 + 1,
            path: path.iter().map(|hash| hex(hash)).collect(),
        },
    })
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
