//! Measures: none without law, none that reduces rights on a low or merely local basis, none without body and term
//! (鲁信用办〔2019〕8号 art. 十三; 国办发〔2020〕49号; 山东省社会信用条例 arts. 二十七, 三十).

use super::{Finding, Place, version};
use crate::provision::Basis;
use crate::rulebook::measure::{Effect, Force, Kind, Measure, MeasureVersion, Term};

/// Code list of the bodies that carry measures out.
pub(super) const BODIES: &str = "implementing_body";
/// Group of those that are informed and never ordered: banks, agencies, associations, firms.
const INFORMED: &str = "informed";

/// Judges a measure.
pub(super) fn lint(place: &Place<'_>, measure: &Measure, findings: &mut Vec<Finding>) {
    place.code(&measure.code, findings);
    let intervals: Vec<_> = measure.versions.iter().map(|v| (v.effective_from, v.effective_to)).collect();
    version::intervals(place, "/version", &intervals, findings);
    for (i, edition) in measure.versions.iter().enumerate() {
        let at = format!("/version/{i}");
        law(place, &at, edition, findings);
        form(place, &at, edition, findings);
        references(place, &at, edition, findings);
    }
}

/// 山东省社会信用条例 arts. 二十八 and 三十 refer back to national law: alone they carry nothing.
fn is_local_reference(basis: &Basis) -> bool {
    basis.title.contains("山东省社会信用条例")
        && ["二十八", "三十", "28", "30"].iter().any(|article| {
            let rest = basis.article.strip_prefix(article);
            rest.is_some_and(|rest| !rest.starts_with(['一', '二', '三', '四', '五', '六', '七', '八', '九']))
        })
}

fn law(place: &Place<'_>, at: &str, edition: &MeasureVersion, findings: &mut Vec<Finding>) {
    let pointer = format!("{at}/basis");
    version::named(place, &pointer, &edition.basis, findings);
    if edition.basis.is_empty() {
        findings.push(place.finding(&pointer, "basis_missing", "措施没有依据，不得列入"));
        return;
    }
    if edition.effect != Effect::ReducesRights {
        return;
    }
    let sufficient = |basis: &Basis| version::carries_burden(basis) && !is_local_reference(basis);
    if edition.basis.iter().any(sufficient) {
        return;
    }
    let (code, reason) = if edition.basis.iter().any(is_local_reference) {
        ("basis_local_only", "减损权利的措施不得仅以山东省社会信用条例第二十八条、第三十条为依据，须另有法律、法规")
    } else {
        ("basis_too_low", "减损权利的措施须以法律、法规或者党中央、国务院文件为依据，规范性文件和部门规章不足")
    };
    findings.push(place.finding(&pointer, code, reason));
}

fn form(place: &Place<'_>, at: &str, edition: &MeasureVersion, findings: &mut Vec<Finding>) {
    let mut demand = |holds: bool, part: &str, code, reason: &str| {
        if !holds {
            findings.push(place.finding(&format!("{at}/{part}"), code, reason));
        }
    };
    demand(!edition.body.trim().is_empty(), "body", "body_missing", "没有实施主体");
    demand(edition.term().is_some(), "maximum_term", "term_missing", "没有最长期限，或者期限写法有误");
    let own_words = edition.term() != Some(Term::Life) || edition.clause.contains("终身");
    demand(own_words, "maximum_term", "permanence_unfounded", "终身限制须有法律原文“终身”，否则须有期限");
    let ordered = matches!(edition.force, Force::Binds | Force::May);
    let orders_others = ordered && (edition.effect == Effect::Informs || edition.kind != Kind::Administrative);
    demand(!orders_others, "force", "force_unlawful", "对市场主体、金融机构和行业组织只能告知，不能要求");
    let lacks_clause = ordered && edition.clause.trim().is_empty();
    demand(!lacks_clause, "clause", "basis_missing", "须引用依据的原文");
}

fn references(place: &Place<'_>, at: &str, edition: &MeasureVersion, findings: &mut Vec<Finding>) {
    let headings = place.rulebook.codes.list("measure_heading");
    if place.has_codes() && headings.is_none_or(|list| list.entry(&edition.heading).is_none()) {
        let reason = format!("措施类别{}不在代码表measure_heading内", edition.heading);
        findings.push(place.finding(&format!("{at}/heading"), "reference_missing", reason));
    }
    let known = place.rulebook.codes.list(BODIES);
    if edition.bodies.is_empty() && edition.effective_to.is_none() {
        findings.push(place.finding(&format!("{at}/bodies"), "body_missing", "没有写明哪些机关可以实施"));
    }
    for (i, body) in edition.bodies.iter().enumerate() {
        let entry = known.and_then(|list| list.entry(body));
        let ordered = matches!(edition.force, Force::Binds | Force::May);
        if place.has_codes() && entry.is_none() {
            let reason = format!("实施主体{body}不在代码表{BODIES}内");
            findings.push(place.finding(&format!("{at}/bodies/{i}"), "reference_missing", reason));
        } else if ordered && entry.is_some_and(|entry| entry.group.as_deref() == Some(INFORMED)) {
            let reason = format!("对{body}只能告知，不能要求");
            findings.push(place.finding(&format!("{at}/bodies/{i}"), "force_unlawful", reason));
        }
    }
    for (i, list) in edition.lists.iter().enumerate() {
        if !place.rulebook.lists.contains_key(list) {
            let reason = format!("引用的名单{list}不存在");
            findings.push(place.finding(&format!("{at}/lists/{i}"), "reference_missing", reason));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provision::Level;

    #[test]
    fn only_the_two_referring_articles_of_the_local_regulation_are_too_little_alone() {
        let of = |article: &str| Basis {
            title: "山东省社会信用条例".to_owned(),
            article: article.to_owned(),
            level: Level::LocalRegulation,
            unverified: false,
        };
        for article in ["二十八", "三十", "三十（四）", "28"] {
            assert!(is_local_reference(&of(article)), "{article}");
        }
        for article in ["三十一", "三十三", "二十六"] {
            assert!(!is_local_reference(&of(article)), "{article}");
        }
    }
}
