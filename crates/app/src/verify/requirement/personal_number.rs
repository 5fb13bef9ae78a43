//! 条例 42: no identity or telephone number is in the public half of a public record.

use super::{Check, REGULATION, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use credence_domain::catalog::FieldType;
use credence_domain::record::personal;
use serde_json::Value;

pub const REQUIREMENT: Requirement = Requirement {
    id: "personal_number",
    source: REGULATION,
    article: "四十二",
    demand: "no identity or telephone number stands in a public field of a public record",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    let Some((_, version)) = case.edition else { return };
    if case.stored.from_on.is_none() {
        return;
    }
    let mut texts = version.fields.iter().filter(|f| f.kind == FieldType::Text && !f.is_number_of_registration());
    let found = texts.find(|field| {
        case.public.get(&field.code).and_then(Value::as_str).is_some_and(personal::carries_personal_number)
    });
    tally.expect(found.is_none(), || {
        case.example(format!("personal number in {}", found.map_or("", |f| f.code.as_str())))
    });
}
