//! What is decided here: `POST /workbench/proposals/{id}` is the second person's word, `POST /workbench/conflicts` asks that a name
//! be taken onto a file, `GET /workbench/conflicts` shows the names in conflict.

use super::{page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::portal::{ErrorPage, Frame, Place};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::access::{self, Answer, Answered};
use credence_app::query::NameConflictView;
use credence_domain::access::Role;
use serde::Deserialize;

/// What the form says of a proposal.
#[derive(Deserialize)]
pub(crate) struct Word {
    answer: String,
    #[serde(default)]
    reason: String,
}

#[derive(Template)]
#[template(path = "workbench/answered.html")]
struct AnsweredPage {
    frame: Frame,
    answered: Answered,
}

pub(crate) async fn answer(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(id): Path<String>,
    asked: HeaderMap,
    Received(word): Received<Word>,
) -> Result<Response, ErrorPage> {
    let (person, word) = (asker.person().map_err(refuse)?.clone(), word.map_err(refuse)?);
    let said = Answer { approve: word.answer == "approve", reason: word.reason };
    let answered = state.act(move |service, desk| access::answer(service, desk, &person, &id, &said));
    let answered = answered.await.map_err(refuse)?;
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    page(StatusCode::OK, &AnsweredPage { frame, answered })
}

#[derive(Template)]
#[template(path = "workbench/conflicts.html")]
struct ConflictsPage {
    frame: Frame,
    conflicts: Vec<NameConflictView>,
}

pub(crate) async fn conflicts(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(refuse)?.clone();
    let (frame, view) = (Frame::of(&state, state.view().today, &asked, Place::Elsewhere), super::batch::office(&state));
    let found = state.ask_at_length(move |service| {
        let mut found = service.name_conflicts(&view)?;
        found.retain(|conflict| person.role != Role::Clerk || conflict.source == person.account.unit);
        Ok(found)
    });
    let conflicts = found.await.map_err(refuse)?;
    page(StatusCode::OK, &ConflictsPage { frame, conflicts })
}

/// A name to be taken onto a file.
#[derive(Deserialize)]
pub(crate) struct Merge {
    uscc: String,
    name: String,
    reason: String,
}

pub(crate) async fn merge(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Merge>,
) -> Result<Response, ErrorPage> {
    let (person, asked) = (asker.person().map_err(refuse)?.clone(), asked.map_err(refuse)?);
    let proposed = state.act(move |service, desk| {
        access::propose_merge(service, desk, &person, (&asked.uscc, &asked.name), &asked.reason)
    });
    proposed.await.map_err(refuse)?;
    Ok(super::go_to("/workbench"))
}
