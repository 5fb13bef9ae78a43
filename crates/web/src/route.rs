//! The one table of routes: the router is built from it and `credence routes` prints it, so the list cannot lie.

use crate::{AppState, api, asset, day, edition, guard, key, metrics, portal, problem::Problem, quota};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;

/// What a route answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A page for people.
    Page,
    /// A file for people: the data of a page.
    File,
    /// JSON for programs.
    Api,
    /// Style sheet, script, icon.
    Asset,
    /// For whoever runs the platform.
    Operation,
}

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Anyone.
    Public,
    /// A source unit with its key.
    Key,
}

/// One route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Route {
    /// Method.
    pub method: &'static str,
    /// Path with its parameters in braces.
    pub path: &'static str,
    /// What it answers with.
    pub kind: Kind,
    /// Who may ask.
    pub access: Access,
}

type Handler = MethodRouter<AppState>;

fn table() -> Vec<(Route, Handler)> {
    let read = |path, kind, handler| (Route { method: "GET", path, kind, access: Access::Public }, handler);
    let keyed = |method, path, handler| (Route { method, path, kind: Kind::Api, access: Access::Key }, handler);
    vec![
        read("/", Kind::Page, get(portal::home::show)),
        read("/search", Kind::Page, get(portal::search::show)),
        read("/search.csv", Kind::File, get(portal::search_file::save)),
        read("/lists", Kind::Page, get(portal::list::show::show)),
        read("/lists.csv", Kind::File, get(portal::list::file::save)),
        read("/lists.atom", Kind::File, get(portal::list::feed::read)),
        read("/data-list", Kind::Page, get(portal::data_list::show)),
        read("/data-list/{item}", Kind::Page, get(portal::data_list::show_item)),
        read("/method", Kind::Page, get(portal::method::show)),
        read("/about", Kind::Page, get(portal::about::show)),
        read("/accessibility", Kind::Page, get(portal::accessibility::show)),
        read("/data-list/{item}/template.csv", Kind::File, get(portal::template::csv)),
        read("/data-list/{item}/template.xlsx", Kind::File, get(portal::template::xlsx)),
        read("/organisations/{uscc}", Kind::Page, get(portal::organisation::show)),
        read("/units", Kind::Page, get(portal::units::show)),
        read("/areas/{area}", Kind::Page, get(portal::area::show)),
        read("/quality", Kind::Page, get(portal::quality::show)),
        read("/design", Kind::Page, get(portal::design::show)),
        read("/assets/{name}", Kind::Asset, get(asset::read)),
        read("/healthz", Kind::Operation, get(api::health::live)),
        read("/status", Kind::Operation, get(api::status::read)),
        read("/metrics", Kind::Operation, get(api::status::metrics)),
        read("/readyz", Kind::Operation, get(api::health::ready)),
        read("/api/openapi.json", Kind::Api, get(api::openapi::read)),
        read("/api/v1/counters", Kind::Api, get(api::counters::read)),
        read("/api/v1/models", Kind::Api, get(api::models::list)),
        read("/api/v1/data-list", Kind::Api, get(api::data_list::list)),
        read("/api/v1/data-list/{item}", Kind::Api, get(api::data_list::read)),
        read("/api/v1/lists", Kind::Api, get(api::list::list)),
        read("/api/v1/organisations", Kind::Api, get(api::organisation::list::list)),
        read("/api/v1/organisations/{uscc}", Kind::Api, get(api::organisation::read::read)),
        read("/api/v1/organisations/{uscc}/records", Kind::Api, get(api::organisation::records::list)),
        read("/api/v1/organisations/{uscc}/evaluation", Kind::Api, get(api::organisation::evaluation::read)),
        read("/api/v1/units", Kind::Api, get(api::unit::list::list)),
        read("/api/v1/units/{uscc}", Kind::Api, get(api::unit::read::read)),
        read("/api/v1/areas", Kind::Api, get(api::area::list)),
        read("/api/v1/areas/{area}", Kind::Api, get(api::area::read)),
        read("/api/v1/quality", Kind::Api, get(api::quality::read)),
        keyed("GET", "/api/v1/quality/due", get(api::quality::due)),
        keyed("GET", "/api/v1/units/{uscc}/changes", get(api::unit::changes::read)),
        keyed("POST", "/api/v1/batches", post(api::batch::send::send)),
        keyed("GET", "/api/v1/batches", get(api::batch::list::list)),
        keyed("GET", "/api/v1/batches/{id}", get(api::batch::read::read)),
        keyed("GET", "/api/v1/batches/{id}/rejects", get(api::batch::rejects::read)),
    ]
}

/// Every route that is served.
#[must_use]
pub fn routes() -> Vec<Route> {
    table().into_iter().map(|(route, _)| route).collect()
}

/// The router.
pub fn router(state: AppState) -> Router {
    table()
        .into_iter()
        .fold(Router::new(), |router, (route, handler)| {
            let handler = if day::is_read_by(route.path) {
                handler
            } else {
                handler.layer(axum::middleware::from_fn(day::refuse))
            };
            let handler = match route.access {
                Access::Public => handler,
                // Before anything else of the request is looked at.
                Access::Key => handler.layer(axum::middleware::from_fn_with_state(state.clone(), key::admit)),
            };
            let counted = (state.clone(), route.path);
            router.route(route.path, handler.layer(axum::middleware::from_fn_with_state(counted, metrics::count)))
        })
        .fallback(missing)
        .method_not_allowed_fallback(wrong_method)
        .layer(CatchPanicLayer::custom(|panic: Box<dyn std::any::Any + Send>| {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panic");
            Problem::fault(&said).into_response()
        }))
        .layer(axum::middleware::from_fn(edition::hold))
        .layer(axum::middleware::from_fn(guard::refuse_unreadable))
        .layer(axum::middleware::from_fn(guard::end_in_time))
        .layer(axum::middleware::from_fn_with_state(state.clone(), quota::limit))
        .layer(axum::middleware::from_fn(guard::add_headers))
        .with_state(state)
}

async fn missing(request: Request) -> Response {
    refuse(request.uri().path(), Problem::not_found())
}

async fn wrong_method(request: Request) -> Response {
    let text = "这个地址不接受这种请求方法，可用的方法见 Allow。";
    refuse(request.uri().path(), Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", text))
}

/// Programs get problem+json, people a page.
pub(crate) fn refuse(path: &str, problem: Problem) -> Response {
    if path.starts_with("/api/") { problem.into_response() } else { portal::error::ErrorPage(problem).into_response() }
}
