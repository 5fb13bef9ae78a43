//! Being a witness for another log over HTTP: `POST /add-checkpoint` (C2SP tlog-witness) and nothing else. A process of its own,
//! for a city that keeps an eye on the province's log.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use credence_app::log::{Host, Refusal};
use std::sync::Arc;

/// The largest request: 63 hashes and a checkpoint with many signatures.
const BODY_MAX_BYTES: usize = 64 * 1024;

/// The router of a witness.
pub(crate) fn router(host: Arc<Host>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .with_state(host)
}

async fn add_checkpoint(State(host): State<Arc<Host>>, body: Bytes) -> Response {
    let Ok(body) = String::from_utf8(body.to_vec()) else { return refuse(&Refusal::Malformed("not text")) };
    match tokio::task::spawn_blocking(move || host.add_checkpoint(&body)).await {
        Ok(Ok(Ok(line))) => text(StatusCode::OK, "text/plain; charset=utf-8", line),
        Ok(Ok(Err(refusal))) => refuse(&refusal),
        Ok(Err(error)) => {
            tracing::error!(%error, "what was seen cannot be written down");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a judgement was not finished");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn refuse(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    match refusal {
        Refusal::Conflict(size) => text(status, "text/x.tlog.size", format!("{size}\n")),
        other => text(status, "text/plain; charset=utf-8", format!("{other}\n")),
    }
}

fn text(status: StatusCode, kind: &'static str, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
}
