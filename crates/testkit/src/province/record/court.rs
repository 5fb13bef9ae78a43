//! Lists of the courts: judgment defaulters and false litigation. The court stays the owner, and its withdrawal ends an
//! entry the same day (鲁信用办〔2019〕8号 六).

use super::turn;
use crate::province::file::{Row, row};
use crate::province::scribe::{Scribe, name_in_file, subject_class};
use crate::province::unit::competent;
use crate::province::{Chance, Department, Organisation};
use jiff::ToSpan;

/// Once in six of those in trouble a defaulter, once in fifteen false litigation.
pub(super) fn write(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation, troubled: usize) {
    if turn(troubled, 6, 1) {
        defaulter(scribe, chance, o, turn(troubled, 24, 1));
    }
    if turn(troubled, 15, 3) {
        false_litigation(scribe, chance, o, turn(troubled, 30, 3));
    }
}

fn common(chance: &mut Chance, o: &Organisation, court: &Department, number: String) -> Row {
    row([
        ("name", name_in_file(chance, o)),
        ("uscc", o.uscc.clone()),
        ("legal_representative", o.representative.clone()),
        ("court", court.name.to_owned()),
        ("court_uscc", court.uscc()),
        ("case_number", number),
        ("source_name", court.name.to_owned()),
        ("source_uscc", court.uscc()),
    ])
}

fn defaulter(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation, withdrawn: bool) {
    const GROUNDS: [(&str, &str); 4] = [
        ("违反财产报告制度", "全部未履行"),
        ("有履行能力而拒不履行生效法律文书确定义务", "全部未履行"),
        ("以虚假诉讼、虚假仲裁或者以隐匿、转移财产等方法规避执行", "部分未履行"),
        ("无正当理由拒不履行执行和解协议", "部分未履行"),
    ];
    const DUTIES: [&str; 3] = ["支付货款（示例）", "支付工程款（示例）", "返还借款本金及利息（示例）"];
    let court = competent("司法", o.area);
    let (decided, received) = scribe.dates(chance, court, "judgment_defaulter");
    let number = scribe.number(court, "执", decided);
    let (ground, performance) = chance.one(&GROUNDS).copied().unwrap_or_default();
    let mut filled = common(chance, o, court, number);
    filled.extend(row([
        ("subject_class", subject_class(o).to_owned()),
        ("area", o.area.to_owned()),
        ("filed_on", decided.saturating_sub(90.days()).to_string()),
        ("basis_document", format!("({})示01民初{}号", decided.year(), 100 + chance.below(900))),
        ("duty", chance.pick(&DUTIES).to_owned()),
        ("performance", performance.to_owned()),
        ("ground", ground.to_owned()),
        ("term_ends_on", decided.saturating_add(2.years()).to_string()),
        ("published_on", decided.to_string()),
    ]));
    scribe.put(received, court, "judgment_defaulter", filled.clone());
    // Half are withdrawn by the court once the duty is done; of the withdrawn ones a few are sent again, changed, in vain.
    let cured = decided.saturating_add((30 + chance.below(200) as i64).days());
    let Some(at) = scribe.later(court, "judgment_defaulter", received.max(cured)) else { return };
    if withdrawn || chance.percent(50) {
        filled.insert("performance", "全部已履行".to_owned());
        filled.insert("removed_on", cured.max(received).to_string());
        scribe.put(at, court, "judgment_defaulter", filled.clone());
        if withdrawn && let Some(again) = scribe.later(court, "judgment_defaulter", at) {
            filled.insert("removed_on", String::new());
            scribe.put(again, court, "judgment_defaulter", filled);
        }
    }
}

fn false_litigation(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation, deleted: bool) {
    let court = competent("司法", o.area);
    let (decided, received) = scribe.dates(chance, court, "false_litigation");
    let number = scribe.number(court, "民初", decided);
    let mut filled = common(chance, o, court, number);
    filled.insert("ground", "单方捏造基本事实，向人民法院提起民事诉讼（示例）".to_owned());
    filled.insert("decided_on", decided.to_string());
    scribe.put(received, court, "false_litigation", filled.clone());
    if deleted && let Some(at) = scribe.later(court, "false_litigation", received) {
        filled.insert("removed_on", at.to_string());
        scribe.put(at, court, "false_litigation", filled);
    }
}
