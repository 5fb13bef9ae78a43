//! `/workbench/listings`: cases of listings, one page a case with its steps and letters, and a form for every step that may follow
//! in its state and for this person. A form sends what a step of the API says, field by field.

mod form;

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
use credence_app::listing::{self, CaseView, HeadView, Proposing};
use credence_domain::access::{Action, Role};
use form::{FORMS, Form, doing};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "workbench/listings.html")]
struct ListPage {
    frame: Frame,
    cases: Vec<HeadView>,
    /// Code and name of the lists that are decided here, with their criteria.
    lists: Vec<(String, String, Vec<String>)>,
    may_propose: bool,
}

impl ListPage {
    fn list_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.lists.iter().find(|(one, ..)| one == code).map_or(code, |(_, name, _)| name.as_str())
    }
}

#[derive(Template)]
#[template(path = "workbench/listing.html")]
struct CasePage {
    frame: Frame,
    case: CaseView,
    forms: Vec<&'static Form>,
}

impl CasePage {
    /// The number under which a form is sent.
    fn number(&self, form: &Form) -> usize {
        FORMS.iter().position(|one| std::ptr::eq(one, form)).map_or(0, |at| at + 1)
    }
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(refuse)?.clone();
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    let found = state.ask(move |service| {
        let day = service.real_today();
        let decided_here = service.rulebook().lists.values().filter_map(|list| {
            let edition = list.version_on(day).filter(|edition| edition.mirrored.is_empty())?;
            let criteria = edition.criteria.iter().map(|one| one.text.clone()).collect();
            Some((list.code.clone(), list.name.clone(), criteria))
        });
        let lists: Vec<_> = decided_here.collect();
        let may_propose = service.allows(person.role, Action::ProposeListing)?;
        Ok((service.listings(&person, None)?, lists, may_propose))
    });
    let (cases, lists, may_propose) = found.await.map_err(refuse)?;
    page(StatusCode::OK, &ListPage { frame, cases, lists, may_propose })
}

/// A proposal as the page sends it; the unit is the person's own.
#[derive(Deserialize)]
pub(crate) struct ProposeForm {
    list: String,
    criterion: usize,
    uscc: String,
    facts: String,
    records: String,
}

pub(crate) async fn propose(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(form): Received<ProposeForm>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let asked = Proposing {
        list: form.list,
        criterion: form.criterion,
        uscc: form.uscc.trim().to_owned(),
        unit: person.account.unit.clone(),
        facts: form.facts,
        records: form.records.split_whitespace().map(str::to_owned).collect(),
    };
    let done = state.act(move |service, desk| listing::propose_as(service, desk, &person, &asked)).await;
    Ok(go_to(&format!("/workbench/listings/{}", done.map_err(refuse)?.head.number)))
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(refuse)?.clone();
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    let found = state.ask(move |service| {
        let case = service.listing(&person, &number)?;
        let (steps, decides) =
            (service.allows(person.role, Action::StepListing)?, service.allows(person.role, Action::DecideListing)?);
        let party = person.role == Role::Organisation;
        let forms = FORMS.iter().filter(|form| {
            let may = if form.decides { decides } else { steps };
            may && (form.of_the_party || !party) && form.states.contains(&case.head.state.as_str())
        });
        Ok((forms.collect(), case))
    });
    let (forms, case) = found.await.map_err(refuse)?;
    page(StatusCode::OK, &CasePage { frame, case, forms })
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(form): Received<BTreeMap<String, String>>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let unknown = || AppError::refused("bad_parameter", "act", "没有这一步骤，或者填写的内容不完整");
    let asked = doing(&form).ok_or_else(unknown).map_err(refuse)?;
    let place = format!("/workbench/listings/{number}");
    state.act(move |service, desk| listing::step_as(service, desk, &person, &number, &asked)).await.map_err(refuse)?;
    Ok(go_to(&place))
}
