//! `/repairs`: how a record is repaired, the commitment word for word, the agencies, and the way to a repair by its number;
//! `/repairs/{number}`: how far it is and who has followed; `/repair-notices/{record}`: whether and from when a record may be repaired.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::{page, refuse, words};
use crate::AppState;
use crate::parameter::Parameters;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use credence_app::repair::{Agency, PublicRepair};
use credence_domain::repair::Notice;
use credence_domain::rulebook::commitment::Clause;
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "repairs.html")]
struct Page {
    frame: Frame,
    clauses: Vec<Clause>,
    liability: String,
    agencies: Vec<Agency>,
}

#[derive(Template)]
#[template(path = "repair.html")]
struct One {
    frame: Frame,
    repair: PublicRepair,
}

#[derive(Template)]
#[template(path = "repair_notice.html")]
struct NoticePage {
    frame: Frame,
    notice: Notice,
    record: String,
}

impl One {
    fn day(&self, day: &Date) -> String {
        words::day(*day)
    }

    fn instant(&self, instant: &str) -> String {
        words::beijing_minute(instant)
    }
}

/// The words of a notice, wherever it is shown.
pub(crate) trait NoticeWords {
    fn day(&self, day: &Date) -> String {
        words::day(*day)
    }

    fn class(&self, class: &str) -> &'static str {
        match class {
            "minor" => "轻微",
            "general" => "一般",
            _ => "严重",
        }
    }
}

impl NoticeWords for NoticePage {}

/// The number that somebody looks for.
#[derive(Deserialize)]
pub(crate) struct Look {
    #[serde(default)]
    number: String,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Parameters(look): Parameters<Look>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let number = look.map_err(refuse)?.number.trim().to_owned();
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Ok(Redirect::to(&format!("/repairs/{number}")).into_response());
    }
    let today = state.view().today;
    let frame = Frame::of(&state, today, &asked, Place::Elsewhere);
    let found = state.ask(move |service| {
        let letter = service.rulebook().commitments.get("repair").and_then(|letter| letter.version_on(today));
        let (clauses, liability) =
            letter.map_or_else(Default::default, |letter| (letter.clauses.clone(), letter.liability.clone()));
        Ok((clauses, liability, service.repair_agencies()?))
    });
    let (clauses, liability, agencies) = found.await.map_err(refuse)?;
    page(&Page { frame, clauses, liability, agencies }, &asked)
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Path(number): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    let repair = state.ask(move |service| service.public_repair(&number)).await.map_err(refuse)?;
    page(&One { frame, repair }, &asked)
}

pub(crate) async fn notice(
    State(state): State<AppState>,
    Path(record): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    let id = record.clone();
    let notice = state.ask(move |service| service.repair_notice(&id)).await.map_err(refuse)?;
    page(&NoticePage { frame, notice, record }, &asked)
}
