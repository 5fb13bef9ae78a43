//! `/workbench/measures`: measures in force that one's unit decided or carries out, or that are on one's organisation; one page a
//! measure with its tasks and steps, and the forms that may follow; `/workbench/measure-board` counts them.

use super::{go_to, page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::parameter::{Paging, Parameters};
use crate::portal::{ErrorPage, Frame};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::measure::{self, Beginning, Board, Doing, HeadView, MeasureInForce};
use credence_app::query::page::Page as Listed;
use credence_domain::access::{Action, Role};
use credence_domain::measure::{Cause, Done, Event};
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "workbench/measures.html")]
struct ListPage {
    frame: Frame,
    measures: Vec<HeadView>,
    next: Option<String>,
    /// Behaviour items whose measures a single decision may carry.
    behaviours: Vec<Choice>,
    may_begin: bool,
}

/// A behaviour item, with code and name of each measure that may follow it.
struct Choice {
    code: String,
    name: String,
    measures: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "workbench/measure.html")]
struct OnePage {
    frame: Frame,
    measure: MeasureInForce,
    /// The task of the reader's own unit may be acknowledged, reported on, lifted.
    acknowledges: bool,
    reports: bool,
    lifts: bool,
    /// The reader's unit may end it.
    ends: bool,
    /// The first complaint that the reader's unit has not answered.
    answers: Option<usize>,
    /// The reader is the organisation.
    complains: bool,
}

impl OnePage {
    fn cause(&self) -> String {
        match &self.measure.cause {
            Cause::Listing { number, document, .. } => format!("列入决定{document}（案号{number}）"),
            Cause::Decision { document, .. } => format!("决定文书{document}"),
        }
    }

    /// Which unit took a step, or what was said in it; nothing where its name says all.
    fn said(&self, event: &Option<Event>) -> String {
        let name = |unit: &String| {
            let task = self.measure.tasks.iter().find(|task| task.unit == *unit);
            task.map_or_else(|| unit.clone(), |task| task.name.clone())
        };
        match event {
            Some(Event::Acknowledged { unit }) => name(unit),
            Some(Event::Reported { unit, effect, .. }) => format!("{}：{effect}", name(unit)),
            Some(Event::Lifted { unit, note }) => format!("{}：{note}", name(unit)),
            Some(Event::Suspended { reason } | Event::Resumed { reason } | Event::Ended { reason, .. }) => {
                reason.clone()
            }
            Some(Event::Shortened { through_on }) => format!("至{through_on}"),
            Some(Event::Complained { text }) => text.clone(),
            Some(Event::ComplaintAnswered { reason, .. }) => reason.clone(),
            Some(Event::Begun(_)) | None => String::new(),
        }
    }

    fn done(&self, done: &Done) -> &'static str {
        match done {
            Done::CarriedOut => "已实施",
            Done::NothingToDo => "目前没有可以实施的事项",
        }
    }
}

#[derive(Template)]
#[template(path = "workbench/measure_board.html")]
struct BoardPage {
    frame: Frame,
    board: Board,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(paging): Parameters<Paging>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (person, paging) = (asker.of_unit().map_err(refuse)?, paging.map_err(refuse)?);
    let frame = Frame::at_work(&state, &asked, person.role);
    let found = state.ask(move |service| {
        let (day, rulebook) = (service.real_today(), service.rulebook());
        let single = |code: &String| {
            let measure = rulebook.measures.get(code)?;
            let version = measure.version_on(day)?;
            let carried = version.lists.is_empty() && !version.bodies.is_empty();
            carried.then(|| (code.clone(), measure.name.clone()))
        };
        let behaviours = rulebook.behaviours.values().filter_map(|behaviour| {
            let version = behaviour.version_on(day)?;
            let measures: Vec<_> = version.measures.iter().filter_map(single).collect();
            (!measures.is_empty()).then(|| Choice {
                code: behaviour.code.clone(),
                name: behaviour.name.clone(),
                measures,
            })
        });
        let behaviours: Vec<_> = behaviours.collect();
        let may_begin = service.allows(person.role, Action::BeginMeasure)?;
        Ok((service.measures_in_force(&person, None, paging.asked())?, behaviours, may_begin))
    });
    let (Listed { items: measures, next }, behaviours, may_begin) = found.await.map_err(refuse)?;
    page(StatusCode::OK, &ListPage { frame, measures, next, behaviours, may_begin })
}

