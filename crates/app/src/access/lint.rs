//! The linter of policies: what their words say is judged by the engine that reads them.

use credence_domain::rulebook::{Finding, Rulebook};

/// Judges the policies of an edition; `files` are its texts, to say on which line a policy stands.
#[must_use]
pub fn lint(rulebook: &Rulebook, files: &[(String, String)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (code, policy) in &rulebook.access.policies {
        let path = format!("access/{code}.toml");
        let text = files.iter().find(|(name, _)| *name == path).map_or("", |(_, text)| text.as_str());
        for version in &policy.versions {
            let place = text.find(version.policy.trim()).unwrap_or_default();
            let line = text.get(..place).unwrap_or_default().matches('\n').count() + 1;
            let wrong = credence_access::judge(code, &version.policy, &|item| rulebook.items.contains_key(item));
            findings.extend(wrong.into_iter().map(|reason| Finding {
                file: path.clone(),
                line,
                code: "policy_invalid",
                reason: format!("访问策略：{reason}"),
            }));
        }
    }
    findings
}
