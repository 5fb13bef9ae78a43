//! The blind index (盲索引) asked: which records carry an equal number, without opening any.

use crate::connection::Connection;
use crate::scope::View;
use crate::{Result, values};

/// A field of a record that carries the number asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// The organisation.
    pub uscc: String,
    /// The record's public reference.
    pub reference: [u8; 16],
    /// Item.
    pub item: String,
    /// Field.
    pub field: String,
}

/// The records with a number of this mark that have not ended on the view's day, in order of (code, identity). For the
/// office only, with a purpose.
///
/// # Errors
/// Whatever the database says.
pub fn carriers(connection: &mut Connection, view: &View, mark: &[u8; 32]) -> Result<Vec<Carrier>> {
    connection.rows(
        "select r.uscc, r.reference, r.item, m.field from record_secret_mark m
         join record r on r.uscc = m.uscc and r.identity = m.identity
         where m.mark = $1 and r.state in ('accepted', 'held', 'hidden')
           and (r.through_on is null or r.through_on >= $2)
         order by r.uscc, r.identity, m.field",
        values![mark, view.lasts_to()],
        |row| {
            Ok(Carrier { uscc: row.string(0)?, reference: row.array(1)?, item: row.string(2)?, field: row.string(3)? })
        },
    )
}
