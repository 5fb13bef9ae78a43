//! Names that no registration gives, beside the contents of which they were taken.

use crate::connection::Connection;
use crate::{Result, values};

/// A name or old number by which an organisation is known or found.
#[derive(Clone, Debug)]
pub struct Name {
    /// The organisation.
    pub uscc: String,
    /// The name folded.
    pub folded: String,
    /// As it was written.
    pub name: String,
}

/// The next organisations behind a code that have such names, in order of codes.
///
/// # Errors
/// Whatever the database says.
pub fn named_after(connection: &mut Connection, uscc: &str, limit: i64) -> Result<Vec<String>> {
    connection.rows(
        "select distinct uscc from (
           select uscc from subject where registered = 0 and uscc > $1
           union all select uscc from subject_name where uscc > $1
           union all select uscc from name_conflict where uscc > $1
           union all select uscc from subject_alias where uscc > $1) n
         order by uscc limit $2",
        values![uscc, limit],
        |row| row.string(0),
    )
}

/// The names of organisations without a registration, former and sent names and old numbers, from one code to another.
///
/// # Errors
/// Whatever the database says.
pub fn names_between(connection: &mut Connection, first: &str, last: &str) -> Result<Vec<Name>> {
    connection.rows(
        "select uscc, folded, name from subject where registered = 0 and uscc >= $1 and uscc <= $2
         union all select uscc, folded, name from subject_name where uscc >= $1 and uscc <= $2
         union all select uscc, folded, name from name_conflict where uscc >= $1 and uscc <= $2
         union all select uscc, '', value from subject_alias where uscc >= $1 and uscc <= $2
         order by 1",
        values![first, last],
        |row| Ok(Name { uscc: row.string(0)?, folded: row.string(1)?, name: row.string(2)? }),
    )
}

/// Hands on every content of every version of an organisation's records, packed, with the place where it
/// stands; none of what was erased.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_content(
    connection: &mut Connection,
    uscc: &str,
    mut look: impl FnMut(i64, Option<&[u8]>) -> Result<()>,
) -> Result<()> {
    connection.each(
        "select r.at, c.body from record r left join record_content c on c.at = r.at and c.uscc = r.uscc where r.uscc = $1
         union all
         select v.at, c.body from record_version v left join record_content c on c.at = v.at and c.uscc = v.uscc
         where v.uscc = $1",
        values![uscc],
        |row| look(row.int(0)?, row.opt_blob(1)?),
    )
}
