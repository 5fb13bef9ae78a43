//! `GET /log`: the public log for people: its name, key, size and witnesses, and how anyone checks it. `…/log/verify.py` is a
//! verifier that shares no code with the platform, `…/log/proofs/{act}` and `…/records/{id}/proof` are files that it reads.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::{page, refuse};
use crate::AppState;
use crate::answer::Answer;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::log::LogView;

/// The verifier: one file, nothing but the standard library of Python.
const VERIFIER: &str = include_str!("../../../../verifier/credence_verify.py");

#[derive(Template)]
#[template(path = "log.html")]
struct Page {
    frame: Frame,
    log: LogView,
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let log = state.ask(|service| service.log_view()).await.map_err(refuse)?;
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    page(&Page { frame, log }, &asked)
}

pub(crate) async fn verifier(asked: HeaderMap) -> Response {
    Answer::file("text/x-python; charset=utf-8", "credence_verify.py", VERIFIER).to(&asked)
}

pub(crate) async fn proof(
    State(state): State<AppState>,
    Path(act): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let named = act.clone();
    let file = state.ask(move |service| service.log_proof_file(&act, None)).await.map_err(refuse)?;
    Ok(saved(&named, file, &asked))
}

pub(crate) async fn record_proof(
    State(state): State<AppState>,
    Path((uscc, id)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (view, named) = (state.view(), id.clone());
    let file = state.ask(move |service| service.record_proof_file(&view, &uscc, &id)).await.map_err(refuse)?;
    Ok(saved(&named, file, &asked))
}

/// A file under the name of what it proves, which is hexadecimal or was not found.
fn saved(named: &str, file: String, asked: &HeaderMap) -> Response {
    Answer::file("text/plain; charset=utf-8", format!("{named}.tlog-proof"), file).to(asked)
}
