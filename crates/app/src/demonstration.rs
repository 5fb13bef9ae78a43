//! A register that holds a synthetic province says so, for ever: its days may be moved, its grades are demonstrations.

use crate::{Address, Result, Writer};

const MARK: &str = "demonstration";

/// How far the demonstration in a register has come; `None` when it holds none.
///
/// # Errors
/// When there is no register.
pub fn mark(address: &Address) -> Result<Option<String>> {
    Ok(credence_store::open::mark(address.reader()?.connection(), MARK)?)
}

/// Marks a register as a demonstration.
///
/// # Errors
/// A fault of the store.
pub fn set_mark(writer: &mut Writer, state: &str) -> Result<()> {
    Ok(credence_store::open::set_mark(writer.connection(), MARK, state)?)
}
