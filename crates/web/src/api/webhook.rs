//! Webhooks: `GET`, `POST /api/v1/webhooks`, `GET`, `DELETE …/{webhook}`, `POST …/pause`, `POST …/resume`, `GET …/deliveries` for whoever
//! keeps those of his unit, or oversees all; `GET …/key` gives everyone the keys that check messages. The body of a message is
//! described in docs/api.md.

use super::{done, json, made, nothing};
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::webhook::{self, Asked, From};
use serde::Deserialize;
use serde_json::json;

/// Why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    #[serde(default)]
    reason: String,
}

/// Which deliveries, and how many.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    cursor: Option<String>,
    limit: Option<u32>,
}

pub(crate) async fn keys(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, Problem> {
    let found = state.ask(|service| service.webhook_keys()).await;
    json(found.map(|keys| json!({ "keys": keys })), &asked)
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, Problem> {
    let holder = asker.holder()?;
    let found = state.ask(move |service| service.webhooks(holder.sees())).await;
    done(found.map(|items| json!({ "items": items, "next": null })))
}

pub(crate) async fn add(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Asked>,
) -> Result<Response, Problem> {
    let (holder, asked) = (asker.holder()?, asked?);
    made(state.prove(move |service, desk, by| webhook::add(service, desk, by, &holder, &asked)).await)
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let holder = asker.holder()?;
    done(state.ask(move |service| service.webhook(&id, holder.sees())).await)
}

pub(crate) async fn remove(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let holder = asker.holder()?;
    nothing(state.act(move |service, desk| webhook::remove(service, desk, &holder, &id, "")).await)
}

pub(crate) async fn pause(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(id): Path<String>,
    Received(why): Received<Why>,
) -> Result<Response, Problem> {
    let (holder, why) = (asker.holder()?, why?);
    done(state.act(move |service, desk| webhook::pause(service, desk, &holder, &id, &why.reason)).await)
}

pub(crate) async fn resume(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(id): Path<String>,
    Received(from): Received<From>,
) -> Result<Response, Problem> {
    let (holder, from) = (asker.holder()?, from?);
    done(state.prove(move |service, desk, by| webhook::resume(service, desk, by, &holder, (&id, from))).await)
}

pub(crate) async fn deliveries(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(id): Path<String>,
    Parameters(which): Parameters<Which>,
) -> Result<Response, Problem> {
    let (holder, Which { cursor, limit }) = (asker.holder()?, which?);
    let asked = move |service: &credence_app::Service| {
        service.webhook_deliveries(&id, holder.sees(), (cursor.as_deref(), limit))
    };
    done(state.ask(asked).await)
}
