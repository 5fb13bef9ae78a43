//! The rooms `calendar/` and `repair/`: read here, typed and judged in [`crate::calendar`] and [`crate::publicity`].

use super::Finding;
use super::source::Source;
use crate::calendar::{Calendar, CalendarError, Year};
use crate::publicity::{self, ClocksFile, DeadlinesFile, KindsFile, Pack, Rules};
use serde::de::DeserializeOwned;

/// The working-day calendar of the years in `calendar/`.
pub(super) fn calendar(sources: &[Source], findings: &mut Vec<Finding>) -> Option<Calendar> {
    let before = findings.len();
    let years = all::<Year>(sources, "calendar/", findings);
    let named = years.iter().map(|(source, year)| (source.stem(), year.year.to_string()));
    for ((source, _), (stem, year)) in years.iter().zip(named) {
        if stem != year {
            findings.push(source.finding("/year", "code_mismatch", format!("年份{year}与文件名{stem}不一致")));
        }
    }
    if findings.len() > before {
        return None;
    }
    match Calendar::from_years(years.into_iter().map(|(_, year)| year).collect()) {
        Ok(calendar) => Some(calendar),
        Err(CalendarError::Empty) => {
            findings.push(missing("calendar"));
            None
        }
        Err(error) => {
            let year = match &error {
                CalendarError::MissingYear { year } => year.saturating_sub(1),
                CalendarError::RepeatedYear { year }
                | CalendarError::ImpossibleYear { year }
                | CalendarError::OtherYear { year, .. } => *year,
                CalendarError::RepeatedDay { date } | CalendarError::WorkedWeekday { date } => date.year(),
                CalendarError::Empty => 0,
            };
            let file = format!("calendar/{year}.toml");
            findings.push(at(sources, file, "calendar_invalid", format!("日历不自洽：{error}")));
            None
        }
    }
}

/// The rules of publicity and repair in `repair/`.
pub(super) fn publicity(sources: &[Source], findings: &mut Vec<Finding>) -> Option<Rules> {
    let before = findings.len();
    let packs = all::<Pack>(sources, "repair/packs/", findings);
    for (source, pack) in &packs {
        if source.stem() != pack.id {
            let reason = format!("代码{}与文件名{}不一致", pack.id, source.stem());
            findings.push(source.finding("/id", "code_mismatch", reason));
        }
    }
    let kinds = one::<KindsFile>(sources, "repair/kinds.toml", findings);
    let deadlines = one::<DeadlinesFile>(sources, "repair/deadlines.toml", findings);
    let clocks = one::<ClocksFile>(sources, "repair/clocks.toml", findings);
    if findings.len() > before {
        return None;
    }
    let packs = packs.into_iter().map(|(_, pack)| pack).collect();
    match Rules::from_files(packs, kinds?, deadlines?, clocks?) {
        Ok(rules) => {
            for problem in publicity::lint(&rules) {
                findings.push(at(sources, problem.file, "pack_invalid", format!("规则包不自洽：{}", problem.reason)));
            }
            Some(rules)
        }
        Err(error) => {
            let file = match &error {
                publicity::RulesError::RepeatedPack { pack } | publicity::RulesError::Unknown { pack, .. } => {
                    format!("repair/packs/{pack}.toml")
                }
                publicity::RulesError::RepeatedName { .. } => "repair/kinds.toml".to_owned(),
            };
            findings.push(at(sources, file, "pack_invalid", format!("规则包不自洽：{error}")));
            None
        }
    }
}

/// The files that [`calendar`] and [`publicity`] read.
pub(super) fn reads(path: &str) -> bool {
    let folder = ["calendar/", "repair/packs/"].iter().any(|folder| path.starts_with(folder));
    folder || ["repair/kinds.toml", "repair/deadlines.toml", "repair/clocks.toml"].contains(&path)
}

fn all<'s, T: DeserializeOwned>(
    sources: &'s [Source],
    folder: &str,
    findings: &mut Vec<Finding>,
) -> Vec<(&'s Source, T)> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.path.starts_with(folder)) {
        match source.typed() {
            Ok(value) => found.push((source, value)),
            Err(finding) => findings.push(finding),
        }
    }
    found
}

fn one<T: DeserializeOwned>(sources: &[Source], path: &str, findings: &mut Vec<Finding>) -> Option<T> {
    let Some(source) = sources.iter().find(|source| source.path == path) else {
        findings.push(missing(path));
        return None;
    };
    source.typed().map_err(|finding| findings.push(finding)).ok()
}

fn missing(path: &str) -> Finding {
    Finding { file: path.to_owned(), line: 1, code: "file_missing", reason: format!("缺少{path}") }
}

fn at(sources: &[Source], file: String, code: &'static str, reason: String) -> Finding {
    let line = sources.iter().find(|source| source.path == file).map_or(1, |source| source.line(""));
    Finding { file, line, code, reason }
}
