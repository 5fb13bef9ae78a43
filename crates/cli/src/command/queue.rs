//! `credence queue --as ACTOR`: what waits for an account, the most pressing first; `credence queue assign` says who of the unit does
//! it. `credence own USCC --as ACTOR`: all about an organisation, for its representative.

use super::Common;
use crate::exit::Done;
use crate::output::{json, say};
use clap::Subcommand;
use credence_app::desk::Desk;
use credence_app::own::OwnView;
use credence_app::queue::{Assigning, Kind, TaskView, Which, assign_as};
use credence_app::{AppError, Clock, Service};

/// What waits for an account.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Queue {
    #[command(subcommand)]
    action: Option<Action>,
    /// The account whose queue it is.
    #[arg(long = "as", default_value = "")]
    actor: String,
    /// Only tasks of a kind: listing, measure, officer, repair, objection, proposal, held.
    #[arg(long)]
    kind: Option<String>,
    /// Only tasks with a light: `late`, `due_today`, `due_soon`, `in_time`, `provisional`, `no_clock`.
    #[arg(long)]
    light: Option<String>,
    /// Whose: mine (what the account may do and nobody else is to do) or unit (all of its unit).
    #[arg(long)]
    whose: Option<String>,
    /// The `next` of the page before.
    #[arg(long)]
    cursor: Option<String>,
    /// How many tasks at most.
    #[arg(long)]
    limit: Option<u32>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Says who of the unit does a task; nobody in particular without --to.
    Assign {
        /// Kind of the case: listing, measure, officer, repair, objection.
        kind: String,
        /// Number of the case.
        number: String,
        /// The step, where the case asks for several.
        #[arg(long)]
        step: Option<String>,
        /// The account that is to do it.
        #[arg(long)]
        to: Option<String>,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Who assigns it.
        #[arg(long = "as")]
        actor: String,
    },
}

impl Queue {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let service = Service::open(common.address()?, Clock::system(), None)?;
        if let Some(Action::Assign { kind, number, step, to, reason, actor }) = &self.action {
            let unknown = || AppError::refused("bad_parameter", "kind", format!("没有种类{kind}"));
            let asked = Assigning {
                kind: Kind::from_code(kind).ok_or_else(unknown)?,
                number: number.clone(),
                step: step.clone(),
                account: to.clone(),
                reason: reason.clone(),
            };
            let person = service.acting_as(actor)?;
            if !service.allows(person.role, credence_domain::access::Action::AssignTask)? {
                let text = format!("{}不能分派待办", person.role.name());
                return Err(AppError::refused("forbidden", "as", text).into());
            }
            let desk = Desk::open(&service)?;
            let task = assign_as(&service, &desk, &person, &asked)?;
            drop(desk);
            service.sequence()?;
            if common.json {
                json(&task)?
            } else {
                print(&task)?
            }
            return Ok(Done::Whole);
        }
        let person = service.acting_as(&self.actor)?;
        let which = Which::parse(self.kind.as_deref(), self.light.as_deref(), self.whose.as_deref())?;
        let queue = service.queue(&person, &which, self.cursor.as_deref(), self.limit)?;
        if common.json {
            json(&queue)?;
        } else {
            queue.items.iter().try_for_each(print)?;
        }
        Ok(Done::Whole)
    }
}

fn print(task: &TaskView) -> anyhow::Result<()> {
    let due = task.due_on.map(|due| due.to_string()).unwrap_or_default();
    let who = task.assigned_to.as_deref().unwrap_or_default();
    let (kind, light) = (task.kind.code(), task.light.code());
    say!("{light}\t{due}\t{}\t{kind}\t{}\t{}\t{}\t{who}", task.light_text, task.number, task.step, task.title)
}

/// All about an organisation, for its representative.
#[derive(Debug, clap::Args)]
pub struct Own {
    /// The organisation.
    uscc: String,
    /// The representative's account.
    #[arg(long = "as")]
    actor: String,
}

impl Own {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let service = Service::open(common.address()?, Clock::system(), None)?;
        let person = service.acting_as(&self.actor)?;
        let desk = Desk::open(&service)?;
        let own = service.own(&desk, &person, &self.uscc)?;
        drop(desk);
        service.sequence()?;
        if common.json {
            json(&own)?
        } else {
            print_own(&own)?
        }
        Ok(Done::Whole)
    }
}

fn print_own(own: &OwnView) -> anyhow::Result<()> {
    say!("{}\t{}", own.uscc, own.name)?;
    for one in &own.deadlines {
        let due = one.due_on.map(|due| due.to_string()).unwrap_or_default();
        say!("{}\t{due}\t{}\t{}\t{}\t{}", one.light.code(), one.light_text, one.kind, one.number, one.asked)?;
    }
    for record in &own.records {
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let (number, through) = (record.document_number.as_deref().unwrap_or_default(), day(record.public_through_on));
        say!("{}\t{}\t{number}\t{}\t{through}\t{}", record.id, record.item, record.state, day(record.repair_from_on))?;
    }
    for case in &own.cases {
        say!("{}\t{}\t{}\t{}", case.kind, case.number, case.state, case.title)?;
    }
    for one in &own.measures {
        say!("measure\t{}\t{}\t{}\t{}", one.number, one.state, one.through_on, one.name)?;
    }
    for letter in &own.letters {
        say!("{}\t{}\t{}", letter.made_on, letter.letter, letter.title)?;
    }
    Ok(())
}
