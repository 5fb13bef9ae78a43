//! `credence review list|release|redact|withhold`: records that wait for a person before they become public.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use clap::Subcommand;
use credence_app::consent::Acting;
use credence_app::review::withhold::{Finding, withhold};
use credence_app::review::{self, Decision};
use credence_app::{Clock, Service};
use credence_domain::record::secrecy::Ground;

/// Records that wait for a person.
#[derive(Debug, clap::Args)]
pub struct Review {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every record that waits, and why.
    List,
    /// Lets records become public, from today on.
    Release {
        /// Their ids.
        #[arg(required = true)]
        records: Vec<String>,
        /// Who decides.
        #[arg(long = "as")]
        actor: String,
        /// Why; for a penalty that may be of simple procedure, that the ordinary one (普通程序) was applied.
        #[arg(long)]
        reason: String,
        /// Who answers for the secrecy review, where none is recorded.
        #[arg(long, default_value = "")]
        secrecy_review: String,
    },
    /// Takes a field with an identity or telephone number out of what is public.
    Redact {
        /// The record's id.
        record: String,
        /// The field's code.
        #[arg(long)]
        field: String,
        /// Who decides.
        #[arg(long = "as")]
        actor: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// The unit that decides, where it is not the owner: needs the owner's consent and a second person.
        #[arg(long)]
        unit: Option<String>,
        /// The second person.
        #[arg(long, default_value = "")]
        second: String,
    },
    /// Keeps fields from the public by a clause, in this version and every later one; or no longer (--lift).
    Withhold {
        /// The record's id.
        record: String,
        /// The fields' codes.
        #[arg(long = "field", required = true)]
        fields: Vec<String>,
        /// state_secret, commercial_secret or privacy.
        #[arg(long, value_parser = parse_ground, required_unless_present = "lift")]
        ground: Option<Ground>,
        /// Title and article, for example "政府信息公开条例 十五".
        #[arg(long, default_value = "")]
        clause: String,
        /// The fields are disclosed again.
        #[arg(long, conflicts_with_all = ["ground", "clause"])]
        lift: bool,
        /// The officer who has reviewed it.
        #[arg(long = "as")]
        actor: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

/// Which ground, as arguments carry it.
fn parse_ground(text: &str) -> Result<Ground, String> {
    Ground::from_code(text).ok_or_else(|| format!("one of {}", Ground::ALL.map(Ground::code).join(", ")))
}

impl Review {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.action {
            Action::List => {
                let held = Service::open(common.address()?, Clock::system(), None)?.held_records()?;
                if common.json {
                    crate::output::json(&held)?;
                } else {
                    for one in held {
                        let fields = one.fields.join("、");
                        say!(
                            "{}\t{}\t{}\t{}\t{}\t{fields}",
                            one.id,
                            one.uscc,
                            one.item,
                            one.hold,
                            one.document_number
                        )?;
                    }
                }
            }
            Action::Release { records, actor, reason, secrecy_review } => {
                let (mut writer, rulebook) = common.writer()?;
                let decision = Decision { actor, reason, secrecy_review };
                let done = review::release(&mut writer, &rulebook, records, decision)?;
                if common.json {
                    crate::output::json(&done)?;
                } else {
                    say!("公示 {} 条，仍暂缓 {} 条", done.released, done.still_held)?;
                }
            }
            Action::Redact { record, field, actor, reason, unit, second } => {
                let (mut writer, rulebook) = common.writer()?;
                let decision = Decision { actor, reason, secrecy_review: "" };
                let acting = unit.as_deref().map(|unit| Acting { unit, second });
                let done = review::redact_for(&mut writer, &rulebook, (record, field), decision, acting)?;
                if common.json {
                    crate::output::json(&done)?;
                } else {
                    say!("{}  {}  {}", done.id, done.state, done.hold)?;
                }
            }
            Action::Withhold { record, fields, ground, clause, lift: _, actor, reason } => {
                let (mut writer, rulebook) = common.writer()?;
                let decision = Decision { actor, reason, secrecy_review: "" };
                let finding = ground.map_or(Finding::Lift, |ground| Finding::Withhold { ground, clause });
                let done = withhold(&mut writer, &rulebook, (record, fields), finding, decision)?;
                if common.json {
                    crate::output::json(&done)?;
                } else {
                    say!("{}  {}  {}", done.id, done.state, fields.join("、"))?;
                }
            }
        }
        Ok(Done::Whole)
    }
}
