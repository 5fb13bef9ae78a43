//! A register that holds a synthetic province says so, for ever: its days may be moved, its grades are demonstrations, and
//! it has accounts whose passwords are printed. No other register has such accounts.

mod listing;
mod measure;
mod objection;
mod officer;
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
    let second = Person::operator("demonstration-second", Role::SecurityAdmin);
    let rules = account::rules(service.rulebook(), service.real_today())?;
    let mut printed = Vec::new();
    for role in Role::ALL.into_iter().filter(|role| role.has_account()) {
        let name = format!("demo-{}", role.code().replace('_', "-"));
        let draw = || Ok::<_, AppError>(format!("Shifan-{}", hex(&desk.chance::<8>()?)));
        let mut password = draw()?;
        // Chance makes a word that is too common now and then.
        for _ in 0..DRAWS {
            if rules.judge_password(&name, &password).is_ok() {
                break;
            }
            password = draw()?;
        }
        let invited = if role == Role::Organisation {
            let by = first.account.name.as_str();
            let bound = desk.at_length(|writer| {
                account::invite(writer, service.rulebook(), &name, "演示代表人", represented, by)
            })?;
            Invited { code: bound.code, first_half: String::new(), password: password.clone() }
        } else {
            let asked = Asked {
                account: name.clone(),
                role: role.code().to_owned(),
                holder: format!("演示{}", role.name()),
                staff_number: format!("demo-{role}"),
                unit: unit_of(role),
                ends_on: None,
                reason: "演示账户".to_owned(),
            };
            let entered =
                desk.at_length(|writer| account::enter(writer, service.rulebook(), &asked, &first.account.name))?;
            let said = Answer { approve: true, reason: String::new() };
            let answered = access::answer(service, desk, &second, &entered.proposal, &said)?;
            Invited {
                code: answered.second_half.unwrap_or_default(),
                first_half: entered.first_half,
                password: password.clone(),
            }
        };
        account::take_up(service, desk, &invited)?;
        printed.push(PrintedAccount { role, account: name, password });
    }
    Ok(printed)
}
