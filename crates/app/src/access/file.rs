//! A file read beyond what is public (查询信用档案): for a purpose, in approvals for a case, noted before anything is shown.

use super::{INQUIRY, draft};
use crate::account::Person;
use crate::desk::Desk;
use crate::erasure::TombstoneView;
use crate::query::OrganisationView;
use crate::query::record::{Detail, RecordView};
use crate::rulebook::PLATFORM_UNIT;
use crate::service::Service;
use crate::{AppError, Result};
use credence_access::Use;
use credence_domain::access::{Purpose, Role};
use credence_domain::catalog::{Item, Role as FieldRole};
use credence_domain::record::State;
use credence_domain::record::value::day_number;
use credence_domain::subject::Uscc;
use credence_store::clock::day_begins;
use credence_store::journal;
use credence_store::scope::{View, has_ended};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeSet;

/// For what somebody reads.
#[derive(Clone, Debug, Default)]
pub struct Reason {
    /// Code of the purpose.
    pub purpose: String,
    /// Case number.
    pub case_number: String,
}

/// A look into what is not public, as the journal notes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noted<'l> {
    /// The organisation.
    pub(crate) uscc: &'l str,
    /// Code of the purpose.
    pub(crate) purpose: &'l str,
    /// Number of the case.
    pub(crate) case: &'l str,
    /// What is read: `file`, `listing` or `measure`.
    pub(crate) what: &'l str,
}

/// A file as a reader with a purpose sees it.
#[derive(Clone, Debug, Serialize)]
pub struct FileView {
    /// The organisation, with the records of the items that the purpose opens.
    #[serde(flatten)]
    pub organisation: OrganisationView,
    /// Code of the purpose.
    pub purpose: String,
    /// Case number.
    pub case_number: String,
    /// Items that the purpose does not open, by code: said so, and nothing of what they hold.
    pub withheld: Vec<String>,
    /// What stands of erased records: for the organisation and its auditors.
    pub erased: Vec<TombstoneView>,
}

/// Whether a record is opened for a purpose today. What has ended is used by nobody: only the organisation itself and its
/// auditors go on seeing it. What waits or has not begun decides nothing yet.
fn opens_now(record: &RecordView, purpose: &Purpose, role: Role, today: Date) -> bool {
    let through_on = record.public_through_on.map(day_number);
    let settled = record.state == State::Accepted.code() && record.public_from_on.is_none_or(|from| from <= today);
    (role.sees_what_has_ended() || !has_ended(&record.state, through_on, day_number(today)))
        && (settled || purpose.unsettled || role.sees_what_has_ended())
}

/// What is read where somebody looks through what is held, and the purpose for which he does.
pub(super) const HELD: &str = "held";
const DATA_QUALITY: &str = "data_quality";

/// The longest case number, in characters.
const CASE_MAX: usize = 100;

