//! What quotes a record elsewhere: rejected rows as they came, reasons that people gave, names that only this record bore, and
//! the heads of acts. A head that quoted keeps its hash: the act's root and the proofs of its other changes rest on it.

use crate::act::ActId;
use crate::backup::forget::{Part, Touched};
use crate::change::Change;
use crate::connection::Connection;
use crate::{Result, values};
use credence_domain::canonical::to_vec;
use credence_domain::record::text::fold_name;
use serde_json::Value;

/// What tells a record's content wherever it is quoted.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Texts that are the record's own, each long enough to be told.
    pub own: Vec<String>,
    /// The same in the encodings in which rows are sent.
    pub sent: Vec<Vec<u8>>,
    /// Shorter ones: a row holds the record when it has one of these and the organisation's code.
    pub beside_code: Vec<Vec<u8>>,
    /// Names and old numbers of the organisation that no other record bears.
    pub names: Vec<String>,
}

impl Words {
    /// Whether a text quotes the record.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        self.own.iter().any(|word| text.contains(word.as_str()))
    }

    fn are_sent(&self, uscc: &str, raw: &[u8]) -> bool {
        let has = |word: &[u8]| !word.is_empty() && raw.windows(word.len()).any(|part| part == word);
        self.sent.iter().any(|word| has(word))
            || (has(uscc.as_bytes()) && self.beside_code.iter().any(|word| has(word)))
    }
}

/// An act whose head quotes the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotingAct {
    /// Under which it is kept.
    pub uscc: String,
    /// The act.
    pub id: ActId,
    /// The hash of its head as it was.
    pub leaf: [u8; 32],
    /// Its head without what was quoted.
    pub header: String,
}

/// Acts whose heads quote the record: it looks through all but those of imports and of readings, in which nobody writes.
///
/// # Errors
/// Whatever the database says.
pub fn acts(connection: &mut Connection, words: &Words) -> Result<Vec<QuotingAct>> {
    let mut found = Vec::new();
    connection.each(
        "select uscc, id, salt, header, leaf from act where kind not in ('file_read', 'evaluation') order by uscc, id",
        &[],
        |row| {
            let header = row.text(3)?;
            if words.are_in(header) {
                let salt = row.array(2)?;
                let leaf = row.opt_array(4)?;
                let leaf = leaf.unwrap_or_else(|| credence_ledger::header_leaf(&salt, header.as_bytes()));
                found.push(QuotingAct {
                    uscc: row.string(0)?,
                    id: row.array(1)?,
                    leaf,
                    header: without(header, words),
                });
            }
            Ok(())
        },
    )?;
    Ok(found)
}

/// A head without the texts that quote the record: what it says by codes, numbers and names of units stays.
fn without(header: &str, words: &Words) -> String {
    let mut value: Value = serde_json::from_str(header).unwrap_or_default();
    clear(&mut value, words);
    String::from_utf8_lossy(&to_vec(&value)).into_owned()
}

fn clear(value: &mut Value, words: &Words) {
    match value {
        Value::String(text) if words.are_in(text) => text.clear(),
        Value::Array(items) => items.iter_mut().for_each(|item| clear(item, words)),
        Value::Object(members) => members.values_mut().for_each(|member| clear(member, words)),
        _ => {}
    }
}

/// What was cleared beside the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    /// Rejected rows.
    pub rejected: u64,
    /// Numbers of the batches whose rejected rows these were.
    pub batches: Vec<String>,
    /// Heads of acts.
    pub heads: u64,
    /// Names and old numbers of the organisation.
    pub names: u64,
    /// The rows that were emptied or taken away, for older backups.
    pub touched: Vec<Touched>,
}

/// Clears whatever quotes the record, inside the act that erases it, which has listed `acts`.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn clear_all(change: &mut Change<'_>, uscc: &str, words: &Words, acts: &[QuotingAct]) -> Result<Cleared> {
    let mut cleared = rejected(change, uscc, words)?;
    for text in &words.own {
        for (kind, quoting, sql) in TEXTS {
            let found = change.connection.rows(quoting, values![text.as_str()], |row| match kind {
                "batch" => Ok(Part::Blob(row.blob(0)?.to_vec())),
                _ => Ok(Part::Text(row.string(0)?)),
            })?;
            if !found.is_empty() {
                change.connection.execute(sql, values![text.as_str()])?;
                cleared.touched.extend(found.into_iter().map(|part| Touched::new(kind, vec![part])));
            }
        }
    }
    for name in &words.names {
        cleared.names += forget_name(change, uscc, name)?;
        let folded = fold_name(name);
        cleared.touched.push(Touched::new("name", vec![uscc.into(), folded.as_str().into()]));
        cleared.touched.push(Touched::new("alias", vec![uscc.into(), name.as_str().into()]));
    }
    for act in acts {
        cleared.heads += change.connection.execute(
            "update act set header = $3, salt = $4, leaf = $5 where uscc = $1 and id = $2",
            values![act.uscc.as_str(), &act.id, act.header.as_str(), &[0; 16], &act.leaf],
        )?;
        cleared.touched.push(Touched::new("act", vec![(&act.id).into()]));
    }
    Ok(cleared)
}

