//! `/workbench/repairs`: repairs that one's unit decides, that pass one's window, or of one's organisation; one page a case with its
//! clocks, papers, letters and steps, and the forms that may follow.

use super::letter::{LetterForm, remedy, ruled, served};
use super::paper::{Keeping, Row, accepted};
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
use credence_app::listing::ToldView;
use credence_app::paper::PaperView;
use credence_app::query::page::Page as Listed;
use credence_app::repair::{self, Applying, Doing, HeadView, RepairView};
use credence_domain::access::{Action, Role};
use credence_domain::listing::{Delivery, Ruled};
use credence_domain::objection::Evidence;
use credence_domain::repair::{
    Applicant, Event, Fault, Paper, Plan, PlanKind, Ruling, State as Standing, counted_anew,
};
use credence_domain::rulebook::commitment::Clause;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Papers of one application form: what is more comes as a supplement or by the interface.
const PAPER_ROWS: usize = 3;

#[derive(Template)]
#[template(path = "workbench/repairs.html")]
struct ListPage {
    frame: Frame,
    repairs: Vec<HeadView>,
    next: Option<String>,
    /// Names of their organisations by code.
    names: BTreeMap<String, String>,
    /// May apply.
    applies: bool,
    /// Applies for itself; otherwise on behalf.
    own: bool,
    clauses: Vec<Clause>,
    papers: Vec<(String, String)>,
    record: String,
    today: Date,
    accepted: String,
}

#[derive(Template)]
#[template(path = "workbench/repair.html")]
struct OnePage {
    frame: Frame,
    repair: RepairView,
    papers: Vec<(String, String)>,
    accepted: String,
    /// Which forms follow for the reader.
    pushes: bool,
    asks: bool,
    accepts: bool,
    shields: bool,
    ends_shield: bool,
    supplements: bool,
    extends: bool,
    decides: bool,
    refuses: bool,
    /// Proposes to revoke, records the service of the notice, enters a statement, ends the proposal.
    proposes: bool,
    serves: bool,
    states: bool,
    waives: bool,
    revokes: bool,
    /// Records the service of a decision, and a remedy that was filed against it.
    serves_decision: bool,
    files_remedy: bool,
    /// Records what came of that.
    rules_remedy: bool,
    withdraws: bool,
    /// The organisation itself reads it.
    own: bool,
}

impl OnePage {
    /// The file of a paper, where it is kept.
    fn file(&self, paper: &Paper) -> Option<&PaperView> {
        self.repair.files.iter().find(|file| paper.file && file.digest == paper.digest)
    }

    /// Its decisions with what became of their letters.
    fn told(&self) -> &[ToldView] {
        &self.repair.decisions
    }

    /// The file of what a body ruled, where it is kept.
    fn file_of(&self, one: &Evidence) -> Option<&PaperView> {
        self.repair.files.iter().find(|file| one.file && file.digest == one.digest)
    }

    /// Whose case it is.
    fn uscc(&self) -> &str {
        &self.repair.head.uscc
    }

    /// Where its forms go.
    fn place(&self) -> String {
        format!("/workbench/repairs/{}", self.repair.head.number)
    }

    fn paper(&self, kind: &str) -> &str {
        self.papers.iter().find(|(code, _)| code == kind).map_or("材料", |(_, name)| name.as_str())
    }

