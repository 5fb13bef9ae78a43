//! Secrets of second factors (动态码): sealed like the number of a paper (`crate::secret`), each bound to its account, so that
//! none can be read in the register or moved to another account.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八. A secret from before they were sealed is sealed by the next writer that opens the
//! register (`seal_readable`). Codes are judged in `app`; what is sealed with a key that is not there opens nothing.

use super::AccountId;
use crate::change::{Change, Writer};
use crate::clock::Chance;
use crate::connection::{Connection, Row};
use crate::secret::{self, KeyId, Keys, Owner, field};
use crate::{Result, StoreError, values};
use credence_domain::canonical::{hex, unhex};
use credence_domain::record::Identity;
use jiff::civil::Date;

/// What a sealed secret is bound to beside its account.
const ITEM: &str = "account_second_factor";
/// The field that is sealed.
const FIELD: &str = "secret";

/// The second factor of an account as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The key that sealed it; none where it lies readable.
    pub key: Option<KeyId>,
    /// The secret: nonce, cipher text and tag, or as it is where there is no key.
    kept: Vec<u8>,
}

impl std::fmt::Debug for SecondFactor {
    /// The key's id alone.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactor").field("key", &self.key).finish_non_exhaustive()
    }
}

impl SecondFactor {
    /// The secret of this account.
    ///
    /// # Errors
    /// [`StoreError::KeyMissing`] where its key is not there, [`StoreError::Inconsistent`] where it was changed or is another
    /// account's.
    pub fn open(&self, account: &AccountId, keys: &Keys) -> Result<Vec<u8>> {
        let Some(key) = self.key else { return Ok(self.kept.clone()) };
        let plain = field::open_bytes(keys, owner(&Identity(*account)), FIELD, (key, &self.kept))?;
        unhex(&plain).ok_or_else(|| StoreError::Inconsistent("a second factor is no secret".to_owned()))
    }
}

fn owner(identity: &Identity) -> Owner<'_> {
    Owner { item: ITEM, uscc: "", identity }
}

fn sealed(keys: &Keys, chance: &mut Chance, account: &AccountId, secret: &[u8]) -> Result<(KeyId, Vec<u8>)> {
    field::seal_bytes(keys, chance, owner(&Identity(*account)), FIELD, &hex(secret))
}

/// Reads `second_factor` and `second_factor_key` from these columns.
pub(super) fn read(row: &Row<'_>, kept: usize, key: usize) -> Result<Option<SecondFactor>> {
    let key = row.opt_array(key)?.map(KeyId);
    Ok(row.opt_blob(kept)?.map(|kept| SecondFactor { key, kept: kept.to_vec() }))
}

/// Keeps the secret of an account's second factor, sealed with keys that are made on `today` where the register has none yet. Call
/// inside the act that says so.
///
/// # Errors
/// [`StoreError::KeysGone`] or [`StoreError::KeysOther`] where the register's keys are not there, or whatever the database says.
pub fn set(change: &mut Change<'_>, account: &AccountId, secret: &[u8], today: Date) -> Result<()> {
    let mark = secret::index_mark(change.connection)?;
    let keys = change.keyring().sealing(mark.as_deref(), change.chance, today)?;
    secret::bind_index(change.connection, &keys.index_id())?;
    let (key, kept) = sealed(&keys, change.chance, account, secret)?;
    change.connection.execute(
        "update account set second_factor = $2, second_factor_key = $3, second_factor_step = 0 where id = $1",
        values![account, kept.as_slice(), &key.0],
    )?;
    Ok(())
}

/// Takes the second factor off an account. Call inside the act that says so.
///
/// # Errors
/// Whatever the database says.
pub fn drop(connection: &mut Connection, account: &AccountId) -> Result<()> {
    connection.execute(
        "update account set second_factor = null, second_factor_key = null, second_factor_step = 0 where id = $1",
        values![account],
    )?;
    Ok(())
}

/// Keeps the time step whose code was used; false when that or a later one was used before.
///
/// # Errors
/// Whatever the database says.
pub fn used(writer: &mut Writer, account: &AccountId, step: i64) -> Result<bool> {
    writer.note(|connection| {
        let used = connection.execute(
            "update account set second_factor_step = $2 where id = $1 and second_factor_step < $2",
            values![account, step],
        )?;
        Ok(used > 0)
    })
}

/// Seals every secret that lies readable and gives how many there were: those of a register from before they were sealed. What
/// a code opens stays the same, and nothing that is hashed changes.
///
/// # Errors
/// As [`set`]; then all of them lie as they lay.
pub(crate) fn seal_readable(writer: &mut Writer) -> Result<usize> {
    let readable: Vec<(AccountId, Vec<u8>)> = writer.connection.rows(
        "select id, second_factor from account where second_factor is not null and second_factor_key is null",
        &[],
        |row| Ok((row.array(0)?, row.opt_blob(1)?.unwrap_or_default().to_vec())),
    )?;
    if readable.is_empty() {
        return Ok(0);
    }
    let (mark, today) = (secret::index_mark(&mut writer.connection)?, writer.clock.today());
    let keys = writer.keyring().sealing(mark.as_deref(), &mut writer.chance, today)?;
    let seal = |chance: &mut Chance, (account, secret): &(AccountId, Vec<u8>)| {
        sealed(&keys, chance, account, secret).map(|sealed| (*account, sealed))
    };
    let sealed: Vec<_> = readable.iter().map(|one| seal(&mut writer.chance, one)).collect::<Result<_>>()?;
    writer.note(|connection| {
        secret::bind_index(connection, &keys.index_id())?;
        sealed.iter().try_for_each(|(account, (key, kept))| {
            // Another writer may have sealed it, or its holder have dropped it, meanwhile.
            connection.execute(
                "update account set second_factor = $2, second_factor_key = $3
                 where id = $1 and second_factor is not null and second_factor_key is null",
                values![account, kept.as_slice(), &key.0],
            )?;
            Ok(())
        })
    })?;
    Ok(readable.len())
}

/// How many secrets each key has sealed.
///
/// # Errors
/// Whatever the database says.
pub(crate) fn sealed_by_key(connection: &mut Connection) -> Result<Vec<(KeyId, u64)>> {
    connection.rows(
        "select second_factor_key, count(*) from account where second_factor_key is not null
         group by second_factor_key order by second_factor_key",
        &[],
        |row| Ok((KeyId(row.array(0)?), row.int(1)?.unsigned_abs())),
    )
}

/// Seals up to `most` secrets anew with the active key and gives how many; 0 when none is left. Call inside a change.
///
/// # Errors
/// As for contents of records.
pub(crate) fn reseal(change: &mut Change<'_>, keys: &Keys, most: u32) -> Result<usize> {
    let Some(active) = keys.active() else { return Err(StoreError::KeysGone) };
    let waiting: Vec<(AccountId, Option<SecondFactor>)> = change.connection.rows(
        "select id, second_factor, second_factor_key from account
         where second_factor is not null and second_factor_key <> $1 order by id limit $2",
        values![&active.0, i64::from(most)],
        |row| Ok((row.array(0)?, read(row, 1, 2)?)),
    )?;
    for (account, factor) in &waiting {
        let Some(factor) = factor else { continue };
        let (key, kept) = sealed(keys, change.chance, account, &factor.open(account, keys)?)?;
        change.connection.execute(
            "update account set second_factor = $2, second_factor_key = $3 where id = $1",
            values![account, kept.as_slice(), &key.0],
        )?;
    }
    Ok(waiting.len())
}
