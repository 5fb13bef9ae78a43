//! `credence key issue|list|revoke`: keys with which source units send over HTTP. A key is printed once, when it is issued.

use super::{Common, parse_date};
use crate::exit::Done;
use crate::output::{note, say};
use clap::Subcommand;
use credence_app::{Clock, Service, key};
use jiff::civil::Date;

/// Keys with which source units send over HTTP.
#[derive(Debug, clap::Args)]
pub struct Key {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Issues a key to a unit of the directory and prints it, this once.
    Issue {
        /// Unified social credit code of the unit.
        #[arg(long)]
        source: String,
        /// Last day on which it opens anything.
        #[arg(long, value_parser = parse_date)]
        expires: Option<Date>,
        /// Items that it may send, by code; every item where none is named.
        #[arg(long, value_delimiter = ',')]
        items: Vec<String>,
        /// What it may do (send_batch, read_batch, read_due, read_changes, read_measure, step_measure, read_webhook, keep_webhook); all of
        /// these where none is named.
        #[arg(long = "may", value_delimiter = ',')]
        actions: Vec<String>,
        /// Who issues it; by default whoever runs the command.
        #[arg(long = "as")]
        actor: Option<String>,
        /// The second person.
        #[arg(long)]
        second: Option<String>,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Every key ever issued, by number.
    List,
    /// Revokes a key.
    Revoke {
        /// Its number.
        number: String,
        /// Who revokes it; by default whoever runs the command.
        #[arg(long = "as")]
        actor: Option<String>,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
}

impl Key {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.action {
            Action::Issue { source, expires, items, actions, actor, second, reason } => {
                let source = super::parse_code(source, "source", "来源单位代码")?;
                let (mut writer, rulebook) = common.writer()?;
                let (items, actions) = (items.clone(), actions.clone());
                let wanted = key::Wanted { items, actions, ..key::Wanted::whole(source, *expires) };
                let by = named(actor);
                let issued = key::issue(&mut writer, &rulebook, &wanted, (&by, second.as_deref(), reason))?;
                if common.json {
                    crate::output::json(&issued)?;
                } else {
                    say!("{}", issued.key)?;
                    note!("密钥 {} 已签发给 {source}，只显示这一次，请妥善保存", issued.view.number);
                }
            }
            Action::List => {
                let keys = Service::open(common.address()?, Clock::system(), None)?.keys()?;
                if common.json {
                    crate::output::json(&keys)?;
                } else {
                    for key in keys {
                        let ends = key.expires_on.map_or_else(|| "-".to_owned(), |day| day.to_string());
                        let revoked = key.revoked_at.as_deref().map_or("", |_| "已吊销");
                        let scope = [key.items.join(","), key.actions.join(",")]
                            .map(|s| if s.is_empty() { "-".to_owned() } else { s });
                        say!(
                            "{}\t{}\t{}\t{ends}\t{}\t{}\t{revoked}",
                            key.number,
                            key.source,
                            key.issued_at,
                            scope[0],
                            scope[1]
                        )?;
                    }
                }
            }
            Action::Revoke { number, actor, reason } => {
                let (mut writer, rulebook) = common.writer()?;
                let revoked = key::revoke(&mut writer, &rulebook, number, &named(actor), reason)?;
                if common.json {
                    crate::output::json(&serde_json::json!({ "number": number, "revoked": revoked }))?;
                } else {
                    say!("{number}{}", if revoked { "" } else { "（先前已吊销）" })?;
                }
            }
        }
        Ok(Done::Whole)
    }
}

/// Who acts: as named, else whoever runs the command.
pub(super) fn named(actor: &Option<String>) -> String {
    let operator = || std::env::var("USER").unwrap_or_else(|_| "operator".to_owned());
    actor.clone().unwrap_or_else(operator)
}
