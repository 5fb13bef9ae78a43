//! 条例 42: no identity or telephone number is in the public half of a public record.

use super::{Check, REGULATION, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use credence_domain::record::review::personal_fields;
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
    let found = personal_fields(version, |code| case.public.get(code).and_then(Value::as_str).unwrap_or_default());
    tally.expect(found.is_empty(), || case.example(format!("personal number in {}", found.join(", "))));
}
