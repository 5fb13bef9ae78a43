//! `GET /api/v1/units?cursor=&limit=`: the directory of units as it stands today, in order of codes.

use crate::parameter::Parameters;
use crate::{AppState, problem::Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

/// Which page.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    cursor: Option<String>,
    limit: Option<u32>,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Parameters(request): Parameters<Request>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let Request { cursor, limit } = request?;
    super::super::json(state.ask(move |service| service.units_page(cursor.as_deref(), limit)).await, &asked)
}
