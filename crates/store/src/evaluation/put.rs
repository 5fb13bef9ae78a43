//! Keeping evaluations: inside the transaction of the change that made them due, or of a sweep's own.

use super::Kept;
use super::due::{Due, Seat};
use crate::change::Change;
use crate::connection::Connection;
use crate::connection::postgres::Pg;
use crate::{Result, values};
use credence_domain::evaluation::Grade;

/// An evaluation as it is written: made where it was computed, so that the writer only writes.
#[derive(Clone, Debug)]
pub struct Packed<'m> {
    /// The organisation.
    pub uscc: String,
    /// Number of the last change to its file that was looked at.
    pub seq: i64,
    /// Digest of the rule room that evaluates.
    pub rules: [u8; 32],
    /// Digest of the whole edition.
    pub rulebook: [u8; 32],
    /// The model.
    pub model: &'m str,
    /// Day for which it was computed.
    pub as_of: i32,
    /// The first later day on which the same records give another answer.
    pub next_change_on: Option<i32>,
    /// Grade.
    pub grade: Grade,
    /// Points.
    pub points: i64,
    /// Lines and changes as bytes.
    pub body: Vec<u8>,
}

impl Kept {
    /// The same as it is written.
    #[must_use]
    pub fn packed(&self) -> Packed<'_> {
        Packed {
            uscc: self.uscc.clone(),
            seq: self.seq,
            rules: self.rules,
            rulebook: self.rulebook,
            model: &self.model,
            as_of: self.as_of,
            next_change_on: self.scored.next_change_on,
            grade: self.scored.grade,
            points: self.scored.points,
            body: self.scored.to_bytes(),
        }
    }
}

/// Keeps evaluations, each over the one before unless that is of a later change.
///
/// # Errors
/// Whatever the database says.
pub fn put(change: &mut Change<'_>, rows: &[Packed<'_>]) -> Result<()> {
    let now = change.now;
    if let Connection::Postgres(pg) = change.connection {
        if rows.is_empty() {
            return Ok(());
        }
        let statement = pg.statement(
            "insert into evaluation(uscc, seq, rules, rulebook, model, as_of, decided_at, next_change_on, grade,
                    points, body)
             select * from unnest($1::text[], $2::int8[], $3::bytea[], $4::bytea[], $5::text[], $6::int4[], $7::int8[],
                    $8::int4[], $9::text[], $10::int8[], $11::bytea[])
             on conflict (uscc) do update set seq = excluded.seq, rules = excluded.rules,
                    rulebook = excluded.rulebook, model = excluded.model, as_of = excluded.as_of,
                    decided_at = excluded.decided_at, next_change_on = excluded.next_change_on,
                    grade = excluded.grade, points = excluded.points, body = excluded.body
             where evaluation.seq <= excluded.seq",
        )?;
        let usccs: Vec<&str> = rows.iter().map(|row| row.uscc.as_str()).collect();
        let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
        let rules: Vec<&[u8]> = rows.iter().map(|row| row.rules.as_slice()).collect();
        let rulebooks: Vec<&[u8]> = rows.iter().map(|row| row.rulebook.as_slice()).collect();
        let models: Vec<&str> = rows.iter().map(|row| row.model).collect();
        let days: Vec<i32> = rows.iter().map(|row| row.as_of).collect();
        let instants: Vec<i64> = rows.iter().map(|_| now).collect();
        let next: Vec<Option<i32>> = rows.iter().map(|row| row.next_change_on).collect();
        let grades: Vec<&str> = rows.iter().map(|row| row.grade.letter()).collect();
        let points: Vec<i64> = rows.iter().map(|row| row.points).collect();
        let bodies: Vec<&[u8]> = rows.iter().map(|row| row.body.as_slice()).collect();
        let columns: [&(dyn postgres::types::ToSql + Sync); 11] =
            [&usccs, &seqs, &rules, &rulebooks, &models, &days, &instants, &next, &grades, &points, &bodies];
        pg.client().execute(&statement, &columns)?;
        return Ok(());
    }
    for row in rows {
        change.connection.execute(
            "insert into evaluation(uscc, seq, rules, rulebook, model, as_of, decided_at, next_change_on, grade,
                    points, body)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (uscc) do update set seq = excluded.seq, rules = excluded.rules,
                    rulebook = excluded.rulebook, model = excluded.model, as_of = excluded.as_of,
                    decided_at = excluded.decided_at, next_change_on = excluded.next_change_on,
                    grade = excluded.grade, points = excluded.points, body = excluded.body
             where evaluation.seq <= excluded.seq",
            values![
                row.uscc.as_str(),
                row.seq,
                &row.rules,
                &row.rulebook,
                row.model,
                row.as_of,
                now,
                row.next_change_on,
                row.grade.letter(),
                row.points,
                row.body.as_slice(),
            ],
        )?;
    }
    Ok(())
}

