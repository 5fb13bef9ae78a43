//! What stands around every page: addresses of the assets, the banner of a demonstration, the search box of the header.

use crate::AppState;
use crate::asset::{self, Addresses};
use jiff::civil::Date;

/// The frame of a page.
pub(crate) struct Frame {
    pub(crate) assets: Addresses,
    /// A synthetic province: says so on every page.
    pub(crate) demonstration: bool,
    /// Reads were moved to this day.
    pub(crate) moved_to: Option<Date>,
    /// The search box stands in the page itself and not in the header.
    pub(crate) own_search: bool,
}

impl Frame {
    /// The frame of an ordinary page on this day.
    pub(crate) fn of(state: &AppState, today: Date) -> Self {
        Self { demonstration: state.is_demonstration(), moved_to: state.is_moved().then_some(today), ..Self::bare() }
    }

    /// The frame of a page that brings its own search box.
    pub(crate) fn with_own_search(state: &AppState, today: Date) -> Self {
        Self { own_search: true, ..Self::of(state, today) }
    }

    /// The frame where nothing can be asked: pages about errors.
    pub(crate) fn bare() -> Self {
        Self { assets: asset::addresses(), demonstration: false, moved_to: None, own_search: false }
    }
}
