//! The mail address of an account (邮箱): one, sealed like the number of a paper (`crate::secret`), confirmed by a code that was sent
//! to it, gone when its holder takes it off or the account ends.
//!
//! That there is an address is an act of the account's; the address is part of none.

use super::AccountId;
use crate::change::{Change, Writer};
use crate::connection::{Connection, Row};
use crate::secret::{self, KeyId, Keys, Owner, field};
use crate::{Result, StoreError, values};
use credence_domain::canonical::to_vec;
use credence_domain::record::Identity;
use credence_domain::record::value::day_number;
use jiff::civil::Date;
use serde_json::{Value, json};

/// What a sealed address is bound to beside its account.
const ITEM: &str = "account_mail";
/// The field that is sealed.
const FIELD: &str = "address";

/// The address of an account as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Whose it is.
    pub account: AccountId,
    /// `none`, `asked` or `confirmed`.
    pub state: String,
    /// The address, sealed; none where there is none.
    pub sealed: Option<String>,
    /// SHA-256 of the code that confirms it.
    pub code: Option<[u8; 32]>,
    /// Until when the code is good.
    pub code_ends_at: i64,
    /// Wrong codes that were brought.
    pub tries: u32,
    /// The day on which a code was asked for last.
    pub asked_on: Date,
    /// How many were asked for on that day.
    pub asks: u32,
    /// Since when it stands so.
    pub since: i64,
}

impl std::fmt::Debug for Mail {
    /// Nothing of the address or the code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("state", &self.state).finish_non_exhaustive()
    }
}

impl Mail {
    /// Whether notices go to it.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.state == "confirmed"
    }

    /// The address.
    ///
    /// # Errors
    /// [`StoreError::KeyMissing`] where its key is not there, [`StoreError::Inconsistent`] where it was changed or there is none.
    pub fn open(&self, keys: &Keys) -> Result<String> {
        let none = || StoreError::Inconsistent("an account has no address".to_owned());
        let kept = self.sealed.as_deref().ok_or_else(none)?;
        let identity = Identity(self.account);
        let (plain, _) = field::open(keys, owner(&identity), kept)?;
        let told: Value = serde_json::from_str(&plain).map_err(|_| none())?;
        told.get(FIELD).and_then(Value::as_str).map(str::to_owned).ok_or_else(none)
    }
}

fn owner(identity: &Identity) -> Owner<'_> {
    Owner { item: ITEM, uscc: "", identity }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select account, state, sealed, code, code_ends_at, tries, asked_on, asks, since from account_mail ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Mail> {
    let count = |at: usize| Ok::<_, StoreError>(u32::try_from(row.int(at)?).unwrap_or(u32::MAX));
    Ok(Mail {
        account: row.array(0)?,
        state: row.string(1)?,
        sealed: row.opt_text(2)?.map(str::to_owned),
        code: row.opt_array(3)?,
        code_ends_at: row.int(4)?,
        tries: count(5)?,
        asked_on: row.opt_date(6)?.unwrap_or_default(),
        asks: count(7)?,
        since: row.int(8)?,
    })
}

/// The address of an account.
///
/// # Errors
/// Whatever the database says.
pub fn of(connection: &mut Connection, account: &AccountId) -> Result<Option<Mail>> {
    connection.first(select!("where account = $1"), values![account], read)
}

