//! `/workbench/officers`: the responsible persons of the listings of one's unit or of one's organisation, and whom those above are
//! still to be told of; one page a file with its steps, letters and the forms that may follow.

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
use credence_app::officer::{self, Doing, Entering, HeadView, Informing, OfficerView, Proposing};
use credence_app::query::page::Page as Listed;
use credence_domain::access::Action;
use credence_domain::listing::Delivery;
use credence_domain::objection::Evidence;
use credence_domain::officer::{Because, Outcome, Role};
use credence_domain::rulebook::procedure::Above;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "workbench/officers.html")]
struct ListPage {
    frame: Frame,
    files: Vec<HeadView>,
    next: Option<String>,
    /// Code and name of the offices.
    roles: Vec<(&'static str, &'static str)>,
    /// Code and name of the legal grounds in force.
    grounds: Vec<(String, String)>,
    may_enter: bool,
}

#[derive(Template)]
#[template(path = "workbench/officer.html")]
struct OnePage {
    frame: Frame,
    file: OfficerView,
    /// Codes of the acts that the reader may take now.
    acts: Vec<&'static str>,
}

impl OnePage {
    fn may(&self, act: &str) -> bool {
        self.acts.contains(&act)
    }

    /// Whether a remedy of the person's waits for a ruling.
    fn contested(&self) -> bool {
        self.file.case.as_ref().is_some_and(|case| case.contested)
    }
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(paging): Parameters<Paging>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (person, paging) = (asker.person().map_err(refuse)?.clone(), paging.map_err(refuse)?);
    let frame = Frame::at_work(&state, &asked, person.role);
    let found = state.ask(move |service| {
        let lists = service.rulebook().lists.keys();
        let grounds: BTreeMap<String, String> = lists.flat_map(|list| service.officer_grounds(list)).collect();
        let found = service.officers(&person, (None, None), paging.asked())?;
        Ok((found, grounds, service.allows(person.role, Action::EnterOfficer)?))
    });
    let (Listed { items: files, next }, grounds, may_enter) = found.await.map_err(refuse)?;
    let roles = Role::ALL.map(|role| (role.code(), role.name())).to_vec();
    page(StatusCode::OK, &ListPage { frame, files, next, roles, grounds: grounds.into_iter().collect(), may_enter })
}

/// What the page enters: a term, a proposal or a duty, as `what` says; only what it needs is filled in.
#[derive(Deserialize)]
pub(crate) struct EnterForm {
    what: String,
    #[serde(default)]
    uscc: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    identity_number: String,
    #[serde(default)]
    from_on: String,
    #[serde(default)]
    through_on: String,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    listing: String,
    #[serde(default)]
    term: String,
    #[serde(default)]
    facts: String,
    #[serde(default)]
    ground: String,
    #[serde(default)]
    because: String,
}

impl EnterForm {
    fn term(&self, unit: &str) -> Option<Entering> {
        Some(Entering {
            uscc: self.uscc.trim().to_owned(),
            unit: unit.to_owned(),
            role: Role::ALL.into_iter().find(|role| role.code() == self.role)?,
            name: self.name.trim().to_owned(),
            identity_number: self.identity_number.trim().to_owned(),
            from_on: day(&self.from_on)?,
            through_on: optional(&self.through_on)?,
            evidence: self.evidence.clone(),
        })
    }

    fn proposal(&self, unit: &str) -> Option<Proposing> {
        Some(Proposing {
            listing: self.listing.trim().to_owned(),
            term: self.term.trim().to_owned(),
            unit: unit.to_owned(),
            conduct_from_on: day(&self.from_on)?,
            conduct_through_on: day(&self.through_on)?,
            facts: self.facts.clone(),
            ground: self.ground.clone(),
        })
    }

    fn duty(&self, unit: &str) -> Option<Informing> {
        let all = [Because::PublicBody, Because::StateEnterprise, Because::Official];
        let because = all.into_iter().find(|one| one.code() == self.because)?;
        Some(Informing { listing: self.listing.trim().to_owned(), unit: unit.to_owned(), because })
    }
}

fn day(text: &str) -> Option<Date> {
    text.trim().parse().ok()
}

fn optional(text: &str) -> Option<Option<Date>> {
    if text.trim().is_empty() { Some(None) } else { day(text).map(Some) }
}

fn incomplete() -> ErrorPage {
    refuse(AppError::refused("bad_parameter", "act", "没有这一步骤，或者填写的内容不完整"))
}

