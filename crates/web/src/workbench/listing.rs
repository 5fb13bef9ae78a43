//! `/workbench/listings`: cases of listings, one page a case with its steps and letters, and a form for every step that may follow
//! in its state and for this person. A form sends what a step of the API says, field by field.

mod form;

use super::paper::{Keeping, accepted};
use super::{go_to, page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::handed::{Handed, WithFiles};
use crate::parameter::Parameters;
use crate::portal::{ErrorPage, Frame};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::listing::{self, Carrier, CaseView, HeadView, Proposing, Stepping};
use credence_app::paper::PaperView;
use credence_app::query::page::Page as Listed;
use credence_domain::access::{Action, Role};
use credence_domain::listing::{Event, MeasureTaken, Outcome, WayOut};
use credence_domain::objection::Evidence;
use form::{FORMS, Form, doing};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "workbench/listings.html")]
struct ListPage {
    frame: Frame,
    cases: Vec<HeadView>,
    next: Option<String>,
    /// Code and name of the lists that are decided here, with their criteria.
    lists: Vec<(String, String, Vec<String>)>,
    may_propose: bool,
    /// The second step of a proposal.
    chosen: Option<Chosen>,
    /// What a file input takes.
    accepted: String,
}

/// A list and an organisation for which a proposal is written, with the documents that it may rest on.
struct Chosen {
    list: String,
    uscc: String,
    organisation: String,
    carriers: Vec<Carrier>,
}

impl Chosen {
    fn carries(&self) -> bool {
        self.carriers.iter().any(|one| one.refused.is_none())
    }

    fn refuses(&self) -> bool {
        self.carriers.iter().any(|one| one.refused.is_some())
    }
}

impl ListPage {
    fn criteria(&self, code: &str) -> &[String] {
        self.lists.iter().find(|(one, ..)| one == code).map_or(&[], |(_, _, criteria)| criteria.as_slice())
    }

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
    /// Measures that a decision may name.
    possible: Vec<MeasureTaken>,
    /// Measures of the decision that stand.
    standing: Vec<MeasureTaken>,
    /// Ways out of the decision.
    exits: Vec<WayOut>,
    /// What a file input takes.
    accepted: String,
}

impl CasePage {
    /// The file of a document, where it is kept.
    fn file(&self, one: &Evidence) -> Option<&PaperView> {
        self.case.files.iter().find(|file| one.file && file.digest == one.digest)
    }

    fn measures(&self, which: &str) -> &[MeasureTaken] {
        if which == "possible" { &self.possible } else { &self.standing }
    }

    /// The number under which a form is sent.
    fn number(&self, form: &Form) -> usize {
        FORMS.iter().position(|one| std::ptr::eq(one, form)).map_or(0, |at| at + 1)
    }
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(choice): Parameters<Choice>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (person, choice) = (asker.person().map_err(refuse)?.clone(), choice.map_err(refuse)?);
    let frame = Frame::at_work(&state, &asked, person.role);
    let found = state.ask(move |service| {
        let day = service.real_today();
        let decided_here = service.rulebook().lists.values().filter_map(|list| {
            let edition = list.version_on(day).filter(|edition| edition.mirrored.is_empty())?;
            let criteria = edition.criteria.iter().map(|one| one.text.clone()).collect();
            Some((list.code.clone(), list.name.clone(), criteria))
        });
        let lists: Vec<_> = decided_here.collect();
        let may_propose = service.allows(person.role, Action::ProposeListing)?;
        let chosen = match (choice.list, choice.uscc) {
            (Some(list), Some(uscc)) if may_propose => {
                let uscc = uscc.trim().to_ascii_uppercase();
                let (organisation, carriers) = service.listing_carriers(&person, &list, &uscc)?;
                Some(Chosen { list, uscc, organisation, carriers })
            }
            _ => None,
        };
        let listings = service.listings(&person, None, (choice.cursor.as_deref(), None))?;
        Ok((listings, lists, may_propose, chosen))
    });
    let (Listed { items: cases, next }, lists, may_propose, chosen) = found.await.map_err(refuse)?;
    page(StatusCode::OK, &ListPage { frame, cases, next, lists, may_propose, chosen, accepted: accepted() })
}

