//! `/workbench/queue`: what waits, with its lights and filters, and the form that says who does it; `/workbench/queue/calendar`: the
//! same by last day in the weeks of a month.

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
use credence_app::queue::{self, Assigning, DayView, Kind, MonthView, QueueView, TaskView, Which};
use credence_domain::queue::Light;
use serde::Deserialize;

/// Tasks on one page.
const TASKS: u32 = 50;

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    light: String,
    #[serde(default)]
    whose: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    cursor: String,
}

impl Asked {
    fn which(&self) -> Result<Which, AppError> {
        // What a form leaves open it sends empty.
        let said = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
        let (kind, light, whose) = (said(&self.kind), said(&self.light), said(&self.whose));
        Which::parse(kind.as_deref(), light.as_deref(), whose.as_deref())
    }

    fn is_of_the_unit(&self) -> bool {
        self.whose == "unit"
    }

    /// The filters as an address carries them, without the page.
    fn filters(&self) -> String {
        format!("kind={}&light={}&whose={}", self.kind, self.light, self.whose)
    }
}

#[derive(Template)]
#[template(path = "workbench/queue.html")]
struct ListPage {
    frame: Frame,
    asked: Asked,
    queue: QueueView,
    /// To whom tasks can go; empty for whoever assigns none.
    colleagues: Vec<String>,
    kinds: Vec<Kind>,
    lights: Vec<Light>,
}

#[derive(Template)]
#[template(path = "workbench/queue_calendar.html")]
struct MonthPage {
    frame: Frame,
    asked: Asked,
    month: MonthView,
}

impl MonthPage {
    /// What a day is, in words: never by colour alone.
    fn kind_of(&self, day: &DayView) -> &'static str {
        match day.working {
            Some(true) => "工作日",
            Some(false) => "休息日",
            None => "待定",
        }
    }
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(asked): Parameters<Asked>,
    headers: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (person, asked) = (asker.person().map_err(refuse)?.clone(), asked.map_err(refuse)?);
    let which = asked.which().map_err(refuse)?;
    let frame = Frame::of(&state, state.view().today, &headers, Place::Elsewhere);
    let cursor = asked.cursor.clone();
    let found = state.ask_at_length(move |service| {
        Ok((service.queue(&person, &which, Some(&cursor), Some(TASKS))?, service.queue_colleagues(&person)?))
    });
    let (queue, colleagues) = found.await.map_err(refuse)?;
    let (kinds, lights) = (Kind::ALL.to_vec(), Light::ALL.to_vec());
    page(StatusCode::OK, &ListPage { frame, asked, queue, colleagues, kinds, lights })
}

pub(crate) async fn month(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(asked): Parameters<Asked>,
    headers: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (person, asked) = (asker.person().map_err(refuse)?.clone(), asked.map_err(refuse)?);
    let which = asked.which().map_err(refuse)?;
    let frame = Frame::of(&state, state.view().today, &headers, Place::Elsewhere);
    let named = asked.month.clone();
    let found = state.ask_at_length(move |service| service.queue_month(&person, &which, Some(&named)));
    page(StatusCode::OK, &MonthPage { frame, asked, month: found.await.map_err(refuse)? })
}

/// Who does what; `task` names room, case and step.
#[derive(Deserialize)]
pub(crate) struct AssignForm {
    task: String,
    #[serde(default)]
    account: String,
    reason: String,
}

impl AssignForm {
    fn assigning(self) -> Option<Assigning> {
        let mut parts = self.task.split(' ');
        let (kind, number, step) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Assigning {
            kind: Kind::from_code(kind)?,
            number: number.to_owned(),
            step: Some(step.to_owned()),
            account: Some(self.account).filter(|account| !account.is_empty()),
            reason: self.reason,
        })
    }
}

pub(crate) async fn assign(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(form): Received<AssignForm>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let wrong = || AppError::refused("bad_parameter", "task", "请选择待办");
    let asked = form.assigning().ok_or_else(wrong).map_err(refuse)?;
    state.act(move |service, desk| queue::assign_as(service, desk, &person, &asked)).await.map_err(refuse)?;
    Ok(go_to("/workbench/queue?whose=unit"))
}

/// What of a queue stands at the start of the workbench.
pub(crate) struct Start {
    /// Its first page.
    pub(crate) queue: QueueView,
}

impl Start {
    /// The tasks that are shown, by light.
    pub(crate) fn groups(&self) -> Vec<(Light, Vec<&TaskView>)> {
        let of = |light: Light| self.queue.items.iter().filter(|task| task.light == light).collect::<Vec<_>>();
        Light::ALL.into_iter().map(|light| (light, of(light))).filter(|(_, tasks)| !tasks.is_empty()).collect()
    }
}
