//! Erasure (依法删除): the content of a record goes from every place that may hold it, by a clause of the rulebook, on the word of
//! two persons; what stays says that there was a record, by which clause it was erased, and in which act.
//!
//! Serves 个人信息保护法 art. 四十七. Which places these are: docs/design/0014-erasure.md. Raw rows whose time is over: [`expire`].

pub mod expire;
mod words;

use crate::evaluation::keep;
use crate::listing::{Fall, fell};
use crate::review::Decision;
use crate::review::rules::{Rules, reference};
use crate::service::Service;
use crate::{AppError, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::erasure::{Clause, Listed};
use credence_domain::record::State;
use credence_domain::record::value::day_number;
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::act::{ActId, Draft};
use credence_store::backup::forget::{self, Part, Touched};
use credence_store::erasure::quote::{self, Cleared, QuotingAct, Words};
use credence_store::erasure::{self, Order};
use credence_store::listing;
use credence_store::record::{self, Stored};
use credence_store::revision::lock;
use credence_store::scope::View;
use credence_store::{StoreError, objection, paper, secret};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Which record, and by which clause.
#[derive(Clone, Copy, Debug)]
pub struct Request<'r> {
    /// Public reference of the record.
    pub record: &'r str,
    /// Code of the clause.
    pub clause: &'r str,
    /// The organisation, where whoever asks has named it: the record must be its own.
    pub uscc: Option<&'r str>,
}

/// What an erasure did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Erasure {
    /// Public reference of the record.
    pub id: String,
    /// The organisation.
    pub uscc: String,
    /// Code of the clause.
    pub clause: String,
    /// The law.
    pub basis: String,
    /// The act.
    pub act: String,
    /// Number of the erasure in the organisation's file.
    pub number: i64,
    /// Numbered changes that it emptied: versions, further sources and their withdrawals.
    pub emptied: u64,
    /// Rejected rows that held the record.
    pub rejected: u64,
    /// Heads of acts that quoted it.
    pub heads: u64,
    /// Names and old numbers of the organisation that only this record bore.
    pub names: u64,
    /// Files of rejected rows that were removed.
    pub files: u64,
    /// Papers of its cases that were kept as files.
    pub papers: u64,
    /// Nothing is left in the database's own files; false where a reader kept the log of SQLite from being emptied.
    pub cleared: bool,
}

/// A tombstone as the organisation and its auditors see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TombstoneView {
    /// Public reference of the record.
    pub id: String,
    /// Item.
    pub item: String,
    /// Code of the clause.
    pub clause: String,
    /// The law.
    pub basis: String,
    /// The act.
    pub act: String,
    /// Number of the erasure in the organisation's file.
    pub number: i64,
    /// The day.
    pub erased_on: Option<Date>,
}

/// A record that may be erased, with whatever tells its content.
#[derive(Debug)]
pub struct Examined<'r> {
    stored: Stored,
    clause: &'r Clause,
    words: Words,
}

impl Examined<'_> {
    /// Title and article of the clause.
    #[must_use]
    pub fn basis(&self) -> String {
        self.clause.basis()
    }
}

/// Examines whether a record may be erased by a clause for a reason.
///
/// # Errors
/// `reason_missing`, `clause_unknown`, `not_found`, `record_erased`, `item_not_erasable`, `reason_quotes_content`, or a fault.
pub fn examine<'r>(
    writer: &mut Writer,
    rulebook: &'r Rulebook,
    request: Request<'_>,
    reason: &str,
) -> Result<Examined<'r>> {
    crate::account::reason(reason)?;
    let today = writer.clock().today();
    let unknown = || AppError::refused("clause_unknown", "clause", "规则手册中没有该删除条款，或该条款不在有效期内");
    let clause = rulebook.erasure.clause(request.clause, today).ok_or_else(unknown)?;
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let found = record::by_reference(writer.connection(), &rules.view(), &reference(request.record)?)?;
    let found = found.filter(|found| request.uscc.is_none_or(|uscc| found.uscc == uscc));
    let stored = found.ok_or(AppError::NotFound)?;
    if stored.state == State::Erased.code() {
        return Err(AppError::refused("record_erased", "record", "该记录的内容已依法删除"));
    }
    if rules.version(&stored.item)?.act_kind == "registration" {
        let text = "登记信息是信用档案的主体标识，不能单独删除";
        return Err(AppError::refused("item_not_erasable", "record", text));
    }
    let entry = listing::published_by(writer.connection(), &stored.uscc, &stored.identity)?;
    let lasts = stored.through_on.is_none_or(|last| last >= day_number(today));
    if lasts && entry.is_some_and(|head| head.is_listed()) {
        let text = "该记录由名单案件公示，请先在案件中作出移出决定";
        return Err(AppError::refused("listing_case", "record", text));
    }
    for head in objection::about(writer.connection(), &stored.uscc, &stored.identity)? {
        if crate::objection::folded(writer.connection(), &head)?.is_open_on(today) {
            let text = format!("该记录有未办结的{}（{}），请先办结", head.matter.name(), head.number);
            return Err(AppError::refused("objection_open", "record", text));
        }
    }
    let words = words::of(writer.connection(), &mut rules, &stored)?;
    if words.are_in(reason) {
        return Err(AppError::refused("reason_quotes_content", "reason", "理由不得引用拟删除的内容"));
    }
    Ok(Examined { stored, clause, words })
}