pub(crate) async fn enter(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(form): Received<EnterForm>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let unit = person.account.unit.clone();
    let done = match form.what.as_str() {
        "term" => {
            let asked = form.term(&unit).ok_or_else(incomplete)?;
            state.act(move |service, desk| officer::enter_as(service, desk, &person, &asked)).await
        }
        "case" => {
            let asked = form.proposal(&unit).ok_or_else(incomplete)?;
            state.act(move |service, desk| officer::propose_as(service, desk, &person, &asked)).await
        }
        "duty" => {
            let asked = form.duty(&unit).ok_or_else(incomplete)?;
            state.act(move |service, desk| officer::inform_as(service, desk, &person, &asked)).await
        }
        _ => return Err(incomplete()),
    };
    Ok(go_to(&format!("/workbench/officers/{}", done.map_err(refuse)?.head.number)))
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
        let file = service.officer(desk, &person, &number)?;
        let may = |action| service.allows(person.role, action);
        let (steps, decides) = (may(Action::StepOfficer)?, may(Action::DecideOfficer)?);
        let acts = if steps { acts_of(&file, decides) } else { Vec::new() };
        Ok((file, acts))
    });
    let (file, acts) = found.await.map_err(refuse)?;
    page(StatusCode::OK, &OnePage { frame, file, acts })
}

/// The acts that a file in its state knows.
fn acts_of(file: &OfficerView, decides: bool) -> Vec<&'static str> {
    let mut acts = match (file.office.is_some(), file.duty.is_some(), file.head.state) {
        (true, _, "in_office") => vec!["leave", "withdraw"],
        (true, _, "left") => vec!["withdraw"],
        (_, true, "open") => vec!["inform"],
        (false, false, "proposed") => vec!["serve", "withdraw"],
        (false, false, "notified") => vec!["state", "answer", "waive", "withdraw"],
        (false, false, "decided" | "suspended") => vec!["serve", "hand_over", "file_remedy"],
        (false, false, "dismissed") => vec!["serve"],
        (false, false, "ended") => vec!["hand_over"],
        _ => Vec::new(),
    };
    match file.head.state {
        "notified" if decides => acts.extend(["decide", "dismiss"]),
        "decided" | "suspended" if decides => acts.extend(["end", "rule"]),
        _ => {}
    }
    if file.head.kind == credence_app::officer::Kind::Case
        && file.case.as_ref().is_some_and(|case| case.hand_over_due_on.is_none())
    {
        acts.retain(|act| *act != "hand_over");
    }
    acts
}

/// A step as the page sends it: only what its act needs is filled in.
#[derive(Deserialize)]
pub(crate) struct StepForm {
    act: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    consent: String,
    #[serde(default)]
    statement: String,
    #[serde(default)]
    accepted: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    digest: String,
}

impl StepForm {
    /// A paper by its name and digest.
    fn paper(&self) -> Option<Evidence> {
        let (name, digest) = (self.name.trim().to_owned(), self.digest.trim().to_ascii_lowercase());
        Some(Evidence { name, digest, file: false })
    }

    fn doing(&self) -> Option<Doing> {
        use credence_domain::listing::{Filed, RemedyKind};
        let text = || self.text.clone();
        Some(match self.act.as_str() {
            "leave" => Doing::Leave { through_on: day(&self.on)?, evidence: text() },
            "withdraw" => Doing::Withdraw { reason: text() },
            "serve" => {
                let (mode, consent) = (self.mode.clone(), self.consent.clone());
                Doing::Serve { letter: None, delivery: Delivery { mode, on: day(&self.on)?, proof: text(), consent } }
            }
            "state" => Doing::State { on: day(&self.on)?, text: text() },
            "answer" => Doing::Answer {
                statement: self.statement.trim().parse().ok()?,
                accepted: !self.accepted.is_empty(),
                reason: text(),
            },
            "waive" => Doing::Waive { on: day(&self.on)?, proof: text(), paper: self.paper() },
            "decide" => Doing::Decide { reason: text() },
            "dismiss" => Doing::Dismiss { reason: text() },
            "hand_over" => Doing::HandOver { number: self.number.clone(), on: day(&self.on)? },
            "file_remedy" => Doing::FileRemedy {
                filed: Filed {
                    kind: if self.kind == "litigation" { RemedyKind::Litigation } else { RemedyKind::Reconsideration },
                    number: self.number.clone(),
                    body: text(),
                    on: day(&self.on)?,
                },
            },
            "stay" => Doing::Stay { number: self.number.clone(), on: day(&self.on)?, paper: self.paper() },
            "lift_stay" => Doing::LiftStay { number: self.number.clone(), on: day(&self.on)?, paper: self.paper() },
            "upheld" | "revoked" => Doing::DecideRemedy {
                number: self.number.clone(),
                on: day(&self.on)?,
                outcome: if self.act == "upheld" { Outcome::Upheld } else { Outcome::Revoked },
                paper: self.paper(),
            },
            "end" => Doing::End { document: text() },
            "inform" => Doing::Inform {
                to: Above::ALL.into_iter().find(|one| one.code() == self.to)?,
                addressee: text(),
                number: self.number.clone(),
                on: day(&self.on)?,
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
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let asked = form.doing().ok_or_else(incomplete)?;
    let place = format!("/workbench/officers/{number}");
    state.act(move |service, desk| officer::step_as(service, desk, &person, &number, &asked)).await.map_err(refuse)?;
    Ok(go_to(&place))
}
