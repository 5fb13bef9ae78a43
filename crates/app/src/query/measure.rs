//! The measures list (失信惩戒措施清单) as everyone may read it: its editions, its measures with clause, body, force and term, what
//! they may follow, what article 13 gives as examples, and the memoranda that are no basis.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十三 and 山东省社会信用条例 art. 25. It is read from the rulebook in force alone.

use super::data_list::{BasisView, EditionView};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::provision::Level;
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::behaviour::{Behaviour, BehaviourVersion};
use credence_domain::rulebook::founding::Resolved;
use credence_domain::rulebook::measure::{Effect, Force, Kind, Measure, MeasureVersion};
use credence_domain::rulebook::measure_edition::{MeasureChange, MeasureEdition};
use credence_domain::rulebook::measure_list::NamedEdition;
use credence_domain::rulebook::memorandum::Memorandum;
use jiff::civil::Date;
use serde::Serialize;

/// The whole list on a day.
#[derive(Clone, Debug, Serialize)]
pub struct MeasureListView {
    /// The edition.
    pub edition: EditionView,
    /// Its measures, in order of their headings and codes.
    pub measures: Vec<MeasureView>,
    /// What was added, ended or changed since the edition before; empty for the first one.
    pub changes: Vec<MeasureChange>,
    /// What article 13 of the founding document gives as examples, each resolved.
    pub examples: Vec<ExampleView>,
    /// Editions of the national list that are known by name.
    pub named: Vec<NamedEdition>,
}

/// A measure in one line.
#[derive(Clone, Debug, Serialize)]
pub struct MeasureView {
    /// Code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Heading of the national list.
    pub heading: String,
    /// Its code, `H1` …; empty where the code book knows none.
    pub heading_code: String,
    /// `administrative`, `market`, `industry`.
    pub kind: Kind,
    /// `reduces_rights`, `manages`, `informs`.
    pub effect: Effect,
    /// `binds`, `may`, `record`, `informs`.
    pub force: Force,
    /// What is done.
    pub content: String,
    /// To whom.
    pub applies_to: String,
    /// Lists whose entries it may follow.
    pub lists: Vec<NamedCode>,
    /// The law.
    pub basis: Vec<BasisView>,
    /// The clause, word for word.
    pub clause: String,
    /// The body in words.
    pub body: String,
    /// The kinds of body that may carry it out.
    pub bodies: Vec<String>,
    /// Longest term.
    pub maximum_term: String,
    /// First day.
    pub effective_from: Date,
    /// Last day; `null` while it is open.
    pub effective_to: Option<Date>,
    /// The law's text could not be read.
    pub unverified: bool,
}

/// A measure with everything that leads to it.
#[derive(Clone, Debug, Serialize)]
pub struct MeasurePage {
    /// The version in force on the day; the last one before it where none is.
    pub measure: MeasureView,
    /// Whether it is in force on the day: an item that is not starts no new case.
    pub in_force: bool,
    /// First and last day of every version.
    pub versions: Vec<VersionDays>,
    /// Behaviour items that it may follow.
    pub behaviours: Vec<NamedCode>,
    /// Memoranda that named it.
    pub memoranda: Vec<NamedCode>,
}

/// First and last day of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct VersionDays {
    /// First day.
    pub effective_from: Date,
    /// Last day; `null` while it is open.
    pub effective_to: Option<Date>,
}

/// A code with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedCode {
    /// Code.
    pub code: String,
    /// Chinese name.
    pub name: String,
}

/// An example of article 13.
#[derive(Clone, Debug, Serialize)]
pub struct ExampleView {
    /// As the document words it.
    pub text: String,
    /// Under which kind the document names it.
    pub kind: Kind,
    /// `in_list`, `condition`, `informs`, `no_basis`.
    pub resolved: Resolved,
    /// The measures that carry it.
    pub measures: Vec<NamedCode>,
    /// The law that was looked at.
    pub basis: Vec<BasisView>,
    /// Why.
    pub explanation: String,
}

/// A behaviour item on a day.
#[derive(Clone, Debug, Serialize)]
pub struct BehaviourView {
    /// Code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Field of regulation.
    pub field: String,
    /// What the act is.
    pub content: String,
    /// The law.
    pub basis: Vec<BasisView>,
    /// Who establishes it.
    pub established_by: String,
    /// Items of the data list whose records establish it.
    pub items: Vec<NamedCode>,
    /// Lists that it may lead to.
    pub lists: Vec<NamedCode>,
    /// Measures that may follow.
    pub measures: Vec<NamedCode>,
    /// The law's text could not be read.
    pub unverified: bool,
}

