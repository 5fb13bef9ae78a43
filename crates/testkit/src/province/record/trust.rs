//! What speaks for an organisation or stands on its own word: honours, contracts, commitments and how they were kept,
//! and what it declares about itself.

use super::turn;
use crate::province::file::row;
use crate::province::scribe::{Scribe, name_in_file};
use crate::province::unit::{competent, numbered};
use crate::province::{Chance, Organisation};
use jiff::ToSpan;

/// Honours and contracts for a few, commitments and declarations for some.
pub(super) fn write(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation, number: usize) {
    if turn(number, 16, 3) && o.trouble < 2 {
        honour(scribe, chance, o, turn(number, 48, 3));
    }
    if turn(number, 13, 5) {
        contract(scribe, chance, o);
    }
    if turn(number, 6, 1) {
        commitment(scribe, chance, o);
    }
    if turn(number, 12, 8) {
        self_declared(scribe, chance, o);
    }
}

fn honour(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation, withdrawn: bool) {
    const HONOURS: [(&str, &str); 4] = [
        ("市场监管", "守合同重信用企业"),
        ("住房建设", "优质工程奖（示例）"),
        ("科技", "科学技术进步奖（示例）"),
        ("社会保障", "和谐劳动关系企业（示例）"),
    ];
    let Some((sector, name)) = chance.one(&HONOURS).copied() else { return };
    let at = competent(sector, o.area);
    let (decided, received) = scribe.dates(chance, at, "honour");
    let mut filled = row([
        ("name", o.name.clone()),
        ("uscc", o.uscc.clone()),
        ("honour_name", name.to_owned()),
        ("entry_number", scribe.number(at, "奖", decided)),
        ("reason", "诚信经营，成绩突出".to_owned()),
        ("awarded_on", decided.to_string()),
        ("valid_to", decided.saturating_add(3.years()).to_string()),
        ("owner_name", at.name.to_owned()),
        ("owner_uscc", at.uscc()),
        ("source_name", at.name.to_owned()),
        ("source_uscc", at.uscc()),
    ]);
    scribe.put(received, at, "honour", filled.clone());
    if withdrawn && let Some(day) = scribe.later(at, "honour", received) {
        filled.insert("removed_on", day.to_string());
        scribe.put(day, at, "honour", filled);
    }
}

fn contract(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    const CONTRACTS: [(&str, &str); 3] = [
        ("示范大道改造工程施工合同", "建设工程"),
        ("示范学校食堂物资采购合同", "政府采购"),
        ("示范园区物业服务合同", "服务"),
    ];
    let at = numbered(25);
    let (decided, received) = scribe.dates(chance, at, "contract");
    let (name, kind) = chance.one(&CONTRACTS).copied().unwrap_or_default();
    let broken = o.trouble >= 2 && chance.percent(50);
    let performance = if broken { "违约" } else { chance.pick(&["正常履约", "正常履约", "履约中"]) };
    let filled = row([
        ("name", name_in_file(chance, o)),
        ("uscc", o.uscc.clone()),
        ("number", scribe.number(at, "合同", decided)),
        ("contract_name", name.to_owned()),
        ("contract_kind", kind.to_owned()),
        ("other_party", "某建设单位（示例）".to_owned()),
        ("amount", format!("{}", 20 + chance.below(900))),
        ("signed_on", decided.saturating_sub(1.year()).to_string()),
        ("performance", performance.to_owned()),
        ("recorded_on", decided.to_string()),
        ("detail", if broken { "逾期未完工（示例）" } else { "" }.to_owned()),
        ("owner_name", at.name.to_owned()),
        ("owner_uscc", at.uscc()),
        ("source_name", at.name.to_owned()),
        ("source_uscc", at.uscc()),
    ]);
    scribe.put(received, at, "contract", filled);
}

fn commitment(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    const LETTERS: [(&str, &str, &str); 4] = [
        ("审批替代型", "办理公共场所卫生许可", "承诺符合许可条件，提交的材料真实、合法、有效。"),
        ("证明事项型", "免交经营场所证明", "承诺告知的条件和要求均已知晓并符合。"),
        ("信用修复型", "申请信用修复", "承诺依法诚信经营，自觉接受社会监督。"),
        ("主动型", "自主信用承诺", "承诺守法经营、公平竞争、接受监督。"),
    ];
    let at = competent("行政审批", o.area);
    let (decided, received) = scribe.dates(chance, at, "commitment");
    let Some((kind, reason, content)) = chance.one(&LETTERS).copied() else { return };
    let mut filled = row([
        ("name", name_in_file(chance, o)),
        ("uscc", o.uscc.clone()),
        ("number", scribe.number(at, "诺", decided)),
        ("kind", kind.to_owned()),
        ("reason", reason.to_owned()),
        ("content", content.to_owned()),
        ("liability", "违反承诺的，依法承担相应责任。".to_owned()),
        ("decided_on", decided.to_string()),
        ("valid_to", decided.saturating_add(3.years()).to_string()),
        ("owner_name", at.name.to_owned()),
        ("owner_uscc", at.uscc()),
        ("disclosure_stated", chance.pick(&["可向社会公开", "可向社会公开", "特定范围内公开", "不可公开"]).to_owned()),
        ("fulfilment", "监管中".to_owned()),
        ("source_name", at.name.to_owned()),
        ("source_uscc", at.uscc()),
    ]);
    scribe.put(received, at, "commitment", filled.clone());
    // The check afterwards corrects the record.
    if let Some(day) = scribe.later(at, "commitment", received) {
        let broken = o.trouble >= 2;
        filled.insert("fulfilment", if broken { "违诺" } else { "已履约" }.to_owned());
        filled.insert("checked_on", day.to_string());
        if broken {
            filled.insert("finding_number", scribe.number(at, "违诺", day));
        }
        scribe.put(day, at, "commitment", filled);
    }
}

fn self_declared(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    const DECLARED: [(&str, &str, &str); 4] = [
        ("资质证照", "质量管理体系认证", "已取得质量管理体系认证（自主申报）。"),
        ("经营信息", "年度营业收入", "上年度营业收入较前一年增长（自主申报）。"),
        ("合同履约", "重点合同履约", "承接的重点项目已按期交付（自主申报）。"),
        ("社会公益", "公益捐赠", "向示范省慈善活动捐赠物资（自主申报）。"),
    ];
    // The centre keys in what organisations hand to its window.
    let at = numbered(1);
    let (decided, received) = scribe.dates(chance, at, "self_declared");
    let (kind, title, content) = chance.one(&DECLARED).copied().unwrap_or_default();
    let filled = row([
        ("name", o.name.clone()),
        ("uscc", o.uscc.clone()),
        ("number", scribe.number(at, "申报", decided)),
        ("kind", kind.to_owned()),
        ("title", title.to_owned()),
        ("content", content.to_owned()),
        ("decided_on", decided.to_string()),
        ("valid_to", scribe.today().saturating_add(1.year()).to_string()),
        ("disclosure_stated", chance.pick(&["可向社会公开", "特定范围内公开"]).to_owned()),
    ]);
    scribe.put(received, at, "self_declared", filled);
}
