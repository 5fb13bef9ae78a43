//! `GET /status`: how the platform stands, as JSON. `GET /metrics`: the same and what was measured of requests, as
//! Prometheus reads it. Neither names a subject.

use crate::{AppState, problem::Problem};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

pub(crate) async fn read(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, Problem> {
    super::json(state.ask(|service| service.status()).await, &asked)
}

pub(crate) async fn metrics(State(state): State<AppState>) -> Result<Response, Problem> {
    let status = state.ask(|service| service.status()).await?;
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], state.metrics().text(&status)).into_response())
}
