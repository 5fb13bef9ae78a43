//! The change stream (变更流): what acts changed, by the order of the log, and what ended by its date.
//!
//! Nothing is kept for it. A leaf of the log leads to its act, the act to its chunk, the chunk to the organisations whose
//! content stands in it, and their records say which of them were made there. What is told of a record that the view may
//! not see is its opaque reference, for whoever may have been told of it before, and nothing else.

use crate::change::CHUNK_ROWS;
use crate::connection::{Connection, Row};
use crate::mark;
use crate::scope::View;
use crate::{Result, values};
use credence_domain::record::Identity;

/// A place of the log with its act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its position.
    pub position: i64,
    /// The act.
    pub act: [u8; 16],
    /// Instant of the act.
    pub at: i64,
    /// Kind of the act: `import`, `review`, `withdrawal`, ….
    pub kind: String,
    /// Chunk of the act's contents; none where it changed no record.
    pub chunk: Option<i64>,
}

fn leaf(row: &Row<'_>) -> Result<Leaf> {
    Ok(Leaf {
        position: row.int(0)?,
        act: row.array(1)?,
        at: row.opt_int(2)?.unwrap_or_default(),
        kind: row.opt_text(3)?.unwrap_or_default().to_owned(),
        chunk: row.opt_int(4)?,
    })
}

macro_rules! leaves {
    ($which:literal) => {
        concat!(
            "select l.position, l.act, a.at, a.kind, c.no from log_leaf l
             left join act a on a.uscc = l.uscc and a.id = l.act
             left join chunk c on c.act = l.act and c.uscc = l.uscc where ",
            $which
        )
    };
}

/// Leaves behind a position up to another, both given as last read and last wanted; at most `limit`, in order.
///
/// # Errors
/// Whatever the database says.
pub fn leaves(connection: &mut Connection, after: i64, until: i64, limit: usize) -> Result<Vec<Leaf>> {
    connection.rows(
        leaves!("l.position > $1 and l.position <= $2 order by l.position limit $3"),
        values![after, until, i64::try_from(limit).unwrap_or(i64::MAX)],
        leaf,
    )
}

/// One leaf, if the log reaches it.
///
/// # Errors
/// Whatever the database says.
pub fn leaf_at(connection: &mut Connection, position: i64) -> Result<Option<Leaf>> {
    connection.first(leaves!("l.position = $1"), values![position], leaf)
}

/// Where an act stands in the log, if it has its place.
///
/// # Errors
/// Whatever the database says.
pub fn position_of(connection: &mut Connection, act: &[u8; 16]) -> Result<Option<i64>> {
    connection.first("select position from log_leaf where act = $1", values![act], |row| row.int(0))
}

/// A record that an act left as it stands now, and that the view is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The organisation.
    pub uscc: String,
    /// Its identity.
    pub identity: Identity,
    /// The public reference.
    pub reference: [u8; 16],
    /// Item.
    pub item: String,
    /// Version.
    pub version: i32,
    /// The commitment.
    pub commitment: [u8; 32],
    /// Area of the authority (else of the owner) on the day of decision.
    pub authority_area: String,
    /// Area of registration when the fact was received.
    pub registered_area: String,
    /// Packed content; none when erased.
    pub packed: Option<Vec<u8>>,
    /// Kinds of the marks that stand beside it.
    pub marks: Vec<String>,
}

/// What an act left of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touched {
    /// It is shown.
    Shown(Box<Shown>),
    /// It is not shown; `first` is the first place of the log at which it was public, none where it never was.
    Gone {
        /// The public reference.
        reference: [u8; 16],
        /// Item.
        item: String,
        /// The first place of the log at which it was public.
        first: Option<i64>,
    },
}

/// The first place of the log at which a record `r` was public: none where it never was. Of an erased one nothing says any more
/// whether it was: there it is the first place at which it stood.
macro_rules! first_public {
    () => {
        "(select min(fl.position) from (
            select v.at from record_version v where v.uscc = r.uscc and v.identity = r.identity
              and v.from_on is not null and v.state = 'accepted'
            union all select e.at from record_erased_change e where e.uscc = r.uscc and e.identity = r.identity
            union all select r.at where r.state = 'erased' or (r.from_on is not null and r.state = 'accepted')) fv
          join chunk fc on fc.no = fv.at / 4096 join log_leaf fl on fl.act = fc.act)"
    };
}

