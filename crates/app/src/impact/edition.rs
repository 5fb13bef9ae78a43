//! One edition asked about stored records: its clocks, made once an item and day of receipt, and what would keep a record
//! back.

use crate::collect::clocks::Clocks;
use crate::verify::case::Case;
use credence_domain::catalog::Version;
use credence_domain::directory::Directory;
use credence_domain::publicity::Counted;
use credence_domain::record::review::remaining_hold;
use credence_domain::rulebook::Rulebook;
use credence_store::arrival::Dates;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What an edition says of items on days of receipt; nothing where its data list did not name the item that day.
type ByDay<'r> = BTreeMap<Date, Option<(&'r Version, Clocks<'r>)>>;

/// An edition with the clocks that were made so far.
pub(super) struct Edition<'r> {
    rulebook: &'r Rulebook,
    units: Arc<Directory>,
    clocks: HashMap<&'r str, ByDay<'r>>,
}

impl<'r> Edition<'r> {
    pub(super) fn new(rulebook: &'r Rulebook, units: Arc<Directory>) -> Self {
        Self { rulebook, units, clocks: HashMap::new() }
    }

    fn on(&mut self, item: &str, received_on: Date) -> Option<&(&'r Version, Clocks<'r>)> {
        let (code, item) = self.rulebook.items.get_key_value(item)?;
        let days = self.clocks.entry(code.as_str()).or_default();
        let made = days.entry(received_on).or_insert_with(|| {
            let version = item.version_on(received_on)?;
            Some((version, Clocks::new(self.rulebook, version, Arc::clone(&self.units), received_on)))
        });
        made.as_ref()
    }

    /// The clocks of a record that was received on a day and first public on another; nothing where the item was not in
    /// the data list on the day of receipt.
    pub(super) fn dates(&mut self, case: &Case<'_>, received_on: Date, published_on: Date) -> Option<Dates> {
        let (_, clocks) = self.on(&case.stored.item, received_on)?;
        let text = |code: &str| case.text(code);
        Some(clocks.decide_by_code(
            &case.stored.authority,
            clocks.decided_on(text),
            Counted { published_on, restart: case.restart },
            text,
        ))
    }

    /// What would keep the record back, apart from what a person has looked at.
    pub(super) fn hold(&mut self, case: &Case<'_>, received_on: Date, looked_at: &str) -> &'static str {
        let Some((version, _)) = self.on(&case.stored.item, received_on) else { return "" };
        // What the record does not show although its item published the field then was redacted, or is empty.
        let published_then = |code: &str| {
            case.edition.is_some_and(|(_, then)| then.fields.iter().any(|field| field.public && field.code == code))
        };
        let shown = |code: &str| match case.public.get(code).and_then(serde_json::Value::as_str) {
            Some(text) => text,
            None if published_then(code) => "",
            None => case.text(code),
        };
        remaining_hold(version, |code| case.text(code), shown, looked_at)
    }
}
