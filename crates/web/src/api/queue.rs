//! `GET /api/v1/queue?kind=&light=&whose=&cursor=&limit=`: what waits for whoever asks, the most pressing first; `POST
//! /api/v1/queue/assignments` says who of the unit does it.

use super::done;
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use credence_app::queue::{self, Assigning, Which};
use serde::Deserialize;

/// Which tasks, and which page of them.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    kind: Option<String>,
    light: Option<String>,
    whose: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(request): Parameters<Request>,
) -> Result<Response, Problem> {
    let (person, request) = (asker.person()?.clone(), request?);
    let which = Which::parse(request.kind.as_deref(), request.light.as_deref(), request.whose.as_deref())?;
    let found =
        state.ask_at_length(move |service| service.queue(&person, &which, request.cursor.as_deref(), request.limit));
    done(found.await)
}

pub(crate) async fn assign(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Assigning>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    done(state.act(move |service, desk| queue::assign_as(service, desk, &person, &asked)).await)
}
