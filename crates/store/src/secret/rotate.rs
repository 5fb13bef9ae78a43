//! Sealing anew with another key: content by content, in small transactions, so that it goes on wherever it stopped. No version
//! is made and nothing that is hashed changes.

use super::field::{self, Owner};
use super::keys::{KeyId, Keys};
use crate::account::{mail, second_factor};
use crate::body::Unpacker;
use crate::change::Change;
use crate::connection::Connection;
use crate::officer::person;
use crate::paper;
use crate::{Result, StoreError, values};
use credence_domain::record::Identity;
use std::collections::BTreeMap;

/// How many contents each key has sealed.
///
/// # Errors
/// Whatever the database says.
pub fn sealed_by_key(connection: &mut Connection) -> Result<Vec<(KeyId, u64)>> {
    let of_records =
        connection.rows("select key, count(*) from record_secret group by key order by key", &[], |row| {
            Ok((KeyId(row.array(0)?), row.int(1)?.unsigned_abs()))
        })?;
    let mut found: BTreeMap<KeyId, u64> = of_records.into_iter().collect();
    let persons = person::sealed_by_key(connection)?;
    let of_accounts = [mail::sealed_by_key(connection)?, second_factor::sealed_by_key(connection)?];
    let papers = paper::sealed_by_key(connection)?;
    for (key, count) in persons.into_iter().chain(of_accounts.into_iter().flatten()).chain(papers) {
        *found.entry(key).or_default() += count;
    }
    Ok(found.into_iter().collect())
}

/// A content that is sealed with another key than the active one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Waiting {
    uscc: String,
    at: i64,
    item: String,
    identity: Identity,
    packed: Vec<u8>,
}

/// Seals up to `most` contents anew with the active key and gives how many; 0 when none is left. Call inside a change.
///
/// # Errors
/// [`StoreError::KeyMissing`] where a content cannot be opened, [`StoreError::Inconsistent`] where one was changed: the
/// transaction is then lost as a whole, and with it nothing but this step.
pub fn reseal(change: &mut Change<'_>, keys: &Keys, unpacker: &mut Unpacker, most: u32) -> Result<usize> {
    let Some(active) = keys.active() else { return Err(StoreError::KeysGone) };
    let waiting = change.connection.rows(
        "select s.uscc, s.at, r.item, r.identity, c.body
         from (select uscc, at from record_secret where key <> $1 order by key, at limit $2) s
         join record r on r.uscc = s.uscc and (r.at = s.at or exists (select 1 from record_version v
              where v.uscc = r.uscc and v.identity = r.identity and v.at = s.at))
         join record_content c on c.at = s.at and c.uscc = s.uscc
         order by s.uscc, s.at",
        values![&active.0, i64::from(most)],
        |row| {
            Ok(Waiting {
                uscc: row.string(0)?,
                at: row.int(1)?,
                item: row.string(2)?,
                identity: Identity(row.array(3)?),
                packed: row.opt_blob(4)?.unwrap_or_default().to_vec(),
            })
        },
    )?;
    for one in &waiting {
        reseal_one(change, keys, unpacker, active, one)?;
    }
    if waiting.is_empty() {
        for reseal in [person::reseal, mail::reseal, second_factor::reseal] {
            let done = reseal(change, keys, most)?;
            if done > 0 {
                return Ok(done);
            }
        }
        return paper::reseal(change, keys);
    }
    Ok(waiting.len())
}

fn reseal_one(
    change: &mut Change<'_>,
    keys: &Keys,
    unpacker: &mut Unpacker,
    active: KeyId,
    one: &Waiting,
) -> Result<()> {
    let owner = Owner { item: &one.item, uscc: &one.uscc, identity: &one.identity };
    let body = unpacker.unpack(&one.packed)?;
    let (plain, secrets) = field::open(keys, owner, &body.other_content)?;
    let fields: Vec<&str> =
        secrets.iter().flat_map(|secrets| &secrets.marks).map(|(field, _)| field.as_str()).collect();
    let sealed = field::seal(keys, change.chance, owner, &plain, &fields)?;
    let kept = sealed.as_ref().map_or(&*plain, |(kept, _)| kept.as_str());
    let packed = change.packer.pack(&body.public, kept, &body.notes)?;
    change.connection.execute(
        "update record_content set body = $3 where uscc = $1 and at = $2",
        values![one.uscc.as_str(), one.at, &*packed],
    )?;
    change.connection.execute(
        "update record_secret set key = $3 where uscc = $1 and at = $2",
        values![one.uscc.as_str(), one.at, &active.0],
    )?;
    Ok(())
}
