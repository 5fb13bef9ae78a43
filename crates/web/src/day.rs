//! The day for which is asked. `as_of=` is read where an answer about the past has a meaning: an organisation, its records,
//! its evaluation. They tell what was in force then *and is public today*. Everywhere else a day that nobody reads is
//! refused, for an answer of today would else be taken for one of that day.

use crate::problem::Problem;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use credence_app::View;
use jiff::civil::Date;
use serde::Deserialize;

/// `as_of=`.
#[derive(Debug, Deserialize)]
pub(crate) struct AsOf {
    #[serde(default, deserialize_with = "credence_app::day::read_optional")]
    as_of: Option<Date>,
}

impl AsOf {
    /// The view of the day that is asked for; today's where none is.
    pub(crate) fn of(&self, view: View) -> View {
        at(view, self.as_of)
    }
}

/// The view of a day; as it stands without one.
pub(crate) fn at(view: View, as_of: Option<Date>) -> View {
    match as_of {
        Some(day) => view.at(day),
        None => view,
    }
}

/// The routes that read `as_of`.
const READERS: [&str; 3] =
    ["/api/v1/organisations/{uscc}", "/api/v1/organisations/{uscc}/records", "/api/v1/organisations/{uscc}/evaluation"];

/// Whether a route reads `as_of`.
pub(crate) fn is_read_by(route: &str) -> bool {
    READERS.contains(&route)
}

/// Refuses a day where none is read.
pub(crate) async fn refuse(request: Request, next: Next) -> Response {
    let names =
        request.uri().query().unwrap_or_default().split('&').map(|part| part.split('=').next().unwrap_or_default());
    if names.into_iter().any(|name| name == "as_of") {
        let text = "此地址只答复今天的情况，不读取参数 as_of。按日期查询请用 /api/v1/organisations/{代码} 及其 records、evaluation。";
        let refused = Problem::new(StatusCode::BAD_REQUEST, "bad_parameter", text);
        return crate::route::refuse(request.uri().path(), Problem { field: "as_of".to_owned(), ..refused });
    }
    next.run(request).await
}
