//! The names of tiles: `tile/<L>/<N>[.p/<W>]` for hashes and `tile/entries/<N>[.p/<W>]` for entries.
//!
//! N is written in groups of three digits, all but the last with an `x` in front (1234067 is `x001/x234/067`);
//! W from 1 to 255 is the width of a partial tile, a full one carries none.

use super::{TILE_LEVELS, TILE_WIDTH, hashes_at, width_at};
use std::fmt;

/// The name of a tile or of a bundle of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Address {
    /// A tile of hashes.
    Tile {
        /// 0 for leaf hashes.
        level: u8,
        /// The place among the tiles of this level.
        index: u64,
        /// 1 to 256 hashes.
        width: u16,
    },
    /// A bundle with the entries of the level-0 tile at the same index.
    Entries {
        /// The place among the bundles.
        index: u64,
        /// 1 to 256 entries.
        width: u16,
    },
}

impl Address {
    /// Reads a path; `None` when it is not exactly what [`fmt::Display`] would write.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().ok().filter(|w| (1..TILE_WIDTH).contains(w))?),
            None => (rest, TILE_WIDTH),
        };
        let mut index: u64 = 0;
        for group in number.split('/') {
            let group: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok()?;
            index = index.checked_mul(1000)?.checked_add(group)?;
        }
        let address = match kind {
            "entries" => Self::Entries { index, width },
            level => Self::Tile { level: level.parse().ok().filter(|level| *level < TILE_LEVELS)?, index, width },
        };
        // One name for one tile: leading zeros, signs and misplaced groups do not come back the same.
        (address.to_string() == path).then_some(address)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (index, width) = match self {
            Self::Tile { level, index, width } => {
                write!(f, "tile/{level}/")?;
                (*index, *width)
            }
            Self::Entries { index, width } => {
                f.write_str("tile/entries/")?;
                (*index, *width)
            }
        };
        write_number(f, index / 1000)?;
        write!(f, "{:03}", index % 1000)?;
        if width < TILE_WIDTH { write!(f, ".p/{width}") } else { Ok(()) }
    }
}

/// The groups before the last one, each with its `x`; nothing for 0.
fn write_number(f: &mut fmt::Formatter<'_>, groups: u64) -> fmt::Result {
    if groups == 0 {
        return Ok(());
    }
    write_number(f, groups / 1000)?;
    write!(f, "x{:03}/", groups % 1000)
}

/// The tiles of hashes that are new or wider after the tree has grown from `old` to `new` leaves, each with its width
/// then, lower levels first and from left to right. [`super::append`] yields the same ones with their hashes.
pub fn changed(old: u64, new: u64) -> impl Iterator<Item = Address> {
    (0..TILE_LEVELS).flat_map(move |level| {
        let (before, after) = (hashes_at(old, level), hashes_at(new, level));
        let width = u64::from(TILE_WIDTH);
        let tiles = if after > before { before / width..after.div_ceil(width) } else { 0..0 };
        tiles.map(move |index| Address::Tile { level, index, width: width_at(new, level, index) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_named_in_groups_of_three_digits() {
        let name = |level, index, width| Address::Tile { level, index, width }.to_string();
        assert_eq!(name(0, 0, 256), "tile/0/000");
        assert_eq!(name(1, 5, 112), "tile/1/005.p/112");
        assert_eq!(name(0, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(Address::Entries { index: 1000, width: 1 }.to_string(), "tile/entries/x001/000.p/1");
    }

    #[test]
    fn a_tile_has_one_name_only() {
        for wrong in [
            "",
            "tile/0",
            "tile/0/",
            "tile/00/000",
            "tile/8/000",
            "tile/-1/000",
            "tile/0/0",
            "tile/0/+01",
            "tile/0/x000/001",
            "tile/0/001/002",
            "tile/0/x001",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/007",
            "tile/0/000.p/1/",
            "tile/0/000/",
            "/tile/0/000",
            "tile/data/000",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(Address::parse(wrong), None, "{wrong}");
        }
        for right in ["tile/0/000", "tile/7/x001/x234/067.p/255", "tile/entries/999"] {
            assert_eq!(Address::parse(right).map(|a| a.to_string()).as_deref(), Some(right));
        }
    }
}
