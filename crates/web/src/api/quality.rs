//! `GET /api/v1/quality?month=`: the scorecard of a month, counts only. `GET /api/v1/quality/due`: with a department's
//! key, its own records that must be public by tomorrow and wait.

use crate::parameter::Parameters;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::Service;
use credence_app::key::Key;
use serde::Deserialize;

/// Which month.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Request {
    pub(crate) month: Option<String>,
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Parameters(request): Parameters<Request>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = request?;
    super::json(state.quality(state.view(), request.month.as_deref()).await, &asked)
}

pub(crate) async fn due(
    State(state): State<AppState>,
    Extension(key): Extension<Key>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let due = move |service: &Service| service.due_tomorrow(&service.unit_view(&key.source)?, Some(&key.source));
    super::json(state.ask_at_length(due).await, &asked)
}
