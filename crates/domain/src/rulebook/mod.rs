//! The rulebook: the law as dated data, read from `rulebook/**.toml`, judged by a linter, kept by its digest.
//!
//! Serves every article that asks for a basis (鲁信用办〔2019〕8号: 严禁超越法律法规权限). An edition is the set of its files;
//! its canonical bytes are one RFC 8785 object of every file by path, its digest covers the digests of its rooms, so that
//! a change of one room is told from a change of another. Reading files and enacting an edition are not here.

pub mod behaviour;
mod build;
pub mod commitment;
mod diff;
mod finding;
pub mod founding;
mod inventory;
mod law;
pub mod letter;
pub mod liability;
mod lint;
pub mod listing;
pub mod measure;
pub mod measure_edition;
pub mod measure_list;
pub mod memorandum;
pub mod notice;
pub mod procedure;
pub mod rate;
mod source;

pub use diff::{Change, ChangeKind, diff};
pub use finding::Finding;
pub use inventory::Entry;

use crate::access::Access;
use crate::calendar::Calendar;
use crate::canonical;
use crate::catalog::Item;
use crate::catalog::codes::Codes;
use crate::erasure;
use crate::evaluation::{Disclosure, GradeSource, Model};
use crate::national::Platform;
use crate::publicity;
use crate::service_level::ServiceLevels;
use crate::stream::Stream;
use crate::subject::Uscc;
use build::Draft;
use jiff::civil::Date;
use serde_json::Value;
use sha2::{Digest, Sha256};
use source::Source;
use std::collections::BTreeMap;

/// One edition of the rulebook.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// Items of the data list, by code.
    pub items: BTreeMap<String, Item>,
    /// The code book.
    pub codes: Codes,
    /// Definitions of lists, by code.
    pub lists: BTreeMap<String, listing::Definition>,
    /// Templates of letters, by code; editions from before them write none.
    pub letters: BTreeMap<String, letter::Template>,
    /// Kinds of notices, by code; editions from before them tell nobody.
    pub notices: BTreeMap<String, notice::NoticeRule>,
    /// Ways of service and remedies.
    pub procedure: procedure::Procedure,
    /// Letters of commitment, by code; editions from before them have none.
    pub commitments: BTreeMap<String, commitment::CommitmentLetter>,
    /// Measures, by code.
    pub measures: BTreeMap<String, measure::Measure>,
    /// Editions of the measures list by name; editions of the rulebook from before it name none.
    pub measure_list: Option<measure_list::MeasureList>,
    /// Behaviour items, by code.
    pub behaviours: BTreeMap<String, behaviour::Behaviour>,
    /// Legal grounds of personal consequence, by code; editions from before them hold nobody to account.
    pub liabilities: BTreeMap<String, liability::Liability>,
    /// Memoranda, by code.
    pub memoranda: BTreeMap<String, memorandum::Memorandum>,
    /// What article 13 gives as examples.
    pub examples: Option<founding::Examples>,
    /// Rates of spot checks.
    pub rates: rate::Rates,
    /// Evaluation models, by id.
    pub models: BTreeMap<String, Model>,
    /// Whose grade is shown; editions that were enacted before there was such a rule have none.
    pub grade_disclosure: Option<Disclosure>,
    /// Purposes, rules of signing in and access policies; empty in editions that were enacted before there were accounts.
    pub access: Access,
    /// Clauses by which content is erased, and how long raw rows are kept.
    pub erasure: erasure::Rules,
    /// What is promised to those who ask; editions from before it promise nothing.
    pub service_levels: ServiceLevels,
    /// How long a reader of the change stream may stay away; editions from before it say nothing.
    pub stream: Stream,
    /// Platforms to which records are handed over, by code; editions from before them name none.
    pub platforms: BTreeMap<String, Platform>,
    /// Working days.
    pub calendar: Calendar,
    /// Classes, periods and deadlines of publicity and repair.
    pub publicity: publicity::Rules,
    /// SHA-256 of each room's files; a room is the first folder of a path, `codes` for the code book.
    pub rooms: BTreeMap<String, [u8; 32]>,
    /// SHA-256 over the rooms and their digests: the edition's name.
    pub digest: [u8; 32],
    files: BTreeMap<String, Value>,
}

