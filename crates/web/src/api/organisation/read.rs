//! `GET /api/v1/organisations/{uscc}?as_of=`: who it is, with its public records; their proofs are those of `…/records`. 404 only
//! for a code without a file.

use crate::day::AsOf;
use crate::parameter::Parameters;
use crate::{AppState, code, problem::Problem};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use credence_app::query::Detail;

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
    super::super::json(state.ask(move |service| service.organisation_with(&view, &uscc, Detail::Plain)).await, &asked)
}
