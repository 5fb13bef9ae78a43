//! 个人信息保护法 51: who held an office is what the term's first step commits to, or was erased by an act; the number of the paper lies
//! sealed, and no step names anybody.

use super::{Check, Requirement};
use crate::verify::Tally;
use crate::verify::case::Reading;
use crate::verify::officers::{Folded, files};
use credence_domain::officer::Term;
use credence_store::connection::Connection;
use credence_store::officer::person::{self, Person};
use credence_store::secret::field;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "officer_person",
    source: "个人信息保护法",
    article: "五十一",
    demand: "the person of every term of office is the one that was entered, with the number of the paper encrypted, or was erased by an act",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let persons: BTreeMap<String, Person> =
        person::all(connection)?.into_iter().map(|person| (person.number.clone(), person)).collect();
    for file in files(connection, reading)? {
        let Some(Folded::Term(term)) = &file.folded else { continue };
        let problem = fault(term, persons.get(&file.head.number), &file.bodies);
        tally.expect(problem.is_none(), || file.example(problem.unwrap_or_default()));
    }
    Ok(())
}

fn fault(term: &Term, person: Option<&Person>, steps: &[String]) -> Option<String> {
    match (person, &term.erased) {
        (None, None) => Some("its person is gone without an erasure".to_owned()),
        (None, Some(_)) => None,
        (Some(person), Some(_)) => (!person.is_erased()).then(|| "its person was erased and is there".to_owned()),
        (Some(person), None) => {
            let name = person.name.as_deref().unwrap_or_default();
            let readable = person.sealed.as_deref().is_some_and(|sealed| !field::has_sealed(sealed));
            if !person.gives(&term.person) {
                Some("its person is not the one that was entered".to_owned())
            } else if readable || person.sealed.is_some() != person.mark.is_some() {
                Some("the number of a paper lies readable".to_owned())
            } else {
                let named = !name.is_empty() && steps.iter().any(|body| body.contains(name));
                named.then(|| "a step names the person".to_owned())
            }
        }
    }
}