/// Keeps an address that waits for its code, in the place of any other: nothing but the code is sent to it before it is confirmed.
///
/// # Errors
/// Whatever the database or the keys say.
pub fn ask(
    writer: &mut Writer,
    keys: &Keys,
    account: &AccountId,
    address: &str,
    (code, ends_at): (&[u8; 32], i64),
) -> Result<()> {
    let (today, now) = (day_number(writer.clock.today()), writer.clock.now_micros());
    let identity = Identity(*account);
    let plain = String::from_utf8_lossy(&to_vec(&json!({ FIELD: address }))).into_owned();
    let sealed = field::seal(keys, &mut writer.chance, owner(&identity), &plain, &[FIELD])?;
    let (sealed, secrets) =
        sealed.ok_or_else(|| StoreError::Inconsistent("an empty address cannot be kept".to_owned()))?;
    writer.note(|connection| {
        secret::bind_index(connection, &secrets.index)?;
        connection.execute(
            "insert into account_mail(account, state, sealed, key, code, code_ends_at, tries, asked_on, asks, since)
             values ($1, 'asked', $2, $3, $4, $5, 0, $6, 1, $7)
             on conflict (account) do update set state = 'asked', sealed = excluded.sealed, key = excluded.key,
             code = excluded.code, code_ends_at = excluded.code_ends_at, tries = 0,
             asks = case when account_mail.asked_on = excluded.asked_on then account_mail.asks + 1 else 1 end,
             asked_on = excluded.asked_on, since = excluded.since",
            values![account, sealed.as_str(), &secrets.key.0, code, ends_at, today, now],
        )?;
        Ok(())
    })
}

/// Counts a wrong code.
///
/// # Errors
/// Whatever the database says.
pub fn count_wrong(writer: &mut Writer, account: &AccountId) -> Result<()> {
    writer.note(|connection| {
        connection.execute("update account_mail set tries = tries + 1 where account = $1", values![account])?;
        Ok(())
    })
}

/// Confirms an address inside the act that says so: false where the code is not that of the address which waits.
///
/// # Errors
/// Whatever the database says.
pub fn confirm(change: &mut Change<'_>, account: &AccountId, code: &[u8; 32]) -> Result<bool> {
    let now = change.now;
    let done = change.connection.execute(
        "update account_mail set state = 'confirmed', code = null, code_ends_at = 0, tries = 0, since = $3
         where account = $1 and state = 'asked' and code = $2",
        values![account, code, now],
    )?;
    Ok(done == 1)
}

/// Takes an address off; false where there was none. What was on its way to it is dropped. How many codes were asked for stays.
///
/// # Errors
/// Whatever the database says.
pub fn take_off(connection: &mut Connection, account: &AccountId, now: i64) -> Result<bool> {
    let gone = connection.execute(
        "update account_mail set state = 'none', sealed = null, key = null, code = null, code_ends_at = 0, tries = 0, since = $2
         where account = $1 and state <> 'none'",
        values![account, now],
    )?;
    connection.execute(
        "update notice_mail set state = 'dropped', lease = null, leased_until = 0 where account = $1 and state = 'waiting'",
        values![account],
    )?;
    Ok(gone == 1)
}

/// How many addresses each key has sealed.
///
/// # Errors
/// Whatever the database says.
pub(crate) fn sealed_by_key(connection: &mut Connection) -> Result<Vec<(KeyId, u64)>> {
    connection.rows(
        "select key, count(*) from account_mail where key is not null group by key order by key",
        &[],
        |row| Ok((KeyId(row.array(0)?), row.int(1)?.unsigned_abs())),
    )
}

/// Seals up to `most` addresses anew with the active key and gives how many; 0 when none is left. Call inside a change.
///
/// # Errors
/// As for contents of records.
pub(crate) fn reseal(change: &mut Change<'_>, keys: &Keys, most: u32) -> Result<usize> {
    let Some(active) = keys.active() else { return Err(StoreError::KeysGone) };
    let waiting = change.connection.rows(
        select!("where key is not null and key <> $1 order by account limit $2"),
        values![&active.0, i64::from(most)],
        read,
    )?;
    for mail in &waiting {
        let identity = Identity(mail.account);
        let (plain, _) = field::open(keys, owner(&identity), mail.sealed.as_deref().unwrap_or_default())?;
        let Some((sealed, secrets)) = field::seal(keys, change.chance, owner(&identity), &plain, &[FIELD])? else {
            continue;
        };
        change.connection.execute(
            "update account_mail set sealed = $2, key = $3 where account = $1",
            values![&mail.account, sealed.as_str(), &secrets.key.0],
        )?;
    }
    Ok(waiting.len())
}
