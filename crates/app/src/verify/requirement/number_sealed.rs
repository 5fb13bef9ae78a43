//! 个人信息保护法 51: the number of a natural person's paper does not lie readable in the register.

use super::{Check, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use serde_json::{Map, Value};

pub const REQUIREMENT: Requirement = Requirement {
    id: "number_sealed",
    source: "个人信息保护法",
    article: "五十一",
    demand: "the number of a natural person's paper is kept encrypted",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    let Some((_, version)) = case.edition else { return };
    let mut numbers = version.secret_fields().filter(|(_, field)| !case.text(&field.code).is_empty()).peekable();
    if numbers.peek().is_none() {
        return;
    }
    let kept: Map<String, Value> = serde_json::from_str(case.kept_other).unwrap_or_default();
    // Opened it is another text than as it lies there.
    let readable = numbers.find(|(_, field)| {
        let kept = kept.get(&field.code).and_then(Value::as_str).unwrap_or_default();
        case.keys.is_some() && kept == case.text(&field.code)
    });
    tally.expect(readable.is_none(), || {
        case.example(format!("{} lies readable", readable.map_or("", |(_, field)| field.code.as_str())))
    });
}
