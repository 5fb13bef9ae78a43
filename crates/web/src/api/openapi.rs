//! `GET /api/openapi.json`: the interface as OpenAPI 3.1. The document is a file that people review (`openapi.json`); the
//! suite holds it against the table of routes and against real answers, member by member.

use crate::answer::Answer;
use axum::http::HeaderMap;
use axum::response::Response;

const DOCUMENT: &str = include_str!("../../openapi.json");

pub(crate) async fn read(asked: HeaderMap) -> Response {
    Answer::document(DOCUMENT).to(&asked)
}