    /// What was said in a step; nothing where its name says all.
    fn said(&self, event: &Event) -> String {
        match event {
            Event::Applied(applied) => applied.told(),
            Event::Pushed { opinion, .. } => opinion.clone(),
            Event::PapersAsked { missing } => missing.join("、"),
            Event::Supplemented { papers, .. } => {
                papers.iter().map(|paper| paper.number.as_str()).collect::<Vec<_>>().join("、")
            }
            Event::Accepted { decide } => decide.map(|due| format!("{}前决定", due.on)).unwrap_or_default(),
            Event::Extended { reason, decide } => format!("延长至{}：{reason}", decide.on),
            Event::NotAccepted { letter, reason, .. } | Event::Refused { letter, reason, .. } => {
                format!("{letter}：{reason}")
            }
            Event::Granted { letter, findings, .. } => format!("{letter}：{findings}"),
            Event::Shielded { letter, findings, kept } if kept.is_empty() => format!("{letter}：{findings}"),
            Event::Shielded { letter, findings, kept } => {
                format!("{letter}：{findings}；不予解除的措施：{}", kept.join("、"))
            }
            Event::PlanFailed { letter, ruling } => format!("{letter}：{}", ruling.told()),
            Event::PlanCompleted { ruling, followed_by } => {
                let next = followed_by.as_ref().map(|number| format!("，转入修复申请{number}"));
                format!("{}{}", ruling.told(), next.unwrap_or_default())
            }
            Event::Withdrawn { reason } | Event::Stopped { reason } => reason.clone(),
            Event::Revoked { letter, fault, facts, restart, reason, .. } => {
                let anew = restart.as_ref().map(|restart| format!("；{}", counted_anew(restart))).unwrap_or_default();
                let why = if reason.is_empty() { String::new() } else { format!("；{reason}") };
                format!("{letter}，{}：{facts}{why}{anew}", fault.name())
            }
            Event::DecisionServed { service } => served(service),
            Event::RemedyFiled { letter, filed, .. } => remedy(letter, filed),
            Event::RemedyRuled { ruled: what, reopens, .. } => ruled(what, *reopens),
            Event::RevocationProposed { letter, fault, facts } => format!("{letter}，{}：{facts}", fault.name()),
            Event::RevocationServed { service, statement_due_on, .. } => {
                format!("{}送达，陈述、申辩至{statement_due_on}", service.served_on)
            }
            Event::RevocationStated { text, .. } => text.clone(),
            Event::RevocationWaived { on, reference, .. } if reference.is_empty() => on.to_string(),
            Event::RevocationWaived { on, reference, .. } => format!("{on}，{reference}"),
            Event::RevocationDropped { letter, reason } => format!("{letter}：{reason}"),
        }
    }
}

/// The record from which somebody comes.
#[derive(Deserialize)]
pub(crate) struct From {
    #[serde(default)]
    record: String,
    cursor: Option<String>,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(from): Parameters<From>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (person, from) = (asker.person().map_err(refuse)?.clone(), from.map_err(refuse)?);
    let frame = Frame::at_work(&state, &asked, person.role);
    let (own, cursor) = (person.role == Role::Organisation, from.cursor);
    let found = state.ask(move |service| {
        let (day, rulebook) = (service.real_today(), service.rulebook());
        let letter = rulebook.commitments.get("repair").and_then(|letter| letter.version_on(day));
        let clauses = letter.map(|letter| letter.clauses.clone()).unwrap_or_default();
        let applies = service.allows(person.role, Action::ApplyRepair)?;
        let repairs = service.repairs(&person, None, (cursor.as_deref(), None))?;
        let names = service.organisation_names(repairs.items.iter().map(|repair| repair.uscc.as_str()))?;
        Ok(((repairs, names), applies, clauses, papers(rulebook), day))
    });
    let ((repairs, names), applies, clauses, papers, today) = found.await.map_err(refuse)?;
    let Listed { items: repairs, next } = repairs;
    let record = from.record.chars().filter(char::is_ascii_hexdigit).collect();
    let accepted = accepted();
    page(
        StatusCode::OK,
        &ListPage { frame, repairs, next, names, applies, own, clauses, papers, record, today, accepted },
    )
}

/// Code and name of every kind of paper.
fn papers(rulebook: &credence_domain::rulebook::Rulebook) -> Vec<(String, String)> {
    let values = rulebook.codes.list("repair_paper").map(|list| list.values.as_slice()).unwrap_or_default();
    values.iter().filter_map(|entry| Some((entry.code.clone()?, entry.value.clone()))).collect()
}

