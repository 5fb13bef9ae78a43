//! `credence quality [--month YYYY-MM]`: the scorecard of every department; `--due`: what must be public by tomorrow.

use super::{Common, parse_date};
use crate::exit::Done;
use crate::output::say;
use credence_app::query::{DueView, QualityView, quality};
use credence_app::{Clock, Service, View};
use credence_domain::quality::Share;
use jiff::civil::Date;

/// The quality of what departments send.
#[derive(Debug, clap::Args)]
pub struct Quality {
    /// The month, as YYYY-MM; by default the latest in which a department sent something.
    #[arg(long, conflicts_with = "due")]
    month: Option<String>,
    /// Records that must be public by tomorrow and wait, and the days whose decisions are due tomorrow.
    #[arg(long)]
    due: bool,
    /// Only this department.
    #[arg(long)]
    source: Option<String>,
    /// Another day for what is asked (only a register made by `demo`).
    #[arg(long, value_parser = parse_date)]
    today: Option<Date>,
}

impl Quality {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let service = Service::open(common.address()?, Clock::system(), self.today)?;
        let view = View::office(service.today());
        if self.due {
            let found = service.due_tomorrow(&view, self.source.as_deref())?;
            if common.json {
                crate::output::json(&found)?
            } else {
                print_due(&found)?
            }
            return Ok(Done::Whole);
        }
        let month = quality::month(self.month.as_deref(), service.latest_month(service.today())?)?;
        let mut found = service.quality(&view, month)?;
        found.units.retain(|unit| self.source.as_ref().is_none_or(|source| *source == unit.source));
        if common.json {
            crate::output::json(&found)?
        } else {
            print(&found)?
        }
        Ok(Done::Whole)
    }
}

fn percent(share: Share) -> String {
    share.per_mille.map_or_else(|| "-".to_owned(), |n| format!("{}.{}%", n / 10, n % 10))
}

fn print(found: &QualityView) -> anyhow::Result<()> {
    say!("{}（{}统计）", found.month, found.as_of)?;
    for unit in &found.units {
        let missed: u64 = unit.declared.iter().map(|declared| declared.missed).sum();
        say!(
            "{}  {}\n    入库率 {}（{}/{}）  完整率 {}  及时率 {}（逾工作目标 {}，逾法定期限 {}）  公示率 {}（{}/{}）  漏报 {}  名称冲突 {}  明日到期未公示 {}",
            unit.source,
            unit.name,
            percent(unit.acceptance),
            unit.acceptance.part,
            unit.acceptance.whole,
            percent(unit.completeness),
            percent(unit.timeliness),
            unit.late,
            unit.late_by_law,
            percent(unit.publicity),
            unit.publicity.part,
            unit.publicity.whole,
            missed,
            unit.name_conflicts,
            unit.due
        )?;
    }
    Ok(())
}

fn print_due(found: &DueView) -> anyhow::Result<()> {
    say!("{}前应公示：", found.due_by)?;
    for due in &found.decisions {
        let days: Vec<String> = due.decided_on.iter().map(ToString::to_string).collect();
        say!("  {}（{}个工作日）：{} 作出的决定", due.name, due.working_days, days.join("、"))?;
    }
    let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    for record in &found.records {
        let mark = if record.late_by_law {
            "  已逾法定期限"
        } else if record.late {
            "  已逾期"
        } else {
            ""
        };
        say!(
            "  {}  {}  {}  {}  期限 {}{mark}  {}",
            record.id,
            record.uscc,
            record.item,
            record.source,
            day(record.public_due_on),
            record.hold_text
        )?;
    }
    if found.records.is_empty() {
        say!("  没有应公示而未公示的记录")?;
    }
    Ok(())
}
