//! `/workbench/reviews`: what waits before it becomes public, batches as a whole and single records, with the forms that decide on each.

use super::{codes_in, go_to, page, refuse};
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
use credence_app::review::{HOLDS, HeldView, Reviewing, review_as};
use credence_domain::access::Action;
use credence_domain::record::secrecy::Ground;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    /// What is asked for.
    asked: Which,
    items: Vec<ListedItem>,
    names: BTreeMap<String, String>,
    /// The reader may look into batches.
    reads_batches: bool,
    refusal: Option<String>,
    /// What was typed into a form that was refused.
    typed: Decision,
}

impl Page {
    fn item_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.items.iter().find(|item| item.item == code).map_or(code, |item| item.name.as_str())
    }

    /// A unit or an organisation by name, where it has one.
    fn name<'a>(&'a self, code: &'a str) -> &'a str {
        self.names.get(code).map_or(code, String::as_str)
    }

    /// What was typed for one batch or record.
    fn typed<'a>(&'a self, about: &str, text: &'a str) -> &'a str {
        if self.typed.batch == *about || self.typed.record.ends_with(about) { text } else { "" }
    }

    fn done(&self) -> Option<&'static str> {
        Some(match self.asked.done.as_str() {
            "public" => "已放行，自今日起公示。",
            "closed" => "已放行；其公示期已过，或者依规则不公示。",
            "waits" => "已办理，该记录还有其他原因需要等待。",
            "batch" => "已放行整批；另有原因的记录继续等待。",
            "withheld" => "该字段不予公开，自今日起生效。",
            "disclosed" => "该字段恢复公开。",
            _ => return None,
        })
    }

    fn hold_text<'a>(&'a self, code: &'a str) -> &'a str {
        self.holds.iter().find(|(one, _)| one == code).map_or(code, |(_, text)| text)
    }
}

/// Which of them: one record, or those of a reason; `done` is what the page says after a decision.
#[derive(Default, Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    record: String,
    #[serde(default)]
    hold: String,
    #[serde(default)]
    cursor: String,
    #[serde(default)]
    done: String,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(asked): Parameters<Which>,
    headers: HeaderMap,
) -> Result<Response, ErrorPage> {
    render(&state, &asker, &headers, (asked.map_err(refuse)?, Decision::default()), None).await
}

async fn render(
    state: &AppState,
    asker: &Asker,
    headers: &HeaderMap,
    (asked, typed): (Which, Decision),
    refusal: Option<String>,
) -> Result<Response, ErrorPage> {
    let (role, person) = (asker.role(), asker.person().map_err(refuse)?.clone());
    let frame = Frame::of(state, state.view().today, headers, Place::Elsewhere);
    let (hold, cursor, record) = (asked.hold.clone(), asked.cursor.clone(), asked.record.clone());
    let found = state.act(move |service, desk| {
        let wordings = &service.rulebook().codes.hold;
        let holds =
            HOLDS.iter().filter_map(|code| Some(((*code).to_owned(), wordings.get(*code)?.text.clone()))).collect();
        let records = match record.as_str() {
            "" => service.read_held_page(desk, &person, Some(&hold), (Some(&cursor), Some(RECORDS)))?,
            one => Part { items: service.read_held_record(desk, &person, one)?.into_iter().collect(), next: None },
        };
        let batches = if record.is_empty() { service.held_batches(BATCHES)? } else { Vec::new() };
        let units = service.units()?.into_iter().map(|(code, unit)| (code, unit.name.clone()));
        let reads_batches = service.allows(role, Action::ReadBatch)?;
        Ok(((batches, records, holds), service.items_today()?, units.collect(), reads_batches))
    });
    let ((batches, records, holds), items, names, reads_batches) = found.await.map_err(refuse)?;
    let status = if refusal.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page(status, &Page { frame, batches, records, holds, asked, items, names, reads_batches, refusal, typed })
}

/// What a form says.
#[derive(Clone, Default, Deserialize)]
pub(crate) struct Decision {
    step: String,
    /// The reason by which the list was filtered.
    #[serde(default)]
    hold: String,
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
        let fields = || codes_in(&self.fields);
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
    let (typed, asked) = (form.clone(), Which { hold: form.hold.clone(), ..Which::default() });
    let Some(reviewing) = form.asked() else {
        let text = "填写的内容不完整：请写明字段代码和事由".to_owned();
        return render(&state, &asker, &headers, (asked, typed), Some(text)).await;
    };
    match state.act(move |service, desk| review_as(service, desk, &person, &reviewing)).await {
        Ok(done) => {
            let told = match (typed.step.as_str(), done.records.first()) {
                ("release_batch", _) => "batch",
                ("withhold", _) => "withheld",
                ("disclose", _) => "disclosed",
                (_, Some(one)) if one.state == "held" => "waits",
                (_, Some(one)) if one.public_from_on.is_none() => "closed",
                _ => "public",
            };
            Ok(go_to(&format!("/workbench/reviews?hold={}&done={told}", known(&asked.hold))))
        }
        Err(AppError::Refused { detail, .. }) => render(&state, &asker, &headers, (asked, typed), Some(detail)).await,
        Err(AppError::NotFound) => {
            let text = "没有这条记录或者批次，请核对编号".to_owned();
            render(&state, &asker, &headers, (asked, typed), Some(text)).await
        }
        Err(error) => Err(refuse(error)),
    }
}

/// A reason that there is: what came with a form leads nowhere else.
fn known(hold: &str) -> &str {
    if HOLDS.contains(&hold) { hold } else { "" }
}
