//! `GET /account/notices`: the notices of one's own account, with the mail address to which they go; the forms on it come back here:
//! `POST /account/notices` marks as read, `POST /account/mail` asks for an address, confirms it or takes it off.

use super::{page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::portal::{ErrorPage, Frame, Place, beijing_minute};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::account::Person;
use credence_app::notice::{self, AddressView, Notices};
use serde::Deserialize;
use std::sync::Arc;

/// Notices of a page.
const SHOWN: u32 = 20;

#[derive(Template)]
#[template(path = "workbench/notices.html")]
struct Page {
    frame: Frame,
    in_a_unit: bool,
    found: Notices,
    address: AddressView,
    /// Mail goes out at all.
    by_mail: bool,
    done: &'static str,
    refusal: Option<String>,
}

impl Page {
    fn instant(&self, instant: &str) -> String {
        beijing_minute(instant)
    }

    /// What became of the mail of a notice.
    fn mailed(&self, state: &str) -> &'static str {
        match state {
            "waiting" => "邮件待发",
            "sent" => "已发邮件",
            "dead" => "邮件未能送出",
            _ => "未发邮件",
        }
    }
}

/// Where the page begins.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    cursor: Option<String>,
}

/// Which notice was read; all of them where none is named.
#[derive(Deserialize)]
pub(crate) struct Read {
    #[serde(default)]
    number: String,
}

/// Which step of keeping an address.
#[derive(Deserialize)]
pub(crate) struct Step {
    step: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    code: String,
}

/// What is said above the page.
#[derive(Default)]
struct Said {
    done: &'static str,
    refusal: Option<String>,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(which): Parameters<Which>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (person, which) = (asker.person().map_err(refuse)?.clone(), which.map_err(refuse)?);
    render(&state, person, &asked, which.cursor, Said::default()).await
}

async fn render(
    state: &AppState,
    person: Arc<Person>,
    asked: &HeaderMap,
    cursor: Option<String>,
    said: Said,
) -> Result<Response, ErrorPage> {
    let frame = Frame::of(state, state.view().today, asked, Place::Elsewhere);
    let in_a_unit = person.role.works_in_a_unit();
    let found = state.ask(move |service| {
        Ok((service.notices(&person, (cursor.as_deref(), Some(SHOWN)))?, service.mail_address(&person)?))
    });
    let (found, address) = found.await.map_err(refuse)?;
    let status = if said.refusal.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let (by_mail, Said { done, refusal }) = (state.sends_mail(), said);
    page(status, &Page { frame, in_a_unit, found, address, by_mail, done, refusal })
}

/// What came of a form: said on the page, also where the rules refuse.
async fn told(
    state: &AppState,
    person: Arc<Person>,
    asked: &HeaderMap,
    came: Result<&'static str, AppError>,
) -> Result<Response, ErrorPage> {
    match came {
        Ok(done) => render(state, person, asked, None, Said { done, refusal: None }).await,
        Err(AppError::Refused { detail, .. }) => {
            render(state, person, asked, None, Said { done: "", refusal: Some(detail) }).await
        }
        Err(error) => Err(refuse(error)),
    }
}

pub(crate) async fn mark_read(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
    Received(form): Received<Read>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let of = Arc::clone(&person);
    let marked = state.act(move |service, desk| {
        let number = Some(form.number.as_str()).filter(|number| !number.is_empty());
        notice::mark_read(service, desk, &of, number).map(|()| "")
    });
    told(&state, person, &asked, marked.await).await
}

pub(crate) async fn step_mail(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
    Received(form): Received<Step>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let of = Arc::clone(&person);
    let came = match form.step.as_str() {
        "ask" => {
            let ask = state
                .post_by_mail(move |service, desk, post| notice::ask_address(service, desk, post, &of, &form.address));
            ask.await.map(|_| "确认码已发到所填邮箱，请在30分钟内填写。")
        }
        "confirm" => {
            let confirm = state.act(move |service, desk| notice::confirm_address(service, desk, &of, &form.code));
            confirm.await.map(|()| "邮箱已启用，今后的通知同时发到该邮箱。")
        }
        "drop" => {
            let drop = state.act(move |service, desk| notice::drop_address(service, desk, &of));
            drop.await.map(|()| "邮箱已停用，不再发送邮件。")
        }
        _ => Err(AppError::refused("bad_parameter", "step", "表单无法读取，请返回重填")),
    };
    told(&state, person, &asked, came).await
}
