//! `GET /lists.rss?item=…`: the newest records of a list as RSS 2.0, from the query of `/lists.atom`. RSS wants whole addresses:
//! they begin with the name under which the reader asked.

use super::address::Address;
use crate::AppState;
use crate::answer::Answer;
use crate::parameter::Parameters;
use crate::portal::error::ErrorPage;
use crate::portal::refuse;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;
use credence_app::query::{ListEntry, ListRequest};
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "list.rss", escape = "html")]
struct Feed {
    origin: String,
    itself: String,
    page: String,
    entries: Vec<ListEntry>,
}

impl Feed {
    /// The beginning of a day in Beijing, as RFC 822 writes it, with the year's four digits.
    fn rfc_822(&self, day: &Date) -> String {
        day.strftime("%a, %d %b %Y 00:00:00 +0800").to_string()
    }
}

/// Scheme and name under which was asked; a proxy before us says whether that was https.
fn origin(asked: &HeaderMap) -> String {
    let text = |name: &HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    let is_name = |host: &&str| host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    let host = text(&header::HOST).filter(is_name).unwrap_or("localhost");
    let secure = text(&HeaderName::from_static("x-forwarded-proto")) == Some("https");
    format!("{}://{host}", if secure { "https" } else { "http" })
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Parameters(request): Parameters<ListRequest>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (view, request) = (state.view(), request.map_err(refuse)?);
    let (itself, page) = (Address(&request).first("/lists.rss"), Address(&request).first("/lists"));
    let found = state.ask_at_length(move |service| service.list(&view, &request)).await.map_err(refuse)?;
    let feed = Feed { origin: origin(&asked), itself, page, entries: found.items };
    Ok(Answer::text("application/rss+xml; charset=utf-8", &feed).map_err(ErrorPage)?.to(&asked))
}
