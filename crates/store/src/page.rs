//! Lists of cases in pages: each room's `list` has one statement for each kind of reader, so that rows are chosen by the scope in
//! the database, and goes on behind the last case of the page before, never by counting.
//!
//! What a reader sees in each room is said by the room's `sees`; a property test holds the statements against it row by row.

use crate::connection::{Connection, Row};
use crate::scope::{Scope, View};
use crate::{Result, values};
use credence_domain::record::value::day_number;
use jiff::civil::Date;

/// The place of a case in its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The day by which the list is in order, newest first.
    pub on: Date,
    /// Its number.
    pub number: String,
}

/// Which page is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// Of one sort (matter, kind); empty for all.
    pub sort: &'a str,
    /// Of one state as it is kept; empty for all.
    pub state: &'a str,
    /// Behind this place; the first page where there is none.
    pub after: Option<&'a Place>,
    /// At most so many.
    pub limit: u32,
}

/// The statements of a room for the readers who see something, each with the parameters of [`behind`] behind its first: nothing,
/// the unit, one organisation.
#[derive(Clone, Copy)]
pub(crate) struct Statements {
    pub(crate) office: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) organisation: &'static str,
}

/// The end of a statement over cases in order of a day (`$2` state, `$3` and `$4` the place, `$5` the limit), with what else is asked
/// for between. The first parameter is the reader's.
macro_rules! behind {
    ($day:literal, $more:literal) => {
        concat!(
            " and ($2 = '' or state = $2) and ",
            $day,
            " <= $3 and (",
            $day,
            " < $3 or number > $4)",
            $more,
            " order by ",
            $day,
            " desc, number limit $5"
        )
    };
}

/// A page of what a view sees, newest first. `key` is the place of a row, by which those of several organisations are merged. With
/// `sorted` the statements take the sort as their sixth parameter.
pub(crate) fn rows<T>(
    connection: &mut Connection,
    view: &View,
    (statements, sorted): (&Statements, bool),
    asked: &Asked<'_>,
    read: fn(&Row<'_>) -> Result<T>,
    key: fn(&T) -> (Date, &str),
) -> Result<Vec<T>> {
    let (on, number) = match asked.after {
        Some(place) => (day_number(place.on), place.number.as_str()),
        None => (i32::MAX, ""),
    };
    let mut ask = |statement: &'static str, whose: &str| {
        let all = values![whose, asked.state, on, number, i64::from(asked.limit), asked.sort];
        let taken = if sorted { all } else { all.get(..5).unwrap_or_default() };
        connection.rows(statement, taken, read)
    };
    match &view.scope {
        Scope::Public | Scope::Partner { .. } => Ok(Vec::new()),
        Scope::Office => ask(statements.office, ""),
        Scope::Unit { uscc, .. } => ask(statements.unit, uscc),
        Scope::Organisation { usccs } => {
            let mut found = Vec::new();
            for uscc in usccs.each() {
                found.extend(ask(statements.organisation, uscc)?);
            }
            found.sort_by(|one, other| {
                let ((a, first), (b, second)) = (key(one), key(other));
                b.cmp(&a).then_with(|| first.cmp(second))
            });
            found.truncate(usize::try_from(asked.limit).unwrap_or(usize::MAX));
            Ok(found)
        }
    }
}
