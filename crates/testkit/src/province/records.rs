//! What departments decide about organisations: mostly on time and right, some late, a few wrong.

use super::file::{CHINESE, DepartmentFile, EXPORT, Format, Row, SPREADSHEET, Sheet, TABBED, row};
use super::{Chance, Department, Organisation, Plan, departments};
use credence_domain::rulebook::Rulebook;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Sheets under way: by receipt, department and item.
type Sheets = BTreeMap<(Date, usize, &'static str), Sheet>;

const MARKET: [usize; 3] = [2, 3, 4];
const OTHERS: [usize; 4] = [5, 6, 7, 12];
/// Kinds of penalty with what the decision says, fine in units of 0.01 万元, confiscated likewise.
const KINDS: [(&str, &str, usize, usize, usize); 8] = [
    ("罚款", "处以罚款", 1, 0, 44),
    ("罚款;没收违法所得", "没收违法所得并处罚款", 1, 1, 18),
    ("警告;罚款", "给予警告并处罚款", 1, 0, 12),
    ("警告", "给予警告", 0, 0, 9),
    ("通报批评", "予以通报批评", 0, 0, 4),
    ("责令停产停业;罚款", "责令停产停业整顿，并处罚款", 1, 0, 6),
    ("暂扣许可证件", "暂扣许可证件三个月", 0, 0, 5),
    ("吊销许可证件", "吊销许可证件", 0, 0, 2),
];
const VIOLATIONS: [(&str, &str, &str); 6] = [
    ("超标排放污染物", "经查，当事人排放口污染物浓度超过排放标准。", "《排污许可管理条例》第三十四条"),
    ("未按规定公示信息", "经查，当事人未按规定公示即时信息。", "《企业信息公示暂行条例》第十八条"),
    ("未按规定开展安全培训", "经查，当事人未如实记录安全生产教育和培训情况。", "《安全生产法》第九十七条"),
    ("销售不合格产品", "经查，当事人销售的产品抽样检验不合格。", "《产品质量法》第四十九条"),
    ("擅自占道施工", "经查，当事人未经批准占用道路施工。", "《城市道路管理条例》第四十二条"),
    ("广告用语违法", "经查，当事人广告中使用绝对化用语。", "《广告法》第五十七条"),
];

struct Scribe<'a> {
    days: &'a [Date],
    today: Date,
    sheets: Sheets,
    numbers: BTreeMap<(usize, i16, &'static str), usize>,
}

impl Scribe<'_> {
    /// A day of decision and the day on which it is received: nine in ten within the working target.
    fn dates(&self, chance: &mut Chance) -> (Date, Date) {
        let late = chance.percent(10);
        let received =
            self.days.get(1 + chance.below(self.days.len().saturating_sub(1))).copied().unwrap_or(self.today);
        let back = if late { 15 + chance.below(60) } else { chance.below(6) };
        (received.saturating_sub((back as i64).days()), received)
    }

    fn number(&mut self, department: &Department, kind: &'static str, decided: Date) -> String {
        let number = self.numbers.entry((department.number, decided.year(), kind)).or_default();
        *number += 1;
        format!("{}{kind}〔{}〕{number}号", department.short, decided.year())
    }

    fn put(&mut self, received: Date, department: &Department, item: &'static str, row: Row) {
        self.sheets.entry((received, department.number, item)).or_default().rows.push(row);
    }
}

fn department(number: usize) -> &'static Department {
    let found = departments().get(number.saturating_sub(1)).or(departments().first());
    // The list is never empty; a wrong number would show as the first department's records.
    found.unwrap_or(&EMPTY)
}

static EMPTY: Department =
    Department { number: 0, name: "", short: "", level: "", area: "", regulator: "other", sector: "", declared: false };