/// An application as the page sends it.
#[derive(Deserialize)]
pub(crate) struct ApplyForm {
    record: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    window_on: String,
    #[serde(default)]
    rectified: String,
    #[serde(default)]
    paper_kind: String,
    #[serde(default)]
    paper_number: String,
    #[serde(default)]
    signed_on: String,
    /// The kind of a plan, where a shield is applied for.
    #[serde(default)]
    plan: String,
    #[serde(default)]
    applicant: String,
    #[serde(flatten)]
    ruling: RulingForm,
    /// Each clause that was ticked, by its code.
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, String>,
}

impl ApplyForm {
    /// The papers: the first by names of its own, more by the same with a number.
    fn rows(&self) -> Vec<Row> {
        let first = (self.paper_kind.clone(), self.paper_number.clone(), "paper_file".to_owned());
        let typed = |name: String| self.rest.get(&name).cloned().unwrap_or_default();
        let more = (2..=PAPER_ROWS).map(|row| {
            (typed(format!("paper_kind_{row}")), typed(format!("paper_number_{row}")), format!("paper_file_{row}"))
        });
        std::iter::once(first).chain(more).map(|(kind, number, input)| Row { kind, number, input }).collect()
    }
}

pub(crate) async fn apply(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Handed(handed): Handed<ApplyForm>,
) -> Result<Response, ErrorPage> {
    let (person, handed) = (asker.person().map_err(refuse)?.clone(), handed.map_err(refuse)?);
    let WithFiles { form, files, .. } = handed;
    let wrong = |field: &str| refuse(AppError::refused("bad_parameter", field, "填写的内容不完整"));
    let day = |text: &str, field: &str| text.trim().parse::<Date>().map_err(|_| wrong(field));
    let window_on = match form.window_on.trim() {
        "" => None,
        text => Some(day(text, "window_on")?),
    };
    let clauses = form.rest.keys().filter_map(|key| key.strip_prefix("clause_")).map(str::to_owned).collect();
    let ruling = form.ruling.ruling().ok_or_else(|| wrong("made_on"))?;
    let plan = match form.plan.as_str() {
        "" => None,
        text => {
            let kind = PlanKind::ALL.into_iter().find(|kind| kind.code() == text).ok_or_else(|| wrong("plan"))?;
            let administrator = form.applicant == "administrator";
            let applicant = if administrator { Applicant::Administrator } else { Applicant::Enterprise };
            let approved = ruling.clone().ok_or_else(|| wrong("court"))?;
            Some(Plan { kind, approved, applicant })
        }
    };
    let completed = ruling.filter(|_| plan.is_none());
    let signed_on = match form.signed_on.trim() {
        "" => None,
        text => Some(day(text, "signed_on")?),
    };
    let rows = form.rows();
    let mut asked = Applying {
        record: form.record.trim().to_owned(),
        channel: form.channel,
        reference: form.reference,
        window_on,
        arrived_on: None,
        rectified: form.rectified,
        papers: Vec::new(),
        clauses,
        signed_on,
        plan,
        completed,
    };
    let done = state.act(move |service, desk| {
        let keeping = Keeping { service, desk, person: &person, files: &files };
        asked.papers = keeping.papers(|| service.organisation_of_record(&person, &asked.record), rows)?;
        repair::apply_as(service, desk, &person, &asked)
    });
    let done = done.await;
    Ok(go_to(&format!("/workbench/repairs/{}", done.map_err(refuse)?.head.number)))
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(refuse)?.clone();
    let frame = Frame::at_work(&state, &asked, person.role);
    let (unit, role) = (person.account.unit.clone(), person.role);
    let found = state.act(move |service, desk| {
        let steps = service.allows(role, Action::StepRepair)?;
        let decides = service.allows(role, Action::DecideRepair)?;
        let papers = papers(service.rulebook());
        Ok((service.read_repair(desk, &person, &number)?, steps, decides, papers))
    });
    let (repair, steps, may_decide, papers) = found.await.map_err(refuse)?;
    let party = role == Role::Organisation;
    let own = steps && !party && repair.head.unit == unit;
    let proposed = repair.revocation.as_ref().filter(|_| repair.head.revoking);
    let (served, revoking) = (proposed.is_some_and(|one| one.service.is_some()), proposed.is_some());
    let waived = proposed.is_some_and(|one| one.waived_on.is_some());
    let at = |state: &str| repair.head.state == state;
    let extended = repair.steps.iter().any(|step| step.kind == "extended");
    let open = Standing::OPEN.contains(&repair.head.state.as_str());
    let plan = repair.plan.is_some();
    let entered = repair.head.channel != "account" && steps && (role == Role::Office || own);
    let shown = OnePage {
        frame,
        pushes: at("applied") && role == Role::Office,
        asks: own && at("arrived") && repair.missing.is_empty(),
        accepts: own && at("arrived") && !plan,
        shields: own && may_decide && at("arrived") && plan && !revoking,
        ends_shield: own && may_decide && at("shielded") && !revoking,
        supplements: at("wanting") && (party || entered),
        extends: own && at("accepted") && !extended,
        decides: own && may_decide && at("accepted") && !revoking,
        refuses: own && may_decide && (at("arrived") || at("wanting") || at("accepted")) && !revoking,
        proposes: own && !revoking && (at("granted") || (open && !at("applied"))),
        serves: own && revoking && !served,
        states: served && (party || own),
        waives: served && !waived && (party || own),
        revokes: own && may_decide && revoking,
        serves_decision: own && repair.decisions.iter().any(|one| one.service.is_none()),
        files_remedy: (party || own) && ["not_accepted", "refused", "restored", "revoked"].into_iter().any(at),
        rules_remedy: own && super::letter::pending(&repair.decisions),
        withdraws: open && (party || entered) && !revoking,
        own: party,
        repair,
        papers,
        accepted: accepted(),
    };
    page(StatusCode::OK, &shown)
}

