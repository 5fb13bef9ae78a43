//! Organisations: found by code or name, with their former names. Finding is not seeing records: whoever has a file may
//! be found by anyone, and nothing here says whether there is anything adverse on it. An organisation that is not registered has
//! its name from records alone: whoever sees none of them is told no name and finds none.

use crate::change::{Change, Registration};
use crate::connection::{Connection, Row};
use crate::scope::View;
use crate::sending::NO_BATCH;
use crate::{Result, values};
use credence_domain::record::text::{bracketed, fold_name};
use credence_domain::subject::uscc::fold;
use jiff::civil::Date;

/// An organisation as the register knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its code.
    pub uscc: String,
    /// Its name.
    pub name: String,
    /// Registration status; empty while unregistered.
    pub status: String,
    /// A registration has arrived.
    pub registered: bool,
    /// Area of registration.
    pub area: String,
    /// Kind of organisation.
    pub kind: String,
    /// Day of establishment.
    pub established_on: Option<Date>,
    /// Number of the last change to its file.
    pub seq: i64,
    /// Open name conflicts.
    pub conflicts: i64,
}

/// How many columns [`read`] takes.
pub(crate) const COLUMNS: usize = 9;

/// Reads an organisation from nine columns that begin at `at`.
pub(crate) fn read(row: &Row<'_>, at: usize) -> Result<Organisation> {
    Ok(Organisation {
        uscc: row.string(at)?,
        name: row.string(at + 1)?,
        status: row.string(at + 2)?,
        registered: row.int(at + 3)? != 0,
        area: row.string(at + 4)?,
        kind: row.string(at + 5)?,
        established_on: row.opt_date(at + 6)?,
        seq: row.int(at + 7)?,
        conflicts: row.int(at + 8)?,
    })
}

fn first_columns(row: &Row<'_>) -> Result<Organisation> {
    read(row, 0)
}

/// Whether a reader may know the name of an organisation `s`: it is registered, or he sees a record that names it.
macro_rules! named {
    ($kind:literal, $begun:literal, $lasts:literal, $words:literal, $areas:literal) => {
        concat!(
            "(s.registered = 1 or exists (select 1 from record r where r.uscc = s.uscc and ",
            visible!($kind, $begun, $lasts, $words, $areas),
            "))"
        )
    };
}

/// [`brackets_in_one_form`](credence_domain::record::text::brackets_in_one_form) in SQL.
macro_rules! in_one_form {
    ($name:literal) => {
        concat!(
            "lower(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(",
            $name,
            ", '（', '('), '〔', '('), '【', '('), '[', '('), '）', ')'), '〕', ')'), '】', ')'), ']', ')'), ' ', ''), '　', ''))"
        )
    };
}

/// One organisation; without its name where the reader may not know it.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, view: &View, uscc: &str) -> Result<Option<Organisation>> {
    connection.first(
        concat!(
            "select uscc, case when ",
            named!("$2", "$3", "$4", "$5", "$6"),
            " then name else '' end, status, registered, area, type, established_on, seq, conflicts
             from subject s where uscc = $1"
        ),
        values![uscc, view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas()],
        first_columns,
    )
}

/// The organisations with these codes, in the order of the codes; codes without a file, or of organisations whose name the reader may not
/// know, are left out.
///
/// # Errors
/// Whatever the database says.
pub fn with_codes(connection: &mut Connection, view: &View, codes: &[String]) -> Result<Vec<Organisation>> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let sqlite = concat!(
        "select uscc, name, status, registered, area, type, established_on, seq, conflicts from subject s
         where uscc in (select value from json_each($1)) and ",
        named!("$2", "$3", "$4", "$5", "$6")
    );
    let postgres = concat!(
        "select uscc, name, status, registered, area, type, established_on, seq, conflicts from subject s
         where uscc = any(string_to_array($1, ',')) and ",
        named!("$2", "$3", "$4", "$5", "$6")
    );
    let list = listed(connection, codes);
    let asked = values![list.as_str(), view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas()];
    let mut found = match connection {
        Connection::Sqlite(_) => connection.rows(sqlite, asked, first_columns)?,
        Connection::Postgres(_) => connection.rows(postgres, asked, first_columns)?,
    };
    found.sort_unstable_by_key(|one| codes.iter().position(|code| *code == one.uscc));
    Ok(found)
}

/// How many of these a reader may know by name.
///
/// # Errors
/// Whatever the database says.
pub fn count_named(connection: &mut Connection, view: &View, codes: &[String]) -> Result<u64> {
    if codes.is_empty() {
        return Ok(0);
    }
    let sqlite = concat!(
        "select count(*) from subject s where uscc in (select value from json_each($1)) and ",
        named!("$2", "$3", "$4", "$5", "$6")
    );
    let postgres = concat!(
        "select count(*) from subject s where uscc = any(string_to_array($1, ',')) and ",
        named!("$2", "$3", "$4", "$5", "$6")
    );
    let list = listed(connection, codes);
    let asked = values![list.as_str(), view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas()];
    let counted = match connection {
        Connection::Sqlite(_) => connection.first(sqlite, asked, |row| row.int(0))?,
        Connection::Postgres(_) => connection.first(postgres, asked, |row| row.int(0))?,
    };
    Ok(counted.unwrap_or_default().unsigned_abs())
}

