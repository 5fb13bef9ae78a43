//! `GET /sign-in`, `POST /sign-in`, `POST /sign-out`. The session is a cookie that scripts cannot read and other sites cannot
//! send.

use super::{go_to, ours, page};
use crate::api::session::{agent, may_try};
use crate::asker::{self, Asker, COOKIE};
use crate::portal::{ErrorPage, Frame, Place};
use crate::problem::Problem;
use crate::received::Received;
use crate::{AppState, quota};
use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use credence_app::AppError;
use credence_app::account::{Credentials, SignedIn, end_session};
use serde::Deserialize;
use std::net::SocketAddr;

#[derive(Template)]
#[template(path = "workbench/sign_in.html")]
struct Page {
    frame: Frame,
    next: String,
    account: String,
    refusal: Option<String>,
}

/// What the form says.
#[derive(Deserialize)]
pub(crate) struct Form {
    account: String,
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    page(StatusCode::OK, &Page { frame, next: "/workbench".to_owned(), account: String::new(), refusal: None })
}

/// The page of signing in instead of one that needs it: 401, and on to that page afterwards.
pub(crate) fn ask(state: &AppState, method: &Method, wanted: &Uri, asked: &HeaderMap) -> Response {
    let frame = Frame::of(state, state.view().today, asked, Place::Elsewhere);
    let next = if method == Method::GET { wanted.path_and_query().map(ToString::to_string) } else { None };
    let next = next.map_or_else(|| "/workbench".to_owned(), |next| ours(&next).to_owned());
    let refusal = Some("请先登录；登录后会回到您要打开的页面。".to_owned());
    let page = Page { frame, next, account: String::new(), refusal };
    super::page(StatusCode::UNAUTHORIZED, &page).unwrap_or_else(IntoResponse::into_response)
}

pub(crate) async fn sign_in(
    State(state): State<AppState>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    asked: HeaderMap,
    Received(form): Received<Form>,
) -> Result<Response, ErrorPage> {
    let peer = peer.map(|Extension(ConnectInfo(peer))| peer);
    may_try(&state, peer, &asked).map_err(ErrorPage)?;
    let Form { account, password, code, next } = form.map_err(|error| ErrorPage(Problem::from(error)))?;
    let code = Some(code).filter(|code| !code.trim().is_empty());
    let (agent, name) = (agent(&asked), account.clone());
    let credentials = Credentials { account, password, code };
    let signed_in = state.act_with_password(move |service, desk| service.sign_in(desk, &credentials, &agent)).await;
    match signed_in {
        Ok(signed_in) => {
            let mut response = go_to(ours(&next));
            let safe = !quota::is_plain_loopback(peer, &asked);
            if let Ok(cookie) = HeaderValue::from_str(&cookie(&signed_in, safe)) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(AppError::Refused { code: "sign_in_refused", detail, .. }) => {
            let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
            let next = ours(&next).to_owned();
            page(StatusCode::UNAUTHORIZED, &Page { frame, next, account: name, refusal: Some(detail) })
        }
        Err(error) => Err(ErrorPage(Problem::from(error))),
    }
}

/// `Secure` unless the browser stands on the same machine and no proxy in between.
fn cookie(signed_in: &SignedIn, safe: bool) -> String {
    let secure = if safe { "; Secure" } else { "" };
    let seconds = signed_in.lasts_seconds;
    format!("{COOKIE}={}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", signed_in.token)
}

pub(crate) async fn sign_out(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(|error| ErrorPage(Problem::from(error)))?.clone();
    let ended = state.act(move |_, desk| end_session(desk, &person, &person.session)).await;
    match ended {
        Ok(()) | Err(AppError::NotFound) => {
            let mut response = go_to("/");
            asker::forget(&mut response);
            Ok(response)
        }
        Err(error) => Err(ErrorPage(Problem::from(error))),
    }
}
