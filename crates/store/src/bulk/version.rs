//! New versions and added sources in bulk: what stands is kept, then replaced. Forks as the rest of the bulk path does.

use crate::arrival::Dates;
use crate::change::Sealed;
use crate::connection::Connection;
use crate::{Result, values};
use credence_domain::record::Identity;
use credence_domain::subject::Uscc;

/// A record as its new version has it.
#[derive(Clone, Debug)]
pub struct NewVersion<'a> {
    pub uscc: Uscc,
    pub identity: Identity,
    pub source: &'a str,
    pub authority: &'a str,
    pub decided_on: i32,
    pub state: &'static str,
    pub hold: String,
    pub dates: Dates,
    pub published_on: Option<i32>,
    pub from_on: Option<i32>,
    pub seq: i64,
    pub sealed: Sealed,
    /// Area of the authority on the day of decision.
    pub authority_area: &'a str,
    /// Area of registration when it was first received, as far as it is known.
    pub registered_area: String,
}

/// A unit that sent the same content after the owner.
#[derive(Clone, Debug)]
pub struct NewSource {
    pub uscc: Uscc,
    pub identity: Identity,
    pub seq: i64,
    pub sealed: Sealed,
}

/// Keeps the standing versions of records and puts new ones in their place.
pub(crate) fn supersede(connection: &mut Connection, rows: &[NewVersion<'_>], now: i64) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let Connection::Postgres(pg) = connection else {
        return rows.iter().try_for_each(|row| supersede_one(connection, row, now));
    };
    let keep = pg.statement(
        "insert into record_version(uscc, identity, version, source, state, hold, due_on, from_on, through_on, seq, at,
                salt, salt2, commitment, until_at, class)
         select r.uscc, r.identity, r.version, r.source, r.state, r.hold, r.due_on, r.from_on, r.through_on, r.seq,
                r.at, r.salt, r.salt2, r.commitment, $3, r.class
         from unnest($1::text[], $2::bytea[]) as k(u, i)
         join record r on r.uscc = k.u collate \"C\" and r.identity = k.i",
    )?;
    let usccs: Vec<&str> = rows.iter().map(|row| row.uscc.as_str()).collect();
    let identities: Vec<&[u8]> = rows.iter().map(|row| row.identity.0.as_slice()).collect();
    pg.client().execute(&keep, &[&usccs, &identities, &now])?;
    let replace = pg.statement(
        "update record r set source = k.c3, authority = k.c4, decided_on = k.c5, state = k.c6, hold = k.c7,
                class = k.c8, class_stated = k.c9, pack = k.c10, due_on = k.c11, due_by_law_on = k.c12,
                due_provisional = k.c13, published_on = k.c14, from_on = k.c15, through_on = k.c16,
                repair_from_on = k.c17, version = r.version + 1, seq = k.c18, at = k.c19, salt = k.c20,
                salt2 = k.c21, commitment = k.c22, authority_area = k.c23,
                registered_area = k.c24
         from unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::int4[], $6::text[], $7::text[], $8::text[],
                     $9::int2[], $10::text[], $11::int4[], $12::int4[], $13::int2[], $14::int4[], $15::int4[],
                     $16::int4[], $17::int4[], $18::int8[], $19::int8[], $20::bytea[], $21::bytea[], $22::bytea[],
                     $23::text[], $24::text[])
           as k(u, i, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22,
                c23, c24)
         where r.uscc = k.u collate \"C\" and r.identity = k.i",
    )?;
    let texts = |of: for<'r> fn(&'r NewVersion<'r>) -> &'r str| {
        rows.iter().map(|row| of(row).to_owned()).collect::<Vec<String>>()
    };
    let days = |of: fn(&NewVersion<'_>) -> Option<i32>| rows.iter().map(of).collect::<Vec<_>>();
    let flags = |of: fn(&NewVersion<'_>) -> bool| rows.iter().map(|row| i16::from(of(row))).collect::<Vec<_>>();
    let numbers = |of: fn(&NewVersion<'_>) -> i64| rows.iter().map(of).collect::<Vec<_>>();
    let bytes =
        |of: for<'r> fn(&'r NewVersion<'r>) -> &'r [u8]| rows.iter().map(|row| of(row).to_vec()).collect::<Vec<_>>();
    let decided: Vec<i32> = rows.iter().map(|row| row.decided_on).collect();
    pg.client().execute(
        &replace,
        &[
            &usccs,
            &identities,
            &texts(|row| row.source),
            &texts(|row| row.authority),
            &decided,
            &texts(|row| row.state),
            &texts(|row| &row.hold),
            &texts(|row| &row.dates.class),
            &flags(|row| row.dates.class_stated),
            &texts(|row| &row.dates.pack),
            &days(|row| row.dates.due_on),
            &days(|row| row.dates.due_by_law_on),
            &flags(|row| row.dates.due_provisional),
            &days(|row| row.published_on),
            &days(|row| row.from_on),
            &days(|row| row.dates.through_on),
            &days(|row| row.dates.repair_from_on),
            &numbers(|row| row.seq),
            &numbers(|row| row.sealed.at),
            &bytes(|row| &row.sealed.salt),
            &bytes(|row| &row.sealed.salt2),
            &bytes(|row| &row.sealed.commitment),
            &texts(|row| row.authority_area),
            &texts(|row| &row.registered_area),
        ],
    )?;
    Ok(())
}

fn supersede_one(connection: &mut Connection, row: &NewVersion<'_>, now: i64) -> Result<()> {
    keep_one(connection, row.uscc.as_str(), &row.identity, now)?;
    connection.execute(
        "update record set source = $3, authority = $4, decided_on = $5, state = $6, hold = $7, class = $8,
                class_stated = $9, pack = $10, due_on = $11, due_by_law_on = $12, due_provisional = $13,
                published_on = $14, from_on = $15, through_on = $16, repair_from_on = $17, version = version + 1,
                seq = $18, at = $19, salt = $20, salt2 = $21, commitment = $22, authority_area = $23,
                registered_area = $24
         where uscc = $1 and identity = $2",
        values![
            row.uscc.as_str(),
            &row.identity.0,
            row.source,
            row.authority,
            row.decided_on,
            row.state,
            row.hold.as_str(),
            &*row.dates.class,
            row.dates.class_stated,
            &*row.dates.pack,
            row.dates.due_on,
            row.dates.due_by_law_on,
            row.dates.due_provisional,
            row.published_on,
            row.from_on,
            row.dates.through_on,
            row.dates.repair_from_on,
            row.seq,
            row.sealed.at,
            &row.sealed.salt,
            &row.sealed.salt2,
            &row.sealed.commitment,
            row.authority_area,
            row.registered_area.as_str(),
        ],
    )?;
    Ok(())
}

/// Keeps the standing version of one record before it is superseded.
fn keep_one(connection: &mut Connection, uscc: &str, identity: &Identity, now: i64) -> Result<()> {
    connection.execute(
        "insert into record_version(uscc, identity, version, source, state, hold, due_on, from_on, through_on, seq, at,
                salt, salt2, commitment, until_at, class)
         select uscc, identity, version, source, state, hold, due_on, from_on, through_on, seq, at, salt, salt2,
                commitment, $3, class
         from record where uscc = $1 and identity = $2",
        values![uscc, &identity.0, now],
    )?;
    Ok(())
}

/// Which of these records have this further source already, in order.
pub(crate) fn have_source(connection: &mut Connection, keys: &[(Uscc, Identity)], source: &str) -> Result<Vec<bool>> {
    let mut found = vec![false; keys.len()];
    if keys.is_empty() {
        return Ok(found);
    }
    if let Connection::Postgres(pg) = connection {
        let statement = pg.statement(
            "select k.p from unnest($1::text[], $2::bytea[]) with ordinality k(u, i, p)
             join record_source s on s.uscc = k.u collate \"C\" and s.identity = k.i and s.source = $3",
        )?;
        let usccs: Vec<&str> = keys.iter().map(|(uscc, _)| uscc.as_str()).collect();
        let identities: Vec<&[u8]> = keys.iter().map(|(_, identity)| identity.0.as_slice()).collect();
        for row in pg.client().query(&statement, &[&usccs, &identities, &source])? {
            let position = usize::try_from(row.try_get::<_, i64>(0)?).unwrap_or(0).wrapping_sub(1);
            if let Some(place) = found.get_mut(position) {
                *place = true;
            }
        }
        return Ok(found);
    }
    for ((uscc, identity), place) in keys.iter().zip(&mut found) {
        let row = connection.first(
            "select 1 from record_source where uscc = $1 and identity = $2 and source = $3",
            values![uscc.as_str(), &identity.0, source],
            |row| row.int(0),
        )?;
        *place = row.is_some();
    }
    Ok(found)
}

/// Keeps further sources of records.
pub(crate) fn insert_sources(connection: &mut Connection, rows: &[NewSource], source: &str) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    if let Connection::Postgres(pg) = connection {
        let insert = pg.statement(
            "insert into record_source(uscc, identity, source, seq, at, salt, salt2, commitment)
             select u, i, $3, q, a, s, t, c
             from unnest($1::text[], $2::bytea[], $4::int8[], $5::int8[], $6::bytea[], $7::bytea[], $8::bytea[])
               as k(u, i, q, a, s, t, c)",
        )?;
        let usccs: Vec<&str> = rows.iter().map(|row| row.uscc.as_str()).collect();
        let identities: Vec<&[u8]> = rows.iter().map(|row| row.identity.0.as_slice()).collect();
        let numbers: Vec<i64> = rows.iter().map(|row| row.seq).collect();
        let places: Vec<i64> = rows.iter().map(|row| row.sealed.at).collect();
        let salts: Vec<&[u8]> = rows.iter().map(|row| row.sealed.salt.as_slice()).collect();
        let salts2: Vec<&[u8]> = rows.iter().map(|row| row.sealed.salt2.as_slice()).collect();
        let commitments: Vec<&[u8]> = rows.iter().map(|row| row.sealed.commitment.as_slice()).collect();
        pg.client()
            .execute(&insert, &[&usccs, &identities, &source, &numbers, &places, &salts, &salts2, &commitments])?;
        return Ok(());
    }
    for row in rows {
        connection.execute(
            "insert into record_source(uscc, identity, source, seq, at, salt, salt2, commitment)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![
                row.uscc.as_str(),
                &row.identity.0,
                source,
                row.seq,
                row.sealed.at,
                &row.sealed.salt,
                &row.sealed.salt2,
                &row.sealed.commitment
            ],
        )?;
    }
    Ok(())
}