/// Takes the marks of organisations that were looked at, where no change came in between; whoever of them is not in
/// `kept` (in order of codes) is not evaluated and keeps no evaluation.
///
/// # Errors
/// Whatever the database says.
pub fn settle(change: &mut Change<'_>, seen: &[Due], kept: &[Packed<'_>]) -> Result<()> {
    forget(change, seen, kept)?;
    if let Connection::Postgres(pg) = change.connection {
        let marked = || seen.iter().filter(|due| due.marked);
        let usccs: Vec<&str> = marked().map(|due| due.uscc.as_str()).collect();
        let seqs: Vec<i64> = marked().map(|due| due.seq).collect();
        return take_marks(pg, &usccs, &seqs);
    }
    for due in seen.iter().filter(|due| due.marked) {
        change
            .connection
            .execute("update subject set due = 0 where uscc = $1 and seq = $2", values![due.uscc.as_str(), due.seq])?;
    }
    Ok(())
}

/// Takes away what is kept of whoever was looked at and is not in `kept` (in order of codes).
///
/// # Errors
/// Whatever the database says.
pub fn forget(change: &mut Change<'_>, seen: &[Due], kept: &[Packed<'_>]) -> Result<()> {
    let has = |due: &&Due| kept.binary_search_by(|row| row.uscc.as_str().cmp(&due.uscc)).is_ok();
    let others = seen.iter().filter(|due| !has(due)).map(|due| due.uscc.as_str());
    if let Connection::Postgres(pg) = change.connection {
        let usccs: Vec<&str> = others.collect();
        let statement = pg.statement("delete from evaluation where uscc = any($1::text[])")?;
        pg.client().execute(&statement, &[&usccs])?;
        return Ok(());
    }
    for uscc in others {
        change.connection.execute("delete from evaluation where uscc = $1", values![uscc])?;
    }
    Ok(())
}

/// Takes the marks of organisations in the order in which they stand here, where no change came in between. On SQLite
/// that is the order in which they lie ([`super::seats`]), so that a transaction writes each page once.
///
/// # Errors
/// Whatever the database says.
pub fn unmark(change: &mut Change<'_>, seats: &[Seat]) -> Result<()> {
    if let Connection::Postgres(pg) = change.connection {
        let usccs: Vec<&str> = seats.iter().map(Seat::uscc).collect();
        let seqs: Vec<i64> = seats.iter().map(|seat| seat.seq).collect();
        return take_marks(pg, &usccs, &seqs);
    }
    for seat in seats {
        change.connection.execute(
            "update subject set due = 0 where rowid = $1 and uscc = $2 and seq = $3",
            values![seat.place, seat.uscc(), seat.seq],
        )?;
    }
    Ok(())
}

fn take_marks(pg: &mut Pg, usccs: &[&str], seqs: &[i64]) -> Result<()> {
    let statement = pg.statement(
        "update subject s set due = 0 from unnest($1::text[], $2::int8[]) as k(u, q)
         where s.uscc = k.u collate \"C\" and s.seq = k.q",
    )?;
    pg.client().execute(&statement, &[&usccs, &seqs])?;
    Ok(())
}
