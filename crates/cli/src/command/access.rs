//! `credence access …`: what the policies say, who looked at a file, what waits for a second person, incidents of misuse.

use super::Common;
use crate::exit::Done;
use crate::output::{json, say};
use clap::Subcommand;
use credence_app::query::page::whole;
use credence_app::{AppError, Clock, Service};
use credence_domain::access::{Action as What, Role};

/// Rights, the access journal, proposals and incidents.
#[derive(Debug, clap::Args)]
pub struct Access {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// What a role may do today, with the policies that say so.
    May {
        /// Code of the role.
        role: String,
        /// Code of the action; every action when absent.
        action: Option<String>,
    },
    /// Who looked at an organisation's file, for what, when.
    Journal {
        /// The organisation.
        uscc: String,
        /// How many looks at most.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// What waits for a second person.
    Proposals,
    /// Incidents of misuse.
    Incidents {
        /// At most so many.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
    },
}

/// One right.
#[derive(serde::Serialize)]
struct Right {
    role: Role,
    action: What,
    allowed: bool,
    policies: Vec<String>,
}

impl Access {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let service = Service::open(common.address()?, Clock::system(), None)?;
        match &self.action {
            Action::May { role, action } => may(&service, common, role, action.as_deref())?,
            Action::Journal { uscc, limit } => {
                let page = service.journal(Role::Auditor, uscc, None, *limit)?;
                if common.json {
                    json(&page)?;
                } else {
                    for look in page.items {
                        let (unit, case) = (look.unit_name, look.case_number);
                        say!("{}\t{unit}\t{}\t{}\t{case}", look.at, look.role, look.purpose_name)?;
                    }
                }
            }
            Action::Proposals => {
                let found = service.open_proposals()?;
                if common.json {
                    json(&found)?;
                } else {
                    for one in found {
                        say!("{}\t{}\t{}\t{}\t{}", one.id, one.kind, one.subject, one.proposed_by, one.reason)?;
                    }
                }
            }
            Action::Incidents { limit } => {
                let found = whole(*limit, |page| service.incidents(page))?;
                if common.json {
                    json(&found)?;
                } else {
                    for one in found {
                        say!("{}\t{}\t{}\t{}\t{}", one.id, one.day, one.rule, one.account, one.state.code())?;
                    }
                }
            }
        }
        Ok(Done::Whole)
    }
}

fn may(service: &Service, common: &Common, role: &str, action: Option<&str>) -> anyhow::Result<()> {
    let bad = |field: &str| AppError::refused("bad_parameter", field, "没有这一角色或操作，见 rulebook/access");
    let role = Role::from_code(role).ok_or_else(|| bad("role"))?;
    let asked: Vec<What> = match action {
        Some(code) => vec![What::ALL.into_iter().find(|known| known.code() == code).ok_or_else(|| bad("action"))?],
        None => What::ALL.to_vec(),
    };
    let granted = service.granted()?;
    let right = |action| {
        let (allowed, policies) = granted.explain(role, action);
        Right { role, action, allowed, policies }
    };
    let rights: Vec<Right> = asked.into_iter().map(right).collect();
    if common.json {
        return json(&rights);
    }
    for one in rights {
        let word = if one.allowed { "allow" } else { "deny" };
        say!("{}\t{}\t{word}\t{}", one.role, one.action.code(), one.policies.join(" "))?;
    }
    Ok(())
}
