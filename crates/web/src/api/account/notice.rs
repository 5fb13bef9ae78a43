//! Notices of one's own account (`GET /api/v1/account/notices`, `POST …/{number}/read`) and the one mail address to which they go
//! (`GET`, `PUT`, `DELETE /api/v1/account/mail`, `POST …/confirmation`).

use super::super::{done, nothing};
use super::own::Code;
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::notice;
use serde::Deserialize;

/// Which notices, and how many.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// An address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Address {
    pub(crate) address: String,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(which): Parameters<Which>,
) -> Result<Response, Problem> {
    let (person, Which { cursor, limit }) = (asker.person()?.clone(), which?);
    done(state.ask(move |service| service.notices(&person, (cursor.as_deref(), limit))).await)
}

pub(crate) async fn mark_read(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    nothing(state.act(move |service, desk| notice::mark_read(service, desk, &person, Some(&number))).await)
}

pub(crate) async fn read_address(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    done(state.ask(move |service| service.mail_address(&person)).await)
}

pub(crate) async fn ask_address(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Address>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    let ask = state
        .post_by_mail(move |service, desk, post| notice::ask_address(service, desk, post, &person, &asked.address));
    done(ask.await)
}

pub(crate) async fn confirm_address(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Code>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    let confirmed = state.act(move |service, desk| notice::confirm_address(service, desk, &person, &asked.code));
    nothing(confirmed.await)
}

pub(crate) async fn drop_address(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    nothing(state.act(move |service, desk| notice::drop_address(service, desk, &person)).await)
}
