//! `GET /api/v1/areas`: the directory of areas. `GET /api/v1/areas/{area}`: what is public of one today, by code or name.

use crate::{AppState, problem::Problem};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::{AreaView, Page};

pub(crate) async fn list(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, Problem> {
    let areas = state.ask(|service| service.areas()).await;
    super::json(areas.map(|items| Page::<AreaView> { items, next: None }), &asked)
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Path(area): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    super::json(state.area(state.view(), area).await, &asked)
}
