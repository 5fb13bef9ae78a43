//! The bulk path on PostgreSQL: arrays for keys, COPY BINARY for rows.

use super::{Found, Head, HeadRow, RECORD_COLUMNS, RecordRow};
use crate::batch::Rejected;
use crate::connection::postgres::Pg;
use crate::{Result, StoreError};
use credence_domain::record::Identity;
use credence_domain::subject::Uscc;
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::{ToSql, Type};
use std::borrow::Cow;

pub(super) fn records(pg: &mut Pg, keys: &[(Uscc, Identity)]) -> Result<Vec<Option<Found>>> {
    if keys.len() <= FEW {
        let statement = pg.statement(
            "select 0::int8, source, authority, state, hold, published_on, from_on, through_on, seq, salt, salt2,
                    commitment, registered_area
             from record where uscc = $1 and identity = $2",
        )?;
        let one = |(uscc, identity): &(Uscc, Identity)| {
            let row = pg.client().query_opt(&statement, &[&uscc.as_str(), &identity.0.as_slice()])?;
            row.as_ref().map(found).transpose()
        };
        return keys.iter().map(one).collect();
    }
    let statement = pg.statement(
        "select k.p, r.source, r.authority, r.state, r.hold, r.published_on, r.from_on, r.through_on, r.seq, r.salt,
                r.salt2, r.commitment, r.registered_area
         from unnest($1::text[], $2::bytea[]) with ordinality k(u, i, p)
         join record r on r.uscc = k.u collate \"C\" and r.identity = k.i",
    )?;
    let usccs: Vec<&str> = keys.iter().map(|(uscc, _)| uscc.as_str()).collect();
    let identities: Vec<&[u8]> = keys.iter().map(|(_, identity)| identity.0.as_slice()).collect();
    let mut records = vec![None; keys.len()];
    for row in pg.client().query(&statement, &[&usccs, &identities])? {
        let position = usize::try_from(row.try_get::<_, i64>(0)?).unwrap_or(0).wrapping_sub(1);
        if let Some(place) = records.get_mut(position) {
            *place = Some(found(&row)?);
        }
    }
    Ok(records)
}

fn found(row: &postgres::Row) -> Result<Found> {
    Ok(Found {
        source: row.try_get(1)?,
        authority: row.try_get(2)?,
        state: row.try_get(3)?,
        hold: row.try_get(4)?,
        published_on: row.try_get(5)?,
        from_on: row.try_get(6)?,
        through_on: row.try_get(7)?,
        seq: row.try_get(8)?,
        salt: row.try_get::<_, Option<&[u8]>>(9)?.map(array).transpose()?,
        salt2: row.try_get::<_, Option<&[u8]>>(10)?.map(array).transpose()?,
        commitment: array(row.try_get(11)?)?,
        registered_area: row.try_get(12)?,
        restart: None,
    })
}

fn array<const N: usize>(bytes: &[u8]) -> Result<[u8; N]> {
    bytes.try_into().map_err(|_| StoreError::Inconsistent("a digest of the wrong length".to_owned()))
}

/// Locks the organisations that there are, in the order of their codes; gives an empty head for each that there is not.
pub(super) fn heads(pg: &mut Pg, usccs: &[Uscc]) -> Result<Vec<Head>> {
    let codes: Vec<&str> = usccs.iter().map(Uscc::as_str).collect();
    if let [code] = codes.as_slice() {
        let lock =
            pg.statement("select uscc, name, folded, registered, seq, area from subject where uscc = $1 for update")?;
        let row = pg.client().query_opt(&lock, &[code])?;
        return Ok(vec![row.as_ref().map(head).transpose()?.unwrap_or_default()]);
    }
    let lock = pg.statement(
        "select uscc, name, folded, registered, seq, area from subject where uscc = any($1::text[])
         order by uscc for update",
    )?;
    let rows = pg.client().query(&lock, &[&codes])?;
    let mut found = rows.iter().peekable();
    let mut heads = Vec::with_capacity(usccs.len());
    for code in codes {
        let row = found.next_if(|row| row.try_get::<_, &str>(0).is_ok_and(|uscc| uscc == code));
        heads.push(match row {
            None => Head::default(),
            Some(row) => head(row)?,
        });
    }
    if found.peek().is_some() {
        return Err(StoreError::Inconsistent("organisations came back in another order than that of codes".to_owned()));
    }
    Ok(heads)
}

