//! Parameters of the query string; one that cannot be read is refused with a code like everything else.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use credence_app::AppError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::convert::Infallible;

/// What the query string says, or why it cannot be read.
pub(crate) struct Parameters<T>(pub(crate) Result<T, AppError>);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Query::try_from_uri(&parts.uri).map(|Query(found)| found).map_err(|error| {
            let field = field_of(&error.body_text());
            let detail = match field.as_str() {
                "" => "查询参数无法读取，请核对接口文档".to_owned(),
                field => format!("参数 {field} 的值无法读取，或者重复出现，请核对接口文档"),
            };
            AppError::refused("bad_parameter", field, detail)
        })))
    }
}

/// Which page of a list is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Paging {
    cursor: Option<String>,
    limit: Option<u32>,
}

impl Paging {
    /// As lists take it.
    pub(crate) fn asked(&self) -> credence_app::query::page::Asked<'_> {
        (self.cursor.as_deref(), self.limit)
    }
}

/// The parameter that a reader of query strings complains of: `…: limit: invalid digit…` or ``…: duplicate field `q` ``.
fn field_of(complaint: &str) -> String {
    let mut parts = complaint.split(": ").skip(1);
    let first = parts.next().unwrap_or_default();
    let name = first.split('`').nth(1).unwrap_or(first);
    if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') { name.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::field_of;

    #[test]
    fn the_field_is_named_whatever_is_wrong_with_it() {
        let said = |text: &str| field_of(&format!("Failed to deserialize query string: {text}"));
        assert_eq!(said("limit: invalid digit found in string"), "limit");
        assert_eq!(said("duplicate field `q`"), "q");
        assert_eq!(said("something else entirely"), "");
    }
}
