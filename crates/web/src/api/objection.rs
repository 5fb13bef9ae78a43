//! Objections, complaints and replies: `GET /api/v1/objections?matter=&state=` lists what one may see, `…/{number}` is one with
//! everything; `POST /api/v1/objections` files, or joins what is open; `POST …/{number}/steps` takes a step.

use super::{done, made};
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::objection::{self, Doing, Filing};
use serde::Deserialize;

/// Which cases.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    matter: Option<String>,
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
    let found = state.ask(move |service| {
        service.objections(
            &person,
            (request.matter.as_deref(), request.state.as_deref()),
            (request.cursor.as_deref(), request.limit),
        )
    });
    done(found.await)
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    done(state.act(move |service, desk| service.objection(desk, &person, &number)).await)
}

pub(crate) async fn file(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Filing>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    made(state.act(move |service, desk| objection::file_as(service, desk, &person, &asked)).await)
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(doing): Received<Doing>,
) -> Result<Response, Problem> {
    let (person, doing) = (asker.person()?.clone(), doing?);
    done(state.act(move |service, desk| objection::step_as(service, desk, &person, &number, &doing)).await)
}