/// A memorandum.
#[derive(Clone, Debug, Serialize)]
pub struct MemorandumView {
    /// Code.
    pub code: String,
    /// Title.
    pub name: String,
    /// Number.
    pub number: String,
    /// Who signed it.
    pub signed_by: String,
    /// First day.
    pub effective_from: Date,
    /// Last day; `null` while it is open.
    pub effective_to: Option<Date>,
    /// Whom it is about.
    pub targets: String,
    /// Behaviour items that it is about.
    pub behaviours: Vec<NamedCode>,
    /// Its sentences, each traced.
    pub sentences: Vec<SentenceView>,
    /// Always false: a memorandum is not itself a basis.
    pub is_basis: bool,
    /// Its text could not be read.
    pub unverified: bool,
}

/// What a memorandum says is to be done.
#[derive(Clone, Debug, Serialize)]
pub struct SentenceView {
    /// In short.
    pub text: String,
    /// Measures that carry it.
    pub measures: Vec<NamedCode>,
    /// Why nothing does; empty where something does.
    pub no_basis: String,
}

impl MeasureView {
    /// One measure with a version.
    #[must_use]
    pub fn of(rulebook: &Rulebook, measure: &Measure, version: &MeasureVersion) -> Self {
        let heading = rulebook.codes.list("measure_heading").and_then(|list| list.entry(&version.heading));
        Self {
            code: measure.code.clone(),
            name: measure.name.clone(),
            heading: version.heading.clone(),
            heading_code: heading.and_then(|heading| heading.code.clone()).unwrap_or_default(),
            kind: version.kind,
            effect: version.effect,
            force: version.force,
            content: version.content.clone(),
            applies_to: version.applies_to.clone(),
            lists: lists(rulebook, &version.lists),
            basis: version.basis.iter().map(BasisView::from).collect(),
            clause: version.clause.clone(),
            body: version.body.clone(),
            bodies: version.bodies.clone(),
            maximum_term: version.maximum_term.clone(),
            effective_from: version.effective_from,
            effective_to: version.effective_to,
            unverified: version.is_unverified(),
        }
    }
}

impl MeasureListView {
    /// The list of a rulebook on a day.
    ///
    /// # Errors
    /// `not_found` before the first edition.
    pub fn of(rulebook: &Rulebook, day: Date) -> Result<Self> {
        let edition = MeasureEdition::on(&rulebook.measures, day).ok_or(AppError::NotFound)?;
        let before = edition.before(&rulebook.measures);
        let views = edition.measures.iter().map(|(measure, version)| MeasureView::of(rulebook, measure, version));
        let mut listed: Vec<MeasureView> = views.collect();
        listed.sort_by_key(|measure| (heading_order(&measure.heading_code), measure.code.clone()));
        let examples = rulebook.examples.iter().flat_map(|examples| &examples.examples);
        Ok(Self {
            edition: EditionView {
                as_of: day,
                effective_from: edition.effective_from,
                previous_from: before.as_ref().map(|before| before.effective_from),
                digest: hex(&edition.digest()),
                rulebook: hex(&rulebook.digest),
                approval: None,
                basis: list_basis(),
                unverified: listed.iter().any(|measure| measure.unverified),
            },
            measures: listed,
            changes: before.map(|before| edition.changes_since(&before)).unwrap_or_default(),
            examples: examples
                .map(|example| ExampleView {
                    text: example.text.clone(),
                    kind: example.kind,
                    resolved: example.resolved,
                    measures: measures(rulebook, &example.measures, day),
                    basis: example.basis.iter().map(BasisView::from).collect(),
                    explanation: example.explanation.clone(),
                })
                .collect(),
            named: rulebook.measure_list.as_ref().map(|list| list.editions.clone()).unwrap_or_default(),
        })
    }
}

impl MeasurePage {
    /// One measure of a rulebook on a day.
    ///
    /// # Errors
    /// `not_found` for a code that the list never had by that day.
    pub fn of(rulebook: &Rulebook, day: Date, code: &str) -> Result<Self> {
        let measure = rulebook.measures.get(code).ok_or(AppError::NotFound)?;
        let in_force = measure.version_on(day);
        let last = || measure.versions.iter().rev().find(|version| version.effective_from <= day);
        let version = in_force.or_else(last).ok_or(AppError::NotFound)?;
        let leads = |behaviour: &&Behaviour| {
            behaviour.version_on(day).is_some_and(|version| version.measures.iter().any(|one| one == code))
        };
        let names = |memorandum: &&Memorandum| {
            memorandum.sentences.iter().any(|sentence| sentence.measures.iter().any(|one| one == code))
        };
        Ok(Self {
            measure: MeasureView::of(rulebook, measure, version),
            in_force: in_force.is_some(),
            versions: measure
                .versions
                .iter()
                .map(|v| VersionDays { effective_from: v.effective_from, effective_to: v.effective_to })
                .collect(),
            behaviours: rulebook.behaviours.values().filter(leads).map(|one| named(&one.code, &one.name)).collect(),
            memoranda: rulebook.memoranda.values().filter(names).map(|one| named(&one.code, &one.name)).collect(),
        })
    }
}

