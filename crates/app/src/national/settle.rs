//! What a person does about rows that were refused and copies that differ.

use super::copy::{draft, show};
use crate::desk::Desk;
use crate::review::rules::{Rules, reference};
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result, Service};
use credence_domain::national::{Difference, State};
use credence_domain::record::value::day_number;
use credence_store::kept_back::NATIONAL_ENDED;
use credence_store::national::{self, difference};
use credence_store::revision::lock;
use credence_store::scope::View;
use credence_store::{StoreError, listing, record};

/// Which copy is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Ours: it is shown again, and sent again.
    Ours,
    /// The other side's: the record has ended here too.
    Theirs,
}

/// Has a refused row sent again.
///
/// # Errors
/// `not_found`; `not_refused` where it was not refused, or a fault.
pub fn send_again(service: &Service, desk: &Desk, platform: &str, id: &str) -> Result<()> {
    let reference = reference(id)?;
    let found = service.read(|connection| national::row(connection, platform, &reference))?;
    let row = found.ok_or(AppError::NotFound)?;
    if row.standing.state() != State::Refused {
        return Err(AppError::refused("not_refused", "record", "这一条没有被退回，无须重发"));
    }
    let platform = platform.to_owned();
    desk.act(move |writer| {
        Ok(writer.note(|connection| {
            let Some(mut row) = national::row(connection, &platform, &reference)? else { return Ok(()) };
            row.standing.send_again();
            national::put(connection, &platform, &row)
        })?)
    })
}

/// Settles a difference: by whoever answers for it, with a reason.
///
/// # Errors
/// `not_found` where there is none; `reason_missing`; `listing_case` for the entry of a listing, which ends by its case; or a fault.
pub fn settle(
    service: &Service,
    desk: &Desk,
    by: &str,
    (platform, id): (&str, &str),
    (keep, reason): (Keep, &str),
) -> Result<()> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        return Err(AppError::refused("reason_missing", "reason", "请写明核对的结果和依据的文书"));
    }
    let (reference, today) = (reference(id)?, service.real_today());
    let view = View::office(today);
    let (open, stored) = service.read(|connection| {
        Ok((difference::open(connection, platform, &reference)?, record::by_reference(connection, &view, &reference)?))
    })?;
    let (open, stored) = open.zip(stored).ok_or(AppError::NotFound)?;
    let key = (stored.uscc.as_str(), &stored.identity);
    if keep == Keep::Theirs && service.read(|connection| listing::published_by(connection, key.0, key.1))?.is_some() {
        let text = "这条记录由名单案件公布，请在案件中移出名单，本平台的记录随之终止";
        return Err(AppError::refused("listing_case", "record", text));
    }
    let (rulebook, by, id) = (service.shared_rulebook(), by.to_owned(), id.to_owned());
    desk.act(move |writer| {
        let keyring = writer.keyring();
        let mut rules = Rules::load(writer.connection(), keyring, &rulebook, today)?;
        let draft = draft("national_settled", (&by, &reason), (&open, &id), &rulebook, today);
        writer.change(&draft, |change| {
            difference::settle(change, &open, day_number(today))?;
            let ended = open.kind == Difference::EndedThere && stored.hold == NATIONAL_ENDED;
            match keep {
                Keep::Ours if ended => show(change, &mut rules, &stored, true)?,
                Keep::Theirs if ended => {
                    let (view, key) = (rules.view(), (stored.uscc.clone(), stored.identity));
                    let standing = lock(change, &view, &key)?.filter(|one| one.at == stored.at);
                    let standing = standing.ok_or_else(|| StoreError::Conflict("the record has changed".to_owned()))?;
                    rules.withdraw(change, &standing, NATIONAL_ENDED)?;
                    crate::evaluation::keep(change, rules.rulebook(), &stored.uscc, today)?;
                }
                Keep::Ours | Keep::Theirs => {
                    change.number_under_unit(PLATFORM_UNIT)?;
                }
            }
            if ended
                && keep == Keep::Ours
                && let Some(mut row) = national::row(change.connection, &open.platform, &open.reference)?
            {
                // It does not stand there: it is sent again as soon as it is public.
                row.standing.held = None;
                row.standing.tried = None;
                national::put(change.connection, &open.platform, &row)?;
            }
            Ok(())
        })?;
        Ok(())
    })
}
