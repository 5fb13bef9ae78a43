//! Notices (通知) as they are kept: one an account and event, each named by the act that made it. Which events are told to whom is
//! the plan of `app`; [`event`] reads what may have to be told, [`mail`] is what is on its way by mail. That a notice was read is
//! its holder's own affair and no state of the register.

pub mod event;
pub mod mail;

use crate::account::AccountId;
use crate::change::{Change, Writer};
use crate::connection::{Connection, Row};
use crate::{Result, StoreError, values};
use credence_domain::canonical::{hex, to_vec};
use credence_domain::notice::{Kind, Matter};
use credence_domain::record::value::day_number;
use jiff::civil::Date;
use serde_json::json;
use sha2::{Digest, Sha256};

/// A notice that is to be made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planned {
    /// The organisation.
    pub uscc: String,
    /// Who is told.
    pub account: AccountId,
    /// What it is about.
    pub kind: Kind,
    /// First day of the version of its rule.
    pub edition: Date,
    /// Which kind of case.
    pub matter: Matter,
    /// Number of the case.
    pub case_number: String,
    /// What tells this event from the others of the case.
    pub event: String,
    /// The last day, where it is about one.
    pub due_on: Option<Date>,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub planned: Planned,
    /// Its number.
    pub number: String,
    /// The act that made it.
    pub act: [u8; 16],
    /// The day on which it was made.
    pub made_on: Date,
    /// The instant.
    pub made_at: i64,
    /// When its holder marked it as read.
    pub read_at: Option<i64>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select uscc, number, account, kind, edition, matter, case_number, event, due_on, act, made_on, made_at, read_at
             from notice ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Notice> {
    let number = row.string(1)?;
    let impossible = |what: &str| StoreError::Inconsistent(format!("notice {number} {what}"));
    Ok(Notice {
        planned: Planned {
            uscc: row.string(0)?,
            account: row.array(2)?,
            kind: Kind::from_code(row.text(3)?).ok_or_else(|| impossible("is of no kind"))?,
            edition: row.opt_date(4)?.ok_or_else(|| impossible("names no edition"))?,
            matter: Matter::from_code(row.text(5)?).ok_or_else(|| impossible("is of no matter"))?,
            case_number: row.string(6)?,
            event: row.string(7)?,
            due_on: row.opt_date(8)?,
        },
        act: row.array(9)?,
        made_on: row.opt_date(10)?.ok_or_else(|| impossible("was made on no day"))?,
        made_at: row.int(11)?,
        read_at: row.opt_int(12)?,
        number,
    })
}

/// The digest by which an act names a notice: whoever knows the notice can check it, and the act tells nobody else who was told.
#[must_use]
pub fn digest(number: &str, planned: &Planned) -> String {
    let told = json!({
        "account": hex(&planned.account),
        "case": planned.case_number,
        "due_on": planned.due_on.map(|day| day.to_string()).unwrap_or_default(),
        "edition": planned.edition.to_string(),
        "event": planned.event,
        "kind": planned.kind.code(),
        "matter": planned.matter.code(),
        "number": number,
        "uscc": planned.uscc,
    });
    hex(&Sha256::digest(to_vec(&told)))
}

/// Makes a notice inside the act that names it, and sends it on its way by mail where its account has a confirmed address.
///
/// # Errors
/// [`StoreError::Conflict`] where another has made it meanwhile.
pub fn make(change: &mut Change<'_>, number: &str, planned: &Planned, today: Date) -> Result<()> {
    let (act, now) = (change.id, change.now);
    let made = change.connection.execute(
        "insert into notice(uscc, number, account, kind, edition, matter, case_number, event, due_on, act, made_on, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing",
        values![
            planned.uscc.as_str(),
            number,
            &planned.account,
            planned.kind.code(),
            day_number(planned.edition),
            planned.matter.code(),
            planned.case_number.as_str(),
            planned.event.as_str(),
            planned.due_on.map(day_number),
            &act,
            day_number(today),
            now
        ],
    )?;
    if made != 1 {
        return Err(StoreError::Conflict(format!("notice of {} was made meanwhile", planned.case_number)));
    }
    change.connection.execute(
        "insert into notice_mail(uscc, number, account, state, next_at)
         select $1, $2, m.account, 'waiting', $4 from account_mail m where m.account = $3 and m.state = 'confirmed'",
        values![planned.uscc.as_str(), number, &planned.account, now],
    )?;
    Ok(())
}

/// Whether a notice of this event has been made for this account.
///
/// # Errors
/// Whatever the database says.
pub fn is_made(connection: &mut Connection, planned: &Planned) -> Result<bool> {
    let found = connection.first(
        "select 1 from notice where uscc = $1 and account = $2 and kind = $3 and case_number = $4 and event = $5",
        values![
            planned.uscc.as_str(),
            &planned.account,
            planned.kind.code(),
            planned.case_number.as_str(),
            planned.event.as_str()
        ],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// The notices of an account, the newest first; at most `limit` behind a place (instant and number).
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a row that cannot be.
pub fn of_account(
    connection: &mut Connection,
    account: &AccountId,
    (before, number): (i64, &str),
    limit: usize,
) -> Result<Vec<Notice>> {
    let sql = select!(
        "where account = $1 and (made_at < $2 or (made_at = $2 and number < $3)) order by made_at desc, number desc limit $4"
    );
    connection.rows(sql, values![account, before, number, i64::try_from(limit).unwrap_or(i64::MAX)], read)
}

/// How many notices of an account are not read, by organisation.
///
/// # Errors
/// Whatever the database says.
pub fn unread(connection: &mut Connection, account: &AccountId) -> Result<Vec<(String, u64)>> {
    let sql = "select uscc, count(*) from notice where account = $1 and read_at is null group by uscc order by uscc";
    connection.rows(sql, values![account], |row| Ok((row.string(0)?, row.int(1)?.unsigned_abs())))
}

/// A notice by its number, whoever asks.
///
/// # Errors
/// As [`of_account`].
pub fn by_number(connection: &mut Connection, number: &str) -> Result<Option<Notice>> {
    connection.first(select!("where number = $1"), values![number], read)
}

/// Every notice, in order of code and number: for whoever verifies.
///
/// # Errors
/// As [`of_account`].
pub fn all(connection: &mut Connection) -> Result<Vec<Notice>> {
    connection.rows(select!("order by uscc, number"), &[], read)
}

/// Marks a notice of an account as read, or all where none is named; how many were not before.
///
/// # Errors
/// Whatever the database says.
pub fn mark_read(writer: &mut Writer, account: &AccountId, number: Option<&str>) -> Result<u64> {
    let now = writer.clock().now_micros();
    writer.note(|connection| match number {
        Some(number) => connection.execute(
            "update notice set read_at = $3 where account = $1 and number = $2 and read_at is null",
            values![account, number, now],
        ),
        None => connection
            .execute("update notice set read_at = $2 where account = $1 and read_at is null", values![account, now]),
    })
}
