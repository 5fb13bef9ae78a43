//! Papers as files (附件): one a content and organisation, the content sealed like the number of a paper (`crate::secret`), for it may
//! hold a copy of one; and which cases cite it. Which files are taken is `domain::paper`; who may read one, `app`'s.
//!
//! A file is bound to its organisation, digest, media type and name: whatever of them is changed, it opens no more. It is part of no
//! record: its digest stands in the step that cites it, which is committed to, and goes nowhere else.

use crate::change::Change;
use crate::clock::Chance;
use crate::connection::{Connection, Row};
use crate::secret::{self, KeyId, Keys};
use crate::{Result, StoreError, values};
use credence_domain::canonical::hex;
use credence_domain::record::Identity;
use sha2::{Digest as _, Sha256};

/// SHA-256 of a file.
pub type Digest = [u8; 32];

/// Files sealed anew in one transaction: they are large.
const AT_ONCE: i64 = 4;

/// What is known of a file beside its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The organisation.
    pub uscc: String,
    /// SHA-256 of its content.
    pub digest: Digest,
    /// Its media type.
    pub media_type: String,
    /// Its name.
    pub name: String,
    /// Bytes of its content.
    pub bytes: u64,
    /// Name of the account that handed it in.
    pub handed_in_by: String,
    /// For which unit; empty for the organisation itself.
    pub unit: String,
    /// When (microseconds).
    pub handed_in_at: i64,
    /// How many cases cite it.
    pub cases: i64,
}

/// A case that may cite files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// A repair.
    Repair,
    /// An objection, a complaint or a reply.
    Objection,
    /// A listing.
    Listing,
}

impl Matter {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Repair => "repair",
            Self::Objection => "objection",
            Self::Listing => "listing",
        }
    }

    fn from_code(code: &str) -> Result<Self> {
        let found = [Self::Repair, Self::Objection, Self::Listing].into_iter().find(|matter| matter.code() == code);
        found.ok_or_else(|| StoreError::Inconsistent(format!("a file is cited by {code}")))
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select uscc, digest, media_type, name, bytes, handed_in_by, unit, handed_in_at, cases from paper ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Paper> {
    Ok(Paper {
        uscc: row.string(0)?,
        digest: row.array(1)?,
        media_type: row.string(2)?,
        name: row.string(3)?,
        bytes: row.int(4)?.unsigned_abs(),
        handed_in_by: row.string(5)?,
        unit: row.string(6)?,
        handed_in_at: row.int(7)?,
        cases: row.int(8)?,
    })
}

/// What a sealed content is bound to: each part behind its length.
fn associated(uscc: &str, digest: &Digest, media_type: &str, name: &str) -> Vec<u8> {
    let mut bytes = b"credence paper 1".to_vec();
    for part in [uscc.as_bytes(), digest, media_type.as_bytes(), name.as_bytes()] {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part);
    }
    bytes
}

/// A file without its content; whoever asks.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, uscc: &str, digest: &Digest) -> Result<Option<Paper>> {
    connection.first(select!("where uscc = $1 and digest = $2"), values![uscc, digest], read)
}

/// How many files of an organisation no case cites yet.
///
/// # Errors
/// Whatever the database says.
pub fn waiting(connection: &mut Connection, uscc: &str) -> Result<u64> {
    let count = connection
        .first("select count(*) from paper where uscc = $1 and cases = 0", values![uscc], |row| row.int(0))?;
    Ok(count.unwrap_or_default().unsigned_abs())
}

/// The cases that cite a file, in order; whoever asks.
///
/// # Errors
/// Whatever the database says.
pub fn cases(connection: &mut Connection, uscc: &str, digest: &Digest) -> Result<Vec<(Matter, String)>> {
    connection.rows(
        "select matter, number from paper_case where uscc = $1 and digest = $2 order by matter, number",
        values![uscc, digest],
        |row| Ok((Matter::from_code(row.text(0)?)?, row.string(1)?)),
    )
}

/// The files that a case cites, in order of names; for whoever may see the case.
///
/// # Errors
/// Whatever the database says.
pub fn of_case(connection: &mut Connection, uscc: &str, (matter, number): (Matter, &str)) -> Result<Vec<Paper>> {
    connection.rows(
        select!(
            "where uscc = $1 and digest in (select digest from paper_case where uscc = $1 and matter = $2 and number = $3)
             order by name, digest"
        ),
        values![uscc, matter.code(), number],
        read,
    )
}

