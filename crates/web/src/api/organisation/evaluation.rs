//! `GET /api/v1/organisations/{uscc}/evaluation?as_of=`: the numbers of `credence explain`; nulls where nothing is evaluated.

use crate::day::AsOf;
use crate::parameter::Parameters;
use crate::{AppState, code, problem::Problem};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

pub(crate) async fn read(
    State(state): State<AppState>,
    Path(uscc): Path<String>,
    Parameters(day): Parameters<AsOf>,
    at: Uri,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(there) = code::canonical(&at, &uscc) {
        return Ok(there);
    }
    let view = day?.of(state.view());
    super::super::json(state.ask(move |service| service.evaluation(&view, &uscc)).await, &asked)
}
