//! Batches: what a unit sent in one file, how far it has come, what was rejected and why.
//!
//! Progress is committed with each chunk, window by window, so that a killed import leaves whole chunks and goes on where it
//! stopped, also when two connections write windows side by side and the later one ends first.

mod counts;
mod package;

pub use counts::Counts;
pub use package::{Numbered, last_sequence, numbered};

use crate::bulk;
use crate::change::{Change, Writer};
use crate::clock::Chance;
use crate::connection::{Connection, Row};
use crate::{Result, StoreError, values};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Identity: 16 random bytes.
    pub id: [u8; 16],
    /// Its public number: day of receipt and sixteen random symbols: 80 bits of chance, for some numbers open a page.
    pub number: String,
    /// Who sent it.
    pub source: String,
    /// Item.
    pub item: String,
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the file.
    pub digest: [u8; 32],
    /// Day of receipt (Asia/Shanghai): the rules of this day judge every row, also after a resume.
    pub received_on: Date,
    /// Instant of receipt.
    pub received_at: i64,
    /// Instant of its end.
    pub finished_at: Option<i64>,
    /// `cli`, `demo`, or the way of an exchange: `http` (by service), `file` (by drop folder), `database` (by staging table).
    pub channel: String,
    /// `running`, `done`, `failed`, `held` or `withdrawn`; what is `queued` waits in the spool.
    pub state: String,
    /// Who answers for the secrecy review.
    pub secrecy_review: String,
    /// How columns were mapped, as JSON.
    pub mapping: String,
    /// Digest of the rulebook that judges it.
    pub rulebook: [u8; 32],
    /// How many windows of the file are wholly written; which ones [`progress`] tells.
    pub windows: i64,
    /// Counts so far.
    pub counts: Counts,
    /// Time spent, in microseconds, over all runs.
    pub micros: i64,
    /// Why the whole batch waits; empty when it does not.
    pub hold: String,
    /// Number of the key with which it was sent; empty for what did not come over HTTP.
    pub key: String,
    /// The sender's key of repetition; empty without one.
    pub idempotency: String,
    /// Why it failed as a whole, as JSON; empty when it did not.
    pub problem: String,
    /// Who corrects in its source's name, as JSON; empty where the source itself sent it.
    pub behalf: String,
    /// Its number among the unit's packages of the item; 0 without one.
    pub sequence: i64,
}

/// A rejected row, kept until it is mended or its time is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Line in the sender's file.
    pub line: u32,
    /// Field (the sender's header), empty for the whole row.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// Chinese reason: what is wrong and what to do.
    pub reason: String,
    /// The row as it stood in the file, in the file's own encoding.
    pub raw: Vec<u8>,
}

/// How far a window of a batch's file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The window, from 0.
    pub window: i64,
    /// How many of its chunks are written, in the order in which they are written.
    pub chunks: i64,
    /// All of it is written, its rejected rows too.
    pub finished: bool,
    /// Bytes of text in a window: under another size the same number means other rows.
    pub bytes: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, number, source, item, file, digest, received_on, received_at, finished_at, channel, state, ",
            "secrecy_review, mapping, rulebook, windows, read, accepted, unchanged, corrected, rejected, ",
            "held, micros, hold, key, idempotency, problem, behalf, sequence, withdrawn from batch ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Batch> {
    Ok(Batch {
        id: row.array(0)?,
        number: row.string(1)?,
        source: row.string(2)?,
        item: row.string(3)?,
        file: row.string(4)?,
        digest: row.array(5)?,
        received_on: row.opt_date(6)?.unwrap_or_default(),
        received_at: row.int(7)?,
        finished_at: row.opt_int(8)?,
        channel: row.string(9)?,
        state: row.string(10)?,
        secrecy_review: row.string(11)?,
        mapping: row.string(12)?,
        rulebook: row.array(13)?,
        windows: row.int(14)?,
        counts: Counts {
            read: row.int(15)?,
            accepted: row.int(16)?,
            unchanged: row.int(17)?,
            corrected: row.int(18)?,
            rejected: row.int(19)?,
            held: row.int(20)?,
            withdrawn: row.int(28)?,
        },
        micros: row.int(21)?,
        hold: row.string(22)?,
        key: row.string(23)?,
        idempotency: row.string(24)?,
        problem: row.string(25)?,
        behalf: row.string(26)?,
        sequence: row.int(27)?,
    })
}

