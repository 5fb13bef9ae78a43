//! `GET /api/v1/organisations/{uscc}/evaluation`: the numbers of `credence explain`; nulls where nothing is evaluated.

use crate::{AppState, problem::Problem};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

pub(crate) async fn read(
    State(state): State<AppState>,
    Path(uscc): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let view = state.view();
    super::super::json(state.ask(move |service| service.evaluation(&view, &uscc)).await, &asked)
}
