//! `/workbench/webhooks`: the webhooks of one's unit, or of all units for whoever oversees them, with what waits and what lies as a
//! dead letter; `POST` begins one, `POST …/{webhook}` pauses, resumes or takes one away.

use super::{go_to, page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::portal::{ErrorPage, Frame, Place};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::query::ListedItem;
use credence_app::webhook::{self, Asked, DeliveryView, From, WebhookView};
use credence_domain::access::Action;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "workbench/webhooks.html")]
struct Page {
    frame: Frame,
    hooks: Vec<WebhookView>,
    keys: Vec<String>,
    items: Vec<ListedItem>,
    may_keep: bool,
    refusal: Option<String>,
}

impl Page {
    /// What became of the last attempt.
    fn problem(delivery: &DeliveryView) -> String {
        match (delivery.problem.as_deref(), delivery.status) {
            (_, Some(status)) => format!("接收方答复 {status}"),
            (Some("forbidden_address"), None) => "地址不允许推送".to_owned(),
            (Some(_), None) => "接收方没有答复".to_owned(),
            (None, None) => "正在送出".to_owned(),
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
    let frame = Frame::of(state, state.view().today, asked, Place::Elsewhere);
    let (holder, role) = (asker.holder().map_err(refuse)?, asker.role());
    let found = state.ask_at_length(move |service| {
        let may_keep = service.granted()?.allows(role, Action::KeepWebhook);
        let keys = service.webhook_keys()?.into_iter().map(|key| key.key).collect();
        Ok((service.webhooks(holder.sees())?, keys, service.items_today()?, may_keep))
    });
    let (hooks, keys, items, may_keep) = found.await.map_err(refuse)?;
    let status = if refusal.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page(status, &Page { frame, hooks, keys, items, may_keep, refusal })
}

/// What came of a form: said on the page where the rules refuse.
async fn told(
    state: &AppState,
    asker: &Asker,
    asked: &HeaderMap,
    came: Result<(), AppError>,
) -> Result<Response, ErrorPage> {
    match came {
        Ok(()) => Ok(go_to("/workbench/webhooks")),
        Err(AppError::Refused { detail, .. }) => render(state, asker, asked, Some(detail)).await,
        Err(error) => Err(refuse(error)),
    }
}

/// What the form of a new one says.
#[derive(Deserialize)]
pub(crate) struct Form {
    url: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    tasks: String,
}

/// A position as a form carries it.
fn position(text: &str) -> Result<Option<i64>, AppError> {
    match text.trim() {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| AppError::refused("bad_parameter", "after", "续推位置应为日志位置（0或以上的整数）")),
    }
}

pub(crate) async fn add(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    headers: HeaderMap,
    Received(form): Received<Form>,
) -> Result<Response, ErrorPage> {
    let (holder, Form { url, item, area, after, tasks }) = (asker.holder().map_err(refuse)?, form.map_err(refuse)?);
    let added = match position(&after) {
        Ok(after) => {
            let asked =
                Asked { url: url.trim().to_owned(), item, area, tasks: !tasks.is_empty(), after, through: None };
            let added = state.prove(move |service, desk, by| webhook::add(service, desk, by, &holder, &asked)).await;
            added.map(|_| ())
        }
        Err(error) => Err(error),
    };
    told(&state, &asker, &headers, added).await
}

/// What is done to one.
#[derive(Deserialize)]
pub(crate) struct Step {
    step: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    after: String,
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Received(form): Received<Step>,
) -> Result<Response, ErrorPage> {
    let holder = asker.holder().map_err(refuse)?;
    let (of, one) = (holder.clone(), id.clone());
    state.ask(move |service| service.webhook(&one, of.sees())).await.map_err(refuse)?;
    let Step { step, reason, after } = form.map_err(refuse)?;
    let came = match (step.as_str(), position(&after)) {
        (_, Err(error)) => Err(error),
        ("pause", _) => {
            let paused = state.act(move |service, desk| webhook::pause(service, desk, &holder, &id, &reason));
            paused.await.map(|_| ())
        }
        ("remove", _) => state.act(move |service, desk| webhook::remove(service, desk, &holder, &id, &reason)).await,
        ("resume", Ok(after)) => {
            let from = From { after, through: None };
            let resumed =
                state.prove(move |service, desk, by| webhook::resume(service, desk, by, &holder, (&id, from)));
            resumed.await.map(|_| ())
        }
        _ => Err(AppError::refused("bad_parameter", "step", "表单无法读取，请返回重填")),
    };
    told(&state, &asker, &headers, came).await
}
