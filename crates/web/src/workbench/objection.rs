//! `/workbench/objections`: objections, complaints and replies on which one's unit works, or that one's organisation filed, and the
//! form to file one; one page a case with its clocks and letters, and the forms that may follow.

mod form;

use super::letter::{remedy, ruled, served};
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
use credence_app::listing::ToldView;
use credence_app::objection::{self, CaseView, DecisionView, Doing, HeadView, StepView};
use credence_app::paper::PaperView;
use credence_app::query::page::Page as Listed;
use credence_domain::access::{Action, Role};
use credence_domain::listing::Ruled;
use credence_domain::objection::{Channel, Event, Evidence, Matter, Outcome, Remedy};
use form::{FileForm, StepForm};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "workbench/objections.html")]
struct ListPage {
    frame: Frame,
    cases: Vec<HeadView>,
    next: Option<String>,
    /// The record that the form begins with.
    record: String,
    /// The reader files for his organisation; a unit enters papers.
    party: bool,
    may_file: bool,
    accepted: String,
}

#[derive(Template)]
#[template(path = "workbench/objection.html")]
struct OnePage {
    frame: Frame,
    case: CaseView,
    may: May,
    /// Code and name of each field of the record's item.
    fields: Vec<(String, String)>,
    accepted: String,
}

/// What the reader may do next.
#[derive(Default)]
struct May {
    push: bool,
    accept: bool,
    extend: bool,
    check: bool,
    decide: bool,
    refer: bool,
    decide_appeal: bool,
    appeal: bool,
    withdraw: bool,
    print: bool,
    serve: bool,
    file_remedy: bool,
    rule_remedy: bool,
}

impl OnePage {
    /// The file of a document, where it is kept.
    fn file(&self, one: &Evidence) -> Option<&PaperView> {
        self.case.files.iter().find(|file| one.file && file.digest == one.digest)
    }

    /// What was said or done in a step; nothing where its name says all.
    fn said(&self, step: &StepView) -> String {
        match &step.event {
            Some(Event::Joined { statement }) => statement.ground.clone(),
            Some(Event::Extended { until_on, reason }) => format!("至{until_on}：{reason}"),
            Some(Event::Checked { text, .. }) => text.clone(),
            Some(Event::Decided(decided) | Event::AppealDecided(decided)) => {
                format!("{}：{}", decided.outcome.name(), decided.reason)
            }
            Some(Event::Appealed { ground, .. }) => ground.clone(),
            Some(Event::Referred { name, .. }) => name.clone(),
            Some(Event::Withdrawn { reason } | Event::Refused { reason }) => reason.clone(),
            Some(Event::DecisionServed { service, .. }) => served(service),
            Some(Event::RemedyFiled { letter, filed, .. }) => remedy(letter, filed),
            Some(Event::RemedyRuled { ruled: what, reopens, .. }) => ruled(what, *reopens),
            _ => String::new(),
        }
    }

    /// Its decisions with what became of their letters.
    fn told(&self) -> &[ToldView] {
        &self.case.decisions
    }

    /// Every decision: the answer, then that on the appeal.
    fn decisions(&self) -> Vec<&DecisionView> {
        let of_appeal = self.case.appeal.iter().filter_map(|appeal| appeal.decision.as_ref());
        self.case.decision.iter().chain(of_appeal).collect()
    }

    fn done(&self, remedy: &Remedy) -> String {
        match remedy {
            Remedy::Corrected { changes } => {
                let told = changes.iter().map(|one| format!("“{}”由“{}”更正为“{}”", one.name, one.old, one.new));
                told.collect::<Vec<_>>().join("；")
            }
            Remedy::Withdrawn { document } => format!("撤下该信息（{document}）"),
            Remedy::Noted { text } => text.clone(),
        }
    }

    fn came(&self, channel: &Channel) -> String {
        match channel {
            Channel::Online {} => "在线提出".to_owned(),
            Channel::Paper { reference } => format!("纸质材料{reference}"),
            Channel::National { number, received_on } => format!("国家网站{number}（{received_on}收到）"),
        }
    }

    /// A field as people call it, with its code.
    fn field(&self, code: &str) -> String {
        let name = self.fields.iter().find(|(one, _)| one == code).map(|(_, name)| name);
        name.map_or_else(|| code.to_owned(), |name| format!("{name}（{code}）"))
    }

    /// The file of what a body ruled, where it is kept.
    fn file_of(&self, one: &Evidence) -> Option<&PaperView> {
        self.file(one)
    }

    /// Whose case it is.
    fn uscc(&self) -> &str {
        &self.case.head.uscc
    }

    /// Where its forms go.
    fn place(&self) -> String {
        format!("/workbench/objections/{}", self.case.head.number)
    }

    fn is_reply(&self) -> bool {
        self.case.head.matter == Matter::Reply
    }
}