impl BehaviourView {
    /// The behaviour items of a rulebook in force on a day, in order of their codes.
    #[must_use]
    pub fn all(rulebook: &Rulebook, day: Date) -> Vec<Self> {
        let on = |one: &Behaviour| one.version_on(day).map(|version| Self::of(rulebook, one, version, day));
        rulebook.behaviours.values().filter_map(on).collect()
    }

    fn of(rulebook: &Rulebook, behaviour: &Behaviour, version: &BehaviourVersion, day: Date) -> Self {
        let item = |code: &String| named(code, rulebook.items.get(code).map_or(code, |item| &item.name));
        Self {
            code: behaviour.code.clone(),
            name: behaviour.name.clone(),
            field: version.field.clone(),
            content: version.content.clone(),
            basis: version.basis.iter().map(BasisView::from).collect(),
            established_by: version.established_by.clone(),
            items: version.items.iter().map(item).collect(),
            lists: lists(rulebook, &version.lists),
            measures: measures(rulebook, &version.measures, day),
            unverified: version.unverified || version.basis.iter().any(|basis| basis.unverified),
        }
    }
}

impl MemorandumView {
    /// Every memorandum of a rulebook that had begun by a day, the ones that have ended too, in order of their first days.
    #[must_use]
    pub fn all(rulebook: &Rulebook, day: Date) -> Vec<Self> {
        let begun = rulebook.memoranda.values().filter(|one| one.effective_from <= day);
        let mut all: Vec<_> = begun.map(|one| Self::of(rulebook, one, day)).collect();
        all.sort_by(|a, b| (a.effective_from, &a.code).cmp(&(b.effective_from, &b.code)));
        all
    }

    fn of(rulebook: &Rulebook, one: &Memorandum, day: Date) -> Self {
        let behaviour = |code: &String| named(code, rulebook.behaviours.get(code).map_or(code, |one| &one.name));
        Self {
            code: one.code.clone(),
            name: one.name.clone(),
            number: one.number.clone(),
            signed_by: one.signed_by.clone(),
            effective_from: one.effective_from,
            effective_to: one.effective_to,
            targets: one.targets.clone(),
            behaviours: one.behaviours.iter().map(behaviour).collect(),
            sentences: one
                .sentences
                .iter()
                .map(|sentence| SentenceView {
                    text: sentence.text.clone(),
                    measures: measures(rulebook, &sentence.measures, day),
                    no_basis: sentence.no_basis.clone(),
                })
                .collect(),
            is_basis: false,
            unverified: one.unverified,
        }
    }
}

fn named(code: &str, name: &str) -> NamedCode {
    NamedCode { code: code.to_owned(), name: name.to_owned() }
}

/// Measures by their codes, those that the list has or had by a day.
fn measures(rulebook: &Rulebook, codes: &[String], day: Date) -> Vec<NamedCode> {
    let known = codes.iter().filter_map(|code| rulebook.measures.get(code));
    let begun = known.filter(|measure| measure.versions.iter().any(|version| version.effective_from <= day));
    begun.map(|measure| named(&measure.code, &measure.name)).collect()
}

fn lists(rulebook: &Rulebook, codes: &[String]) -> Vec<NamedCode> {
    let name = |code: &String| named(code, rulebook.lists.get(code).map_or(code, |list| &list.name));
    codes.iter().map(name).collect()
}

/// The law that asks for the list.
fn list_basis() -> Vec<BasisView> {
    vec![
        BasisView::of("山东省社会信用条例", "二十五", Level::LocalRegulation),
        BasisView::of("鲁信用办〔2019〕8号", "十三", Level::NormativeDocument),
    ]
}

/// `H2` before `H10`.
fn heading_order(code: &str) -> u32 {
    code.trim_start_matches('H').parse().unwrap_or(u32::MAX)
}

impl Service {
    /// The measures list in force on a day.
    ///
    /// # Errors
    /// `not_found` before the first edition; or a fault.
    pub fn measure_list(&self, day: Date) -> Result<MeasureListView> {
        let mut list = MeasureListView::of(self.rulebook(), day)?;
        list.edition.approval = self.approval()?;
        Ok(list)
    }

    /// One measure on a day.
    ///
    /// # Errors
    /// `not_found`.
    pub fn measure(&self, day: Date, code: &str) -> Result<MeasurePage> {
        MeasurePage::of(self.rulebook(), day, code)
    }

    /// The behaviour items in force on a day.
    #[must_use]
    pub fn behaviours(&self, day: Date) -> Vec<BehaviourView> {
        BehaviourView::all(self.rulebook(), day)
    }

    /// Every memorandum that had begun by a day.
    #[must_use]
    pub fn memoranda(&self, day: Date) -> Vec<MemorandumView> {
        MemorandumView::all(self.rulebook(), day)
    }
}
