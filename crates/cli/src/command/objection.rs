//! `credence objection list|show|file|step|reply`: objections, complaints and replies, step by step.

use super::{Common, paper};
use crate::exit::Done;
use crate::output::say;
use anyhow::Context as _;
use clap::Subcommand;
use credence_app::listing::Clerk;
use credence_app::objection::{self, Actor, CaseView, Doing, Filing, HeadView};
use credence_app::paper::{Handing, organisation_of};
use credence_app::query::page::whole;
use credence_app::{AppError, View};
use credence_domain::objection::Matter;
use std::path::PathBuf;

/// Objections, complaints and replies.
#[derive(Debug, clap::Args)]
pub struct Objection {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every case, newest first.
    List {
        /// Only those of a matter: objection, complaint, reply.
        #[arg(long)]
        matter: Option<String>,
        /// Only those in a state: filed, pushed, checked, decided, appealed, closed, withdrawn, printed, refused.
        #[arg(long)]
        state: Option<String>,
        /// At most so many.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
    },
    /// A case with its clocks, steps and letters.
    Show {
        /// The case's number.
        number: String,
    },
    /// Files, given as JSON: {"matter":"objection","record":"…","ground":"…","contested":["content"]}, … (docs/objections.md); what is
    /// open about the record is joined.
    File {
        /// What is filed.
        filing: String,
        /// A document as a file: handed in and cited; may be given several times.
        #[arg(long)]
        evidence: Vec<PathBuf>,
        /// The unit that enters it; empty for the organisation itself.
        #[arg(long, default_value = "")]
        unit: String,
        /// Who files.
        #[arg(long = "as")]
        actor: String,
    },
    /// Takes a step, given as JSON: {"act":"push"}, … (docs/objections.md).
    Step {
        /// The case's number.
        number: String,
        /// The step.
        step: String,
        /// A document of a check as a file; may be given several times.
        #[arg(long)]
        evidence: Vec<PathBuf>,
        /// The unit that acts; empty for the organisation itself.
        #[arg(long, default_value = "")]
        unit: String,
        /// Who takes it.
        #[arg(long = "as")]
        actor: String,
    },
    /// Files a reply: the organisation's own words beside a record, printed once they were looked through.
    Reply {
        /// Id of the record.
        record: String,
        /// The words.
        text: String,
        /// Who files.
        #[arg(long = "as")]
        actor: String,
    },
}

impl Objection {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let (mut writer, rulebook) = common.writer()?;
        let view = View::office(writer.clock().today());
        let actor = |name: &str, unit: &str| Actor {
            clerk: Clerk { name: name.to_owned(), view: view.clone() },
            unit: unit.to_owned(),
        };
        let case = match &self.action {
            Action::List { matter, state, limit } => {
                let asked = (matter.as_deref(), state.as_deref());
                let found = whole(*limit, |page| objection::list(writer.connection(), &view, asked, page))?;
                if common.json {
                    crate::output::json(&found)?;
                } else {
                    found.iter().try_for_each(print_head)?;
                }
                return Ok(Done::Whole);
            }
            Action::Show { number } => objection::show(writer.connection(), &view, number)?,
            Action::File { filing, evidence, unit, actor: by } => {
                let mut asked: Filing =
                    serde_json::from_str(filing).context("filing: 不是可识别的内容（见 docs/objections.md）")?;
                if !evidence.is_empty() {
                    let uscc = organisation_of(&mut writer, &view, &asked.record)?;
                    asked.evidence.extend(paper::evidence(
                        &mut writer,
                        &rulebook,
                        Handing { by, unit },
                        &uscc,
                        evidence,
                    )?);
                }
                objection::file(&mut writer, &rulebook, &actor(by, unit), &asked)?
            }
            Action::Step { number, step, evidence: given, unit, actor: by } => {
                let mut doing: Doing =
                    serde_json::from_str(step).context("step: 不是可识别的步骤（见 docs/objections.md）")?;
                if let Doing::Check { evidence, .. } = &mut doing {
                    let uscc = objection::show(writer.connection(), &view, number)?.head.uscc;
                    evidence.extend(paper::evidence(&mut writer, &rulebook, Handing { by, unit }, &uscc, given)?);
                } else if !given.is_empty() {
                    return Err(AppError::refused("bad_parameter", "evidence", "只有核查的步骤可以附文件").into());
                }
                objection::step(&mut writer, &rulebook, &actor(by, unit), number, &doing)?
            }
            Action::Reply { record, text, actor: by } => {
                let asked = Filing {
                    matter: Matter::Reply,
                    record: record.clone(),
                    ground: text.clone(),
                    contested: Vec::new(),
                    claims: Vec::new(),
                    evidence: Vec::new(),
                    channel: None,
                    received_on: None,
                };
                objection::file(&mut writer, &rulebook, &actor(by, ""), &asked)?
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
    let late = if head.overdue { "  逾期" } else { "" };
    let due = head.due_on.map(|due| format!("  {due}")).unwrap_or_default();
    say!("{}  {}  {}  {}  {}{due}{late}", head.number, head.matter.code(), head.state, head.uscc, head.title)
}

fn print(case: &CaseView) -> anyhow::Result<()> {
    print_head(&case.head)?;
    for clock in &case.clocks {
        say!("  {}  {}～{}  {}", clock.code, clock.from_on, clock.due_on, clock.state)?;
    }
    for step in &case.steps {
        say!("  {}  {}  {}  {}", step.step, step.on, step.kind, step.by)?;
    }
    for letter in &case.letters {
        say!("  {}  {}  {}", letter.made_on, letter.letter, letter.title)?;
    }
    Ok(())
}