/// A list of codes as one parameter: each database has its own way.
fn listed(connection: &Connection, codes: &[String]) -> String {
    match connection {
        Connection::Sqlite(_) => format!("[\"{}\"]", codes.join("\",\"")),
        Connection::Postgres(_) => codes.join(","),
    }
}

/// How many a reader may know by name, in a small register.
///
/// # Errors
/// Whatever the database says.
pub fn count_all_named(connection: &mut Connection, view: &View) -> Result<u64> {
    let counted = connection.first(
        concat!("select count(*) from subject s where ", named!("$1", "$2", "$3", "$4", "$5")),
        values![view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas()],
        |row| row.int(0),
    )?;
    Ok(counted.unwrap_or_default().unsigned_abs())
}

/// Former names, latest first.
///
/// # Errors
/// Whatever the database says.
pub fn former_names(connection: &mut Connection, _view: &View, uscc: &str) -> Result<Vec<String>> {
    connection.rows(
        "select n.name from subject_name n join subject s on s.uscc = n.uscc
         where n.uscc = $1 and n.folded <> s.folded order by n.first_at desc, n.folded",
        values![uscc],
        |row| row.string(0),
    )
}

/// Filters of a search; empty ones do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Area of registration.
    pub area: String,
    /// Registration status.
    pub status: String,
    /// First two symbols of the code.
    pub kind: String,
}

/// Where a page of results ends: rank of the match and the code.
pub type Position = (i64, String);

/// All organisations that the filter lets through, in order of their codes, from behind `after`: read along the key.
///
/// # Errors
/// Whatever the database says.
pub fn list(
    connection: &mut Connection,
    view: &View,
    filter: &Filter,
    after: &str,
    limit: u32,
) -> Result<Vec<Organisation>> {
    connection.rows(
        concat!(
            "select uscc, name, status, registered, area, type, established_on, seq, conflicts from subject s
             where uscc > $1 and ($2 = '' or area = $2) and ($3 = '' or status = $3)
               and ($4 = '' or substr(uscc, 1, 2) = $4) and ",
            named!("$6", "$7", "$8", "$9", "$10"),
            " order by uscc limit $5"
        ),
        values![
            after,
            filter.area.as_str(),
            filter.status.as_str(),
            filter.kind.as_str(),
            i64::from(limit),
            view.kind(),
            view.begun_by(),
            view.lasts_to(),
            view.words(),
            view.areas(),
        ],
        first_columns,
    )
}

/// Organisations whose current or former name or code holds `query`, exact matches first, of a question with a bracket then those whose
/// name holds it with the bracket, then in order of their codes; with an empty query all, in order of their codes. `after` continues a page.
///
/// # Errors
/// Whatever the database says.
pub fn search(
    connection: &mut Connection,
    view: &View,
    query: &str,
    filter: &Filter,
    after: Option<&Position>,
    limit: u32,
) -> Result<Vec<(i64, Organisation)>> {
    let (code, name) = (fold(query), fold_name(query));
    let (code_like, name_like) = (like(&code), like(&name));
    let literal = bracketed(query).map_or_else(String::new, |literal| like(&literal));
    let (rank, uscc) = after.map_or((-1, ""), |(rank, uscc)| (*rank, uscc.as_str()));
    if code.is_empty() {
        return Ok(list(connection, view, filter, uscc, limit)?.into_iter().map(|found| (0, found)).collect());
    }
    connection.rows(
        concat!(
            "select uscc, name, status, registered, area, type, established_on, seq, conflicts, rank from (
           select s.*, case when s.uscc = $1 or s.folded = $2 then 0 when $16 = '' or ",
            in_one_form!("s.name"),
            " like $16 escape '!' then 1 else 2 end as rank from subject s
           where (s.folded like $4 escape '!' or s.uscc like $3 escape '!'
                  or exists (select 1 from subject_name n where n.uscc = s.uscc and n.folded like $4 escape '!')
                  or exists (select 1 from subject_alias a where a.uscc = s.uscc and a.value = $1))
             and ($5 = '' or s.area = $5) and ($6 = '' or s.status = $6) and ($7 = '' or substr(s.uscc, 1, 2) = $7) and ",
            named!("$11", "$12", "$13", "$14", "$15"),
            ") found
         where rank > $8 or (rank = $8 and uscc > $9) order by rank, uscc limit $10"
        ),
        values![
            code.as_str(),
            name.as_str(),
            code_like.as_str(),
            name_like.as_str(),
            filter.area.as_str(),
            filter.status.as_str(),
            filter.kind.as_str(),
            rank,
            uscc,
            i64::from(limit),
            view.kind(),
            view.begun_by(),
            view.lasts_to(),
            view.words(),
            view.areas(),
            literal.as_str(),
        ],
        |row| Ok((row.int(COLUMNS)?, read(row, 0)?)),
    )
}

