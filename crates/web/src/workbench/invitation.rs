//! `GET /invitation`, `POST /invitation`: takes up an account, or a reset, with what was handed out. The codes are typed into a
//! form and never stand in an address.

use super::page;
use crate::AppState;
use crate::api::session::may_try;
use crate::portal::{ErrorPage, Frame, Place};
use crate::problem::Problem;
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::account::{Invited, TakenUp, take_up};
use std::net::SocketAddr;

#[derive(Template)]
#[template(path = "workbench/invitation.html")]
struct Page {
    frame: Frame,
    refusal: Option<String>,
    taken_up: Option<TakenUp>,
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    page(StatusCode::OK, &Page { frame, refusal: None, taken_up: None })
}

pub(crate) async fn use_up(
    State(state): State<AppState>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    asked: HeaderMap,
    Received(form): Received<Invited>,
) -> Result<Response, ErrorPage> {
    may_try(&state, peer.map(|Extension(ConnectInfo(peer))| peer), &asked).map_err(ErrorPage)?;
    let invited = form.map_err(|error| ErrorPage(Problem::from(error)))?;
    let taken = state.act_with_password(move |service, desk| take_up(service, desk, &invited)).await;
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    match taken {
        Ok(taken_up) => page(StatusCode::CREATED, &Page { frame, refusal: None, taken_up: Some(taken_up) }),
        Err(AppError::Refused { code: "invitation_invalid" | "password_weak", detail, .. }) => {
            page(StatusCode::BAD_REQUEST, &Page { frame, refusal: Some(detail), taken_up: None })
        }
        Err(error) => Err(ErrorPage(Problem::from(error))),
    }
}