/// The record that a link names.
#[derive(Deserialize)]
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
    let (person, asked) = (asker.person().map_err(refuse)?.clone(), asked.map_err(refuse)?);
    let frame = Frame::at_work(&state, &headers, person.role);
    let (party, cursor) = (person.role == Role::Organisation, asked.cursor);
    let found = state.ask(move |service| {
        let found = service.objections(&person, (None, None), (cursor.as_deref(), None))?;
        Ok((found, service.allows(person.role, Action::FileObjection)?))
    });
    let (Listed { items: cases, next }, may_file) = found.await.map_err(refuse)?;
    let (record, accepted) = (asked.record, accepted());
    page(StatusCode::OK, &ListPage { frame, cases, next, record, party, may_file, accepted })
}

pub(crate) async fn file(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Handed(handed): Handed<FileForm>,
) -> Result<Response, ErrorPage> {
    let (person, handed) = (asker.person().map_err(refuse)?.clone(), handed.map_err(refuse)?);
    let WithFiles { form, files, .. } = handed;
    let wrong = || AppError::refused("bad_parameter", "record", "填写的内容不完整");
    let mut asked = form.filing().ok_or_else(wrong).map_err(refuse)?;
    let done = state.act(move |service, desk| {
        let keeping = Keeping { service, desk, person: &person, files: &files };
        asked.evidence = keeping.evidence(|| service.organisation_of_record(&person, &asked.record))?;
        objection::file_as(service, desk, &person, &asked)
    });
    let done = done.await;
    Ok(go_to(&format!("/workbench/objections/{}", done.map_err(refuse)?.head.number)))
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(refuse)?.clone();
    let frame = Frame::at_work(&state, &headers, person.role);
    let (unit, party) = (objection::acting_unit(&person), person.role == Role::Organisation);
    let found = state.act(move |service, desk| {
        let (steps, decides) = (Action::StepObjection, Action::DecideObjection);
        let may = (service.allows(person.role, steps)?, service.allows(person.role, decides)?);
        let case = service.objection(desk, &person, &number)?;
        let version = service.rulebook().items.get(&case.head.item).and_then(|item| item.versions.last());
        let fields = version.map(|version| version.fields.as_slice()).unwrap_or_default().iter();
        let fields = fields.map(|field| (field.code.clone(), field.name.clone())).collect();
        Ok((case, may, fields))
    });
    let (case, (steps, decides), fields) = found.await.map_err(refuse)?;
    let may = if party { of_the_party(&case, steps) } else { of_a_unit(&case, &unit, (steps, decides)) };
    page(StatusCode::OK, &OnePage { frame, case, may, fields, accepted: accepted() })
}

fn of_the_party(case: &CaseView, steps: bool) -> May {
    let open = matches!(case.head.state, "filed" | "pushed" | "checked" | "decided" | "appealed" | "printed");
    // Nobody goes to court over what was upheld.
    let of_appeal = case.appeal.iter().filter_map(|appeal| appeal.decision.as_ref());
    let burdens = case.decision.iter().chain(of_appeal).any(|decision| decision.outcome != Outcome::Upheld);
    let file_remedy = steps && burdens;
    May { appeal: steps && case.head.state == "decided", withdraw: steps && open, file_remedy, ..May::default() }
}

fn of_a_unit(case: &CaseView, unit: &str, (steps, decides): (bool, bool)) -> May {
    let (state, reply) = (case.head.state, case.head.matter == Matter::Reply);
    let (handles, owns) = (case.head.handler == unit && steps, case.head.owner == unit && steps);
    let own = case.head.owner == case.head.handler;
    let referred = case.appeal.as_ref().and_then(|appeal| appeal.referred.as_deref());
    let accepted = case.steps.iter().any(|step| step.kind == "accepted");
    let extended = case.steps.iter().any(|step| step.kind == "extended");
    // Whoever made a decision serves its letter, and is told of what is filed against it.
    let of_appeal = case.appeal.iter().filter_map(|appeal| appeal.decision.as_ref());
    let made = steps && case.decision.iter().chain(of_appeal).any(|decision| decision.unit == unit);
    let paper = case.said.first().is_some_and(|said| !matches!(said.statement.channel, Channel::Online {}));
    May {
        push: handles && !own && !reply && state == "filed",
        accept: owns && state == "pushed" && !accepted,
        extend: owns && state == "pushed" && accepted && !extended,
        check: owns && state == "pushed",
        decide: handles && decides && !reply && (state == "checked" || own && state == "filed"),
        refer: handles && state == "appealed",
        decide_appeal: decides && state == "appealed" && referred == Some(unit),
        appeal: handles && paper && state == "decided",
        withdraw: false,
        print: handles && decides && reply && state == "filed",
        serve: made && case.decisions.iter().any(|one| one.service.is_none()),
        file_remedy: made,
        rule_remedy: (made || handles) && super::letter::pending(&case.decisions),
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
    let place = format!("/workbench/objections/{number}");
    let done = state.act(move |service, desk| {
        if let Doing::Check { evidence, .. }
        | Doing::FileRemedy { papers: evidence, .. }
        | Doing::RuleRemedy { ruled: Ruled { papers: evidence, .. } } = &mut asked
        {
            let keeping = Keeping { service, desk, person: &person, files: &files };
            *evidence = keeping.evidence(|| service.organisation_of_objection(&person, &number))?;
        }
        objection::step_as(service, desk, &person, &number, &asked)
    });
    done.await.map_err(refuse)?;
    Ok(go_to(&place))
}
