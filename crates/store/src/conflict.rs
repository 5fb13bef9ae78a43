//! Names that were sent for a known code and differ from the one on file: each waits for a person.

use crate::change::Change;
use crate::connection::Connection;
use crate::scope::View;
use crate::{Result, values};
use credence_domain::record::text::fold_name;

/// A name that differs from the one on file, waiting for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameConflict {
    /// The organisation.
    pub uscc: String,
    /// Its name on file.
    pub standing: String,
    /// The name that was sent.
    pub sent: String,
    /// Who sent it.
    pub source: String,
}

/// Open name conflicts in order of codes. For the office only.
///
/// # Errors
/// Whatever the database says.
pub fn open(connection: &mut Connection, _view: &View, limit: u32) -> Result<Vec<NameConflict>> {
    connection.rows(
        "select c.uscc, s.name, c.name, c.source from name_conflict c join subject s on s.uscc = c.uscc
         where c.resolved = '' order by c.uscc, c.folded limit $1",
        values![i64::from(limit)],
        |row| {
            Ok(NameConflict {
                uscc: row.string(0)?,
                standing: row.string(1)?,
                sent: row.string(2)?,
                source: row.string(3)?,
            })
        },
    )
}

/// Ends a name conflict, inside the act that does so: `taken` gives the organisation the sent name and keeps the one it
/// bore as a former name. False when no such conflict is open.
///
/// # Errors
/// Whatever the database says.
pub fn resolve(change: &mut Change<'_>, uscc: &str, sent: &str, resolution: Resolution) -> Result<bool> {
    let folded = fold_name(sent);
    change.connection.execute("update subject set due = 1 where uscc = $1", values![uscc])?;
    let open = change.connection.execute(
        "update name_conflict set resolved = $3 where uscc = $1 and folded = $2 and resolved = ''",
        values![uscc, folded.as_str(), resolution.code()],
    )?;
    if open == 0 {
        return Ok(false);
    }
    change.connection.execute("update subject set conflicts = conflicts - 1 where uscc = $1", values![uscc])?;
    if resolution == Resolution::Taken {
        change.connection.execute(
            "insert into subject_name(uscc, folded, name, current, first_at)
             select uscc, folded, name, 0, $2 from subject where uscc = $1
             on conflict (uscc, folded) do nothing",
            values![uscc, change.now],
        )?;
        change.connection.execute(
            "update subject set name = (select name from name_conflict where uscc = $1 and folded = $2), folded = $2
             where uscc = $1",
            values![uscc, folded.as_str()],
        )?;
    }
    Ok(true)
}

/// How a person resolves a name conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The sent name is the organisation's.
    Taken,
    /// The name on file stays.
    Kept,
}

impl Resolution {
    /// The stored code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Resolution::Taken => "taken",
            Resolution::Kept => "kept",
        }
    }
}