fn head(row: &postgres::Row) -> Result<Head> {
    Ok(Head {
        name: row.try_get(1)?,
        folded: row.try_get(2)?,
        registered: row.try_get::<_, i16>(3)? != 0,
        seq: row.try_get(4)?,
        area: row.try_get(5)?,
        known: true,
    })
}

/// Up to so many rows are asked for and inserted one by one: a COPY is prepared anew each time and takes three steps to and fro.
const FEW: usize = 4;

pub(super) fn insert_records(pg: &mut Pg, rows: &[RecordRow<'_>]) -> Result<()> {
    const TYPES: [Type; 27] = [
        Type::TEXT,
        Type::BYTEA,
        Type::BYTEA,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::INT4,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::INT2,
        Type::TEXT,
        Type::INT4,
        Type::INT4,
        Type::INT2,
        Type::INT4,
        Type::INT4,
        Type::INT4,
        Type::INT4,
        Type::INT4,
        Type::INT8,
        Type::INT8,
        Type::BYTEA,
        Type::BYTEA,
        Type::BYTEA,
        Type::TEXT,
        Type::TEXT,
    ];
    let each = |write: &mut dyn FnMut(&[&(dyn ToSql + Sync)]) -> Result<()>| {
        rows.iter().try_for_each(|row| {
            write(&[
                &row.uscc,
                &row.identity.0.as_slice(),
                &row.reference.as_slice(),
                &row.item,
                &row.source,
                &row.authority,
                &row.decided_on,
                &row.state,
                &row.hold,
                &row.class,
                &i16::from(row.class_stated),
                &row.pack,
                &row.due_on,
                &row.due_by_law_on,
                &i16::from(row.due_provisional),
                &row.published_on,
                &row.from_on,
                &row.through_on,
                &row.repair_from_on,
                &row.version,
                &row.seq,
                &row.at,
                &row.salt.as_slice(),
                &row.salt2.as_slice(),
                &row.commitment.as_slice(),
                &row.authority_area,
                &&*row.registered_area,
            ])
        })
    };
    put_rows(pg, rows.len(), ("record", RECORD_COLUMNS), &TYPES, each)
}

pub(super) fn insert_contents(pg: &mut Pg, rows: &[(i64, &str, Cow<'_, [u8]>)]) -> Result<()> {
    const TYPES: [Type; 3] = [Type::INT8, Type::TEXT, Type::BYTEA];
    put_rows(pg, rows.len(), ("record_content", "at, uscc, body"), &TYPES, |write| {
        rows.iter().try_for_each(|(at, uscc, body)| write(&[at, uscc, &&**body]))
    })
}

/// Writes rows of a table: few by prepared statements, many by COPY BINARY. `each` hands every row's columns on.
fn put_rows(
    pg: &mut Pg,
    count: usize,
    (table, columns): (&'static str, &'static str),
    types: &[Type],
    each: impl FnOnce(&mut dyn FnMut(&[&(dyn ToSql + Sync)]) -> Result<()>) -> Result<()>,
) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    if count <= FEW {
        let statement = pg.insertion(table, columns, types)?;
        let client = pg.client();
        return each(&mut |row| Ok(client.execute(&statement, row).map(drop)?));
    }
    let sink = pg.client().copy_in(&*format!("copy {table}({columns}) from stdin binary"))?;
    let mut writer = BinaryCopyInWriter::new(sink, types);
    each(&mut |row| Ok(writer.write(row)?))?;
    writer.finish()?;
    Ok(())
}

pub(super) fn put_heads(pg: &mut Pg, rows: &[HeadRow<'_>], now: i64) -> Result<()> {
    let (known, new): (Vec<&HeadRow<'_>>, Vec<&HeadRow<'_>>) = rows.iter().partition(|row| row.known);
    if let [row] = known.as_slice() {
        let update = pg.statement(
            "update subject set name = $2, folded = $3, seq = $4, conflicts = conflicts + $5, due = 1 where uscc = $1",
        )?;
        let conflicts = i32::try_from(row.conflicts).unwrap_or(i32::MAX);
        pg.client().execute(&update, &[&row.uscc, &row.name, &row.folded, &row.seq, &conflicts])?;
    } else if !known.is_empty() {
        let update = pg.statement(
            "update subject s set name = k.n, folded = k.f, seq = k.q, conflicts = s.conflicts + k.c, due = 1
             from unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::int8[]) as k(u, n, f, q, c)
             where s.uscc = k.u collate \"C\"",
        )?;
        let usccs: Vec<&str> = known.iter().map(|row| row.uscc).collect();
        let names: Vec<&str> = known.iter().map(|row| row.name).collect();
        let folded: Vec<&str> = known.iter().map(|row| row.folded).collect();
        let seqs: Vec<i64> = known.iter().map(|row| row.seq).collect();
        let conflicts: Vec<i64> = known.iter().map(|row| row.conflicts).collect();
        pg.client().execute(&update, &[&usccs, &names, &folded, &seqs, &conflicts])?;
    }
    const TYPES: [Type; 6] = [Type::TEXT, Type::TEXT, Type::TEXT, Type::INT8, Type::INT8, Type::INT4];
    put_rows(pg, new.len(), ("subject", "uscc, name, folded, first_at, seq, conflicts"), &TYPES, |write| {
        new.iter().try_for_each(|row| {
            let conflicts = i32::try_from(row.conflicts).unwrap_or(i32::MAX);
            write(&[&row.uscc, &row.name, &row.folded, &now, &row.seq, &conflicts])
        })
    })?;

    let registered: Vec<_> = rows.iter().filter_map(|row| row.registration.map(|r| (row.uscc, r))).collect();
    if !registered.is_empty() {
        let register = pg.statement(
            "update subject s set registered = 1, status = k.s, area = k.a, type = k.t, established_on = k.e
             from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int4[]) as k(u, s, a, t, e)
             where s.uscc = k.u collate \"C\"",
        )?;
        let usccs: Vec<&str> = registered.iter().map(|(uscc, _)| *uscc).collect();
        let statuses: Vec<&str> = registered.iter().map(|(_, r)| r.status.as_str()).collect();
        let areas: Vec<&str> = registered.iter().map(|(_, r)| r.area.as_str()).collect();
        let kinds: Vec<&str> = registered.iter().map(|(_, r)| r.kind.as_str()).collect();
        let dates: Vec<Option<i32>> = registered.iter().map(|(_, r)| r.established_on).collect();
        pg.client().execute(&register, &[&usccs, &statuses, &areas, &kinds, &dates])?;
    }
    Ok(())
}

pub(super) fn add_counts(pg: &mut Pg, rows: &[(&str, i32, i64)]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let add = pg.statement(
        "insert into count_day(counted, day, difference)
         select c, d, n from unnest($1::text[], $2::int4[], $3::int8[]) as k(c, d, n)
         on conflict (counted, day) do update set difference = count_day.difference + excluded.difference",
    )?;
    let counted: Vec<&str> = rows.iter().map(|(counted, ..)| *counted).collect();
    let days: Vec<i32> = rows.iter().map(|(_, day, _)| *day).collect();
    let differences: Vec<i64> = rows.iter().map(|(.., difference)| *difference).collect();
    pg.client().execute(&add, &[&counted, &days, &differences])?;
    Ok(())
}

pub(super) fn insert_rejects(pg: &mut Pg, batch: &[u8; 16], rows: &[Rejected]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let insert = pg.statement(
        "insert into batch_reject(batch, line, field, code, reason, raw)
         select $1, l, f, c, r, b from unnest($2::int8[], $3::text[], $4::text[], $5::text[], $6::bytea[])
           as k(l, f, c, r, b)
         on conflict (batch, line) do nothing",
    )?;
    let lines: Vec<i64> = rows.iter().map(|row| i64::from(row.line)).collect();
    let fields: Vec<&str> = rows.iter().map(|row| row.field.as_str()).collect();
    let codes: Vec<&str> = rows.iter().map(|row| row.code.as_str()).collect();
    let reasons: Vec<&str> = rows.iter().map(|row| row.reason.as_str()).collect();
    let raws: Vec<&[u8]> = rows.iter().map(|row| row.raw.as_slice()).collect();
    pg.client().execute(&insert, &[&batch.as_slice(), &lines, &fields, &codes, &reasons, &raws])?;
    Ok(())
}

pub(super) fn fill_rejected(pg: &mut Pg, batch: &[u8; 16], rows: &[(u32, Vec<u8>)]) -> Result<()> {
    let fill = pg.statement(
        "update batch_reject b set raw = k.r from unnest($2::int8[], $3::bytea[]) as k(l, r)
         where b.batch = $1 and b.line = k.l",
    )?;
    let lines: Vec<i64> = rows.iter().map(|(line, _)| i64::from(*line)).collect();
    let raws: Vec<&[u8]> = rows.iter().map(|(_, raw)| raw.as_slice()).collect();
    pg.client().execute(&fill, &[&batch.as_slice(), &lines, &raws])?;
    Ok(())
}
