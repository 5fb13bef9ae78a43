//! Rejected rows whose time is over (保存期限): they go as they came. How many a batch had stays with the batch.
//!
//! Serves 个人信息保护法 art. 十九.

use crate::backup::forget::Touched;
use crate::change::Change;
use crate::connection::Connection;
use crate::{Result, values};

/// What is over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Over {
    /// Rejected rows.
    pub rows: u64,
    /// Numbers of their batches.
    pub batches: Vec<String>,
}

/// Rejected rows of batches that ended before an instant (microseconds).
///
/// # Errors
/// Whatever the database says.
pub fn over(connection: &mut Connection, before: i64) -> Result<Over> {
    let found = connection.rows(
        "select b.number, count(*) from batch_reject r join batch b on b.id = r.batch
         where b.finished_at is not null and b.finished_at < $1 group by b.number order by b.number",
        values![before],
        |row| Ok((row.string(0)?, row.int(1)?.unsigned_abs())),
    )?;
    Ok(Over {
        rows: found.iter().map(|(_, rows)| rows).sum(),
        batches: found.into_iter().map(|(number, _)| number).collect(),
    })
}

/// What older backups forget with them: the rejected rows of these batches, and the files that waited.
///
/// # Errors
/// Whatever the database says.
pub fn touched(connection: &mut Connection, before: i64) -> Result<Vec<Touched>> {
    let found = connection.rows(
        "select distinct b.id, b.number from batch_reject r join batch b on b.id = r.batch
         where b.finished_at is not null and b.finished_at < $1",
        values![before],
        |row| Ok((row.array::<16>(0)?, row.string(1)?)),
    )?;
    let both = |(id, number): ([u8; 16], String)| {
        [Touched::new("rejects", vec![(&id).into()]), Touched::new("waiting", vec![number.as_str().into()])]
    };
    Ok(found.into_iter().flat_map(both).collect())
}

/// Takes them away, inside the act that says how many.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn clear(change: &mut Change<'_>, before: i64) -> Result<u64> {
    change.connection.execute(
        "delete from batch_reject where batch in (
           select id from batch where finished_at is not null and finished_at < $1)",
        values![before],
    )
}

/// Which of these batches ended before an instant (microseconds), or are not known at all: nobody fetches their files any more.
///
/// # Errors
/// Whatever the database says.
pub fn batches_over(connection: &mut Connection, numbers: &[String], before: i64) -> Result<Vec<String>> {
    let mut over = Vec::new();
    for number in numbers {
        let ended =
            connection.first("select finished_at from batch where number = $1", values![number.as_str()], |row| {
                row.opt_int(0)
            })?;
        if ended.flatten().is_some_and(|ended| ended < before) {
            over.push(number.clone());
        }
    }
    Ok(over)
}
