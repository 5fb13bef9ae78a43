//! From files to typed rooms. What does not have its form becomes a finding; the rest is built, so that one broken file
//! does not hide the faults of the others.

use super::source::Source;
use super::{
    Finding, Rulebook, behaviour, commitment, digests, founding, law, letter, liability, listing, measure,
    measure_list, memorandum, notice, procedure, rate, room,
};
use crate::access::Access;
use crate::calendar::Calendar;
use crate::catalog::Item;
use crate::catalog::codes::Codes;
use crate::erasure;
use crate::evaluation::{Disclosure, Model};
use crate::national::Platform;
use crate::publicity::Rules;
use crate::service_level::ServiceLevels;
use crate::stream::Stream;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// An edition while it is read: the linter judges it even where a room is broken.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) items: BTreeMap<String, Item>,
    pub(super) codes: Codes,
    pub(super) lists: BTreeMap<String, listing::Definition>,
    pub(super) letters: BTreeMap<String, letter::Template>,
    pub(super) notices: BTreeMap<String, notice::NoticeRule>,
    pub(super) procedure: procedure::Procedure,
    pub(super) commitments: BTreeMap<String, commitment::CommitmentLetter>,
    pub(super) measures: BTreeMap<String, measure::Measure>,
    pub(super) measure_list: Option<measure_list::MeasureList>,
    pub(super) behaviours: BTreeMap<String, behaviour::Behaviour>,
    pub(super) liabilities: BTreeMap<String, liability::Liability>,
    pub(super) memoranda: BTreeMap<String, memorandum::Memorandum>,
    pub(super) examples: Option<founding::Examples>,
    pub(super) rates: rate::Rates,
    pub(super) models: BTreeMap<String, Model>,
    pub(super) grade_disclosure: Option<Disclosure>,
    pub(super) access: Access,
    pub(super) erasure: erasure::Rules,
    pub(super) service_levels: Option<ServiceLevels>,
    pub(super) stream: Option<Stream>,
    pub(super) platforms: BTreeMap<String, Platform>,
    pub(super) calendar: Option<Calendar>,
    pub(super) publicity: Option<Rules>,
}

impl Draft {
    /// Reads every room.
    pub(super) fn read(sources: &[Source], findings: &mut Vec<Finding>) -> Self {
        let mut draft = Draft {
            calendar: law::calendar(sources, findings),
            publicity: law::publicity(sources, findings),
            ..Draft::default()
        };
        for source in sources {
            draft.put(source, findings);
        }
        draft
    }

    fn put(&mut self, source: &Source, findings: &mut Vec<Finding>) {
        let key = source.stem().to_owned();
        // A room is flat: a file in a folder below it would be looked for under another path.
        let flat = source.path.matches('/').count() == 1;
        match (room(&source.path), source.path.as_str()) {
            ("data", _) if flat => keep(source, findings, |item| self.items.insert(key, item)),
            ("listing", _) if flat => keep(source, findings, |list| self.lists.insert(key, list)),
            ("letter", _) if flat => keep(source, findings, |letter| self.letters.insert(key, letter)),
            ("notice", _) if flat => keep(source, findings, |rule| self.notices.insert(key, rule)),
            ("commitment", _) if flat => keep(source, findings, |letter| self.commitments.insert(key, letter)),
            ("measure", _) if flat => keep(source, findings, |measure| self.measures.insert(key, measure)),
            ("behaviour", _) if flat => keep(source, findings, |item| self.behaviours.insert(key, item)),
            ("liability", _) if flat => keep(source, findings, |one| self.liabilities.insert(key, one)),
            ("memorandum", _) if flat => keep(source, findings, |one| self.memoranda.insert(key, one)),
            (_, "measure_list.toml") => keep(source, findings, |list| self.measure_list = Some(list)),
            (_, "founding/article_13.toml") => keep(source, findings, |rule| self.examples = Some(rule)),
            ("evaluation", _) if flat => keep(source, findings, |model| self.models.insert(key, model)),
            (_, "access/purposes.toml") => keep(source, findings, |rule| self.access.purposes = Some(rule)),
            (_, "access/misuse.toml") => keep(source, findings, |rule| self.access.misuse = Some(rule)),
            (_, "access/sign_in.toml") => keep(source, findings, |rule| self.access.sign_in = Some(rule)),
            (_, "erasure/clauses.toml") => keep(source, findings, |rule| self.erasure.clauses = Some(rule)),
            (_, "erasure/retention.toml") => keep(source, findings, |rule| self.erasure.retention = Some(rule)),
            ("access", _) if flat => keep(source, findings, |policy| self.access.policies.insert(key, policy)),
            (_, "codes.toml") => keep(source, findings, |codes| self.codes = codes),
            (_, "procedure/service.toml") => keep(source, findings, |rule| self.procedure.service = Some(rule)),
            (_, "procedure/remedy.toml") => keep(source, findings, |rule| self.procedure.remedy = Some(rule)),
            (_, "procedure/measure.toml") => keep(source, findings, |rule| self.procedure.measure = Some(rule)),
            (_, "procedure/officer.toml") => keep(source, findings, |rule| self.procedure.officer = Some(rule)),
            (_, "procedure/repair.toml") => keep(source, findings, |rule| self.procedure.repair = Some(rule)),
            (_, "procedure/objection.toml") => keep(source, findings, |rule| self.procedure.objection = Some(rule)),
            (_, "disclosure/grade.toml") => keep(source, findings, |rule| self.grade_disclosure = Some(rule)),
            (_, "exchange/service_levels.toml") => keep(source, findings, |rule| self.service_levels = Some(rule)),
            (_, "exchange/stream.toml") => keep(source, findings, |rule| self.stream = Some(rule)),
            ("exchange", _) if flat => keep(source, findings, |platform| self.platforms.insert(key, platform)),
            (_, "inspection/rates.toml") => keep(source, findings, |rates| self.rates = rates),
            (_, path) if law::reads(path) => {}
            _ => findings.push(source.finding("", "file_misplaced", "文件位置不属于任何规则类别")),
        }
    }

    /// The edition, where every room could be read.
    pub(super) fn finish(self, sources: Vec<Source>) -> Option<Rulebook> {
        let files = sources.into_iter().map(|source| (source.path, source.value)).collect();
        let (rooms, digest) = digests(&files);
        Some(Rulebook {
            items: self.items,
            codes: self.codes,
            lists: self.lists,
            letters: self.letters,
            notices: self.notices,
            procedure: self.procedure,
            commitments: self.commitments,
            measures: self.measures,
            measure_list: self.measure_list,
            behaviours: self.behaviours,
            liabilities: self.liabilities,
            memoranda: self.memoranda,
            examples: self.examples,
            rates: self.rates,
            models: self.models,
            grade_disclosure: self.grade_disclosure,
            access: self.access,
            erasure: self.erasure,
            service_levels: self.service_levels.unwrap_or_default(),
            stream: self.stream.unwrap_or_default(),
            platforms: self.platforms,
            calendar: self.calendar?,
            publicity: self.publicity?,
            rooms,
            digest,
            files,
        })
    }
}

fn keep<T: DeserializeOwned, R>(source: &Source, findings: &mut Vec<Finding>, keep: impl FnOnce(T) -> R) {
    match source.typed() {
        Ok(value) => {
            keep(value);
        }
        Err(finding) => findings.push(finding),
    }
}
