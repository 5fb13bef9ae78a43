//! What was erased after a backup was made is erased again when that backup is restored: the act that did it is not in the backup.

use super::{Change, next_number, source, statement};
use crate::backup::BackupKey;
use crate::connection::Connection;
use crate::{Result, values};
use credence_domain::canonical::{hex, unhex};
use credence_domain::erasure::Listed;
use credence_domain::record::value::day_number;
use jiff::civil::Date;

/// A record that stands emptied without an act that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The organisation.
    pub uscc: String,
    /// Keyed digest of the identity that it had.
    pub identity: [u8; 16],
    /// Public reference.
    pub reference: [u8; 16],
    /// Its item, and how many versions it had.
    pub kept: (String, i64),
    /// Code of the clause by which it was erased.
    pub clause: String,
    /// The law.
    pub basis: String,
    /// The act by which it was erased, which the register does not have.
    pub act: String,
    /// Its changes in this register, in order of numbers.
    pub listed: Vec<Listed>,
    /// Acts whose heads were emptied with it, with the hashes of those heads.
    pub heads: Vec<([u8; 16], [u8; 32])>,
}

/// What waits to be erased again.
///
/// # Errors
/// Whatever the database says.
pub fn waiting(connection: &mut Connection, key: &BackupKey) -> Result<Vec<Waiting>> {
    let found = connection.rows(
        "select r.uscc, r.identity, r.reference, r.item, r.version from record r where r.state = 'erased' and not exists (
           select 1 from record_erased e where e.uscc = r.uscc and e.identity = r.identity) order by r.uscc, r.seq",
        &[],
        |row| Ok((row.string(0)?, row.array::<16>(1)?, row.array::<16>(2)?, (row.string(3)?, row.int(4)?))),
    )?;
    let mut all = Vec::new();
    for (uscc, identity, reference, kept) in found {
        let Some(note) = key.notes().iter().find(|note| note.record == hex(&reference)) else { continue };
        let listed = connection.rows(
            "select seq, commitment from record where uscc = $1 and identity = $2
             union all select seq, commitment from record_erased_change where uscc = $1 and identity = $2 order by 1",
            values![uscc.as_str(), &identity],
            |row| Ok(Listed { number: row.int(0)?, commitment: row.array(1)? }),
        )?;
        let mut heads = Vec::new();
        for left in note.rows.iter().filter(|left| left.table == "act") {
            let id = left.row.get("id").and_then(|id| id["hex"].as_str()).and_then(unhex).unwrap_or_default();
            heads.extend(connection.first(
                "select id, leaf from act where id = $1 and leaf is not null",
                values![id.as_slice()],
                |row| Ok((row.array(0)?, row.array(1)?)),
            )?);
        }
        let (clause, basis, act) = (note.clause.clone(), note.basis.clone(), note.act.clone());
        all.push(Waiting { uscc, identity, reference, kept, clause, basis, act, listed, heads });
    }
    Ok(all)
}

/// Erases again, inside the act that says so; gives the number of the erasure.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn erase(change: &mut Change<'_>, waiting: &Waiting, on: Date) -> Result<i64> {
    let uscc = waiting.uscc.as_str();
    let seq = next_number(change, uscc)?;
    let (public, other) = source::halves(&statement(uscc, &hex(&waiting.reference), &waiting.clause));
    let sealed = change.seal(uscc, seq, &public, &other)?;
    let (act, on) = (change.id, day_number(on));
    change.connection.execute(
        "insert into record_erased(uscc, identity, clause, act, erased_on, seq, at, salt, salt2, commitment)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            uscc,
            &waiting.identity,
            waiting.clause.as_str(),
            &act,
            on,
            seq,
            sealed.at,
            &sealed.salt,
            &sealed.salt2,
            &sealed.commitment
        ],
    )?;
    Ok(seq)
}
