//! `credence periods DATE --class CLASS`: publicity and repair periods of a decision.

use super::{Common, parse_date};
use crate::exit::Done;
use crate::output::say;
use credence_app::AppError;
use credence_domain::publicity::{PeriodsQuery, periods};
use jiff::civil::Date;

/// Publicity and repair periods of a decision.
#[derive(Debug, clap::Args)]
pub struct Periods {
    /// Day of the decision.
    #[arg(value_parser = parse_date)]
    date: Date,
    /// Class of misconduct, or the pack's own name for a row.
    #[arg(long)]
    class: String,
    /// Rule pack; by default the one in force on DATE for authorities that are not market regulators.
    #[arg(long)]
    pack: Option<String>,
    /// First public day, for packs that count from publication.
    #[arg(long, value_parser = parse_date)]
    published: Option<Date>,
    /// End of the misconduct (山东省社会信用条例 art. 38).
    #[arg(long, value_parser = parse_date)]
    misconduct_ended: Option<Date>,
    /// End of the term that the penalty carries.
    #[arg(long, value_parser = parse_date)]
    term_ends: Option<Date>,
    /// Day on which all duties were done.
    #[arg(long, value_parser = parse_date)]
    duties_done: Option<Date>,
}

impl Periods {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let rules = common.rules()?;
        let query = PeriodsQuery {
            decided_on: self.date,
            class: &self.class,
            pack: self.pack.as_deref(),
            published_on: self.published,
            misconduct_ended_on: self.misconduct_ended,
            term_ends_on: self.term_ends,
            duties_done_on: self.duties_done,
            as_of: common.as_of,
        };
        let found = periods(&rules.publicity, &rules.calendar, &query)
            .map_err(|refusal| AppError::refused("class_not_in_pack", "class", refusal.to_string()))?;
        if common.json {
            crate::output::json(&found)?;
            return Ok(Done::Whole);
        }
        let text = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
        say!("规则包          {}  {}{}", found.pack, found.class, if found.unverified { "（未核实）" } else { "" })?;
        say!("最短公示期至    {}", text(found.min_end_on))?;
        say!("可申请修复自    {}", text(found.repair_from_on))?;
        say!("最后公示日      {}", text(found.public_through_on))?;
        say!("停止公示自      {}", text(found.hidden_from_on))?;
        say!("应公示于        {}", text(found.public_due_on))?;
        for basis in &found.basis {
            say!("依据            {} {}", basis.title, basis.article)?;
        }
        Ok(Done::Whole)
    }
}
