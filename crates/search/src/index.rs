//! The whole index: what was built, and over it what has changed since.

use super::{Base, Entry, Hit, Position, Query};
use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;

/// An index that keeps up with its register.
#[derive(Debug)]
pub struct Index {
    base: Base,
    /// Organisations that differ from the base, in order of codes; `None` for one that is gone.
    changed: BTreeMap<String, Option<Entry>>,
    position: Position,
}

impl Index {
    /// An index that knows what its base knows.
    #[must_use]
    pub fn new(base: Base) -> Self {
        let position = base.position();
        Self { base, changed: BTreeMap::new(), position }
    }

    /// How far it has read the log.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// It has now read the log so far.
    pub fn set_position(&mut self, position: Position) {
        self.position = position;
    }

    /// Organisations that differ from the base: each question looks at all of them, so they should stay few.
    #[must_use]
    pub fn changed(&self) -> usize {
        self.changed.len()
    }

    /// Takes in how an organisation stands now; `None` when it is gone. What stands as before costs nothing later.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub fn apply(&mut self, uscc: &str, mut entry: Option<Entry>) -> io::Result<()> {
        if let Some(entry) = &mut entry {
            entry.aliases.sort_unstable();
            entry.names.get_mut(1..).unwrap_or_default().sort_unstable();
        }
        let mut standing = self.base.entry(uscc)?;
        if let Some(standing) = &mut standing {
            standing.aliases.sort_unstable();
            standing.names.get_mut(1..).unwrap_or_default().sort_unstable();
        }
        if standing == entry {
            self.changed.remove(uscc);
        } else {
            self.changed.insert(uscc.to_owned(), entry);
        }
        Ok(())
    }

    /// The matches, exact ones first, then in order of codes, from behind `query.after`, at most `query.limit`.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub fn search(&self, query: &Query) -> io::Result<Vec<Hit>> {
        let (rank, after) = query.after.as_ref().map_or((0, ""), |(rank, code)| (*rank, code.as_str()));
        let mut hits = Vec::new();
        if rank == 0 {
            let mut exact = self.base.exact(query)?;
            exact.retain(|code| !self.changed.contains_key(code));
            exact.extend(self.changed_matches(query, 0, "", usize::MAX));
            exact.sort_unstable();
            exact.dedup();
            hits.extend(exact.into_iter().filter(|code| code.as_str() > after).map(|code| (0, code)));
        }
        if hits.len() < query.limit {
            let after = if rank == 0 { "" } else { after };
            let mut parts = self.base.in_part(query, after, |code| self.changed.contains_key(code))?;
            parts.extend(self.changed_matches(query, 1, after, query.limit).map(|code| (1, code)));
            parts.sort_unstable();
            hits.extend(parts);
        }
        hits.truncate(query.limit);
        Ok(hits)
    }

    fn changed_matches<'i>(
        &'i self,
        query: &'i Query,
        rank: i64,
        after: &str,
        limit: usize,
    ) -> impl Iterator<Item = String> + 'i {
        let behind = self.changed.range::<str, _>((Bound::Excluded(after), Bound::Unbounded));
        let matches = behind.filter_map(move |(code, entry)| {
            let entry = entry.as_ref()?;
            let names = entry.names.iter().map(String::as_str);
            let found = query.rank(code, names, entry.aliases.iter().map(String::as_str)) == Some(rank)
                && query.admits(code, &entry.area, &entry.status);
            found.then(|| code.clone())
        });
        matches.take(limit)
    }
}
