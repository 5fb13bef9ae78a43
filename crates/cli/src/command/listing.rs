//! `credence listing list|show|propose|step`: cases of listings, step by step.

use super::{Common, paper};
use crate::exit::Done;
use crate::output::say;
use anyhow::Context as _;
use clap::Subcommand;
use credence_app::View;
use credence_app::listing::{self, CaseView, Clerk, HeadView, Proposing, Stepping};
use credence_app::paper::Handing;
use credence_app::query::page::whole;
use std::path::PathBuf;

/// Cases of listings.
#[derive(Debug, clap::Args)]
pub struct Listing {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every case, newest first.
    List {
        /// Only those in a state: proposed, notified, listed, not_listed, withdrawn, delisted.
        #[arg(long)]
        state: Option<String>,
        /// At most so many.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
    },
    /// A case with its steps and letters.
    Show {
        /// The case's number.
        number: String,
    },
    /// Proposes a listing; the prior notice is written with it.
    Propose {
        /// Code of the list.
        #[arg(long)]
        list: String,
        /// Which of the list's criteria, from 1.
        #[arg(long)]
        criterion: usize,
        /// The organisation.
        #[arg(long)]
        uscc: String,
        /// The unit that acts.
        #[arg(long)]
        unit: String,
        /// The facts.
        #[arg(long)]
        facts: String,
        /// Ids of the records that it rests on.
        #[arg(long = "record", required = true)]
        records: Vec<String>,
        /// Number of the remedy that revoked an earlier decision on the same documents and orders the act made anew; with its paper.
        #[arg(long, default_value = "")]
        ordered: String,
        /// A copy of what it rests on as a file: handed in and cited; may be given several times.
        #[arg(long = "paper")]
        papers: Vec<PathBuf>,
        /// Who proposes.
        #[arg(long = "as")]
        actor: String,
    },
    /// Takes a step, given as JSON: {"act":"serve","delivery":{"mode":"direct","on":"2026-05-06","proof":"…"}}, … (docs/listing.md).
    Step {
        /// The case's number.
        number: String,
        /// The step.
        step: String,
        /// A document that comes with it as a file: handed in and cited; may be given several times.
        #[arg(long = "paper")]
        papers: Vec<PathBuf>,
        /// Who takes it.
        #[arg(long = "as")]
        actor: String,
    },
}

impl Listing {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let (mut writer, rulebook) = common.writer()?;
        let view = View::office(writer.clock().today());
        let clerk = |actor: &str| Clerk { name: actor.to_owned(), view: view.clone() };
        let case = match &self.action {
            Action::List { state, limit } => {
                let found = whole(*limit, |page| listing::list(writer.connection(), &view, state.as_deref(), page))?;
                if common.json {
                    crate::output::json(&found)?;
                } else {
                    found.iter().try_for_each(print_head)?;
                }
                return Ok(Done::Whole);
            }
            Action::Show { number } => listing::show(writer.connection(), &view, number)?,
            Action::Propose { list, criterion, uscc, unit, facts, records, ordered, papers, actor } => {
                let handing = Handing { by: actor, unit };
                let papers = paper::evidence(&mut writer, &rulebook, handing, uscc, papers)?;
                let asked = Proposing {
                    list: list.clone(),
                    criterion: *criterion,
                    uscc: uscc.clone(),
                    unit: unit.clone(),
                    facts: facts.clone(),
                    records: records.clone(),
                    ordered: ordered.clone(),
                    papers,
                };
                listing::propose(&mut writer, &rulebook, &clerk(actor), &asked)?
            }
            Action::Step { number, step, papers, actor } => {
                let mut asked: Stepping =
                    serde_json::from_str(step).context("step: 不是可识别的步骤（见 docs/listing.md）")?;
                if !papers.is_empty() {
                    let case = listing::show(writer.connection(), &view, number)?.head;
                    let handing = Handing { by: actor, unit: &case.unit };
                    asked.papers.extend(paper::evidence(&mut writer, &rulebook, handing, &case.uscc, papers)?);
                }
                listing::step_citing(&mut writer, &rulebook, &clerk(actor), number, &asked)?
            }
        };
        if common.json {
            crate::output::json(&case)?;
        } else {
            print(&case)?;
        }
        Ok(Done::Whole)
    }
}

fn print_head(head: &HeadView) -> anyhow::Result<()> {
    let stayed = if head.stayed { "  停止执行" } else { "" };
    say!("{}  {}  {}  {}  {}{stayed}", head.number, head.state, head.list, head.uscc, head.moved_on)
}

fn print(case: &CaseView) -> anyhow::Result<()> {
    print_head(&case.head)?;
    if let Some(due) = case.answer_due_on {
        say!("陈述申辩期限 {due}")?;
    }
    if let Some(through) = case.public_through_on {
        let public = if case.public { "公示中" } else { "不公示" };
        say!("{public}，至{through}")?;
    }
    for step in &case.steps {
        say!("  {}  {}  {}  {}", step.step, step.taken.on, step.kind, step.taken.by)?;
    }
    for letter in &case.letters {
        say!("  {}  {}  {}", letter.made_on, letter.letter, letter.title)?;
    }
    Ok(())
}
