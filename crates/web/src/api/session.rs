//! `POST /api/v1/sessions` signs in; `GET` lists one's open sessions; `DELETE …/{number}` ends one (`current` the one that asks).

use super::{done, made, nothing};
use crate::asker::Asker;
use crate::received::Received;
use crate::{AppState, problem::Problem, quota};
use axum::Extension;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use credence_app::account::{Credentials, end_session};
use std::net::SocketAddr;

pub(crate) async fn begin(
    State(state): State<AppState>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    asked: HeaderMap,
    Received(credentials): Received<Credentials>,
) -> Result<Response, Problem> {
    may_try(&state, peer.map(|Extension(ConnectInfo(peer))| peer), &asked)?;
    let credentials = credentials?;
    let agent = agent(&asked);
    made(state.act_with_password(move |service, desk| service.sign_in(desk, &credentials, &agent)).await)
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    let found = state.ask(move |service| service.sessions(&person)).await;
    done(found.map(|items| serde_json::json!({ "items": items, "next": null })))
}

pub(crate) async fn end(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    let number = if number == "current" { person.session.clone() } else { number };
    nothing(state.act(move |_, desk| end_session(desk, &person, &number)).await)
}

/// Refuses whoever tries too often from one address.
pub(crate) fn may_try(state: &AppState, peer: Option<SocketAddr>, asked: &HeaderMap) -> Result<(), Problem> {
    let Some(address) = quota::counted_address(peer, asked, state) else { return Ok(()) };
    if state.sign_ins().take(address).admitted {
        return Ok(());
    }
    let text = "同一地址每秒最多尝试登录20次，请稍后再试。";
    let refused = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", text);
    Err(Problem { retry_after: Some(1), ..refused })
}

/// What somebody works with, as it names itself.
pub(crate) fn agent(asked: &HeaderMap) -> String {
    asked.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
