//! `credence batch list|show|notes|release|withdraw`: what was sent, how it was mapped, what came back; what waits is released,
//! what should not have come is withdrawn.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use clap::Subcommand;
use credence_app::review::Decision;
use credence_app::{Clock, Service, batch};

/// Batches that were sent.
#[derive(Debug, clap::Args)]
pub struct Batch {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The latest batches.
    List {
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// One batch with its mapping and rejected rows.
    Show {
        /// Its number.
        number: String,
    },
    /// What was odd about its rows that were taken.
    Notes {
        /// Its number.
        number: String,
        /// Where to go on: `next` of the page before.
        #[arg(long)]
        cursor: Option<String>,
        /// How many records.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Lets a batch that waits become public, from today on.
    Release {
        /// Its number.
        number: String,
        /// Who releases it.
        #[arg(long = "as")]
        actor: String,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
        /// Who answers for the secrecy review, where none is recorded.
        #[arg(long, default_value = "")]
        secrecy_review: String,
    },
    /// Withdraws a batch: what stood before stands again. Needs two persons.
    Withdraw {
        /// Its number.
        number: String,
        /// Who withdraws it.
        #[arg(long = "as")]
        actor: String,
        /// The second person.
        #[arg(long)]
        second: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// The unit that withdraws it, where it is not the one that sent it: needs that one's consent.
        #[arg(long)]
        unit: Option<String>,
    },
}

impl Batch {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let service = || Service::open(common.address()?, Clock::system(), None).map_err(anyhow::Error::from);
        match &self.action {
            Action::List { limit } => {
                let batches = service()?.batches(*limit)?;
                if common.json {
                    crate::output::json(&batches)?;
                } else {
                    for batch in batches {
                        let counts = &batch.counts;
                        say!(
                            "{}  {}  {:<9}  {}  {}  读取 {} 新增 {} 未变 {} 更正 {} 退回 {} 暂缓 {}",
                            batch.batch,
                            batch.received_at,
                            batch.state,
                            batch.source,
                            batch.item,
                            counts.read,
                            counts.accepted,
                            counts.unchanged,
                            counts.corrected,
                            counts.rejected,
                            counts.held
                        )?;
                    }
                }
            }
            Action::Show { number } => crate::output::json(&service()?.batch(number)?)?,
            Action::Notes { number, cursor, limit } => {
                let limit = credence_app::query::page::limit(Some(*limit))?;
                let found = service()?.all_batch_notes(number, (cursor.as_deref(), limit))?;
                if common.json {
                    crate::output::json(&found)?;
                } else {
                    for (record, note) in found.items.iter().flat_map(|one| one.notes.iter().map(move |n| (one, n))) {
                        let original =
                            note.original.as_ref().map_or_else(String::new, |text| format!("（原值 {text}）"));
                        say!("{}  {}  {}  {}{original}", record.record, record.uscc, note.name, note.text)?;
                    }
                    if let Some(next) = &found.next {
                        say!("其后还有：--cursor {next}")?;
                    }
                }
            }
            Action::Release { number, actor, reason, secrecy_review } => {
                let (mut writer, rulebook) = common.writer()?;
                let decision = Decision { actor, reason, secrecy_review };
                let done = batch::release::release(&mut writer, &rulebook, number, decision)?;
                if common.json {
                    crate::output::json(&done)?;
                } else {
                    say!("{}  公示 {} 条，仍暂缓 {} 条", done.batch, done.released, done.still_held)?;
                }
            }
            Action::Withdraw { number, actor, second, reason, unit } => {
                let (mut writer, rulebook) = common.writer()?;
                let decision = Decision { actor, reason, secrecy_review: "" };
                let by = (second.as_str(), unit.as_deref());
                let done =
                    batch::withdraw::withdraw_for(&mut writer, &rulebook, number, decision, by, &mut |_| Ok(()))?;
                if common.json {
                    crate::output::json(&done)?;
                } else {
                    let (restored, withdrawn) = (done.restored, done.withdrawn);
                    say!("{}  恢复 {restored} 条，撤回 {withdrawn} 条，保留 {} 条", done.batch, done.kept)?;
                    if done.sources > 0 {
                        say!("  另有 {} 条只是该单位重复报送的记录，已不再列其为来源", done.sources)?;
                    }
                    for kept in &done.kept_records {
                        say!("  保留  {}  {}  {}", kept.id, kept.uscc, kept.item)?;
                    }
                }
            }
        }
        Ok(Done::Whole)
    }
}
