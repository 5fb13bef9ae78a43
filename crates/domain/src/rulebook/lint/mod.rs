//! The linter: what a rulebook must be before anyone may enact it.
//!
//! One file a room. Every finding names file, line and reason, so that a lawyer can mend it without a programmer.

mod access;
mod behaviour;
mod codes;
mod commitment;
mod disclosure;
mod erasure;
mod item;
mod letter;
mod liability;
mod listing;
mod measure;
mod notice;
mod platform;
mod procedure;
mod rate;
mod service_level;
mod stream;
mod version;

use super::Finding;
use super::build::Draft;
use super::source::Source;
use std::collections::BTreeMap;

/// What the rules of one file look at.
struct Place<'r> {
    rulebook: &'r Draft,
    source: &'r Source,
}

impl Place<'_> {
    fn finding(&self, pointer: &str, code: &'static str, reason: impl Into<String>) -> Finding {
        self.source.finding(pointer, code, reason)
    }

    /// The code must be the file's name, in `[a-z0-9_]`.
    fn code(&self, code: &str, findings: &mut Vec<Finding>) {
        if code != self.source.stem() {
            let reason = format!("代码{code}与文件名{}不一致", self.source.stem());
            findings.push(self.finding("/code", "code_mismatch", reason));
        }
        if code.is_empty() || !code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            findings.push(self.finding("/code", "code_malformed", format!("代码{code}只能使用小写字母、数字和下划线")));
        }
    }

    /// False while the code book itself is missing: then references into it say nothing.
    fn has_codes(&self) -> bool {
        !self.rulebook.codes.list.is_empty()
    }
}

/// Judges an edition.
pub(super) fn lint(rulebook: &Draft, sources: &[Source], findings: &mut Vec<Finding>) {
    let by_path: BTreeMap<&str, &Source> = sources.iter().map(|source| (source.path.as_str(), source)).collect();
    let place = |path: &str| by_path.get(path).map(|source| Place { rulebook, source });
    match place("codes.toml") {
        Some(place) => codes::lint(&place, findings),
        None => findings.push(Finding {
            file: "codes.toml".to_owned(),
            line: 1,
            code: "file_missing",
            reason: "缺少代码表文件codes.toml".to_owned(),
        }),
    }
    for (key, item) in &rulebook.items {
        place(&format!("data/{key}.toml")).inspect(|place| item::lint(place, item, findings));
    }
    for (key, model) in &rulebook.models {
        if let Some(place) = place(&format!("evaluation/{key}.toml")) {
            let problems = model.problems().into_iter();
            findings.extend(problems.map(|problem| place.finding("/version", "model_invalid", problem)));
        }
    }
    if let Some(rule) = &rulebook.grade_disclosure {
        place("disclosure/grade.toml").inspect(|place| disclosure::lint(place, rule, findings));
    }
    if let Some(levels) = &rulebook.service_levels {
        place("exchange/service_levels.toml").inspect(|place| service_level::lint(place, levels, findings));
    }
    if let Some(stream) = &rulebook.stream {
        place("exchange/stream.toml").inspect(|place| stream::lint(place, stream, findings));
    }
    for (key, platform) in &rulebook.platforms {
        place(&format!("exchange/{key}.toml")).inspect(|place| platform::lint(place, platform, findings));
    }
    access::lint(&place, &rulebook.access, findings);
    erasure::lint(&place, &rulebook.erasure, findings);
    procedure::lint(&place, &rulebook.procedure, findings);
    for (key, letter) in &rulebook.commitments {
        place(&format!("commitment/{key}.toml")).inspect(|place| commitment::lint(place, letter, findings));
    }
    for (key, letter) in &rulebook.letters {
        place(&format!("letter/{key}.toml")).inspect(|place| letter::lint(place, letter, findings));
    }
    for (key, rule) in &rulebook.notices {
        place(&format!("notice/{key}.toml")).inspect(|place| notice::lint(place, rule, findings));
    }
    for (key, list) in &rulebook.lists {
        place(&format!("listing/{key}.toml")).inspect(|place| listing::lint(place, list, findings));
    }
    for (key, measure) in &rulebook.measures {
        place(&format!("measure/{key}.toml")).inspect(|place| measure::lint(place, measure, findings));
    }
    for (key, item) in &rulebook.behaviours {
        place(&format!("behaviour/{key}.toml")).inspect(|place| behaviour::lint(place, item, findings));
    }
    for (key, one) in &rulebook.liabilities {
        place(&format!("liability/{key}.toml")).inspect(|place| liability::lint(place, one, findings));
    }
    for (key, one) in &rulebook.memoranda {
        place(&format!("memorandum/{key}.toml")).inspect(|place| behaviour::memorandum(place, one, findings));
    }
    if let Some(examples) = &rulebook.examples {
        place("founding/article_13.toml").inspect(|place| behaviour::examples(place, examples, findings));
    }
    if let Some(list) = &rulebook.measure_list {
        place("measure_list.toml").inspect(|place| behaviour::editions(place, list, findings));
    }
    place("codes.toml").inspect(|place| codes::known_to_law(place, findings));
    place("inspection/rates.toml").inspect(|place| rate::lint(place, &rulebook.rates, findings));
}
