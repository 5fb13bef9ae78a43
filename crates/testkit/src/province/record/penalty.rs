//! Penalties (行政处罚): a few organisations have most of them, and what is punished follows the trade's sector.

use crate::province::file::{Row, row};
use crate::province::scribe::{Scribe, name_in_file, subject_class};
use crate::province::unit::competent;
use crate::province::{Chance, Department, Organisation};
use jiff::ToSpan;
use jiff::civil::Date;

/// A kind of penalty as decisions put it.
struct Kind {
    kinds: &'static str,
    content: &'static str,
    fined: bool,
    confiscated: bool,
    /// Of a hundred.
    share: usize,
}

const fn kind(kinds: &'static str, content: &'static str, fined: bool, confiscated: bool, share: usize) -> Kind {
    Kind { kinds, content, fined, confiscated, share }
}

const KINDS: [Kind; 8] = [
    kind("罚款", "处以罚款", true, false, 44),
    kind("罚款;没收违法所得", "没收违法所得并处罚款", true, true, 18),
    kind("警告;罚款", "给予警告并处罚款", true, false, 12),
    kind("警告", "给予警告", false, false, 9),
    kind("通报批评", "予以通报批评", false, false, 4),
    kind("责令停产停业;罚款", "责令停产停业整顿，并处罚款", true, false, 6),
    kind("暂扣许可证件", "暂扣许可证件三个月", false, false, 5),
    kind("吊销许可证件", "吊销许可证件", false, false, 2),
];

/// A violation: sector of the authority, what, the facts found, the basis, the flag of a sector with longer publicity.
struct Violation {
    sector: &'static str,
    name: &'static str,
    facts: &'static str,
    basis: &'static str,
    flag: &'static str,
}

const fn violation(
    sector: &'static str,
    name: &'static str,
    facts: &'static str,
    basis: &'static str,
    flag: &'static str,
) -> Violation {
    Violation { sector, name, facts, basis, flag }
}

const VIOLATIONS: [Violation; 15] = [
    violation(
        "市场监管",
        "未按规定公示信息",
        "经查，当事人未按规定公示即时信息。",
        "《企业信息公示暂行条例》第十八条",
        "",
    ),
    violation("市场监管", "销售不合格产品", "经查，当事人销售的产品抽样检验不合格。", "《产品质量法》第四十九条", ""),
    violation("市场监管", "广告用语违法", "经查，当事人广告中使用绝对化用语。", "《广告法》第五十七条", ""),
    violation(
        "市场监管",
        "食品标签不符合规定",
        "经查，当事人生产的食品标签未标明生产日期。",
        "《食品安全法》第一百二十五条",
        "食品",
    ),
    violation(
        "生态环境",
        "超标排放污染物",
        "经查，当事人排放口污染物浓度超过排放标准。",
        "《排污许可管理条例》第三十四条",
        "",
    ),
    violation(
        "生态环境",
        "未正常运行污染防治设施",
        "经查，当事人废气处理设施停运。",
        "《大气污染防治法》第九十九条",
        "",
    ),
    violation(
        "安全生产",
        "未按规定开展安全培训",
        "经查，当事人未如实记录安全生产教育和培训情况。",
        "《安全生产法》第九十七条",
        "安全生产",
    ),
    violation(
        "安全生产",
        "特种作业人员无证上岗",
        "经查，当事人安排未取得资格的人员从事焊接作业。",
        "《安全生产法》第九十七条",
        "安全生产",
    ),
    violation("城市管理", "擅自占道施工", "经查，当事人未经批准占用道路施工。", "《城市道路管理条例》第四十二条", ""),
    violation("交通运输", "超限运输", "经查，当事人车辆超限行驶公路。", "《公路安全保护条例》第六十四条", ""),
    violation(
        "住房建设",
        "未按设计图纸施工",
        "经查，当事人未按照工程设计图纸施工。",
        "《建设工程质量管理条例》第六十四条",
        "",
    ),
    violation(
        "税务",
        "未按期申报纳税",
        "经查，当事人未按照规定的期限办理纳税申报。",
        "《税收征收管理法》第六十二条",
        "",
    ),
    violation(
        "药品",
        "未遵守药品经营质量管理规范",
        "经查，当事人未按要求储存药品。",
        "《药品管理法》第一百二十六条",
        "药品",
    ),
    violation("海关", "申报不实", "经查，当事人进口货物商品编号申报不实。", "《海关行政处罚实施条例》第十五条", ""),
    violation("水利", "未经批准取水", "经查，当事人未经批准擅自取水。", "《水法》第六十九条", ""),
];