impl Rulebook {
    /// Reads TOML files, path below the rulebook and text, and judges them.
    ///
    /// # Errors
    /// Everything that is wrong, in order of file and line.
    pub fn from_toml(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut sources = Vec::new();
        for (path, text) in files {
            match Source::parse(path, text) {
                Ok(source) => sources.push(source),
                Err(finding) => findings.push(finding),
            }
        }
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        let draft = Draft::read(&sources, &mut findings);
        lint::lint(&draft, &sources, &mut findings);
        finish(draft, sources, findings)
    }

    /// The edition as it is kept: canonical JSON of every file by path.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        canonical::to_vec(&object(self.files.iter().map(|(path, value)| (path.clone(), value.clone()))))
    }

    /// An edition from its canonical bytes. It is not judged again: what was lawful when it was enacted stays readable
    /// under a stricter linter.
    ///
    /// # Errors
    /// When the bytes are no edition that this program can read.
    pub fn from_canonical(bytes: &[u8]) -> Result<Self, Vec<Finding>> {
        let broken = |reason: String| {
            vec![Finding {
                file: String::new(), line: 0, code: "form_invalid", reason: format!("无法读取：{reason}")
            }]
        };
        let files: BTreeMap<String, Value> =
            serde_json::from_slice(bytes).map_err(|error| broken(error.to_string()))?;
        let sources: Vec<Source> = files.into_iter().map(|(path, value)| Source::kept(path, value)).collect();
        let mut findings = Vec::new();
        let draft = Draft::read(&sources, &mut findings);
        finish(draft, sources, findings)
    }

    /// Whose grade is shown of an organisation on a day, in the order of preference. An edition without the rule shows what
    /// its models say.
    #[must_use]
    pub fn grade_sources(&self, uscc: &Uscc, day: Date) -> &[GradeSource] {
        let Some(disclosure) = &self.grade_disclosure else { return &[GradeSource::Model] };
        disclosure.rule(uscc, day).map_or(&[], |rule| &rule.show)
    }

    /// What readers must be told of whose grade is shown of an organisation on a day.
    #[must_use]
    pub fn grade_note(&self, uscc: &Uscc, day: Date) -> Option<&str> {
        self.grade_disclosure.as_ref()?.rule(uscc, day)?.note.as_deref()
    }

    /// The digest of the rule room that evaluates: all of the edition that a grade rests on, for records carry the dates
    /// and classes that other rooms decided. So a change of any other room re-grades nobody.
    #[must_use]
    pub fn evaluation_digest(&self) -> [u8; 32] {
        self.rooms.get("evaluation").copied().unwrap_or_default()
    }

    /// Paths of its files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

fn finish(draft: Draft, sources: Vec<Source>, mut findings: Vec<Finding>) -> Result<Rulebook, Vec<Finding>> {
    findings.sort();
    findings.dedup();
    match draft.finish(sources) {
        Some(rulebook) if findings.is_empty() => Ok(rulebook),
        _ => Err(findings),
    }
}

fn object(members: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::Object(members.into_iter().collect())
}

/// The room of a path: its first folder, or the name of a file that stands in none.
fn room(path: &str) -> &str {
    path.split_once('/').map_or_else(|| path.strip_suffix(".toml").unwrap_or(path), |(room, _)| room)
}

/// Digests of the rooms and of the whole.
fn digests(files: &BTreeMap<String, Value>) -> (BTreeMap<String, [u8; 32]>, [u8; 32]) {
    let mut rooms: BTreeMap<String, Vec<(String, Value)>> = BTreeMap::new();
    for (path, value) in files {
        rooms.entry(room(path).to_owned()).or_default().push((path.clone(), value.clone()));
    }
    let rooms: BTreeMap<String, [u8; 32]> = rooms
        .into_iter()
        .map(|(room, files)| (room, Sha256::digest(canonical::to_vec(&object(files))).into()))
        .collect();
    let named = rooms.iter().map(|(room, digest)| (room.clone(), Value::String(canonical::hex(digest))));
    let whole = Sha256::digest(canonical::to_vec(&object(named))).into();
    (rooms, whole)
}
