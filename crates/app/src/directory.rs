//! The directory of units (单位目录), 鲁信用办〔2019〕8号 art. 十六: every obligation has an owner.

use crate::{Result, Writer};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::group::Work;
use credence_store::unit;
pub use credence_store::unit::Unit;

/// A unit, if the directory knows it.
///
/// # Errors
/// A fault of the store.
pub fn find(writer: &mut Writer, uscc: Uscc) -> Result<Option<Unit>> {
    Ok(unit::find(writer.connection(), uscc.as_str())?)
}

/// Acts that share one commit.
const AT_ONCE: usize = 64;

/// Enters or changes many units, each by an act of its own, sixty-four to a commit.
///
/// # Errors
/// A fault of the store; units before the one that failed may stand.
pub fn set_all(writer: &mut Writer, entries: &[Unit], rulebook: &Rulebook) -> Result<()> {
    for entries in entries.chunks(AT_ONCE) {
        let mut works: Vec<Box<Work<'_>>> = Vec::with_capacity(entries.len());
        for entry in entries {
            works.push(Box::new(|writer: &mut Writer| {
                unit::set(writer, entry, &entry.uscc, &rulebook.digest).map(|_| ())
            }));
        }
        let mut borrowed: Vec<&mut Work<'_>> = works.iter_mut().map(|work| &mut **work).collect();
        writer.group(&mut borrowed)?.into_iter().collect::<credence_store::Result<()>>()?;
    }
    credence_store::sequencer::run(writer.connection())?;
    Ok(())
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
