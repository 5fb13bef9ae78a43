//! Search by any part of a name or code of two or more characters.

use super::organisation::OrganisationSummary;
use super::page::{decode_cursor, encode_cursor, limit};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::record::personal::carries_personal_number;
use credence_domain::record::text::{bracketed, fold_name};
use credence_domain::subject::{Uscc, uscc};
use credence_search::Query;
use credence_store::counter;
use credence_store::scope::View;
use credence_store::subject::{self, Filter, Organisation};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What is asked.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SearchRequest {
    /// Part of a current or former name or of a code; empty lists all in order of their codes.
    #[serde(default)]
    pub q: String,
    /// Area of registration.
    #[serde(default)]
    pub area: String,
    /// Registration status.
    #[serde(default)]
    pub status: String,
    /// First two symbols of the code.
    #[serde(default)]
    pub kind: String,
    /// Where to go on.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Items a page, 1–100.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Counts the matches, as far as that is cheap: not done unasked, for most who ask want the first few.
    #[serde(default)]
    pub count: bool,
}

/// Matches counted one by one at most.
const COUNTED_MOST: u32 = 10_000;

/// One page of what a search found.
#[derive(Clone, Debug, Serialize)]
pub struct SearchPage {
    /// The items.
    pub items: Vec<OrganisationSummary>,
    /// Where the next page begins; `null` at the end.
    pub next: Option<String>,
    /// How many match in all; `null` where that was not counted to the end.
    pub total: Option<u64>,
    /// More than so many match, where counting ended before them.
    pub more_than: Option<u64>,
}

/// What the filters of a search can be set to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facets {
    /// Areas of registration on file.
    pub areas: Vec<String>,
    /// Registration statuses on file.
    pub statuses: Vec<String>,
}

impl Service {
    /// The areas and statuses that occur, at most 200 of each.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn facets(&self, view: &View) -> Result<Facets> {
        let (areas, statuses) = self.read(|connection| subject::facets(connection, view, 200))?;
        Ok(Facets { areas, statuses })
    }

    /// Organisations that match, exact ones first, then in order of their codes.
    ///
    /// # Errors
    /// `bad_parameter` for one character, `person_not_searchable` for an identity number, `bad_cursor`, or a fault.
    pub fn search(&self, view: &View, request: &SearchRequest) -> Result<SearchPage> {
        let query = request.q.trim();
        if query.chars().count() == 1 || query.chars().count() > 200 {
            return Err(AppError::refused("bad_parameter", "q", "请输入名称或代码中连续的2至200个字符"));
        }
        // No natural person is looked for, and the number does not come back on the page.
        let code = uscc::fold(query);
        if code.chars().count() == uscc::LENGTH && Uscc::parse(&code).is_err() && carries_personal_number(&code) {
            let text = "这像是身份证号。自然人不可查询，请输入组织的名称或统一社会信用代码";
            return Err(AppError::refused("person_not_searchable", "q", text));
        }
        // Marks alone are no part of a name: they would find everyone.
        if !query.is_empty() && fold_name(query).is_empty() {
            return Err(AppError::refused("bad_parameter", "q", "请输入名称或代码中的文字"));
        }
        let limit = limit(request.limit)?;
        let after = match request.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
            None => None,
            Some(cursor) => match decode_cursor(cursor, 2)?.as_slice() {
                [rank, uscc] => Some((
                    rank.parse().map_err(|_| AppError::refused("bad_cursor", "cursor", "请使用上一页返回的 next"))?,
                    uscc.clone(),
                )),
                _ => None,
            },
        };
        let filter = Filter { area: request.area.clone(), status: request.status.clone(), kind: request.kind.clone() };
        let mut found = match self.found_by_index(view, query, &filter, after.as_ref(), limit + 1)? {
            Some(found) => found,
            None => {
                self.read(|connection| subject::search(connection, view, query, &filter, after.as_ref(), limit + 1))?
            }
        };
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next = found.last().filter(|_| more).map(|(rank, last)| encode_cursor(&[&rank.to_string(), &last.uscc]));
        let (total, more_than) = match (&after, &next) {
            (None, None) => (Some(found.len() as u64), None),
            _ if request.count => self.count(view, query, &filter)?,
            _ => (None, None),
        };
        let items = found.into_iter().map(|(_, organisation)| organisation.into()).collect();
        Ok(SearchPage { items, next, total, more_than })
    }

    /// How many match whose name the reader may know: all of them, or more than so many; neither where only SQL could tell.
    fn count(&self, view: &View, text: &str, filter: &Filter) -> Result<(Option<u64>, Option<u64>)> {
        if text.is_empty() && *filter == Filter::default() {
            let (registered, unregistered) = self.read(counter::organisations)?;
            return Ok(match unregistered {
                0 => (Some(registered), None),
                _ if registered + unregistered <= u64::from(COUNTED_MOST) => {
                    (Some(self.read(|connection| subject::count_all_named(connection, view))?), None)
                }
                _ => (None, registered.checked_sub(1)),
            });
        }
        let Some(query) = index_query(text, filter, None, COUNTED_MOST + 1) else { return Ok((None, None)) };
        let Some(hits) = self.matches(view, &query)? else { return Ok((None, None)) };
        // The index knows names, and not who may know them.
        let codes: Vec<String> = hits.into_iter().map(|(_, code)| code).collect();
        let named = self.read_by_key(|connection, _| subject::count_named(connection, view, &codes))?;
        let most = u64::from(COUNTED_MOST);
        Ok(if codes.len() as u64 > most { (None, named.checked_sub(1)) } else { (Some(named), None) })
    }

    /// What the derived index finds, exactly what SQL would; `None` where it cannot answer.
    fn found_by_index(
        &self,
        view: &View,
        text: &str,
        filter: &Filter,
        after: Option<&(i64, String)>,
        limit: u32,
    ) -> Result<Option<Vec<(i64, Organisation)>>> {
        let Some(mut query) = index_query(text, filter, after, limit) else { return Ok(None) };
        if let Some(literal) = bracketed(text) {
            return self.found_in_brackets(view, &literal, &query, after, limit as usize);
        }
        let mut ranked = Vec::new();
        loop {
            let Some(hits) = self.matches(view, &query)? else { return Ok(None) };
            let is_last = hits.len() < limit as usize;
            query.after = hits.last().cloned();
            let codes: Vec<String> = hits.iter().map(|(_, code)| code.clone()).collect();
            // The index knows names, and not who may know them: those that are left out make room for the next.
            let found = self.read_by_key(|connection, _| subject::with_codes(connection, view, &codes))?;
            let ranks: HashMap<String, i64> = hits.into_iter().map(|(rank, code)| (code, rank)).collect();
            ranked.extend(found.into_iter().map(|one| (ranks.get(&one.uscc).copied().unwrap_or(1), one)));
            if is_last || ranked.len() >= limit as usize {
                ranked.truncate(limit as usize);
                return Ok(Some(ranked));
            }
        }
    }
}

/// The question as the index takes it; nothing where it cannot answer.
fn index_query(text: &str, filter: &Filter, after: Option<&(i64, String)>, limit: u32) -> Option<Query> {
    let query = Query::new(text, limit as usize)?;
    let Filter { area, status, kind } = filter.clone();
    matches!(kind.len(), 0 | 2).then(|| Query { area, status, kind, after: after.cloned(), ..query })
}
