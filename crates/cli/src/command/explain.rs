//! `credence explain USCC`: the grade down to record and article, and what would change it.

use super::{Common, parse_date};
use crate::exit::Done;
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
}

impl Explain {
    /// Runs the command; an organisation that is not evaluated exits with 3.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let service = Service::open(common.address()?, Clock::system(), self.today)?;
        let today = service.today();
        // What has ended by today never counts again, whatever day is asked.
        let view = View::public(today).at(common.as_of.unwrap_or(today));
        let found = service.evaluation(&view, &self.uscc)?;
        if common.json {
            crate::output::json(&found)?;
        } else {
            print(&found);
        }
        Ok(if found.grade.is_some() { Done::Whole } else { Done::WithRefusals })
    }
}

/// The grade for people.
pub(super) fn print(found: &EvaluationView) {
    let (Some(grade), Some(points)) = (found.grade, found.points) else {
        println!("{}  不评价（{}）", found.uscc, found.reason.unwrap_or_default());
        return;
    };
    println!("{}  {} {points} 分（基础 {}）", found.uscc, grade, found.base.unwrap_or_default());
    for line in &found.lines {
        println!("  {:>6}  {}  {}  {}", line.points, line.item, line.record, line.article);
    }
    for change in &found.would_change {
        let when = change.on.map_or_else(|| "如该记录结束".to_owned(), |on| on.to_string());
        println!(
            "  → {} {} {} 分  {}",
            when,
            change.grade.letter(),
            change.points,
            change.record.as_deref().unwrap_or("-")
        );
    }
}
