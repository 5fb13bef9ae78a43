//! `GET /api/v1/units/{uscc}/changes?after=&limit=`: for the unit itself, what changed in its areas, by the order of the
//! log. 403 for another unit's.

use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::AppError;
use serde::Deserialize;

/// Behind which place, and how many.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    after: Option<i64>,
    limit: Option<u32>,
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(uscc): Path<String>,
    Parameters(request): Parameters<Request>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    if asker.batches_of().is_some_and(|own| own != uscc) {
        return Err(AppError::refused("forbidden", "uscc", "只能读取本单位的变更").into());
    }
    let Request { after, limit } = request?;
    super::super::json(state.ask_at_length(move |service| service.changes_of(&uscc, after, limit)).await, &asked)
}
