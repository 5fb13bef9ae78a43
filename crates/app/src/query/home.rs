//! The home page's counters: honest, with the time of counting.

use super::data_list::class_order;
use crate::Result;
use crate::service::Service;
use credence_store::counter;
use credence_store::scope::View;
use jiff::civil::Date;
use serde::Serialize;

/// How many records of an item are public.
#[derive(Clone, Debug, Serialize)]
pub struct ItemCount {
    /// Item code.
    pub item: String,
    /// Its Chinese name.
    pub name: String,
    /// Records public on the day.
    pub count: u64,
}

/// The home page.
#[derive(Clone, Debug, Serialize)]
pub struct Home {
    /// Day for which was counted.
    pub as_of: Date,
    /// Instant of counting (RFC 3339, UTC).
    pub counted_at: String,
    /// Registered organisations on file.
    pub organisations: u64,
    /// Organisations only named by a record so far (未登记).
    pub unregistered: u64,
    /// Public records by item.
    pub items: Vec<ItemCount>,
    /// True for a synthetic province.
    pub demonstration: bool,
}

impl Service {
    /// The home page's counters for a view.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn home(&self, view: &View) -> Result<Home> {
        let (organisations, unregistered) = self.read(counter::organisations)?;
        let mut counts = self.read(|connection| counter::public_records(connection, view))?;
        // In the order of the data list's classes, in each the most first.
        let class = |item: &str| self.rulebook().items.get(item).map_or(u32::MAX, |i| class_order(&i.directory_class));
        counts.sort_by_key(|(item, count)| (class(item), std::cmp::Reverse(*count), item.clone()));
        let name = |item: &str| self.rulebook().items.get(item).map_or_else(|| item.to_owned(), |i| i.name.clone());
        Ok(Home {
            as_of: view.today,
            counted_at: credence_store::clock::instant_text(self.now_micros()),
            organisations,
            unregistered,
            items: counts
                .into_iter()
                .filter(|(item, _)| self.is_disclosed(view, item))
                .map(|(item, count)| ItemCount { name: name(&item), item, count })
                .collect(),
            demonstration: self.is_demonstration(),
        })
    }
}
