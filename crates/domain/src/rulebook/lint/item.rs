//! Items of the data list: law behind them, sound identity, known code lists, headers that cannot be mistaken.

use super::{Finding, Place, version};
use crate::catalog::fold::fold;
use crate::catalog::item::Masking;
use crate::catalog::{Field, FieldType, Item, Role, Version};
use std::collections::BTreeMap;

/// Judges an item.
pub(super) fn lint(place: &Place<'_>, item: &Item, findings: &mut Vec<Finding>) {
    place.code(&item.code, findings);
    let intervals: Vec<_> = item.versions.iter().map(|v| (v.effective_from, v.effective_to)).collect();
    version::intervals(place, "/version", &intervals, findings);
    known(place, "/directory_class", "directory_class", &item.directory_class, findings);
    for (i, edition) in item.versions.iter().enumerate() {
        let at = format!("/version/{i}");
        known(place, &format!("{at}/act_kind"), "act_kind", &edition.act_kind, findings);
        law(place, &at, edition, findings);
        identity(place, &at, edition, findings);
        roles(place, &at, edition, findings);
        headers(place, &at, edition, findings);
        for (j, field) in edition.fields.iter().enumerate() {
            one_field(place, &format!("{at}/field/{j}"), field, findings);
        }
    }
}

/// A value must stand in a code list of the code book.
fn known(place: &Place<'_>, at: &str, list: &str, value: &str, findings: &mut Vec<Finding>) {
    let found = place.rulebook.codes.list(list).is_some_and(|list| list.entry(value).is_some());
    if place.has_codes() && !found {
        findings.push(place.finding(at, "reference_missing", format!("{value}不在代码表{list}内")));
    }
}

fn law(place: &Place<'_>, at: &str, edition: &Version, findings: &mut Vec<Finding>) {
    let pointer = format!("{at}/basis");
    version::named(place, &pointer, &edition.basis, findings);
    if edition.basis.is_empty() {
        findings.push(place.finding(&pointer, "basis_missing", "事项没有依据"));
    } else if !edition.basis.iter().any(version::carries_burden) {
        let reason = "事项须以法律、法规或者党中央、国务院文件为依据，规范性文件不足";
        findings.push(place.finding(&pointer, "basis_too_low", reason));
    }
}

fn identity(place: &Place<'_>, at: &str, edition: &Version, findings: &mut Vec<Finding>) {
    let pointer = format!("{at}/identity");
    for (i, code) in edition.identity.iter().enumerate() {
        if !edition.fields.iter().any(|field| field.code == *code) {
            let reason = format!("身份字段{code}不在本版本的字段中");
            findings.push(place.finding(&format!("{pointer}/{i}"), "identity_invalid", reason));
        }
        if edition.identity.iter().take(i).any(|earlier| earlier == code) {
            findings.push(place.finding(&format!("{pointer}/{i}"), "identity_invalid", format!("身份字段{code}重复")));
        }
    }
    let subject = edition.field_of(Role::SubjectUscc);
    if subject.is_some_and(|(_, field)| !edition.identity.contains(&field.code)) {
        findings.push(place.finding(&pointer, "identity_invalid", "身份字段须包含主体的统一社会信用代码"));
    }
}

fn roles(place: &Place<'_>, at: &str, edition: &Version, findings: &mut Vec<Finding>) {
    let at = format!("{at}/field");
    for (role, name) in [
        (Role::SubjectName, "主体名称（subject_name）"),
        (Role::SubjectUscc, "主体代码（subject_uscc）"),
        (Role::DecidedOn, "起算日期（decided_on）"),
    ] {
        if edition.field_of(role).is_none() {
            findings.push(place.finding(&at, "role_missing", format!("缺少作为{name}的字段")));
        }
    }
    for (j, field) in edition.fields.iter().enumerate() {
        let earlier = edition.fields.iter().take(j);
        if field.role.is_some() && earlier.clone().any(|other| other.role == field.role) {
            let reason = format!("字段{}的角色已由另一字段承担", field.code);
            findings.push(place.finding(&format!("{at}/{j}/role"), "role_repeated", reason));
        }
    }
    if edition.fields.iter().filter(|field| field.key_column).count() < 2 {
        findings.push(place.finding(&at, "key_column_missing", "至少两个字段须为识别列（key_column）"));
    }
}

/// No way of writing a header stands for two fields, or twice for one.
fn headers(place: &Place<'_>, at: &str, edition: &Version, findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (j, field) in edition.fields.iter().enumerate() {
        let names = std::iter::once(&field.name).filter(|name| **name != field.code);
        for form in std::iter::once(&field.code).chain(names).chain(&field.aliases) {
            if let Some(other) = seen.insert(fold(form), &field.code) {
                let reason = format!("表头“{form}”在字段{other}和{}中重复", field.code);
                findings.push(place.finding(&format!("{at}/field/{j}"), "header_form_repeated", reason));
            }
        }
    }
}

fn one_field(place: &Place<'_>, at: &str, field: &Field, findings: &mut Vec<Finding>) {
    let mut find = |code, reason: String| findings.push(place.finding(at, code, reason));
    let code = &field.code;
    if code.is_empty() || !code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        find("code_malformed", format!("字段代码{code}只能使用字母、数字和下划线"));
    }
    let coded = matches!(field.kind, FieldType::Code | FieldType::Codes);
    match &field.codes {
        Some(list) if place.has_codes() && place.rulebook.codes.list(list).is_none() => {
            find("reference_missing", format!("字段{code}引用的代码表{list}不存在"));
        }
        Some(_) if !coded => find("code_list_mismatch", format!("字段{code}引用了代码表，类型须为code或codes")),
        None if coded => find("code_list_mismatch", format!("字段{code}的类型须引用代码表")),
        _ => {}
    }
    let expected = match field.role {
        Some(Role::SubjectUscc | Role::AuthorityUscc | Role::SourceUscc) => Some(FieldType::Uscc),
        Some(Role::DecidedOn | Role::ValidFrom | Role::ValidTo | Role::EstablishedOn | Role::RemovedOn) => {
            Some(FieldType::Date)
        }
        Some(Role::TermEndsOn | Role::MisconductEndedOn) => Some(FieldType::Date),
        Some(Role::FineAmount | Role::ConfiscatedAmount) => Some(FieldType::Decimal),
        _ => None,
    };
    if expected.is_some_and(|kind| kind != field.kind) {
        find("code_list_mismatch", format!("字段{code}的类型与其角色不符"));
    }
    let never_public = field.masking == Masking::IdentityNumber || field.role == Some(Role::Address);
    if never_public && field.public {
        find("personal_number_public", format!("字段{code}是证件号码或住址，不得公开"));
    }
}
