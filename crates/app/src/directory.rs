//! The directory of units (单位目录), 鲁信用办〔2019〕8号 art. 十六: every obligation has an owner.

use crate::{Result, Writer};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::unit;
pub use credence_store::unit::Unit;

/// A unit, if the directory knows it.
///
/// # Errors
/// A fault of the store.
pub fn find(writer: &mut Writer, uscc: Uscc) -> Result<Option<Unit>> {
    Ok(unit::find(writer.connection(), uscc.as_str())?)
}

/// Enters or changes a unit; false when nothing is different.
///
/// # Errors
/// A fault of the store.
pub fn set(writer: &mut Writer, entry: &Unit, rulebook: &Rulebook) -> Result<bool> {
    let changed = unit::set(writer, entry, &entry.uscc, &rulebook.digest)?;
    credence_store::sequencer::run(writer.connection())?;
    Ok(changed)
}
