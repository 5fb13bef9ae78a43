//! Notices (站内通知、邮件通知): that there is something to look at in a case, told to the accounts that may see the case.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八. [`sweep`] looks at what has happened and which days are near and makes the notices that are
//! missing, [`address`] keeps the one mail address of an account, [`post`] brings notices there. A notice is never service (送达):
//! no period runs from it, and nothing is lost where it never comes. Who may see the case itself is asked again when it is opened.

mod address;
mod post;
mod sweep;

pub use address::{AddressView, ask_address, confirm_address, drop_address};
pub use post::{MailServer, Post, Postman};
pub use sweep::{Sweeper, Swept};

use crate::account::Person;
use crate::desk::Desk;
use crate::query::page::{self, Page};
use crate::{AppError, Result, Service};
use credence_domain::access::{AccountState, Action, Role};
use credence_domain::notice::{Facts, Matter, words};
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::notice::NoticeVersion;
use credence_store::account::{self, binding};
use credence_store::clock::instant_text;
use credence_store::connection::Connection;
use credence_store::notice::{self as kept, Notice, mail};
use credence_store::scope::View;
use credence_store::subject;
use jiff::civil::Date;
use serde::Serialize;

/// A notice as its holder sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeView {
    /// Its number.
    pub number: String,
    /// Code of its kind.
    pub kind: &'static str,
    /// The organisation.
    pub uscc: String,
    /// Which kind of case.
    pub matter: &'static str,
    /// Number of the case.
    pub case_number: String,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// The page of the case.
    pub page: String,
    /// The last day, where it is about one.
    pub due_on: Option<Date>,
    /// When it was made.
    pub made_at: String,
    /// When its holder marked it as read.
    pub read_at: Option<String>,
    /// Where its mail stands: `waiting`, `sent`, `dead`, `dropped`; none where it goes by no mail.
    pub mail: Option<String>,
}

/// A page of notices, with how many of all are not read.
#[derive(Clone, Debug, Serialize)]
pub struct Notices {
    /// The notices, the newest first.
    #[serde(flatten)]
    pub page: Page<NoticeView>,
    /// How many of all are not read.
    pub unread: u64,
}

/// How mail fares, for whoever runs the platform. No address, no account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Messages on their way.
    pub waiting: u64,
    /// On their way after a failure.
    pub failing: u64,
    /// Dead letters.
    pub dead: u64,
    /// Messages that the mail server has taken.
    pub sent: u64,
}

/// What opens a case of a kind to a reader.
fn reading(matter: Matter) -> Action {
    match matter {
        Matter::Listing => Action::ReadListing,
        Matter::Officer => Action::ReadOfficer,
        Matter::Measure => Action::ReadMeasure,
        Matter::Repair => Action::ReadRepair,
        Matter::Objection => Action::ReadObjection,
    }
}

/// What lets somebody act in a case of a kind.
fn acting(matter: Matter) -> Action {
    match matter {
        Matter::Listing => Action::StepListing,
        Matter::Officer => Action::StepOfficer,
        Matter::Measure => Action::StepMeasure,
        Matter::Repair => Action::StepRepair,
        Matter::Objection => Action::StepObjection,
    }
}

/// The words by which a notice was made.
fn rule_of<'r>(rulebook: &'r Rulebook, notice: &Notice) -> Option<&'r NoticeVersion> {
    rulebook.notices.get(notice.planned.kind.code())?.version_on(notice.planned.edition)
}

/// Whether its holder may still see that there is such a case: a representative for whom the binding holds, and staff of the unit.
fn is_shown(person: &Person, uscc: &str) -> bool {
    person.role != Role::Organisation || person.organisations.iter().any(|own| own == uscc)
}

fn view(
    connection: &mut Connection,
    rulebook: &Rulebook,
    notice: Notice,
    today: Date,
) -> credence_store::Result<NoticeView> {
    let organisation = subject::find(connection, &View::office(today), &notice.planned.uscc)?;
    let due_on = notice.planned.due_on.map(day_in_words).unwrap_or_default();
    let facts = Facts {
        organisation: organisation.as_ref().map_or("", |organisation| organisation.name.as_str()),
        matter: notice.planned.matter,
        number: &notice.planned.case_number,
        due_on: &due_on,
    };
    let told = rule_of(rulebook, &notice).map(|rule| words(rule, &facts));
    let (title, text) = told.map(|told| (told.title, told.text)).unwrap_or_default();
    Ok(NoticeView {
        kind: notice.planned.kind.code(),
        matter: notice.planned.matter.code(),
        title: if title.is_empty() { notice.planned.case_number.clone() } else { title },
        text,
        page: notice.planned.matter.page(&notice.planned.case_number),
        due_on: notice.planned.due_on,
        made_at: instant_text(notice.made_at),
        read_at: notice.read_at.map(instant_text),
        mail: mail::state_of(connection, &notice.planned.uscc, &notice.number)?,
        uscc: notice.planned.uscc,
        case_number: notice.planned.case_number,
        number: notice.number,
    })
}