impl Service {
    /// Reads an organisation's file for a purpose. The journal has it before anything is shown.
    ///
    /// # Errors
    /// `purpose_required`, `purpose_unknown`, `case_required`, `forbidden` for a purpose that is not the role's or an
    /// organisation that is not the representative's, `not_found`; or a fault: then nothing is shown.
    pub fn read_file(&self, desk: &Desk, person: &Person, uscc: &str, reason: &Reason) -> Result<FileView> {
        let (engine, today) = (self.granted()?, self.real_today());
        if reason.purpose.is_empty() {
            let text = "查询非公开信息须注明目的（purpose），可用的目的见接口文档";
            return Err(AppError::refused("purpose_required", "purpose", text));
        }
        let purpose =
            self.purposes()?.into_iter().find(|purpose| purpose.code == reason.purpose).ok_or_else(|| {
                AppError::refused("purpose_unknown", "purpose", "没有这一查询目的，可用的目的见接口文档")
            })?;
        let case = reason.case_number.trim();
        if case.chars().count() > CASE_MAX || case.chars().any(char::is_control) {
            return Err(AppError::refused("bad_parameter", "case", "办件编号最长100个字符，且不得含控制字符"));
        }
        if purpose.case_required && crate::account::is_blank(case) {
            let text = format!("以“{}”为目的的查询须注明办件编号（case）", purpose.name);
            return Err(AppError::refused("case_required", "case", text));
        }
        let opens = |item: &Item| {
            let Some(version) = item.version_on(today) else { return false };
            let disclosure = version.disclosure.code();
            let of = Use { item: &item.code, disclosure, purpose: &purpose.code, has_case: !case.is_empty() };
            engine.may_read(person.role, &of)
        };
        let withheld: Vec<String> =
            self.rulebook().items.values().filter(|item| !opens(item)).map(|item| item.code.clone()).collect();
        if withheld.len() == self.rulebook().items.len() {
            return Err(AppError::refused("forbidden", "purpose", "本账户的角色不能以此目的查询"));
        }
        let view = self.view_of(person, uscc)?;
        let mut organisation = self.organisation_with(&view, uscc, Detail::Form)?;
        organisation
            .records
            .retain(|record| !withheld.contains(&record.item) && opens_now(record, &purpose, person.role, today));
        let look = Noted { uscc, purpose: &purpose.code, case, what: "file" };
        self.note(desk, person, &look, (!purpose.confidential).then_some(today))?;
        let related = self.is_related(person, &organisation);
        self.watch(desk, person, related, uscc)?;
        let erased = match (person.role.sees_what_has_ended(), Uscc::parse(uscc)) {
            (true, Ok(uscc)) => self.tombstones(&view, &uscc)?,
            _ => Vec::new(),
        };
        Ok(FileView { organisation, purpose: purpose.code, case_number: case.to_owned(), withheld, erased })
    }

    /// Whether a role reads for a purpose that is told only when it is over.
    fn investigates(&self, role: Role, day: Date) -> Result<bool> {
        let (granted, purposes) = (self.granted_on(day)?, self.purposes()?);
        let may = |purpose: &Purpose, item: &Item| {
            let disclosure = item.version_on(day).map_or("", |version| version.disclosure.code());
            granted.may_read(role, &Use { item: &item.code, disclosure, purpose: &purpose.code, has_case: true })
        };
        let mut confidential = purposes.iter().filter(|purpose| purpose.confidential);
        Ok(confidential.any(|purpose| self.rulebook().items.values().any(|item| may(purpose, item))))
    }

    /// The rows that a person sees: all of them for the office and its auditors, what is his own for everyone else.
    fn view_of(&self, person: &Person, uscc: &str) -> Result<View> {
        let today = self.today();
        match person.role {
            Role::Office | Role::Auditor => Ok(View::office(today)),
            Role::Organisation if person.organisations.iter().any(|own| own == uscc) => {
                Ok(View::organisation(person.organisations.iter().map(String::as_str), today))
            }
            Role::Organisation => {
                Err(AppError::refused("forbidden", "uscc", "只能查询本账户代表的信用主体，请先完成代表人核验"))
            }
            _ => self.unit_view(&person.account.unit),
        }
    }

    /// Whether an organisation is related to a reader, as far as the register can tell: its legal representative bears his
    /// name. A namesake is found too: a finding is a lead and no judgement.
    fn is_related(&self, person: &Person, organisation: &OrganisationView) -> bool {
        let holder = person.account.holder.trim();
        if person.role == Role::Organisation || holder.is_empty() {
            return false;
        }
        organisation.records.iter().any(|record| {
            let version = self.rulebook().items.get(&record.item).and_then(|item| item.version_on(self.real_today()));
            let field = version.and_then(|version| version.field_of(FieldRole::LegalRepresentative));
            field.and_then(|(_, field)| record.content.get(&field.code)).is_some_and(|name| name.trim() == holder)
        })
    }