/// Where people write: reasons, answers, findings. For each the kind of its label in backups, which rows quote, and how they are
/// cleared.
const TEXTS: [(&str, &str, &str); 9] = [
    (
        "proposal",
        "select id from proposal where replace(reason, $1, '') <> reason",
        "update proposal set reason = '' where replace(reason, $1, '') <> reason",
    ),
    (
        "proposal",
        "select id from proposal where replace(answer, $1, '') <> answer",
        "update proposal set answer = '' where replace(answer, $1, '') <> answer",
    ),
    (
        "proposal",
        "select id from proposal where replace(details, $1, '') <> details",
        "update proposal set details = '{}' where replace(details, $1, '') <> details",
    ),
    (
        "incident",
        "select id from incident where replace(facts, $1, '') <> facts",
        "update incident set facts = '{}' where replace(facts, $1, '') <> facts",
    ),
    (
        "incident",
        "select id from incident where replace(finding, $1, '') <> finding",
        "update incident set finding = '' where replace(finding, $1, '') <> finding",
    ),
    (
        "incident",
        "select id from incident where replace(handed_to, $1, '') <> handed_to",
        "update incident set handed_to = '' where replace(handed_to, $1, '') <> handed_to",
    ),
    (
        "consent",
        "select number from consent where replace(reason, $1, '') <> reason",
        "update consent set reason = '' where replace(reason, $1, '') <> reason",
    ),
    (
        "batch",
        "select id from batch where replace(problem, $1, '') <> problem",
        "update batch set problem = '' where replace(problem, $1, '') <> problem",
    ),
    (
        "batch",
        "select id from batch where replace(behalf, $1, '') <> behalf",
        "update batch set behalf = '' where replace(behalf, $1, '') <> behalf",
    ),
];

fn rejected(change: &mut Change<'_>, uscc: &str, words: &Words) -> Result<Cleared> {
    let mut found: Vec<([u8; 16], i64)> = Vec::new();
    change.connection.each("select batch, line, raw, reason from batch_reject", &[], |row| {
        if words.are_sent(uscc, row.blob(2)?) || words.are_in(row.text(3)?) {
            found.push((row.array(0)?, row.int(1)?));
        }
        Ok(())
    })?;
    let mut cleared = Cleared { rejected: found.len() as u64, ..Cleared::default() };
    let empty: &[u8] = &[];
    for (batch, line) in &found {
        change.connection.execute(
            "update batch_reject set field = '', code = 'erased', reason = '内容已依法删除', raw = $3 where batch = $1 and line = $2",
            values![batch, *line, empty],
        )?;
    }
    found.dedup_by_key(|(batch, _)| *batch);
    for (batch, _) in &found {
        cleared.touched.push(Touched::new("rejects", vec![batch.into()]));
        let number =
            change.connection.first("select number from batch where id = $1", values![batch], |row| row.string(0))?;
        cleared.batches.extend(number);
    }
    Ok(cleared)
}

fn forget_name(change: &mut Change<'_>, uscc: &str, name: &str) -> Result<u64> {
    let folded = fold_name(name);
    let (asked, connection) = (values![uscc, folded.as_str()], &mut *change.connection);
    connection.execute(
        "update subject set conflicts = conflicts - (select count(*) from name_conflict c
           where c.uscc = subject.uscc and c.folded = $2 and c.resolved = '') where uscc = $1",
        asked,
    )?;
    let mut gone = connection.execute("delete from name_conflict where uscc = $1 and folded = $2", asked)?;
    gone += connection.execute(
        "delete from subject_name where uscc = $1 and folded = $2
           and folded <> (select s.folded from subject s where s.uscc = $1)",
        asked,
    )?;
    Ok(gone + connection.execute("delete from subject_alias where uscc = $1 and value = $2", values![uscc, name])?)
}
