//! `credence claim list|file|seek|hear|decide`: claims of commercial secrecy as cases.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use clap::Subcommand;
use credence_app::query::page::whole;
use credence_app::review::Decision;
use credence_app::review::claim::{self, ClaimView};
use credence_domain::record::claim::Opinion;

/// Claims of commercial secrecy.
#[derive(Debug, clap::Args)]
pub struct Claim {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Args)]
struct Who {
    /// Who acts.
    #[arg(long = "as")]
    actor: String,
    /// Why.
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every claim, those that wait first.
    List {
        /// At most so many.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
    },
    /// Files a claim that published fields of a record tell a commercial secret.
    File {
        /// The record's id.
        record: String,
        /// The fields' codes.
        #[arg(long = "field", required = true)]
        fields: Vec<String>,
        /// The organisation that claims.
        #[arg(long)]
        claimant: String,
        #[command(flatten)]
        who: Who,
    },
    /// Asks the third party whom disclosure concerns; it has 15 working days (政府信息公开条例 三十二).
    Seek {
        /// The claim's number.
        number: String,
        /// Who is asked.
        #[arg(long)]
        third_party: String,
        #[command(flatten)]
        who: Who,
    },
    /// Takes the third party's opinion.
    Hear {
        /// The claim's number.
        number: String,
        /// agrees (it may be disclosed) or objects.
        #[arg(long, value_parser = parse_opinion)]
        opinion: Opinion,
        #[command(flatten)]
        who: Who,
    },
    /// Decides: --uphold CLAUSE withholds the fields, --reject leaves them public.
    Decide {
        /// The claim's number.
        number: String,
        /// Title and article by which the fields are not disclosed.
        #[arg(long, value_name = "CLAUSE", required_unless_present = "reject", conflicts_with = "reject")]
        uphold: Option<String>,
        /// The fields stay public.
        #[arg(long)]
        reject: bool,
        #[command(flatten)]
        who: Who,
    },
}

fn parse_opinion(text: &str) -> Result<Opinion, String> {
    Opinion::from_code(text).ok_or_else(|| "agrees or objects".to_owned())
}

impl Who {
    fn decision(&self) -> Decision<'_> {
        Decision { actor: &self.actor, reason: &self.reason, secrecy_review: "" }
    }
}

impl Claim {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let (mut writer, rulebook) = common.writer()?;
        let done = match &self.action {
            Action::List { limit } => {
                let found = whole(*limit, |page| claim::list(&mut writer, page))?;
                if common.json {
                    crate::output::json(&found)?;
                } else {
                    found.iter().try_for_each(print)?;
                }
                return Ok(Done::Whole);
            }
            Action::File { record, fields, claimant, who } => {
                let claimant = super::parse_code(claimant, "claimant", "主张人代码")?;
                claim::file(&mut writer, &rulebook, (record, fields), claimant, who.decision())?
            }
            Action::Seek { number, third_party, who } => {
                claim::seek(&mut writer, &rulebook, number, third_party, who.decision())?
            }
            Action::Hear { number, opinion, who } => {
                claim::hear(&mut writer, &rulebook, number, *opinion, who.decision())?
            }
            Action::Decide { number, uphold, reject: _, who } => {
                claim::decide(&mut writer, &rulebook, number, uphold.as_deref(), who.decision())?
            }
        };
        if common.json {
            crate::output::json(&done)?;
        } else {
            print(&done)?;
        }
        Ok(Done::Whole)
    }
}

fn print(claim: &ClaimView) -> anyhow::Result<()> {
    let record = claim.record.as_deref().unwrap_or("-");
    let due = claim.opinion_due_on.map_or_else(String::new, |day| format!("  意见期限 {day}"));
    say!("{}  {}  {record}  {}  {}{due}", claim.number, claim.state, claim.fields.join("、"), claim.claimant)
}
