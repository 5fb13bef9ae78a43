//! Fields that a secrecy review keeps from the public (不予公开). What they are is part of the public half of a version; here
//! stands what holds for every version that comes next, so that a row that is sent again or restored publishes nothing.

use crate::arrival::Incoming;
use crate::body::{Packer, Parcel, Unpacker};
use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::revision::RecordKey;
use crate::{Result, StoreError, values};
use credence_domain::record::Identity;
use credence_domain::record::secrecy::{Ground, Withheld, withhold};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The withheld fields of records.
pub type ByRecord = BTreeMap<RecordKey, Vec<Withheld>>;

fn read(row: &Row<'_>) -> Result<(RecordKey, Withheld)> {
    let ground = row.string(3)?;
    let unknown = || StoreError::Inconsistent(format!("a field is withheld on the ground {ground:?}"));
    let withheld = Withheld {
        field: row.string(2)?,
        ground: Ground::from_code(&ground).ok_or_else(unknown)?,
        clause: row.string(4)?,
    };
    Ok(((row.string(0)?, Identity(row.array(1)?)), withheld))
}

/// The withheld fields of the records of organisations between two codes, both included.
///
/// # Errors
/// Whatever the database says.
pub fn between(connection: &mut Connection, first: &str, last: &str) -> Result<ByRecord> {
    let rows = connection.rows(
        "select uscc, identity, field, ground, clause from record_withheld
         where uscc >= $1 and uscc <= $2 order by uscc, identity, field",
        values![first, last],
        read,
    )?;
    let mut found = ByRecord::new();
    for (key, withheld) in rows {
        found.entry(key).or_default().push(withheld);
    }
    Ok(found)
}

/// The withheld fields of one record.
///
/// # Errors
/// Whatever the database says.
pub fn of_record(connection: &mut Connection, key: &RecordKey) -> Result<Vec<Withheld>> {
    let rows = connection.rows(
        "select uscc, identity, field, ground, clause from record_withheld
         where uscc = $1 and identity = $2 order by field",
        values![key.0.as_str(), &key.1.0],
        read,
    )?;
    Ok(rows.into_iter().map(|(_, withheld)| withheld).collect())
}

/// Keeps a field from the public from now on, or no longer; call it before the version that says so is made.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn put(
    change: &mut Change<'_>,
    key: &RecordKey,
    withheld: &Withheld,
    (officer, decided_on): (&str, i32),
) -> Result<()> {
    lift(change, key, &withheld.field)?;
    change.connection.execute(
        "insert into record_withheld(uscc, identity, field, ground, clause, officer, decided_on)
         values ($1, $2, $3, $4, $5, $6, $7)",
        values![
            key.0.as_str(),
            &key.1.0,
            withheld.field.as_str(),
            withheld.ground.code(),
            withheld.clause.as_str(),
            officer,
            decided_on
        ],
    )?;
    Ok(())
}

/// Keeps a field from the public no longer.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn lift(change: &mut Change<'_>, key: &RecordKey, field: &str) -> Result<()> {
    change.connection.execute(
        "delete from record_withheld where uscc = $1 and identity = $2 and field = $3",
        values![key.0.as_str(), &key.1.0, field],
    )?;
    Ok(())
}

/// Rows as they are with what is withheld of their records; nothing where that is nothing, which is nearly always.
pub(crate) fn applied(connection: &mut Connection, rows: &[&Incoming]) -> Result<Option<Vec<Incoming>>> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(None) };
    let withheld = between(connection, first.uscc.as_str(), last.uscc.as_str())?;
    if withheld.is_empty() {
        return Ok(None);
    }
    let (mut packer, mut unpacker) = (Packer::new()?, Unpacker::new()?);
    let mut changed = Vec::with_capacity(rows.len());
    for row in rows {
        changed.push(match withheld.get(&(row.uscc.to_string(), row.identity)) {
            None => (*row).clone(),
            Some(withheld) => apply(row, withheld, &mut packer, &mut unpacker)?,
        });
    }
    Ok(Some(changed))
}

fn apply(row: &Incoming, withheld: &[Withheld], packer: &mut Packer, unpacker: &mut Unpacker) -> Result<Incoming> {
    let damaged = || StoreError::Inconsistent("a row's content is no JSON".to_owned());
    let body = row.body.body(&row.other_content, unpacker)?;
    let (public, plain) = withhold(&body.public, &row.other_content, withheld).ok_or_else(damaged)?;
    // The same with its numbers sealed, as it is kept.
    let (_, kept) = withhold(&body.public, &body.other_content, withheld).ok_or_else(damaged)?;
    let redacted = row.redacted.as_deref().map(|(public, other)| {
        let (public, other) = withhold(public, other, withheld).ok_or_else(damaged)?;
        Ok::<_, StoreError>(Box::new((public.into(), other.into())))
    });
    Ok(Incoming {
        public_digest: Sha256::digest(public.as_bytes()).into(),
        other_digest: None,
        other_content: plain.into(),
        body: Parcel::Packed(packer.pack(&public, &kept, &body.notes)?),
        redacted: redacted.transpose()?,
        ..row.clone()
    })
}
