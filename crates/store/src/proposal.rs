//! Proposals (提请): what one person asks for and a second one agrees to or refuses (双人办理). Asking is an act, and so is the
//! answer; what was agreed to is done by the use case that the kind names.

use crate::act::Draft;
use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::{Address, Reader, Result, values};
use credence_domain::canonical::hex;
use sha2::{Digest, Sha256};

/// A proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its public number: 80 bits of chance.
    pub id: String,
    /// What is asked for: `batch_withdrawal`, `merge`, ….
    pub kind: String,
    /// The unit that asks.
    pub unit: String,
    /// The organisation that it is about; empty for none.
    pub uscc: String,
    /// What it is about: a batch's number, a name, ….
    pub subject: String,
    /// What else has to be known, as JSON.
    pub details: String,
    /// Why.
    pub reason: String,
    /// `open`, `approved` or `refused`.
    pub state: String,
    /// Who asked.
    pub proposed_by: String,
    /// When.
    pub proposed_at: i64,
    /// Who answered.
    pub decided_by: String,
    /// When.
    pub decided_at: Option<i64>,
    /// What the second person said.
    pub answer: String,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Kind.
    pub kind: &'a str,
    /// The unit that asks.
    pub unit: &'a str,
    /// The organisation that it is about; empty for none.
    pub uscc: &'a str,
    /// What it is about.
    pub subject: &'a str,
    /// What else has to be known, as JSON.
    pub details: &'a str,
}

/// "answers" as an advisory lock: one process at a time answers.
const ANSWERS: i64 = 0x61_6e73_7765_7273;

/// The turn among the servers of a register to answer proposals: waits for it, and gives it up when it is dropped. A register on SQLite
/// has one server.
///
/// # Errors
/// Whatever the database says.
pub fn turn(address: &Address) -> Result<Option<Reader>> {
    if matches!(address, Address::Sqlite(_)) {
        return Ok(None);
    }
    let mut reader = address.reader()?;
    reader.connection().execute("select pg_advisory_lock($1)", values![ANSWERS])?;
    Ok(Some(reader))
}

/// The columns that [`read`] reads, with what follows them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, kind, unit, uscc, subject, details, reason, state, proposed_by, proposed_at, \
             decided_by, decided_at, answer \
             from proposal ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Proposal> {
    Ok(Proposal {
        id: row.string(0)?,
        kind: row.string(1)?,
        unit: row.string(2)?,
        uscc: row.string(3)?,
        subject: row.string(4)?,
        details: row.string(5)?,
        reason: row.string(6)?,
        state: row.string(7)?,
        proposed_by: row.string(8)?,
        proposed_at: row.int(9)?,
        decided_by: row.string(10)?,
        decided_at: row.opt_int(11)?,
        answer: row.string(12)?,
    })
}

impl Proposal {
    /// The digest of what has to be known: the act that asks says it, so that what is agreed to is what was asked for.
    #[must_use]
    pub fn details_digest(&self) -> [u8; 32] {
        Sha256::digest(self.details.as_bytes()).into()
    }
}

/// Asks as part of an act, whose header names the proposal and the digest of its details; the same thing is asked for once at a time.
///
/// # Errors
/// Whatever the database says.
pub fn ask(change: &mut Change<'_>, draft: &Draft, asked: Asked<'_>) -> Result<Option<Proposal>> {
    let open = change.connection.first(
        "select id from proposal where state = 'open' and kind = $1 and subject = $2 and uscc = $3",
        values![asked.kind, asked.subject, asked.uscc],
        |row| row.string(0),
    )?;
    if open.is_some() {
        return Ok(None);
    }
    let id = format!("P{}", hex(&change.chance.bytes::<10>()?).to_uppercase());
    let now = change.now;
    change.connection.execute(
        "insert into proposal(id, kind, unit, uscc, subject, details, reason, state, proposed_by, proposed_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9)",
        values![
            id.as_str(),
            asked.kind,
            asked.unit,
            asked.uscc,
            asked.subject,
            asked.details,
            draft.reason.as_str(),
            draft.actor.as_str(),
            now,
        ],
    )?;
    let asked = find(change.connection, &id)?;
    if let Some(asked) = &asked {
        change.said.insert("asked".to_owned(), id.into());
        change.said.insert("asked_digest".to_owned(), hex(&asked.details_digest()).into());
    }
    Ok(asked)
}

/// Keeps the answer; false when somebody answered before.
///
/// # Errors
/// Whatever the database says.
pub fn answer(change: &mut Change<'_>, id: &str, state: &str, by: &str, answer: &str) -> Result<bool> {
    let now = change.now;
    let answered = change.connection.execute(
        "update proposal set state = $2, decided_by = $3, decided_at = $4, answer = $5 where id = $1 and state = 'open'",
        values![id, state, by, now, answer],
    )?;
    Ok(answered > 0)
}

/// The proposal with a number.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, id: &str) -> Result<Option<Proposal>> {
    connection.first(select!("where id = $1"), values![id], read)
}

/// Every proposal, oldest first: for whoever verifies.
///
/// # Errors
/// Whatever the database says.
pub fn all(connection: &mut Connection) -> Result<Vec<Proposal>> {
    connection.rows(select!("order by proposed_at, id"), &[], read)
}

/// Every proposal in a state, oldest first.
///
/// # Errors
/// Whatever the database says.
pub fn list(connection: &mut Connection, state: &str) -> Result<Vec<Proposal>> {
    let sql = select!("where state = $1 order by proposed_at, id");
    connection.rows(sql, values![state], read)
}
