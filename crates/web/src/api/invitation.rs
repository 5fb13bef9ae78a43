//! `POST /api/v1/invitations`: takes up an account, or a reset of it, with what was handed out. What binds a
//! representative takes up no account that is in use.

use super::made;
use super::session::may_try;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::account::{Invited, take_up};
use std::net::SocketAddr;

pub(crate) async fn use_up(
    State(state): State<AppState>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    asked: HeaderMap,
    Received(invited): Received<Invited>,
) -> Result<Response, Problem> {
    may_try(&state, peer.map(|Extension(ConnectInfo(peer))| peer), &asked)?;
    let invited = invited?;
    made(state.act_with_password(move |service, desk| take_up(service, desk, &invited)).await)
}
