//! `credence repair notice|list|show|apply|step|progress`: whether a record may be repaired, and the repairs themselves.

use super::{Common, paper};
use crate::exit::Done;
use crate::output::{note, say};
use anyhow::Context as _;
use clap::Subcommand;
use credence_app::listing::Clerk;
use credence_app::paper::{Handing, organisation_of};
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
        #[arg(required_unless_present = "batch")]
        records: Vec<String>,
        /// Number of a batch: the notices of all its records that stand, to be served with the decisions (两书同达).
        #[arg(long, conflicts_with = "records")]
        batch: Option<String>,
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
        /// A paper as a file, KIND=FILE (proof=…, training=…, credit_report=…): handed in and cited; may be given several times.
        #[arg(long = "paper")]
        papers: Vec<String>,
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
        /// A paper of a supplement or of a statement as a file, KIND=FILE; may be given several times.
        #[arg(long = "paper")]
        papers: Vec<String>,
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
            Action::Notice { batch: Some(number), .. } => {
                return of_batch(common, &mut writer, &rulebook, (&view, number));
            }
            Action::Notice { records, .. } => return notices(common, &mut writer, &rulebook, (&view, records)),
            Action::List { state, limit } => {
                let found = whole(*limit, |page| repair::list(writer.connection(), &view, state.as_deref(), page))?;
                if common.json {
                    crate::output::json(&found)?;
                } else {
                    found.iter().try_for_each(print_head)?;
                }
                return Ok(Done::Whole);
            }
            Action::Show { number } => repair::show(writer.connection(), &view, number)?.asking(&rulebook),
            Action::Apply { application, papers, unit, actor } => {
                let mut asked: Applying =
                    serde_json::from_str(application).context("application: 不是可识别的申请（见 docs/repair.md）")?;
                if !papers.is_empty() {
                    let uscc = organisation_of(&mut writer, &view, &asked.record)?;
                    let handing = Handing { by: actor, unit };
                    asked.papers.extend(paper::papers(&mut writer, &rulebook, handing, &uscc, papers)?);
                }
                repair::apply(&mut writer, &rulebook, (&clerk(actor), unit), &asked)?
            }
            Action::Step { number, step, papers, unit, actor } => {
                let mut doing: Doing =
                    serde_json::from_str(step).context("step: 不是可识别的步骤（见 docs/repair.md）")?;
                if let Doing::Supplement { papers: cited }
                | Doing::State { papers: cited, .. }
                | Doing::Waive { papers: cited, .. } = &mut doing
                {
                    let uscc = repair::show(writer.connection(), &view, number)?.head.uscc;
                    let handing = Handing { by: actor, unit };
                    cited.extend(paper::papers(&mut writer, &rulebook, handing, &uscc, papers)?);
                } else if !papers.is_empty() {
                    return Err(AppError::refused(
                        "bad_parameter",
                        "paper",
                        "只有补正材料和陈述、申辩及其放弃的步骤可以附文件",
                    )
                    .into());
                }
                repair::step(&mut writer, &rulebook, (&clerk(actor), unit), number, &doing)?
            }
        };
        print(common, &found)?;
        Ok(Done::Whole)
    }
}

/// The notices of a batch, page after page.
fn of_batch(
    common: &Common,
    writer: &mut credence_app::Writer,
    rulebook: &credence_domain::rulebook::Rulebook,
    (view, number): (&View, &str),
) -> anyhow::Result<Done> {
    let keyring = writer.keyring();
    let (mut told, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let (rules, page) = ((rulebook, view), (cursor.as_deref(), 100));
        let found = repair::notices_of_batch(writer.connection(), keyring.clone(), rules, (None, number), page)?;
        told.extend(found.items);
        cursor = found.next;
        if cursor.is_none() {
            break;
        }
    }
    if common.json {
        crate::output::json(&told)?;
        return Ok(Done::Whole);
    }
    for one in &told {
        match (&one.notice, &one.problem) {
            (Some(notice), _) => print_notice(&one.record, notice)?,
            (None, problem) => note!("{}\t{}", one.record, problem.as_deref().unwrap_or_default()),
        }
    }
    Ok(Done::Whole)
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
        told.iter().try_for_each(|(id, notice)| print_notice(id, notice))?;
    }
    Ok(if whole { Done::Whole } else { Done::WithRefusals })
}

fn print_notice(id: &str, notice: &credence_domain::repair::Notice) -> anyhow::Result<()> {
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let answer = notice.reason.clone().unwrap_or_else(|| "可以申请".to_owned());
    let (from, through) = (day(notice.repair_from_on), day(notice.public_through_on));
    say!("{id}\t{}\t最早{from}\t公示至{through}\t{answer}", notice.document)
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
    if let Some(proposed) = repair.revocation.as_ref().filter(|_| repair.head.revoking) {
        let due = proposed.statement_due_on.map_or_else(|| "尚未送达".to_owned(), |day| format!("陈述、申辩至{day}"));
        say!("  拟撤销  {}  {}  {due}", proposed.letter, proposed.fault.name())?;
    }
    for one in &repair.conditions_asked {
        say!("  待核查  {}  {}", one.code, one.text)?;
    }
    for one in &repair.decisions {
        let served = one.service.as_ref().map_or_else(|| "尚未送达".to_owned(), |it| format!("{}送达", it.served_on));
        say!("  {}  {}  {served}", one.letter, one.on)?;
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