/// A measure as the page begins it; the unit is the person's own, an empty day is the law's one term.
#[derive(Deserialize)]
pub(crate) struct BeginForm {
    /// Behaviour item and measure, divided by a blank.
    what: String,
    record: String,
    #[serde(default)]
    through_on: String,
}

pub(crate) async fn begin(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(form): Received<BeginForm>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.of_unit().map_err(refuse)?, form.map_err(refuse)?);
    let wrong = |field: &str| AppError::refused("bad_parameter", field, "填写的内容不完整");
    let (behaviour, measure) = form.what.split_once(' ').ok_or_else(|| wrong("what")).map_err(refuse)?;
    let through_on: Option<Date> = match form.through_on.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| refuse(wrong("through_on")))?),
    };
    let asked = Beginning {
        measure: measure.to_owned(),
        behaviour: behaviour.to_owned(),
        record: form.record.trim().to_owned(),
        unit: person.account.unit.clone(),
        through_on,
    };
    let done = state.act(move |service, desk| measure::begin_as(service, desk, &person, &asked)).await;
    Ok(go_to(&format!("/workbench/measures/{}", done.map_err(refuse)?.head.number)))
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let person = asker.of_unit().map_err(refuse)?;
    let frame = Frame::at_work(&state, &asked, person.role);
    let unit = person.account.unit.clone();
    let party = person.role == Role::Organisation;
    let found = state.act(move |service, desk| {
        Ok((service.measure_in_force(desk, &person, &number)?, service.allows(person.role, Action::StepMeasure)?))
    });
    let (measure, steps) = found.await.map_err(refuse)?;
    let (ended, own) = (measure.head.state == "ended", measure.head.unit == unit && !party && steps);
    let task = measure.tasks.iter().find(|task| task.unit == unit && !party && steps);
    let listing = matches!(measure.cause, Cause::Listing { .. });
    let open = measure.complaints.iter().position(|complaint| complaint.upheld.is_none());
    let shown = OnePage {
        frame,
        acknowledges: task.is_some_and(|task| !ended && task.acknowledged_on.is_none()),
        reports: task.is_some_and(|task| measure.head.state == "running" && task.acknowledged_on.is_some()),
        lifts: task.is_some_and(|task| ended && task.lifted_on.is_none()),
        ends: own && !ended && !listing,
        answers: open.map(|at| at + 1).filter(|_| own),
        complains: party && steps,
        measure,
    };
    page(StatusCode::OK, &shown)
}

/// A step as the page sends it: only what its act needs is filled in.
#[derive(Deserialize)]
pub(crate) struct StepForm {
    act: String,
    #[serde(default)]
    done_on: String,
    #[serde(default)]
    done: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    complaint: String,
    #[serde(default)]
    upheld: String,
}

impl StepForm {
    fn doing(&self) -> Option<Doing> {
        let text = || self.text.clone();
        Some(match self.act.as_str() {
            "acknowledge" => Doing::Acknowledge {},
            "report" => Doing::Report {
                done_on: self.done_on.trim().parse().ok()?,
                done: if self.done == "nothing_to_do" { Done::NothingToDo } else { Done::CarriedOut },
                effect: text(),
            },
            "lift" => Doing::Lift { note: text() },
            "end" => Doing::End { reason: text() },
            "complain" => Doing::Complain { text: text() },
            "answer_complaint" => Doing::AnswerComplaint {
                complaint: self.complaint.parse().ok()?,
                upheld: !self.upheld.is_empty(),
                reason: text(),
            },
            _ => return None,
        })
    }
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(form): Received<StepForm>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.of_unit().map_err(refuse)?, form.map_err(refuse)?);
    let unknown = || AppError::refused("bad_parameter", "act", "没有这一步骤，或者填写的内容不完整");
    let asked = form.doing().ok_or_else(unknown).map_err(refuse)?;
    let place = format!("/workbench/measures/{number}");
    state.act(move |service, desk| measure::step_as(service, desk, &person, &number, &asked)).await.map_err(refuse)?;
    Ok(go_to(&place))
}

pub(crate) async fn board(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let person = asker.of_unit().map_err(refuse)?;
    let frame = Frame::at_work(&state, &asked, person.role);
    let board = state.ask(move |service| service.measure_board(&person)).await.map_err(refuse)?;
    page(StatusCode::OK, &BoardPage { frame, board })
}
