//! Keeping evaluations: inside the transaction of the change that made them due, or of a sweep's own.

use super::Kept;
use super::due::Due;
use crate::change::Change;
use crate::connection::Connection;
use crate::{Result, values};

/// Keeps evaluations, each over the one before unless that is of a later change.
///
/// # Errors
/// Whatever the database says.
pub fn put(change: &mut Change<'_>, rows: &[Kept]) -> Result<()> {
    let bodies: Vec<Vec<u8>> = rows.iter().map(|kept| kept.scored.to_bytes()).collect();
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
        let usccs: Vec<&str> = rows.iter().map(|kept| kept.uscc.as_str()).collect();
        let seqs: Vec<i64> = rows.iter().map(|kept| kept.seq).collect();
        let rules: Vec<&[u8]> = rows.iter().map(|kept| kept.rules.as_slice()).collect();
        let rulebooks: Vec<&[u8]> = rows.iter().map(|kept| kept.rulebook.as_slice()).collect();
        let models: Vec<&str> = rows.iter().map(|kept| kept.model.as_str()).collect();
        let days: Vec<i32> = rows.iter().map(|kept| kept.as_of).collect();
        let instants: Vec<i64> = rows.iter().map(|_| now).collect();
        let next: Vec<Option<i32>> = rows.iter().map(|kept| kept.scored.next_change_on).collect();
        let grades: Vec<&str> = rows.iter().map(|kept| kept.scored.grade.letter()).collect();
        let points: Vec<i64> = rows.iter().map(|kept| kept.scored.points).collect();
        let columns: [&(dyn postgres::types::ToSql + Sync); 11] =
            [&usccs, &seqs, &rules, &rulebooks, &models, &days, &instants, &next, &grades, &points, &bodies];
        pg.client().execute(&statement, &columns)?;
        return Ok(());
    }
    for (kept, body) in rows.iter().zip(&bodies) {
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
                kept.uscc.as_str(),
                kept.seq,
                &kept.rules,
                &kept.rulebook,
                kept.model.as_str(),
                kept.as_of,
                now,
                kept.scored.next_change_on,
                kept.scored.grade.letter(),
                kept.scored.points,
                body.as_slice(),
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
pub fn settle(change: &mut Change<'_>, seen: &[Due], kept: &[Kept]) -> Result<()> {
    let has = |due: &&Due| kept.binary_search_by(|kept| kept.uscc.as_str().cmp(&due.uscc)).is_ok();
    let (evaluated, others): (Vec<&Due>, Vec<&Due>) = seen.iter().partition(has);
    if let Connection::Postgres(pg) = change.connection {
        let usccs: Vec<&str> = others.iter().map(|due| due.uscc.as_str()).collect();
        let statement = pg.statement("delete from evaluation where uscc = any($1::text[])")?;
        pg.client().execute(&statement, &[&usccs])?;
        let marked = || seen.iter().filter(|due| due.marked);
        let usccs: Vec<&str> = marked().map(|due| due.uscc.as_str()).collect();
        let seqs: Vec<i64> = marked().map(|due| due.seq).collect();
        let statement = pg.statement(
            "update subject s set due = 0 from unnest($1::text[], $2::int8[]) as k(u, q)
             where s.uscc = k.u collate \"C\" and s.seq = k.q",
        )?;
        pg.client().execute(&statement, &[&usccs, &seqs])?;
        return Ok(());
    }
    for due in &others {
        change.connection.execute("delete from evaluation where uscc = $1", values![due.uscc.as_str()])?;
    }
    for due in evaluated.iter().chain(&others).filter(|due| due.marked) {
        change
            .connection
            .execute("update subject set due = 0 where uscc = $1 and seq = $2", values![due.uscc.as_str(), due.seq])?;
    }
    Ok(())
}
