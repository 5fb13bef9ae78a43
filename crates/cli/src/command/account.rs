//! `credence account …`: accounts from the command line. Each step names the account that acts; it must have the right, but
//! for the very first accounts, which nobody could enter otherwise.

use super::{Common, parse_date};
use crate::exit::Done;
use crate::output::{json, note, say};
use clap::Subcommand;
use credence_app::access::{self, Answer};
use credence_app::account::{self, Asked, Change, Deputy};
use credence_app::desk::Desk;
use credence_app::{AppError, Clock, Service};
use credence_domain::access::Role;
use credence_domain::subject::Uscc;
use jiff::civil::Date;

/// Accounts of staff, partners, administrators and representatives.
#[derive(Debug, clap::Args)]
pub struct Account {
    #[command(subcommand)]
    action: Action,
}

/// Who acts, and why.
#[derive(Debug, clap::Args)]
struct Acting {
    /// Name of the account that acts.
    #[arg(long = "as")]
    by: String,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every account with where it stands.
    List,
    /// Enters an account (system administrator) and prints the first half of its invitation, this once.
    Enter {
        /// Its name.
        account: String,
        /// Code of the role.
        #[arg(long)]
        role: String,
        /// Code of the unit.
        #[arg(long)]
        unit: String,
        /// Its holder's name.
        #[arg(long)]
        holder: String,
        /// Its holder's number in the unit.
        #[arg(long)]
        staff_number: String,
        /// Last day on which it opens anything.
        #[arg(long, value_parser = parse_date)]
        ends: Option<Date>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Asks for a reset of a password (system administrator) and prints the first half of the invitation, this once.
    Reset {
        /// Its name.
        account: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Grants what a proposal asks for (security administrator) and prints the second half, this once.
    Grant {
        /// Number of the proposal.
        proposal: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Refuses what a proposal asks for (security administrator).
    Refuse {
        /// Number of the proposal.
        proposal: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Suspends an account; its sessions end.
    Suspend {
        /// Its name.
        account: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Lets an account sign in again.
    Resume {
        /// Its name.
        account: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Ends an account for good; open work goes to a successor.
    End {
        /// Its name.
        account: String,
        /// Who takes over.
        #[arg(long)]
        successor: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Names who stands in for the holder, or nobody.
    Deputy {
        /// Its name.
        account: String,
        /// The deputy's account; nobody when absent.
        #[arg(long, requires_all = ["from", "through"])]
        deputy: Option<String>,
        /// First day.
        #[arg(long, value_parser = parse_date)]
        from: Option<Date>,
        /// Last day.
        #[arg(long, value_parser = parse_date)]
        through: Option<Date>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Prints a code by which a representative is bound to an organisation (credit office), this once.
    Represent {
        /// Name of the representative's account, new or standing.
        account: String,
        /// The organisation.
        #[arg(long)]
        uscc: String,
        /// Its holder's name, for a new account.
        #[arg(long, default_value = "")]
        holder: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Ends a representative's binding (credit office).
    Unbind {
        /// Name of the account.
        account: String,
        /// The organisation.
        #[arg(long)]
        uscc: String,
        #[command(flatten)]
        acting: Acting,
    },
}

impl Account {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        if let Action::List = &self.action {
            return list(common);
        }
        // The first start makes the register.
        drop(common.writer()?);
        let service = Service::open(common.address()?, Clock::system(), None)?;
        let desk = Desk::open(&service)?;
        let by = |acting: &Acting, role| service.acting(&acting.by, role);
        match &self.action {
            Action::List => {}
            Action::Enter { account, role, unit, holder, staff_number, ends, acting } => {
                let by = by(acting, Role::SystemAdmin)?;
                let asked = Asked {
                    account: account.clone(),
                    role: role.clone(),
                    holder: holder.clone(),
                    staff_number: staff_number.clone(),
                    unit: unit.clone(),
                    ends_on: *ends,
                    reason: acting.reason.clone(),
                };
                let entered =
                    desk.at_length(|writer| account::enter(writer, service.rulebook(), &asked, &by.account.name))?;
                tell_entered(common, &entered)?;
            }
            Action::Reset { account, acting } => {
                let by = by(acting, Role::SystemAdmin)?;
                let entered = desk.at_length(|writer| {
                    account::reset(writer, service.rulebook(), account, &acting.reason, &by.account.name)
                })?;
                tell_entered(common, &entered)?;
            }
            Action::Grant { proposal, acting } | Action::Refuse { proposal, acting } => {
                let approve = matches!(self.action, Action::Grant { .. });
                let by = by(acting, Role::SecurityAdmin)?;
                let said = Answer { approve, reason: acting.reason.clone() };
                let answered = access::answer(&service, &desk, &by, proposal, &said)?;
                if common.json {
                    json(&answered)?;
                } else if let Some(half) = &answered.second_half {
                    say!("{half}")?;
                    note!("邀请码第二部分，只显示这一次，请交给账户本人");
                }
            }
            Action::Suspend { account, acting } => {
                let by = by(acting, Role::SystemAdmin)?;
                let change = Change { by: &by.account.name, reason: &acting.reason };
                desk.at_length(|writer| account::suspend(writer, service.rulebook(), account, change))?;
            }
            Action::Resume { account, acting } => {
                let by = by(acting, Role::SystemAdmin)?;
                let change = Change { by: &by.account.name, reason: &acting.reason };
                desk.at_length(|writer| account::resume(writer, service.rulebook(), account, change))?;
            }
            Action::End { account, successor, acting } => {
                let by = by(acting, Role::SystemAdmin)?;
                let change = Change { by: &by.account.name, reason: &acting.reason };
                let handed_over = desk.at_length(|writer| {
                    account::end(writer, service.rulebook(), account, successor.as_deref(), change)
                })?;
                if common.json {
                    json(&serde_json::json!({ "account": account, "handed_over": handed_over }))?;
                } else {
                    note!("{account} 已注销，移交 {handed_over} 件");
                }
            }
            Action::Deputy { account, deputy, from, through, acting } => {
                let by = by(acting, Role::SystemAdmin)?;
                let change = Change { by: &by.account.name, reason: &acting.reason };
                let deputy = match (deputy, from, through) {
                    (Some(name), Some(from_on), Some(through_on)) => {
                        Some(Deputy { name: name.clone(), from_on: *from_on, through_on: *through_on })
                    }
                    _ => None,
                };
                desk.at_length(|writer| {
                    account::set_deputy(writer, service.rulebook(), account, deputy.as_ref(), change)
                })?;
            }
            Action::Represent { account, uscc, holder, acting } => {
                let (by, uscc) = (by(acting, Role::Office)?, parse(uscc)?);
                let bound = desk.at_length(|writer| {
                    account::invite(writer, service.rulebook(), account, holder, uscc, &by.account.name)
                })?;
                if common.json {
                    json(&bound)?;
                } else {
                    say!("{}", bound.code)?;
                    note!("{} 的核验码，只显示这一次，请当面交付或寄到登记住所", bound.uscc);
                }
            }
            Action::Unbind { account, uscc, acting } => {
                let (by, uscc) = (by(acting, Role::Office)?, parse(uscc)?);
                desk.at_length(|writer| {
                    account::unbind(
                        writer,
                        service.rulebook(),
                        account,
                        uscc.as_str(),
                        &by.account.name,
                        &acting.reason,
                    )
                })?;
            }
        }
        drop(desk);
        sequence(&service)?;
        Ok(Done::Whole)
    }
}

/// What was done gets its place in the log before the command ends.
fn sequence(service: &Service) -> anyhow::Result<()> {
    service.sequence()?;
    Ok(())
}

fn parse(uscc: &str) -> Result<Uscc, AppError> {
    Uscc::parse(uscc).map_err(|error| AppError::refused(error.code(), "uscc", format!("统一社会信用代码无效：{error}")))
}

fn tell_entered(common: &Common, entered: &account::Entered) -> anyhow::Result<()> {
    if common.json {
        return json(entered);
    }
    say!("{}", entered.first_half)?;
    note!("邀请码第一部分，只显示这一次，请交给账户本人；提请 {} 等待安全管理员复核", entered.proposal);
    Ok(())
}

fn list(common: &Common) -> anyhow::Result<Done> {
    let service = Service::open(common.address()?, Clock::system(), None)?;
    let found = account::list(&service)?;
    if common.json {
        json(&found)?;
    } else {
        for one in found {
            say!("{}\t{}\t{}\t{}", one.account, one.role, one.unit, one.state.name())?;
        }
    }
    Ok(Done::Whole)
}
