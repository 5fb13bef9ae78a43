//! `/workbench/claims`: claims of commercial secrecy, all of them for whoever works on them, one's own for an organisation; the form
//! that files one and the forms of what comes next.

use super::{codes_in, go_to, page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::portal::{ErrorPage, Frame};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::account::Person;
use credence_app::query::page::Page as Listed;
use credence_app::review::claim::ClaimView;
use credence_app::review::{ClaimDoing, Claiming, claim_as, step_claim_as};
use credence_domain::access::{Action, Role};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "workbench/claims.html")]
struct Page {
    frame: Frame,
    claims: Vec<ClaimView>,
    next: Option<String>,
    /// What the form begins with: a record that a link names, or what was typed before it was refused.
    typed: Form,
    /// What was typed for a step that was refused: number of the claim, and the reason.
    refused: (String, String),
    /// The reader claims for his organisation; whoever works on claims enters papers.
    party: bool,
    may_file: bool,
    may_step: bool,
    refusal: Option<String>,
}

impl Page {
    fn state(claim: &ClaimView) -> &'static str {
        match claim.state {
            "filed" => "待征求第三方意见",
            "opinion_sought" => "等待第三方意见",
            "opinion_given" => "待作出决定",
            "upheld" => "成立，字段不予公开",
            _ => "不成立，继续公开",
        }
    }
}

/// The record that a link names.
#[derive(Default, Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    record: String,
    cursor: Option<String>,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(asked): Parameters<Which>,
    headers: HeaderMap,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(refuse)?.clone();
    let Which { record, cursor } = asked.map_err(refuse)?;
    let begun = Form { record, ..Form::default() };
    render(&state, &person, &headers, (begun, Default::default()), (None, cursor)).await
}

async fn render(
    state: &AppState,
    person: &Person,
    headers: &HeaderMap,
    (typed, refused): (Form, (String, String)),
    (refusal, cursor): (Option<String>, Option<String>),
) -> Result<Response, ErrorPage> {
    let frame = Frame::at_work(state, headers, person.role);
    let (party, of) = (person.role == Role::Organisation, person.clone());
    let found = state.ask_at_length(move |service| {
        let may = |action| service.allows(of.role, action);
        Ok((service.claims(&of, (cursor.as_deref(), None))?, may(Action::FileClaim)?, may(Action::StepClaim)?))
    });
    let (Listed { items: claims, next }, may_file, may_step) = found.await.map_err(refuse)?;
    let status = if refusal.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page(status, &Page { frame, claims, next, typed, refused, party, may_file, may_step, refusal })
}

/// What the form of a claim says.
#[derive(Clone, Default, Deserialize)]
pub(crate) struct Form {
    #[serde(default)]
    record: String,
    /// Codes of fields, behind one another.
    #[serde(default)]
    fields: String,
    #[serde(default)]
    claimant: String,
    #[serde(default)]
    reason: String,
}

pub(crate) async fn file(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    headers: HeaderMap,
    Received(form): Received<Form>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let typed = form.clone();
    let asked = Claiming {
        fields: codes_in(&form.fields),
        claimant: Some(form.claimant).filter(|code| !code.trim().is_empty()),
        record: form.record.trim().to_owned(),
        // A text of several lines is one text.
        reason: form.reason.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" "),
    };
    let who = person.clone();
    let again = (typed, Default::default());
    match state.act(move |service, desk| claim_as(service, desk, &who, &asked)).await {
        Ok(_) => Ok(go_to("/workbench/claims")),
        Err(AppError::Refused { detail, .. }) => render(&state, &person, &headers, again, (Some(detail), None)).await,
        Err(AppError::NotFound) => {
            let text = "没有这条记录，或者本主体看不到它，请核对编号".to_owned();
            render(&state, &person, &headers, again, (Some(text), None)).await
        }
        Err(error) => Err(refuse(error)),
    }
}

/// What the form of a step says.
#[derive(Deserialize)]
pub(crate) struct Step {
    step: String,
    #[serde(default)]
    third_party: String,
    #[serde(default)]
    opinion: String,
    #[serde(default)]
    clause: String,
    #[serde(default)]
    reason: String,
}

impl Step {
    fn doing(self) -> Option<ClaimDoing> {
        let Self { step, third_party, opinion, clause, reason } = self;
        Some(match step.as_str() {
            "seek" => ClaimDoing::Seek { third_party, reason },
            "hear" => ClaimDoing::Hear { opinion, reason },
            "uphold" => ClaimDoing::Uphold { clause, reason },
            "reject" => ClaimDoing::Reject { reason },
            _ => return None,
        })
    }
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    headers: HeaderMap,
    Received(form): Received<Step>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let wrong = || AppError::refused("bad_parameter", "step", "填写的内容不完整");
    let refused = (number.clone(), form.reason.clone());
    let doing = form.doing().ok_or_else(wrong).map_err(refuse)?;
    let who = person.clone();
    match state.act(move |service, desk| step_claim_as(service, desk, &who, &number, &doing)).await {
        Ok(_) => Ok(go_to("/workbench/claims")),
        Err(AppError::Refused { detail, .. }) => {
            render(&state, &person, &headers, (Form::default(), refused), (Some(detail), None)).await
        }
        Err(error) => Err(refuse(error)),
    }
}
