//! 条例 20: only what the item publishes stands in the public half.

use super::{Check, REGULATION, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use credence_domain::catalog::Disclosure;

pub const REQUIREMENT: Requirement = Requirement {
    id: "published_fields",
    source: REGULATION,
    article: "二十",
    demand: "the public half of a record holds public fields of a public item and nothing else",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    let Some((_, version)) = case.edition else { return };
    let public = |code: &String| version.fields.iter().any(|field| field.code == *code && field.public);
    let disclosed = version.disclosure == Disclosure::Public;
    let wrong = case.public.keys().find(|code| !disclosed || !public(code));
    let shown = disclosed || case.stored.from_on.is_none();
    tally.expect(wrong.is_none() && shown, || {
        case.example(format!("field {} is not published", wrong.map_or("-", String::as_str)))
    });
}