/// A ruling as a page sends it: nothing where none of it is filled in.
#[derive(Deserialize)]
struct RulingForm {
    #[serde(default)]
    court: String,
    #[serde(default)]
    ruling: String,
    #[serde(default)]
    made_on: String,
}

impl RulingForm {
    /// The ruling; none inside where nothing is filled in, none at all where its day cannot be read.
    fn ruling(&self) -> Option<Option<Ruling>> {
        let [court, number, made_on] = [&self.court, &self.ruling, &self.made_on].map(|text| text.trim());
        if [court, number, made_on].iter().all(|text| text.is_empty()) {
            return Some(None);
        }
        let made_on = made_on.parse().ok()?;
        Some(Some(Ruling { court: court.to_owned(), number: number.to_owned(), made_on }))
    }
}

/// A step as the page sends it: only what its act needs is filled in.
#[derive(Deserialize)]
pub(crate) struct StepForm {
    act: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    fault: String,
    #[serde(default)]
    paper_kind: String,
    #[serde(default)]
    paper_number: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    consent: String,
    #[serde(default)]
    reference: String,
    #[serde(flatten)]
    letter: LetterForm,
    #[serde(flatten)]
    ruling: RulingForm,
    /// Each measure that was ticked, by its number, and each condition, by its code.
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, String>,
}

impl StepForm {
    /// What was ticked of a kind.
    fn ticked(&self, prefix: &str) -> Vec<String> {
        self.rest.keys().filter_map(|key| key.strip_prefix(prefix)).map(str::to_owned).collect()
    }