/// Areas and statuses that occur, in order, at most `limit` of each.
///
/// # Errors
/// Whatever the database says.
pub fn facets(connection: &mut Connection, _view: &View, limit: u32) -> Result<(Vec<String>, Vec<String>)> {
    let limit = i64::from(limit);
    let areas = connection.rows(
        "select area from subject where area <> '' group by area order by area limit $1",
        values![limit],
        |row| row.string(0),
    )?;
    let statuses = connection.rows(
        "select status from subject where status <> '' group by status order by status limit $1",
        values![limit],
        |row| row.string(0),
    )?;
    Ok((areas, statuses))
}

fn like(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Lets a record that waited and waits no longer name its organisation: the first record that does not wait gives it its name, and
/// another name than it has is a conflict for a person.
///
/// # Errors
/// Whatever the database says.
pub fn name(change: &mut Change<'_>, uscc: &str, name: &str, source: &str) -> Result<()> {
    let folded = fold_name(name);
    let standing =
        change.connection.first("select folded from subject where uscc = $1", values![uscc], |row| row.string(0))?;
    let Some(standing) = standing.filter(|standing| *standing != folded && !name.is_empty()) else { return Ok(()) };
    if standing.is_empty() {
        let set = "update subject set name = $2, folded = $3 where uscc = $1";
        change.connection.execute(set, values![uscc, name, folded.as_str()])?;
        return Ok(());
    }
    let new = change.connection.execute(
        "insert into name_conflict(uscc, folded, name, source, batch, at)
         select $1, $2, $3, $4, $5, $6 where not exists (select 1 from subject_name n where n.uscc = $1 and n.folded = $2)
         on conflict (uscc, folded) do nothing",
        values![uscc, folded.as_str(), name, source, &NO_BATCH, change.now],
    )?;
    if new > 0 {
        change.connection.execute("update subject set conflicts = conflicts + 1 where uscc = $1", values![uscc])?;
    }
    Ok(())
}

/// Gives an organisation the marks of a registration that was released, and its name where that is published; the name it bore is kept as
/// a former one.
///
/// # Errors
/// Whatever the database says.
pub fn register(change: &mut Change<'_>, uscc: &str, name: Option<&str>, registration: &Registration) -> Result<()> {
    let Some(name) = name else { return restore_marks(change, uscc, Some(registration)) };
    change.connection.execute(
        "insert into subject_name(uscc, folded, name, current, first_at)
         select uscc, folded, name, 0, $3 from subject where uscc = $1 and folded <> $2 and folded <> ''
         on conflict (uscc, folded) do nothing",
        values![uscc, fold_name(name).as_str(), change.now],
    )?;
    restore_registration(change, uscc, Some((name, registration)))
}

/// Gives an organisation back what stood before a registration that was withdrawn: an earlier one, or none and a former
/// name. The withdrawn name is not kept as a former one: it was never lawfully borne.
///
/// # Errors
/// Whatever the database says.
pub fn restore_registration(
    change: &mut Change<'_>,
    uscc: &str,
    registration: Option<(&str, &Registration)>,
) -> Result<()> {
    let name = match registration {
        Some((name, _)) => Some(name.to_owned()),
        None => change.connection.first(
            "select n.name from subject_name n join subject s on s.uscc = n.uscc
             where n.uscc = $1 and n.folded <> s.folded order by n.first_at desc, n.folded limit 1",
            values![uscc],
            |row| row.string(0),
        )?,
    };
    restore_marks(change, uscc, registration.map(|(_, registration)| registration))?;
    if let Some(name) = name {
        change.connection.execute(
            "update subject set name = $2, folded = $3 where uscc = $1",
            values![uscc, name.as_str(), fold_name(&name).as_str()],
        )?;
    }
    Ok(())
}

/// The marks of a registration, or of none.
fn restore_marks(change: &mut Change<'_>, uscc: &str, registration: Option<&Registration>) -> Result<()> {
    let was =
        change.connection.first("select registered from subject where uscc = $1", values![uscc], |row| row.int(0))?;
    let Some(was_registered) = was.map(|was| was != 0) else { return Ok(()) };
    let none = Registration::default();
    let new = registration.unwrap_or(&none);
    change.connection.execute(
        "update subject set registered = $2, status = $3, area = $4, type = $5, established_on = $6 where uscc = $1",
        values![
            uscc,
            registration.is_some(),
            new.status.as_str(),
            new.area.as_str(),
            new.kind.as_str(),
            new.established_on
        ],
    )?;
    crate::counter::entered(change, Some(was_registered), registration.is_some());
    Ok(())
}
