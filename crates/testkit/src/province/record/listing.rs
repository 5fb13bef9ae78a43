//! Lists of the administration: abnormal operation with its removal, and serious dishonesty decided elsewhere.

use super::turn;
use crate::province::file::row;
use crate::province::scribe::{Scribe, name_in_file};
use crate::province::unit::competent;
use crate::province::{Chance, Organisation};
use jiff::ToSpan;

/// Once in five of those in trouble abnormal operation, once in twelve serious dishonesty.
pub(super) fn write(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation, troubled: usize) {
    if turn(troubled, 5, 2) && o.uscc.starts_with('9') {
        abnormal(scribe, chance, o);
    }
    if turn(troubled, 12, 5) {
        serious(scribe, chance, o, turn(troubled, 24, 5));
    }
}

fn abnormal(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    const GROUNDS: [(&str, &str); 4] = [
        ("未按照规定的期限公示年度报告", "已补报年度报告并公示"),
        ("未按照规定的期限公示年度报告", "已补报年度报告并公示"),
        ("通过登记的住所或者经营场所无法取得联系", "已变更住所或者经营场所"),
        ("公示信息隐瞒真实情况、弄虚作假", "已更正公示信息"),
    ];
    let at = competent("市场监管", o.area);
    let (decided, received) = scribe.dates(chance, at, "abnormal_operation");
    let (ground, exit) = chance.one(&GROUNDS).copied().unwrap_or_default();
    let mut filled = row([
        ("name", name_in_file(chance, o)),
        ("uscc", o.uscc.clone()),
        ("ground", ground.to_owned()),
        ("listed_on", decided.to_string()),
        ("entry_number", scribe.number(at, "异列", decided)),
        ("owner_name", at.name.to_owned()),
        ("owner_uscc", at.uscc()),
        ("source_name", at.name.to_owned()),
        ("source_uscc", at.uscc()),
    ]);
    scribe.put(received, at, "abnormal_operation", filled.clone());
    let cured = received.saturating_add((10 + chance.below(120) as i64).days());
    let removed = chance.percent(50).then(|| scribe.later(at, "abnormal_operation", cured)).flatten();
    if let Some(received) = removed {
        filled.insert("removal_ground", exit.to_owned());
        filled.insert("removed_on", cured.to_string());
        filled.insert("removal_number", scribe.number(at, "异移", cured));
        scribe.put(received, at, "abnormal_operation", filled);
    }
}

fn serious(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation, removed: bool) {
    const LISTS: [(&str, &str, &str, &str); 5] = [
        (
            "社会保障",
            "拖欠农民工工资失信联合惩戒对象名单",
            "拒不支付劳动报酬（示例）",
            "《拖欠农民工工资失信联合惩戒对象名单管理暂行办法》第五条",
        ),
        (
            "税务",
            "重大税收违法失信主体名单",
            "不缴、少缴应纳税款（示例）",
            "《重大税收违法失信主体信息公布管理办法》第六条",
        ),
        (
            "市场监管",
            "市场监督管理严重违法失信名单",
            "生产销售不符合食品安全标准的食品（示例）",
            "《市场监督管理严重违法失信名单管理办法》第五条",
        ),
        (
            "安全生产",
            "安全生产严重失信主体名单",
            "发生较大生产安全责任事故（示例）",
            "《安全生产严重失信主体名单管理办法》第六条",
        ),
        (
            "安全生产",
            "安全生产严重失信主体名单",
            "未取得安全生产许可擅自从事生产经营（示例）",
            "《安全生产严重失信主体名单管理办法》第六条",
        ),
    ];
    let Some((sector, list, ground, basis)) = chance.one(&LISTS).copied() else { return };
    let at = competent(sector, o.area);
    let (decided, received) = scribe.dates(chance, at, "serious_dishonesty");
    let mut filled = row([
        ("name", name_in_file(chance, o)),
        ("uscc", o.uscc.clone()),
        ("legal_representative", o.representative.clone()),
        ("list_name", list.to_owned()),
        ("ground", ground.to_owned()),
        ("legal_basis", basis.to_owned()),
        ("entry_number", scribe.number(at, "失列", decided)),
        ("listed_on", decided.to_string()),
        ("owner_name", at.name.to_owned()),
        ("owner_uscc", at.uscc()),
        ("term_ends_on", decided.saturating_add(3.years()).to_string()),
        ("exit_conditions", "期限届满或者信用修复后移出".to_owned()),
        ("source_name", at.name.to_owned()),
        ("source_uscc", at.uscc()),
    ]);
    scribe.put(received, at, "serious_dishonesty", filled.clone());
    if removed && let Some(day) = scribe.later(at, "serious_dishonesty", received) {
        filled.insert("removed_on", day.to_string());
        filled.insert("removal_number", scribe.number(at, "失移", day));
        scribe.put(day, at, "serious_dishonesty", filled);
    }
}
