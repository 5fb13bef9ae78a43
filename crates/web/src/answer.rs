//! Good answers: JSON and pages, each with a weak `ETag` of its bytes and leave to keep it only by asking again, so that
//! no cache outlives midnight.

use crate::problem::Problem;
use askama::Template;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// Kept, but asked for again at every use.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Room for an answer of usual size.
const USUAL_BYTES: usize = 8 * 1024;

/// A body with its type.
#[derive(Debug)]
pub(crate) struct Answer {
    content_type: &'static str,
    body: Bytes,
    filename: Option<Cow<'static, str>>,
}

impl Answer {
    /// One JSON document.
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Problem> {
        let mut body = Vec::with_capacity(USUAL_BYTES);
        serde_json::to_writer(&mut body, value).map_err(|error| Problem::fault(&error))?;
        Ok(Self { content_type: "application/json", body: body.into(), filename: None })
    }

    /// A JSON document that stands written.
    pub(crate) fn document(text: &'static str) -> Self {
        Self { content_type: "application/json", body: Bytes::from_static(text.as_bytes()), filename: None }
    }

    /// A page.
    pub(crate) fn page(template: &impl Template) -> Result<Self, Problem> {
        Self::text("text/html; charset=utf-8", template)
    }

    /// Another text made from a template.
    pub(crate) fn text(content_type: &'static str, template: &impl Template) -> Result<Self, Problem> {
        let body = template.render().map_err(|error| Problem::fault(&error))?;
        Ok(Self { content_type, body: body.into(), filename: None })
    }

    /// Plain text.
    pub(crate) fn plain(text: String) -> Self {
        Self { content_type: "text/plain; charset=utf-8", body: text.into(), filename: None }
    }

    /// A file to be saved.
    pub(crate) fn file(
        content_type: &'static str,
        filename: impl Into<Cow<'static, str>>,
        body: impl Into<Bytes>,
    ) -> Self {
        Self { content_type, body: body.into(), filename: Some(filename.into()) }
    }

    /// The answer, or 304 where the asker already has it.
    pub(crate) fn to(self, asked: &HeaderMap) -> Response {
        let tag = entity_tag(&self.body);
        let mut response = if has(asked, &tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type))], self.body).into_response()
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, ASK_AGAIN);
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        if let Some(name) = self.filename
            && let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        response
    }
}

/// `W/"…"` of the bytes.
fn entity_tag(body: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut tag = String::from("W/\"");
    for byte in Sha256::digest(body).iter().take(12) {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// Weak comparison with `If-None-Match` (RFC 9110, 13.1.2).
fn has(asked: &HeaderMap, tag: &str) -> bool {
    let opaque = tag.trim_start_matches("W/");
    asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == opaque)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_the_answer_is_told_so() {
        let first = Answer::json(&1).unwrap().to(&HeaderMap::new());
        let tag = first.headers()[header::ETAG].clone();
        let mut asked = HeaderMap::new();
        asked.insert(header::IF_NONE_MATCH, format!("\"x\", {}", tag.to_str().unwrap()).parse().unwrap());
        assert_eq!(Answer::json(&1).unwrap().to(&asked).status(), StatusCode::NOT_MODIFIED);
        assert_eq!(Answer::json(&2).unwrap().to(&asked).status(), StatusCode::OK);
    }
}
