//! JSON for programs: the twins of the pages, from the same queries.

pub(crate) mod area;
pub(crate) mod batch;
pub(crate) mod counters;
pub(crate) mod data_list;
pub(crate) mod health;
pub(crate) mod list;
pub(crate) mod models;
pub(crate) mod openapi;
pub(crate) mod organisation;
pub(crate) mod quality;
pub(crate) mod status;
pub(crate) mod unit;

use crate::answer::Answer;
use crate::problem::Problem;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::AppError;
use serde::Serialize;

/// What was found as JSON, or the problem.
pub(crate) fn json<T: Serialize>(found: Result<T, AppError>, asked: &HeaderMap) -> Result<Response, Problem> {
    Ok(Answer::json(&found?)?.to(asked))
}