/// The batch of this file that a kill left unfinished, if there is one.
///
/// # Errors
/// Whatever the database says.
pub fn unfinished(connection: &mut Connection, source: &str, item: &str, digest: &[u8; 32]) -> Result<Option<Batch>> {
    connection.first(
        select!(
            "where source = $1 and item = $2 and digest = $3 and state = 'running'
             and channel not in ('http', 'file', 'database')"
        ),
        values![source, item, digest],
        read,
    )
}

/// A batch by its number.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, number: &str) -> Result<Option<Batch>> {
    connection.first(select!("where number = $1"), values![number], read)
}

/// The batch that a unit sent under a key of repetition.
///
/// # Errors
/// Whatever the database says.
pub fn repeated(connection: &mut Connection, source: &str, idempotency: &str) -> Result<Option<Batch>> {
    connection.first(select!("where source = $1 and idempotency = $2"), values![source, idempotency], read)
}

/// The package that a unit sent under a number of an item: the one that stands, else the latest that failed.
///
/// # Errors
/// Whatever the database says.
pub fn of_sequence(connection: &mut Connection, source: &str, item: &str, sequence: i64) -> Result<Option<Batch>> {
    connection.first(
        select!(
            "where source = $1 and item = $2 and sequence = $3
             order by case when state = 'failed' then 1 else 0 end, received_at desc limit 1"
        ),
        values![source, item, sequence],
        read,
    )
}

/// The batches of a unit, or of every unit, latest first, behind a place (instant and number).
///
/// # Errors
/// Whatever the database says.
pub fn of_source(
    connection: &mut Connection,
    source: Option<&str>,
    behind: Option<(i64, &str)>,
    limit: u32,
) -> Result<Vec<Batch>> {
    let (at, number) = behind.unwrap_or((i64::MAX, ""));
    let Some(source) = source else {
        return connection.rows(
            select!(
                "where received_at < $1 or (received_at = $1 and number > $2)
                 order by received_at desc, number limit $3"
            ),
            values![at, number, i64::from(limit)],
            read,
        );
    };
    connection.rows(
        select!(
            "where source = $1 and (received_at < $2 or (received_at = $2 and number > $3))
             order by received_at desc, number limit $4"
        ),
        values![source, at, number, i64::from(limit)],
        read,
    )
}

/// What a unit has sent over HTTP that stands and that brought something: a file with nothing but its header, or with
/// nothing but rejected rows, shows nobody what the unit sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentOverHttp {
    /// How many rows each batch had that a person let go or that needed nobody, ascending. What still waits says nothing of what is
    /// usual: else whoever holds a stolen key would raise his own limit.
    pub rows: Vec<i64>,
    /// How many rows came on each earlier day in such batches, ascending.
    pub days: Vec<i64>,
    /// How many rows came on the day itself, waiting or not.
    pub same_day: i64,
}

/// What a unit has sent over HTTP before, seen from a day.
///
/// # Errors
/// Whatever the database says.
pub fn sent_over_http(connection: &mut Connection, source: &str, on: Date) -> Result<SentOverHttp> {
    let mut sent = SentOverHttp::default();
    let mut days: BTreeMap<i32, i64> = BTreeMap::new();
    let on = credence_domain::record::value::day_number(on);
    connection.each(
        "select read, state, received_on from batch
         where source = $1 and channel in ('http', 'file', 'database') and state in ('done', 'held')
         and accepted + corrected > 0 order by read",
        values![source],
        |row| {
            let (read, is_done, day) = (row.int(0)?, row.text(1)? == "done", row.opt_small(2)?.unwrap_or_default());
            if is_done {
                sent.rows.push(read);
            }
            if day == on {
                sent.same_day += read;
            } else if is_done {
                *days.entry(day).or_default() += read;
            }
            Ok(())
        },
    )?;
    sent.days = days.into_values().collect();
    sent.days.sort_unstable();
    Ok(sent)
}

