//! An organisation with the records that a view may see, and the names of the units behind them: one statement, so that
//! all of it is of one moment and costs one step to the database and back.

use crate::connection::{Connection, Row};
use crate::mark::{self, Mark};
use crate::record::{self, SELECTED, Stored};
use crate::scope::View;
use crate::subject::{self, Organisation};
use crate::{Result, values};
use std::collections::BTreeMap;

/// A record with the names that stand beside it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The record with its packed content.
    pub record: Stored,
    /// Units that sent the same content after the owner, in order of their codes.
    pub more_sources: Vec<String>,
    /// The owner's name in the directory of units.
    pub source_name: Option<String>,
    /// The deciding authority's name in the directory of units.
    pub authority_name: Option<String>,
    /// What stands beside it in every channel today.
    pub marks: Vec<Mark>,
}

/// An organisation with its records.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Who it is.
    pub organisation: Organisation,
    /// Former names, latest first.
    pub former_names: Vec<String>,
    /// Records that the view may see, newest decision first.
    pub entries: Vec<Entry>,
}

/// Columns of a record and the two names beside it; those of the organisation follow.
pub(crate) const SHOWN: usize = SELECTED + 2;
/// Whether there are former names, further sources and marks: few have any, and only for them more is asked.
const FLAGS: usize = SHOWN + subject::COLUMNS;

macro_rules! statement {
    ($seen:expr) => {
        concat!(
            "select ",
            selected!(),
            ", us.name, ua.name, s.uscc, s.name, s.status, s.registered, s.area, s.type, s.established_on, s.seq, s.conflicts, ",
            // They ask for the parameter and not for the row, so that they are worked out once.
            "case when exists(select 1 from subject_name n where n.uscc = $1 and n.folded <>
               (select o.folded from subject o where o.uscc = $1)) then 1 else 0 end, ",
            "case when exists(select 1 from record_source m where m.uscc = $1) then 1 else 0 end, ",
            "case when exists(select 1 from record_mark m where m.uscc = $1) then 1 else 0 end
             from subject s
             left join record r on r.uscc = s.uscc and ",
            $seen,
            " left join record_content c on c.at = r.at and c.uscc = r.uscc
             left join unit us on us.uscc = r.source
             left join unit ua on ua.uscc = r.authority
             where s.uscc = $1"
        )
    };
}

/// For the public and the office, and for others: see [`View::choose`].
const STATEMENTS: [&str; 2] =
    [statement!(standing!("$2", "$3", "$4")), statement!(visible!("$2", "$3", "$4", "$5", "$6"))];

/// An organisation with its records, if it has a file.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, view: &View, uscc: &str) -> Result<Option<Profile>> {
    let mut found: Option<(Organisation, [bool; 3])> = None;
    let mut entries = Vec::new();
    let asked = values![uscc, view.kind(), view.begun_by(), view.lasts_to(), view.words(), view.areas()];
    let (sql, asked) = view.choose(STATEMENTS, asked);
    connection.each(sql, asked, |row| {
        if found.is_none() {
            let organisation = subject::read(row, SHOWN)?;
            let flag = |at| Ok::<_, crate::StoreError>(row.int(FLAGS + at)? != 0);
            found = Some((organisation, [flag(0)?, flag(1)?, flag(2)?]));
        }
        if row.opt_text(0)?.is_some() {
            entries.push(read(row)?);
        }
        Ok(())
    })?;
    let Some((organisation, [has_former_names, has_more_sources, has_marks])) = found else { return Ok(None) };
    entries.sort_unstable_by(|Entry { record: a, .. }, Entry { record: b, .. }| {
        b.decided_on.cmp(&a.decided_on).then_with(|| a.identity.0.cmp(&b.identity.0))
    });
    if has_more_sources && !entries.is_empty() {
        let mut more: BTreeMap<[u8; 16], Vec<String>> = BTreeMap::new();
        for (identity, source) in record::more_sources(connection, uscc)? {
            more.entry(identity.0).or_default().push(source);
        }
        for entry in &mut entries {
            entry.more_sources = more.remove(&entry.record.identity.0).unwrap_or_default();
        }
    }
    if has_marks {
        mark::beside(connection, view, uscc, entries.iter_mut())?;
    }
    // Whoever sees no record of an organisation that is not registered is told no name of it (`crate::subject`).
    let mut organisation = organisation;
    if !organisation.registered && entries.is_empty() && view.kind() != 1 {
        organisation.name.clear();
    }
    let has_former_names = has_former_names && !organisation.name.is_empty();
    let former_names = if has_former_names { subject::former_names(connection, view, uscc)? } else { Vec::new() };
    Ok(Some(Profile { organisation, former_names, entries }))
}

pub(crate) fn read(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry {
        record: record::read(row)?,
        more_sources: Vec::new(),
        source_name: row.opt_text(SELECTED)?.map(str::to_owned),
        authority_name: row.opt_text(SELECTED + 1)?.map(str::to_owned),
        marks: Vec::new(),
    })
}
