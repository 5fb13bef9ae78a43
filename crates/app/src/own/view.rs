//! The own space as the organisation sees it.

use crate::query::MarkView;
use credence_domain::queue::{Light, Reading};
use credence_domain::remedy::{Counted, LastDay};
use jiff::civil::Date;
use serde::Serialize;

/// All about one organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnView {
    /// The organisation.
    pub uscc: String,
    /// Its name.
    pub name: String,
    /// The day for which it is told.
    pub today: Date,
    /// Its records, newest decision first.
    pub records: Vec<OwnRecord>,
    /// What it has to do or may still do, the most pressing first.
    pub deadlines: Vec<OwnDeadline>,
    /// Listings that it was told of, repairs, objections and replies, the last moved first.
    pub cases: Vec<OwnCase>,
    /// What it said, the latest first.
    pub statements: Vec<OwnStatement>,
    /// Measures in force or at rest.
    pub measures: Vec<OwnMeasure>,
    /// Letters that reached it, the latest first.
    pub letters: Vec<OwnLetter>,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnRecord {
    /// Public reference.
    pub id: String,
    /// Item.
    pub item: String,
    /// Its name.
    pub item_name: String,
    /// Number of the document.
    pub document_number: Option<String>,
    /// Who decided.
    pub authority_name: String,
    /// When.
    pub decided_on: Option<Date>,
    /// Stored state.
    pub state: String,
    /// First public day.
    pub public_from_on: Option<Date>,
    /// Last public day, inclusive.
    pub public_through_on: Option<Date>,
    /// First day on which repair may be applied for.
    pub repair_from_on: Option<Date>,
    /// That day has come, it is public, and no repair of it is open: the notice says what is needed.
    pub may_be_repaired: bool,
    /// Whether a shield may be applied for today, while a plan of a court is carried out.
    pub may_be_shielded: bool,
    /// What stands beside it.
    pub marks: Vec<MarkView>,
}

/// Something to be done, or that may still be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnDeadline {
    /// Room of the case: `listing`, `repair`, `objection`, `officer`.
    pub kind: &'static str,
    /// Number of the case.
    pub number: String,
    /// Code of the step.
    pub step: String,
    /// The same in words.
    pub asked: String,
    /// Last day; `null` where none runs.
    pub due_on: Option<Date>,
    /// How near it is.
    pub light: Light,
    /// The same in words.
    pub light_text: String,
    /// Working days left.
    pub working_days: Option<i32>,
    /// Of a remedy at law: the decision against which it runs and how its last day is counted; `null` for everything else.
    pub remedy: Option<OwnRemedy>,
}

/// How the last day of a remedy at law (救济途径) is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnRemedy {
    /// Number of the letter of the decision.
    pub letter: String,
    /// The day from which it is counted, itself not counted.
    pub from_on: Date,
    /// What that day is.
    pub counted: Counted,
    /// The same in words.
    pub counted_text: &'static str,
    /// The law in words; `null` where the rules of that time name none for it alone.
    pub basis: Option<String>,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnCase {
    /// `listing`, `repair` or `objection`.
    pub kind: &'static str,
    /// Its number.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// The unit that works on it.
    pub unit_name: String,
    /// Where it stands, as far as the organisation was told.
    pub state: String,
    /// Since when it runs.
    pub opened_on: Date,
}

/// Something that it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnStatement {
    /// In which kind of case.
    pub kind: &'static str,
    /// Number of the case.
    pub number: String,
    /// When.
    pub on: Date,
    /// What.
    pub text: String,
}

/// A measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnMeasure {
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The law.
    pub basis: String,
    /// The unit whose decision it is.
    pub unit_name: String,
    /// `running` or `suspended`.
    pub state: &'static str,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub through_on: Date,
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnLetter {
    /// In which kind of case.
    pub kind: &'static str,
    /// Number of the case.
    pub number: String,
    /// What it is: `prior_notice`, `decision`, `repair_grant`, ….
    pub letter_kind: String,
    /// Its number.
    pub letter: String,
    /// Title.
    pub title: String,
    /// Text, a paragraph a line.
    pub text: String,
    /// Its day.
    pub made_on: Date,
    /// It proves that a repair was granted (信用修复决定书).
    pub certificate: bool,
}

impl OwnDeadline {
    pub(super) fn of(
        (kind, number): (&'static str, &str),
        (step, asked): (&str, &str),
        due: Option<Date>,
        reading: Reading,
    ) -> Self {
        Self {
            kind,
            number: number.to_owned(),
            step: step.to_owned(),
            asked: asked.to_owned(),
            due_on: due,
            light: reading.light,
            light_text: reading.told(),
            working_days: reading.working_days,
            remedy: None,
        }
    }
}

impl OwnRemedy {
    pub(super) fn of(letter: &str, last: &LastDay) -> Self {
        Self {
            letter: letter.to_owned(),
            from_on: last.from_on,
            counted: last.counted,
            counted_text: last.counted.told(),
            basis: last.basis.as_ref().map(credence_domain::provision::Basis::told),
        }
    }
}

/// The page of a case.
pub(super) fn page_of(kind: &str, number: &str) -> String {
    match kind {
        "listing" => format!("/workbench/listings/{number}"),
        "repair" => format!("/workbench/repairs/{number}"),
        "officer" => format!("/workbench/officers/{number}"),
        _ => format!("/workbench/objections/{number}"),
    }
}

impl OwnCase {
    /// Its page.
    #[must_use]
    pub fn address(&self) -> String {
        page_of(self.kind, &self.number)
    }
}

impl OwnDeadline {
    /// The page on which it is done.
    #[must_use]
    pub fn address(&self) -> String {
        page_of(self.kind, &self.number)
    }
}
