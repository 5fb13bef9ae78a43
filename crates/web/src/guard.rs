//! What every answer keeps to: a strict content security policy and its companions (no cookie, nothing from elsewhere),
//! and a time within which it is made.

use crate::problem::Problem;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Duration;

/// The longest that an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// The longest that taking in a file may take: 512 MB over a slow line.
const TAKEN_WITHIN: Duration = Duration::from_secs(1_800);

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Adds the headers; answers that say nothing about keeping are not kept.
pub(crate) async fn add_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Gives up what takes too long: the asker is told to come again.
pub(crate) async fn end_in_time(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let within = if request.method() == Method::POST { TAKEN_WITHIN } else { ANSWER_WITHIN };
    match tokio::time::timeout(within, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(path, "gave up after {} s", within.as_secs());
            let late = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", "应答超时，请稍后再试或缩小查询范围。");
            crate::route::refuse(&path, Problem { retry_after: Some(10), ..late })
        }
    }
}
