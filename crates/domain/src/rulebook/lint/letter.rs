//! Letters say what the law asks of them, and name nothing that a case does not have.

use super::{Finding, Place, version};
use crate::rulebook::letter::{COMMON, LetterKind, Template, TemplateVersion, places};

/// Judges a template.
pub(super) fn lint(place: &Place<'_>, template: &Template, findings: &mut Vec<Finding>) {
    place.code(&template.code, findings);
    if template.kind.code() != template.code {
        findings.push(place.finding("/kind", "letter_invalid", "文书种类与模板代码不一致"));
    }
    let intervals: Vec<_> = template.versions.iter().map(|v| (v.effective_from, v.effective_to)).collect();
    version::intervals(place, "/version", &intervals, findings);
    for (i, edition) in template.versions.iter().enumerate() {
        let at = format!("/version/{i}");
        version::named(place, &format!("{at}/basis"), &edition.basis, findings);
        if edition.basis.is_empty() {
            findings.push(place.finding(&format!("{at}/basis"), "basis_missing", "文书没有依据"));
        }
        for reason in faults(template.kind, edition) {
            findings.push(place.finding(&at, "letter_invalid", reason));
        }
    }
}

fn faults(kind: LetterKind, edition: &TemplateVersion) -> Vec<String> {
    let mut faults = Vec::new();
    let mut used = Vec::new();
    for text in edition.texts() {
        match places(text) {
            Some(found) => used.extend(found),
            None => faults.push(format!("花括号不成对：{text}")),
        }
    }
    let known = |name: &&str| [&COMMON[..], kind.required(), kind.allowed()].iter().any(|set| set.contains(name));
    faults.extend(used.iter().filter(|name| !known(name)).map(|name| format!("文书中没有{{{name}}}这一内容")));
    let wanting = kind.required().iter().chain(&["organisation", "uscc", "unit", "date"]);
    faults.extend(wanting.filter(|name| !used.contains(name)).map(|name| format!("文书须写明{{{name}}}")));
    let says = |word: &&&str| edition.texts().any(|text| text.contains(**word));
    faults.extend(kind.words().iter().filter(|word| !says(word)).map(|word| format!("文书须写明“{word}”")));
    let number = places(&edition.number).unwrap_or_default();
    faults.extend(
        ["year", "serial"].iter().filter(|name| !number.contains(name)).map(|name| format!("文号须含{{{name}}}")),
    );
    faults
}
