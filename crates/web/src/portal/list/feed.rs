//! `GET /lists.atom?item=…`: the newest records of a list as an Atom feed (RFC 4287). What has ended is not in it, and
//! an entry's identifier is the record's public reference, so a reader's program sees a record once.

use super::address::Address;
use crate::AppState;
use crate::answer::Answer;
use crate::parameter::Parameters;
use crate::portal::error::ErrorPage;
use crate::portal::refuse;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::{ListEntry, ListRequest};

#[derive(Template)]
#[template(path = "list.xml")]
struct Feed {
    /// Where it stands, without the machine's name: readers resolve it against the address they asked.
    itself: String,
    page: String,
    entries: Vec<ListEntry>,
}

impl Feed {
    /// The day of the newest publicity, at its beginning in Beijing; of an empty feed a day before any record.
    fn updated(&self) -> String {
        let newest = self.entries.iter().filter_map(|entry| entry.public_from_on).max();
        newest.map_or_else(|| "2019-12-10T00:00:00+08:00".to_owned(), |day| format!("{day}T00:00:00+08:00"))
    }
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Parameters(request): Parameters<ListRequest>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (view, request) = (state.view(), request.map_err(refuse)?);
    let (itself, page) = (Address(&request).first("/lists.atom"), Address(&request).first("/lists"));
    let found = state.ask_at_length(move |service| service.list(&view, &request)).await.map_err(refuse)?;
    let feed = Feed { itself, page, entries: found.items };
    Ok(Answer::text("application/atom+xml; charset=utf-8", &feed).map_err(ErrorPage)?.to(&asked))
}
