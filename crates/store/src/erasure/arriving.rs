//! Rows whose record was erased: known by the keyed digest of their identity, so that none of them comes back unseen.

use crate::Result;
use crate::arrival::Incoming;
use crate::connection::Connection;
use crate::secret::{self, Keyring};
use crate::values;
use credence_domain::record::Identity;
use std::collections::BTreeMap;

/// For each row the clause by which its record was erased; nothing at all where no organisation among them has an erased
/// record, which is nearly always. The rows are sorted by code. For the office only.
///
/// # Errors
/// [`crate::StoreError::KeysGone`] when the key by which erased records are known is not there; or whatever the database says.
pub fn met(connection: &mut Connection, keyring: &Keyring, rows: &[&Incoming]) -> Result<Option<Vec<Option<String>>>> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(None) };
    let erased: BTreeMap<(String, [u8; 16]), String> = connection
        .rows(
            "select uscc, identity, clause from record_erased where uscc >= $1 and uscc <= $2",
            values![first.uscc.as_str(), last.uscc.as_str()],
            |row| Ok(((row.string(0)?, row.array(1)?), row.string(2)?)),
        )?
        .into_iter()
        .collect();
    if erased.is_empty() {
        return Ok(None);
    }
    let keys = secret::index_keys(connection, keyring)?;
    let clause = |row: &&Incoming| {
        let Identity(identity) = keys.erased_identity(row.uscc.as_str(), &row.identity);
        erased.get(&(row.uscc.to_string(), identity)).cloned()
    };
    let found: Vec<Option<String>> = rows.iter().map(clause).collect();
    Ok(found.iter().any(Option::is_some).then_some(found))
}
