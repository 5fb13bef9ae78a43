//! `GET /api/v1/quality?month=`: the scorecard of a month, counts only. `GET /api/v1/quality/due`: with a department's
//! key, its own records that must be public by tomorrow and wait.

use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::{Service, View};
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
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let today = state.view().today;
    let due = move |service: &Service| match asker.batches_of() {
        Some(unit) => service.due_tomorrow(&service.unit_view(unit)?, Some(unit)),
        None => service.due_tomorrow(&View::office(today), None),
    };
    super::json(state.ask_at_length(due).await, &asked)
}
