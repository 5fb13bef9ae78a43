//! `GET /api/v1/log`: the log's name, key and size, and who is told of it. `…/key`, `…/checkpoint` and `…/tile/…` are C2SP
//! tlog-tiles, `…/cosigned` the last checkpoint that a witness has cosigned, `…/proof/{act}` the place of an act.

use crate::{AppState, problem::Problem};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use credence_app::AppError;

/// A few seconds: the next checkpoint is never far.
const SHORTLY: HeaderValue = HeaderValue::from_static("no-cache");
/// Tiles never change.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub(crate) async fn read(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, Problem> {
    super::json(state.ask(|service| service.log_view()).await, &asked)
}

pub(crate) async fn key(State(state): State<AppState>) -> Result<Response, Problem> {
    text(state.ask(|service| service.log_key()).await.map(|key| format!("{key}\n")))
}

pub(crate) async fn checkpoint(State(state): State<AppState>) -> Result<Response, Problem> {
    text(state.ask(|service| service.log_checkpoint()).await)
}

pub(crate) async fn cosigned(State(state): State<AppState>) -> Result<Response, Problem> {
    text(state.ask(|service| service.log_cosigned()).await)
}

pub(crate) async fn tile(State(state): State<AppState>, Path(path): Path<String>) -> Result<Response, Problem> {
    let bytes = state.ask(move |service| service.log_tile(&format!("tile/{path}"))).await?;
    let kind = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)], bytes).into_response())
}

pub(crate) async fn proof(
    State(state): State<AppState>,
    Path(act): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    super::json(state.ask(move |service| service.log_proof(&act)).await, &asked)
}

fn text(found: Result<String, AppError>) -> Result<Response, Problem> {
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, SHORTLY)], found?).into_response())
}
