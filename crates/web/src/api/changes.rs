//! `GET /api/v1/changes?after=&through=&cursor=&limit=&item=&area=`: what changed in public, by the order of the log; as lines
//! of JSON, or as events that go on (`Accept: text/event-stream`, with `Last-Event-ID`). References and digests alone, and the
//! public's scope whoever asks: a unit reads what is its own at `units/{uscc}/changes`.

use crate::parameter::Parameters;
use crate::{AppState, problem::Problem, stream};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use credence_app::AppError;
use credence_app::stream::{BULK_ADDRESS, ChangesRequest};

pub(crate) async fn read(
    State(state): State<AppState>,
    Parameters(request): Parameters<ChangesRequest>,
    asked: HeaderMap,
) -> Result<Response, Response> {
    let mut request = request.map_err(refuse)?;
    let goes_on = wants_events(&asked);
    let last = last_event(&asked).map_err(refuse)?;
    if goes_on && let Some(last) = last {
        request = ChangesRequest { after: Some(last), cursor: None, through: None, ..request };
    }
    let Some(admitted) = state.stream().admit() else {
        let text = "同时读取变更的连接过多，请稍后再试。";
        let full = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_requests", text);
        return Err(Problem { retry_after: Some(30), ..full }.into_response());
    };
    let begun = state.ask_at_length(move |service| {
        let (filter, limit) = (service.changes_filter(&request)?, service.changes_limit(&request)?);
        let until = service.log_size()? - 1;
        Ok((service.changes_begin(&request)?, until, limit, filter))
    });
    let (replay, until, limit, filter) = begun.await.map_err(refuse)?;
    let (kind, body) = if goes_on {
        ("text/event-stream", stream::events(state, admitted, replay, filter))
    } else {
        ("application/x-ndjson", stream::lines(state, admitted, replay, (until, limit), filter))
    };
    let kept = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // A proxy that gathers what it passes on would hold events back.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((kept, Body::new(body)).into_response())
}

fn wants_events(asked: &HeaderMap) -> bool {
    let accepted = asked.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|kind| kind.trim().starts_with("text/event-stream"))
}

/// Where a reader stood who comes back.
fn last_event(asked: &HeaderMap) -> Result<Option<i64>, AppError> {
    let Some(given) = asked.get("last-event-id").filter(|given| !given.is_empty()) else { return Ok(None) };
    let position = given.to_str().ok().and_then(|text| text.trim().parse().ok());
    position.map(Some).ok_or_else(|| AppError::refused("bad_parameter", "last-event-id", "Last-Event-ID 应为日志位置"))
}

/// A refusal; where a position leads nowhere any more, with the address from which to begin anew.
fn refuse(error: AppError) -> Response {
    let begins_anew = matches!(error.code(), "position_too_old" | "position_ahead");
    let mut response = Problem::from(error).into_response();
    if begins_anew && let Ok(link) = HeaderValue::from_str(&format!("<{BULK_ADDRESS}>; rel=\"alternate\"")) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}
