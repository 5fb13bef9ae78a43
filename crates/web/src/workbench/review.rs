//! `/workbench/reviews`: what waits before it becomes public, batches as a whole and single records, with the forms that decide on each.

use super::{go_to, page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::portal::{ErrorPage, Frame, Place};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::query::page::Page as Part;
use credence_app::query::{BatchView, ListedItem};
use credence_app::review::{HeldView, Reviewing, review_as};
use credence_domain::record::secrecy::Ground;
use serde::Deserialize;

/// Batches and records on a page.
const BATCHES: u32 = 20;
const RECORDS: u32 = 20;

#[derive(Template)]
#[template(path = "workbench/reviews.html")]
struct Page {
    frame: Frame,
    batches: Vec<BatchView>,
    records: Part<HeldView>,
    /// Reasons why records wait: code and words.
    holds: Vec<(String, String)>,
    /// The one that is asked for.
    hold: String,
    items: Vec<ListedItem>,
    /// What was done just now.
    done: Option<String>,
    refusal: Option<String>,
}

impl Page {
    fn item_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.items.iter().find(|item| item.item == code).map_or(code, |item| item.name.as_str())
    }

    fn hold_text<'a>(&'a self, code: &'a str) -> &'a str {
        self.holds.iter().find(|(one, _)| one == code).map_or(code, |(_, text)| text)
    }
}

/// Which of them; `done` is what the page says after a decision.
#[derive(Default, Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    hold: String,
    #[serde(default)]
    cursor: String,
    #[serde(default)]
    released: Option<u64>,
    #[serde(default)]
    still_held: Option<u64>,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Parameters(asked): Parameters<Which>,
    headers: HeaderMap,
) -> Result<Response, ErrorPage> {
    render(&state, &headers, asked.map_err(refuse)?, None).await
}

async fn render(
    state: &AppState,
    headers: &HeaderMap,
    asked: Which,
    refusal: Option<String>,
) -> Result<Response, ErrorPage> {
    let frame = Frame::of(state, state.view().today, headers, Place::Elsewhere);
    let Which { hold, cursor, released, still_held } = asked;
    let done = released.map(|released| format!("已放行 {released} 条，仍暂缓 {} 条。", still_held.unwrap_or_default()));
    let of = hold.clone();
    let found = state.ask_at_length(move |service| {
        let holds = service.rulebook().codes.hold.iter().map(|(code, wording)| (code.clone(), wording.text.clone()));
        let records = service.held_page(Some(&of), Some(&cursor), Some(RECORDS))?;
        Ok((service.held_batches(BATCHES)?, records, holds.collect(), service.items_today()?))
    });
    let (batches, records, holds, items) = found.await.map_err(refuse)?;
    let status = if refusal.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page(status, &Page { frame, batches, records, holds, hold, items, done, refusal })
}

/// What a form says.
#[derive(Deserialize)]
pub(crate) struct Decision {
    step: String,
    #[serde(default)]
    batch: String,
    #[serde(default)]
    record: String,
    /// Codes of fields, behind one another.
    #[serde(default)]
    fields: String,
    #[serde(default)]
    ground: String,
    #[serde(default)]
    clause: String,
    #[serde(default)]
    secrecy_review: String,
    #[serde(default)]
    reason: String,
}

impl Decision {
    fn asked(self) -> Option<Reviewing> {
        let fields = || {
            let cut = |c: char| c.is_whitespace() || ",，、;；".contains(c);
            self.fields.split(cut).filter(|code| !code.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        Some(match self.step.as_str() {
            "release" => {
                let records = vec![self.record];
                Reviewing::Release { records, reason: self.reason, secrecy_review: self.secrecy_review }
            }
            "release_batch" => {
                Reviewing::ReleaseBatch { batch: self.batch, reason: self.reason, secrecy_review: self.secrecy_review }
            }
            "redact" => {
                let field = fields().into_iter().next()?;
                Reviewing::Redact { record: self.record, field, reason: self.reason }
            }
            "withhold" => Reviewing::Withhold {
                fields: fields(),
                ground: Ground::from_code(&self.ground)?,
                record: self.record,
                clause: self.clause,
                reason: self.reason,
            },
            "disclose" => Reviewing::Disclose { fields: fields(), record: self.record, reason: self.reason },
            _ => return None,
        })
    }
}

pub(crate) async fn decide(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    headers: HeaderMap,
    Received(form): Received<Decision>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let wrong = || AppError::refused("bad_parameter", "step", "填写的内容不完整");
    let asked = form.asked().ok_or_else(wrong).map_err(refuse)?;
    match state.act(move |service, desk| review_as(service, desk, &person, &asked)).await {
        Ok(done) => {
            let (released, held) = (done.released, done.still_held);
            Ok(go_to(&format!("/workbench/reviews?released={released}&still_held={held}")))
        }
        Err(AppError::Refused { detail, .. }) => render(&state, &headers, Which::default(), Some(detail)).await,
        Err(error) => Err(refuse(error)),
    }
}