/// The content of a file; for whoever may see a case that cites it, or verifies. Nothing where it is not there.
///
/// # Errors
/// [`StoreError::KeyMissing`] where its key is not there, [`StoreError::Inconsistent`] where it was changed.
pub fn content(connection: &mut Connection, keys: &Keys, paper: &Paper) -> Result<Option<Vec<u8>>> {
    let sealed = connection.first(
        "select key, sealed from paper where uscc = $1 and digest = $2",
        values![paper.uscc.as_str(), &paper.digest],
        |row| Ok((KeyId(row.array(0)?), row.blob(1)?.to_vec())),
    )?;
    sealed.map(|(key, sealed)| open(keys, paper, key, &sealed)).transpose()
}

fn open(keys: &Keys, paper: &Paper, key: KeyId, sealed: &[u8]) -> Result<Vec<u8>> {
    let bound = associated(&paper.uscc, &paper.digest, &paper.media_type, &paper.name);
    let changed = || StoreError::Inconsistent(format!("file {} of {} was changed", hex(&paper.digest), paper.uscc));
    let plain = keys.open_bytes(key, &bound, sealed)?.ok_or_else(changed)?;
    let digest: Digest = Sha256::digest(&plain).into();
    let whole = digest == paper.digest && plain.len() as u64 == paper.bytes;
    if whole { Ok(plain) } else { Err(changed()) }
}

/// A content that was sealed before the act that keeps it began.
#[derive(Debug)]
pub struct Sealed {
    key: KeyId,
    index: KeyId,
    bytes: Vec<u8>,
}

/// Seals a content for its place.
///
/// # Errors
/// When there is no key or chance fails.
pub fn seal(keys: &Keys, chance: &mut Chance, paper: &Paper, content: &[u8]) -> Result<Sealed> {
    let bound = associated(&paper.uscc, &paper.digest, &paper.media_type, &paper.name);
    let (key, bytes) = keys.seal_bytes(chance, &bound, content)?;
    Ok(Sealed { key, index: keys.index_id(), bytes })
}

/// Keeps a file inside the act that hands it in; whoever came first stays.
///
/// # Errors
/// Whatever the database says.
pub fn keep(change: &mut Change<'_>, paper: &Paper, sealed: &Sealed) -> Result<()> {
    secret::bind_index(change.connection, &sealed.index)?;
    let now = change.now;
    change.connection.execute(
        "insert into paper(uscc, digest, media_type, name, bytes, handed_in_by, unit, handed_in_at, key, sealed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (uscc, digest) do nothing",
        values![
            paper.uscc.as_str(),
            &paper.digest,
            paper.media_type.as_str(),
            paper.name.as_str(),
            paper.bytes as i64,
            paper.handed_in_by.as_str(),
            paper.unit.as_str(),
            now,
            &sealed.key.0,
            sealed.bytes.as_slice()
        ],
    )?;
    Ok(())
}

/// A file that waits for a case waits anew, inside the act by which it is handed in again.
///
/// # Errors
/// Whatever the database says.
pub fn wait_anew(change: &mut Change<'_>, uscc: &str, digest: &Digest) -> Result<()> {
    let now = change.now;
    change.connection.execute(
        "update paper set handed_in_at = $3 where uscc = $1 and digest = $2 and cases = 0",
        values![uscc, digest, now],
    )?;
    Ok(())
}

/// Notes that a case cites files, inside the act of the step that says so. A file is held here against whoever would remove it.
///
/// # Errors
/// [`StoreError::Conflict`] where a file is gone meanwhile.
pub fn cite(change: &mut Change<'_>, uscc: &str, (matter, number): (Matter, &str), files: &[Digest]) -> Result<()> {
    for digest in files {
        let new = change.connection.execute(
            "insert into paper_case(uscc, digest, matter, number) values ($1, $2, $3, $4)
             on conflict (uscc, digest, matter, number) do nothing",
            values![uscc, digest, matter.code(), number],
        )?;
        let held = change.connection.execute(
            "update paper set cases = cases + $3 where uscc = $1 and digest = $2",
            values![uscc, digest, new as i64],
        )?;
        if held != 1 {
            return Err(StoreError::Conflict(format!("file {} is gone", hex(digest))));
        }
    }
    Ok(())
}

/// What an erasure took away of files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// Files that are there no more.
    pub files: Vec<Digest>,
    /// Cases that cite none any more.
    pub cases: Vec<(Matter, String)>,
}

