//! Names and aliases of organisations in bulk: many looked up, many written. Forks as the rest of the bulk path does.

use crate::connection::Connection;
use crate::{Result, values};
use credence_domain::subject::Uscc;

/// What is known of a name under a code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownName {
    /// The organisation bore it before.
    pub former: bool,
    /// It is a conflict already, open or resolved.
    pub conflict: bool,
}

/// A name that contradicts the one on file.
#[derive(Clone, Debug)]
pub struct Conflict<'a> {
    pub uscc: Uscc,
    pub folded: String,
    pub name: &'a str,
}

/// A name that was given up.
#[derive(Clone, Debug)]
pub struct Former {
    pub uscc: Uscc,
    pub folded: String,
    pub name: String,
}

/// An old number: code, kind, value.
pub type Alias<'a> = (Uscc, &'static str, &'a str);

/// Looks up names by code and folded name, in order.
pub(crate) fn known(connection: &mut Connection, names: &[(Uscc, String)]) -> Result<Vec<KnownName>> {
    let mut found = vec![KnownName::default(); names.len()];
    if names.is_empty() {
        return Ok(found);
    }
    match connection {
        Connection::Sqlite(_) => {
            for ((uscc, folded), place) in names.iter().zip(&mut found) {
                let texts = values![uscc.as_str(), folded.as_str()];
                let is_there = |connection: &mut Connection, sql| {
                    connection.first(sql, texts, |row| row.int(0)).map(|row| row.is_some())
                };
                place.former = is_there(connection, "select 1 from subject_name where uscc = $1 and folded = $2")?;
                place.conflict = is_there(connection, "select 1 from name_conflict where uscc = $1 and folded = $2")?;
            }
        }
        Connection::Postgres(pg) => {
            let statement = pg.statement(
                "select k.p, n.uscc is not null, c.uscc is not null
                 from unnest($1::text[], $2::text[]) with ordinality k(u, f, p)
                 left join subject_name n on n.uscc = k.u collate \"C\" and n.folded = k.f collate \"C\"
                 left join name_conflict c on c.uscc = k.u collate \"C\" and c.folded = k.f collate \"C\"",
            )?;
            let usccs: Vec<&str> = names.iter().map(|(uscc, _)| uscc.as_str()).collect();
            let folded: Vec<&str> = names.iter().map(|(_, folded)| folded.as_str()).collect();
            for row in pg.client().query(&statement, &[&usccs, &folded])? {
                let position = usize::try_from(row.try_get::<_, i64>(0)?).unwrap_or(0).wrapping_sub(1);
                if let Some(place) = found.get_mut(position) {
                    *place = KnownName { former: row.try_get(1)?, conflict: row.try_get(2)? };
                }
            }
        }
    }
    Ok(found)
}

/// Keeps names that were given up.
pub(crate) fn insert_former(connection: &mut Connection, rows: &[Former], now: i64) -> Result<()> {
    match connection {
        Connection::Sqlite(_) => {
            for row in rows {
                connection.execute(
                    "insert into subject_name(uscc, folded, name, current, first_at) values ($1, $2, $3, 0, $4)
                     on conflict (uscc, folded) do nothing",
                    values![row.uscc.as_str(), row.folded.as_str(), row.name.as_str(), now],
                )?;
            }
        }
        Connection::Postgres(pg) if !rows.is_empty() => {
            let insert = pg.statement(
                "insert into subject_name(uscc, folded, name, current, first_at)
                 select u, f, n, 0, $4 from unnest($1::text[], $2::text[], $3::text[]) as k(u, f, n)
                 on conflict (uscc, folded) do nothing",
            )?;
            let usccs: Vec<&str> = rows.iter().map(|row| row.uscc.as_str()).collect();
            let folded: Vec<&str> = rows.iter().map(|row| row.folded.as_str()).collect();
            let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
            pg.client().execute(&insert, &[&usccs, &folded, &names, &now])?;
        }
        Connection::Postgres(_) => {}
    }
    Ok(())
}

/// Keeps new name conflicts, all from one source and batch.
pub(crate) fn insert_conflicts(
    connection: &mut Connection,
    rows: &[Conflict<'_>],
    source: &str,
    batch: &[u8; 16],
    now: i64,
) -> Result<()> {
    match connection {
        Connection::Sqlite(_) => {
            for row in rows {
                connection.execute(
                    "insert into name_conflict(uscc, folded, name, source, batch, at) values ($1, $2, $3, $4, $5, $6)
                     on conflict (uscc, folded) do nothing",
                    values![row.uscc.as_str(), row.folded.as_str(), row.name, source, batch, now],
                )?;
            }
        }
        Connection::Postgres(pg) if !rows.is_empty() => {
            let insert = pg.statement(
                "insert into name_conflict(uscc, folded, name, source, batch, at)
                 select u, f, n, $4, $5, $6 from unnest($1::text[], $2::text[], $3::text[]) as k(u, f, n)
                 on conflict (uscc, folded) do nothing",
            )?;
            let usccs: Vec<&str> = rows.iter().map(|row| row.uscc.as_str()).collect();
            let folded: Vec<&str> = rows.iter().map(|row| row.folded.as_str()).collect();
            let names: Vec<&str> = rows.iter().map(|row| row.name).collect();
            pg.client().execute(&insert, &[&usccs, &folded, &names, &source, &batch.as_slice(), &now])?;
        }
        Connection::Postgres(_) => {}
    }
    Ok(())
}

/// Keeps old numbers.
pub(crate) fn insert_aliases(connection: &mut Connection, rows: &[Alias<'_>]) -> Result<()> {
    match connection {
        Connection::Sqlite(_) => {
            for (uscc, kind, value) in rows {
                connection.execute(
                    "insert into subject_alias(uscc, kind, value) values ($1, $2, $3)
                     on conflict (uscc, kind, value) do nothing",
                    values![uscc.as_str(), *kind, *value],
                )?;
            }
        }
        Connection::Postgres(pg) if !rows.is_empty() => {
            let insert = pg.statement(
                "insert into subject_alias(uscc, kind, value)
                 select u, k, v from unnest($1::text[], $2::text[], $3::text[]) as k(u, k, v)
                 on conflict (uscc, kind, value) do nothing",
            )?;
            let usccs: Vec<&str> = rows.iter().map(|(uscc, ..)| uscc.as_str()).collect();
            let kinds: Vec<&str> = rows.iter().map(|(_, kind, _)| *kind).collect();
            let texts: Vec<&str> = rows.iter().map(|(.., value)| *value).collect();
            pg.client().execute(&insert, &[&usccs, &kinds, &texts])?;
        }
        Connection::Postgres(_) => {}
    }
    Ok(())
}
