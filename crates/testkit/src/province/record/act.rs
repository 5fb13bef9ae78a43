//! The other administrative acts: coercion, confirmation, levy, payment, adjudication, compensation, reward, and
//! inspection (鲁信用办〔2019〕8号 六).

use super::turn;
use crate::province::file::{Row, row};
use crate::province::scribe::{Scribe, name_in_file, subject_class};
use crate::province::unit::competent;
use crate::province::{Chance, Department, Organisation};
use jiff::ToSpan;
use jiff::civil::Date;

/// An act as decisions of one kind put it.
struct Act {
    item: &'static str,
    /// Fields of number, content and day.
    fields: [&'static str; 3],
    /// What stands in the document number.
    mark: &'static str,
    /// Sector of the authority.
    sector: &'static str,
    matter: &'static str,
    content: &'static str,
    basis: &'static str,
    /// An amount belongs to it.
    amount: bool,
    /// Once in how many organisations.
    every: usize,
}

const ACTS: [Act; 9] = [
    Act {
        item: "confirmation",
        fields: ["confirmation_number", "confirmation_content", "confirmation_decided_on"],
        mark: "确",
        sector: "科技",
        matter: "高新技术企业认定",
        content: "认定为高新技术企业",
        basis: "《高新技术企业认定管理办法》第十二条",
        amount: false,
        every: 14,
    },
    Act {
        item: "confirmation",
        fields: ["confirmation_number", "confirmation_content", "confirmation_decided_on"],
        mark: "确",
        sector: "住房建设",
        matter: "建设工程竣工验收备案",
        content: "予以竣工验收备案",
        basis: "《建设工程质量管理条例》第四十九条",
        amount: false,
        every: 23,
    },
    Act {
        item: "levy",
        fields: ["levy_number", "levy_content", "levy_decided_on"],
        mark: "征",
        sector: "水利",
        matter: "水资源费",
        content: "依法征收水资源费",
        basis: "《取水许可和水资源费征收管理条例》第二十八条",
        amount: true,
        every: 29,
    },
    Act {
        item: "levy",
        fields: ["levy_number", "levy_content", "levy_decided_on"],
        mark: "征",
        sector: "税务",
        matter: "环境保护税",
        content: "依法征收环境保护税",
        basis: "《环境保护税法》第二条",
        amount: true,
        every: 11,
    },
    Act {
        item: "payment",
        fields: ["payment_number", "payment_content", "payment_decided_on"],
        mark: "给",
        sector: "社会保障",
        matter: "稳岗返还",
        content: "返还失业保险费",
        basis: "《失业保险条例》第十条",
        amount: true,
        every: 17,
    },
    Act {
        item: "payment",
        fields: ["payment_number", "payment_content", "payment_decided_on"],
        mark: "给",
        sector: "农业农村",
        matter: "农机购置补贴",
        content: "给付农业机械购置补贴",
        basis: "《农业机械化促进法》第二十七条",
        amount: true,
        every: 31,
    },
    Act {
        item: "adjudication",
        fields: ["adjudication_number", "adjudication_content", "adjudication_decided_on"],
        mark: "裁",
        sector: "自然资源",
        matter: "土地权属争议",
        content: "争议地块使用权归申请人（示例）",
        basis: "《土地管理法》第十四条",
        amount: false,
        every: 53,
    },
    Act {
        item: "compensation",
        fields: ["compensation_number", "compensation_content", "compensation_decided_on"],
        mark: "补",
        sector: "自然资源",
        matter: "国有土地上房屋征收补偿",
        content: "补偿停产停业损失（示例）",
        basis: "《国有土地上房屋征收与补偿条例》第十七条",
        amount: true,
        every: 41,
    },
    Act {
        item: "reward",
        fields: ["reward_number", "reward_content", "reward_decided_on"],
        mark: "励",
        sector: "财政",
        matter: "专精特新企业奖励",
        content: "给予一次性奖励",
        basis: "《中小企业促进法》第三十二条",
        amount: true,
        every: 19,
    },
];

/// Acts that say nothing bad, and inspections.
pub(super) fn write(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation, number: usize) {
    for act in ACTS.iter().filter(|act| turn(number, act.every, 7)) {
        let at = competent(act.sector, o.area);
        let (decided, received) = scribe.dates(chance, at, act.item);
        let document = scribe.number(at, act.mark, decided);
        let mut filled = common(chance, o, at, act.fields, document, decided, act.content);
        filled.insert("matter", act.matter.to_owned());
        filled.insert("legal_basis", act.basis.to_owned());
        if act.amount {
            filled.insert("amount", format!("{}.{}", 1 + chance.below(90), chance.below(10)));
        }
        if act.item == "confirmation" {
            filled.insert("to", decided.saturating_add(3.years()).to_string());
        }
        if act.item == "adjudication" {
            filled.insert("other_party", "某村民委员会（示例）".to_owned());
        }
        scribe.put(received, at, act.item, filled);
    }
    if chance.percent(10 + 10 * o.trouble.min(4)) {
        inspection(scribe, chance, o);
    }
}

/// Coercion (行政强制): once in nine of those in trouble.
pub(super) fn write_adverse(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation, troubled: usize) {
    const COERCIONS: [(&str, &str, &str, &str); 4] = [
        ("市场监管", "查封场所、设施或者财物", "涉案产品（示例）", "《行政强制法》第二十二条"),
        ("生态环境", "查封场所、设施或者财物", "违法排放污染物的设施（示例）", "《环境保护法》第二十五条"),
        ("税务", "加处罚款或者滞纳金", "逾期未缴纳罚款", "《行政处罚法》第七十二条"),
        ("城市管理", "排除妨碍、恢复原状", "占道堆放物料（示例）", "《行政强制法》第五十条"),
    ];
    if !turn(troubled, 9, 4) {
        return;
    }
    let Some((sector, kind, facts, basis)) = chance.one(&COERCIONS).copied() else { return };
    let at = competent(sector, o.area);
    let (decided, received) = scribe.dates(chance, at, "coercion");
    let document = scribe.number(at, "强", decided);
    let fields = ["coercion_number", "coercion_content", "coercion_decided_on"];
    let mut filled = common(chance, o, at, fields, document, decided, kind);
    filled.insert("kind", kind.to_owned());
    filled.insert("facts", facts.to_owned());
    filled.insert("legal_basis", basis.to_owned());
    filled.insert("from", decided.to_string());
    filled.insert("to", decided.saturating_add(30.days()).to_string());
    filled.insert("remedies_told", "是".to_owned());
    scribe.put(received, at, "coercion", filled);
}

/// What every act of this family states.
fn common(
    chance: &mut Chance,
    o: &Organisation,
    at: &Department,
    [number_field, content_field, day_field]: [&'static str; 3],
    document: String,
    decided: Date,
    content: &str,
) -> Row {
    row([
        ("name", name_in_file(chance, o)),
        ("subject_class", subject_class(o).to_owned()),
        ("uscc", o.uscc.clone()),
        ("legal_representative", o.representative.clone()),
        (number_field, document),
        (content_field, content.to_owned()),
        (day_field, decided.to_string()),
        ("authority_name", at.name.to_owned()),
        ("authority_uscc", at.uscc()),
        ("source_name", at.name.to_owned()),
        ("source_uscc", at.uscc()),
    ])
}

fn inspection(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation) {
    const CHECKS: [(&str, &str, &str); 5] = [
        ("市场监管", "双随机抽查", "公示信息、登记事项"),
        ("市场监管", "双随机抽查", "产品质量"),
        ("安全生产", "安全生产执法检查", "安全生产责任制落实情况"),
        ("生态环境", "生态环境专项检查", "污染防治设施运行情况"),
        ("农业农村", "农资质量专项检查", "农资进货查验记录"),
    ];
    let Some((sector, name, content)) = chance.one(&CHECKS).copied() else { return };
    let at = competent(sector, o.area);
    let (decided, received) = scribe.dates(chance, at, "inspection");
    let clean = chance.percent(if o.trouble == 0 { 85 } else { 50 });
    let (result, disposition) = if clean {
        ("未发现问题", "无需后续处置")
    } else {
        let results = [
            "发现问题经责令已改正",
            "未按规定公示应当公示的信息",
            "通过登记的住所（经营场所）无法联系",
            "发现问题待后续处置",
        ];
        (chance.pick(&results), "责令改正")
    };
    let special = name.contains("专项");
    let filled = row([
        ("inspection_number", scribe.number(at, "检", decided)),
        ("inspection_name", name.to_owned()),
        ("plan_number", format!("{}抽〔{}〕1号", at.short, decided.year())),
        ("authority_name", at.name.to_owned()),
        ("authority_uscc", at.uscc()),
        ("name", name_in_file(chance, o)),
        ("subject_class", subject_class(o).to_owned()),
        ("uscc", o.uscc.clone()),
        ("form", if special { "专项检查" } else { "日常检查" }.to_owned()),
        ("content", content.to_owned()),
        ("result", result.to_owned()),
        ("disposition", disposition.to_owned()),
        ("inspected_on", decided.to_string()),
        ("inspectors", "检查人员甲（示例）、检查人员乙（示例）".to_owned()),
        ("source_name", at.name.to_owned()),
        ("source_uscc", at.uscc()),
    ]);
    scribe.put(received, at, "inspection", filled);
}
