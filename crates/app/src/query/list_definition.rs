//! Definitions of lists (名单设列) as everyone may read them: who answers for a list, its grounds and documents, notice, procedure, deciding
//! organ, term, ways out, objection, remedies, law and method.
//!
//! Serves 国办发〔2020〕49号 item 七 and 鲁信用办〔2019〕8号 art. 十二: nobody is listed by rules that he cannot read. It is read from the rulebook in
//! force alone.

use super::data_list::BasisView;
use super::measure::{NamedCode, VersionDays};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::provision::Basis;
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::listing::{Criterion, Definition, DefinitionVersion, Exit, Method, Nature, Notice};
use jiff::civil::Date;
use serde::Serialize;

/// The clock of the penalty's procedure that stands in where a list names no days to answer.
const ANSWER_CLOCK: &str = "penalty-law-hearing-request";

/// A list in one line.
#[derive(Clone, Debug, Serialize)]
pub struct DefinitionLine {
    /// Code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// `adverse`, `incentive`.
    pub nature: Nature,
    /// The department that answers for it.
    pub department: String,
    /// The field of regulation.
    pub field: String,
    /// The organ that decides.
    pub deciding_organ: String,
    /// Whether it is decided here; otherwise it is another authority's list, which is mirrored.
    pub decided_here: bool,
    /// Longest time on it in months; `null` where the law ties it to something else.
    pub term_months: Option<u32>,
    /// A text of it could not be read.
    pub unverified: bool,
}

/// A list with everything that its definition says.
#[derive(Clone, Debug, Serialize)]
pub struct DefinitionView {
    /// In one line.
    #[serde(flatten)]
    pub line: DefinitionLine,
    /// First day of this version.
    pub effective_from: Date,
    /// Its last day; `null` while it is open.
    pub effective_to: Option<Date>,
    /// First and last day of every version.
    pub versions: Vec<VersionDays>,
    /// What sets the list up, with its rank in law.
    pub basis: Vec<BasisView>,
    /// What lays down its grounds.
    pub criteria_basis: Vec<BasisView>,
    /// The document of its method.
    pub method: Option<Method>,
    /// Steps of the procedure, in order.
    pub procedure: Vec<String>,
    /// Why nothing is decided here; empty where it is.
    pub mirrored: String,
    /// Grounds for listing.
    pub criteria: Vec<Criterion>,
    /// Documents that a listing must rest on.
    pub base_documents: Vec<BaseDocumentView>,
    /// Prior notice.
    pub notice: Option<NoticeView>,
    /// Levels of units that decide.
    pub levels: Vec<String>,
    /// Whether the very unit that made the document decides.
    pub maker_decides: bool,
    /// Consent that lower levels need; empty where none.
    pub consent: String,
    /// Ways out.
    pub exits: Vec<ExitView>,
    /// How to object.
    pub objection: String,
    /// Remedies at law, with their periods.
    pub remedies: Vec<String>,
    /// Measures that may follow an entry.
    pub measures: Vec<NamedCode>,
}

/// A document that a listing must rest on.
#[derive(Clone, Debug, Serialize)]
pub struct BaseDocumentView {
    /// The item of the data list that holds it.
    pub item: NamedCode,
    /// What it must be.
    pub text: String,
}

/// Prior notice.
#[derive(Clone, Debug, Serialize)]
pub struct NoticeView {
    /// What is told.
    pub content: String,
    /// Working days to answer.
    pub answer_working_days: Option<u32>,
    /// The list's own law names those days; otherwise they are those of the penalty's procedure.
    pub own_days: bool,
    /// Where it is laid down.
    pub basis: BasisView,
}

/// A way out.
#[derive(Clone, Debug, Serialize)]
pub struct ExitView {
    /// What it is called.
    pub name: String,
    /// Months on the list before it opens; 0 = at once.
    pub after_months: u32,
    /// Its conditions.
    pub conditions: Vec<String>,
    /// Where it is laid down.
    pub basis: BasisView,
}

impl DefinitionLine {
    /// The lists of a rulebook in force on a day, in order of their codes.
    #[must_use]
    pub fn all(rulebook: &Rulebook, day: Date) -> Vec<Self> {
        let on = |one: &Definition| one.version_on(day).map(|version| Self::of(one, version));
        rulebook.lists.values().filter_map(on).collect()
    }

