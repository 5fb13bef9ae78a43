//! Lists across organisations: what is public on a day, by item or deciding authority, region and date of decision,
//! newest decision first, in pages.
//!
//! Two indexes carry them: `record_by_authority` where an authority is named, `record_by_item` where none is. The
//! second ends in the last public day, so that what has ended is passed over without reading its row. Keys are chosen
//! first and rows read afterwards: a day with many decisions is sorted by narrow rows. A page is continued by its last
//! key, never by counting, so nothing betrays what has ended in between.

use crate::connection::{Connection, Row};
use crate::profile::{self, SHOWN};
use crate::scope::View;
use crate::{Result, values};
use credence_domain::record::Identity;

/// What is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Items; none lists nothing.
    pub items: Vec<String>,
    /// Deciding authority; empty for all.
    pub authority: String,
    /// Area in which the organisation is registered; empty for all.
    pub area: String,
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
    ($which:literal) => {
        concat!(
            "select ",
            selected!(),
            ", us.name, ua.name, s.name, s.registered, s.area from (
               select r.uscc as k_uscc, r.identity as k_identity, r.decided_on as k_on
               from record r join subject s on s.uscc = r.uscc
               where ",
            $which,
            " and r.decided_on >= $3 and r.decided_on <= $4
               and (r.through_on is null or r.through_on >= $5) and r.from_on <= $5 and r.state = 'accepted'
               and ($6 = '' or s.area = $6) and ($7 = '' or r.class = $7)
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

/// Of one item; the second parameter is not used, so that both statements take the same.
const OF_ITEM: &str = statement!("r.item = $1 and $2 = ''");
/// Of one authority; the first parameter holds the items between commas.
const OF_AUTHORITY: &str = statement!("r.authority = $2 and $1 like '%,' || r.item || ',%'");

/// Records that are public on the view's day, whoever reads, newest decision first; at most `limit`, after a position.
///
/// # Errors
/// Whatever the database says.
pub fn public(
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

fn page(
    connection: &mut Connection,
    view: &View,
    filter: &Filter,
    (sql, items): (&'static str, &str),
    after: Option<&Position>,
    limit: u32,
) -> Result<Vec<Entry>> {
    let to = after.map_or(filter.to, |after| filter.to.min(after.decided_on));
    let (day, uscc, identity) = match after {
        Some(after) => (after.decided_on, after.uscc.as_str(), after.identity.0),
        None => (filter.to.saturating_add(1), "", [0; 16]),
    };
    connection.rows(
        sql,
        values![
            items,
            filter.authority.as_str(),
            filter.from,
            to,
            view.day(),
            filter.area.as_str(),
            filter.class.as_str(),
            day,
            uscc,
            &identity,
            i64::from(limit),
        ],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry {
        shown: profile::read(row)?,
        name: row.string(SHOWN)?,
        registered: row.int(SHOWN + 1)? != 0,
        area: row.string(SHOWN + 2)?,
    })
}
