//! What keeps a record from the public whatever else is decided on it: a stay of the listing that it publishes, an end on a national
//! platform that nobody has looked into, a plan of a court that is being carried out. Each has its own decision and its own end; a record is public again only when none is left,
//! whichever ends first.

use credence_domain::rulebook::listing::Nature;
use credence_store::connection::Connection;
use credence_store::listing;
use credence_store::national::difference;
use credence_store::record::Stored;

/// The decision whose entry it publishes is stayed.
pub(crate) const LISTING_STAYED: &str = "listing_stayed";
/// It has ended on a national platform.
pub(crate) const NATIONAL_ENDED: &str = "national_ended";

/// A plan of reorganisation or a settlement is being carried out.
pub(crate) const SHIELDED: &str = "plan_running";

/// Why a record that would be accepted is hidden all the same; none where nothing keeps it back.
pub(super) fn kept_back(
    connection: &mut Connection,
    standing: &Stored,
) -> credence_store::Result<Option<&'static str>> {
    let publishes = Nature::ALL.iter().any(|nature| nature.item() == standing.item);
    if publishes
        && listing::published_by(connection, &standing.uscc, &standing.identity)?.is_some_and(|head| head.stayed)
    {
        return Ok(Some(LISTING_STAYED));
    }
    let ended = difference::has_ended_there(connection, &standing.uscc, &standing.reference)?;
    if ended {
        return Ok(Some(NATIONAL_ENDED));
    }
    let shield = crate::repair::shield_of(connection, (&standing.uscc, &standing.identity))?;
    Ok(shield.map(|_| SHIELDED))
}
