//! `GET /api/v1/batches/{id}`: the object of `credence import` with the batch's state. 403 for another unit's, and for an item for which
//! the key was not issued.

use crate::asker::Asker;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::AppError;
use credence_app::query::BatchView;
use credence_app::query::batch::forbidden;

pub(crate) async fn read(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    super::super::json(find(&state, &asker, number).await, &asked)
}

/// A batch that the asker sees.
///
/// # Errors
/// `not_found`, `forbidden` for another unit's, `key_scope` for an item for which the key was not issued, or a fault.
pub(crate) async fn find(state: &AppState, asker: &Asker, number: String) -> Result<BatchView, AppError> {
    let found = find_of_unit(state, asker, number).await?;
    asker.within_scope(&found)?;
    Ok(found)
}

/// A batch of the asker's unit: from the register, else from the spool.
async fn find_of_unit(state: &AppState, asker: &Asker, number: String) -> Result<BatchView, AppError> {
    // Looked for first: between spool and register it stands in both for a moment, never in neither.
    let queued = state.intake().and_then(|intake| intake.queued(&number));
    let source = asker.batches_of().map(str::to_owned);
    let of = source.clone();
    match state.ask(move |service| service.batch_of(of.as_deref(), &number)).await {
        Err(AppError::NotFound) => match queued {
            Some(view) if source.is_none_or(|source| view.source == source) => Ok(view),
            Some(_) => Err(forbidden()),
            None => Err(AppError::NotFound),
        },
        found => found,
    }
}
