//! `GET /api/v1/models`: the method of every evaluation model: base, weights, thresholds, each with its basis.

use crate::{AppState, problem::Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::Page;

pub(crate) async fn list(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, Problem> {
    let day = state.view().today;
    super::json(state.ask(move |service| Ok(Page { items: service.models(day), next: None })).await, &asked)
}
