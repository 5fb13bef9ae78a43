//! The lists that there are, by nature, each with how many of its records are public today and when that was counted.

use crate::AppState;
use crate::portal::error::ErrorPage;
use crate::portal::frame::{Frame, Place};
use crate::portal::{page, refuse, words};
use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::View;
use credence_app::query::{Home, ListedItem};
use credence_domain::catalog::Nature;

#[derive(Template)]
#[template(path = "lists.html")]
struct Page {
    frame: Frame,
    home: Home,
    items: Vec<ListedItem>,
}

impl Page {
    /// The lists of one nature.
    fn of(&self, nature: &Nature) -> Vec<&ListedItem> {
        self.items.iter().filter(|item| item.nature == *nature).collect()
    }

    fn count(&self, item: &str) -> u64 {
        self.home.items.iter().find(|found| found.item == item).map_or(0, |found| found.count)
    }

    fn as_of(&self) -> String {
        words::day(self.home.as_of)
    }

    fn counted_at(&self) -> String {
        words::beijing_minute(&self.home.counted_at)
    }
}

pub(super) async fn show(state: &AppState, view: View, asked: &HeaderMap) -> Result<Response, ErrorPage> {
    let frame = Frame::of(state, view.today, asked, Place::Lists);
    let of_items = view.clone();
    let items = state.ask(move |service| Ok(service.listed_items(&of_items))).await.map_err(refuse)?;
    let home = state.home(view).await.map_err(refuse)?;
    page(&Page { frame, home, items }, asked)
}
