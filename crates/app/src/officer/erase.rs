//! Who held an office is erased (个人信息保护法 art. 四十七): by a clause of the rulebook, on the word of two persons, once no case of
//! his stands. The name, the masked and the sealed number, its mark and the salt of the digest go; the steps of term and cases
//! stay and tell nobody; letters are read without the name; older backups forget the row.

use super::view::{OfficerView, show};
use super::{OFFICER, case_of, moved, names_nobody, term_of};
use crate::evaluation::keep;
use crate::listing::{Clerk, case_draft, refused};
use crate::{AppError, Result, Writer};
use credence_domain::officer::{Desk, TermEvent, rule};
use credence_domain::rulebook::Rulebook;
use credence_store::backup::forget::{self, Touched};
use credence_store::officer::{self as kept, Kind, Stand, person};

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Erasing<'e> {
    /// Number of the term of office.
    pub number: &'e str,
    /// Code of the clause.
    pub clause: &'e str,
    /// Why.
    pub reason: &'e str,
    /// The second person.
    pub second: &'e str,
}

/// Erases who held an office.
///
/// # Errors
/// `four_eyes`, `reason_missing`, `clause_unknown`, `officer_term_in_use` while a case stands, `officer_person_erased`, or a fault.
pub fn erase(writer: &mut Writer, rulebook: &Rulebook, clerk: &Clerk, asked: &Erasing<'_>) -> Result<OfficerView> {
    if asked.second.trim().is_empty() || clerk.name.trim().to_lowercase() == asked.second.trim().to_lowercase() {
        return Err(AppError::refused("four_eyes", "second", "删除须由两人办理，且不得为同一人"));
    }
    crate::account::reason(asked.reason)?;
    let today = writer.clock().today();
    let unknown = || AppError::refused("clause_unknown", "clause", "规则手册中没有该删除条款，或该条款不在有效期内");
    let clause = rulebook.erasure.clause(asked.clause, today).ok_or_else(unknown)?;
    let head = kept::find(writer.connection(), &clerk.view, asked.number)?.filter(|head| head.kind == Kind::Term);
    let head = head.ok_or(AppError::NotFound)?;
    let name = super::name_of(writer.connection(), &head.uscc, &head.number)?;
    names_nobody(&[asked.reason], &name).map_err(|refusal| refused(&refusal))?;
    for one in kept::of_term(writer.connection(), &head.uscc, &head.number)? {
        let over = case_of(writer.connection(), &one)?.is_over_on(today);
        rule::TERM_IN_USE.demand(over).map_err(|refusal| refused(&refusal))?;
    }
    let term = term_of(writer.connection(), &head)?;
    let desk = Desk { rulebook, by: &clerk.name, today };
    let event = TermEvent::Erased { clause: clause.code.clone() };
    let (step, next) = desk.take_term(&term, event).map_err(|refusal| refused(&refusal))?;
    let named = [("officer", head.number.as_str()), ("clause", clause.code.as_str())];
    let mut draft = case_draft("officer_erased", clerk, OFFICER, named, rulebook, today);
    draft.second = Some(asked.second.to_owned());
    draft.reason = asked.reason.trim().to_owned();
    draft.basis = clause.basis();
    let address = writer.address().clone();
    let backups = forget::key_place(writer.connection(), &address)?;
    writer.change(&draft, |change| {
        let now = kept::lock(change, &head.uscc, &head.number)?.filter(|now| now.steps == head.steps);
        now.ok_or_else(|| moved(&head.number))?;
        kept::append(change, (&head.number, head.steps), &step, &Stand::from(&next))?;
        person::erase(change.connection, &head.uscc, &head.number)?;
        if let Some(place) = &backups {
            let row = vec![head.uscc.as_str().into(), head.number.as_str().into()];
            forget::expired(place, &[Touched::new("officer", row)])?;
        }
        keep(change, rulebook, &head.uscc, today)
    })?;
    writer.sequence()?;
    writer.clear_erased()?;
    show(writer.connection(), &clerk.view, asked.number)
}
