//! `GET /lists/definitions`: the lists that are defined today (名单设列), by their nature. `/lists/definitions/{code}`: one with grounds, documents,
//! notice, procedure, term, ways out, remedies and law.
//!
//! Serves 国办发〔2020〕49号 item 七 and 鲁信用办〔2019〕8号 art. 十二: nobody is listed by rules that he cannot read.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::{page, refuse, words};
use crate::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::list_definition::{DefinitionLine, DefinitionView};
use credence_domain::provision::Level;
use credence_domain::rulebook::listing::Nature;
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "list_definitions.html")]
struct Page {
    frame: Frame,
    definitions: Vec<DefinitionLine>,
}

#[derive(Template)]
#[template(path = "list_definition.html")]
struct One {
    frame: Frame,
    list: DefinitionView,
}

impl Page {
    fn of(&self, nature: &Nature) -> Vec<&DefinitionLine> {
        self.definitions.iter().filter(|one| one.nature == *nature).collect()
    }

    fn natures(&self) -> [(Nature, &'static str, &'static str); 2] {
        [(Nature::Adverse, "adverse", "严重失信主体名单"), (Nature::Incentive, "incentive", "守信激励名单")]
    }

    fn term(&self, months: &Option<u32>) -> String {
        term_told(*months)
    }
}

impl One {
    fn day(&self, day: &Date) -> String {
        words::day(*day)
    }

    fn term(&self) -> String {
        term_told(self.list.line.term_months)
    }

    fn level(&self, level: &Level) -> &'static str {
        level_told(*level)
    }

    fn unit(&self, level: &str) -> &'static str {
        match level {
            "nation" => "国家",
            "province" => "省级",
            "city" => "设区的市级",
            "county" => "县级",
            _ => "其他",
        }
    }
}

/// The longest time on a list in words.
fn term_told(months: Option<u32>) -> String {
    match months {
        Some(months) if months % 12 == 0 => format!("{}年", months / 12),
        Some(months) => format!("{months}个月"),
        None => "依照法律规定的情形".to_owned(),
    }
}

/// The rank of a text in words.
const fn level_told(level: Level) -> &'static str {
    match level {
        Level::Law => "法律",
        Level::AdministrativeRegulation => "行政法规",
        Level::CentralDocument => "党中央、国务院文件",
        Level::LocalRegulation => "地方性法规",
        Level::JudicialInterpretation => "司法解释",
        Level::DepartmentRule => "部门规章",
        Level::LocalRule => "地方政府规章",
        Level::NormativeDocument => "规范性文件",
        Level::Standard => "标准",
        Level::Setting => "本项目设定",
    }
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let today = state.view().today;
    let frame = Frame::of(&state, today, &asked, Place::Lists);
    let definitions = state.ask(move |service| Ok(service.list_definitions(today))).await.map_err(refuse)?;
    page(&Page { frame, definitions }, &asked)
}

pub(crate) async fn show_one(
    State(state): State<AppState>,
    Path(code): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let today = state.view().today;
    let frame = Frame::of(&state, today, &asked, Place::Lists);
    let list = state.ask(move |service| service.list_definition(today, &code)).await.map_err(refuse)?;
    page(&One { frame, list }, &asked)
}
