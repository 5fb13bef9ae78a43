//! `GET /api/v1/organisations/{uscc}/records?cursor=&limit=`: its public records with their proofs, newest decision first.

use crate::parameter::Parameters;
use crate::{AppState, problem::Problem};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
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
    let found = state.ask(move |service| service.records_page(&view, &uscc, request.cursor.as_deref(), request.limit));
    super::super::json(found.await, &asked)
}
