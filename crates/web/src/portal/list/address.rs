//! The addresses of a list: its page, file, feed and JSON, and where it goes on, so that every page of it can be kept.

use crate::portal::results::address;
use credence_app::query::ListRequest;

/// A list as it stands in addresses.
pub(super) struct Address<'a>(pub(super) &'a ListRequest);

impl Address<'_> {
    /// At the same place in the list.
    pub(super) fn at(&self, path: &str) -> String {
        self.with_cursor(path, self.0.cursor.as_deref())
    }

    /// From the beginning.
    pub(super) fn first(&self, path: &str) -> String {
        self.with_cursor(path, None)
    }

    /// From a cursor on.
    pub(super) fn with_cursor(&self, path: &str, cursor: Option<&str>) -> String {
        let limit = self.0.limit.map(|limit| limit.to_string());
        address(
            path,
            [
                ("item", self.0.item.trim()),
                ("authority", self.0.authority.trim()),
                ("area", self.0.area.trim()),
                ("class", self.0.class.trim()),
                ("from", self.0.from.trim()),
                ("to", self.0.to.trim()),
                ("limit", limit.as_deref().unwrap_or_default()),
                ("cursor", cursor.unwrap_or_default()),
            ],
        )
    }
}
