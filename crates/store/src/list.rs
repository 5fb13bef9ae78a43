//! Lists across organisations: what a view may see, by item or deciding authority, region and date of decision, newest
//! decision first, in pages.
//!
//! Two indexes carry them: `record_by_authority` where an authority is named, `record_by_item` where none is. The
//! second ends in the last public day, so that for the public what has ended is passed over without reading its row; who sees
//! more has statements of its own. Keys are chosen
//! first and rows read afterwards: a day with many decisions is sorted by narrow rows. A page is continued by its last
//! key, never by counting, so nothing betrays what has ended in between.

use crate::connection::{Connection, Row};
use crate::mark;
use crate::profile::{self, SHOWN};
use crate::scope::{View, Words};
use crate::{Result, values};
use credence_domain::record::Identity;

/// What is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Items; none lists nothing.
    pub items: Vec<String>,
    /// Deciding authority; empty for all.
    pub authority: String,
    /// Areas in which the organisation is registered; none for all.
    pub areas: Words,
    /// Class of misconduct; empty for all.
    pub class: String,
    /// First day of decision.
    pub from: i32,
    /// Last day of decision.
    pub to: i32,
}

/// The last key of a page: day of decision, organisation, identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Day of decision.
    pub decided_on: i32,
    /// The organisation.
    pub uscc: String,
    /// The record.
    pub identity: Identity,
}

/// A record on a list with the organisation that it is about.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The record; further sources are not asked for.
    pub shown: profile::Entry,
    /// Name on file.
    pub name: String,
    /// A registration has arrived.
    pub registered: bool,
    /// Area of registration.
    pub area: String,
}

macro_rules! statement {
    ($which:literal, $seen:expr) => {
        concat!(
            "select ",
            selected!(),
            ", us.name, ua.name, s.name, s.registered, s.area,
       case when exists(select 1 from record_mark m where m.uscc = r.uscc) then 1 else 0 end from (
               select r.uscc as k_uscc, r.identity as k_identity, r.decided_on as k_on
               from record r join subject s on s.uscc = r.uscc
               where ",
            $which,
            " and r.decided_on >= $3 and r.decided_on <= $4 and ",
            $seen,
            " and ($6 = '' or replace($6, '\u{1f}' || s.area || '\u{1f}', '') <> $6) and ($7 = '' or r.class = $7)
               and (r.decided_on < $8 or (r.decided_on = $8 and (r.uscc > $9 or (r.uscc = $9 and r.identity > $10))))
               order by r.decided_on desc, r.uscc, r.identity limit $11) k
             join record r on r.uscc = k.k_uscc and r.identity = k.k_identity
             join subject s on s.uscc = k.k_uscc
             left join record_content c on c.at = r.at and c.uscc = r.uscc
             left join unit us on us.uscc = r.source
             left join unit ua on ua.uscc = r.authority
             order by k.k_on desc, k.k_uscc, k.k_identity"
        )
    };
}

macro_rules! public {
    () => {
        "(r.through_on is null or r.through_on >= $5) and r.from_on <= $5 and r.state = 'accepted'"
    };
}

macro_rules! seen {
    () => {
        visible!("$5", "$12", "$13", "$14", "$15")
    };
}

/// Of one item; the second parameter is not used, so that all statements take the same. For the public, for others.
const OF_ITEM: [&str; 2] =
    [statement!("r.item = $1 and $2 = ''", public!()), statement!("r.item = $1 and $2 = ''", seen!())];
/// Of one authority; the first parameter holds the items between commas.
const OF_AUTHORITY: [&str; 2] = [
    statement!("r.authority = $2 and $1 like '%,' || r.item || ',%'", public!()),
    statement!("r.authority = $2 and $1 like '%,' || r.item || ',%'", seen!()),
];

/// Records that the view may see, newest decision first; at most `limit`, after a position.
///
/// # Errors
/// Whatever the database says.
pub fn records(
    connection: &mut Connection,
    view: &View,
    filter: &Filter,
    after: Option<&Position>,
    limit: u32,
) -> Result<Vec<Entry>> {
    if !filter.authority.is_empty() {
        let items = format!(",{},", filter.items.join(","));
        return page(connection, view, filter, (OF_AUTHORITY, &items), after, limit);
    }
    let mut found = Vec::new();
    for item in &filter.items {
        found.extend(page(connection, view, filter, (OF_ITEM, item), after, limit)?);
    }
    found.sort_by(|one, other| {
        let (a, b) = (&one.shown.record, &other.shown.record);
        let newest_first = b.decided_on.cmp(&a.decided_on);
        newest_first.then_with(|| a.uscc.cmp(&b.uscc)).then_with(|| a.identity.0.cmp(&b.identity.0))
    });
    found.truncate(limit as usize);
    Ok(found)
}

const LATEST: &str = concat!(
    "select ",
    selected!(),
    ", us.name, ua.name, s.name, s.registered, s.area,
       case when exists(select 1 from record_mark m where m.uscc = r.uscc) then 1 else 0 end from (
       select r.uscc as k_uscc, r.identity as k_identity, r.from_on as k_on
       from record r join subject s on s.uscc = r.uscc
       where (r.through_on is null or r.through_on >= $1) and r.from_on <= $1 and r.state = 'accepted'
         and replace($2, '\u{1f}' || s.area || '\u{1f}', '') <> $2
         and replace($3, '\u{1f}' || r.item || '\u{1f}', '') <> $3
       order by r.from_on desc, r.uscc, r.identity limit $4) k
     join record r on r.uscc = k.k_uscc and r.identity = k.k_identity
     join subject s on s.uscc = k.k_uscc
     left join record_content c on c.at = r.at and c.uscc = r.uscc
     left join unit us on us.uscc = r.source
     left join unit ua on ua.uscc = r.authority
     order by k.k_on desc, k.k_uscc, k.k_identity"
);

