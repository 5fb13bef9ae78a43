//! `credence unit subscribe`, `credence unit changes`: the changes of its areas go back to a unit (数据回流).

use crate::command::Common;
use crate::output::say;
use credence_app::{Clock, Service, subscription};

#[derive(Debug, clap::Args)]
pub(super) struct Subscribe {
    /// The unit.
    unit: String,
    /// Who asks for it.
    #[arg(long = "as")]
    actor: String,
    /// Ends the subscription.
    #[arg(long)]
    end: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Changes {
    /// The unit.
    unit: String,
    /// Behind this place of the log, -1 from its beginning; since it subscribed without it.
    #[arg(long, allow_negative_numbers = true)]
    after: Option<i64>,
    /// How many, whole acts.
    #[arg(long)]
    limit: Option<u32>,
}

impl Subscribe {
    pub(super) fn run(&self, common: &Common) -> anyhow::Result<()> {
        let unit = super::parse_code(&self.unit)?;
        let (mut writer, rulebook) = common.writer()?;
        let done = if self.end {
            subscription::end(&mut writer, &rulebook, unit, &self.actor)?
        } else {
            subscription::begin(&mut writer, &rulebook, unit, &self.actor)?
        };
        if common.json {
            return crate::output::json(&done);
        }
        say!(
            "{}",
            match (self.end, done) {
                (false, true) => "已订阅",
                (false, false) => "此前已订阅",
                (true, true) => "已终止订阅",
                (true, false) => "没有订阅",
            }
        )?;
        Ok(())
    }
}

impl Changes {
    pub(super) fn run(&self, common: &Common) -> anyhow::Result<()> {
        let unit = super::parse_code(&self.unit)?;
        let service = Service::open(common.address()?, Clock::system(), None)?;
        let found = service.changes_of(unit.as_str(), self.after, self.limit)?;
        if common.json {
            return crate::output::json(&found);
        }
        for one in &found.items {
            say!("{}\t{}\t{}\t{}\t{}\t{}", one.position, one.at, one.kind, one.uscc, one.item, one.id)?;
        }
        say!("读到位置 {}{}", found.position, if found.next.is_some() { "，后面还有" } else { "" })?;
        Ok(())
    }
}
