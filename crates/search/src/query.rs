//! What is asked, folded as names and codes are.

use credence_domain::record::text::{fold_alike, fold_name};
use credence_domain::subject::uscc;

/// A question to the index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The text folded as codes are.
    pub code: String,
    /// The text folded as names are, with letters that look alike as one.
    pub name: String,
    /// Area of registration; empty = any.
    pub area: String,
    /// Registration status; empty = any.
    pub status: String,
    /// First two symbols of the code; empty = any.
    pub kind: String,
    /// The last match of the page before.
    pub after: Option<(i64, String)>,
    /// How many matches.
    pub limit: usize,
}

impl Query {
    /// A question without filters; `None` when the text, folded as codes are, has less than two characters,
    /// or none as names are: the index cannot answer it.
    #[must_use]
    pub fn new(text: &str, limit: usize) -> Option<Self> {
        let (code, name) = (uscc::fold(text), fold_alike(&fold_name(text)));
        let two = |text: &str| text.chars().nth(1).is_some();
        (two(&code) && !name.is_empty()).then(|| Self { code, name, limit, ..Self::default() })
    }

    /// Whether an organisation of this code, area and status is asked for.
    pub(crate) fn admits(&self, code: &str, area: &str, status: &str) -> bool {
        code.starts_with(&self.kind)
            && (self.area.is_empty() || self.area == area)
            && (self.status.is_empty() || self.status == status)
    }

    /// 0 for an exact match, 1 for one in part, `None` for none.
    pub(crate) fn rank<'t>(
        &self,
        code: &str,
        mut names: impl Iterator<Item = &'t str>,
        mut aliases: impl Iterator<Item = &'t str>,
    ) -> Option<i64> {
        let current = names.next().unwrap_or_default();
        if code == self.code || current == self.name {
            return Some(0);
        }
        let found = current.contains(&self.name)
            || code.contains(&self.code)
            || names.any(|name| name.contains(&self.name))
            || aliases.any(|alias| alias == self.code);
        found.then_some(1)
    }
}
