//! New versions that people make of records that stand: release, redaction, withdrawal, replacement. What arrives in files
//! is [`crate::arrival`].
//!
//! A version keeps the batch from which its content comes: the act that makes it names that batch. So a batch finds again
//! whatever came of it, whoever has looked at it since.

use crate::arrival::{Dates, other_digest};
use crate::body::Body;
use crate::bulk;
use crate::bulk::version::{self, NewVersion};
use crate::change::{CHUNK_ROWS, Change};
use crate::connection::Connection;
use crate::counter::{self, Publicity};
use crate::record::{self, Stored};
use crate::scope::View;
use crate::secret::{self, Secrets};
use crate::{Result, StoreError, values};
use credence_domain::record::{Identity, State};
use credence_domain::subject::Uscc;
use sha2::{Digest, Sha256};

/// Organisation and identity of a record.
pub type RecordKey = (String, Identity);

/// What a new version says.
#[derive(Clone, Debug)]
pub struct Revision<'a> {
    /// Owner.
    pub source: &'a str,
    /// Deciding authority.
    pub authority: &'a str,
    /// Area of the authority, else of the owner, on the day of decision.
    pub authority_area: &'a str,
    /// Area that the content registers the organisation in; none for other items and while it waits.
    pub registers_in: Option<&'a str>,
    /// Day of decision.
    pub decided_on: i32,
    /// State.
    pub state: State,
    /// Why publicity waits, or why it is withdrawn.
    pub hold: &'a str,
    /// Clocks.
    pub dates: &'a Dates,
    /// First public day of the standing publicity.
    pub from_on: Option<i32>,
    /// Both halves, plain.
    pub body: &'a Body,
    /// The same as it is kept: packed, with its numbers sealed.
    pub packed: &'a [u8],
    /// What is sealed in it.
    pub secrets: Option<&'a Secrets>,
}

/// A record as it stands, with its organisation's file locked until the change ends. Call in the order of codes.
///
/// # Errors
/// Whatever the database says.
pub fn lock(change: &mut Change<'_>, view: &View, key: &RecordKey) -> Result<Option<Stored>> {
    change.connection.execute("update subject set due = 1 where uscc = $1", values![key.0.as_str()])?;
    record::find(change.connection, view, &key.0, &key.1)
}

/// Makes a new version of a record that [`lock`] has read.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn revise(change: &mut Change<'_>, standing: &Stored, revision: &Revision<'_>) -> Result<()> {
    let uscc = standing.uscc.as_str();
    let seq = next_number(change, uscc)?;
    let state = revision.state.code();
    let public = Sha256::digest(revision.body.public.as_bytes()).into();
    let other = other_digest(&revision.body.other_content, revision.hold, revision.source, state);
    let sealed = change.seal(uscc, seq, &public, &other)?;
    let dates = revision.dates;
    let before = Publicity { state: &standing.state, from_on: standing.from_on, through_on: standing.through_on };
    let after = Publicity { state, from_on: revision.from_on, through_on: dates.through_on };
    counter::moved(change, &standing.item, Some(before), after);
    bulk::insert_contents(change.connection, &[(sealed.at, uscc, revision.packed.into())])?;
    let no_code = |error| StoreError::Inconsistent(format!("a record of {uscc}: {error}"));
    let new = NewVersion {
        uscc: Uscc::parse(uscc).map_err(no_code)?,
        identity: standing.identity,
        source: revision.source,
        authority: revision.authority,
        decided_on: revision.decided_on,
        state,
        hold: revision.hold.to_owned(),
        dates: dates.clone(),
        published_on: standing.published_on.or(revision.from_on),
        from_on: revision.from_on,
        seq,
        sealed,
        authority_area: revision.authority_area,
        registered_area: match (standing.registered_area.as_str(), revision.registers_in) {
            ("", Some(area)) => area.to_owned(),
            ("", None) => present_area(change.connection, uscc)?,
            (kept, _) => kept.to_owned(),
        },
    };
    let (key, at) = ((new.uscc, new.identity), new.sealed.at);
    version::supersede(change.connection, &[new], change.now)?;
    secret::forget(change.connection, &[key])?;
    let kept = revision.secrets.map(|secrets| secret::Kept { uscc: key.0, identity: key.1, at, secrets });
    secret::keep(change.connection, kept.as_slice())
}

fn present_area(connection: &mut Connection, uscc: &str) -> Result<String> {
    let found = connection.first("select area from subject where uscc = $1", values![uscc], |row| row.string(0))?;
    Ok(found.unwrap_or_default())
}

