//! Cases of listings: one organisation in eighteen, in every state there is, with what each rests on. A case is a script of steps
//! in the form in which a program sends them (docs/listing.md); whoever makes a register takes them through the use cases, each
//! on its day. The documents come in files of their own, so that a province without cases is the same as before.

mod ground;
mod way;

pub use ground::grounds;

use super::unit::{competent, numbered};
use super::{Department, Organisation, Plan, organisations};
use credence_domain::rulebook::Rulebook;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};
use way::{WAYS, Way};

/// One case in so many organisations.
const ORGANISATIONS_A_CASE: usize = 18;

/// What a case is made of.
struct Case<'o> {
    number: usize,
    way: &'static Way,
    organisation: &'o Organisation,
    at: &'static Department,
    matter: &'static Matter,
    today: Date,
    /// How many days earlier than its way says everything happens.
    shift: i64,
}

/// What a case is about: its list, and what was punished.
struct Matter {
    list: &'static str,
    criterion: usize,
    violation: &'static str,
    basis: &'static str,
    facts: &'static str,
    measures: &'static [&'static str],
}

const MARKET: Matter = Matter {
    list: "market_regulation",
    criterion: 3,
    violation: "生产销售不合格产品",
    basis: "《产品质量法》第四十九条",
    facts: "生产销售不符合保障人身、财产安全要求的产品，被责令停产停业（示例）",
    measures: &["key_supervision_market_regulation", "no_commitment_procedure"],
};
const SAFETY: Matter = Matter {
    list: "work_safety",
    criterion: 1,
    violation: "未消除重大事故隐患",
    basis: "《安全生产法》第一百零二条",
    facts: "发现重大事故隐患拒不整改，被责令停产停业（示例）",
    measures: &["work_safety_joint_restrictions"],
};
const WAGES: Matter = Matter {
    list: "wage_arrears",
    criterion: 1,
    violation: "拖欠农民工工资",
    basis: "《保障农民工工资支付条例》第五十三条",
    facts: "拖欠农民工工资，经责令支付仍不支付（示例）",
    measures: &["wage_list_restrictions"],
};
const MODEL: Matter = Matter {
    list: "honesty_model",
    criterion: 1,
    violation: "",
    basis: "",
    facts: "诚信经营，在本行业有示范作用（示例）",
    measures: &[],
};

/// The cases of a province, in order.
fn cases<'o>(plan: &Plan, organisations: &'o [Organisation]) -> Vec<Case<'o>> {
    let fit: Vec<&Organisation> = organisations
        .iter()
        .filter(|o| o.registered && o.uscc.starts_with("91") && o.status == "存续" && o.renamed.is_none())
        .collect();
    let count = plan.organisations.div_ceil(ORGANISATIONS_A_CASE).min(fit.len());
    let case = |number: usize| {
        let (round, way) = (number / WAYS.len(), WAYS.get(number % WAYS.len())?);
        let from = number * fit.len() / count;
        let until = ((number + 1) * fit.len() / count).max(from + 1);
        let of_turn = fit.get(from..until)?;
        // Who is honoured has had no trouble.
        let clean = of_turn.iter().find(|o| !way.incentive || o.trouble == 0);
        let organisation = clean.or_else(|| of_turn.first())?;
        // A whole term, and a repair, are those of a market regulator's list.
        let market = way.longest || way.by_repair;
        let (at, matter) = match round % 4 {
            _ if way.incentive => (numbered(3), &MODEL),
            1 if !market => (competent("安全生产", organisation.area), &SAFETY),
            2 => (numbered(4), &MARKET),
            3 if !market => (numbered(20), &WAGES),
            _ => (numbered(3), &MARKET),
        };
        let shift = if way.recent { 0 } else { i64::try_from(round % 4).unwrap_or_default() };
        Some(Case { number, way, organisation, at, matter, today: plan.today, shift })
    };
    (0..count).filter_map(case).collect()
}

impl Case<'_> {
    /// The day so many days before today.
    fn day(&self, back: i64) -> Date {
        self.today.saturating_sub((back + self.shift).days())
    }

    /// Number of the document that it rests on.
    fn document(&self) -> String {
        let year = self.decided_on().year();
        format!("{}{}〔{year}〕{}号", self.at.short, if self.way.incentive { "誉" } else { "重罚" }, self.number + 1)
    }

    /// The day of that document.
    fn decided_on(&self) -> Date {
        self.day(self.way.ground + 3)
    }

    fn script(&self, rulebook: &Rulebook) -> Value {
        let steps: Vec<Value> = (self.way.steps)(self, rulebook);
        json!({
            "way": self.way.name,
            "list": self.matter.list,
            "criterion": self.matter.criterion,
            "uscc": self.organisation.uscc,
            "unit": self.at.uscc(),
            "facts": self.matter.facts,
            "document": self.document(),
            "by": self.proposer(),
            "on": self.day(self.way.proposed).to_string(),
            "steps": steps,
        })
    }

    fn proposer(&self) -> String {
        format!("demo-proposer-{}", self.number % 3 + 1)
    }

    fn decider(&self) -> String {
        format!("demo-decider-{}", self.number % 2 + 1)
    }
}

/// The scripts of all cases: what becomes of each, its proposal, and its steps with their days and persons.
#[must_use]
pub fn listings(plan: &Plan, rulebook: &Rulebook) -> Vec<Value> {
    let organisations = organisations(plan);
    cases(plan, &organisations).iter().map(|case| case.script(rulebook)).collect()
}
