//! Grounds of personal consequence: none below a law, an administrative regulation or a central document, none for life without
//! the law's own words, none without roles, lists and the authority that keeps the person's record (鲁信用办〔2019〕8号 art. 十四).

use super::{Finding, Place, version};
use crate::rulebook::liability::{Liability, LiabilityVersion, carries};
use crate::rulebook::measure::{Force, Term};

/// Judges a ground.
pub(super) fn lint(place: &Place<'_>, liability: &Liability, findings: &mut Vec<Finding>) {
    place.code(&liability.code, findings);
    let intervals: Vec<_> = liability.versions.iter().map(|v| (v.effective_from, v.effective_to)).collect();
    version::intervals(place, "/version", &intervals, findings);
    for (i, edition) in liability.versions.iter().enumerate() {
        let at = format!("/version/{i}");
        law(place, &at, edition, findings);
        form(place, &at, edition, findings);
        super::behaviour::kinds(place, &at, (&edition.kinds, &[&edition.clause, &liability.name]), findings);
        for (j, list) in edition.lists.iter().enumerate() {
            if !place.rulebook.lists.contains_key(list) {
                let reason = format!("引用的名单{list}不存在");
                findings.push(place.finding(&format!("{at}/lists/{j}"), "reference_missing", reason));
            }
        }
    }
}

fn law(place: &Place<'_>, at: &str, edition: &LiabilityVersion, findings: &mut Vec<Finding>) {
    let pointer = format!("{at}/basis");
    version::named(place, &pointer, &edition.basis, findings);
    if edition.basis.is_empty() {
        findings.push(place.finding(&pointer, "basis_missing", "没有法律依据，不得追究个人"));
    } else if !edition.basis.iter().any(carries) {
        let reason = "追究个人须以法律、行政法规或者党中央、国务院文件为依据，地方性法规、规章和规范性文件不足";
        findings.push(place.finding(&pointer, "basis_too_low", reason));
    }
}

fn form(place: &Place<'_>, at: &str, edition: &LiabilityVersion, findings: &mut Vec<Finding>) {
    let mut demand = |holds: bool, part: &str, code, reason: &str| {
        if !holds {
            findings.push(place.finding(&format!("{at}/{part}"), code, reason));
        }
    };
    // The words may only be wanting where nobody could read them, and that is said.
    let unread = edition.unverified || edition.basis.iter().any(|basis| basis.unverified);
    demand(unread || !edition.clause.trim().is_empty(), "clause", "basis_missing", "须引用依据的原文");
    demand(edition.term().is_some(), "maximum_term", "term_missing", "没有最长期限，或者期限写法有误");
    let own_words = edition.term() != Some(Term::Life) || edition.clause.contains("终身");
    demand(own_words, "maximum_term", "permanence_unfounded", "终身限制须有法律原文“终身”，否则须有期限");
    demand(edition.force != Force::Informs, "force", "force_unlawful", "责任人员的法律后果不能只是告知");
    demand(!edition.roles.is_empty(), "roles", "role_missing", "没有写明及于哪些责任人员");
    demand(!edition.lists.is_empty(), "lists", "reference_missing", "没有写明适用于哪些名单");
    demand(!edition.keeper.trim().is_empty(), "keeper", "body_missing", "没有写明个人信用记录由谁保管");
    demand(!edition.content.trim().is_empty(), "content", "form_invalid", "没有写明对个人的后果");
}
