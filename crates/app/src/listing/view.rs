//! A case as people see it: the office and its auditors, the unit that acts, the organisation itself; nobody else.

use crate::paper::PaperView;
use crate::query::page::{self, Asked, Page};
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::listing::{Case, Contested, Refusal, Service, State, Step, Told, rule};
use credence_domain::record::value::day_number;
use credence_store::StoreError;
use credence_store::connection::Connection;
use credence_store::letter::{self, KeptLetter};
use credence_store::listing::{self as kept, Head};
use credence_store::page::Place;
use credence_store::paper::Matter;
use credence_store::record;
use credence_store::scope::View;
use jiff::civil::Date;
use serde::Serialize;

/// A case in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeadView {
    /// Its number.
    pub number: String,
    /// The organisation.
    pub uscc: String,
    /// Code of the list.
    pub list: String,
    /// The unit that acts.
    pub unit: String,
    /// `proposed`, `notified`, `listed`, `not_listed`, `withdrawn` or `delisted`.
    pub state: String,
    /// Whether the decision is stayed.
    pub stayed: bool,
    /// Day of the proposal.
    pub opened_on: Date,
    /// Day of the last step.
    pub moved_on: Date,
}

/// A step as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepView {
    /// Its number, from 1.
    pub step: usize,
    /// Code of what happened.
    pub kind: &'static str,
    /// The step itself.
    #[serde(flatten)]
    pub taken: Step,
}

/// A letter as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LetterView {
    /// `prior_notice`, `decision`, `no_listing`, `removal`, `talk_notice` or `hearing_notice`.
    pub kind: String,
    /// Its number.
    pub letter: String,
    /// Title.
    pub title: String,
    /// Text, a paragraph a line.
    pub text: String,
    /// Its day.
    pub made_on: Date,
}

/// A decision of a repair or an objection as people see it, by its letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldView {
    /// Number of the letter.
    pub letter: String,
    /// Its day.
    pub on: Date,
    /// How it reached the party; none while nobody has recorded it: no period runs from it then.
    pub service: Option<Service>,
    /// Remedies at law that were filed against it, with what came of them.
    pub filed: Vec<Contested>,
}

impl From<&Told> for ToldView {
    fn from(told: &Told) -> Self {
        let (letter, service, filed) = (told.letter.clone(), told.served.clone(), told.filed.clone());
        Self { letter, on: told.on, service, filed }
    }
}

/// A case with everything in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseView {
    /// In short.
    #[serde(flatten)]
    pub head: HeadView,
    /// Name of the list.
    pub list_name: String,
    /// Ground.
    pub criterion: String,
    /// Facts.
    pub facts: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// Last day to answer, while that runs.
    pub answer_due_on: Option<Date>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Last public day of the entry.
    pub public_through_on: Option<Date>,
    /// Whether the entry is public today.
    pub public: bool,
    /// Why it is not, where it was listed.
    pub not_public: Option<&'static str>,
    /// Codes of the measures that stand.
    pub measures: Vec<String>,
    /// A remedy is pending.
    pub contested: bool,
    /// Public reference of the record that publishes it.
    pub record: Option<String>,
    /// Every step.
    pub steps: Vec<StepView>,
    /// Every letter.
    pub letters: Vec<LetterView>,
    /// The files that its steps cite and that are kept.
    pub files: Vec<PaperView>,
}

impl From<Head> for HeadView {
    fn from(head: Head) -> Self {
        Self {
            number: head.number,
            uscc: head.uscc,
            list: head.list,
            unit: head.unit,
            state: head.state,
            stayed: head.stayed,
            opened_on: head.opened_on,
            moved_on: head.moved_on,
        }
    }
}

impl From<KeptLetter> for LetterView {
    fn from(kept: KeptLetter) -> Self {
        Self { kind: kept.kind, letter: kept.letter, title: kept.title, text: kept.body, made_on: kept.made_on }
    }
}

/// A page of the cases that a view may see, newest first; of one state where it is given.
///
/// # Errors
/// `bad_parameter` for an unknown state or limit, `bad_cursor`, or a fault.
pub fn list(connection: &mut Connection, view: &View, state: Option<&str>, page: Asked<'_>) -> Result<Page<HeadView>> {
    if let Some(state) = state.filter(|state| !State::CODES.contains(state)) {
        return Err(AppError::refused("bad_parameter", "state", format!("没有状态{state}")));
    }
    let ask = |after: Option<&Place>, limit| {
        let asked =
            credence_store::page::Asked { state: state.unwrap_or_default(), after, limit, ..Default::default() };
        Ok(kept::list(connection, view, &asked)?)
    };
    page::of_cases(page, Head::place, ask, |head| Ok(Some(HeadView::from(head))))
}

/// The case that its steps have made.
pub(crate) fn folded(connection: &mut Connection, head: &Head) -> credence_store::Result<Case> {
    let broken = |refusal: Refusal| StoreError::Inconsistent(format!("listing {}: {refusal}", head.number));
    Case::fold(&kept::steps(connection, head)?).map_err(broken)
}

/// A case with everything, if the view may see it.
///
/// # Errors
/// `not_found`, or a fault.
pub fn show(connection: &mut Connection, view: &View, number: &str) -> Result<CaseView> {
    let head = kept::find(connection, view, number)?.ok_or(AppError::NotFound)?;
    let steps = kept::steps(connection, &head)?;
    let broken = |refusal: Refusal| StoreError::Inconsistent(format!("listing {number}: {refusal}"));
    let case = Case::fold(&steps).map_err(broken)?;
    let letters = letter::of_case(connection, (&head.uscc, &head.number))?.into_iter().map(LetterView::from).collect();
    let files = crate::paper::of_case(connection, &head.uscc, (Matter::Listing, number))?;
    let office = View::office(view.today);
    let stored = match &head.identity {
        Some(identity) => record::find(connection, &office, &head.uscc, identity)?,
        None => None,
    };
    let shown = stored.as_ref().is_some_and(|stored| stored.is_public_on(day_number(view.today)));
    let record = stored.map(|stored| hex(&stored.reference));
    let listed = case.listed();
    let in_force = case.measures_on(view.today);
    let not_public = in_force.as_ref().err().filter(|refusal| refusal.rule != &rule::STATE_WRONG);
    let answer_due_on = match &case.state {
        State::Notified(notified) => Some(notified.answer_due_on),
        _ => None,
    };
    Ok(CaseView {
        list_name: case.list_name.clone(),
        criterion: case.criterion.clone(),
        facts: case.facts.clone(),
        proposed_by: case.proposed_by.clone(),
        answer_due_on,
        decided_by: listed.map(|listed| listed.decided.by.clone()),
        public_through_on: listed.map(|listed| listed.decided.through_on),
        public: in_force.is_ok() && shown,
        not_public: not_public.map(Refusal::code),
        measures: in_force.iter().flat_map(|measures| measures.iter().map(|one| one.code.clone())).collect(),
        contested: listed.is_some_and(credence_domain::listing::Listed::is_contested),
        record,
        steps: steps
            .into_iter()
            .zip(1..)
            .map(|(taken, step)| StepView { step, kind: taken.event.code(), taken })
            .collect(),
        letters,
        files,
        head: head.into(),
    })
}