pub(super) fn files(
    plan: &Plan,
    rulebook: &Rulebook,
    organisations: &[Organisation],
    days: &[Date],
) -> Vec<DepartmentFile> {
    let mut scribe = Scribe { days, today: plan.today, sheets: Sheets::new(), numbers: BTreeMap::new() };
    for (number, organisation) in organisations.iter().enumerate() {
        let mut chance = Chance::new(plan.seed ^ (number as u64) << 20, "records");
        for _ in 0..chance.below(4) {
            permit(&mut scribe, &mut chance, organisation);
        }
        for _ in 0..organisation.trouble {
            penalty(&mut scribe, &mut chance, organisation);
        }
        if chance.percent(12) {
            inspection(&mut scribe, &mut chance, organisation);
        }
        if organisation.trouble >= 2 && chance.percent(30) {
            defaulter(&mut scribe, &mut chance, organisation);
        }
        if organisation.registered && chance.percent(60) {
            national(&mut scribe, &mut chance, organisation);
        }
        if chance.percent(6) {
            honour(&mut scribe, &mut chance, organisation);
        }
        if organisation.trouble >= 1 && chance.percent(12) {
            abnormal(&mut scribe, &mut chance, organisation);
        }
        if organisation.trouble >= 1 && chance.percent(10) {
            arrears(&mut scribe, &mut chance, organisation);
        }
        if organisation.trouble >= 1 && chance.percent(8) {
            coercion(&mut scribe, &mut chance, organisation);
        }
    }
    mistakes(&mut scribe, plan, organisations);
    let formats = [EXPORT, SPREADSHEET, TABBED, CHINESE];
    let sheets = std::mem::take(&mut scribe.sheets);
    let file = |((received, number, item), sheet): ((Date, usize, &str), Sheet)| {
        let sender = department(number);
        let format: Format = formats.get((number + item.len()) % formats.len()).copied().unwrap_or(EXPORT);
        DepartmentFile {
            name: format!("{}-{item}-{received}.{}", sender.name, if format.tabs { "tsv" } else { "csv" }),
            source_uscc: sender.uscc(),
            item: item.to_owned(),
            received_on: received,
            order: 1 + number,
            rows: sheet.rows.len(),
            bytes: sheet.write(rulebook, item, format),
        }
    };
    sheets.into_iter().filter(|((_, _, item), _)| rulebook.items.contains_key(*item)).map(file).collect()
}

fn subject_class(organisation: &Organisation) -> &'static str {
    if organisation.uscc.starts_with("92") { "个体工商户" } else { "法人及非法人组织" }
}

fn permit(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    const PERMITS: [(&str, &str); 5] = [
        ("食品经营许可证", "食品销售、餐饮服务"),
        ("排污许可证", "废水、废气排放"),
        ("安全生产许可证", "建筑施工"),
        ("道路运输经营许可证", "普通货运"),
        ("取水许可证", "生产用水"),
    ];
    let (decided, received) = scribe.dates(chance);
    let at = department(if chance.percent(5) { 13 } else { 9 });
    let (paper, content) = PERMITS.get(chance.below(PERMITS.len())).copied().unwrap_or_default();
    let number = scribe.number(at, "许", decided);
    let until = if chance.percent(10) { Date::constant(2099, 12, 31) } else { decided.saturating_add(5.years()) };
    let filled = row([
        ("XK_XDR_MC", o.name.clone()),
        ("XK_XDR_LB", subject_class(o).to_owned()),
        ("XK_XDR_SHXYM", o.uscc.clone()),
        ("XK_FRDB", o.representative.clone()),
        ("XK_XKWS", "准予行政许可决定书".to_owned()),
        ("XK_WSH", number.clone()),
        ("XK_XKLB", "普通".to_owned()),
        ("XK_XKZS", paper.to_owned()),
        ("XK_XKBH", format!("示{}", number.chars().filter(char::is_ascii_digit).collect::<String>())),
        ("XK_NR", content.to_owned()),
        ("XK_JDRQ", decided.to_string()),
        ("XK_YXQZ", decided.to_string()),
        ("XK_YXQZI", until.to_string()),
        ("XK_XKJG", at.name.to_owned()),
        ("XK_XKJGDM", at.uscc()),
        ("XK_ZT", "1".to_owned()),
        ("XK_LYDW", at.name.to_owned()),
        ("XK_LYDWDM", at.uscc()),
    ]);
    scribe.put(received, at, "permit", filled);
}

