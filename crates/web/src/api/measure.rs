//! `GET /api/v1/measures`: the measures list in force today with its editions, changes and the examples of article 13;
//! `…/{code}`: one measure. `GET /api/v1/behaviours`, `/api/v1/memoranda`: what measures may follow, and what is no basis.

use crate::{AppState, problem::Problem};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::measure::{BehaviourView, MemorandumView};
use serde::Serialize;

#[derive(Serialize)]
struct Behaviours {
    behaviours: Vec<BehaviourView>,
}

#[derive(Serialize)]
struct Memoranda {
    memoranda: Vec<MemorandumView>,
}

pub(crate) async fn list(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, Problem> {
    let today = state.view().today;
    super::json(state.ask(move |service| service.measure_list(today)).await, &asked)
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Path(code): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let today = state.view().today;
    super::json(state.ask(move |service| service.measure(today, &code)).await, &asked)
}

pub(crate) async fn behaviours(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, Problem> {
    let today = state.view().today;
    let found = state.ask(move |service| Ok(Behaviours { behaviours: service.behaviours(today) })).await;
    super::json(found, &asked)
}

pub(crate) async fn memoranda(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, Problem> {
    let today = state.view().today;
    let found = state.ask(move |service| Ok(Memoranda { memoranda: service.memoranda(today) })).await;
    super::json(found, &asked)
}
