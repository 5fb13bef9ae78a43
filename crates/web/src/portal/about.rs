//! `GET /about`: what this is, the law that it carries out, what is never shown, how an error is put right, licence.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::page;
use crate::AppState;
use crate::api::status::{Levels, levels};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

#[derive(Template)]
#[template(path = "about.html")]
struct Page {
    frame: Frame,
    levels: Option<Levels>,
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let frame = Frame::of(&state, state.view().today, &asked, Place::About);
    page(&Page { frame, levels: levels(&state).await }, &asked)
}
