//! `credence unit consent give|list|end`: whom a unit lets correct in its name. Without one, only the owner corrects.

use crate::command::Common;
use crate::output::say;
use clap::Subcommand;
use credence_app::consent::{self, Consenting};
use credence_app::{Clock, Service};
use jiff::civil::Date;

#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// A unit lets another correct in its name: everything, one item, or one record.
    Give {
        /// Whose records they are.
        owner: String,
        /// Who may act in its name.
        #[arg(long)]
        to: String,
        /// Only this item.
        #[arg(long, default_value = "")]
        item: String,
        /// Only this record, by its id.
        #[arg(long, default_value = "")]
        record: String,
        /// First day; today without it.
        #[arg(long, value_parser = crate::command::parse_date)]
        from: Option<Date>,
        /// Last day.
        #[arg(long, value_parser = crate::command::parse_date)]
        until: Option<Date>,
        /// Who gives it.
        #[arg(long = "as")]
        actor: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Every consent ever given.
    List {
        /// Only those of this unit.
        owner: Option<String>,
    },
    /// Ends a consent.
    End {
        /// Its number.
        number: String,
        /// Who ends it.
        #[arg(long = "as")]
        actor: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

impl Action {
    pub(super) fn run(&self, common: &Common) -> anyhow::Result<()> {
        match self {
            Action::Give { owner, to, item, record, from, until, actor, reason } => {
                let (mut writer, rulebook) = common.writer()?;
                let what = Consenting { owner, acting: to, item, record, from_on: *from, until_on: *until };
                let given = consent::give(&mut writer, &rulebook, &what, actor, reason)?;
                if common.json { crate::output::json(&given)? } else { say!("{}", given.number)? }
            }
            Action::List { owner } => {
                let found = Service::open(common.address()?, Clock::system(), None)?.consents(owner.as_deref())?;
                if common.json {
                    return crate::output::json(&found);
                }
                for one in found {
                    let of = one.item.as_deref().or(one.uscc.as_deref()).unwrap_or("全部");
                    let until = one.until_on.map_or_else(|| "不定期".to_owned(), |day| day.to_string());
                    let ended = if one.ended_at.is_some() { "\t已终止" } else { "" };
                    say!("{}\t{} → {}\t{of}\t{} 至 {until}{ended}", one.number, one.owner, one.acting, one.from_on)?;
                }
            }
            Action::End { number, actor, reason } => {
                let (mut writer, rulebook) = common.writer()?;
                let ended = consent::end(&mut writer, &rulebook, number, actor, reason)?;
                if common.json {
                    crate::output::json(&ended)?
                } else {
                    say!("{}", if ended { "已终止" } else { "此前已终止" })?
                }
            }
        }
        Ok(())
    }
}
