//! `credence explain USCC`: the grade down to record and article, and what would change it.

use super::{Common, parse_date};
use crate::exit::Done;
use crate::output::say;
use credence_app::evaluation::Moment;
use credence_app::query::EvaluationView;
use credence_app::{Clock, Service, View};
use jiff::civil::Date;

/// The grade of an organisation down to record and article.
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// Its unified social credit code.
    uscc: String,
    /// Another day for what is asked (only a register made by `demo`).
    #[arg(long, value_parser = parse_date)]
    today: Option<Date>,
    /// Replay: the grade as it was told on --as-of under the edition of this digest, from the file as it stood then.
    #[arg(long, value_parser = parse_digest, conflicts_with = "today")]
    rulebook_digest: Option<[u8; 32]>,
    /// Replay at this instant (RFC 3339) instead of at the end of the day.
    #[arg(long, value_parser = parse_instant, requires = "rulebook_digest")]
    at: Option<i64>,
}

fn parse_digest(text: &str) -> Result<[u8; 32], String> {
    let bytes = credence_domain::canonical::unhex(text).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| format!("{text:?} is no digest (64 hexadecimal digits)"))
}

fn parse_instant(text: &str) -> Result<i64, String> {
    text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_microsecond).map_err(|error| error.to_string())
}

impl Explain {
    /// Runs the command; an organisation that is not evaluated exits with 3.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let service = Service::open(common.address()?, Clock::system(), self.today)?;
        let today = service.today();
        // What has ended by today never counts again, whatever day is asked.
        let view = View::public(today).at(common.as_of.unwrap_or(today));
        let found = match &self.rulebook_digest {
            None => service.evaluation(&view, &self.uscc)?,
            Some(digest) => {
                let moment = self.at.map_or(Moment::EndOfDay, Moment::Instant);
                service.replay(&self.uscc, view.as_of, digest, moment)?
            }
        };
        if common.json {
            crate::output::json(&found)?;
        } else {
            print(&found)?;
        }
        Ok(if found.grade.is_some() { Done::Whole } else { Done::WithRefusals })
    }
}

/// The grade for people.
pub(super) fn print(found: &EvaluationView) -> anyhow::Result<()> {
    match (found.grade, found.points, found.base) {
        (Some(grade), Some(points), Some(base)) => say!("{}  {grade} {points} 分（基础 {base}）", found.uscc)?,
        (Some(grade), ..) => say!("{}  {grade}", found.uscc)?,
        _ => say!("{}  不评价（{}）", found.uscc, found.reason.unwrap_or_default())?,
    }
    if let Some(notice) = &found.notice {
        say!("  {notice}")?;
    }
    if let Some(disclosure) = &found.disclosure {
        say!("  {disclosure}")?;
    }
    for line in &found.lines {
        say!("  {:>6}  {}  {}  {}", line.points, line.item, line.record, line.article)?;
        for one in found.marks.iter().filter(|one| one.record == line.record) {
            say!("          {}", one.mark.text)?;
        }
    }
    for change in &found.would_change {
        let when = change.on.map_or_else(|| "如该记录结束".to_owned(), |on| on.to_string());
        say!(
            "  → {} {} {} 分  {}",
            when,
            change.grade.letter(),
            change.points,
            change.record.as_deref().unwrap_or("-")
        )?;
    }
    Ok(())
}
