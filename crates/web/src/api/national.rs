//! The national side: `GET /api/v1/national` shows how each platform stands, `…/{platform}` one of them; `POST …/again` has a refused
//! row sent again, `POST …/differences` settles a difference between the copies.

use super::{done, nothing};
use crate::asker::Asker;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::national::{self, Keep};
use serde::Deserialize;
use serde_json::json;

/// Which record.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    record: String,
}

/// What a person found.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Found {
    record: String,
    keep: Keep,
    reason: String,
}

pub(crate) async fn list(State(state): State<AppState>) -> Result<Response, Problem> {
    let found = state.ask(|service| service.platforms()).await;
    done(found.map(|items| json!({ "items": items, "next": null })))
}

pub(crate) async fn show(State(state): State<AppState>, Path(platform): Path<String>) -> Result<Response, Problem> {
    done(state.ask(move |service| service.platform(&platform)).await)
}

pub(crate) async fn again(
    State(state): State<AppState>,
    Path(platform): Path<String>,
    Received(which): Received<Which>,
) -> Result<Response, Problem> {
    let which = which?;
    nothing(state.act(move |service, desk| national::send_again(service, desk, &platform, &which.record)).await)
}

pub(crate) async fn settle(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(platform): Path<String>,
    Received(found): Received<Found>,
) -> Result<Response, Problem> {
    let (person, found) = (asker.person()?.clone(), found?);
    let settled = state.act(move |service, desk| {
        let about = (platform.as_str(), found.record.as_str());
        national::settle(service, desk, &person.account.name, about, (found.keep, &found.reason))
    });
    nothing(settled.await)
}