/// Whether the standing version of a record `r` was made between `$1` and `$2`, or the last mark beside it was set or ended
/// there, where that came later; or its content was erased there.
macro_rules! made_there {
    () => {
        "((coalesce((select max(m.at) from record_mark m where m.uscc = r.uscc and m.identity = r.identity
              and m.at > r.at and r.state = 'accepted'), r.at) >= $1
           and coalesce((select max(m.at) from record_mark m where m.uscc = r.uscc and m.identity = r.identity
              and m.at > r.at and r.state = 'accepted'), r.at) < $2) or (r.state = 'erased' and exists (select 1 from record_erased w
            where w.uscc = r.uscc and w.identity = r.identity and w.at >= $1 and w.at < $2)))"
    };
}

/// A statement over what a chunk touched: for the public and the office, and for others (see [`View::choose`]).
macro_rules! touched {
    ($seen:expr) => {
        concat!(
            "select r.uscc, r.identity, r.reference, r.item, r.version, r.commitment, r.authority_area,
                    r.registered_area, c.body, case when ",
            $seen,
            " then 1 else 0 end, case when ",
            $seen,
            " then null else ",
            first_public!(),
            " end, case when exists(select 1 from record_mark m where m.uscc = r.uscc) then 1 else 0 end
             from (select uscc from record_content where at >= $1 and at < $2
                   union select uscc from chunk where no = $1 / 4096) k
             join record r on r.uscc = k.uscc
             left join record_content c on c.at = r.at and c.uscc = r.uscc
             where ",
            made_there!(),
            " order by r.uscc, r.identity"
        )
    };
}

const TOUCHED: [&str; 2] = [touched!(standing!("$3", "$4", "$5")), touched!(visible!("$3", "$4", "$5", "$6", "$7"))];

/// The records whose standing version was made in a chunk, as the view is shown them, in order of (code, identity). A
/// version that was superseded since says nothing: the act that did so stands in the log too.
///
/// # Errors
/// Whatever the database says.
pub fn touched(connection: &mut Connection, view: &View, chunk: i64) -> Result<Vec<Touched>> {
    let first = chunk * CHUNK_ROWS as i64;
    let asked = values![
        first,
        first + CHUNK_ROWS as i64,
        view.kind(),
        view.begun_by(),
        view.lasts_to(),
        view.words(),
        view.areas()
    ];
    let (sql, asked) = view.choose(TOUCHED, asked);
    let mut found = connection.rows(sql, asked, |row| {
        let has_marks = row.int(11)? != 0;
        if row.int(9)? == 0 {
            let gone = Touched::Gone { reference: row.array(2)?, item: row.string(3)?, first: row.opt_int(10)? };
            return Ok((gone, has_marks));
        }
        let shown = Touched::Shown(Box::new(Shown {
            uscc: row.string(0)?,
            identity: Identity(row.array(1)?),
            reference: row.array(2)?,
            item: row.string(3)?,
            version: row.opt_small(4)?.unwrap_or_default(),
            commitment: row.array(5)?,
            authority_area: row.string(6)?,
            registered_area: row.string(7)?,
            packed: row.opt_blob(8)?.map(<[u8]>::to_vec),
            marks: Vec::new(),
        }));
        Ok((shown, has_marks))
    })?;
    for (touched, _) in found.iter_mut().filter(|(_, has_marks)| *has_marks) {
        if let Touched::Shown(shown) = touched {
            let mut marks = mark::of_organisation(connection, view, &shown.uscc)?;
            let own = marks.remove(&(shown.uscc.clone(), shown.identity)).unwrap_or_default();
            shown.marks = own.into_iter().map(|mark| mark.kind).collect();
        }
    }
    Ok(found.into_iter().map(|(touched, _)| touched).collect())
}

