//! `/workbench/national`: how the hand-over to each national platform stands: item by item, its packages, the rows that were refused and
//! the copies that differ; `POST` has a row sent again, or settles a difference.

use super::{go_to, page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::portal::{ErrorPage, Frame, Place};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::national::{self, Keep, PlatformView};
use credence_domain::access::Action;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "workbench/national.html")]
struct Page {
    frame: Frame,
    platforms: Vec<PlatformView>,
    may_keep: bool,
    refusal: Option<String>,
}

impl Page {
    fn state(state: &str) -> &'static str {
        match state {
            "sent" => "等待回执",
            "answered" => "已回执",
            _ => "未送达，应报送的已另行报送",
        }
    }
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    render(&state, &asker, &asked, None).await
}

async fn render(
    state: &AppState,
    asker: &Asker,
    asked: &HeaderMap,
    refusal: Option<String>,
) -> Result<Response, ErrorPage> {
    let (frame, role) = (Frame::of(state, state.view().today, asked, Place::Elsewhere), asker.role());
    let found = state.ask_at_length(move |service| {
        Ok((service.platforms()?, service.granted()?.allows(role, Action::KeepNational)))
    });
    let (platforms, may_keep) = found.await.map_err(refuse)?;
    let status = if refusal.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page(status, &Page { frame, platforms, may_keep, refusal })
}

/// What a form says.
#[derive(Deserialize)]
pub(crate) struct Step {
    platform: String,
    record: String,
    step: String,
    #[serde(default)]
    reason: String,
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    headers: HeaderMap,
    Received(form): Received<Step>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let done = state.act(move |service, desk| {
        let Step { platform, record, step, reason } = &form;
        let settle = |keep| national::settle(service, desk, &person.account.name, (platform, record), (keep, reason));
        match step.as_str() {
            "again" => national::send_again(service, desk, platform, record),
            "ours" => settle(Keep::Ours),
            "theirs" => settle(Keep::Theirs),
            _ => Err(AppError::refused("bad_parameter", "step", "表单无法读取，请返回重填")),
        }
    });
    match done.await {
        Ok(()) => Ok(go_to("/workbench/national")),
        Err(AppError::Refused { detail, .. }) => render(&state, &asker, &headers, Some(detail)).await,
        Err(error) => Err(refuse(error)),
    }
}
