//! `GET /accessibility?type=large|standard`: the statement on accessibility, and the choice of large type (适老).
//! Choosing sets the one cookie of these pages; it holds the choice and nothing about the reader.

use super::error::ErrorPage;
use super::frame::{Frame, LARGE_TYPE, Place};
use super::{page, refuse};
use crate::AppState;
use crate::parameter::Parameters;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;

/// What was chosen.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    #[serde(default, rename = "type")]
    size: String,
}

#[derive(Template)]
#[template(path = "accessibility.html")]
struct Page {
    frame: Frame,
    /// The page from which the reader came.
    back: Option<String>,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Parameters(choice): Parameters<Choice>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let choice = choice.map_err(refuse)?;
    let mut frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    let cookie = match choice.size.as_str() {
        "large" => Some(format!("{LARGE_TYPE}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly")),
        "standard" => Some("type=standard; Path=/; Max-Age=0; SameSite=Lax; HttpOnly".to_owned()),
        _ => None,
    };
    if cookie.is_some() {
        frame.large = choice.size == "large";
    }
    let mut response = page(&Page { frame, back: came_from(&asked) }, &asked)?;
    if let Some(value) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// The page of ours from which the reader came; never an address elsewhere.
fn came_from(asked: &HeaderMap) -> Option<String> {
    let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let (referer, host) = (text(header::REFERER)?, text(header::HOST)?);
    let (_, rest) = referer.split_once("://")?;
    let path = rest.strip_prefix(host).filter(|path| path.starts_with('/'))?;
    (!path.starts_with("//") && !path.starts_with("/accessibility")).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_only_to_our_own_pages() {
        let came = |referer: &'static str| {
            let headers = [(header::REFERER, referer), (header::HOST, "example.test")];
            came_from(&headers.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect())
        };
        assert_eq!(came("https://example.test/lists?item=permit").as_deref(), Some("/lists?item=permit"));
        for elsewhere in ["https://other.test/", "https://example.test.other/", "https://example.test//other.test", "x"]
        {
            assert_eq!(came(elsewhere), None, "{elsewhere}");
        }
    }
}
