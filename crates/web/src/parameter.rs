//! Parameters of the query string; one that cannot be read is refused with a code like everything else.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use credence_app::AppError;
use serde::de::DeserializeOwned;
use std::convert::Infallible;

/// What the query string says, or why it cannot be read.
pub(crate) struct Parameters<T>(pub(crate) Result<T, AppError>);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Query::try_from_uri(&parts.uri).map(|Query(found)| found).map_err(|error| {
            AppError::refused("bad_parameter", "", format!("查询参数无法读取：{}", error.body_text()))
        })))
    }
}
