//! `GET /`: one search box as the single task, and honest counters with their time of counting.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::{page, refuse, words};
use crate::AppState;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::{AreaName, Home};

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    frame: Frame,
    home: Home,
    /// Cities and counties, each with a page of its own.
    areas: Vec<AreaName>,
}

impl Page {
    fn counted_at(&self) -> String {
        words::beijing_minute(&self.home.counted_at)
    }

    fn records(&self) -> u64 {
        self.home.items.iter().map(|item| item.count).sum()
    }

    fn as_of(&self) -> String {
        words::day(self.home.as_of)
    }
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let view = state.view();
    let frame = Frame::of(&state, view.today, &asked, Place::Search).with_own_search();
    let home = state.home(view).await.map_err(refuse)?;
    let areas = state.ask(|service| service.local_areas()).await.map_err(refuse)?;
    page(&Page { frame, home, areas }, &asked)
}
