//! `/workbench/own`: the organisation's own space, for whoever represents it; `/workbench/own/letter`: one of its letters, for printing.

use super::{page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::portal::{ErrorPage, Frame, Place};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::own::{OwnCase, OwnLetter, OwnView};
use serde::Deserialize;

/// Which organisation, and which letter.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    uscc: String,
    #[serde(default)]
    letter: String,
}

#[derive(Template)]
#[template(path = "workbench/own.html")]
struct Page {
    frame: Frame,
    organisations: Vec<String>,
    own: Option<OwnView>,
}

impl Page {
    fn state_of(&self, case: &OwnCase) -> &'static str {
        match case.kind {
            "listing" => super::words::listing_state(&case.state),
            "repair" => super::words::repair_state(&case.state),
            _ => super::words::objection_state(&case.state),
        }
    }

    fn kind_of(&self, kind: &str) -> &'static str {
        match kind {
            "listing" => "名单案件",
            "repair" => "信用修复",
            "officer" => "责任人员",
            _ => "异议、投诉和申辩",
        }
    }

    fn record_state(&self, code: &str) -> &'static str {
        super::words::record_state(code)
    }
}

#[derive(Template)]
#[template(path = "workbench/own_letter.html")]
struct LetterPage {
    frame: Frame,
    uscc: String,
    name: String,
    letter: OwnLetter,
}

/// The organisation that is asked for; the only one, or the first, where none is named.
fn chosen(named: &str, organisations: &[String]) -> Option<String> {
    if named.is_empty() { organisations.first().cloned() } else { Some(named.to_owned()) }
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(asked): Parameters<Asked>,
    headers: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (person, asked) = (asker.person().map_err(refuse)?.clone(), asked.map_err(refuse)?);
    let frame = Frame::of(&state, state.view().today, &headers, Place::Elsewhere);
    let organisations = person.organisations.clone();
    let own = match chosen(asked.uscc.trim(), &organisations) {
        Some(uscc) => Some(state.act(move |service, desk| service.own(desk, &person, &uscc)).await.map_err(refuse)?),
        None => None,
    };
    page(StatusCode::OK, &Page { frame, organisations, own })
}

pub(crate) async fn letter(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(asked): Parameters<Asked>,
    headers: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (person, asked) = (asker.person().map_err(refuse)?.clone(), asked.map_err(refuse)?);
    let frame = Frame::of(&state, state.view().today, &headers, Place::Elsewhere);
    let chosen = chosen(asked.uscc.trim(), &person.organisations).ok_or(AppError::NotFound).map_err(refuse)?;
    let (uscc, named) = (chosen.clone(), asked.letter);
    let found = state.act(move |service, desk| service.own_letter(desk, &person, (&chosen, &named)));
    let (name, letter) = found.await.map_err(refuse)?;
    page(StatusCode::OK, &LetterPage { frame, uscc, name, letter })
}