/// What was published last of these items about organisations that are registered in these areas, and is public on the
/// view's day, whoever reads. It looks through the register.
///
/// # Errors
/// Whatever the database says.
pub fn published_last(
    connection: &mut Connection,
    view: &View,
    areas: &Words,
    items: &Words,
    limit: u32,
) -> Result<Vec<Entry>> {
    let asked = values![view.day(), areas.marked(), items.marked(), i64::from(limit)];
    let read = connection.rows(LATEST, asked, read)?;
    marked(connection, view, read)
}

const EVERY_PUBLIC: &str = concat!(
    "select ",
    selected!(),
    ", us.name, ua.name, s.name, s.registered, s.area,
       case when exists(select 1 from record_mark m where m.uscc = r.uscc) then 1 else 0 end from (
       select r.uscc as k_uscc, r.identity as k_identity from record r
       where (r.uscc, r.identity) > ($2, $3)
         and (r.through_on is null or r.through_on >= $1) and r.from_on <= $1 and r.state = 'accepted'
       order by r.uscc, r.identity limit $4) k
     join record r on r.uscc = k.k_uscc and r.identity = k.k_identity
     join subject s on s.uscc = k.k_uscc
     left join record_content c on c.at = r.at and c.uscc = r.uscc
     left join unit us on us.uscc = r.source
     left join unit ua on ua.uscc = r.authority
     order by k.k_uscc, k.k_identity"
);

/// Everything that is public on the view's day, whoever reads, in order of (code, identity) behind a record.
///
/// # Errors
/// Whatever the database says.
pub fn every_public(
    connection: &mut Connection,
    view: &View,
    after: Option<&(String, Identity)>,
    limit: u32,
) -> Result<Vec<Entry>> {
    let (uscc, identity) = after.map_or(("", [0; 16]), |(uscc, identity)| (uscc.as_str(), identity.0));
    let read = connection.rows(EVERY_PUBLIC, values![view.day(), uscc, &identity, i64::from(limit)], read)?;
    marked(connection, view, read)
}

/// Organisations and public records of an area.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Registered organisations.
    pub registered: u64,
    /// Public records of each item, in order of items.
    pub records: Vec<(String, u64)>,
}

/// How many organisations are registered in these areas, and how many records about them are public on the view's day,
/// whoever reads. It looks through the register.
///
/// # Errors
/// Whatever the database says.
pub fn figures(connection: &mut Connection, view: &View, areas: &Words) -> Result<Figures> {
    let registered = connection.first(
        "select count(*) from subject s
         where s.registered = 1 and replace($1, '\u{1f}' || s.area || '\u{1f}', '') <> $1",
        values![areas.marked()],
        |row| row.int(0),
    )?;
    let records = connection.rows(
        "select r.item, count(*) from record r join subject s on s.uscc = r.uscc
         where (r.through_on is null or r.through_on >= $1) and r.from_on <= $1 and r.state = 'accepted'
           and replace($2, '\u{1f}' || s.area || '\u{1f}', '') <> $2
         group by r.item order by r.item",
        values![view.day(), areas.marked()],
        |row| Ok((row.string(0)?, row.int(1)?.unsigned_abs())),
    )?;
    Ok(Figures { registered: registered.unwrap_or_default().unsigned_abs(), records })
}

fn page(
    connection: &mut Connection,
    view: &View,
    filter: &Filter,
    ([for_public, for_others], items): ([&'static str; 2], &str),
    after: Option<&Position>,
    limit: u32,
) -> Result<Vec<Entry>> {
    let to = after.map_or(filter.to, |after| filter.to.min(after.decided_on));
    let (day, uscc, identity) = match after {
        Some(after) => (after.decided_on, after.uscc.as_str(), after.identity.0),
        None => (filter.to.saturating_add(1), "", [0; 16]),
    };
    let (narrow, day_on) = (view.kind() == 0, view.day());
    let first = if narrow { i64::from(day_on) } else { view.kind() };
    let asked = values![
        items,
        filter.authority.as_str(),
        filter.from,
        to,
        first,
        filter.areas.marked(),
        filter.class.as_str(),
        day,
        uscc,
        &identity,
        i64::from(limit),
        view.begun_by(),
        view.lasts_to(),
        view.words(),
        view.areas(),
    ];
    let read = if narrow {
        connection.rows(for_public, asked.get(..11).unwrap_or_default(), read)?
    } else {
        connection.rows(for_others, asked, read)?
    };
    marked(connection, view, read)
}

/// A record, and whether its organisation has marked ones.
type Read = (Entry, bool);

fn read(row: &Row<'_>) -> Result<Read> {
    let entry = Entry {
        shown: profile::read(row)?,
        name: row.string(SHOWN)?,
        registered: row.int(SHOWN + 1)? != 0,
        area: row.string(SHOWN + 2)?,
    };
    Ok((entry, row.int(SHOWN + 3)? != 0))
}

/// Puts their marks beside the few that have any.
fn marked(connection: &mut Connection, view: &View, read: Vec<Read>) -> Result<Vec<Entry>> {
    let mut entries = Vec::with_capacity(read.len());
    for (mut entry, has_marks) in read {
        if has_marks {
            let uscc = entry.shown.record.uscc.clone();
            mark::beside(connection, view, &uscc, std::iter::once(&mut entry.shown))?;
        }
        entries.push(entry);
    }
    Ok(entries)
}
