//! What cases of listings rest on: a heavier penalty each, an honour where an organisation is honoured; and the corrections that
//! revoke some of them. Each unit sends them in a file of its own.

use super::{Case, cases};
use crate::province::file::{DepartmentFile, EXPORT, Row, Sheet, row};
use crate::province::unit::numbered;
use crate::province::{Plan, organisations};
use credence_domain::rulebook::Rulebook;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Place within a day: after every other file.
const ORDER: usize = 200;

/// The files of a province's cases, in the order in which they were sent.
#[must_use]
pub fn grounds(plan: &Plan, rulebook: &Rulebook) -> Vec<DepartmentFile> {
    let organisations = organisations(plan);
    let mut sheets: BTreeMap<(Date, usize, &'static str), Sheet> = BTreeMap::new();
    for case in cases(plan, &organisations) {
        let mut put = |back: i64, item, row| {
            sheets.entry((case.day(back), case.at.number, item)).or_default().rows.push(row);
        };
        if case.way.incentive {
            put(case.way.ground, "honour", honour(&case));
            continue;
        }
        put(case.way.ground, "penalty", penalty(&case));
        if let Some(back) = case.way.falls {
            let mut revoked = penalty(&case);
            revoked.insert("CF_ZT", "撤销".to_owned());
            put(back, "penalty", revoked);
        }
    }
    let file = |((received_on, number, item), sheet): ((Date, usize, &str), Sheet)| {
        let at = numbered(number);
        DepartmentFile {
            name: format!("名单-{}-{item}-{received_on}.csv", at.name),
            source_uscc: at.uscc(),
            item: item.to_owned(),
            received_on,
            order: ORDER + number,
            rows: sheet.rows.len(),
            bytes: sheet.write(rulebook, item, EXPORT),
        }
    };
    sheets.into_iter().map(file).collect()
}

fn penalty(case: &Case<'_>) -> Row {
    let (o, at) = (case.organisation, case.at);
    row([
        ("CF_XDR_MC", o.name.clone()),
        ("CF_XDR_LB", "法人及非法人组织".to_owned()),
        ("CF_XDR_SHXYM", o.uscc.clone()),
        ("CF_FRDB", o.representative.clone()),
        ("CF_WSH", case.document()),
        ("CF_WFXW", case.matter.violation.to_owned()),
        ("CF_SY", format!("经查，当事人{}。", case.matter.violation)),
        ("CF_YJ", case.matter.basis.to_owned()),
        ("CF_CFLB", "责令停产停业;罚款".to_owned()),
        ("CF_NR", "责令停产停业整顿，并处罚款".to_owned()),
        ("CF_NR_FK", "20".to_owned()),
        ("CF_JDRQ", case.decided_on().to_string()),
        ("CF_YXQ", "2099-12-31".to_owned()),
        ("CF_CFJG", at.name.to_owned()),
        ("CF_CFJGDM", at.uscc()),
        ("CF_SJLY", at.name.to_owned()),
        ("CF_SJLYDM", at.uscc()),
        ("procedure", "普通程序".to_owned()),
        ("remedies_told", "是".to_owned()),
        ("class_stated", "严重".to_owned()),
        ("class_basis", "行业失信行为分类标准（示例）".to_owned()),
        ("discretion_tier", "从重".to_owned()),
    ])
}

fn honour(case: &Case<'_>) -> Row {
    let (o, at) = (case.organisation, case.at);
    row([
        ("name", o.name.clone()),
        ("uscc", o.uscc.clone()),
        ("honour_name", "守合同重信用企业".to_owned()),
        ("entry_number", case.document()),
        ("reason", "诚信经营，成绩突出".to_owned()),
        ("awarded_on", case.decided_on().to_string()),
        ("valid_to", case.decided_on().saturating_add(3.years()).to_string()),
        ("owner_name", at.name.to_owned()),
        ("owner_uscc", at.uscc()),
        ("source_name", at.name.to_owned()),
        ("source_uscc", at.uscc()),
    ])
}
