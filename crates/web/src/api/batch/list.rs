//! `GET /api/v1/batches?cursor=&limit=`: the unit's own batches, latest first, however they were sent.

use crate::parameter::Parameters;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::key::Key;
use credence_app::query::page;
use serde::Deserialize;

/// Which page.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    cursor: Option<String>,
    limit: Option<u32>,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(key): Extension<Key>,
    Parameters(request): Parameters<Request>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = request?;
    let limit = page::limit(request.limit)?;
    let queued = state.intake().map(|intake| intake.queued_by(&key.source)).unwrap_or_default();
    let found =
        state.ask_at_length(move |service| service.batches_of(&key.source, queued, request.cursor.as_deref(), limit));
    super::super::json(found.await, &asked)
}
