//! `GET /quality?month=`: the scorecard of the departments (数据质量), counts only, and the days whose decisions must be
//! public by tomorrow.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::{page, refuse, words};
use crate::AppState;
use crate::api::quality::Request;
use crate::parameter::Parameters;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::{DueDecisions, QualityView, UnitQuality};
use credence_domain::quality::Share;
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "quality.html")]
struct Page {
    frame: Frame,
    found: QualityView,
    decisions: Vec<DueDecisions>,
    tomorrow: Date,
}

impl Page {
    fn day(&self, day: &Date) -> String {
        words::day(*day)
    }

    fn days(&self, days: &[Date]) -> String {
        days.iter().map(|day| words::day(*day)).collect::<Vec<_>>().join("、")
    }

    fn percent(&self, share: &Share) -> String {
        share.per_mille.map_or_else(|| "–".to_owned(), |n| format!("{}.{}%", n / 10, n % 10))
    }

    fn missed(&self, unit: &UnitQuality) -> String {
        if unit.declared.is_empty() {
            return "未申报总数".to_owned();
        }
        unit.declared.iter().map(|declared| declared.missed).sum::<u64>().to_string()
    }

    fn name<'a>(&self, unit: &'a UnitQuality) -> &'a str {
        if unit.name.is_empty() { &unit.source } else { &unit.name }
    }
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Parameters(request): Parameters<Request>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let request = request.map_err(refuse)?;
    let view = state.view();
    let frame = Frame::of(&state, view.today, &asked, Place::Elsewhere);
    let tomorrow = view.today.tomorrow().unwrap_or(view.today);
    let found = state.quality(view, request.month.as_deref()).await.map_err(refuse)?;
    let decisions = state.ask(move |service| Ok(service.due_decisions(tomorrow))).await.map_err(refuse)?;
    page(&Page { frame, found, decisions, tomorrow }, &asked)
}
