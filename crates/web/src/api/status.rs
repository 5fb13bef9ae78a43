//! `GET /status`: how the platform stands, as JSON. `GET /metrics`: the same and what was measured of requests, as
//! Prometheus reads it. Neither names a subject.

use crate::{AppState, problem::Problem};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use credence_app::status::Status;
use credence_domain::service_level::{Standing, judge};
use serde::Serialize;

pub(crate) async fn read(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, Problem> {
    let status = state.ask(|service| service.status()).await;
    let levels = levels(&state).await;
    super::json(status.map(|status| Shown { status, service_levels: levels }), &asked)
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    status: Status,
    service_levels: Option<Levels>,
}

/// What is promised to those who ask, and whether it was kept.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Levels {
    /// Over how many minutes.
    pub(crate) window_minutes: u32,
    /// A setting of ours, for confirmation.
    pub(crate) unverified: bool,
    /// By tier.
    pub(crate) tiers: Vec<Standing>,
}

/// The promises in force today beside what this process has counted; nothing where the rulebook promises nothing.
pub(crate) async fn levels(state: &AppState) -> Option<Levels> {
    let service = state.service().await;
    let rules = service.rulebook().service_levels.on(service.today())?;
    let tiers =
        rules.tiers.iter().map(|promise| judge(promise, &state.metrics().of_tier(promise.code, rules.window_minutes)));
    Some(Levels { window_minutes: rules.window_minutes, unverified: rules.unverified, tiers: tiers.collect() })
}

pub(crate) async fn metrics(State(state): State<AppState>) -> Result<Response, Problem> {
    let status = state.ask(|service| service.status()).await?;
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], state.metrics().text(&status)).into_response())
}
