//! What needs two persons: `GET /api/v1/proposals?state=` lists what one may see, `POST …/{id}/answer` is the second person's
//! word, `POST /api/v1/batches/{id}/withdrawal`, `POST /api/v1/conflicts/merge` and `POST /api/v1/organisations/{uscc}/erasures` ask.

use super::{done, made};
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::AppError;
use credence_app::access::{self, Answer};
use credence_app::erasure::Request;
use serde::Deserialize;
use serde_json::json;

/// Which proposals.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    state: Option<String>,
}

/// Why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    reason: String,
}

/// A record whose content is to be erased, by which clause and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Erase {
    record: String,
    clause: String,
    reason: String,
}

/// A name to be taken onto a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Merge {
    uscc: String,
    name: String,
    reason: String,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(request): Parameters<Which>,
) -> Result<Response, Problem> {
    let (person, request) = (asker.person()?.clone(), request?);
    let of = request.state.unwrap_or_else(|| "open".to_owned());
    if !matches!(of.as_str(), "open" | "approved" | "refused") {
        let text = "state 应为 open、approved 或 refused";
        return Err(AppError::refused("bad_parameter", "state", text).into());
    }
    let found = state.ask(move |service| service.proposals(&person, &of)).await;
    done(found.map(|items| json!({ "items": items, "next": null })))
}

pub(crate) async fn answer(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(id): Path<String>,
    Received(said): Received<Answer>,
) -> Result<Response, Problem> {
    let (person, said) = (asker.person()?.clone(), said?);
    done(state.act(move |service, desk| access::answer(service, desk, &person, &id, &said)).await)
}

pub(crate) async fn withdraw_batch(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(why): Received<Why>,
) -> Result<Response, Problem> {
    let (person, why) = (asker.person()?.clone(), why?);
    let asked =
        state.act(move |service, desk| access::propose_withdrawal(service, desk, &person, &number, &why.reason));
    made(asked.await)
}

pub(crate) async fn erase(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(uscc): Path<String>,
    Received(asked): Received<Erase>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    let asked = state.act(move |service, desk| {
        let request = Request { record: &asked.record, clause: &asked.clause, uscc: Some(&uscc) };
        access::propose_erasure(service, desk, &person, request, &asked.reason)
    });
    made(asked.await)
}

pub(crate) async fn merge(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Merge>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    let asked = state.act(move |service, desk| {
        access::propose_merge(service, desk, &person, (&asked.uscc, &asked.name), &asked.reason)
    });
    made(asked.await)
}
