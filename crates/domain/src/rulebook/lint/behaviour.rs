//! Behaviour items, memoranda and the examples of article 13: whatever they name exists, and what has no law says so
//! (鲁信用办〔2019〕8号 art. 十三; 国办发〔2020〕49号).

use super::{Finding, Place, version};
use crate::rulebook::behaviour::Behaviour;
use crate::rulebook::founding::{Examples, Resolved};
use crate::rulebook::measure::{Force, MeasureVersion};
use crate::rulebook::measure_list::MeasureList;
use crate::rulebook::memorandum::Memorandum;

/// Judges a behaviour item.
pub(super) fn lint(place: &Place<'_>, behaviour: &Behaviour, findings: &mut Vec<Finding>) {
    place.code(&behaviour.code, findings);
    let intervals: Vec<_> = behaviour.versions.iter().map(|v| (v.effective_from, v.effective_to)).collect();
    version::intervals(place, "/version", &intervals, findings);
    for (i, edition) in behaviour.versions.iter().enumerate() {
        let at = format!("/version/{i}");
        version::named(place, &format!("{at}/basis"), &edition.basis, findings);
        if edition.basis.is_empty() {
            findings.push(place.finding(&format!("{at}/basis"), "basis_missing", "行为事项没有依据"));
        } else if !edition.basis.iter().any(version::carries_burden) {
            let reason = "行为事项须以法律、法规或者党中央、国务院文件为依据";
            findings.push(place.finding(&format!("{at}/basis"), "basis_too_low", reason));
        }
        if edition.established_by.trim().is_empty() {
            findings.push(place.finding(&format!("{at}/established_by"), "body_missing", "没有认定机关"));
        }
        if edition.items.is_empty() {
            let reason = "没有据以认定的文书";
            findings.push(place.finding(&format!("{at}/items"), "base_document_missing", reason));
        }
        let known = |item: &String| place.rulebook.items.contains_key(item);
        missing(place, &format!("{at}/items"), &edition.items, known, findings);
        let known = |list: &String| place.rulebook.lists.contains_key(list);
        missing(place, &format!("{at}/lists"), &edition.lists, known, findings);
        measures(place, &format!("{at}/measures"), &edition.measures, findings);
        kinds(place, &at, (&edition.kinds, &[&edition.content, &behaviour.name]), findings);
    }
}

/// Penalties whose name in a text means that nothing follows without them.
const NAMED: [&str; 4] = ["吊销", "责令停产停业", "责令关闭", "被关闭"];

/// What speaks of a licence that was revoked or a business that was closed says by which kind of penalty, and each kind is one that the
/// rulebook knows.
pub(super) fn kinds(place: &Place<'_>, at: &str, (kinds, texts): (&[String], &[&str]), findings: &mut Vec<Finding>) {
    let named = NAMED.iter().find(|named| texts.iter().any(|text| text.contains(**named)));
    if let Some(named) = named.filter(|_| kinds.is_empty()) {
        let reason = format!("以“{named}”为前提，须写明处罚种类（kinds）");
        findings.push(place.finding(&format!("{at}/kinds"), "kinds_missing", reason));
    }
    let rules = place.rulebook.publicity.as_ref();
    let unknown = |kind: &&String| rules.is_some_and(|r| !r.kinds().kinds.iter().any(|k| k.code == **kind));
    for kind in kinds.iter().filter(unknown) {
        let reason = format!("处罚种类{kind}在repair/kinds.toml中没有对应");
        findings.push(place.finding(&format!("{at}/kinds"), "reference_missing", reason));
    }
}

/// Judges a memorandum: each of its sentences is traced to measures, or it is said why nothing carries it.
pub(super) fn memorandum(place: &Place<'_>, memorandum: &Memorandum, findings: &mut Vec<Finding>) {
    place.code(&memorandum.code, findings);
    if memorandum.effective_to.is_some_and(|to| to < memorandum.effective_from) {
        findings.push(place.finding("/effective_to", "version_order", "终止早于生效"));
    }
    let known = |code: &String| place.rulebook.behaviours.contains_key(code);
    missing(place, "/behaviours", &memorandum.behaviours, known, findings);
    for (i, sentence) in memorandum.sentences.iter().enumerate() {
        let at = format!("/sentence/{i}");
        measures(place, &format!("{at}/measures"), &sentence.measures, findings);
        if sentence.measures.is_empty() == sentence.no_basis.trim().is_empty() {
            let reason = "备忘录的每项内容须对应清单内措施，或者写明没有依据";
            findings.push(place.finding(&at, "example_invalid", reason));
        }
    }
    if memorandum.sentences.is_empty() {
        findings.push(place.finding("/sentence", "example_invalid", "备忘录没有列明内容"));
    }
}

/// Judges the examples of article 13.
pub(super) fn examples(place: &Place<'_>, examples: &Examples, findings: &mut Vec<Finding>) {
    place.code(&examples.code, findings);
    for (i, example) in examples.examples.iter().enumerate() {
        let at = format!("/example/{i}");
        version::named(place, &format!("{at}/basis"), &example.basis, findings);
        measures(place, &format!("{at}/measures"), &example.measures, findings);
        let versions = || example.measures.iter().filter_map(|code| place.rulebook.measures.get(code));
        let all = |holds: fn(&MeasureVersion) -> bool| {
            versions().all(|measure| measure.versions.last().is_some_and(holds)) && !example.measures.is_empty()
        };
        let fits = match example.resolved {
            Resolved::InList => all(|version| version.force != Force::Informs),
            Resolved::Informs => all(|version| version.force == Force::Informs),
            Resolved::Condition => example.measures.is_empty() && !example.basis.is_empty(),
            Resolved::NoBasis => example.measures.is_empty(),
        };
        if !fits || example.explanation.trim().is_empty() {
            let reason = format!("示例“{}”的结论与所列措施、依据不符，或者没有说明", example.text);
            findings.push(place.finding(&at, "example_invalid", reason));
        }
    }
}

/// Judges the names of editions: in order, one at a time.
pub(super) fn editions(place: &Place<'_>, list: &MeasureList, findings: &mut Vec<Finding>) {
    place.code(&list.code, findings);
    for (i, pair) in list.editions.windows(2).enumerate() {
        if let [earlier, later] = pair
            && later.effective_from <= earlier.effective_from
        {
            let reason = format!("清单版本须按日期排列：{}", later.name);
            findings.push(place.finding(&format!("/edition/{}", i + 1), "version_order", reason));
        }
    }
    if list.editions.is_empty() {
        findings.push(place.finding("/edition", "no_version", "没有任何版本"));
    }
}

fn measures(place: &Place<'_>, at: &str, codes: &[String], findings: &mut Vec<Finding>) {
    missing(place, at, codes, |code| place.rulebook.measures.contains_key(code), findings);
}

fn missing(
    place: &Place<'_>,
    at: &str,
    codes: &[String],
    known: impl Fn(&String) -> bool,
    findings: &mut Vec<Finding>,
) {
    for (i, code) in codes.iter().enumerate() {
        if !known(code) {
            let reason = format!("引用的{code}不存在");
            findings.push(place.finding(&format!("{at}/{i}"), "reference_missing", reason));
        }
    }
}
