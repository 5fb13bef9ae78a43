//! Pages of the three administrators: `/workbench/accounts` enters, suspends and ends accounts, `/workbench/incidents` works off
//! misuse. Granting stands in the queue of proposals on the workbench.

use super::{came_of, go_to, page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::parameter::{Paging, Parameters};
use crate::portal::{ErrorPage, Frame, Place};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::access::{self, IncidentView, Step};
use credence_app::account::{self, AccountView, Change, Entered};
use credence_domain::access::{Action, IncidentStep, Role};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "workbench/accounts.html")]
struct AccountsPage {
    frame: Frame,
    accounts: Vec<AccountView>,
    units: Vec<(String, String)>,
    may_manage: bool,
    entered: Option<Entered>,
    refusal: Option<String>,
}

impl AccountsPage {
    /// Roles that the system administrator can ask for.
    fn roles(&self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| role.works_in_a_unit()).collect()
    }
}

pub(crate) async fn accounts(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    render(&state, &asker, &asked, Ok(None)).await
}

async fn render(
    state: &AppState,
    asker: &Asker,
    asked: &HeaderMap,
    came: Result<Option<Entered>, AppError>,
) -> Result<Response, ErrorPage> {
    let frame = Frame::of(state, state.view().today, asked, Place::Elsewhere);
    let role = asker.role();
    let found = state.ask_at_length(move |service| {
        let may_manage = service.allows(role, Action::ManageAccount)?;
        Ok((account::list(service)?, service.units()?, may_manage))
    });
    let (accounts, units, may_manage) = found.await.map_err(refuse)?;
    let units = units.into_values().map(|unit| (unit.uscc, unit.name)).collect();
    let (entered, refusal, status) = came_of(came)?;
    let entered = entered.flatten();
    page(status, &AccountsPage { frame, accounts, units, may_manage, entered, refusal })
}

/// What the form of a new account says.
#[derive(Deserialize)]
pub(crate) struct Form {
    account: String,
    role: String,
    holder: String,
    staff_number: String,
    unit: String,
    reason: String,
}

pub(crate) async fn enter(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
    Received(form): Received<Form>,
) -> Result<Response, ErrorPage> {
    let by = asker.person().map_err(refuse)?.account.name.clone();
    let Form { account, role, holder, staff_number, unit, reason } = form.map_err(refuse)?;
    let form = account::Asked { account, role, holder, staff_number, unit, ends_on: None, reason };
    let entered = state.write(move |writer, rulebook| account::enter(writer, rulebook, &form, &by).map(Some));
    render(&state, &asker, &asked, entered.await).await
}

/// What is done to an account.
#[derive(Deserialize)]
pub(crate) struct Stand {
    step: String,
    reason: String,
}

pub(crate) async fn stand(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(name): Path<String>,
    asked: HeaderMap,
    Received(form): Received<Stand>,
) -> Result<Response, ErrorPage> {
    let (by, form) = (asker.person().map_err(refuse)?.account.name.clone(), form.map_err(refuse)?);
    let done = state.write(move |writer, rulebook| {
        let change = Change { by: &by, reason: &form.reason };
        match form.step.as_str() {
            "suspend" => account::suspend(writer, rulebook, &name, change).map(|()| None),
            "resume" => account::resume(writer, rulebook, &name, change).map(|()| None),
            "end" => account::end(writer, rulebook, &name, None, change).map(|_| None),
            "reset" => account::reset(writer, rulebook, &name, &form.reason, &by).map(Some),
            _ => Err(AppError::refused("bad_parameter", "step", "表单无法读取，请返回重填")),
        }
    });
    render(&state, &asker, &asked, done.await).await
}

#[derive(Template)]
#[template(path = "workbench/incidents.html")]
struct IncidentsPage {
    frame: Frame,
    incidents: Vec<IncidentView>,
    next: Option<String>,
}

pub(crate) async fn incidents(
    State(state): State<AppState>,
    Parameters(paging): Parameters<Paging>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let paging = paging.map_err(refuse)?;
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    let found = state.ask(move |service| service.incidents(paging.asked())).await.map_err(refuse)?;
    page(StatusCode::OK, &IncidentsPage { frame, incidents: found.items, next: found.next })
}

/// A step of an incident.
#[derive(Deserialize)]
pub(crate) struct StepForm {
    step: IncidentStep,
    #[serde(default)]
    finding: String,
    #[serde(default)]
    handed_to: String,
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(id): Path<String>,
    Received(form): Received<StepForm>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let asked = Step { step: form.step, finding: form.finding, handed_to: form.handed_to };
    state.act(move |service, desk| access::step(service, desk, &person, &id, &asked)).await.map_err(refuse)?;
    Ok(go_to("/workbench/incidents"))
}
