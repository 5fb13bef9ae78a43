//! Cases of listings: `GET /api/v1/listings?state=` lists what one may see, `GET …/{number}` is a case with its steps and letters (a look into the journal for those who do not work on it),
//! `POST /api/v1/listings` proposes one, `POST …/{number}/steps` takes a step.

use super::{done, made};
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::listing::{self, Proposing, Stepping};
use serde::Deserialize;

/// Which cases.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    state: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(request): Parameters<Which>,
) -> Result<Response, Problem> {
    let (person, request) = (asker.person()?.clone(), request?);
    let found = state
        .ask(move |service| {
            service.listings(&person, request.state.as_deref(), (request.cursor.as_deref(), request.limit))
        })
        .await;
    done(found)
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    done(state.act(move |service, desk| service.read_listing(desk, &person, &number)).await)
}

pub(crate) async fn propose(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Proposing>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    made(state.act(move |service, desk| listing::propose_as(service, desk, &person, &asked)).await)
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(asked): Received<Stepping>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    done(state.act(move |service, desk| listing::step_as(service, desk, &person, &number, &asked)).await)
}