/// For which list and organisation a proposal is written.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    list: Option<String>,
    uscc: Option<String>,
    cursor: Option<String>,
}

pub(crate) async fn propose(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Handed(handed): Handed<BTreeMap<String, String>>,
) -> Result<Response, ErrorPage> {
    let (person, handed) = (asker.person().map_err(refuse)?.clone(), handed.map_err(refuse)?);
    let WithFiles { form, files, .. } = handed;
    let said = |name: &str| form.get(name).map(|value| value.trim().to_owned()).unwrap_or_default();
    // The unit is the person's own.
    let mut asked = Proposing {
        list: said("list"),
        criterion: said("criterion").parse().unwrap_or_default(),
        uscc: said("uscc"),
        unit: person.account.unit.clone(),
        facts: said("facts"),
        records: form.keys().filter_map(|key| key.strip_prefix("record:").map(str::to_owned)).collect(),
        ordered: String::new(),
        papers: Vec::new(),
    };
    let done = state.act(move |service, desk| {
        let keeping = Keeping { service, desk, person: &person, files: &files };
        asked.papers = keeping.evidence(|| Ok(asked.uscc.clone()))?;
        listing::propose_as(service, desk, &person, &asked)
    });
    let done = done.await;
    Ok(go_to(&format!("/workbench/listings/{}", done.map_err(refuse)?.head.number)))
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(refuse)?.clone();
    let frame = Frame::at_work(&state, &asked, person.role);
    let found = state.act(move |service, desk| {
        let case = service.read_listing(desk, &person, &number)?;
        let (steps, decides) =
            (service.allows(person.role, Action::StepListing)?, service.allows(person.role, Action::DecideListing)?);
        let party = person.role == Role::Organisation;
        let forms = FORMS.iter().filter(|form| {
            let may = if form.decides { decides } else { steps };
            may && (form.of_the_party || !party) && form.states.contains(&case.head.state.as_str())
        });
        let possible = service.listing_measures(&case.head.list);
        Ok((forms.collect(), case, possible))
    });
    let (forms, case, possible) = found.await.map_err(refuse)?;
    let (standing, exits) = decided(&case);
    page(StatusCode::OK, &CasePage { frame, case, forms, possible, standing, exits, accepted: accepted() })
}

/// What a decision says and rulings have left of it: its measures and its ways out.
fn decided(case: &CaseView) -> (Vec<MeasureTaken>, Vec<WayOut>) {
    let (mut measures, mut exits) = (Vec::new(), Vec::new());
    for step in &case.steps {
        match &step.taken.event {
            Event::Listed { measures: taken, exits: ways, .. } => (measures, exits) = (taken.clone(), ways.clone()),
            Event::RemedyDecided { outcome: Outcome::Changed { measures: kept, .. }, .. } => {
                measures.retain(|measure: &MeasureTaken| kept.contains(&measure.code));
            }
            _ => {}
        }
    }
    (measures, exits)
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Handed(handed): Handed<BTreeMap<String, String>>,
) -> Result<Response, ErrorPage> {
    let (person, handed) = (asker.person().map_err(refuse)?.clone(), handed.map_err(refuse)?);
    let WithFiles { form, files, .. } = handed;
    let unknown = || AppError::refused("bad_parameter", "act", "没有这一步骤，或者填写的内容不完整");
    let asked = doing(&form).ok_or_else(unknown).map_err(refuse)?;
    let place = format!("/workbench/listings/{number}");
    let done = state.act(move |service, desk| {
        let keeping = Keeping { service, desk, person: &person, files: &files };
        let papers = keeping.evidence(|| service.organisation_of_listing(&person, &number))?;
        listing::step_as(service, desk, &person, &number, &Stepping { doing: asked, papers })
    });
    done.await.map_err(refuse)?;
    Ok(go_to(&place))
}
