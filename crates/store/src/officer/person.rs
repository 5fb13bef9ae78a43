//! Who held an office: the name, and the number of the paper sealed like any other (`crate::secret`). It lies in one row beside the
//! term's steps, which hold a salted digest of it alone: erasing the row erases the person everywhere, and the steps keep their
//! commitments. Equal numbers of different terms have different marks: a person is not followed from organisation to
//! organisation (个人信息保护法 arts. 六, 四十七, 五十一).

use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::secret::{self, KeyId, Keys, Owner, field};
use crate::{Result, StoreError, values};
use credence_domain::canonical::{hex, to_vec};
use credence_domain::record::Identity;
use serde_json::json;
use sha2::{Digest, Sha256};

/// What a sealed number is bound to beside organisation and term.
const ITEM: &str = "officer_term";
/// The field that is sealed.
const FIELD: &str = "identity_number";

/// A person as he is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The organisation.
    pub uscc: String,
    /// Number of the term of office.
    pub number: String,
    /// The name; none when erased.
    pub name: Option<String>,
    /// The number of the paper as people may see it; none where there is none.
    pub masked: Option<String>,
    /// The number, sealed.
    pub sealed: Option<String>,
    /// The key of the sealing.
    pub key: Option<KeyId>,
    /// Mark of the number within this term.
    pub mark: Option<[u8; 32]>,
    /// Salt of the digest; none when erased.
    pub salt: Option<[u8; 16]>,
}

impl std::fmt::Debug for Person {
    /// Nothing of the person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("number", &self.number).finish_non_exhaustive()
    }
}

/// A person as he is entered.
pub struct Entered<'e> {
    /// The organisation.
    pub uscc: &'e str,
    /// Number of the term of office.
    pub number: &'e str,
    /// The name.
    pub name: &'e str,
    /// The number of the paper; empty where none is known.
    pub identity_number: &'e str,
    /// Salt of the digest.
    pub salt: [u8; 16],
}

impl Person {
    /// Whether the digest in a term's first step is that of this person.
    #[must_use]
    pub fn gives(&self, digest: &str) -> bool {
        let (Some(name), Some(salt)) = (&self.name, &self.salt) else { return false };
        digest_of(salt, name, self.mark.as_ref()) == digest
    }

    /// Whether everything that tells who it was is gone.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.name.is_none()
            && self.masked.is_none()
            && self.sealed.is_none()
            && self.mark.is_none()
            && self.salt.is_none()
    }
}

/// Mark of a number within a term: nobody can try numbers without the key, and terms cannot be compared.
fn mark_of(keys: &Keys, entered: &Entered<'_>) -> [u8; 32] {
    keys.mark(&format!("{}{}{}", entered.uscc, entered.number, entered.identity_number))
}

fn digest_of(salt: &[u8; 16], name: &str, mark: Option<&[u8; 32]>) -> String {
    let told = to_vec(&json!({ "mark": mark.map(|mark| hex(mark)).unwrap_or_default(), "name": name }));
    hex(&Sha256::new().chain_update(salt).chain_update(told).finalize())
}

/// The digest of a person as the first step of his term holds it. Keys are needed where a number is given.
#[must_use]
pub fn digest(keys: Option<&Keys>, entered: &Entered<'_>) -> String {
    let mark = keys.filter(|_| !entered.identity_number.is_empty()).map(|keys| mark_of(keys, entered));
    digest_of(&entered.salt, entered.name, mark.as_ref())
}

fn identity_of(number: &str) -> Identity {
    let digest: [u8; 32] = Sha256::digest(number.as_bytes()).into();
    let mut identity = [0; 16];
    for (to, from) in identity.iter_mut().zip(digest) {
        *to = from;
    }
    Identity(identity)
}