    fn doing(&self) -> Option<Doing> {
        let text = || self.text.clone();
        Some(match self.act.as_str() {
            "push" => Doing::Push { opinion: text() },
            "ask_papers" => Doing::AskPapers { missing: self.text.lines().map(str::to_owned).collect() },
            // Its papers are kept first.
            "supplement" => Doing::Supplement { papers: Vec::new() },
            "accept" => Doing::Accept {},
            "extend" => Doing::Extend { reason: text() },
            "shield" => Doing::Shield { findings: text(), kept: self.ticked("kept_") },
            "plan_failed" => Doing::PlanFailed { ruling: self.ruling.ruling()?? },
            "plan_completed" => Doing::PlanCompleted { ruling: self.ruling.ruling()?? },
            "grant" => Doing::Grant { findings: text(), conditions: self.ticked("met_") },
            "refuse" => Doing::Refuse { reason: text() },
            "withdraw" => Doing::Withdraw { reason: text() },
            "propose_revocation" => {
                let fault = Fault::ALL.into_iter().find(|fault| fault.code() == self.fault)?;
                Doing::ProposeRevocation { fault, facts: text() }
            }
            "serve" => Doing::Serve { letter: self.letter.letter(), delivery: self.letter.delivery()? },
            // Its papers are kept first.
            "file_remedy" => {
                let filed = self.letter.filed()?;
                Doing::FileRemedy { letter: self.letter.letter(), filed, papers: Vec::new() }
            }
            "rule_remedy" => Doing::RuleRemedy { ruled: self.letter.ruled()? },
            "serve_revocation" => {
                let (on, mode, consent) = (self.on.trim().parse().ok()?, self.mode.clone(), self.consent.clone());
                Doing::ServeRevocation { delivery: Delivery { mode, on, proof: text(), consent } }
            }
            // Its papers are kept first.
            "state" => {
                let on = match self.on.trim() {
                    "" => None,
                    day => Some(day.parse().ok()?),
                };
                Doing::State { on, text: text(), reference: self.reference.clone(), papers: Vec::new() }
            }
            // Its papers are kept first.
            "waive" => {
                let on = match self.on.trim() {
                    "" => None,
                    day => Some(day.parse().ok()?),
                };
                Doing::Waive { on, reference: self.reference.clone(), papers: Vec::new() }
            }
            "revoke" => Doing::Revoke { reason: text() },
            "drop_revocation" => Doing::DropRevocation { reason: text() },
            _ => return None,
        })
    }
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Handed(handed): Handed<StepForm>,
) -> Result<Response, ErrorPage> {
    let (person, handed) = (asker.person().map_err(refuse)?.clone(), handed.map_err(refuse)?);
    let WithFiles { form, files, .. } = handed;
    let unknown = || AppError::refused("bad_parameter", "act", "没有这一步骤，或者填写的内容不完整");
    let mut asked = form.doing().ok_or_else(unknown).map_err(refuse)?;
    let place = format!("/workbench/repairs/{number}");
    let done = state.act(move |service, desk| {
        if let Doing::Supplement { papers } | Doing::State { papers, .. } | Doing::Waive { papers, .. } = &mut asked {
            let keeping = Keeping { service, desk, person: &person, files: &files };
            let named = match form.act.as_str() {
                "state" => form.paper_number,
                // What staff enter of a waiver is the paper of that number.
                "waive" => form.reference,
                _ => form.text,
            };
            let row = Row { kind: form.paper_kind, number: named, input: "paper_file".to_owned() };
            *papers = keeping.papers(|| service.organisation_of_repair(&person, &number), vec![row])?;
        }
        if let Doing::FileRemedy { papers, .. } | Doing::RuleRemedy { ruled: Ruled { papers, .. } } = &mut asked {
            let keeping = Keeping { service, desk, person: &person, files: &files };
            *papers = keeping.evidence(|| service.organisation_of_repair(&person, &number))?;
        }
        repair::step_as(service, desk, &person, &number, &asked)
    });
    done.await.map_err(refuse)?;
    Ok(go_to(&place))
}
