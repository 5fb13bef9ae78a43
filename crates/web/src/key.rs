//! Who may send: a source unit's key in `Authorization: Bearer`. It is asked for before anything else of the request is
//! looked at, and each key has a quota of its own.

use crate::AppState;
use crate::problem::Problem;
use crate::quota;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use credence_app::AppError;
use credence_app::key::{Key, unauthorised};

/// Requests a second with one key.
const RATE: u32 = 20;
/// Requests at once.
const BURST: u32 = 200;

/// How much one key may ask.
pub(crate) fn quota() -> quota::Quota<[u8; 32]> {
    quota::Quota::new(RATE, BURST)
}

/// Lets a request with a valid key through, with the key beside it.
pub(crate) async fn admit(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let key = match authenticate(&state, request.headers()).await {
        Ok(key) => key,
        Err(error) => return refuse(error),
    };
    let stand = state.key_quota().take(key.digest);
    let response = if stand.admitted {
        request.extensions_mut().insert(key);
        next.run(request).await
    } else {
        let text = format!("同一密钥每秒{RATE}次、短时{BURST}次以内，请在稍后重试。");
        let refused = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", text);
        Problem { retry_after: Some(1), ..refused }.into_response()
    };
    quota::say(response, stand)
}

async fn authenticate(state: &AppState, headers: &HeaderMap) -> Result<Key, AppError> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, secret) = given.and_then(|value| value.split_once(' ')).ok_or_else(unauthorised)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unauthorised());
    }
    let secret = secret.trim().to_owned();
    state.ask(move |service| service.authenticate(&secret)).await
}

fn refuse(error: AppError) -> Response {
    let mut response = Problem::from(error).into_response();
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