/// The next number of an organisation's file.
pub(crate) fn next_number(change: &mut Change<'_>, uscc: &str) -> Result<i64> {
    change.connection.execute("update subject set seq = seq + 1, due = 1 where uscc = $1", values![uscc])?;
    change
        .connection
        .first("select seq from subject where uscc = $1", values![uscc], |row| row.int(0))?
        .ok_or_else(|| StoreError::Inconsistent(format!("organisation {uscc} has records and no file")))
}

/// Where a version comes from: its act's kind, the batch of its content, and what its header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Kind of the act.
    pub kind: String,
    /// The batch.
    pub batch: Option<[u8; 16]>,
    /// The batch's state; empty without a batch.
    pub batch_state: String,
    /// Canonical header of the act.
    pub header: String,
}

/// The origin of the version whose content stands at `at`.
///
/// # Errors
/// [`StoreError::Inconsistent`] when its act is missing.
pub fn origin(connection: &mut Connection, at: i64) -> Result<Origin> {
    let (chunk, _) = record::place(at);
    connection
        .first(
            "select a.kind, a.batch, coalesce(b.state, ''), a.header from chunk c
             join act a on a.uscc = c.uscc and a.id = c.act left join batch b on b.id = a.batch where c.no = $1",
            values![chunk],
            |row| {
                Ok(Origin {
                    kind: row.string(0)?,
                    batch: row.opt_array(1)?,
                    batch_state: row.string(2)?,
                    header: row.string(3)?,
                })
            },
        )?
        .ok_or_else(|| StoreError::Inconsistent(format!("chunk {chunk} or its act is missing")))
}

/// Chunks that hold content of a batch, in their order.
///
/// # Errors
/// Whatever the database says.
pub fn chunks_of(connection: &mut Connection, batch: &[u8; 16]) -> Result<Vec<i64>> {
    connection.rows(
        "select c.no from act a join chunk c on c.act = a.id and c.uscc = a.uscc where a.batch = $1 order by c.no",
        values![batch],
        |row| row.int(0),
    )
}

/// Records of which a version, standing or superseded, was made in a chunk; in order of (code, identity).
///
/// # Errors
/// Whatever the database says.
pub fn records_of(connection: &mut Connection, chunk: i64) -> Result<Vec<RecordKey>> {
    let first = chunk * CHUNK_ROWS as i64;
    connection.rows(
        "select r.uscc, r.identity from (select distinct uscc from record_content where at >= $1 and at < $2) c
         join record r on r.uscc = c.uscc where r.at >= $1 and r.at < $2
         union
         select v.uscc, v.identity from (select distinct uscc from record_content where at >= $1 and at < $2) c
         join record_version v on v.uscc = c.uscc where v.at >= $1 and v.at < $2
         order by 1, 2",
        values![first, first + CHUNK_ROWS as i64],
        |row| Ok((row.string(0)?, Identity(row.array(1)?))),
    )
}

/// The places at which versions of a record stand, the standing one among them, whoever asks.
///
/// # Errors
/// Whatever the database says.
pub fn places(connection: &mut Connection, key: &RecordKey) -> Result<Vec<i64>> {
    connection.rows(
        "select at from record where uscc = $1 and identity = $2
         union all select at from record_version where uscc = $1 and identity = $2 order by 1",
        values![key.0.as_str(), &key.1.0],
        |row| row.int(0),
    )
}

/// A version that was superseded.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Its number among the record's versions.
    pub version: i32,
    /// Owner then.
    pub source: String,
    /// State then.
    pub state: String,
    /// Hold then.
    pub hold: String,
    /// First public day then.
    pub from_on: Option<i32>,
    /// Where its content stands.
    pub at: i64,
    /// Packed content; none when erased.
    pub packed: Option<Vec<u8>>,
}

/// The superseded versions of a record, latest first: for whoever the record belongs to. What is public of a record is its
/// standing version alone.
///
/// # Errors
/// Whatever the database says.
pub fn earlier(connection: &mut Connection, view: &View, key: &RecordKey) -> Result<Vec<Earlier>> {
    connection.rows(
        concat!(
            "select v.version, v.source, v.state, v.hold, v.from_on, v.at, c.body from record_version v
             join record r on r.uscc = v.uscc and r.identity = v.identity
             left join record_content c on c.at = v.at and c.uscc = v.uscc
             where v.uscc = $1 and v.identity = $2 and ($3 = 1 or ",
            theirs!("$3", "$4", "$5", "$6"),
            ") order by v.version desc"
        ),
        values![key.0.as_str(), &key.1.0, view.kind(), view.lasts_to(), view.words(), view.areas()],
        |row| {
            Ok(Earlier {
                version: row.opt_small(0)?.unwrap_or_default(),
                source: row.string(1)?,
                state: row.string(2)?,
                hold: row.string(3)?,
                from_on: row.opt_small(4)?,
                at: row.int(5)?,
                packed: row.opt_blob(6)?.map(<[u8]>::to_vec),
            })
        },
    )
}
