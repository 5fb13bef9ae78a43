//! Notices have a basis, say that they are no service, and hold no place for what a case says; mail knows a number and a page.

use super::access::dated;
use super::{Finding, Place};
use crate::rulebook::letter::places;
use crate::rulebook::notice::{MAIL_PLACES, NO_SERVICE, NoticeRule, NoticeVersion, PLACES};

/// Judges a kind of notice.
pub(super) fn lint(place: &Place<'_>, rule: &NoticeRule, findings: &mut Vec<Finding>) {
    let versions: Vec<_> = rule.versions.iter().map(|v| (v.effective_from, v.effective_to, &v.basis)).collect();
    dated(place, &rule.code, &versions, findings);
    if rule.kind.code() != rule.code {
        findings.push(place.finding("/kind", "notice_invalid", "通知种类与代码不一致"));
    }
    for (i, version) in rule.versions.iter().enumerate() {
        for reason in faults(rule, version) {
            findings.push(place.finding(&format!("/version/{i}"), "notice_invalid", reason));
        }
    }
}

fn faults(rule: &NoticeRule, version: &NoticeVersion) -> Vec<String> {
    let mut faults = Vec::new();
    let shown = [version.title.as_str(), version.text.as_str()];
    let mailed: Vec<&str> =
        version.mail_text.iter().map(String::as_str).chain([version.mail_subject.as_str()]).collect();
    let used = used(&shown, &PLACES, &mut faults);
    let used_in_mail = self::used(&mailed, &MAIL_PLACES, &mut faults);
    if !rule.kind.has_day() && used.contains(&"due_on") {
        faults.push("这种通知没有期限，不得写{due_on}".to_owned());
    }
    let wanting = [(&used, "number"), (&used_in_mail, "number"), (&used_in_mail, "page")];
    faults.extend(
        wanting.iter().filter(|(used, name)| !used.contains(name)).map(|(_, name)| format!("通知须写明{{{name}}}")),
    );
    if !version.text.contains(NO_SERVICE) || !version.mail_text.iter().any(|text| text.contains(NO_SERVICE)) {
        faults.push(format!("通知须写明“{NO_SERVICE}”"));
    }
    match version.lead_working_days {
        None if rule.kind.has_lead() => faults.push("须写明提前几个工作日提醒".to_owned()),
        Some(days) if !rule.kind.has_lead() || !(1..=20).contains(&days) => {
            faults.push("提前提醒须为1至20个工作日，且只用于到期前的提醒".to_owned());
        }
        _ => {}
    }
    if !(1..=90).contains(&version.news_days) {
        faults.push("通知时效须为1至90天".to_owned());
    }
    if version.mail_subject.trim().is_empty() || version.mail_subject.chars().count() > 60 {
        faults.push("邮件标题须有内容，且不超过60个字符".to_owned());
    }
    faults
}

fn used<'t>(texts: &[&'t str], known: &[&str], faults: &mut Vec<String>) -> Vec<&'t str> {
    let mut used = Vec::new();
    for text in texts {
        match places(text) {
            Some(found) => used.extend(found),
            None => faults.push(format!("花括号不成对：{text}")),
        }
    }
    faults.extend(used.iter().filter(|name| !known.contains(*name)).map(|name| format!("此处不得写{{{name}}}")));
    used
}