/// Erases a record. It is done again from the start where it was cut short; what is erased is never erased twice.
///
/// # Errors
/// As [`examine`]; `four_eyes` when the two persons are one; or a fault.
pub fn erase(
    writer: &mut Writer,
    rulebook: &Rulebook,
    request: Request<'_>,
    decision: Decision<'_>,
    second: &str,
    files: Option<&expire::Files>,
) -> Result<Erasure> {
    if second.trim().is_empty() || decision.actor.trim().to_lowercase() == second.trim().to_lowercase() {
        return Err(AppError::refused("four_eyes", "second", "删除须由两人办理，且不得为同一人"));
    }
    let Examined { stored, clause, words } = examine(writer, rulebook, request, decision.reason)?;
    let today = writer.clock().today();
    let view = View::office(today);
    let key = (stored.uscc.clone(), stored.identity);
    let mark = secret::index_mark(writer.connection())?;
    let writer_keyring = writer.keyring();
    let keys = writer.keyring().sealing(mark.as_deref(), &mut credence_store::clock::Chance::default(), today)?;
    let listed = erasure::changes_listed(writer.connection(), &key)?;
    let quoting = quote::acts(writer.connection(), &words)?;
    let draft = draft(rulebook, today, (&stored, clause), (decision, second), (&listed, &quoting));
    let mut rules = Rules::load(writer.connection(), writer_keyring, rulebook, today)?;
    let address = writer.address().clone();
    let backups = forget::key_place(writer.connection(), &address)?;
    let changes = erasure::changes_noted(writer.connection(), &key)?;
    let basis = clause.basis();
    let remembered = |act: ActId| forget::Erasure {
        uscc: &stored.uscc,
        identity: &stored.identity.0,
        reference: &stored.reference,
        item: &stored.item,
        erased: keys.erased_identity(&stored.uscc, &stored.identity).0,
        clause: &clause.code,
        basis: &basis,
        act,
        changes: changes.clone(),
    };
    let ((number, papers, cleared), act): ((i64, u64, Cleared), Option<ActId>) = writer.change(&draft, |change| {
        let standing = lock(change, &view, &key)?.filter(|standing| standing.at == stored.at);
        let standing = standing.ok_or_else(|| StoreError::Conflict("the record changed meanwhile".to_owned()))?;
        let order = Order { clause: &clause.code, on: today, listed: &listed };
        let (number, files) = erasure::erase(change, &standing, &keys, order)?;
        let fall = Fall { uscc: &standing.uscc, identity: &standing.identity, how: "内容已依法删除" };
        fell(change, &mut rules, fall)?;
        let mut cleared = quote::clear_all(change, &standing.uscc, &words, &quoting)?;
        let of =
            |kind, parts: Vec<Part>| Touched::new(kind, [vec![Part::from(standing.uscc.as_str())], parts].concat());
        cleared.touched.extend(files.files.iter().map(|digest| of("paper", vec![digest.into()])));
        let case = |(matter, number): &(paper::Matter, String)| {
            of("cited", vec![matter.code().into(), number.as_str().into()])
        };
        cleared.touched.extend(files.cases.iter().map(case));
        keep(change, rulebook, &standing.uscc, today)?;
        if let Some(place) = &backups {
            forget::erased(change.connection, place, &remembered(change.id), &cleared.touched)?;
        }
        Ok((number, files.files.len() as u64, cleared))
    })?;
    writer.sequence()?;
    let removed = files.map_or(Ok(0), |files| files.remove(&cleared.batches))?;
    if cleared.names > 0 {
        crate::search::forget(writer.address())?;
    }
    Ok(Erasure {
        id: hex(&stored.reference),
        uscc: stored.uscc,
        clause: clause.code.clone(),
        basis: clause.basis(),
        act: act.map(|id| hex(&id)).unwrap_or_default(),
        number,
        emptied: listed.len() as u64,
        rejected: cleared.rejected,
        heads: cleared.heads,
        names: cleared.names,
        files: removed,
        papers,
        cleared: writer.clear_erased()?,
    })
}

/// The head of the act: by which clause, and every change and head that it empties.
fn draft(
    rulebook: &Rulebook,
    today: Date,
    (stored, clause): (&Stored, &Clause),
    (decision, second): (Decision<'_>, &str),
    (listed, quoting): (&[Listed], &[QuotingAct]),
) -> Draft {
    let mut details = Map::new();
    let mut put = |name: &str, value: Value| drop(details.insert(name.to_owned(), value));
    put("clause", clause.code.clone().into());
    put("record", hex(&stored.reference).into());
    put("item", stored.item.as_str().into());
    put("versions", stored.version.into());
    put("erased", listed.iter().map(Listed::told).collect());
    if !quoting.is_empty() {
        let head = |act: &QuotingAct| json!({ "act": hex(&act.id), "leaf": hex(&act.leaf) });
        put("heads", quoting.iter().map(head).collect());
    }
    Draft {
        kind: "erasure",
        actor: decision.actor.to_owned(),
        second: Some(second.to_owned()),
        purpose: "erasure",
        basis: clause.basis(),
        reason: decision.reason.trim().to_owned(),
        rulebook: rulebook.digest,
        as_of: today,
        batch: None,
        details,
    }
}

impl Service {
    /// The clauses by which something may be erased today.
    #[must_use]
    pub fn erasure_clauses(&self) -> &[Clause] {
        self.rulebook().erasure.clauses_on(self.real_today())
    }

    /// The tombstones of an organisation's erased records, as far as the view may see them.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn tombstones(&self, view: &View, uscc: &Uscc) -> Result<Vec<TombstoneView>> {
        let found = self.read(|connection| erasure::tombstones(connection, view, uscc.as_str()))?;
        let told = found.into_iter().map(|one| TombstoneView {
            id: hex(&one.reference),
            item: one.item,
            basis: self.rulebook().erasure.any_clause(&one.clause).map(Clause::basis).unwrap_or_default(),
            clause: one.clause,
            act: hex(&one.act),
            number: one.number,
            erased_on: one.erased_on,
        });
        Ok(told.collect())
    }
}
