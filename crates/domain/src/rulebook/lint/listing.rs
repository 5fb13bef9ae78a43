//! Serious-dishonesty lists: set up by law, with notice, base documents, a deciding organ, a way out and remedies
//! (国办发〔2020〕49号; 信用修复管理办法 art. 四; 市场监督管理严重违法失信名单管理办法 art. 十三).

use super::{Finding, Place, version};
use crate::directory::LEVELS;
use crate::provision::Level;
use crate::rulebook::listing::{Definition, DefinitionVersion, Method};

/// Days of public comment that a method needs at least (国办发〔2020〕49号).
const COMMENT_DAYS_MIN: i32 = 30;

/// Judges a list's definition.
pub(super) fn lint(place: &Place<'_>, list: &Definition, findings: &mut Vec<Finding>) {
    place.code(&list.code, findings);
    let intervals: Vec<_> = list.versions.iter().map(|v| (v.effective_from, v.effective_to)).collect();
    version::intervals(place, "/version", &intervals, findings);
    for (i, edition) in list.versions.iter().enumerate() {
        let at = format!("/version/{i}");
        law(place, &at, edition, findings);
        process(place, &at, edition, findings);
        method(place, &at, edition.method.as_ref(), findings);
        references(place, &at, edition, findings);
    }
}

fn law(place: &Place<'_>, at: &str, edition: &DefinitionVersion, findings: &mut Vec<Finding>) {
    let pointer = format!("{at}/basis");
    version::named(place, &pointer, &edition.basis, findings);
    if edition.basis.is_empty() {
        findings.push(place.finding(&pointer, "basis_missing", "名单没有依据"));
    } else if !edition.basis.iter().any(version::carries_burden) {
        let reason = "设列名单须以法律、法规或者党中央、国务院文件为依据，规范性文件和部门规章不足";
        findings.push(place.finding(&pointer, "basis_too_low", reason));
    }
    let pointer = format!("{at}/criteria_basis");
    version::named(place, &pointer, &edition.criteria_basis, findings);
    if edition.criteria_basis.iter().any(|basis| basis.level < Level::DepartmentRule) {
        let reason = "列入标准至少由部门规章规定，规范性文件不足";
        findings.push(place.finding(&pointer, "basis_too_low", reason));
    }
}

fn process(place: &Place<'_>, at: &str, edition: &DefinitionVersion, findings: &mut Vec<Finding>) {
    let mut demand = |holds: bool, part: &str, code, reason: &str| {
        if !holds {
            findings.push(place.finding(&format!("{at}/{part}"), code, reason));
        }
    };
    let criteria = !edition.criteria.is_empty() && edition.criteria.iter().all(|c| !c.text.trim().is_empty());
    demand(
        criteria && !edition.criteria_basis.is_empty(),
        "criteria",
        "criteria_missing",
        "没有列入标准或者列入标准没有依据",
    );
    demand(!edition.base_documents.is_empty(), "base_documents", "base_document_missing", "没有列入所依据的文书");
    demand(edition.notice.is_some(), "notice", "notice_missing", "没有事先告知和陈述申辩程序");
    demand(!edition.deciding_organ.trim().is_empty(), "deciding_organ", "body_missing", "没有认定机关");
    // Where others decide, nobody does here.
    let decides = !edition.mirrored.is_empty()
        || (!edition.sectors.is_empty() && edition.sectors.iter().all(|sector| !sector.trim().is_empty()));
    demand(decides, "sectors", "body_missing", "没有写明认定机关的领域");
    demand(
        !edition.mirrored.is_empty() || !edition.levels.is_empty(),
        "levels",
        "body_missing",
        "没有写明认定机关的层级",
    );
    let exits = edition.exits.iter().all(|exit| exit.conditions.iter().any(|c| !c.trim().is_empty()));
    demand(!edition.exits.is_empty() && exits, "exits", "exit_missing", "没有移出办法或者移出条件");
    demand(!edition.remedies.is_empty(), "remedies", "remedy_missing", "没有救济途径");
    demand(!edition.objection.trim().is_empty(), "objection", "remedy_missing", "没有异议途径");
    demand(edition.pack.is_some(), "pack", "pack_missing", "没有规定期限的规则包");
}

/// The method document: who issued it, under which number, and that the public was asked long enough.
fn method(place: &Place<'_>, at: &str, method: Option<&Method>, findings: &mut Vec<Finding>) {
    let pointer = format!("{at}/method");
    let Some(method) = method else {
        findings.push(place.finding(&pointer, "method_missing", "没有名单管理办法"));
        return;
    };
    let mut refuse = |reason: &str| findings.push(place.finding(&pointer, "method_invalid", reason));
    if method.issuer.trim().is_empty() || method.number.trim().is_empty() {
        refuse("名单管理办法须写明制定机关和文号");
    }
    match method.comment_from.zip(method.comment_through) {
        Some((from, through)) => {
            let days = from.until(through).map_or(0, |span| span.get_days()) + 1;
            if days < COMMENT_DAYS_MIN {
                refuse(&format!("公开征求意见只有{days}天，不得少于{COMMENT_DAYS_MIN}天（国办发〔2020〕49号）"));
            }
            if method.answers.trim().is_empty() {
                refuse("须写明意见采纳情况");
            }
        }
        None if !method.unverified => refuse("须写明公开征求意见的起止日期，未能核实的须标明"),
        None => {}
    }
}

/// What it names elsewhere in the rulebook: its pack, items and kinds of penalty.
fn references(place: &Place<'_>, at: &str, edition: &DefinitionVersion, findings: &mut Vec<Finding>) {
    let rules = place.rulebook.publicity.as_ref();
    let pack = edition.pack.as_deref().zip(rules);
    if let Some((pack, _)) = pack.filter(|(pack, rules)| rules.pack(pack).is_none()) {
        let reason = format!("规则包{pack}不存在");
        findings.push(place.finding(&format!("{at}/pack"), "reference_missing", reason));
    }
    for (i, document) in edition.base_documents.iter().enumerate() {
        let pointer = format!("{at}/base_documents/{i}");
        if !place.rulebook.items.is_empty() && !place.rulebook.items.contains_key(&document.item) {
            let reason = format!("列入所依据的事项{}不在数据清单中", document.item);
            findings.push(place.finding(&pointer, "reference_missing", reason));
        }
        let unknown = |kind: &&String| rules.is_some_and(|r| !r.kinds().kinds.iter().any(|k| k.code == **kind));
        for kind in document.kinds.iter().filter(unknown) {
            let reason = format!("处罚种类{kind}在repair/kinds.toml中没有对应");
            findings.push(place.finding(&pointer, "reference_missing", reason));
        }
    }
    for (part, levels) in [("levels", &edition.levels), ("consent_levels", &edition.consent_levels)] {
        for level in levels.iter().filter(|level| !LEVELS.contains(&level.as_str())) {
            let reason = format!("单位层级{level}不存在");
            findings.push(place.finding(&format!("{at}/{part}"), "reference_missing", reason));
        }
    }
}
