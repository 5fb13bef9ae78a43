//! `GET /api/v1/organisations/{uscc}/file?purpose=&case=`: the file beyond what is public, for a purpose; noted in the access
//! journal before anything is shown. With `known_at=` the same as it was known at an instant, for auditors and the organisation. `…/access`: who looked, for what, when. `POST /api/v1/investigations/end`: from then on the
//! organisations see the looks of a case.

use super::super::done;
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::access::{KnownFile, Reason};
use credence_app::account::Person;
use credence_app::desk::Desk;
use credence_app::query::page;
use credence_app::{AppError, Service};
use credence_domain::access::Role;
use serde::Deserialize;

/// For what it is read.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    purpose: Option<String>,
    case: Option<String>,
    /// The instant at which the file was known so; as it stands now without one.
    known_at: Option<String>,
}

/// Which page of the journal.
#[derive(Debug, Deserialize)]
pub(crate) struct Looks {
    cursor: Option<String>,
    limit: Option<u32>,
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(uscc): Path<String>,
    Parameters(request): Parameters<Request>,
) -> Result<Response, Problem> {
    let (person, request) = (asker.person()?.clone(), request?);
    let reason = Reason { purpose: request.purpose.unwrap_or_default(), case_number: request.case.unwrap_or_default() };
    if let Some(known_at) = request.known_at {
        let ask = move |service: &_, desk: &_| known(service, desk, (&person, &uscc), (&reason, &known_at));
        return done(state.act(ask).await);
    }
    done(state.act(move |service, desk| service.read_file(desk, &person, &uscc, &reason)).await)
}

fn known(
    service: &Service,
    desk: &Desk,
    (person, uscc): (&Person, &str),
    (reason, known_at): (&Reason, &str),
) -> Result<KnownFile, AppError> {
    service.file_as_known(desk, person, uscc, (reason, known_at))
}

pub(crate) async fn looks(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(uscc): Path<String>,
    Parameters(request): Parameters<Looks>,
) -> Result<Response, Problem> {
    let (person, request) = (asker.person()?.clone(), request?);
    if person.role == Role::Organisation && !person.organisations.contains(&uscc) {
        let text = "只能查看本账户代表的信用主体的查询记录";
        return Err(AppError::refused("forbidden", "uscc", text).into());
    }
    let limit = page::limit(request.limit)?;
    done(state.ask(move |service| service.journal(person.role, &uscc, request.cursor.as_deref(), limit)).await)
}

/// Which investigation is over, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Over {
    case: String,
    reason: String,
}

pub(crate) async fn end_investigation(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(over): Received<Over>,
) -> Result<Response, Problem> {
    let (person, over) = (asker.person()?.clone(), over?);
    let ended = state.act(move |service, desk| {
        credence_app::access::end_investigation(service, desk, &person, &over.case, &over.reason)
    });
    done(ended.await.map(|shown| serde_json::json!({ "shown": shown })))
}
