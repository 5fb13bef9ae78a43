//! 五: an organisation is called and found by what was sent of it: its name where no registration gives one, its former and its sent
//! names and its old numbers stand in a content on its file.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::record::text::fold_name;
use credence_store::audit::{self, Name};
use credence_store::body::Unpacker;
use credence_store::change::CHUNK_ROWS;
use credence_store::connection::Connection;
use credence_store::digest;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub const REQUIREMENT: Requirement = Requirement {
    id: "name_kept",
    source: FOUNDING,
    article: "五",
    demand: "every name and old number of an organisation stands in a content on its file, and is found as it is written",
    check: Check::Whole(check),
};

/// Organisations looked at at once.
const AT_ONCE: i64 = 256;

/// Every text on a file, folded; none where something of it was erased.
type Said = Option<BTreeSet<String>>;

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut unpacker = Unpacker::new()?;
    let mut behind = String::new();
    loop {
        let organisations = audit::named_after(connection, &behind, AT_ONCE)?;
        let (Some(first), Some(last)) = (organisations.first(), organisations.last()) else { return Ok(()) };
        behind.clone_from(last);
        let mut wanted: BTreeMap<String, Vec<Name>> = BTreeMap::new();
        for name in audit::names_between(connection, first, last)? {
            wanted.entry(name.uscc.clone()).or_default().push(name);
        }
        let mut said: BTreeMap<String, (Said, Option<[u8; 16]>)> = BTreeMap::new();
        for uscc in &organisations {
            let (mut found, mut act) = (Some(BTreeSet::new()), None);
            audit::each_content(connection, uscc, |at, packed| {
                act = act.or_else(|| reading.chunks.get(&at.div_euclid(CHUNK_ROWS as i64)).map(|chunk| chunk.act));
                match (packed, &mut found) {
                    (Some(packed), Some(found)) => {
                        let content = digest::content(packed, &mut unpacker).unwrap_or_default();
                        found.extend(content.values().filter_map(Value::as_str).map(fold_name));
                    }
                    // What was erased may have been all that gave a name.
                    _ => found = None,
                }
                Ok(())
            })?;
            said.insert(uscc.clone(), (found, act));
        }
        for (uscc, names) in wanted {
            let (said, act) = said.remove(&uscc).unwrap_or_default();
            // Of an organisation of which only records speak that wait, or were redacted, there is no name.
            for name in names.into_iter().filter(|name| !(name.name.is_empty() && name.folded.is_empty())) {
                let folded = fold_name(&name.name);
                // An old number is kept as it is written alone.
                let found = name.folded.is_empty() || name.folded == folded;
                tally.expect(found && said.as_ref().is_none_or(|said| said.contains(&folded)), || {
                    let problem = format!("nothing on its file calls it {:?}", name.name);
                    Example { uscc: uscc.clone(), act: act.map(|act| hex(&act)), record: None, problem }
                });
            }
        }
    }
}
