//! Reading records under a scope. Writing them is [`crate::arrival`] and [`crate::change`].

use crate::body::{Body, Parts, Unpacker};
use crate::change::CHUNK_ROWS;
use crate::connection::{Connection, Row};
use crate::scope::{Seen, View, is_public};
use crate::secret::Owner;
use crate::{Result, StoreError, values};
use credence_domain::record::Identity;

/// A record as it is stored, with its content.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The organisation.
    pub uscc: String,
    /// Its identity.
    pub identity: Identity,
    /// The public reference: random, says nothing.
    pub reference: [u8; 16],
    /// Item.
    pub item: String,
    /// Owner.
    pub source: String,
    /// Deciding authority.
    pub authority: String,
    /// Day of decision.
    pub decided_on: i32,
    /// Stored state.
    pub state: String,
    /// Why publicity waits.
    pub hold: String,
    /// Class of misconduct.
    pub class: String,
    /// Stated by the authority.
    pub class_stated: bool,
    /// Rule pack.
    pub pack: String,
    /// Earliest deadline.
    pub due_on: Option<i32>,
    /// Legal deadline.
    pub due_by_law_on: Option<i32>,
    /// Beyond the published calendar.
    pub due_provisional: bool,
    /// First day on which it was ever public.
    pub published_on: Option<i32>,
    /// First public day of the standing publicity.
    pub from_on: Option<i32>,
    /// Last public day.
    pub through_on: Option<i32>,
    /// First day for repair.
    pub repair_from_on: Option<i32>,
    /// Version.
    pub version: i32,
    /// Number in the organisation's file.
    pub seq: i64,
    /// Where its content stands.
    pub at: i64,
    /// Salt of the commitment.
    pub salt: Option<[u8; 16]>,
    /// Salt of the hidden half.
    pub salt2: Option<[u8; 16]>,
    /// The commitment.
    pub commitment: [u8; 32],
    /// Area of the authority (else of the owner) on the day of decision; empty where it is not known.
    pub authority_area: String,
    /// Area of registration when the fact was received; empty where it was not known.
    pub registered_area: String,
    /// Packed content; none when erased.
    pub packed: Option<Vec<u8>>,
}

impl Stored {
    /// What the rule of scopes looks at; `present_area` is where the organisation is registered now.
    #[must_use]
    pub fn seen<'r>(&'r self, present_area: &'r str) -> Seen<'r> {
        Seen {
            uscc: &self.uscc,
            source: &self.source,
            authority: &self.authority,
            authority_area: &self.authority_area,
            registered_area: &self.registered_area,
            present_area,
            state: &self.state,
            from_on: self.from_on,
            through_on: self.through_on,
        }
    }

    /// Public on the view's day.
    #[must_use]
    pub fn is_public_on(&self, day: i32) -> bool {
        is_public(&self.state, self.from_on, self.through_on, day)
    }

    /// Whom sealed numbers in its content belong to.
    #[must_use]
    pub fn owner(&self) -> Owner<'_> {
        Owner { item: &self.item, uscc: &self.uscc, identity: &self.identity }
    }

    /// Unpacks the content; its numbers stay sealed.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when it is damaged.
    pub fn body(&self, unpacker: &mut Unpacker) -> Result<Option<Body>> {
        self.packed.as_deref().map(|packed| unpacker.unpack(packed)).transpose()
    }

    /// Unpacks the content into the unpacker's own room.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when it is damaged.
    pub fn parts<'u>(&self, unpacker: &'u mut Unpacker) -> Result<Option<Parts<'u>>> {
        self.packed.as_deref().map(|packed| unpacker.parts(packed)).transpose()
    }
}

/// The columns of a record `r` with its content `c`, in the order of [`read`].
macro_rules! selected {
    () => {
        concat!(
            "r.uscc, r.identity, r.reference, r.item, r.source, r.authority, r.decided_on, r.state, r.hold, ",
            "r.class, r.class_stated, r.pack, r.due_on, r.due_by_law_on, r.due_provisional, r.published_on, ",
            "r.from_on, r.through_on, r.repair_from_on, r.version, r.seq, r.at, r.salt, r.salt2, r.commitment, ",
            "r.authority_area, r.registered_area, c.body"
        )
    };
}