/// The sectors that deal with a trade; the market regulator with every one.
fn sectors(o: &Organisation) -> &'static [&'static str] {
    match (o.trade, o.area) {
        ("化工" | "环保科技" | "供热", _) => &["市场监管", "生态环境", "安全生产"],
        ("建筑工程" | "房地产开发", "石泉县") => &["城市管理", "住房建设", "水利"],
        ("建筑工程" | "房地产开发", _) => &["住房建设", "安全生产", "生态环境"],
        ("物流", _) => &["交通运输", "税务", "海关"],
        ("医药", _) => &["药品", "市场监管"],
        ("矿业", _) => &["安全生产", "生态环境", "水利"],
        (_, "石泉县") => &["市场监管", "城市管理"],
        _ => &["市场监管", "市场监管", "税务", "生态环境"],
    }
}

/// A penalty for its file.
pub(super) fn write(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    let sector = chance.pick(sectors(o));
    let at = competent(sector, o.area);
    let (decided, received) = scribe.dates(chance, at, "penalty");
    let number = scribe.number(at, "罚", decided);
    if let Some(filled) = penalty(chance, o, at, number, decided) {
        scribe.put(received, at, "penalty", filled);
    }
}

/// A penalty's row.
pub(in crate::province) fn penalty(
    chance: &mut Chance,
    o: &Organisation,
    at: &Department,
    number: String,
    decided: Date,
) -> Option<Row> {
    let mut throw = chance.below(KINDS.iter().map(|kind| kind.share).sum());
    let kind = KINDS.iter().find(|kind| {
        let hit = throw < kind.share;
        throw = throw.saturating_sub(kind.share);
        hit
    })?;
    let fitting = VIOLATIONS.iter().filter(|violation| violation.sector == at.sector).collect::<Vec<_>>();
    let violation = chance.one(&fitting)?;
    // Half small enough to have been a simple procedure, were it not stated. In hundredths of 10,000 yuan.
    let fine = chance.one(&[20, 50, 80, 100, 200, 500, 1000, 5000]).copied().unwrap_or(50);
    let amount = |yes: bool, hundredths: usize| {
        if yes { format!("{}.{:02}", hundredths / 100, hundredths % 100) } else { String::new() }
    };
    let licence = if kind.kinds.contains("许可证件") { "经营许可证（示例）" } else { "" };
    let mut filled = row([
        ("CF_XDR_MC", name_in_file(chance, o)),
        ("CF_XDR_LB", subject_class(o).to_owned()),
        ("CF_XDR_SHXYM", o.uscc.clone()),
        ("CF_FRDB", o.representative.clone()),
        ("CF_FR_ZJLX", "身份证".to_owned()),
        ("CF_WSH", number),
        ("CF_WFXW", violation.name.to_owned()),
        ("CF_SY", violation.facts.to_owned()),
        ("CF_YJ", violation.basis.to_owned()),
        ("CF_CFLB", kind.kinds.to_owned()),
        ("CF_NR", kind.content.to_owned()),
        ("CF_NR_FK", amount(kind.fined, fine)),
        ("CF_NR_WFFF", amount(kind.confiscated, fine / 2 + 1)),
        ("CF_NR_ZKDX", licence.to_owned()),
        ("CF_JDRQ", decided.to_string()),
        ("CF_YXQ", Date::constant(2099, 12, 31).to_string()),
        ("CF_GSJZQ", decided.saturating_add(1.year()).to_string()),
        ("CF_CFJG", at.name.to_owned()),
        ("CF_CFJGDM", at.uscc()),
        ("CF_SJLY", at.name.to_owned()),
        ("CF_SJLYDM", at.uscc()),
    ]);
    if chance.percent(70) {
        filled.insert("procedure", "普通程序".to_owned());
        filled.insert("remedies_told", "是".to_owned());
        filled.insert("sector_flag", violation.flag.to_owned());
    }
    if chance.percent(30) {
        let serious = kind.kinds.contains('停') || kind.kinds.contains("许可证件");
        filled.insert("class_stated", if serious { "严重" } else { "一般" }.to_owned());
        filled.insert("class_basis", "行业失信行为分类标准（示例）".to_owned());
        filled.insert("discretion_tier", chance.pick(&["一般", "一般", "从轻", "从重"]).to_owned());
    }
    if kind.kinds.contains("停产停业") && chance.percent(50) {
        filled.insert("term_ends_on", decided.saturating_add(6.months()).to_string());
    }
    Some(filled)
}
