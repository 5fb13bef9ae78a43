//! Keys with which source units send over HTTP (CONTRACT §2). A key is shown once, when it is issued; what is kept is the
//! SHA-256 of 32 random bytes, which nobody can guess back. Issuing and revoking are acts, numbered under the unit.

use crate::act::Draft;
use crate::change::Writer;
use crate::connection::{Connection, Row};
use crate::{Result, values};
use credence_domain::access::KeyScope;
use credence_domain::canonical::hex;
use credence_domain::record::value::day_number;
use jiff::civil::Date;
use serde_json::Map;
use sha2::{Digest, Sha256};

/// A key, as far as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// SHA-256 of the key.
    pub digest: [u8; 32],
    /// Its number: says nothing about the key.
    pub number: String,
    /// The unit that sends with it.
    pub source: String,
    /// Instant of issue.
    pub issued_at: i64,
    /// Who issued it.
    pub issued_by: String,
    /// Last day on which it opens anything; open when absent.
    pub expires_on: Option<Date>,
    /// Instant of revocation.
    pub revoked_at: Option<i64>,
    /// What it opens.
    pub scope: KeyScope,
}

/// A key that is wanted.
#[derive(Clone, Debug)]
pub struct New {
    /// The unit that sends with it.
    pub source: String,
    /// Last day on which it opens anything; open when absent.
    pub expires_on: Option<Date>,
    /// What it opens.
    pub scope: KeyScope,
    /// Who issues it.
    pub by: String,
    /// The second person, where there is one.
    pub second: Option<String>,
    /// Why; empty where nobody says.
    pub reason: String,
}

/// What is kept of a key: also how it is found.
#[must_use]
pub fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

fn read(row: &Row<'_>) -> Result<Key> {
    Ok(Key {
        digest: row.array(0)?,
        number: row.string(1)?,
        source: row.string(2)?,
        issued_at: row.int(3)?,
        issued_by: row.string(4)?,
        expires_on: row.opt_date(5)?,
        revoked_at: row.opt_int(6)?,
        scope: KeyScope::read(&row.string(7)?, &row.string(8)?),
    })
}

/// The key with this digest.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, digest: &[u8; 32]) -> Result<Option<Key>> {
    connection.first(
        "select digest, number, source, issued_at, issued_by, expires_on, revoked_at, items, actions from api_key where digest = $1",
        values![digest],
        read,
    )
}

/// The key with this number.
///
/// # Errors
/// Whatever the database says.
pub fn by_number(connection: &mut Connection, number: &str) -> Result<Option<Key>> {
    connection.first(
        "select digest, number, source, issued_at, issued_by, expires_on, revoked_at, items, actions from api_key
         where number = $1",
        values![number],
        read,
    )
}

/// Every key ever issued, in order of units and numbers.
///
/// # Errors
/// Whatever the database says.
pub fn list(connection: &mut Connection) -> Result<Vec<Key>> {
    connection.rows(
        "select digest, number, source, issued_at, issued_by, expires_on, revoked_at, items, actions from api_key
         order by source, issued_at, number",
        &[],
        read,
    )
}

fn draft(kind: &'static str, key: &Key, (actor, reason): (&str, &str), rulebook: &[u8; 32], today: Date) -> Draft {
    let mut details = Map::new();
    let mut say = |name: &str, value: String| {
        if !value.is_empty() {
            details.insert(name.to_owned(), value.into());
        }
    };
    let (items, actions) = key.scope.written();
    say("key", key.number.clone());
    say("digest", hex(&key.digest));
    say("expires_on", key.expires_on.map_or_else(String::new, |day| day.to_string()));
    say("items", items);
    say("actions", actions);
    Draft {
        kind,
        actor: actor.to_owned(),
        second: None,
        purpose: "collection",
        basis: "鲁信用办〔2019〕8号 十六".to_owned(),
        reason: reason.to_owned(),
        rulebook: *rulebook,
        as_of: today,
        batch: None,
        details,
    }
}

/// Issues a key to a unit of the directory and gives it out, this once.
///
/// # Errors
/// When the unit is not in the directory, or the database fails.
pub fn issue(writer: &mut Writer, new: &New, rulebook: &[u8; 32]) -> Result<(String, Key)> {
    let secret = format!("credence_{}", hex(&writer.chance.bytes::<32>()?));
    let number = format!("K{}", hex(&writer.chance.bytes::<6>()?).to_uppercase());
    let key = Key {
        digest: digest(&secret),
        number,
        source: new.source.clone(),
        issued_at: writer.clock.now_micros(),
        issued_by: new.by.clone(),
        expires_on: new.expires_on,
        revoked_at: None,
        scope: new.scope.clone(),
    };
    let mut draft = draft("key_issue", &key, (&new.by, &new.reason), rulebook, writer.clock.today());
    draft.second.clone_from(&new.second);
    let (items, actions) = key.scope.written();
    writer.change(&draft, |change| {
        change.number_under_unit(&key.source)?;
        change.connection.execute(
            "insert into api_key(digest, number, source, issued_at, issued_by, expires_on, items, actions)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![
                &key.digest,
                key.number.as_str(),
                key.source.as_str(),
                key.issued_at,
                key.issued_by.as_str(),
                key.expires_on.map(day_number),
                items.as_str(),
                actions.as_str()
            ],
        )?;
        Ok(())
    })?;
    Ok((secret, key))
}

/// Revokes a key; false when it was revoked before.
///
/// # Errors
/// Whatever the database says.
pub fn revoke(writer: &mut Writer, key: &Key, actor: &str, reason: &str, rulebook: &[u8; 32]) -> Result<bool> {
    let draft = draft("key_revocation", key, (actor, reason), rulebook, writer.clock.today());
    let (revoked, _) = writer.change(&draft, |change| {
        let now = change.now;
        let revoked = change.connection.execute(
            "update api_key set revoked_at = $2 where digest = $1 and revoked_at is null",
            values![&key.digest, now],
        )?;
        if revoked > 0 {
            change.number_under_unit(&key.source)?;
        }
        Ok(revoked > 0)
    })?;
    Ok(revoked)
}
