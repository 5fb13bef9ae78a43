//! `GET /design`: the visual language on one page: every component once, with invented contents.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::page;
use crate::AppState;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

#[derive(Template)]
#[template(path = "design.html")]
struct Page {
    frame: Frame,
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    page(&Page { frame }, &asked)
}
