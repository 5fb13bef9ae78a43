//! From files to typed rooms. What does not have its form becomes a finding; the rest is built, so that one broken file
//! does not hide the faults of the others.

use super::source::Source;
use super::{Finding, Rulebook, digests, rate, room};
use crate::catalog::codes::Codes;
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
        rooms,
        digest,
        files,
    };
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
            (room, _) if law(room) => {}
            _ => findings.push(source.finding("", "file_misplaced", "文件位置不属于任何规则类别")),
        }
    }
    rulebook
}

/// Rooms whose types stand in `crate::calendar` and `crate::publicity`; their files are kept and digested as they are.
fn law(room: &str) -> bool {
    matches!(room, "calendar" | "repair")
}

fn put<T: DeserializeOwned, R>(source: &Source, findings: &mut Vec<Finding>, keep: impl FnOnce(T) -> R) {
    match source.typed() {
        Ok(value) => {
            keep(value);
        }
        Err(finding) => findings.push(finding),
    }
}
