//! Which areas records keep, beside what their versions and the registrations of their organisations say.

use crate::Result;
use crate::connection::Connection;
use credence_domain::record::Identity;

/// A version of a record, standing or superseded.
#[derive(Clone, Debug)]
pub struct Version {
    /// The organisation.
    pub uscc: String,
    /// The record.
    pub identity: Identity,
    /// Number in the organisation's file.
    pub seq: i64,
    /// Where its content stands.
    pub at: i64,
    /// State.
    pub state: String,
    /// It registers its organisation.
    pub registers: bool,
    /// Packed content of a registration; none when erased.
    pub packed: Option<Vec<u8>>,
    /// Of the standing version: the kept area of registration and the record's public reference.
    pub standing: Option<(String, [u8; 16])>,
}

/// Hands on every version of every record in order of (code, record, version), the standing one last.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_version(connection: &mut Connection, mut look: impl FnMut(Version) -> Result<()>) -> Result<()> {
    connection.each(
        "select r.uscc, r.identity, r.version, r.seq, r.at, r.state, r.item, c.body, r.registered_area, r.reference
         from record r
         left join record_content c on r.item = 'registration' and c.at = r.at and c.uscc = r.uscc
         union all
         select v.uscc, v.identity, v.version, v.seq, v.at, v.state, r.item, c.body, null, null
         from record_version v join record r on r.uscc = v.uscc and r.identity = v.identity
         left join record_content c on r.item = 'registration' and c.at = v.at and c.uscc = v.uscc
         order by 1, 2, 3",
        &[],
        |row| {
            let area = row.opt_text(8)?.map(str::to_owned);
            look(Version {
                uscc: row.string(0)?,
                identity: Identity(row.array(1)?),
                seq: row.int(3)?,
                at: row.int(4)?,
                state: row.string(5)?,
                registers: row.text(6)? == "registration",
                packed: row.opt_blob(7)?.map(<[u8]>::to_vec),
                standing: area.zip(row.opt_array(9)?),
            })
        },
    )
}

/// The number of the first chunk whose facts keep the areas of their own day: older ones got those of the day on which the
/// register learned to keep them.
///
/// # Errors
/// Whatever the database says.
pub fn areas_kept_from(connection: &mut Connection) -> Result<i64> {
    let found = crate::open::mark(connection, "areas_kept_from")?;
    Ok(found.and_then(|number| number.parse().ok()).unwrap_or_default())
}
