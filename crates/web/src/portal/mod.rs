//! Pages for people: server-rendered, one file a page. What they say comes from the same queries as the JSON.

pub(crate) mod about;
pub(crate) mod accessibility;
pub(crate) mod area;
pub(crate) mod data_list;
pub(crate) mod design;
pub(crate) mod error;
mod frame;
pub(crate) mod home;
pub(crate) mod list;
pub(crate) mod list_definition;
pub(crate) mod log;
pub(crate) mod measure;
pub(crate) mod method;
pub(crate) mod open_data;
pub(crate) mod organisation;
pub(crate) mod quality;
mod record;
pub(crate) mod repair;
mod results;
pub(crate) mod search;
pub(crate) mod search_file;
pub mod security;
#[cfg(test)]
mod specimen;
pub(crate) mod template;
pub(crate) mod units;
mod words;

use crate::answer::Answer;
use crate::problem::Problem;
use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
pub(crate) use error::ErrorPage;
pub(crate) use frame::{Frame, Place};
pub(crate) use repair::NoticeWords;
pub(crate) use words::beijing_minute;

/// A page, or the page that says why not.
fn page(template: &impl Template, asked: &HeaderMap) -> Result<Response, ErrorPage> {
    Ok(Answer::page(template).map_err(ErrorPage)?.to(asked))
}

/// What an error of a use case shows to people.
fn refuse(error: credence_app::AppError) -> ErrorPage {
    ErrorPage(Problem::from(error))
}