/// Keeps a person beside the term that the same act enters.
///
/// # Errors
/// Whatever the database or the keys say.
pub fn keep(change: &mut Change<'_>, keys: Option<&Keys>, entered: &Entered<'_>) -> Result<()> {
    let identity = identity_of(entered.number);
    let owner = Owner { item: ITEM, uscc: entered.uscc, identity: &identity };
    let plain = String::from_utf8_lossy(&to_vec(&json!({ FIELD: entered.identity_number }))).into_owned();
    let sealed = match keys.filter(|_| !entered.identity_number.is_empty()) {
        Some(keys) => {
            secret::bind_index(change.connection, &keys.index_id())?;
            let sealed = field::seal(keys, change.chance, owner, &plain, &[FIELD])?;
            sealed.map(|(text, secrets)| (text, secrets.key, mark_of(keys, entered)))
        }
        None => None,
    };
    let masked = sealed.as_ref().map(|_| mask(entered.identity_number));
    change.connection.execute(
        "insert into officer_person(uscc, number, name, masked, sealed, key, mark, salt)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            entered.uscc,
            entered.number,
            entered.name,
            masked.as_deref(),
            sealed.as_ref().map(|(text, ..)| text.as_str()),
            sealed.as_ref().map(|(_, key, _)| &key.0),
            sealed.as_ref().map(|(.., mark)| mark),
            &entered.salt
        ],
    )?;
    Ok(())
}

/// A number as people may see it: its first two and last two characters.
fn mask(number: &str) -> String {
    let count = number.chars().count();
    number.chars().enumerate().map(|(at, c)| if at < 2 || at + 2 >= count { c } else { '*' }).collect()
}

fn read(row: &Row<'_>) -> Result<Person> {
    let text = |at: usize| Ok::<_, StoreError>(row.opt_text(at)?.map(str::to_owned));
    Ok(Person {
        uscc: row.string(0)?,
        number: row.string(1)?,
        name: text(2)?,
        masked: text(3)?,
        sealed: text(4)?,
        key: row.opt_array(5)?.map(KeyId),
        mark: row.opt_array(6)?,
        salt: row.opt_array(7)?,
    })
}

macro_rules! select {
    ($rest:literal) => {
        concat!("select uscc, number, name, masked, sealed, key, mark, salt from officer_person ", $rest)
    };
}

/// The person of a term of office, for whoever may see the term.
///
/// # Errors
/// Whatever the database says.
pub fn of_term(connection: &mut Connection, uscc: &str, number: &str) -> Result<Option<Person>> {
    connection.first(select!("where uscc = $1 and number = $2"), values![uscc, number], read)
}

/// Every person: for whoever verifies.
///
/// # Errors
/// Whatever the database says.
pub fn all(connection: &mut Connection) -> Result<Vec<Person>> {
    connection.rows(select!("order by uscc, number"), &[], read)
}

/// Empties the row of a person, inside the act that erases it.
///
/// # Errors
/// Whatever the database says.
pub fn erase(connection: &mut Connection, uscc: &str, number: &str) -> Result<()> {
    connection.execute(
        "update officer_person set name = null, masked = null, sealed = null, key = null, mark = null, salt = null
         where uscc = $1 and number = $2",
        values![uscc, number],
    )?;
    Ok(())
}

/// How many numbers each key has sealed here.
///
/// # Errors
/// Whatever the database says.
pub fn sealed_by_key(connection: &mut Connection) -> Result<Vec<(KeyId, u64)>> {
    connection.rows(
        "select key, count(*) from officer_person where key is not null group by key order by key",
        &[],
        |row| Ok((KeyId(row.array(0)?), row.int(1)?.unsigned_abs())),
    )
}

/// Seals up to `most` numbers anew with the active key and gives how many; 0 when none is left. Call inside a change.
///
/// # Errors
/// As for contents of records.
pub fn reseal(change: &mut Change<'_>, keys: &Keys, most: u32) -> Result<usize> {
    let Some(active) = keys.active() else { return Err(StoreError::KeysGone) };
    let waiting = change.connection.rows(
        select!("where key is not null and key <> $1 order by uscc, number limit $2"),
        values![&active.0, i64::from(most)],
        read,
    )?;
    for person in &waiting {
        let identity = identity_of(&person.number);
        let owner = Owner { item: ITEM, uscc: &person.uscc, identity: &identity };
        let kept = person.sealed.as_deref().unwrap_or_default();
        let (plain, _) = field::open(keys, owner, kept)?;
        let Some((sealed, secrets)) = field::seal(keys, change.chance, owner, &plain, &[FIELD])? else { continue };
        change.connection.execute(
            "update officer_person set sealed = $3, key = $4 where uscc = $1 and number = $2",
            values![person.uscc.as_str(), person.number.as_str(), sealed.as_str(), &secrets.key.0],
        )?;
    }
    Ok(waiting.len())
}
