//! Editions of the rulebook: `GET /api/v1/editions` lists them, `GET …/{digest}` tells what one says otherwise than the edition in force and
//! `…/archive` hands out its files; `POST` asks that one be enacted, which a second person does by answering the proposal.

use super::{done, made};
use crate::asker::Asker;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use credence_app::access::{EDITION_MAX_BYTES, ProposingEdition, propose_edition};
use serde_json::json;

pub(crate) async fn list(State(state): State<AppState>) -> Result<Response, Problem> {
    let found = state.ask_at_length(|service| service.editions()).await;
    done(found.map(|items| json!({ "items": items, "next": null })))
}

pub(crate) async fn show(State(state): State<AppState>, Path(digest): Path<String>) -> Result<Response, Problem> {
    done(state.ask_at_length(move |service| service.edition_difference(&digest)).await)
}

pub(crate) async fn archive(State(state): State<AppState>, Path(digest): Path<String>) -> Result<Response, Problem> {
    let content = state.ask_at_length(move |service| service.edition_archive(&digest)).await?;
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"rulebook.zip\""));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

pub(crate) async fn propose(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<ProposingEdition, EDITION_MAX_BYTES>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    made(state.act(move |service, desk| propose_edition(service, desk, &person, &asked)).await)
}
