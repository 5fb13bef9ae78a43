//! `GET /account`: one's own account, with its open sessions, password and second factor; the forms on it come back here.

use super::{go_to, page, refuse};
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
use credence_app::account::{self, Person, SecondFactor, SessionView};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "workbench/account.html")]
struct Page {
    frame: Frame,
    person: Arc<Person>,
    unit: String,
    sessions: Vec<SessionView>,
    /// Notices that were not read.
    unread: u64,
    /// A second factor being set up.
    setting_up: Option<SecondFactor>,
    done: &'static str,
    refusal: Option<String>,
}

/// Another password.
#[derive(Deserialize)]
pub(crate) struct NewPassword {
    old: String,
    new: String,
}

/// Which step of setting up or dropping the second factor.
#[derive(Deserialize)]
pub(crate) struct Step {
    step: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    secret: String,
}

/// Which session ends.
#[derive(Deserialize)]
pub(crate) struct End {
    number: String,
}

/// What is said above the page.
#[derive(Default)]
struct Said {
    setting_up: Option<SecondFactor>,
    done: &'static str,
    refusal: Option<String>,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(refuse)?.clone();
    render(&state, person, &asked, Said::default()).await
}

async fn render(state: &AppState, person: Arc<Person>, asked: &HeaderMap, said: Said) -> Result<Response, ErrorPage> {
    let frame = Frame::of(state, state.view().today, asked, Place::Elsewhere);
    let of = Arc::clone(&person);
    let found = state.ask(move |service| Ok((service.sessions(&of)?, service.unread_notices(&of)?, service.units()?)));
    let (sessions, unread, units) = found.await.map_err(refuse)?;
    let unit = units.get(&person.account.unit).map(|unit| unit.name.clone()).unwrap_or_default();
    let Said { setting_up, done, refusal } = said;
    let status = if refusal.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page(status, &Page { frame, person, unit, sessions, unread, setting_up, done, refusal })
}

/// What came of a form: said on the page where the rules refuse.
async fn told(
    state: &AppState,
    person: Arc<Person>,
    asked: &HeaderMap,
    came: Result<Said, AppError>,
) -> Result<Response, ErrorPage> {
    match came {
        Ok(said) => render(state, person, asked, said).await,
        Err(AppError::Refused { detail, .. }) => {
            render(state, person, asked, Said { refusal: Some(detail), ..Said::default() }).await
        }
        Err(error) => Err(refuse(error)),
    }
}

pub(crate) async fn change_password(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
    Received(form): Received<NewPassword>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let of = Arc::clone(&person);
    let changed = state.act_with_password(move |service, desk| {
        account::change_password(service, desk, &of.account, &form.old, &form.new)
    });
    match changed.await {
        // Every session has ended with the old password.
        Ok(()) => Ok(go_to("/sign-in")),
        Err(error) => told(&state, person, &asked, Err(error)).await,
    }
}

pub(crate) async fn second_factor(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
    Received(form): Received<Step>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let of = Arc::clone(&person);
    let came = state.act(move |service, desk| match form.step.as_str() {
        "begin" => {
            let setting_up = account::begin_second_factor(desk, &of.account)?;
            Ok(Said { setting_up: Some(setting_up), ..Said::default() })
        }
        "confirm" => {
            account::confirm_second_factor(service, desk, &of.account, &form.secret, &form.code)?;
            Ok(Said { done: "动态码已启用，下次登录时须填写。", ..Said::default() })
        }
        "drop" => {
            account::drop_second_factor(service, desk, &of.account, &form.code)?;
            Ok(Said { done: "动态码已停用。", ..Said::default() })
        }
        _ => Err(AppError::refused("bad_parameter", "step", "表单无法读取，请返回重填")),
    });
    let came = came.await;
    // What changed is read again.
    let person = match crate::asker::cookie(&asked).map(str::to_owned) {
        Some(token) => state.ask(move |service| service.person(&token)).await.map_or(person, Arc::new),
        None => person,
    };
    told(&state, person, &asked, came).await
}

pub(crate) async fn end_session(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(form): Received<End>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let ended = state.act(move |_, desk| account::end_session(desk, &person, &form.number)).await;
    match ended {
        Ok(()) | Err(AppError::NotFound) => Ok(go_to("/account")),
        Err(error) => Err(refuse(error)),
    }
}
