//! The page of an error: what happened, what to try, the identifier of a fault.

use super::frame::Frame;
use crate::answer::Answer;
use crate::problem::{Problem, say_when_to_retry};
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// A problem, to be answered as a page.
pub(crate) struct ErrorPage(pub(crate) Problem);

#[derive(Template)]
#[template(path = "error.html")]
struct Page<'a> {
    frame: Frame,
    problem: &'a Problem,
}

impl IntoResponse for ErrorPage {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let mut response = match Answer::page(&Page { frame: Frame::bare(), problem: &problem }) {
            Ok(page) => page.to(&HeaderMap::new()),
            Err(broken) => return broken.into_response(),
        };
        *response.status_mut() = problem.status;
        let headers = response.headers_mut();
        headers.remove(header::ETAG);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        say_when_to_retry(&mut response, problem.retry_after);
        response
    }
}
