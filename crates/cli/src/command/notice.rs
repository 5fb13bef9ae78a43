//! `credence notice …`: the notices of an account (站内通知), and one round of making and mailing those that are due.

use super::Common;
use super::mail::MailOptions;
use crate::exit::Done;
use crate::output::say;
use clap::Subcommand;
use credence_app::desk::Desk;
use credence_app::notice::{self, Postman, Sweeper};
use credence_app::{Clock, Service};
use credence_domain::access::Role;
use serde_json::json;
use std::sync::Arc;

/// Notices of accounts.
#[derive(Debug, clap::Args)]
pub struct Notice {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The notices of an account, the newest first.
    List {
        /// The account.
        #[arg(long = "as")]
        account: String,
        /// How many.
        #[arg(long)]
        limit: Option<u32>,
    },
    /// The mail address of an account: without an option how it stands.
    Mail {
        /// The account.
        #[arg(long = "as")]
        account: String,
        /// Asks for this address: a code goes to it.
        #[arg(long, requires = "smtp", conflicts_with_all = ["confirm", "off"])]
        ask: Option<String>,
        /// Confirms the address with the code that was sent to it.
        #[arg(long, conflicts_with = "off")]
        confirm: Option<String>,
        /// Takes the address off.
        #[arg(long)]
        off: bool,
        #[command(flatten)]
        mail: MailOptions,
    },
    /// Makes the notices that are missing, and brings by mail what is due: what a server does by itself.
    Send {
        /// Who acts: an account of the office.
        #[arg(long = "as")]
        actor: String,
        #[command(flatten)]
        mail: MailOptions,
    },
}

impl Notice {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let service = Arc::new(Service::open(common.address()?, Clock::system(), None)?);
        match &self.action {
            Action::List { account, limit } => {
                let found = service.notices(&service.holder_of(account)?, (None, *limit))?;
                if common.json {
                    crate::output::json(&found)?;
                } else {
                    for one in found.page.items {
                        let read = if one.read_at.is_some() { "已读" } else { "未读" };
                        say!(
                            "{}\t{}\t{read}\t{}\t{}",
                            one.number,
                            one.made_at,
                            one.title,
                            one.mail.unwrap_or_default()
                        )?;
                    }
                }
            }
            Action::Mail { account, ask, confirm, off, mail } => {
                let person = service.holder_of(account)?;
                let (post, desk) = (mail.post()?, Desk::open(&service)?);
                match (ask, confirm, off, post) {
                    (Some(address), _, _, Some(post)) => {
                        notice::ask_address(&service, &desk, &post, &person, address)?;
                    }
                    (_, Some(code), ..) => notice::confirm_address(&service, &desk, &person, code)?,
                    (_, _, true, _) => notice::drop_address(&service, &desk, &person)?,
                    _ => {}
                }
                drop(desk);
                if confirm.is_some() || *off {
                    service.sequence()?;
                }
                let found = service.mail_address(&person)?;
                if common.json {
                    crate::output::json(&found)?;
                } else {
                    say!("{}\t{}", found.state, found.address)?;
                }
            }
            Action::Send { actor, mail } => {
                service.acting(actor, Role::Office)?;
                let post = mail.post()?;
                let (made, tried) = {
                    let desk = Arc::new(Desk::open(&service)?);
                    let made = Sweeper::new(Arc::clone(&service), Arc::clone(&desk)).sweep()?;
                    let mut tried = 0;
                    if let Some(post) = post {
                        let postman = Postman::new(Arc::clone(&service), desk, post);
                        while postman.turn()? {
                            tried += 1;
                        }
                    }
                    (made, tried)
                };
                service.sequence()?;
                let mail = service.status()?.mail;
                if common.json {
                    crate::output::json(&json!({ "made": made, "tried": tried, "mail": mail }))?;
                } else {
                    say!(
                        "新通知 {made} 条；本次发信 {tried} 次；待发 {}，死信 {}，已发 {}",
                        mail.waiting,
                        mail.dead,
                        mail.sent
                    )?;
                }
            }
        }
        Ok(Done::Whole)
    }
}