fn day_in_words(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

impl Service {
    /// The notices of a person's account, the newest first.
    ///
    /// # Errors
    /// `bad_parameter`, `bad_cursor`, or a fault of the store.
    pub fn notices(&self, person: &Person, (cursor, limit): (Option<&str>, Option<u32>)) -> Result<Notices> {
        let limit = page::limit(limit)? as usize;
        let (before, number) = match cursor.filter(|cursor| !cursor.is_empty()) {
            None => (i64::MAX, String::new()),
            Some(cursor) => {
                let mut parts = page::decode_cursor(cursor, 2)?.into_iter();
                let before = parts.next().and_then(|at| at.parse().ok()).ok_or_else(page::bad_cursor)?;
                (before, parts.next().unwrap_or_default())
            }
        };
        let (id, today) = (person.account.id, self.today());
        let (items, next, unread) = self.read(|connection| {
            let mut found = kept::of_account(connection, &id, (before, &number), limit + 1)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let last = found.last().filter(|_| more);
            let next = last.map(|last| page::encode_cursor(&[&last.made_at.to_string(), &last.number]));
            let shown = found.into_iter().filter(|notice| is_shown(person, &notice.planned.uscc));
            let shown: Vec<Notice> = shown.collect();
            let items = shown.into_iter().map(|notice| view(connection, self.rulebook(), notice, today));
            let items: credence_store::Result<Vec<NoticeView>> = items.collect();
            Ok((items?, next, self.unread_of(connection, person)?))
        })?;
        Ok(Notices { page: Page { items, next }, unread })
    }

    /// The holder of an account in use, for whoever runs a command on the machine itself.
    ///
    /// # Errors
    /// `not_found` for none, or a fault of the store.
    pub fn holder_of(&self, name: &str) -> Result<Person> {
        let today = self.real_today();
        let (account, bindings) = self.read(|connection| {
            let Some(account) = account::find(connection, name)? else { return Ok((None, Vec::new())) };
            let bindings = binding::of_account(connection, &account.id)?;
            Ok((Some(account), bindings))
        })?;
        let account = account.filter(|one| one.state == AccountState::Active.code()).ok_or(AppError::NotFound)?;
        let role = Role::from_code(&account.role).ok_or(AppError::NotFound)?;
        let holds = bindings.into_iter().filter(|binding| binding.holds_on(today));
        let organisations = holds.map(|binding| binding.uscc).collect();
        Ok(Person { account, role, organisations, session: String::new() })
    }

    /// How many notices of a person's account are not read.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn unread_notices(&self, person: &Person) -> Result<u64> {
        self.read(|connection| self.unread_of(connection, person))
    }

    fn unread_of(&self, connection: &mut Connection, person: &Person) -> credence_store::Result<u64> {
        let found = kept::unread(connection, &person.account.id)?;
        Ok(found.into_iter().filter(|(uscc, _)| is_shown(person, uscc)).map(|(_, count)| count).sum())
    }

    /// How mail fares.
    ///
    /// # Errors
    /// A fault of the store.
    pub(crate) fn mail_standing(&self) -> Result<Standing> {
        let mail::Standing { waiting, failing, dead, sent } = self.read(mail::standing)?;
        Ok(Standing { waiting, failing, dead, sent })
    }
}

/// Marks one notice of a person's account as read, or all of them where none is named.
///
/// # Errors
/// `not_found` for none of his, or a fault.
pub fn mark_read(service: &Service, desk: &Desk, person: &Person, number: Option<&str>) -> Result<()> {
    let id = person.account.id;
    if let Some(number) = number {
        let found = service.read(|connection| kept::by_number(connection, number))?;
        let own = found.filter(|notice| notice.planned.account == id && is_shown(person, &notice.planned.uscc));
        own.ok_or(AppError::NotFound)?;
    }
    let number = number.map(str::to_owned);
    desk.act(move |writer| Ok(kept::mark_read(writer, &id, number.as_deref())?))?;
    Ok(())
}
