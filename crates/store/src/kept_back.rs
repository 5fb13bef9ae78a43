//! What keeps a record from the public whatever else is decided on it: a stay of the listing that it publishes, an end on a national
//! platform that nobody has looked into, a plan of a court that is being carried out. Each has its own decision and its own end; a
//! record is public again only when none is left, whichever ends first. Whatever would make a record public asks here, be it a person's
//! act or a row of a file.

use crate::arrival::Incoming;
use crate::bulk::Found;
use crate::connection::Connection;
use crate::national::difference;
use crate::{Result, listing, repair, values};
use credence_domain::record::{Identity, State};

/// The decision whose entry it publishes is stayed.
pub const LISTING_STAYED: &str = "listing_stayed";
/// It has ended on a national platform.
pub const NATIONAL_ENDED: &str = "national_ended";
/// A plan of reorganisation or a settlement is being carried out.
pub const SHIELDED: &str = "plan_running";

/// Why a record that would be accepted is hidden all the same; none where nothing keeps it back.
///
/// # Errors
/// Whatever the database says.
pub fn of(connection: &mut Connection, uscc: &str, identity: &Identity) -> Result<Option<&'static str>> {
    if listing::published_by(connection, uscc, identity)?.is_some_and(|head| head.stayed) {
        return Ok(Some(LISTING_STAYED));
    }
    let reference = connection.first(
        "select reference from record where uscc = $1 and identity = $2",
        values![uscc, &identity.0],
        |row| row.array(0),
    )?;
    if let Some(reference) = reference
        && difference::has_ended_there(connection, uscc, &reference)?
    {
        return Ok(Some(NATIONAL_ENDED));
    }
    Ok(repair::shielding(connection, uscc, identity)?.map(|_| SHIELDED))
}

/// Where a record stays although a row itself could be public: hidden as it is, or hidden again by what keeps it back. A row that waits
/// for a person waits, whatever is hidden: what nobody has looked at is not shown when the hiding ends.
pub(crate) fn beside(
    connection: &mut Connection,
    row: &Incoming,
    found: &Found,
    state: State,
) -> Result<Option<(State, String)>> {
    Ok(match state {
        _ if !row.hold.is_empty() => None,
        State::Hidden => Some((State::Hidden, found.hold.clone())),
        State::Held => of(connection, row.uscc.as_str(), &row.identity)?.map(|hold| (State::Hidden, hold.to_owned())),
        _ => None,
    })
}
