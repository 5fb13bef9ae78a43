//! Columns of cases that nobody reads together with the rest of a case, as they stand.

use crate::Result;
use crate::connection::Connection;
use credence_domain::record::Identity;

/// Which cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Listings.
    Listing,
    /// Measures.
    Measure,
    /// Repairs.
    Repair,
}

/// Columns of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The record that it publishes or is about.
    pub identity: Option<Identity>,
    /// A listing: it is stayed; a repair: its period must run to its end.
    pub is: bool,
    /// A repair: the day from which its period counts anew.
    pub restarted_on: Option<i32>,
}

/// The columns of every case of a table, by organisation and number.
///
/// # Errors
/// Whatever the database says.
pub fn columns(connection: &mut Connection, table: Table) -> Result<Vec<(String, String, Columns)>> {
    let sql = match table {
        Table::Listing => "select uscc, number, identity, stayed, cast(null as integer) from listing_case",
        Table::Measure => "select uscc, number, identity, 0, cast(null as integer) from measure",
        Table::Repair => "select uscc, number, identity, no_early_end, restarted_on from repair",
    };
    connection.rows(sql, &[], |row| {
        let identity = row.opt_array(2)?.map(Identity);
        let columns = Columns { identity, is: row.int(3)? != 0, restarted_on: row.opt_small(4)? };
        Ok((row.string(0)?, row.string(1)?, columns))
    })
}

/// A penalty that ended with the repair of an entry: organisation and number of the repair, its record, the day from which its period counts
/// anew, and whether it must run to its end.
pub type RelatedRow = (String, String, Identity, Option<i32>, bool);

/// Every one of them.
///
/// # Errors
/// Whatever the database says.
pub fn related(connection: &mut Connection) -> Result<Vec<RelatedRow>> {
    let sql =
        "select uscc, number, identity, restarted_on, no_early_end from repair_related order by uscc, number, identity";
    connection.rows(sql, &[], |row| {
        Ok((row.string(0)?, row.string(1)?, Identity(row.array(2)?), row.opt_small(3)?, row.int(4)? != 0))
    })
}

/// A document on which a listing rests: organisation, number of the case, and the record.
pub type Base = (String, String, Identity);

/// Every document on which a listing rests.
///
/// # Errors
/// Whatever the database says.
pub fn bases(connection: &mut Connection) -> Result<Vec<Base>> {
    connection.rows("select uscc, number, identity from listing_base order by uscc, number, identity", &[], |row| {
        Ok((row.string(0)?, row.string(1)?, Identity(row.array(2)?)))
    })
}
