//! Responsible persons: `GET /api/v1/officers?kind=&state=` lists the terms, cases and duties that one may see, `…/{number}` is one with
//! its steps and letters; `POST /api/v1/officers/terms` enters a term of office, `POST /api/v1/officers` proposes to hold a person
//! to account, `POST /api/v1/officers/duties` says that those above are to be informed, `POST …/{number}/steps` takes a step.

use super::{done, made};
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::officer::{self, Doing, Entering, Informing, Proposing};
use serde::Deserialize;

/// Which files.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    kind: Option<String>,
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
            service.officers(
                &person,
                (request.kind.as_deref(), request.state.as_deref()),
                (request.cursor.as_deref(), request.limit),
            )
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
    done(state.act(move |service, desk| service.officer(desk, &person, &number)).await)
}

pub(crate) async fn enter(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Entering>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    made(state.act(move |service, desk| officer::enter_as(service, desk, &person, &asked)).await)
}

pub(crate) async fn propose(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Proposing>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    made(state.act(move |service, desk| officer::propose_as(service, desk, &person, &asked)).await)
}

pub(crate) async fn inform(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Informing>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    made(state.act(move |service, desk| officer::inform_as(service, desk, &person, &asked)).await)
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(doing): Received<Doing>,
) -> Result<Response, Problem> {
    let (person, doing) = (asker.person()?.clone(), doing?);
    done(state.act(move |service, desk| officer::step_as(service, desk, &person, &number, &doing)).await)
}
