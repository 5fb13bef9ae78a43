//! What a drill needs to know of a copy of the register, and to do to it: never of the register itself.

use crate::{AppError, Result};
use credence_store::backup;
use credence_store::connection::{Connection, postgres};
use credence_store::{Address, StoreError};
use std::collections::BTreeMap;

/// What every table holds, as one digest a table.
///
/// # Errors
/// When something cannot be read any more.
pub fn table_digests(address: &Address) -> Result<BTreeMap<String, String>> {
    Ok(backup::table_digests(&mut address.reader()?)?)
}

/// Moves everything that the write-ahead log of a SQLite register holds into its file.
///
/// # Errors
/// A fault.
pub fn settle(address: &Address, clock: credence_store::clock::Clock) -> Result<()> {
    Ok(address.writer(clock)?.checkpoint(true)?)
}

/// Cuts every other connection to a register on PostgreSQL, as a network or a server that falls over does.
///
/// # Errors
/// `bad_parameter` for another database; a fault.
pub fn cut_connections(address: &Address) -> Result<u64> {
    let Address::Postgres(url) = address else {
        return Err(AppError::refused("bad_parameter", "database", "只有 PostgreSQL 登记库才有连接可断"));
    };
    let mut own = Connection::Postgres(Box::new(postgres::Pg::connect(url)?));
    let cut = own.first(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()",
        &[],
        |row| row.int(0),
    )?;
    cut.map(i64::unsigned_abs).ok_or_else(|| StoreError::Inconsistent("no answer".to_owned()).into())
}