/// How many columns that are.
pub(crate) const SELECTED: usize = 28;

macro_rules! select {
    ($($rest:expr),+) => {
        concat!(
            "select ",
            selected!(),
            " from record r left join record_content c on c.at = r.at and c.uscc = r.uscc ",
            $($rest),+
        )
    };
}

pub(crate) fn read(row: &Row<'_>) -> Result<Stored> {
    Ok(Stored {
        uscc: row.string(0)?,
        identity: Identity(row.array(1)?),
        reference: row.array(2)?,
        item: row.string(3)?,
        source: row.string(4)?,
        authority: row.string(5)?,
        decided_on: i32::try_from(row.int(6)?).unwrap_or_default(),
        state: row.string(7)?,
        hold: row.string(8)?,
        class: row.string(9)?,
        class_stated: row.int(10)? != 0,
        pack: row.string(11)?,
        due_on: row.opt_small(12)?,
        due_by_law_on: row.opt_small(13)?,
        due_provisional: row.int(14)? != 0,
        published_on: row.opt_small(15)?,
        from_on: row.opt_small(16)?,
        through_on: row.opt_small(17)?,
        repair_from_on: row.opt_small(18)?,
        version: i32::try_from(row.int(19)?).unwrap_or_default(),
        seq: row.int(20)?,
        at: row.int(21)?,
        salt: row.opt_array(22)?,
        salt2: row.opt_array(23)?,
        commitment: row.array(24)?,
        authority_area: row.string(25)?,
        registered_area: row.string(26)?,
        packed: row.opt_blob(27)?.map(<[u8]>::to_vec),
    })
}

/// The same for the public and the office, and for others: see [`View::choose`].
macro_rules! by_key {
    ($which:literal, $words:literal, $areas:literal, $order:literal) => {
        [
            select!($which, standing!("$2", "$3", "$4"), $order),
            select!($which, visible!("$2", "$3", "$4", $words, $areas), $order),
        ]
    };
}

const OF_ORGANISATION: [&str; 2] =
    by_key!("where r.uscc = $1 and ", "$5", "$6", " order by r.decided_on desc, r.identity");
const OF_ITEM: [&str; 2] =
    by_key!("where r.uscc = $1 and r.item = $5 and ", "$6", "$7", " order by r.decided_on desc, r.identity");
const ONE: [&str; 2] = by_key!("where r.uscc = $1 and r.identity = $5 and ", "$6", "$7", "");

/// Every record in a stored state, in order of (code, identity): for whoever verifies.
///
/// # Errors
/// Whatever the database says.
pub fn in_state(connection: &mut Connection, state: &str) -> Result<Vec<(String, Identity)>> {
    connection.rows(
        "select uscc, identity from record where state = $1 order by uscc, identity",
        values![state],
        |row| Ok((row.string(0)?, Identity(row.array(1)?))),
    )
}

/// The records of an organisation that the view may see, newest decision first.
///
/// # Errors
/// Whatever the database says.
pub fn of_organisation(connection: &mut Connection, view: &View, uscc: &str) -> Result<Vec<Stored>> {
    let asked = values![uscc, view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas()];
    let (sql, asked) = view.choose(OF_ORGANISATION, asked);
    connection.rows(sql, asked, read)
}

/// The records of one item of an organisation that the view may see, newest decision first.
///
/// # Errors
/// Whatever the database says.
pub fn of_item(connection: &mut Connection, view: &View, uscc: &str, item: &str) -> Result<Vec<Stored>> {
    let asked = values![uscc, view.kind(), view.begun_by(), view.lasts_to(), item, view.words(), view.areas()];
    let (sql, asked) = view.choose(OF_ITEM, asked);
    connection.rows(sql, asked, read)
}

/// The packed content that stands at a place, of whatever version; nothing when it was erased. For the office only.
///
/// # Errors
/// Whatever the database says.
pub fn packed_at(connection: &mut Connection, at: i64) -> Result<Option<Vec<u8>>> {
    let found = connection.first("select body from record_content where at = $1", values![at], |row| {
        Ok(row.opt_blob(0)?.map(<[u8]>::to_vec))
    })?;
    Ok(found.flatten())
}

