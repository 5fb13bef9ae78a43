//! `GET /method`: how grades come about: base, weights, thresholds, each with its article, and what is never counted.
//! Serves 鲁信用办〔2019〕8号 art. 七. The demonstration model is labelled by its own notice.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::{page, refuse, words};
use crate::AppState;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::{GradeView, ModelView, WeightView};
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "method.html")]
struct Page {
    frame: Frame,
    models: Vec<ModelView>,
}

impl Page {
    fn day(&self, day: &Date) -> String {
        words::day(*day)
    }

    fn range(&self, grade: &GradeView) -> String {
        match (grade.points_min, grade.points_max) {
            (Some(min), Some(max)) => format!("{min}至{max}分"),
            (Some(min), None) => format!("{min}分以上"),
            (None, Some(max)) => format!("{max}分以下"),
            (None, None) => String::new(),
        }
    }

    fn what(&self, weight: &WeightView) -> String {
        match &weight.class {
            Some(class) => format!("{}（{}失信）", weight.item_name, words::class(class)),
            None => weight.item_name.clone(),
        }
    }

    fn signed(&self, points: &i64) -> String {
        format!("{points:+}")
    }
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let today = state.view().today;
    let frame = Frame::of(&state, today, &asked, Place::Method);
    let models = state.ask(move |service| Ok(service.models(today))).await.map_err(refuse)?;
    page(&Page { frame, models }, &asked)
}
