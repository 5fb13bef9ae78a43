//! 十二: an entry leaves its list before its term for what is there alone: a repair that was granted, an objection that was upheld, a
//! document that has fallen. What a court or a reviewing body ruled stands in the case itself, with its paper.

use super::{Check, FOUNDING, Requirement};
use crate::listing::{decided, owner_decides, says_revoked};
use crate::verify::Tally;
use crate::verify::case::{Listing, Reading, listings, plain};
use credence_domain::listing::{Base, Cause, Event};
use credence_domain::record::Identity;
use credence_store::body::Unpacker;
use credence_store::connection::Connection;
use credence_store::scope::View;
use credence_store::{listing as kept, record};
use jiff::civil::Date;
use serde_json::{Map, Value};

pub const REQUIREMENT: Requirement = Requirement {
    id: "listing_removed",
    source: FOUNDING,
    article: "十二",
    demand: "every entry that left its list before its term left for a repair that was granted (or, where nobody can apply, by a paper of the unit's own decision), an objection that was upheld, a ruling, or a document that had fallen",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut found = Vec::new();
    listings(connection, reading, |listing| found.push(listing))?;
    for listing in found {
        let mut unfounded = None;
        for (step, place) in listing.steps.iter().zip(&listing.places) {
            let Event::Removed { cause, .. } = &step.event else { continue };
            let mut known = match &listing.head.identity {
                Some(identity) => decided(connection, (&listing.head.uscc, identity), true)?,
                None => credence_domain::listing::Known::default(),
            };
            if let Some(identity) = &listing.head.identity
                && let Some(entry) = record::find(connection, &View::office(Date::MAX), &listing.head.uscc, identity)?
            {
                known.owner_decides = reading.rulebooks.values().any(|rules| owner_decides(rules, &entry.pack));
            }
            if let Cause::BaseRevoked { record, .. } = cause
                && let Some(base) = base_of(&listing, record)
                && fell(connection, reading, (&listing.head.uscc, base, *place))?
            {
                known.fallen.push(record.clone());
            }
            unfounded = unfounded.or(cause.check(&known, !step.papers.is_empty()).err().map(|_| cause.code()));
        }
        tally.expect(unfounded.is_none(), || {
            listing.example(format!("it was removed without its cause: {}", unfounded.unwrap_or_default()))
        });
    }
    Ok(())
}

fn base_of<'l>(listing: &'l Listing, record: &str) -> Option<&'l Base> {
    let Some(Event::Proposed { bases, .. }) = listing.steps.first().map(|step| &step.event) else { return None };
    bases.iter().find(|base| base.record == record)
}

/// Whether a document has fallen: its record is gone or says that it is revoked, or has changed since the removal and so may have stood
/// otherwise then.
fn fell(
    connection: &mut Connection,
    reading: &Reading,
    (uscc, base, removed): (&str, &Base, i64),
) -> credence_store::Result<bool> {
    let identity: Identity = kept::identity_of(base)?;
    let Some(stored) = record::find(connection, &View::office(Date::MAX), uscc, &identity)? else { return Ok(true) };
    if matches!(stored.state.as_str(), "withdrawn" | "erased") || removed < stored.at {
        return Ok(true);
    }
    let Some(body) = stored.body(&mut Unpacker::new()?)? else { return Ok(true) };
    let body = plain(body, stored.owner(), reading.keys.as_deref())?;
    let mut content = Map::new();
    if let Ok(Value::Object(half)) = serde_json::from_str(&body.public)
        && let Some(Value::Object(public)) = half.get("content")
    {
        content.extend(public.clone());
    }
    if let Ok(Value::Object(other)) = serde_json::from_str(&body.other_content) {
        content.extend(other);
    }
    Ok(reading.rulebooks.values().any(|rulebook| {
        let versions = rulebook.items.get(&stored.item).map_or(&[][..], |item| item.versions.as_slice());
        versions.iter().any(|version| says_revoked(rulebook, version, &content))
    }))
}