/// A record whose last public day has passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The place among those that end on the day.
    pub key: (String, Identity),
    /// The public reference.
    pub reference: [u8; 16],
    /// Item.
    pub item: String,
    /// The first place of the log at which it was public.
    pub first: Option<i64>,
}

/// The first last public day from one day on that some record has, if it lies before the view's day.
///
/// # Errors
/// Whatever the database says.
pub fn next_end(connection: &mut Connection, view: &View, from: i32) -> Result<Option<i32>> {
    let found = connection.first(
        "select through_on from record where through_on >= $1 and through_on < $2 order by through_on limit 1",
        values![from, view.day()],
        |row| row.opt_small(0),
    )?;
    Ok(found.flatten())
}

/// The records whose last public day was this one and that nothing else has ended, behind a key; at most `limit`, in order
/// of (code, identity). None for a day that is not over in the view.
///
/// # Errors
/// Whatever the database says.
pub fn ended(
    connection: &mut Connection,
    view: &View,
    last_day: i32,
    after: Option<&(String, Identity)>,
    limit: usize,
) -> Result<Vec<Ended>> {
    let (uscc, identity) = after.map_or(("", [0; 16]), |(uscc, identity)| (uscc.as_str(), identity.0));
    connection.rows(
        concat!(
            "select r.uscc, r.identity, r.reference, r.item, ",
            first_public!(),
            " from record r where r.through_on = $1 and r.through_on < $2 and r.state = 'accepted'
               and r.from_on is not null and (r.uscc > $3 or (r.uscc = $3 and r.identity > $4))
             order by r.uscc, r.identity limit $5"
        ),
        values![last_day, view.day(), uscc, &identity, i64::try_from(limit).unwrap_or(i64::MAX)],
        |row| {
            Ok(Ended {
                key: (row.string(0)?, Identity(row.array(1)?)),
                reference: row.array(2)?,
                item: row.string(3)?,
                first: row.opt_int(4)?,
            })
        },
    )
}

/// Whether an act ended a record that was public at or before a position, or, where a person did it, left another version of
/// one: for whoever holds a copy of that position.
///
/// # Errors
/// Whatever the database says.
pub fn ends_what_was_told(
    connection: &mut Connection,
    view: &View,
    chunk: i64,
    (position, by_a_person): (i64, bool),
) -> Result<bool> {
    let first = chunk * CHUNK_ROWS as i64;
    let found = connection.first(
        concat!(
            "select 1 from (select uscc from record_content where at >= $1 and at < $2
                            union select uscc from chunk where no = $1 / 4096) k
             join record r on r.uscc = k.uscc
             where ",
            made_there!(),
            " and (r.version > 1 or r.state = 'erased' or exists (select 1 from record_mark m
                    where m.uscc = r.uscc and m.identity = r.identity and m.at >= $1 and m.at < $2)) and ($7 = 1 or not ",
            standing!("$3", "$4", "$5"),
            ") and ",
            first_public!(),
            " <= $6 limit 1"
        ),
        values![first, first + CHUNK_ROWS as i64, view.kind(), view.begun_by(), view.lasts_to(), position, by_a_person],
        |row| row.opt_int(0),
    )?;
    Ok(found.is_some())
}

/// Chunks of acts that wait for their place in the log.
///
/// # Errors
/// Whatever the database says.
pub fn waiting(connection: &mut Connection) -> Result<Vec<i64>> {
    connection
        .rows("select c.no from act_pending p join chunk c on c.act = p.id and c.uscc = p.uscc", &[], |row| row.int(0))
}

/// Reads everything as it stood at one moment, whatever is committed meanwhile.
///
/// # Errors
/// What `work` or the database says.
pub fn at_one_moment<T>(connection: &mut Connection, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
    connection.batch(match connection {
        Connection::Sqlite(_) => "begin",
        Connection::Postgres(_) => "begin isolation level repeatable read read only",
    })?;
    let done = work(connection);
    let ended = connection.batch("commit");
    if done.is_err() || ended.is_err() {
        // Nothing was written; what an error left open is closed.
        let _ = connection.batch("rollback");
    }
    let done = done?;
    ended.map(|()| done)
}
