//! `GET /api/v1/organisations/{uscc}/own`: all about an organisation, for whoever represents it; the access journal has the look
//! before anything is shown.

use super::super::done;
use crate::asker::Asker;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;

pub(crate) async fn read(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(uscc): Path<String>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    done(state.act(move |service, desk| service.own(desk, &person, &uscc)).await)
}
