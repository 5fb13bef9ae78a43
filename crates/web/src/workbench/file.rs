//! `GET /workbench/file`, `POST /workbench/file`: an organisation's file read for a purpose. What is asked stands in the form's
//! body and not in an address; the journal has the look before anything is shown. Whoever sees what has ended may ask for the
//! file as it was known at an instant. `POST /workbench/erasures` asks that one of
//! its records be erased.

use super::{page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::portal::{ErrorPage, Frame, Place};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::access::{self, FileView, JournalView, KnownFile, Reason};
use credence_app::erasure::Request;
use credence_domain::access::{Action, Purpose, Role};
use credence_domain::erasure::Clause;
use serde::Deserialize;

/// Looks shown on one page.
const LOOKS: u32 = 100;

#[derive(Template)]
#[template(path = "workbench/file.html")]
struct Page {
    frame: Frame,
    role: Role,
    organisations: Vec<String>,
    purposes: Vec<Purpose>,
    asked: Asked,
    refusal: Option<String>,
    found: Found,
    /// The clauses by which this reader may ask that a record be erased; none for whoever may not.
    clauses: Vec<Clause>,
}

/// What was found: the file as it is, or as it was known at an instant.
#[derive(Default)]
struct Found {
    file: Option<FileView>,
    known: Option<KnownFile>,
    looks: Vec<JournalView>,
}

impl Page {
    /// State of a record in words.
    fn record_state(code: &str) -> &'static str {
        super::words::record_state(code)
    }
}

/// What the form says.
#[derive(Clone, Default, Deserialize)]
pub(crate) struct Asked {
    uscc: String,
    /// An instant, as clocks here show it; empty for now.
    #[serde(default)]
    known_at: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    case: String,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    headers: HeaderMap,
) -> Result<Response, ErrorPage> {
    render(&state, &asker, &headers, Asked::default(), Ok(Found::default())).await
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    headers: HeaderMap,
    Received(form): Received<Asked>,
) -> Result<Response, ErrorPage> {
    let (person, asked) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let of = asked.clone();
    let found = state.act(move |service, desk| {
        let purpose = if person.role == Role::Organisation { "self".to_owned() } else { of.purpose };
        let reason = Reason { purpose, case_number: of.case };
        let uscc = of.uscc.trim();
        let (mut file, mut known) = (None, None);
        match of.known_at.trim() {
            "" => file = Some(service.read_file(desk, &person, uscc, &reason)?),
            at => known = Some(service.file_as_known(desk, &person, uscc, (&reason, &here(at)))?),
        }
        let sees_looks = service.allows(person.role, Action::ReadJournal)?;
        let looks = if sees_looks { service.journal(person.role, uscc, None, LOOKS)?.items } else { Vec::new() };
        Ok(Found { file, known, looks })
    });
    render(&state, &asker, &headers, asked, found.await).await
}

/// An instant as a form has it, in the time of this country.
fn here(at: &str) -> String {
    if at.ends_with('Z') || at.contains('+') { at.to_owned() } else { format!("{at}+08:00") }
}

async fn render(
    state: &AppState,
    asker: &Asker,
    headers: &HeaderMap,
    asked: Asked,
    found: Result<Found, AppError>,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(refuse)?;
    let frame = Frame::of(state, state.view().today, headers, Place::Elsewhere);
    let role = person.role;
    let told = state.ask(move |service| {
        let may_erase = service.allows(role, Action::ProposeErasure)?;
        let clauses = if may_erase { service.erasure_clauses().to_vec() } else { Vec::new() };
        Ok((service.purposes()?, clauses))
    });
    let (purposes, clauses) = told.await.map_err(refuse)?;
    let (found, refusal) = match found {
        Ok(found) => (found, None),
        Err(AppError::Refused { detail, .. }) => (Found::default(), Some(detail)),
        Err(AppError::NotFound) => {
            (Found::default(), Some("没有这一统一社会信用代码的档案，或者当时还没有，请核对。".to_owned()))
        }
        Err(error) => return Err(refuse(error)),
    };
    let status = if refusal.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let organisations = person.organisations.clone();
    page(status, &Page { frame, role, organisations, purposes, asked, refusal, found, clauses })
}

/// A record whose content is to be erased.
#[derive(Deserialize)]
pub(crate) struct Erase {
    uscc: String,
    record: String,
    clause: String,
    reason: String,
}

pub(crate) async fn erase(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Erase>,
) -> Result<Response, ErrorPage> {
    let (person, asked) = (asker.person().map_err(refuse)?.clone(), asked.map_err(refuse)?);
    let proposed = state.act(move |service, desk| {
        let request = Request { record: &asked.record, clause: &asked.clause, uscc: Some(&asked.uscc) };
        access::propose_erasure(service, desk, &person, request, &asked.reason)
    });
    proposed.await.map_err(refuse)?;
    Ok(super::go_to("/workbench"))
}
