//! `credence officer list|show|term|propose|inform|step|erase`: responsible persons, step by step.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use anyhow::Context as _;
use clap::Subcommand;
use credence_app::View;
use credence_app::listing::Clerk;
use credence_app::officer::{self, Doing, Entering, Erasing, HeadView, Informing, OfficerView, Proposing};
use credence_app::query::page::whole;
use credence_domain::officer::{Because, Role};
use jiff::civil::Date;
use std::io::Read as _;

/// Responsible persons (惩戒到人).
#[derive(Debug, clap::Args)]
pub struct Officer {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every term of office, case and duty, newest first.
    List {
        /// Only those of a kind: term, case, duty.
        #[arg(long)]
        kind: Option<String>,
        /// Only those in a state.
        #[arg(long)]
        state: Option<String>,
        /// At most so many.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
    },
    /// A term, a case or a duty with its steps and letters.
    Show {
        /// Its number.
        number: String,
    },
    /// Enters a term of office; the number of the identity card is read from the input, never from the line.
    Term {
        /// The organisation.
        #[arg(long)]
        uscc: String,
        /// The unit that enters it.
        #[arg(long)]
        unit: String,
        /// `legal_representative`, `principal` or `actual_controller`.
        #[arg(long)]
        role: String,
        /// The name.
        #[arg(long)]
        name: String,
        /// Reads the number of the identity card from the input.
        #[arg(long)]
        with_identity_number: bool,
        /// First day in office.
        #[arg(long)]
        from: Date,
        /// Last day in office; left out while it lasts.
        #[arg(long)]
        through: Option<Date>,
        /// What proves it.
        #[arg(long)]
        evidence: String,
        /// Who enters it.
        #[arg(long = "as")]
        actor: String,
    },
    /// Proposes to hold a person to account; the notice is written with it.
    Propose {
        /// Number of the listing.
        #[arg(long)]
        listing: String,
        /// Number of the term of office.
        #[arg(long)]
        term: String,
        /// The unit that acts.
        #[arg(long)]
        unit: String,
        /// First day of the conduct.
        #[arg(long)]
        conduct_from: Date,
        /// Last day of the conduct.
        #[arg(long)]
        conduct_through: Date,
        /// What the person did or left undone; without the name.
        #[arg(long)]
        facts: String,
        /// Code of the legal ground (rulebook/liability).
        #[arg(long)]
        ground: String,
        /// Who proposes.
        #[arg(long = "as")]
        actor: String,
    },
    /// Says that those above are to be informed of a listing.
    Inform {
        /// Number of the listing.
        #[arg(long)]
        listing: String,
        /// The unit that acts.
        #[arg(long)]
        unit: String,
        /// `public_body`, `state_enterprise` or `official`.
        #[arg(long)]
        because: String,
        /// Who says so.
        #[arg(long = "as")]
        actor: String,
    },
    /// Takes a step, given as JSON: {"act":"decide","reason":"…"}, … (docs/officers.md).
    Step {
        /// The file's number.
        number: String,
        /// The step.
        step: String,
        /// Who takes it.
        #[arg(long = "as")]
        actor: String,
    },
    /// Erases who held an office, by law.
    Erase {
        /// Number of the term of office.
        number: String,
        /// Code of the clause (rulebook/erasure/clauses.toml).
        #[arg(long)]
        clause: String,
        /// Why; without the name.
        #[arg(long)]
        reason: String,
        /// Who erases it.
        #[arg(long = "as")]
        actor: String,
        /// The second person.
        #[arg(long)]
        second: String,
    },
}

impl Officer {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let (mut writer, rulebook) = common.writer()?;
        let view = View::office(writer.clock().today());
        let clerk = |actor: &str| Clerk { name: actor.to_owned(), view: view.clone() };
        let file = match &self.action {
            Action::List { kind, state, limit } => {
                let asked = (kind.as_deref(), state.as_deref());
                let found = whole(*limit, |page| officer::list(writer.connection(), &view, asked, page))?;
                if common.json {
                    crate::output::json(&found)?;
                } else {
                    found.iter().try_for_each(print_head)?;
                }
                return Ok(Done::Whole);
            }
            Action::Show { number } => officer::show(writer.connection(), &view, number)?,
            Action::Term { uscc, unit, role, name, with_identity_number, from, through, evidence, actor } => {
                let role = Role::ALL.into_iter().find(|one| one.code() == role).context("role: 没有这一职务")?;
                let mut paper = String::new();
                if *with_identity_number {
                    std::io::stdin().read_to_string(&mut paper).context("identity number")?;
                }
                let asked = Entering {
                    uscc: uscc.clone(),
                    unit: unit.clone(),
                    role,
                    name: name.clone(),
                    identity_number: paper.trim().to_owned(),
                    from_on: *from,
                    through_on: *through,
                    evidence: evidence.clone(),
                };
                officer::enter(&mut writer, &rulebook, &clerk(actor), &asked)?
            }
            Action::Propose { listing, term, unit, conduct_from, conduct_through, facts, ground, actor } => {
                let asked = Proposing {
                    listing: listing.clone(),
                    term: term.clone(),
                    unit: unit.clone(),
                    conduct_from_on: *conduct_from,
                    conduct_through_on: *conduct_through,
                    facts: facts.clone(),
                    ground: ground.clone(),
                };
                officer::propose(&mut writer, &rulebook, &clerk(actor), &asked)?
            }
            Action::Inform { listing, unit, because, actor } => {
                let all = [Because::PublicBody, Because::StateEnterprise, Because::Official];
                let because = all.into_iter().find(|one| one.code() == because).context("because: 没有这一通报对象")?;
                let asked = Informing { listing: listing.clone(), unit: unit.clone(), because };
                officer::inform(&mut writer, &rulebook, &clerk(actor), &asked)?
            }
            Action::Step { number, step, actor } => {
                let doing: Doing =
                    serde_json::from_str(step).context("step: 不是可识别的步骤（见 docs/officers.md）")?;
                officer::step(&mut writer, &rulebook, &clerk(actor), number, &doing)?
            }
            Action::Erase { number, clause, reason, actor, second } => {
                let asked = Erasing { number, clause, reason, second };
                officer::erase(&mut writer, &rulebook, &clerk(actor), &asked)?
            }
        };
        if common.json {
            crate::output::json(&file)?;
        } else {
            print(&file)?;
        }
        Ok(Done::Whole)
    }
}

fn print_head(head: &HeadView) -> anyhow::Result<()> {
    let late = if head.overdue { "  逾期" } else { "" };
    let name = head.name.as_deref().unwrap_or_default();
    say!("{}  {}  {}  {}  {}{late}", head.number, head.kind.code(), head.state, head.uscc, name)
}

fn print(file: &OfficerView) -> anyhow::Result<()> {
    print_head(&file.head)?;
    if let Some(case) = &file.case {
        say!("{}  {}", case.basis, case.consequence)?;
    }
    for notice in file.duty.iter().flat_map(|duty| &duty.notices) {
        say!("  {}  {}", notice.to.name(), notice.number.as_deref().unwrap_or("尚未通报"))?;
    }
    for step in &file.steps {
        say!("  {}  {}  {}  {}", step.step, step.on, step.kind, step.by)?;
    }
    for letter in &file.letters {
        say!("  {}  {}  {}", letter.made_on, letter.letter, letter.title)?;
    }
    Ok(())
}