/// Removes the files of the cases about a record, inside the act that erases it, but for those that a case about another record cites. A
/// listing is about its entry and about every document on which it rests.
///
/// # Errors
/// Whatever the database says.
pub fn erase(change: &mut Change<'_>, uscc: &str, identity: &Identity) -> Result<Gone> {
    let cited = change.connection.rows(
        "select digest, matter, number from paper_case p where uscc = $1 and (
           (matter = 'repair' and exists (select 1 from repair c where c.uscc = p.uscc and c.number = p.number and c.identity = $2))
           or (matter = 'objection' and exists (select 1 from objection_case c
               where c.uscc = p.uscc and c.number = p.number and c.identity = $2))
           or (matter = 'listing' and (exists (select 1 from listing_case c
                 where c.uscc = p.uscc and c.number = p.number and c.identity = $2)
               or exists (select 1 from listing_base b
                 where b.uscc = p.uscc and b.number = p.number and b.identity = $2))))
         order by digest, matter, number",
        values![uscc, &identity.0],
        |row| Ok((row.array::<32>(0)?, Matter::from_code(row.text(1)?)?, row.string(2)?)),
    )?;
    let mut gone = Gone::default();
    for (digest, matter, number) in cited {
        change.connection.execute(
            "delete from paper_case where uscc = $1 and digest = $2 and matter = $3 and number = $4",
            values![uscc, &digest, matter.code(), number.as_str()],
        )?;
        change
            .connection
            .execute("update paper set cases = cases - 1 where uscc = $1 and digest = $2", values![uscc, &digest])?;
        let removed = change
            .connection
            .execute("delete from paper where uscc = $1 and digest = $2 and cases <= 0", values![uscc, &digest])?;
        if removed > 0 {
            gone.files.push(digest);
        }
        gone.cases.push((matter, number));
    }
    gone.cases.sort();
    gone.cases.dedup();
    Ok(gone)
}

/// Counts anew the cases that cite each file of an organisation, where an older backup has forgotten some.
pub(crate) fn count_anew(connection: &mut Connection, uscc: &str) -> Result<()> {
    connection.execute(
        "update paper set cases = (select count(*) from paper_case c where c.uscc = paper.uscc and c.digest = paper.digest)
         where uscc = $1",
        values![uscc],
    )?;
    Ok(())
}

/// Files that no case cites, handed in before an instant (microseconds).
///
/// # Errors
/// Whatever the database says.
pub fn over(connection: &mut Connection, before: i64) -> Result<Vec<(String, Digest)>> {
    connection.rows(
        "select uscc, digest from paper where cases = 0 and handed_in_at < $1 order by uscc, digest",
        values![before],
        |row| Ok((row.string(0)?, row.array(1)?)),
    )
}

/// Removes those of them that still wait, inside the act that says how many; gives which.
///
/// # Errors
/// Whatever the database says.
pub fn remove_over(change: &mut Change<'_>, before: i64) -> Result<Vec<(String, Digest)>> {
    let mut removed = over(change.connection, before)?;
    let mut kept = Vec::new();
    for (uscc, digest) in &removed {
        let gone = change.connection.execute(
            "delete from paper where uscc = $1 and digest = $2 and cases = 0 and handed_in_at < $3",
            values![uscc.as_str(), digest, before],
        )?;
        if gone == 0 {
            kept.push((uscc.clone(), *digest));
        }
    }
    removed.retain(|one| !kept.contains(one));
    Ok(removed)
}

/// Every file without its content, in order of organisation and digest: for whoever verifies.
///
/// # Errors
/// Whatever the database says.
pub fn all(connection: &mut Connection) -> Result<Vec<Paper>> {
    connection.rows(select!("order by uscc, digest"), &[], read)
}

/// Every citation, in order: for whoever verifies.
///
/// # Errors
/// Whatever the database says.
pub fn citations(connection: &mut Connection) -> Result<Vec<(String, Digest, Matter, String)>> {
    connection.rows(
        "select uscc, digest, matter, number from paper_case order by uscc, digest, matter, number",
        &[],
        |row| Ok((row.string(0)?, row.array(1)?, Matter::from_code(row.text(2)?)?, row.string(3)?)),
    )
}

/// How many files each key has sealed.
///
/// # Errors
/// Whatever the database says.
pub(crate) fn sealed_by_key(connection: &mut Connection) -> Result<Vec<(KeyId, u64)>> {
    connection.rows("select key, count(*) from paper group by key order by key", &[], |row| {
        Ok((KeyId(row.array(0)?), row.int(1)?.unsigned_abs()))
    })
}

/// Seals some files anew with the active key and gives how many; 0 when none is left. Call inside a change.
///
/// # Errors
/// As for contents of records.
pub(crate) fn reseal(change: &mut Change<'_>, keys: &Keys) -> Result<usize> {
    let Some(active) = keys.active() else { return Err(StoreError::KeysGone) };
    let waiting = change.connection.rows(
        select!("where key <> $1 order by uscc, digest limit $2"),
        values![&active.0, AT_ONCE],
        read,
    )?;
    for paper in &waiting {
        let Some(plain) = content(change.connection, keys, paper)? else { continue };
        let sealed = seal(keys, change.chance, paper, &plain)?;
        change.connection.execute(
            "update paper set key = $3, sealed = $4 where uscc = $1 and digest = $2",
            values![paper.uscc.as_str(), &paper.digest, &sealed.key.0, sealed.bytes.as_slice()],
        )?;
    }
    Ok(waiting.len())
}
