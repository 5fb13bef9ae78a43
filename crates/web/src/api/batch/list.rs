//! `GET /api/v1/batches?cursor=&limit=`: the unit's own batches (those of every unit for the office and
//! its auditors), latest first, however they were sent.

use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::{BatchView, page};
use serde::Deserialize;

/// Which page.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    pub(super) cursor: Option<String>,
    pub(super) limit: Option<u32>,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(request): Parameters<Request>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = request?;
    let limit = page::limit(request.limit)?;
    let queued = state.intake().map(|intake| intake.queued_by(asker.batches_of())).unwrap_or_default();
    let found = state.ask_at_length(move |service| {
        let sees = |batch: &BatchView| asker.sees_item_of(batch);
        service.batches_seen((asker.batches_of(), sees), queued, request.cursor.as_deref(), limit)
    });
    super::super::json(found.await, &asked)
}
