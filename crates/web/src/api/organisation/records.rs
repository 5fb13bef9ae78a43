//! `GET /api/v1/organisations/{uscc}/records?cursor=&limit=`: its public records, newest decision first.
//!
//! A cursor names the last record of the page before. When that record has ended meanwhile the cursor is refused: what
//! has ended leaves no trace, not even a place to go on from.

use crate::parameter::Parameters;
use crate::{AppState, problem::Problem};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::AppError;
use credence_app::query::{Page, Proofs, RecordView, page};
use serde::Deserialize;

/// Which page.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    cursor: Option<String>,
    limit: Option<u32>,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Path(uscc): Path<String>,
    Parameters(request): Parameters<Request>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let (view, request) = (state.view(), request?);
    let found = state.ask(move |service| {
        // A code without a file is not an empty file.
        Ok(service.organisation_with(&view, &uscc, Proofs::Shown)?.records)
    });
    super::super::json(found.await.and_then(|records| one_page(records, &request)), &asked)
}

fn one_page(records: Vec<RecordView>, request: &Request) -> Result<Page<RecordView>, AppError> {
    let limit = page::limit(request.limit)? as usize;
    let start = match request.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
        None => 0,
        Some(cursor) => {
            let last = records.iter().position(|record| record.id == cursor);
            last.ok_or_else(|| AppError::refused("bad_cursor", "cursor", "请从第一页重新开始"))? + 1
        }
    };
    let more = records.len() > start + limit;
    let items: Vec<RecordView> = records.into_iter().skip(start).take(limit).collect();
    let next = items.last().filter(|_| more).map(|record| record.id.clone());
    Ok(Page { items, next })
}
