//! `/workbench/editions`: editions of the rulebook, with the form that proposes one as an archive of its files; `/workbench/editions/{digest}`
//! tells what one says otherwise than the edition in force. The second person answers on the workbench.

use super::{came_of, go_to, page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::handed::{Handed, WithFiles};
use crate::portal::{ErrorPage, Frame, Place};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::access::{
    EditionDifference, EditionView, ProposalView, ProposingEdition, files_of_archive, propose_edition,
};
use credence_domain::access::Action;
use credence_domain::rulebook::ChangeKind;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "workbench/editions.html")]
struct Page {
    frame: Frame,
    editions: Vec<EditionView>,
    may_propose: bool,
    refusal: Option<String>,
    typed: Typed,
}

#[derive(Template)]
#[template(path = "workbench/edition.html")]
struct DifferencePage {
    frame: Frame,
    found: EditionDifference,
    /// The proposal with which it waits.
    proposal: Option<ProposalView>,
    /// Whoever proposed it is reading.
    is_own: bool,
    may_second: bool,
}

/// Where an edition stands, in words.
fn state_name(code: &str) -> &'static str {
    match code {
        "in_force" => "现行",
        "proposed" => "待复核",
        _ => "曾经启用",
    }
}

impl Page {
    fn state(edition: &EditionView) -> &'static str {
        state_name(edition.state)
    }
}

impl DifferencePage {
    fn state(&self) -> &'static str {
        state_name(self.found.edition.state)
    }

    /// What became of a part.
    fn kind(kind: ChangeKind) -> &'static str {
        match kind {
            ChangeKind::Added => "新增",
            ChangeKind::Removed => "删去",
            ChangeKind::Changed => "修改",
        }
    }
}

/// What the form says beside the archive.
#[derive(Clone, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    overlay: String,
    #[serde(default)]
    reason: String,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    render(&state, &asker, &asked, (Typed::default(), Ok(()))).await
}

async fn render(
    state: &AppState,
    asker: &Asker,
    asked: &HeaderMap,
    (typed, came): (Typed, Result<(), AppError>),
) -> Result<Response, ErrorPage> {
    let frame = Frame::of(state, state.view().today, asked, Place::Elsewhere);
    let role = asker.role();
    let found = state
        .ask_at_length(move |service| Ok((service.editions()?, service.allows(role, Action::ProposeEdition)?)))
        .await;
    let (editions, may_propose) = found.map_err(refuse)?;
    let (_, refusal, status) = came_of(came)?;
    page(status, &Page { frame, editions, may_propose, refusal, typed })
}

pub(crate) async fn propose(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
    Handed(form): Handed<Typed>,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(refuse)?.clone();
    let handed = form.map_err(refuse)?;
    let typed = handed.form.clone();
    let proposed = state.act(move |service, desk| {
        let WithFiles { form: proposing, files, .. } = &handed;
        let archive = files.iter().find(|(input, _)| input == "archive").map(|(_, file)| &file.content);
        let missing = || AppError::refused("bad_parameter", "archive", "请选择规则手册的压缩包（ZIP）");
        let files = files_of_archive(archive.ok_or_else(missing)?)?;
        let asked =
            ProposingEdition { files, overlay: !proposing.overlay.is_empty(), reason: proposing.reason.clone() };
        propose_edition(service, desk, &person, &asked)
    });
    match proposed.await {
        Ok(proposed) => Ok(go_to(&format!("/workbench/editions/{}", proposed.subject))),
        Err(error) => render(&state, &asker, &asked, (typed, Err(error))).await,
    }
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(digest): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(refuse)?.clone();
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    let name = person.account.name.clone();
    let found = state.ask_at_length(move |service| {
        let found = service.edition_difference(&digest)?;
        let open = service.proposals(&person, "open")?;
        let proposal = open.into_iter().find(|one| Some(&one.id) == found.edition.proposal.as_ref());
        Ok((found, proposal, service.allows(person.role, Action::SecondRulebook)?))
    });
    let (found, proposal, may_second) = found.await.map_err(refuse)?;
    let is_own = proposal.as_ref().is_some_and(|one| one.proposed_by == name);
    page(StatusCode::OK, &DifferencePage { frame, found, proposal, is_own, may_second })
}
