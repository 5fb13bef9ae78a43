//! JSON for programs: the twins of the pages, from the same queries.

pub(crate) mod account;
pub(crate) mod area;
pub(crate) mod batch;
pub(crate) mod changes;
pub(crate) mod claim;
pub(crate) mod conflict;
pub(crate) mod consent;
pub(crate) mod counters;
pub(crate) mod data_list;
pub(crate) mod edition;
pub(crate) mod health;
pub(crate) mod incident;
pub(crate) mod invitation;
pub(crate) mod key;
pub(crate) mod list;
pub(crate) mod list_definition;
pub(crate) mod listing;
pub(crate) mod log;
pub(crate) mod measure;
pub(crate) mod measure_in_force;
pub(crate) mod models;
pub(crate) mod national;
pub(crate) mod objection;
pub(crate) mod officer;
pub(crate) mod openapi;
pub(crate) mod organisation;
pub(crate) mod paper;
pub(crate) mod proposal;
pub(crate) mod quality;
pub(crate) mod queue;
pub(crate) mod repair;
pub(crate) mod representative;
pub(crate) mod review;
pub(crate) mod session;
pub(crate) mod status;
pub(crate) mod unit;
pub(crate) mod webhook;

use crate::answer::Answer;
use crate::problem::Problem;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use credence_app::AppError;
use serde::Serialize;

/// What was found as JSON, or the problem.
pub(crate) fn json<T: Serialize>(found: Result<T, AppError>, asked: &HeaderMap) -> Result<Response, Problem> {
    Ok(Answer::json(&found?)?.to(asked))
}

/// What was made, with 201: never kept by anyone, for it may carry what is shown once.
pub(crate) fn made<T: Serialize>(made: Result<T, AppError>) -> Result<Response, Problem> {
    told(StatusCode::CREATED, made)
}

/// What was done, with 200.
pub(crate) fn done<T: Serialize>(done: Result<T, AppError>) -> Result<Response, Problem> {
    told(StatusCode::OK, done)
}

fn told<T: Serialize>(status: StatusCode, what: Result<T, AppError>) -> Result<Response, Problem> {
    let mut response = (status, Json(what?)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Nothing more to say.
pub(crate) fn nothing(done: Result<(), AppError>) -> Result<Response, Problem> {
    done?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
