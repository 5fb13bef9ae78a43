//! `GET /areas/{area}`: an area's own start page: its counts today with their time of counting, its units with their lists,
//! what was published last, and the areas above and below it.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::{page, refuse, words};
use crate::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::{AreaDetail, ListEntry};

#[derive(Template)]
#[template(path = "area.html")]
struct Page {
    frame: Frame,
    found: AreaDetail,
}

impl Page {
    fn counted_at(&self) -> String {
        words::beijing_minute(&self.found.counted_at)
    }

    fn records(&self) -> u64 {
        self.found.items.iter().map(|item| item.count).sum()
    }

    fn as_of(&self) -> String {
        words::day(self.found.as_of)
    }

    /// Since when it is no more.
    fn ended(&self) -> Option<String> {
        let last = self.found.area.until_on.filter(|last| *last < self.found.as_of)?;
        Some(words::day(last))
    }

    fn published(&self, entry: &ListEntry) -> String {
        entry.public_from_on.map(words::day).unwrap_or_default()
    }
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Path(area): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let view = state.view();
    let frame = Frame::of(&state, view.today, &asked, Place::Elsewhere);
    let found = state.area(view, area).await.map_err(refuse)?;
    page(&Page { frame, found }, &asked)
}
