//! 五: nothing stands on a credit file that the data list of the day of receipt does not name.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;

pub const REQUIREMENT: Requirement = Requirement {
    id: "list_item",
    source: FOUNDING,
    article: "五",
    demand: "every record and each of its fields is named by the data list in force on the day of receipt",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    if case.stored.state == "erased" {
        return;
    }
    let Some((_, version)) = case.edition else {
        return tally.fail(case.example(format!("no edition of item {} on the day of receipt", case.stored.item)));
    };
    let unknown = case.fields.keys().find(|code| !version.fields.iter().any(|field| field.code == **code));
    tally.expect(unknown.is_none() && !case.fields.is_empty(), || {
        case.example(format!("field {} is not in the list", unknown.map_or("-", String::as_str)))
    });
}
