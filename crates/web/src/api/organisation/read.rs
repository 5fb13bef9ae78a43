//! `GET /api/v1/organisations/{uscc}`: who it is, with its public records; their proofs are those of `…/records`. 404 only
//! for a code without a file.

use crate::{AppState, problem::Problem};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::Detail;

pub(crate) async fn read(
    State(state): State<AppState>,
    Path(uscc): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let view = state.view();
    super::super::json(state.ask(move |service| service.organisation_with(&view, &uscc, Detail::Plain)).await, &asked)
}
