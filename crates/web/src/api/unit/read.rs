//! `GET /api/v1/units/{uscc}`: one unit with every state that it had or will have.

use crate::{AppState, problem::Problem};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

pub(crate) async fn read(
    State(state): State<AppState>,
    Path(uscc): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    super::super::json(state.ask(move |service| service.unit(&uscc)).await, &asked)
}