    fn of(definition: &Definition, version: &DefinitionVersion) -> Self {
        let unread = |basis: &[Basis]| basis.iter().any(|basis| basis.unverified);
        let method = version.method.as_ref().is_some_and(|method| method.unverified);
        Self {
            code: definition.code.clone(),
            name: definition.name.clone(),
            nature: definition.nature,
            department: version.department.clone(),
            field: version.field.clone(),
            deciding_organ: version.deciding_organ.clone(),
            decided_here: version.mirrored.is_empty(),
            term_months: version.term_months,
            unverified: version.unverified || method || unread(&version.basis) || unread(&version.criteria_basis),
        }
    }
}

impl DefinitionView {
    /// One list of a rulebook on a day.
    ///
    /// # Errors
    /// `not_found` for a code that no list in force has.
    pub fn of(rulebook: &Rulebook, day: Date, code: &str) -> Result<Self> {
        let definition = rulebook.lists.get(code).ok_or(AppError::NotFound)?;
        let version = definition.version_on(day).ok_or(AppError::NotFound)?;
        let law = |basis: &[Basis]| basis.iter().map(BasisView::from).collect();
        let document = |one: &credence_domain::rulebook::listing::BaseDocument| BaseDocumentView {
            item: NamedCode {
                code: one.item.clone(),
                name: rulebook.items.get(&one.item).map_or_else(|| one.item.clone(), |item| item.name.clone()),
            },
            text: one.text.clone(),
        };
        let exit = |one: &Exit| ExitView {
            name: one.name.clone(),
            after_months: one.after_months,
            conditions: one.conditions.clone(),
            basis: BasisView::from(&one.basis),
        };
        let told =
            |name: &String| rulebook.procedure.remedy(name, day).map_or_else(|| name.clone(), |rule| rule.told());
        let follows = rulebook.measures.values().filter(|measure| {
            measure.version_on(day).is_some_and(|version| version.lists.iter().any(|list| list == code))
        });
        let days =
            |v: &DefinitionVersion| VersionDays { effective_from: v.effective_from, effective_to: v.effective_to };
        Ok(Self {
            line: DefinitionLine::of(definition, version),
            effective_from: version.effective_from,
            effective_to: version.effective_to,
            versions: definition.versions.iter().map(days).collect(),
            basis: law(&version.basis),
            criteria_basis: law(&version.criteria_basis),
            method: version.method.clone(),
            procedure: version.procedure.clone(),
            mirrored: version.mirrored.clone(),
            criteria: version.criteria.clone(),
            base_documents: version.base_documents.iter().map(document).collect(),
            notice: version.notice.as_ref().map(|notice| NoticeView::of(rulebook, notice)),
            levels: version.levels.clone(),
            maker_decides: version.maker_decides,
            consent: version.consent.clone(),
            exits: version.exits.iter().map(exit).collect(),
            objection: version.objection.clone(),
            remedies: version.remedies.iter().map(told).collect(),
            measures: follows
                .map(|measure| NamedCode { code: measure.code.clone(), name: measure.name.clone() })
                .collect(),
        })
    }
}

impl NoticeView {
    fn of(rulebook: &Rulebook, notice: &Notice) -> Self {
        let clock = rulebook.publicity.clock(ANSWER_CLOCK).and_then(|clock| clock.working_days);
        Self {
            content: notice.content.clone(),
            answer_working_days: notice.answer_working_days.or(clock),
            own_days: notice.answer_working_days.is_some(),
            basis: BasisView::from(&notice.basis),
        }
    }
}

impl Service {
    /// The lists that are defined on a day, in order of their codes.
    #[must_use]
    pub fn list_definitions(&self, day: Date) -> Vec<DefinitionLine> {
        DefinitionLine::all(self.rulebook(), day)
    }

    /// The definition of one list on a day.
    ///
    /// # Errors
    /// `not_found`.
    pub fn list_definition(&self, day: Date, code: &str) -> Result<DefinitionView> {
        DefinitionView::of(self.rulebook(), day, code)
    }
}
