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
    // A file of somebody else comes with a stricter one.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Refuses addresses that are no text or hold a NUL: no name here does, and PostgreSQL does not take one.
pub(crate) async fn refuse_unreadable(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !is_text(path) {
        return crate::route::refuse(path, Problem::not_found());
    }
    if request.uri().query().is_some_and(|query| query.contains("%00")) {
        let refused =
            Problem::new(StatusCode::BAD_REQUEST, "bad_parameter", "查询参数中有空字符（%00），请去掉后重试。");
        return crate::route::refuse(path, refused);
    }
    next.run(request).await
}

/// Whether a path is text without NUL once its percent signs are read.
fn is_text(path: &str) -> bool {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, more @ ..] = rest {
        let pair = more.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let escaped = pair.filter(|_| *first == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { more.get(2..).unwrap_or_default() } else { more };
    }
    !bytes.contains(&0) && std::str::from_utf8(&bytes).is_ok()
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

#[cfg(test)]
mod tests {
    use super::is_text;

    #[test]
    fn a_path_is_text_or_leads_nowhere() {
        assert!(is_text("/organisations/%E4%BA%91") && is_text("/x%") && is_text("/%zz"));
        assert!(!is_text("/organisations/%FF") && !is_text("/a%00") && !is_text("/%E4%BA"));
    }
}
