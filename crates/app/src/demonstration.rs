//! A register that holds a synthetic province says so, for ever: its days may be moved, its grades are demonstrations, and
//! it has accounts whose passwords are printed. No other register has such accounts.

mod listing;
mod measure;
mod objection;
mod officer;
mod paper;
mod repair;

pub use listing::{Cases, Scripted};
pub use objection::Objections;

use crate::access::{self, Answer};
use crate::account::{self, Asked, Invited, Person};
use crate::desk::Desk;
use crate::service::Service;
use crate::{Address, AppError, Result, Writer};
use credence_domain::access::Role;
use credence_domain::canonical::hex;
use credence_domain::subject::Uscc;
use serde::Serialize;

const MARK: &str = "demonstration";

/// How far the demonstration in a register has come; `None` when it holds none.
///
/// # Errors
/// When there is no register.
pub fn mark(address: &Address) -> Result<Option<String>> {
    Ok(credence_store::open::mark(address.reader()?.connection(), MARK)?)
}

/// Marks a register as a demonstration.
///
/// # Errors
/// A fault of the store.
pub fn set_mark(writer: &mut Writer, state: &str) -> Result<()> {
    Ok(credence_store::open::set_mark(writer.connection(), MARK, state)?)
}

/// How often a password is drawn until it is none that is refused.
const DRAWS: usize = 100;

/// An account of a demonstration, with the password that is printed.
#[derive(Clone, Serialize)]
pub struct PrintedAccount {
    /// Code of its role.
    pub role: Role,
    /// Its name.
    pub account: String,
    /// Its password.
    pub password: String,
}

impl std::fmt::Debug for PrintedAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrintedAccount").field("account", &self.account).finish_non_exhaustive()
    }
}

/// Opens so many further accounts of staff, each with a second factor. Nobody is told their passwords, and no authenticator holds their
/// secrets: they show what a register with second factors is, and open nothing.
///
/// # Errors
/// As [`open_accounts`].
pub fn open_guarded_accounts(
    service: &Service,
    desk: &Desk,
    unit_of: &dyn Fn(Role) -> String,
    count: usize,
) -> Result<()> {
    const ROLES: [Role; 4] = [Role::Clerk, Role::Approver, Role::Reviewer, Role::Inspector];
    for (number, role) in (1..=count).zip(ROLES.into_iter().cycle()) {
        let name = format!("demo-guarded-{number}");
        let password = draw_password(service, desk, &name)?;
        account::take_up(service, desk, &invite(service, desk, (role, &name, &name, &unit_of(role)), &password)?)?;
        let found = service.read(|connection| credence_store::account::find(connection, &name))?;
        let found = found.ok_or(AppError::NotFound)?;
        let factor = account::begin_second_factor(desk, &found)?;
        let code = account::code_at(&factor.secret, service.now_micros())?;
        account::confirm_second_factor(service, desk, &found, &factor.secret, &code)?;
    }
    Ok(())
}

/// A password that the rules take.
fn draw_password(service: &Service, desk: &Desk, name: &str) -> Result<String> {
    let rules = account::rules(service.rulebook(), service.real_today())?;
    let draw = || Ok::<_, AppError>(format!("Shifan-{}", hex(&desk.chance::<8>()?)));
    let mut password = draw()?;
    // Chance makes a word that is too common now and then.
    for _ in 0..DRAWS {
        if rules.judge_password(name, &password).is_ok() {
            break;
        }
        password = draw()?;
    }
    Ok(password)
}

/// An account of staff, entered by one person and granted by another.
fn invite(
    service: &Service,
    desk: &Desk,
    (role, name, staff_number, unit): (Role, &str, &str, &str),
    password: &str,
) -> Result<Invited> {
    if !service.is_demonstration() {
        return Err(AppError::refused("bad_parameter", "demo", "只有演示数据库有公开密码的账户"));
    }
    let first = Person::operator("demonstration-first", Role::SystemAdmin);
    let second = Person::operator("demonstration-second", Role::SecurityAdmin);
    let asked = Asked {
        account: name.to_owned(),
        role: role.code().to_owned(),
        holder: format!("演示{}", role.name()),
        staff_number: staff_number.to_owned(),
        unit: unit.to_owned(),
        ends_on: None,
        reason: "演示账户".to_owned(),
    };
    let entered = desk.at_length(|writer| account::enter(writer, service.rulebook(), &asked, &first.account.name))?;
    let said = Answer { approve: true, reason: String::new() };
    let answered = access::answer(service, desk, &second, &entered.proposal, &said)?;
    Ok(Invited {
        code: answered.second_half.unwrap_or_default(),
        first_half: entered.first_half,
        password: password.to_owned(),
    })
}

/// Opens one account for every role that has accounts, by the same steps as any other: entered, granted, taken up. `unit_of`
/// says in which unit a role works, `represented` for whom the representative speaks.
///
/// # Errors
/// `bad_parameter` on a register that no demonstration made; what a step refuses; or a fault.
pub fn open_accounts(
    service: &Service,
    desk: &Desk,
    unit_of: &dyn Fn(Role) -> String,
    represented: Uscc,
) -> Result<Vec<PrintedAccount>> {
    if !service.is_demonstration() {
        return Err(AppError::refused("bad_parameter", "demo", "只有演示数据库有公开密码的账户"));
    }
    let first = Person::operator("demonstration-first", Role::SystemAdmin);
    let mut printed = Vec::new();
    for role in Role::ALL.into_iter().filter(|role| role.has_account()) {
        let name = format!("demo-{}", role.code().replace('_', "-"));
        let password = draw_password(service, desk, &name)?;
        let invited = if role == Role::Organisation {
            let by = first.account.name.as_str();
            let bound = desk.at_length(|writer| {
                account::invite(writer, service.rulebook(), &name, "演示代表人", represented, by)
            })?;
            Invited { code: bound.code, first_half: String::new(), password: password.clone() }
        } else {
            invite(service, desk, (role, &name, &format!("demo-{role}"), &unit_of(role)), &password)?
        };
        account::take_up(service, desk, &invited)?;
        printed.push(PrintedAccount { role, account: name, password });
    }
    Ok(printed)
}
