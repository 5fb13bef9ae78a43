//! `GET /api/v1/lists/definitions`: the lists that are defined today; `…/{code}`: the definition of one.

use crate::{AppState, problem::Problem};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::list_definition::DefinitionLine;
use serde::Serialize;

#[derive(Serialize)]
struct Definitions {
    definitions: Vec<DefinitionLine>,
}

pub(crate) async fn list(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, Problem> {
    let today = state.view().today;
    let found = state.ask(move |service| Ok(Definitions { definitions: service.list_definitions(today) })).await;
    super::json(found, &asked)
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Path(code): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let today = state.view().today;
    super::json(state.ask(move |service| service.list_definition(today, &code)).await, &asked)
}
