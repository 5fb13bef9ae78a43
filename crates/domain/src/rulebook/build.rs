//! From files to typed rooms. What does not have its form becomes a finding; the rest is built, so that one broken file
//! does not hide the faults of the others.

use super::source::Source;
use super::{Finding, Rulebook, digests, rate, room};
use crate::calendar::Calendar;
use crate::catalog::codes::Codes;
use crate::publicity::{ClocksFile, DeadlinesFile, KindsFile, Rules};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// Builds an edition.
pub(super) fn build(sources: &[Source], findings: &mut Vec<Finding>) -> Rulebook {
    let files = sources.iter().map(|source| (source.path.clone(), source.value.clone())).collect();
    let (rooms, digest) = digests(&files);
    let mut rulebook = Rulebook {
        items: BTreeMap::new(),
        codes: Codes::default(),
        lists: BTreeMap::new(),
        measures: BTreeMap::new(),
        rates: rate::Rates::default(),
        models: BTreeMap::new(),
        calendar: Calendar::default(),
        publicity: Rules::default(),
        rooms,
        digest,
        files,
    };
    let (mut years, mut packs) = (Vec::new(), Vec::new());
    let (mut kinds, mut deadlines, mut clocks) =
        (KindsFile::default(), DeadlinesFile::default(), ClocksFile::default());
    for source in sources {
        let key = source.stem().to_owned();
        match (room(&source.path), source.path.as_str()) {
            ("data", _) => put(source, findings, |item| rulebook.items.insert(key, item)),
            ("listing", _) => put(source, findings, |list| rulebook.lists.insert(key, list)),
            ("measure", _) => put(source, findings, |measure| rulebook.measures.insert(key, measure)),
            (_, "codes.toml") => put(source, findings, |codes| Some(std::mem::replace(&mut rulebook.codes, codes))),
            (_, "inspection/rates.toml") => {
                put(source, findings, |rates| Some(std::mem::replace(&mut rulebook.rates, rates)));
            }
            ("evaluation", _) => put(source, findings, |model| rulebook.models.insert(key, model)),
            ("calendar", _) => put(source, findings, |year| years.push(year)),
            ("repair", path) if path.starts_with("repair/packs/") => put(source, findings, |pack| packs.push(pack)),
            ("repair", "repair/kinds.toml") => put(source, findings, |file| kinds = file),
            ("repair", "repair/deadlines.toml") => put(source, findings, |file| deadlines = file),
            ("repair", "repair/clocks.toml") => put(source, findings, |file| clocks = file),
            _ => findings.push(source.finding("", "file_misplaced", "文件位置不属于任何规则类别")),
        }
    }
    let mut broken = |file: &str, reason: String| {
        findings.push(Finding { file: file.to_owned(), line: 1, code: "reference_missing", reason });
    };
    match Calendar::from_years(years) {
        Ok(calendar) => rulebook.calendar = calendar,
        Err(error) => broken("calendar", error.to_string()),
    }
    match Rules::from_files(packs, kinds, deadlines, clocks) {
        Ok(rules) => rulebook.publicity = rules,
        Err(error) => broken("repair", error.to_string()),
    }
    rulebook
}

fn put<T: DeserializeOwned, R>(source: &Source, findings: &mut Vec<Finding>, keep: impl FnOnce(T) -> R) {
    match source.typed() {
        Ok(value) => {
            keep(value);
        }
        Err(finding) => findings.push(finding),
    }
}
