//! The organisations of the province.

use super::{Chance, Plan, names};
use credence_domain::subject::uscc::{SYMBOLS, check_symbol};
use jiff::ToSpan;
use jiff::civil::Date;

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its code.
    pub uscc: String,
    /// Name when it was founded.
    pub name: String,
    /// Name that a later registration gives it.
    pub renamed: Option<String>,
    /// Kind as a registrar writes it.
    pub kind: &'static str,
    /// Area.
    pub area: &'static str,
    /// Day of establishment.
    pub established: Date,
    /// Capital.
    pub capital: String,
    /// Word of its trade.
    pub trade: &'static str,
    /// Scope of business.
    pub scope: &'static str,
    /// Legal representative: made up.
    pub representative: String,
    /// Registration status.
    pub status: &'static str,
    /// A few are never registered (未登记).
    pub registered: bool,
    /// How much trouble it makes: 0 for three in four.
    pub trouble: usize,
}

const AREAS: [&str; 5] = ["云海市", "云海市", "青禾市", "青禾市", "石泉县"];

/// The organisations of a plan, in order of their numbers.
#[must_use]
pub fn organisations(plan: &Plan) -> Vec<Organisation> {
    (0..plan.organisations).map(|number| organisation(plan, number)).collect()
}

/// The code of the organisation with a number.
#[must_use]
pub fn code(kind: &str, number: usize) -> String {
    let mut body = format!("{kind}379900MA");
    // Seven more symbols: a bijective scramble, so that neighbours in a file are no neighbours in the index.
    let mut rest = (number as u64).wrapping_mul(2_654_435_761) % 887_503_681;
    for _ in 0..7 {
        body.push(SYMBOLS.get((rest % 31) as usize).map_or('0', |symbol| char::from(*symbol)));
        rest /= 31;
    }
    let check = check_symbol(body.as_bytes()).map_or('0', char::from);
    body.push(check);
    body
}

fn organisation(plan: &Plan, number: usize) -> Organisation {
    let mut chance = Chance::new(plan.seed ^ (number as u64) << 20, "organisation");
    let area = AREAS.get(chance.below(AREAS.len())).copied().unwrap_or("云海市");
    let (trade, scope) = names::trade(&mut chance);
    let word = names::word(&mut chance);
    let (code_kind, kind, name) = match chance.below(100) {
        0..78 => ("91", "有限责任公司(自然人投资或控股)", format!("{area}{word}{trade}有限公司")),
        78..84 => ("91", "股份有限公司(非上市)", format!("{word}{trade}（示范）股份有限公司")),
        84..92 => ("92", "个体工商户", format!("{area}{word}{trade}商行")),
        92..96 => ("93", "农民专业合作社", format!("{area}{word}种植专业合作社")),
        96 => ("52", "民办非企业单位", format!("{area}{word}职业培训学校")),
        97 => ("51", "社会团体", format!("{area}{word}{trade}协会")),
        98 => ("12", "事业单位", format!("{area}{word}公共服务中心")),
        _ => ("11", "机关", format!("{area}{word}镇人民政府")),
    };
    // A number in the name keeps names apart as real name registers do.
    let name = if number >= 400 { name.replacen(&word, &format!("{word}{}", numeral(number)), 1) } else { name };
    let renamed = chance.percent(2).then(|| name.replacen(&word, &format!("新{word}"), 1));
    let established = plan.today.saturating_sub((400 + chance.below(9000) as i64).days());
    let status = match chance.below(100) {
        0..93 => "存续",
        93..96 => "注销",
        96..98 => "吊销",
        _ => "存续",
    };
    let public_body = code_kind.starts_with('1');
    let trouble = match chance.below(100) {
        0..72 => 0,
        72..88 => 1,
        88..96 => 2,
        96..99 => 4,
        _ => 8,
    };
    Organisation {
        uscc: code(code_kind, number),
        name,
        renamed,
        kind,
        area,
        established,
        capital: format!("{}万元", [50, 100, 200, 500, 1000, 3000].get(chance.below(6)).copied().unwrap_or(100)),
        trade,
        scope,
        representative: names::person(&mut chance),
        status: if public_body { "存续" } else { status },
        registered: number % 97 != 41,
        trouble: if public_body { 0 } else { trouble },
    }
}

fn numeral(number: usize) -> String {
    number.to_string().chars().filter_map(|c| "零一二三四五六七八九".chars().nth(c.to_digit(10)? as usize)).collect()
}
