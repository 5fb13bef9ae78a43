//! The names of the log as they are kept.

use crate::Result;
use crate::connection::Connection;

/// A key under which the log was or is signed, as it is kept: its name, the key, the act that registered it and when.
pub type LogKey = (String, String, [u8; 16], i64);

/// Every key under which the log was or is signed.
///
/// # Errors
/// Whatever the database says.
pub fn log_keys(connection: &mut Connection) -> Result<Vec<LogKey>> {
    connection.rows("select origin, vkey, act, at from log_key order by at, origin", &[], |row| {
        Ok((row.string(0)?, row.string(1)?, row.array(2)?, row.int(3)?))
    })
}