/// The civil day on which the version at a place was written (Asia/Shanghai).
#[must_use]
pub fn made_on(at: i64) -> Option<jiff::civil::Date> {
    Some(crate::clock::civil_date(crate::change::chunk_instant(at.div_euclid(CHUNK_ROWS as i64))))
}

/// One record, if the view may see it.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, view: &View, uscc: &str, identity: &Identity) -> Result<Option<Stored>> {
    let asked = values![uscc, view.kind(), view.begun_by(), view.lasts_to(), &identity.0, view.words(), view.areas()];
    let (sql, asked) = view.choose(ONE, asked);
    connection.first(sql, asked, read)
}

/// Records whose publicity waits, as far as the view may see them, in order of (code, identity).
///
/// # Errors
/// Whatever the database says.
pub fn held(connection: &mut Connection, view: &View) -> Result<Vec<Stored>> {
    connection.rows(
        select!("where r.state = 'held' and ", visible!("$1", "$2", "$3", "$4", "$5"), " order by r.uscc, r.identity"),
        values![view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas()],
        read,
    )
}

/// Of the same, those that must be public first, at most so many.
///
/// # Errors
/// Whatever the database says.
pub fn held_first(connection: &mut Connection, view: &View, limit: u32) -> Result<Vec<Stored>> {
    connection.rows(
        select!(
            "where r.state = 'held' and ",
            visible!("$1", "$2", "$3", "$4", "$5"),
            " order by coalesce(r.due_on, 2147483647), r.uscc, r.identity limit $6"
        ),
        values![view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas(), i64::from(limit)],
        read,
    )
}

/// Of the same, the one with a public reference.
///
/// # Errors
/// Whatever the database says.
pub fn held_of_reference(connection: &mut Connection, view: &View, reference: &[u8; 16]) -> Result<Option<Stored>> {
    connection.first(
        select!("where r.state = 'held' and r.reference = $6 and ", visible!("$1", "$2", "$3", "$4", "$5")),
        values![view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas(), reference],
        read,
    )
}

/// A page of what is held, in order of (code, identity), behind a place; with one reason where it is given.
///
/// # Errors
/// Whatever the database says.
pub fn held_after(
    connection: &mut Connection,
    view: &View,
    (uscc, identity): (&str, &[u8]),
    hold: &str,
    limit: u32,
) -> Result<Vec<Stored>> {
    connection.rows(
        select!(
            "where r.state = 'held' and ",
            visible!("$1", "$2", "$3", "$4", "$5"),
            " and (r.uscc > $6 or (r.uscc = $6 and r.identity > $7)) and ($8 = '' or r.hold = $8)
              order by r.uscc, r.identity limit $9"
        ),
        values![
            view.kind(),
            view.begun_by(),
            view.lasts_to(),
            view.words(),
            view.areas(),
            uscc,
            identity,
            hold,
            i64::from(limit)
        ],
        read,
    )
}

/// The record of an organisation with a public reference, if the view may see it.
///
/// # Errors
/// Whatever the database says.
pub fn of_reference(
    connection: &mut Connection,
    view: &View,
    uscc: &str,
    reference: &[u8; 16],
) -> Result<Option<Stored>> {
    connection.first(
        select!("where r.uscc = $6 and r.reference = $7 and ", visible!("$1", "$2", "$3", "$4", "$5")),
        values![view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas(), uscc, reference],
        read,
    )
}

/// The record with a public reference, if the view may see it: it looks through the register.
///
/// # Errors
/// Whatever the database says.
pub fn by_reference(connection: &mut Connection, view: &View, reference: &[u8; 16]) -> Result<Option<Stored>> {
    connection.first(
        select!("where r.reference = $1 and ", visible!("$2", "$3", "$4", "$5", "$6")),
        values![reference, view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas()],
        read,
    )
}