    /// Notes that a person is about to see what is held of these organisations: each once a day.
    pub(crate) fn note_held(&self, desk: &Desk, person: &Person, mut usccs: BTreeSet<String>) -> Result<()> {
        let today = self.real_today();
        let (from, until) = (day_begins(today), day_begins(today.tomorrow().unwrap_or(today)));
        let (account, unit, role) = (person.account.name.clone(), person.account.unit.clone(), person.role.code());
        let looks = self.read(|connection| journal::of_account(connection, &account, from, until))?;
        for look in looks.iter().filter(|look| look.what == HELD) {
            usccs.remove(&look.uscc);
        }
        if usccs.is_empty() {
            return Ok(());
        }
        let details = [("for", DATA_QUALITY), ("role", role), ("what", HELD), ("reader_unit", &unit)];
        let mut draft = draft(self, "file_read", &account, INQUIRY, "", &details);
        draft.details.insert("organisations".to_owned(), usccs.iter().map(String::as_str).collect());
        desk.act(move |writer| {
            let reading = |uscc| journal::Reading {
                uscc,
                account: &account,
                unit: &unit,
                role,
                purpose: DATA_QUALITY,
                case_number: "",
                what: HELD,
                shown_from: Some(today),
            };
            let readings: Vec<_> = usccs.iter().map(|uscc| reading(uscc)).collect();
            let numbered_under = if unit.is_empty() { PLATFORM_UNIT } else { &unit };
            Ok(journal::note_all(writer, &draft, numbered_under, &readings)?)
        })
    }

    /// Notes a look before anything is shown.
    pub(crate) fn note(&self, desk: &Desk, person: &Person, look: &Noted<'_>, shown_from: Option<Date>) -> Result<()> {
        let unit = person.account.unit.clone();
        let Noted { uscc, purpose, case, what } = *look;
        let details = [
            ("organisation", uscc),
            ("for", purpose),
            ("case", case),
            ("role", person.role.code()),
            ("what", what),
            ("reader_unit", &unit),
        ];
        let draft = draft(self, "file_read", &person.account.name, INQUIRY, "", &details);
        let (uscc, purpose, case, what) = (uscc.to_owned(), purpose.to_owned(), case.to_owned(), what.to_owned());
        let (account, role) = (person.account.name.clone(), person.role.code());
        desk.act(move |writer| {
            let reading = journal::Reading {
                uscc: &uscc,
                account: &account,
                unit: &unit,
                role,
                purpose: &purpose,
                case_number: &case,
                what: &what,
                shown_from,
            };
            let numbered_under = if unit.is_empty() { PLATFORM_UNIT } else { &unit };
            Ok(journal::note(writer, &draft, numbered_under, &reading)?)
        })
    }
}

/// Records that an investigation is over: from today on the organisations see the looks of its case.
///
/// # Errors
/// `reason_missing`, `forbidden` for a role that does not investigate, `not_found` where the unit has no such looks; or a
/// fault.
pub fn end_investigation(service: &Service, desk: &Desk, person: &Person, case: &str, why: &str) -> Result<u64> {
    let why = crate::account::reason(why)?;
    let today = service.real_today();
    if !service.investigates(person.role, today)? {
        return Err(AppError::refused("forbidden", "", "只有可以查办案件的角色能够记录查处结束"));
    }
    let draft = draft(service, "investigation_end", &person.account.name, INQUIRY, why, &[("case", case)]);
    let (unit, case) = (person.account.unit.clone(), case.to_owned());
    let shown = desk.act(move |writer| {
        let (shown, _) = writer.change(&draft, |change| {
            let shown = journal::show_case(change, &unit, &case, today)?;
            if shown > 0 {
                change.number_under_unit(&unit)?;
            }
            Ok(shown)
        })?;
        Ok(shown)
    })?;
    if shown == 0 { Err(AppError::NotFound) } else { Ok(shown) }
}
