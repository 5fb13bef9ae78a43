//! Promises (承诺回执): whoever acted is told by when the log holds the act. Each is a signed note, in base64 as the header
//! `Log-Promise`, one for each act of the request; `credence log verify` reads it.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::cell::RefCell;

const HEADER: HeaderName = HeaderName::from_static("log-promise");

tokio::task_local! {
    static MADE: RefCell<Vec<String>>;
}

/// Keeps the promises that the request under way is answered with.
pub(crate) fn keep(promises: Vec<String>) {
    // Outside a request nobody is answered.
    let _ = MADE.try_with(|made| made.borrow_mut().extend(promises));
}

/// Answers with the promises that were kept.
pub(crate) async fn carry(request: Request, next: Next) -> Response {
    let answered = async {
        let response = next.run(request).await;
        (response, MADE.with(RefCell::take))
    };
    let (mut response, promises) = MADE.scope(RefCell::default(), answered).await;
    for promise in promises {
        if let Ok(value) = HeaderValue::from_str(&STANDARD.encode(promise)) {
            response.headers_mut().append(HEADER, value);
        }
    }
    response
}