fn penalty(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    let (decided, received) = scribe.dates(chance);
    let market = chance.percent(45);
    let at = department(if market {
        MARKET.get(chance.below(3)).copied().unwrap_or(2)
    } else {
        OTHERS.get(chance.below(4)).copied().unwrap_or(5)
    });
    let mut throw = chance.below(100);
    let kind = KINDS.iter().find(|kind| {
        let hit = throw < kind.4;
        throw = throw.saturating_sub(kind.4);
        hit
    });
    let (kinds, content, fined, confiscated, _) = kind.copied().unwrap_or_default();
    let (violation, facts, basis) = VIOLATIONS.get(chance.below(VIOLATIONS.len())).copied().unwrap_or_default();
    // Half small enough to have been a simple procedure, were it not stated.
    let fine = [20, 50, 80, 100, 200, 500, 1000, 5000].get(chance.below(8)).copied().unwrap_or(50);
    let number = scribe.number(at, "罚", decided);
    let amount = |yes: usize, hundredths: usize| {
        if yes == 0 { String::new() } else { format!("{}.{:02}", hundredths / 100, hundredths % 100) }
    };
    let mut filled = row([
        ("CF_XDR_MC", o.name.clone()),
        ("CF_XDR_LB", subject_class(o).to_owned()),
        ("CF_XDR_SHXYM", o.uscc.clone()),
        ("CF_FRDB", o.representative.clone()),
        ("CF_FR_ZJLX", "身份证".to_owned()),
        ("CF_WSH", number),
        ("CF_WFXW", violation.to_owned()),
        ("CF_SY", facts.to_owned()),
        ("CF_YJ", basis.to_owned()),
        ("CF_CFLB", kinds.to_owned()),
        ("CF_NR", content.to_owned()),
        ("CF_NR_FK", amount(fined, fine)),
        ("CF_NR_WFFF", amount(confiscated, fine / 2 + 1)),
        ("CF_NR_ZKDX", if kinds.contains("许可证件") { "经营许可证（示例）".to_owned() } else { String::new() }),
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
    }
    if chance.percent(30) {
        let class = if kinds.contains('停') || kinds.contains("许可证件") { "严重" } else { "一般" };
        filled.insert("class_stated", class.to_owned());
        filled.insert("class_basis", "行业失信行为分类标准（示例）".to_owned());
    }
    if kinds.contains("停产停业") && chance.percent(50) {
        filled.insert("term_ends_on", decided.saturating_add(6.months()).to_string());
    }
    scribe.put(received, at, "penalty", filled);
}

fn inspection(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    let (decided, received) = scribe.dates(chance);
    let at = department(MARKET.get(chance.below(3)).copied().unwrap_or(3));
    let result =
        chance.pick(&["未发现问题", "未发现问题", "未发现问题", "发现问题经责令已改正", "未按规定公示应当公示的信息"]);
    let filled = row([
        ("inspection_number", scribe.number(at, "检", decided)),
        ("inspection_name", "双随机抽查".to_owned()),
        ("authority_name", at.name.to_owned()),
        ("authority_uscc", at.uscc()),
        ("name", o.name.clone()),
        ("uscc", o.uscc.clone()),
        ("form", "日常检查".to_owned()),
        ("content", "公示信息、登记事项".to_owned()),
        ("result", result.to_owned()),
        ("inspected_on", decided.to_string()),
        ("inspectors", "检查人员甲（示例）、检查人员乙（示例）".to_owned()),
    ]);
    scribe.put(received, at, "inspection", filled);
}

fn defaulter(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    let (decided, received) = scribe.dates(chance);
    let court = department(10);
    let number = scribe.number(court, "执", decided);
    let filled = row([
        ("name", o.name.clone()),
        ("uscc", o.uscc.clone()),
        ("legal_representative", o.representative.clone()),
        ("court", court.name.to_owned()),
        ("court_uscc", court.uscc()),
        ("case_number", number),
        ("filed_on", decided.saturating_sub(90.days()).to_string()),
        ("duty", "支付货款（示例）".to_owned()),
        ("ground", "违反财产报告制度".to_owned()),
        ("term_ends_on", decided.saturating_add(2.years()).to_string()),
        ("published_on", decided.to_string()),
    ]);
    scribe.put(received, court, "judgment_defaulter", filled);
}

fn national(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    let centre = department(1);
    let received = scribe.days.get(17).copied().unwrap_or(scribe.today);
    let grade = match (o.trouble, chance.below(10)) {
        (0, 0..7) => "A",
        (0, _) => "B",
        (1, _) => "B",
        (2, _) => "C",
        _ => "D",
    };
    let filled = row([
        ("name", o.name.clone()),
        ("uscc", o.uscc.clone()),
        ("grade", grade.to_owned()),
        ("evaluated_on", received.saturating_sub(3.days()).to_string()),
        ("owner_name", centre.name.to_owned()),
        ("owner_uscc", centre.uscc()),
        ("model", "全国结果（示例）".to_owned()),
    ]);
    scribe.put(received, centre, "evaluation_national", filled);
}

fn honour(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    let (decided, received) = scribe.dates(chance);
    let at = department(8);
    let filled = row([
        ("name", o.name.clone()),
        ("uscc", o.uscc.clone()),
        ("honour_name", chance.pick(&["守合同重信用企业", "优质工程奖", "纳税信用A级"]).to_owned()),
        ("entry_number", scribe.number(at, "奖", decided)),
        ("awarded_on", decided.to_string()),
        ("valid_to", decided.saturating_add(3.years()).to_string()),
        ("owner_name", at.name.to_owned()),
        ("owner_uscc", at.uscc()),
    ]);
    scribe.put(received, at, "honour", filled);
}

fn abnormal(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    let (decided, received) = scribe.dates(chance);
    let at = department(MARKET.get(chance.below(3)).copied().unwrap_or(3));
    let mut filled = row([
        ("name", o.name.clone()),
        ("uscc", o.uscc.clone()),
        ("ground", "1".to_owned()),
        ("listed_on", decided.to_string()),
        ("entry_number", scribe.number(at, "异列", decided)),
        ("owner_name", at.name.to_owned()),
        ("owner_uscc", at.uscc()),
    ]);
    let cured = decided.saturating_add(40.days());
    if chance.percent(50) && cured < received {
        filled.insert("removed_on", cured.to_string());
    }
    scribe.put(received, at, "abnormal_operation", filled);
}

fn arrears(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    let (decided, received) = scribe.dates(chance);
    let at = department(11);
    let filled = row([
        ("name", o.name.clone()),
        ("uscc", o.uscc.clone()),
        ("kind", "税款".to_owned()),
        ("period", format!("{}-{:02}", decided.year(), decided.month())),
        ("levy_name", "增值税（示例）".to_owned()),
        ("amount", format!("{}.5", 1 + chance.below(200))),
        ("decided_on", decided.to_string()),
        ("document_number", scribe.number(at, "责缴", decided)),
        ("owner_name", at.name.to_owned()),
        ("owner_uscc", at.uscc()),
    ]);
    scribe.put(received, at, "arrears", filled);
}

fn coercion(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    let (decided, received) = scribe.dates(chance);
    let at = department(OTHERS.get(chance.below(4)).copied().unwrap_or(5));
    let filled = row([
        ("name", o.name.clone()),
        ("uscc", o.uscc.clone()),
        ("document_number", scribe.number(at, "强", decided)),
        ("kind", "查封场所、设施或者财物".to_owned()),
        ("facts", "涉案物品（示例）".to_owned()),
        ("content", "查封场所、设施或者财物".to_owned()),
        ("legal_basis", "《行政强制法》第二十二条".to_owned()),
        ("decided_on", decided.to_string()),
        ("authority_name", at.name.to_owned()),
        ("authority_uscc", at.uscc()),
    ]);
    scribe.put(received, at, "coercion", filled);
}

/// The errors that really happen, in the penalty files of one department and day.
fn mistakes(scribe: &mut Scribe<'_>, plan: &Plan, organisations: &[Organisation]) {
    let at = department(5);
    let Some(day) = scribe.days.get(15).copied() else { return };
    let mut chance = Chance::new(plan.seed, "mistakes");
    for (number, organisation) in organisations.iter().step_by(23).take(60).enumerate() {
        let mut scratch =
            Scribe { days: &[day, day], today: plan.today, sheets: Sheets::new(), numbers: BTreeMap::new() };
        penalty(&mut scratch, &mut chance, organisation);
        let Some(mut filled) = scratch.sheets.into_values().next().and_then(|sheet| sheet.rows.into_iter().next())
        else {
            continue;
        };
        let mut put = |code: &'static str, value: String| {
            filled.insert(code, value);
        };
        put("CF_WSH", format!("{}错〔{}〕{}号", at.short, day.year(), number + 1));
        put("CF_CFJG", at.name.to_owned());
        put("CF_CFJGDM", at.uscc());
        put("CF_SJLY", at.name.to_owned());
        put("CF_SJLYDM", at.uscc());
        let uscc = organisation.uscc.clone();
        match number % 10 {
            0 => put(
                "CF_XDR_SHXYM",
                format!("{}{}", uscc.get(..17).unwrap_or_default(), if uscc.ends_with('0') { '1' } else { '0' }),
            ),
            1 => put("CF_JDRQ", "2025-13-01".to_owned()),
            2 => put("CF_JDRQ", "2099-12-31".to_owned()),
            3 => put("CF_XDR_LB", "自然人".to_owned()),
            4 => put("BZ", "适用简易程序当场处罚".to_owned()),
            5 => {
                put("CF_CFLB", "罚款".to_owned());
                put("CF_NR_FK", String::new());
            }
            6 => put("CF_XDR_SHXYM", uscc.to_lowercase()),
            7 => put("CF_CFLB", "打手板".to_owned()),
            8 => put("CF_SY", String::new()),
            _ => put("CF_XDR_SHXYM", "370100200000010".to_owned()),
        }
        scribe.put(day, at, "penalty", filled);
    }
}
