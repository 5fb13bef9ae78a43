//! Measures in force: `GET /api/v1/measures-in-force?state=` lists what one may see, `…/board` counts it by measure and unit,
//! `…/{number}` is one with its tasks and steps; `POST /api/v1/measures-in-force` records one that a decision carries,
//! `POST …/{number}/steps` acknowledges, reports, lifts, ends, complains or answers.

use super::{done, made};
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::measure::{self, Beginning, Doing};
use serde::Deserialize;

/// Which measures.
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
    let (person, request) = (asker.of_unit()?, request?);
    let found = state
        .ask(move |service| {
            service.measures_in_force(&person, request.state.as_deref(), (request.cursor.as_deref(), request.limit))
        })
        .await;
    done(found)
}

pub(crate) async fn board(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, Problem> {
    let person = asker.of_unit()?;
    done(state.ask(move |service| service.measure_board(&person)).await)
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let person = asker.of_unit()?;
    done(state.act(move |service, desk| service.measure_in_force(desk, &person, &number)).await)
}

pub(crate) async fn begin(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Beginning>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    made(state.act(move |service, desk| measure::begin_as(service, desk, &person, &asked)).await)
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(doing): Received<Doing>,
) -> Result<Response, Problem> {
    let (person, doing) = (asker.of_unit()?, doing?);
    done(state.act(move |service, desk| measure::step_as(service, desk, &person, &number, &doing)).await)
}
