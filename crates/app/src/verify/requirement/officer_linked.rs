//! 十四: nobody is held to account but for conduct in his own term of office, on a ground that an enacted edition holds for his role
//! and for the list, and no longer than that.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Reading;
use crate::verify::officers::{Folded, files};
use credence_domain::officer::{Case, State, Term};
use credence_domain::rulebook::Rulebook;
use credence_store::connection::Connection;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "officer_linked",
    source: FOUNDING,
    article: "十四",
    demand: "every responsible person held the office on each day of the conduct, under a legal ground of an enacted edition for the role, the list and the kind of penalty, within its longest term",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let files = files(connection, reading)?;
    let terms: BTreeMap<&str, &Term> = files
        .iter()
        .filter_map(|file| match &file.folded {
            Some(Folded::Term(term)) => Some((file.head.number.as_str(), term)),
            _ => None,
        })
        .collect();
    for file in &files {
        let problem = match &file.folded {
            None => Some("its steps do not follow".to_owned()),
            Some(folded) if !folded.stands(&file.head) => Some("it does not stand where its steps lead".to_owned()),
            Some(Folded::Case(case)) => fault(case, &terms, reading),
            Some(_) => None,
        };
        tally.expect(problem.is_none(), || file.example(problem.unwrap_or_default()));
    }
    Ok(())
}

fn fault(case: &Case, terms: &BTreeMap<&str, &Term>, reading: &Reading) -> Option<String> {
    let about = &case.proposed;
    // Of what was taken back or dismissed nothing came.
    let counts = !matches!(case.state, State::Withdrawn { .. } | State::Dismissed(_));
    let Some(term) = terms.get(about.term.as_str()) else { return Some("it names no term of office".to_owned()) };
    if term.uscc != about.uscc || term.role != about.role {
        return Some("the term of office is another's".to_owned());
    }
    let during =
        term.from_on <= about.conduct_from_on && term.through_on.is_none_or(|last| about.conduct_through_on <= last);
    if counts && (!during || term.withdrawn) {
        return Some("the conduct does not lie in the term of office".to_owned());
    }
    let carried = reading.rulebooks.values().any(|rulebook| carries(rulebook, case));
    (!carried).then(|| "no edition of the rulebook holds this person to account".to_owned())
}

/// Whether an edition holds the ground for this role, this list, this kind of penalty and this long.
fn carries(rulebook: &Rulebook, case: &Case) -> bool {
    let about = &case.proposed;
    let Some(ground) = rulebook.liabilities.get(&about.ground) else { return false };
    let Some(version) = ground.versions.iter().find(|version| version.effective_from == about.edition) else {
        return false;
    };
    let long = match (case.decided(), version.term()) {
        (None, Some(_)) => false,
        (Some(decided), Some(term)) => term.last_day(decided.on, about.latest_on) < decided.through_on,
        (_, None) => true,
    };
    let punished = rulebook.publicity.kinds().has_one(&about.kinds, &version.kinds);
    version.roles.contains(&about.role) && version.lists.contains(&about.list) && punished && !long
}