/// How many records of each item the view may see, in order of items.
///
/// # Errors
/// Whatever the database says.
pub fn count_by_item(connection: &mut Connection, view: &View) -> Result<Vec<(String, u64)>> {
    connection.rows(
        concat!(
            "select r.item, count(*) from record r where ",
            visible!("$1", "$2", "$3", "$4", "$5"),
            " group by r.item order by r.item"
        ),
        values![view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas()],
        |row| Ok((row.string(0)?, row.int(1)?.unsigned_abs())),
    )
}

/// Hands on every record of the register in order of (code, identity): verification, digests, evaluation of all.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each(connection: &mut Connection, view: &View, mut look: impl FnMut(Stored) -> Result<()>) -> Result<()> {
    connection.each(
        select!("where ", visible!("$1", "$2", "$3", "$4", "$5"), " order by r.uscc, r.identity"),
        values![view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas()],
        |row| look(read(row)?),
    )
}

/// The next records of the register behind a key, in order of (code, identity), under any state: for verification.
pub(crate) fn after(connection: &mut Connection, uscc: &str, identity: &[u8], limit: i64) -> Result<Vec<Stored>> {
    connection.rows(
        select!("where (r.uscc, r.identity) > ($1, $2) order by r.uscc, r.identity limit $3"),
        values![uscc, identity, limit],
        read,
    )
}

/// Units that sent the same content after the owner, in order of their codes.
///
/// # Errors
/// Whatever the database says.
pub fn more_sources(connection: &mut Connection, uscc: &str) -> Result<Vec<(Identity, String)>> {
    connection.rows(
        "select identity, source from record_source where uscc = $1 order by identity, source",
        values![uscc],
        |row| Ok((Identity(row.array(0)?), row.string(1)?)),
    )
}

/// An act as its chunk knows it: what a proof needs once a chunk.
#[derive(Clone, Debug)]
pub struct ChunkAct {
    /// The act.
    pub act: [u8; 16],
    /// The hash of the act's header: leaf 0.
    pub header_leaf: [u8; 32],
    /// Commitments of the act.
    pub commitments: Vec<[u8; 32]>,
}

/// Number of the chunk and position in it of what stands at `at`; position + 1 is the leaf in the act's tree.
#[must_use]
pub fn place(at: i64) -> (i64, usize) {
    let position = at.rem_euclid(CHUNK_ROWS as i64);
    (at.div_euclid(CHUNK_ROWS as i64), usize::try_from(position).unwrap_or_default())
}

/// The act that made a chunk, with all its commitments.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the chunk or act is missing.
pub fn chunk_act(connection: &mut Connection, chunk: i64) -> Result<ChunkAct> {
    connection
        .first(
            "select c.act, c.commitments, a.salt, a.header, a.leaf from chunk c join act a on a.uscc = c.uscc and a.id = c.act
             where c.no = $1",
            values![chunk],
            |row| {
                let salt = row.array(2)?;
                let kept = row.opt_array(4)?;
                let header = row.text(3)?;
                Ok(ChunkAct {
                    act: row.array(0)?,
                    commitments: row.blob(1)?.chunks_exact(32).filter_map(|c| c.try_into().ok()).collect(),
                    header_leaf: kept.unwrap_or_else(|| credence_ledger::header_leaf(&salt, header.as_bytes())),
                })
            },
        )?
        .ok_or_else(|| StoreError::Inconsistent(format!("chunk {chunk} or its act is missing")))
}

/// Some commitments of a chunk: `count` from position `first` on, fewer at its end.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the chunk is missing.
pub fn commitments(connection: &mut Connection, chunk: i64, first: usize, count: usize) -> Result<Vec<[u8; 32]>> {
    let bytes = |n: usize| i64::try_from(n * 32).unwrap_or(i64::MAX);
    connection
        .first(
            "select substr(commitments, $2, $3) from chunk where no = $1",
            values![chunk, bytes(first) + 1, bytes(count)],
            |row| Ok(row.blob(0)?.chunks_exact(32).filter_map(|c| c.try_into().ok()).collect()),
        )?
        .ok_or_else(|| StoreError::Inconsistent(format!("chunk {chunk} is missing")))
}
