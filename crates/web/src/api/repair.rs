//! Repairs: `GET /api/v1/repair-notices/{record}` is what everyone who may see a record is told of its repair,
//! `GET /api/v1/repairs/{number}/progress` how far a repair is and who has followed it, by its number alone. `GET /api/v1/repairs?state=`
//! lists what one may see, `POST` applies; `…/{number}` is one with everything, `POST …/{number}/steps` passes on, asks for papers,
//! accepts, lengthens, grants, refuses, takes back or revokes.

use super::{done, json, made};
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::repair::{self, Applying, Doing};
use serde::Deserialize;

/// Which repairs.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    state: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

pub(crate) async fn notice(
    State(state): State<AppState>,
    Path(record): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    json(state.ask(move |service| service.repair_notice(&record)).await, &asked)
}

pub(crate) async fn progress(
    State(state): State<AppState>,
    Path(number): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    json(state.ask(move |service| service.public_repair(&number)).await, &asked)
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(request): Parameters<Which>,
) -> Result<Response, Problem> {
    let (person, request) = (asker.person()?.clone(), request?);
    let found = state
        .ask(move |service| {
            service.repairs(&person, request.state.as_deref(), (request.cursor.as_deref(), request.limit))
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
    done(state.act(move |service, desk| service.read_repair(desk, &person, &number)).await)
}

pub(crate) async fn apply(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Applying>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    made(state.act(move |service, desk| repair::apply_as(service, desk, &person, &asked)).await)
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(doing): Received<Doing>,
) -> Result<Response, Problem> {
    let (person, doing) = (asker.person()?.clone(), doing?);
    done(state.act(move |service, desk| repair::step_as(service, desk, &person, &number, &doing)).await)
}
