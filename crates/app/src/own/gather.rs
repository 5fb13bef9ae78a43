//! The own space, gathered for a representative; the journal has the look before anything is shown.

use super::case::Told;
use super::view::{OwnDeadline, OwnLetter, OwnRecord, OwnView};
use crate::access::Reason;
use crate::account::Person;
use crate::desk::Desk;
use crate::query::record::RecordView;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::Role;
use credence_domain::catalog::Nature;
use credence_domain::record::State;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The purpose for which an organisation reads its own file.
const SELF: &str = "self";

impl Service {
    /// All about an organisation that a person represents.
    ///
    /// # Errors
    /// `forbidden` for an organisation that he does not represent, `not_found` for one without a file; or a fault: then nothing is
    /// shown.
    pub fn own(&self, desk: &Desk, person: &Person, uscc: &str) -> Result<OwnView> {
        if person.role != Role::Organisation || !person.organisations.iter().any(|own| own == uscc) {
            return Err(AppError::refused("forbidden", "uscc", "只能查看本账户代表的信用主体，请先完成代表人核验"));
        }
        let reason = Reason { purpose: SELF.to_owned(), case_number: String::new() };
        let file = self.read_file(desk, person, uscc, &reason)?;
        let (today, rulebook) = (self.today(), self.rulebook());
        let mut told = self.read(|connection| {
            let mut told = Told::default();
            told.listings(connection, uscc, (rulebook, today))?;
            told.repairs(connection, uscc, (rulebook, today))?;
            told.objections(connection, uscc, (rulebook, today))?;
            told.measures(connection, uscc, today)?;
            Ok(told)
        })?;
        let place =
            |one: &OwnDeadline| (one.light, one.due_on.unwrap_or(Date::MAX), one.number.clone(), one.step.clone());
        told.deadlines.sort_by_cached_key(place);
        told.cases.sort_by(|one, other| (other.opened_on, &one.number).cmp(&(one.opened_on, &other.number)));
        told.statements.sort_by(|one, other| (other.on, &one.number).cmp(&(one.on, &other.number)));
        told.letters.sort_by(|one, other| (other.made_on, &one.letter).cmp(&(one.made_on, &other.letter)));
        Ok(OwnView {
            uscc: file.organisation.summary.uscc,
            name: file.organisation.summary.name,
            today,
            records: file
                .organisation
                .records
                .into_iter()
                .map(|record| own_record(record, &told.barred, today))
                .collect(),
            deadlines: told.deadlines,
            cases: told.cases,
            statements: told.statements,
            measures: told.measures,
            letters: told.letters,
        })
    }

    /// One letter that reached an organisation, for printing, with the organisation's name.
    ///
    /// # Errors
    /// As [`Service::own`]; `not_found` for a letter that did not reach it.
    pub fn own_letter(
        &self,
        desk: &Desk,
        person: &Person,
        (uscc, letter): (&str, &str),
    ) -> Result<(String, OwnLetter)> {
        let own = self.own(desk, person, uscc)?;
        let found = own.letters.into_iter().find(|one| one.letter == letter).ok_or(AppError::NotFound)?;
        Ok((own.name, found))
    }
}

fn own_record(record: RecordView, barred: &BTreeSet<String>, today: Date) -> OwnRecord {
    let public = record.state == State::Accepted.code() && record.public_through_on.is_none_or(|last| today <= last);
    let open = record.marks.iter().any(|mark| mark.kind == credence_store::repair::MARK);
    let may_apply = public && !open && !barred.contains(&record.id);
    let may_be_repaired = may_apply && record.repair_from_on.is_some_and(|from| from <= today);
    OwnRecord {
        id: record.id,
        item: record.item,
        item_name: record.item_name,
        document_number: record.document_number,
        authority_name: record.authority_name,
        decided_on: record.decided_on,
        state: record.state,
        public_from_on: record.public_from_on,
        public_through_on: record.public_through_on,
        repair_from_on: record.repair_from_on,
        may_be_repaired,
        may_be_shielded: may_apply && record.nature == Nature::Dishonesty,
        marks: record.marks,
    }
}
