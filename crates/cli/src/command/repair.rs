//! `credence repair notice|list|show|apply|step|progress`: whether a record may be repaired, and the repairs themselves.

use super::Common;
use crate::exit::Done;
use crate::output::{note, say};
use anyhow::Context as _;
use clap::Subcommand;
use credence_app::listing::Clerk;
use credence_app::query::page::whole;
use credence_app::repair::{self, Applying, Doing, HeadView, RepairView};
use credence_app::{AppError, View};

/// Repairs (信用修复).
#[derive(Debug, clap::Args)]
pub struct Repair {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Whether, from when and how a record may be repaired: the notice that goes with every penalty; for several records at once.
    Notice {
        /// Ids of records.
        #[arg(required = true)]
        records: Vec<String>,
    },
    /// Repairs, newest first.
    List {
        /// Only those in a state: applied, arrived, wanting, accepted, shielded, restored, completed, granted, not_accepted, refused, withdrawn, stopped, revoked.
        #[arg(long)]
        state: Option<String>,
        /// At most so many.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
    },
    /// One repair with everything.
    Show {
        /// Its number.
        number: String,
    },
    /// Applies: {"record":…,"channel":"paper","reference":…,"rectified":…,"papers":[…],"clauses":[…],"signed_on":…}; for a shield {"record":…,"plan":{"kind":"reorganisation",
    /// "applicant":"administrator","approved":{"court":…,"number":…,"made_on":…}},…} (docs/repair.md).
    Apply {
        /// The application as JSON.
        application: String,
        /// The unit that enters it; empty for the organisation itself.
        #[arg(long, default_value = "")]
        unit: String,
        /// Who enters it.
        #[arg(long = "as")]
        actor: String,
    },
    /// Takes a step, given as JSON: {"act":"accept"}, … (docs/repair.md).
    Step {
        /// The repair's number.
        number: String,
        /// The step.
        step: String,
        /// The unit that acts; empty for the organisation.
        #[arg(long, default_value = "")]
        unit: String,
        /// Who takes it.
        #[arg(long = "as")]
        actor: String,
    },
}

impl Repair {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let (mut writer, rulebook) = common.writer()?;
        let view = View::office(writer.clock().today());
        let clerk = |actor: &str| Clerk { name: actor.to_owned(), view: view.clone() };
        let found = match &self.action {
            Action::Notice { records } => return notices(common, &mut writer, &rulebook, (&view, records)),
            Action::List { state, limit } => {
                let found = whole(*limit, |page| repair::list(writer.connection(), &view, state.as_deref(), page))?;
                if common.json {
                    crate::output::json(&found)?;
                } else {
                    found.iter().try_for_each(print_head)?;
                }
                return Ok(Done::Whole);
            }
            Action::Show { number } => repair::show(writer.connection(), &view, number)?,
            Action::Apply { application, unit, actor } => {
                let asked: Applying =
                    serde_json::from_str(application).context("application: 不是可识别的申请（见 docs/repair.md）")?;
                repair::apply(&mut writer, &rulebook, (&clerk(actor), unit), &asked)?
            }
            Action::Step { number, step, unit, actor } => {
                let doing: Doing = serde_json::from_str(step).context("step: 不是可识别的步骤（见 docs/repair.md）")?;
                repair::step(&mut writer, &rulebook, (&clerk(actor), unit), number, &doing)?
            }
        };
        print(common, &found)?;
        Ok(Done::Whole)
    }
}

/// The notices of records; those that cannot be repaired today are told with the reason, and the command exits 3.
fn notices(
    common: &Common,
    writer: &mut credence_app::Writer,
    rulebook: &credence_domain::rulebook::Rulebook,
    (view, records): (&View, &[String]),
) -> anyhow::Result<Done> {
    let keyring = writer.keyring();
    let mut told = Vec::new();
    let mut whole = true;
    for id in records {
        match repair::notice_of(writer.connection(), keyring.clone(), (rulebook, view), id) {
            Ok(notice) => {
                whole &= notice.eligible;
                told.push((id, notice));
            }
            Err(AppError::Refused { detail, .. }) => {
                whole = false;
                note!("{id}\t{detail}");
            }
            Err(error) => return Err(error.into()),
        }
    }
    if common.json {
        let notices: Vec<_> =
            told.iter().map(|(id, notice)| serde_json::json!({ "record": id, "notice": notice })).collect();
        crate::output::json(&notices)?;
    } else {
        for (id, notice) in &told {
            let day = |day: Option<jiff::civil::Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
            let answer = notice.reason.clone().unwrap_or_else(|| "可以申请".to_owned());
            say!(
                "{id}\t{}\t最早{}\t公示至{}\t{answer}",
                notice.document,
                day(notice.repair_from_on),
                day(notice.public_through_on)
            )?;
        }
    }
    Ok(if whole { Done::Whole } else { Done::WithRefusals })
}

fn print_head(head: &HeadView) -> anyhow::Result<()> {
    let due = head.due_on.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let late = if head.overdue { "  逾期" } else { "" };
    say!("{}  {}  {}  {}  期限{due}{late}", head.number, head.state, head.channel, head.uscc)
}

fn print(common: &Common, repair: &RepairView) -> anyhow::Result<()> {
    if common.json {
        return crate::output::json(repair);
    }
    print_head(&repair.head)?;
    if let Some(plan) = &repair.plan {
        let now = if repair.shields { "  临时屏蔽中" } else { "" };
        say!("  {}  {}{now}", plan.kind.name(), plan.approved.told())?;
    }
    for clock in &repair.clocks {
        say!("  {}  {}～{}  {}", clock.code, clock.from_on, clock.due_on, clock.state)?;
    }
    for step in &repair.steps {
        say!("  {}  {}  {}  {}", step.step, step.taken.on, step.kind, step.taken.by)?;
    }
    for follower in &repair.followers {
        say!("  {}  {}", follower.unit_name, follower.state)?;
    }
    Ok(())
}
