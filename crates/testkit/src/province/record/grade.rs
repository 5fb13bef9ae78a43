//! Grades given elsewhere: the national evaluation (A to D by what happened), and what tax and customs give.

use crate::province::file::{Row, row};
use crate::province::scribe::Scribe;
use crate::province::unit::numbered;
use crate::province::{Chance, Department, Organisation};
use jiff::ToSpan;
use jiff::civil::Date;

/// Three in five have a national grade, one in six a sector's. Only enterprises are graded.
pub(super) fn write(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    if !o.registered || !o.uscc.starts_with("91") {
        return;
    }
    if chance.percent(60) {
        let luck = chance.below(10);
        let grade = match (o.trouble, luck) {
            (0, 0..7) => "A",
            (0 | 1, _) => "B",
            (2, _) => "C",
            _ => "D",
        };
        one(scribe, chance, o, numbered(1), ("evaluation_national", "", grade, "全国结果（示例）"));
    }
    if chance.percent(14) {
        let grade = match o.trouble {
            0 => chance.pick(&["A", "A", "B", "M"]),
            1 | 2 => chance.pick(&["B", "C"]),
            _ => "D",
        };
        one(scribe, chance, o, numbered(11), ("sector_evaluation", "纳税信用", grade, "纳税信用评价指标（示例）"));
    }
    if chance.percent(3) {
        let grade = if o.trouble == 0 { "高级认证企业" } else { "其他注册登记和备案企业" };
        one(scribe, chance, o, numbered(22), ("sector_evaluation", "海关", grade, "海关认证企业标准（示例）"));
    }
}

/// Item, sector, grade and model of a grade.
type Given = (&'static str, &'static str, &'static str, &'static str);

fn one(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation, at: &Department, given: Given) {
    let (item, sector, grade, model) = given;
    let (_, received) = scribe.dates(chance, at, item);
    let evaluated = received.saturating_sub(3.days());
    let mut filled = graded(o, at, evaluated, grade, model);
    if !sector.is_empty() {
        filled.insert("sector", sector.to_owned());
    }
    scribe.put(received, at, item, filled);
}

fn graded(o: &Organisation, at: &Department, evaluated: Date, grade: &str, model: &str) -> Row {
    row([
        ("name", o.name.clone()),
        ("uscc", o.uscc.clone()),
        ("grade", grade.to_owned()),
        ("evaluated_on", evaluated.to_string()),
        ("owner_name", at.name.to_owned()),
        ("owner_uscc", at.uscc()),
        ("model", model.to_owned()),
        ("source_name", at.name.to_owned()),
        ("source_uscc", at.uscc()),
    ])
}
