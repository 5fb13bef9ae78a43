//! `credence webhook …`: changes that are brought to receivers (推送订阅), the keys that sign them, and the receiver's check.

use super::{Common, parse_code, parse_date};
use crate::exit::Done;
use crate::output::say;
use anyhow::Context;
use clap::Subcommand;
use credence_app::desk::Desk;
use credence_app::review::Decision;
use credence_app::webhook::{self, Asked, From, Holder, MessageKey, Messenger, Received, Seen, WebhookView};
use credence_app::{AppError, Clock, Service};
use jiff::civil::Date;
use std::path::PathBuf;

/// Changes that are brought to receivers.
#[derive(Debug, clap::Args)]
pub struct Webhook {
    #[command(subcommand)]
    action: Action,
}

/// Where a webhook begins or goes on.
#[derive(Debug, clap::Args)]
struct Place {
    /// Behind this position; without it from now on, or from where it stood.
    #[arg(long, allow_negative_numbers = true)]
    after: Option<i64>,
    /// The day through which the receiver has read.
    #[arg(long, value_parser = parse_date)]
    through: Option<Date>,
    /// Allow plain http and private addresses.
    #[arg(long)]
    outbound_anywhere: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The webhooks of a unit, or of all.
    List {
        /// The unit.
        #[arg(long)]
        unit: Option<String>,
    },
    /// Begins one: the receiver is sent a signed ping and must give back its challenge.
    Add {
        /// Where changes are to be brought.
        url: String,
        /// The unit that holds it.
        #[arg(long)]
        unit: String,
        /// Who acts; by default whoever runs the command.
        #[arg(long = "as")]
        actor: Option<String>,
        /// Items, between commas; all without.
        #[arg(long, default_value = "")]
        item: String,
        /// Areas of registration, between commas; all without.
        #[arg(long, default_value = "")]
        area: String,
        /// Told of the unit's tasks besides: measures on organisations that it carries out.
        #[arg(long)]
        tasks: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Brings nothing until it is resumed.
    Pause {
        /// Its id.
        id: String,
        /// Who acts; by default whoever runs the command.
        #[arg(long = "as")]
        actor: Option<String>,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Goes on; the receiver is asked again.
    Resume {
        /// Its id.
        id: String,
        /// Who acts; by default whoever runs the command.
        #[arg(long = "as")]
        actor: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Takes one away, with its address.
    Remove {
        /// Its id.
        id: String,
        /// Who acts; by default whoever runs the command.
        #[arg(long = "as")]
        actor: Option<String>,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// What was tried and what came of it, the newest first.
    Deliveries {
        /// Its id.
        id: String,
        /// How many.
        #[arg(long)]
        limit: Option<u32>,
    },
    /// The keys that check messages; with --new or --retire two persons change them.
    Key {
        /// Makes a key, which signs beside the present ones.
        #[arg(long, conflicts_with = "retire", requires_all = ["actor", "second", "reason"])]
        new: bool,
        /// Retires this key: it signs nothing more.
        #[arg(long, requires_all = ["actor", "second", "reason"])]
        retire: Option<String>,
        /// Who decides.
        #[arg(long = "as")]
        actor: Option<String>,
        /// Who agrees: another person.
        #[arg(long)]
        second: Option<String>,
        /// Why.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Checks a message as a receiver does: signature, time, and that it was not seen before. Needs no register.
    Check {
        /// The file with the body, to the byte.
        body: PathBuf,
        /// The header webhook-id.
        #[arg(long)]
        id: String,
        /// The header webhook-timestamp.
        #[arg(long)]
        timestamp: String,
        /// The header webhook-signature.
        #[arg(long)]
        signature: String,
        /// A key that checks messages (whpk_…); more than one while keys change.
        #[arg(long = "key", required = true)]
        public: Vec<String>,
        /// Seconds by which the clocks may differ.
        #[arg(long)]
        tolerance: Option<i64>,
        /// The file that remembers which messages were seen: one that was is refused.
        #[arg(long)]
        seen: Option<PathBuf>,
    },
}

impl Webhook {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.action {
            Action::List { unit } => {
                let unit = unit.as_deref().map(|unit| parse_code(unit, "unit", "单位代码")).transpose()?;
                list(common, &open(common)?.webhooks(unit.as_ref().map(|unit| unit.as_str()))?)?;
            }
            Action::Add { url, unit, actor, item, area, tasks, place } => {
                let unit = parse_code(unit, "unit", "单位代码")?.as_str().to_owned();
                let holder = Holder { unit, by: super::key::named(actor), oversees: false };
                let asked = Asked {
                    url: url.clone(),
                    item: item.clone(),
                    area: area.clone(),
                    tasks: *tasks,
                    after: place.after,
                    through: place.through,
                };
                let messenger = place.messenger()?;
                let added = act(common, |service, desk| webhook::add(service, desk, &messenger, &holder, &asked))?;
                list(common, &[added])?;
            }
            Action::Pause { id, actor, reason } => {
                let holder = operator(actor);
                let paused = act(common, |service, desk| webhook::pause(service, desk, &holder, id, reason))?;
                list(common, &[paused])?;
            }
            Action::Resume { id, actor, place } => {
                let (holder, messenger) = (operator(actor), place.messenger()?);
                let asked = (id.as_str(), From { after: place.after, through: place.through });
                let resumed = act(common, |service, desk| webhook::resume(service, desk, &messenger, &holder, asked))?;
                list(common, &[resumed])?;
            }
            Action::Remove { id, actor, reason } => {
                let holder = operator(actor);
                act(common, |service, desk| webhook::remove(service, desk, &holder, id, reason))?;
                list(common, &open(common)?.webhooks(None)?)?;
            }
            Action::Deliveries { id, limit } => deliveries(common, id, *limit)?,
            Action::Key { new, retire, actor, second, reason } => {
                let text = |text: &Option<String>| text.clone().unwrap_or_default();
                let (actor, second, reason) = (text(actor), text(second), text(reason));
                let decision = Decision { actor: &actor, reason: &reason, secrecy_review: "" };
                keys(common, *new, retire.as_deref(), decision, &second)?;
            }
            Action::Check { body, id, timestamp, signature, public, tolerance, seen } => {
                let bytes = std::fs::read(body).with_context(|| format!("cannot read {}", body.display()))?;
                let keys = public.iter().map(|key| MessageKey::parse(key).context("bad_parameter: --key"));
                let keys = keys.collect::<anyhow::Result<Vec<_>>>()?;
                let received = Received { id, timestamp, signature, body: &bytes };
                let now = Clock::system().now_micros().div_euclid(1_000_000);
                let mut seen = seen.clone();
                let seen = seen.as_mut().map(|file| file as &mut dyn Seen);
                let checked = webhook::check(received, &keys, (now, *tolerance), seen)?;
                if common.json {
                    crate::output::json(&checked)?;
                } else {
                    say!("{}\t{}\t{} 条公开，{} 条不再公开", checked.id, checked.kind, checked.named, checked.gone)?;
                }
            }
        }
        Ok(Done::Whole)
    }
}

impl Place {
    fn messenger(&self) -> anyhow::Result<Messenger> {
        Ok(Messenger::new(super::log::reach(self.outbound_anywhere))?)
    }
}

/// Whoever stands at the console oversees every unit's.
fn operator(actor: &Option<String>) -> Holder {
    Holder { unit: String::new(), by: super::key::named(actor), oversees: true }
}

fn open(common: &Common) -> anyhow::Result<Service> {
    Ok(Service::open(common.address()?, Clock::system(), None)?)
}

/// Does something and gives its acts their places in the log.
fn act<T>(common: &Common, work: impl FnOnce(&Service, &Desk) -> Result<T, AppError>) -> anyhow::Result<T> {
    let service = open(common)?;
    let done = {
        let desk = Desk::open(&service)?;
        work(&service, &desk)?
    };
    service.sequence()?;
    Ok(done)
}

fn list(common: &Common, hooks: &[WebhookView]) -> anyhow::Result<()> {
    if common.json {
        return crate::output::json(&hooks);
    }
    for hook in hooks {
        let why = hook.halt_name.map_or_else(String::new, |why| format!("：{why}"));
        say!(
            "{}\t{}\t{}\t{}{why}\t位置 {}，还有 {}",
            hook.id,
            hook.unit,
            hook.url,
            hook.state_name,
            hook.position,
            hook.behind
        )?;
    }
    Ok(())
}

fn deliveries(common: &Common, id: &str, limit: Option<u32>) -> anyhow::Result<()> {
    let found = open(common)?.webhook_deliveries(id, None, (None, limit))?;
    if common.json {
        return crate::output::json(&found);
    }
    for one in &found.items {
        let status = one.status.map_or_else(|| one.problem.clone().unwrap_or_default(), |status| status.to_string());
        say!(
            "{}\t{}\t{}→{}\t{} 行\t{} 次\t{}\t{status}",
            one.id,
            one.state,
            one.after,
            one.position,
            one.lines,
            one.tries,
            one.tried_at
        )?;
    }
    Ok(())
}

fn keys(common: &Common, new: bool, retire: Option<&str>, decision: Decision<'_>, second: &str) -> anyhow::Result<()> {
    if new {
        let (mut writer, rulebook) = common.writer()?;
        webhook::new_key(&mut writer, &rulebook, decision, second)?;
    } else if let Some(key) = retire {
        let (mut writer, rulebook) = common.writer()?;
        webhook::retire_key(&mut writer, &rulebook, key, decision, second)?;
    }
    let found = open(common)?.webhook_keys()?;
    if common.json {
        return crate::output::json(&found);
    }
    for key in found {
        say!("{}\t{}", key.key, key.since)?;
    }
    Ok(())
}
