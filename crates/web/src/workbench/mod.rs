//! Pages for people who work here: signing in, one's own account, the workbench of one's role. Written from the same use
//! cases as the API; every form is an ordinary form, so that it works without JavaScript.

pub(crate) mod account;
pub(crate) mod administration;
pub(crate) mod batch;
pub(crate) mod batch_notices;
pub(crate) mod claim;
pub(crate) mod edition;
pub(crate) mod entry;
pub(crate) mod file;
pub(crate) mod home;
pub(crate) mod invitation;
pub(crate) mod key;
mod letter;
pub(crate) mod listing;
pub(crate) mod measure;
pub(crate) mod national;
pub(crate) mod notice;
pub(crate) mod objection;
pub(crate) mod officer;
pub(crate) mod own;
pub(crate) mod paper;
pub(crate) mod proposal;
pub(crate) mod queue;
pub(crate) mod repair;
pub(crate) mod review;
pub(crate) mod sign_in;
pub(crate) mod unit;
pub(crate) mod upload;
pub(crate) mod webhook;
pub(crate) mod words;

use crate::answer::Answer;
use crate::portal::ErrorPage;
use crate::problem::Problem;
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use credence_app::AppError;

/// A page with this status, kept by nobody.
fn page(status: StatusCode, template: &impl Template) -> Result<Response, ErrorPage> {
    let mut response = Answer::page(template).map_err(ErrorPage)?.to(&HeaderMap::new());
    *response.status_mut() = status;
    response.headers_mut().remove(header::ETAG);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// What an error of a use case shows to people.
fn refuse(error: AppError) -> ErrorPage {
    ErrorPage(Problem::from(error))
}

/// What came of a form, for the page that shows it again: what was done, why the rules refuse it, and the status of the page.
fn came_of<T>(came: Result<T, AppError>) -> Result<(Option<T>, Option<String>, StatusCode), ErrorPage> {
    match came {
        Ok(done) => Ok((Some(done), None, StatusCode::OK)),
        Err(AppError::Refused { detail, .. }) => Ok((None, Some(detail), StatusCode::BAD_REQUEST)),
        Err(error) => Err(refuse(error)),
    }
}

/// On to another page of ours.
fn go_to(path: &str) -> Response {
    let place = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

/// Codes of fields as people write them behind one another.
fn codes_in(text: &str) -> Vec<String> {
    let cut = |c: char| c.is_whitespace() || ",，、;；".contains(c);
    text.split(cut).filter(|code| !code.is_empty()).map(str::to_owned).collect()
}

/// A place of ours, or the workbench: what came with a form leads nowhere else.
fn ours(path: &str) -> &str {
    let sound =
        path.starts_with('/') && !path.starts_with("//") && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if sound { path } else { "/workbench" }
}

#[cfg(test)]
mod tests {
    use super::ours;

    #[test]
    fn a_form_leads_to_no_other_site() {
        for path in ["//evil.example", "https://evil.example", "/\\evil.example", "", "x", "/a\r\nb"] {
            assert_eq!(ours(path), "/workbench", "{path:?}");
        }
        assert_eq!(ours("/account?x=1"), "/account?x=1");
    }
}
