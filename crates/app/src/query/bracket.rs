//! A question that holds a bracket (`物资（`, `(有限`). The index folds brackets away, so that a name is found however it is written; whoever
//! types one means it, and names that hold the question as it stands come before those that hold it without.
//!
//! Only the first hits are looked at: a page of the index behind them is in its own order.

use crate::Result;
use crate::service::Service;
use credence_domain::record::text::brackets_in_one_form;
use credence_search::Query;
use credence_store::scope::View;
use credence_store::subject::{self, Organisation};

/// Hits of the index that are put in order: a millisecond's work.
const LOOKED_AT_MOST: usize = 400;
/// The rank of those that hold the question without its brackets; 0 and 1 are the index's own.
const WITHOUT: i64 = 2;

impl Service {
    /// What the index finds, in the order of this module, from behind a place on; nothing where it cannot answer.
    pub(super) fn found_in_brackets(
        &self,
        view: &View,
        literal: &str,
        query: &Query,
        after: Option<&(i64, String)>,
        limit: usize,
    ) -> Result<Option<Vec<(i64, Organisation)>>> {
        let first = Query { after: None, limit: LOOKED_AT_MOST, ..query.clone() };
        let Some(hits) = self.matches(view, &first)? else { return Ok(None) };
        let codes: Vec<String> = hits.iter().map(|(_, code)| code.clone()).collect();
        let last = hits.last().cloned().filter(|_| hits.len() == LOOKED_AT_MOST);
        let known = self.read_by_key(|connection, _| subject::with_codes(connection, view, &codes))?;
        let exact = hits.iter().filter(|(rank, _)| *rank == 0).count();
        let exact: Vec<&String> = codes.iter().take(exact).collect();
        let rank = |one: &Organisation| match brackets_in_one_form(&one.name).contains(literal) {
            _ if exact.contains(&&one.uscc) => 0,
            true => 1,
            false => WITHOUT,
        };
        let mut ranked: Vec<(i64, Organisation)> = known.into_iter().map(|one| (rank(&one), one)).collect();
        ranked.sort_by(|(a, one), (b, other)| (a, &one.uscc).cmp(&(b, &other.uscc)));
        let behind = |rank: i64, code: &str| after.is_none_or(|(last, at)| (*last, at.as_str()) < (rank, code));
        ranked.retain(|(rank, one)| behind(*rank, &one.uscc));
        if let Some((_, last)) = last.filter(|_| ranked.len() < limit) {
            // Behind those that were looked at the index goes on.
            let from = after.filter(|(rank, at)| *rank == WITHOUT && *at > last).map_or(last, |(_, at)| at.clone());
            let rest = Query { after: Some((1, from)), limit: limit - ranked.len(), ..query.clone() };
            let codes: Vec<String> =
                self.matches(view, &rest)?.unwrap_or_default().into_iter().map(|hit| hit.1).collect();
            let rest = self.read_by_key(|connection, _| subject::with_codes(connection, view, &codes))?;
            ranked.extend(rest.into_iter().map(|one| (WITHOUT, one)));
        }
        ranked.truncate(limit);
        Ok(Some(ranked))
    }
}
