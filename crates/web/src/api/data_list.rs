//! `GET /api/v1/data-list`: the list in force today with its edition, fields, basis and what changed since the edition
//! before. `GET /api/v1/data-list/{item}`: one item of it.

use crate::{AppState, problem::Problem};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

pub(crate) async fn list(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, Problem> {
    let today = state.view().today;
    super::json(state.ask(move |service| service.data_list(today)).await, &asked)
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Path(item): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let today = state.view().today;
    super::json(state.ask(move |service| service.data_list_item(today, &item)).await, &asked)
}
