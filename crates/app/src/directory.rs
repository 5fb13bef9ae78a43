//! The directories of units (单位目录) and areas (区域目录), 鲁信用办〔2019〕8号 art. 十六: every obligation has an owner. Both are
//! public; entering or changing is an act.

use crate::rulebook::PLATFORM_UNIT;
use crate::{Result, Writer};
pub use credence_domain::directory::{Area, AreaPatch, UnitPatch};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::group::Work;
pub use credence_store::unit::Unit;
use credence_store::{area, unit};
use jiff::civil::Date;

/// A unit as it stands today, if the directory knows it.
///
/// # Errors
/// A fault of the store.
pub fn find(writer: &mut Writer, uscc: Uscc) -> Result<Option<Unit>> {
    let today = writer.clock().today();
    Ok(unit::find(writer.connection(), uscc.as_str(), today)?)
}

/// Acts that share one commit.
const AT_ONCE: usize = 64;

/// Enters or changes many units, each by an act of its own, sixty-four to a commit. A unit stands behind its parent.
///
/// # Errors
/// A refusal or a fault of the store; units before the one that failed may stand.
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
    writer.sequence()?;
    Ok(())
}

/// Enters a unit as it stands or changes it from today on; false when nothing is different.
///
/// # Errors
/// A refusal of the directory, or a fault of the store.
pub fn set(writer: &mut Writer, entry: &Unit, rulebook: &Rulebook) -> Result<bool> {
    change(writer, entry, &entry.patch(), None, rulebook)
}

/// Enters a unit or changes it: what is dated from a day on, what is not as `entry` has it. False when nothing is different.
///
/// # Errors
/// `level_unknown`, `regulator_unknown`, `area_unknown`, `area_ended`, `parent_unknown`, `unit_circle`, `date_before_state`,
/// or a fault of the store.
pub fn change(
    writer: &mut Writer,
    entry: &Unit,
    patch: &UnitPatch,
    from: Option<Date>,
    rulebook: &Rulebook,
) -> Result<bool> {
    let changed = unit::enter(writer, entry, patch, from, &entry.uscc, &rulebook.digest)?;
    writer.sequence()?;
    Ok(changed)
}

/// Enters an area or changes it from a day on; nothing when nothing is different.
///
/// # Errors
/// `bad_parameter` without a name, `level_unknown`, `area_unknown`, `area_ended`, `area_circle`, `date_before_state`,
/// `date_order`, or a fault of the store.
pub fn set_area(
    writer: &mut Writer,
    code: &str,
    patch: &AreaPatch,
    from: Option<Date>,
    rulebook: &Rulebook,
) -> Result<Option<Area>> {
    let by = (PLATFORM_UNIT, PLATFORM_UNIT);
    let entered = area::enter(writer, code, patch, from, by, &rulebook.digest)?;
    writer.sequence()?;
    Ok(entered)
}