/// The state and the instant of receipt of every batch by its identity.
///
/// # Errors
/// Whatever the database says.
pub fn states(connection: &mut Connection) -> Result<BTreeMap<[u8; 16], (String, i64)>> {
    let found = connection.rows("select id, state, received_at from batch", &[], |row| {
        Ok((row.array(0)?, (row.string(1)?, row.int(2)?)))
    })?;
    Ok(found.into_iter().collect())
}

/// A batch by its identity.
///
/// # Errors
/// Whatever the database says.
pub fn by_id(connection: &mut Connection, id: &[u8; 16]) -> Result<Option<Batch>> {
    connection.first(select!("where id = $1"), values![id], read)
}

/// The latest batches.
///
/// # Errors
/// Whatever the database says.
pub fn list(connection: &mut Connection, limit: u32) -> Result<Vec<Batch>> {
    connection.rows(select!("order by received_at desc, number limit $1"), values![i64::from(limit)], read)
}

/// The batches that wait as a whole, the longest first.
///
/// # Errors
/// Whatever the database says.
pub fn held(connection: &mut Connection, limit: u32) -> Result<Vec<Batch>> {
    let sql = select!("where state = 'held' order by received_at, number limit $1");
    connection.rows(sql, values![i64::from(limit)], read)
}

/// A number for a batch: day of receipt and sixteen random symbols: 80 bits of chance, for some numbers open a page.
///
/// # Errors
/// When chance fails.
pub fn new_number(chance: &mut Chance, received_on: Date) -> Result<String> {
    let suffix: String = chance.bytes::<16>()?.iter().map(|byte| symbol(*byte)).collect();
    Ok(format!("{}-{suffix}", received_on.to_string().replace('-', "")))
}

/// Opens a batch; `id` is set here, and `number` and `received_at` where they are not known yet.
///
/// # Errors
/// Whatever the database says.
pub fn begin(writer: &mut Writer, mut batch: Batch) -> Result<Batch> {
    batch.id = writer.chance.bytes()?;
    if batch.number.is_empty() {
        batch.received_at = writer.clock.now_micros();
        batch.number = new_number(&mut writer.chance, batch.received_on)?;
    }
    let received_on = credence_domain::record::value::day_number(batch.received_on);
    writer.connection.execute(
        "insert into batch(id, number, source, item, file, digest, received_on, received_at, channel, state,
                secrecy_review, mapping, rulebook, hold, key, idempotency, problem, behalf, sequence)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        values![
            &batch.id,
            batch.number.as_str(),
            batch.source.as_str(),
            batch.item.as_str(),
            batch.file.as_str(),
            &batch.digest,
            received_on,
            batch.received_at,
            batch.channel.as_str(),
            batch.state.as_str(),
            batch.secrecy_review.as_str(),
            batch.mapping.as_str(),
            &batch.rulebook,
            batch.hold.as_str(),
            batch.key.as_str(),
            batch.idempotency.as_str(),
            batch.problem.as_str(),
            batch.behalf.as_str(),
            batch.sequence,
        ],
    )?;
    Ok(batch)
}

fn symbol(byte: u8) -> char {
    const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    SYMBOLS.get(usize::from(byte & 31)).map_or('0', |symbol| char::from(*symbol))
}

/// Which windows of a batch's file are written, and how far, in windows of so many bytes.
///
/// # Errors
/// Whatever the database says.
pub fn progress(connection: &mut Connection, id: &[u8; 16], bytes: i64) -> Result<Vec<Progress>> {
    connection.rows(
        "select number, chunks, finished from batch_window where batch = $1 and bytes = $2",
        values![id, bytes],
        |row| Ok(Progress { window: row.int(0)?, chunks: row.int(1)?, finished: row.int(2)? != 0, bytes }),
    )
}

