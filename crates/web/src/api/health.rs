//! `GET /healthz`: the process lives. `GET /readyz`: the register answers.

use crate::{AppState, problem::Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub(crate) async fn live() -> Response {
    Json(json!({"status": "ok"})).into_response()
}

pub(crate) async fn ready(State(state): State<AppState>) -> Response {
    match state.ask(|service| service.ready()).await {
        Ok(()) => Json(json!({"status": "ready"})).into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", "登记库不能应答。").into_response()
        }
    }
}
