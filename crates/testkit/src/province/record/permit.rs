//! Permits (行政许可), by the approval bureaus of the cities and the county; one in twenty by the water bureau, whose
//! files lack a secrecy review.

use crate::province::file::row;
use crate::province::scribe::{Scribe, name_in_file, subject_class};
use crate::province::unit::{competent, numbered};
use crate::province::{Chance, Organisation};
use jiff::ToSpan;
use jiff::civil::Date;

/// Certificate, content, kind, and the trades that need it most; empty = any.
const PERMITS: [(&str, &str, &str, &str); 10] = [
    ("食品经营许可证", "食品销售、餐饮服务", "普通", "食品"),
    ("餐饮服务许可证", "热食类食品制售", "普通", "餐饮管理"),
    ("排污许可证", "废水、废气排放", "普通", "化工"),
    ("安全生产许可证", "建筑施工", "普通", "建筑工程"),
    ("建筑业企业资质证书", "建筑工程施工总承包三级", "认可", "建筑工程"),
    ("道路运输经营许可证", "普通货运", "普通", "物流"),
    ("药品经营许可证", "药品批发", "核准", "医药"),
    ("采矿许可证", "建筑石料用灰岩露天开采", "特许", "矿业"),
    ("供热经营许可证", "城市集中供热", "特许", "供热"),
    ("公共场所卫生许可证", "经营场所公共卫生", "普通", ""),
];

/// None to three permits.
pub(super) fn write(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    for _ in 0..chance.below(4) {
        one(scribe, chance, o);
    }
}

fn one(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    let water = chance.percent(5);
    let fitting = PERMITS.iter().filter(|permit| permit.3 == o.trade || permit.3.is_empty()).collect::<Vec<_>>();
    let Some((paper, content, kind, _)) = chance.one(&fitting).copied().copied() else { return };
    let (paper, content) = if water { ("取水许可证", "生产用水") } else { (paper, content) };
    let at = if water { numbered(13) } else { competent("行政审批", o.area) };
    let (decided, received) = scribe.dates(chance, at, "permit");
    let number = scribe.number(at, "许", decided);
    let until = if chance.percent(10) { Date::constant(2099, 12, 31) } else { decided.saturating_add(5.years()) };
    let plain: String = number.chars().filter(char::is_ascii_digit).collect();
    // One in forty has been revoked or handed back meanwhile.
    let state = if chance.below(40) == 0 { "2" } else { "1" };
    let filled = row([
        ("XK_XDR_MC", name_in_file(chance, o)),
        ("XK_XDR_LB", subject_class(o).to_owned()),
        ("XK_XDR_SHXYM", o.uscc.clone()),
        ("XK_FRDB", o.representative.clone()),
        ("XK_XKWS", "准予行政许可决定书".to_owned()),
        ("XK_WSH", number),
        ("XK_XKLB", kind.to_owned()),
        ("XK_XKZS", paper.to_owned()),
        ("XK_XKBH", format!("示{plain}")),
        ("XK_NR", content.to_owned()),
        ("XK_JDRQ", decided.to_string()),
        ("XK_YXQZ", decided.to_string()),
        ("XK_YXQZI", until.to_string()),
        ("XK_XKJG", at.name.to_owned()),
        ("XK_XKJGDM", at.uscc()),
        ("XK_ZT", state.to_owned()),
        ("XK_LYDW", at.name.to_owned()),
        ("XK_LYDWDM", at.uscc()),
    ]);
    scribe.put(received, at, "permit", filled);
}
