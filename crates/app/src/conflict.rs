//! Name conflicts (名称冲突): a name that was sent for a known code and differs from the one on file. It rejects no row; a
//! person decides, by an act, whether the sent name is taken or the one on file stays.
//!
//! A registered organisation bears the name of its registration: only a new registration renames it.

use crate::log::two_persons;
use crate::review::Decision;
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result, Writer};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::act::Draft;
pub use credence_store::conflict::Resolution;
use credence_store::scope::View;
use credence_store::subject;
use serde_json::Map;

/// Resolves the open conflict between an organisation's name and the name that was sent. Another name is taken by two persons;
/// that the one on file stays, one person says.
///
/// # Errors
/// `second_person_needed`, `bad_parameter` without a reason, `not_found`, `name_registered`, or a fault.
pub fn resolve(
    writer: &mut Writer,
    rulebook: &Rulebook,
    uscc: Uscc,
    sent: &str,
    resolution: Resolution,
    decision: Decision<'_>,
    second: Option<&str>,
) -> Result<()> {
    decision.is_founded()?;
    if resolution == Resolution::Taken {
        two_persons(decision, second.unwrap_or_default())?;
    }
    let today = writer.clock().today();
    let view = View::office(today);
    let standing = subject::find(writer.connection(), &view, uscc.as_str())?.ok_or(AppError::NotFound)?;
    if resolution == Resolution::Taken && standing.registered {
        let text = "已登记主体的名称以登记信息为准，请由登记机关报送更正，或保留现有名称（--keep）";
        return Err(AppError::refused("name_registered", "name", text));
    }
    let mut details = Map::new();
    details.insert("organisation".to_owned(), uscc.as_str().into());
    details.insert("name".to_owned(), sent.into());
    details.insert("resolution".to_owned(), resolution.code().into());
    let draft = Draft {
        kind: "name_conflict",
        actor: decision.actor.to_owned(),
        second: second.map(str::to_owned),
        purpose: "register",
        basis: "鲁信用办〔2019〕8号 五".to_owned(),
        reason: decision.reason.to_owned(),
        rulebook: rulebook.digest,
        as_of: today,
        batch: None,
        details,
    };
    let (resolved, _) = writer.change(&draft, |change| {
        let resolved = credence_store::conflict::resolve(change, uscc.as_str(), sent, resolution)?;
        if resolved {
            change.number_under_unit(PLATFORM_UNIT)?;
        }
        Ok(resolved)
    })?;
    writer.sequence()?;
    if resolved { Ok(()) } else { Err(AppError::NotFound) }
}