/// Records, inside a chunk's transaction, how far the batch has come and what was rejected.
///
/// # Errors
/// Whatever the database says.
pub fn advance(
    change: &mut Change<'_>,
    batch: &[u8; 16],
    progress: Progress,
    counts: &Counts,
    micros: i64,
    rejected: &[Rejected],
) -> Result<()> {
    bulk::insert_rejects(change.connection, batch, rejected)?;
    change.connection.execute(
        "insert into batch_window(batch, number, chunks, finished, bytes) values ($1, $2, $3, $4, $5)
         on conflict (batch, number) do update set chunks = excluded.chunks, finished = excluded.finished,
           bytes = excluded.bytes",
        values![batch, progress.window, progress.chunks, progress.finished, progress.bytes],
    )?;
    // Last: two connections of one import wait here for each other's commit and for nothing else.
    change.connection.execute(
        "update batch set windows = windows + $2, read = read + $3, accepted = accepted + $4,
                unchanged = unchanged + $5, corrected = corrected + $6, rejected = rejected + $7, held = held + $8,
                micros = micros + $9, withdrawn = withdrawn + $10
         where id = $1",
        values![
            batch,
            progress.finished,
            counts.read,
            counts.accepted,
            counts.unchanged,
            counts.corrected,
            counts.rejected,
            counts.held,
            micros,
            counts.withdrawn
        ],
    )?;
    Ok(())
}

/// Ends a batch in a state.
///
/// # Errors
/// Whatever the database says.
pub fn finish(writer: &mut Writer, id: &[u8; 16], state: &str) -> Result<()> {
    let now = writer.clock.now_micros();
    writer.connection.transaction(|connection| {
        connection.execute("delete from batch_window where batch = $1", values![id])?;
        connection.execute("update batch set state = $2, finished_at = $3 where id = $1", values![id, state, now])?;
        Ok(())
    })
}

/// Ends a batch that cannot be read as a whole, with what is wrong with it (JSON).
///
/// # Errors
/// Whatever the database says.
pub fn fail(writer: &mut Writer, id: &[u8; 16], problem: &str) -> Result<()> {
    finish(writer, id, "failed")?;
    writer.connection.execute("update batch set problem = $2 where id = $1", values![id, problem])?;
    Ok(())
}

/// Ends the waiting of a batch, inside the act that does so.
///
/// # Errors
/// Whatever the database says.
pub fn release(change: &mut Change<'_>, id: &[u8; 16], secrecy_review: &str) -> Result<()> {
    let released = change.connection.execute(
        "update batch set state = 'done', hold = '', secrecy_review = $2 where id = $1 and state = 'held'",
        values![id, secrecy_review],
    )?;
    if released == 1 { Ok(()) } else { Err(StoreError::Conflict("somebody else has released the batch".to_owned())) }
}

/// Marks a batch withdrawn, inside the act that does so.
///
/// # Errors
/// Whatever the database says.
pub fn withdraw(change: &mut Change<'_>, id: &[u8; 16]) -> Result<()> {
    change.connection.execute("update batch set state = 'withdrawn' where id = $1", values![id])?;
    Ok(())
}

/// Fills in how rejected rows stood in the file.
///
/// # Errors
/// Whatever the database says.
pub fn fill_rejected(writer: &mut Writer, id: &[u8; 16], rows: &[(u32, Vec<u8>)]) -> Result<()> {
    writer.connection.transaction(|connection| bulk::fill_rejected(connection, id, rows))
}

/// Hands on the rejected rows of a batch in the order of their lines.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_rejected(
    connection: &mut Connection,
    id: &[u8; 16],
    mut look: impl FnMut(Rejected) -> Result<()>,
) -> Result<()> {
    connection.each(
        "select line, field, code, reason, raw from batch_reject where batch = $1 order by line",
        values![id],
        |row| {
            look(Rejected {
                line: u32::try_from(row.int(0)?).unwrap_or(u32::MAX),
                field: row.string(1)?,
                code: row.string(2)?,
                reason: row.string(3)?,
                raw: row.blob(4)?.to_vec(),
            })
        },
    )
}
