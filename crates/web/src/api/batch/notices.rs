//! `GET /api/v1/batches/{id}/repair-notices?cursor=&limit=`: the repair notices of its records, for the unit that serves them with its
//! decisions (两书同达). 403 for another unit's.

use super::list::Request;
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::page;

pub(crate) async fn read(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Parameters(request): Parameters<Request>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = request?;
    let limit = page::limit(request.limit)?;
    super::read::find(&state, &asker, number.clone()).await?;
    let found = state.ask_at_length(move |service| {
        service.batch_notices((asker.batches_of(), &number), (request.cursor.as_deref(), limit))
    });
    super::super::json(found.await, &asked)
}
