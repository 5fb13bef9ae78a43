//! `GET /api/v1/organisations/{uscc}/records?cursor=&limit=&as_of=`: its public records with their proofs, newest decision first.

use crate::parameter::Parameters;
use crate::{AppState, code, day, problem::Problem};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;

/// Which page.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    cursor: Option<String>,
    limit: Option<u32>,
    #[serde(default, deserialize_with = "credence_app::day::read_optional")]
    as_of: Option<Date>,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Path(uscc): Path<String>,
    Parameters(request): Parameters<Request>,
    at: Uri,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(there) = code::canonical(&at, &uscc) {
        return Ok(there);
    }
    let request = request?;
    let view = day::at(state.view(), request.as_of);
    let found = state.ask(move |service| service.records_page(&view, &uscc, request.cursor.as_deref(), request.limit));
    super::super::json(found.await, &asked)
}
