//! Marks beside a record (标记): 异议处理中 and whatever else is said beside it in every channel until it ends. Whoever reads records
//! gets their marks by [`beside`], with the records that he sees and with no others; a mark says nothing of a record that is not
//! shown. A mark ends in an act or with its last day, never by a job.

use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::profile::Entry;
use crate::revision::RecordKey;
use crate::scope::View;
use crate::{Result, StoreError, values};
use credence_domain::record::Identity;
use credence_domain::record::value::{date_of, day_number};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which kind: `objection`, `reply`; other rooms have others.
    pub kind: String,
    /// Number of the case behind it.
    pub number: String,
    /// Its first day.
    pub since_on: Date,
    /// Its last day, where it is known.
    pub through_on: Option<Date>,
    /// What stands beside the record.
    pub text: String,
}

impl Mark {
    /// Whether it stands on a day.
    #[must_use]
    pub fn stands_on(&self, day: Date) -> bool {
        self.since_on <= day && self.through_on.is_none_or(|last| day <= last)
    }
}

/// What a step of a case does to its mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marking {
    /// It stands so from here on.
    Put {
        /// Its first day.
        since_on: Date,
        /// Its last day, where it is known.
        through_on: Option<Date>,
        /// What it says.
        text: String,
    },
    /// It stood through the day before.
    End,
}

fn read(row: &Row<'_>) -> Result<(RecordKey, Mark)> {
    let damaged = || StoreError::Inconsistent("a mark has no day".to_owned());
    let mark = Mark {
        kind: row.string(2)?,
        number: row.string(3)?,
        since_on: row.opt_small(4)?.and_then(date_of).ok_or_else(damaged)?,
        through_on: row.opt_small(5)?.and_then(date_of),
        text: row.string(6)?,
    };
    Ok(((row.string(0)?, Identity(row.array(1)?)), mark))
}

/// The marks of an organisation's records that stand on the view's day, for whoever may see those records.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a mark without a day.
pub fn of_organisation(connection: &mut Connection, view: &View, uscc: &str) -> Result<BTreeMap<RecordKey, Vec<Mark>>> {
    let rows = connection.rows(
        "select uscc, identity, kind, number, since_on, through_on, text from record_mark
         where uscc = $1 order by identity, since_on, kind, number",
        values![uscc],
        read,
    )?;
    let mut found: BTreeMap<RecordKey, Vec<Mark>> = BTreeMap::new();
    for (key, mark) in rows.into_iter().filter(|(_, mark)| mark.stands_on(view.today)) {
        found.entry(key).or_default().push(mark);
    }
    Ok(found)
}

/// The marks of an organisation's records that stand on the view's day, by the public reference of each record that is public then,
/// whoever asks.
///
/// # Errors
/// As [`of_organisation`].
pub fn of_public(connection: &mut Connection, view: &View, uscc: &str) -> Result<Vec<([u8; 16], Mark)>> {
    let mut found = Vec::new();
    for (key, marks) in of_organisation(connection, view, uscc)? {
        let public = View::public(view.today);
        if let Some(stored) = crate::record::find(connection, &public, uscc, &key.1)? {
            found.extend(marks.into_iter().map(|mark| (stored.reference, mark)));
        }
    }
    Ok(found)
}

/// Puts their marks beside records of one organisation.
pub(crate) fn beside<'e>(
    connection: &mut Connection,
    view: &View,
    uscc: &str,
    entries: impl Iterator<Item = &'e mut Entry>,
) -> Result<()> {
    let mut marks = of_organisation(connection, view, uscc)?;
    for entry in entries {
        entry.marks = marks.remove(&(uscc.to_owned(), entry.record.identity)).unwrap_or_default();
    }
    Ok(())
}

/// Every mark, ended or not: for whoever verifies.
///
/// # Errors
/// As [`of_organisation`].
pub fn all(connection: &mut Connection) -> Result<Vec<(RecordKey, Mark)>> {
    connection.rows(
        "select uscc, identity, kind, number, since_on, through_on, text from record_mark
         order by uscc, identity, kind, number",
        &[],
        read,
    )
}

/// The same, each with the place of the change that moved it last.
///
/// # Errors
/// As [`of_organisation`].
pub fn placed(connection: &mut Connection) -> Result<Vec<(RecordKey, Mark, i64)>> {
    connection.rows(
        "select uscc, identity, kind, number, since_on, through_on, text, at from record_mark
         order by uscc, identity, kind, number",
        &[],
        |row| {
            let (key, mark) = read(row)?;
            Ok((key, mark, row.int(7)?))
        },
    )
}

/// Sets a mark, or puts it where it stands now. `at` is the place of a change of this act, so that the change stream tells of it.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn put(change: &mut Change<'_>, (key, at): (&RecordKey, i64), mark: &Mark) -> Result<()> {
    change.connection.execute(
        "delete from record_mark where uscc = $1 and identity = $2 and kind = $3 and number = $4",
        values![key.0.as_str(), &key.1.0, mark.kind.as_str(), mark.number.as_str()],
    )?;
    change.connection.execute(
        "insert into record_mark(uscc, identity, kind, number, since_on, through_on, at, text)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            key.0.as_str(),
            &key.1.0,
            mark.kind.as_str(),
            mark.number.as_str(),
            day_number(mark.since_on),
            mark.through_on.map(day_number),
            at,
            mark.text.as_str()
        ],
    )?;
    Ok(())
}

/// Ends a mark before a day: it stood through the day before, and is gone in the same act. Its text goes with it. Nothing where
/// there is none.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn end(
    change: &mut Change<'_>,
    (key, at): (&RecordKey, i64),
    (kind, number): (&str, &str),
    on: Date,
) -> Result<()> {
    let last = on.yesterday().unwrap_or(on);
    change.connection.execute(
        "update record_mark set through_on = $5, at = $6, text = ''
         where uscc = $1 and identity = $2 and kind = $3 and number = $4",
        values![key.0.as_str(), &key.1.0, kind, number, day_number(last), at],
    )?;
    Ok(())
}
