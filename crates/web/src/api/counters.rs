//! `GET /api/v1/counters`: the home page's counters, with the day for which and the instant at which was counted.

use crate::{AppState, problem::Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

pub(crate) async fn read(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, Problem> {
    super::json(state.home(state.view()).await, &asked)
}
