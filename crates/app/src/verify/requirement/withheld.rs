//! 政府信息公开条例 15: what a secrecy review withholds is in no public half, which says by which clause.

use super::{Check, Requirement};
use crate::verify::Example;
use crate::verify::Tally;
use crate::verify::case::{Case, Reading};
use credence_domain::canonical::hex;
use credence_domain::record::secrecy::withheld_in;
use credence_store::connection::Connection;

pub const REQUIREMENT: Requirement = Requirement {
    id: "withheld",
    source: "政府信息公开条例",
    article: "十五",
    demand: "what is withheld is in no public half, which names it and its clause, and nothing else is said to be",
    check: Check::Both(check, check_missing),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    let said = case.body.map(|body| withheld_in(&body.public)).unwrap_or_default();
    let decided = case.withheld;
    if said.is_empty() && decided.is_empty() || case.stored.state == "erased" {
        return;
    }
    let open = said.iter().find(|one| case.public.contains_key(&one.field));
    tally.expect(open.is_none() && said == decided, || match open {
        Some(one) => case.example(format!("{} is withheld and published", one.field)),
        None => case.example("what the public half says is withheld is not what was decided"),
    });
}

/// What is withheld of a record that is not there.
fn check_missing(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    for (uscc, identity) in reading.withheld.keys() {
        let view = credence_store::scope::View::office(jiff::civil::Date::default());
        let found = credence_store::record::find(connection, &view, uscc, identity)?;
        tally.expect(found.is_some(), || Example {
            uscc: uscc.clone(),
            record: Some(hex(&identity.0)),
            problem: "a field is withheld of a record that is not there".to_owned(),
            ..Example::default()
        });
    }
    Ok(())
}
