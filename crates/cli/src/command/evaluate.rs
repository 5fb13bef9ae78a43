//! `credence evaluate [USCC…]`: evaluates who is due, or the organisations that are named.

use super::Common;
use super::explain::print;
use crate::exit::Done;
use crate::output::{self, Meter, say};
use credence_app::evaluation::{self, Sweep};
use credence_app::{Clock, Service, View};

/// Evaluates whoever is due: files that changed, days that came, rules that are new.
#[derive(Debug, clap::Args)]
pub struct Evaluate {
    /// These organisations, whether due or not.
    #[arg(conflicts_with_all = ["all", "model", "force"])]
    uscc: Vec<String>,
    /// The whole register: everyone who is due.
    #[arg(long)]
    all: bool,
    /// Only whom this model evaluates.
    #[arg(long)]
    model: Option<String>,
    /// Everyone again, due or not.
    #[arg(long)]
    force: bool,
    /// Computes every kept evaluation again from its stored number, edition and day, and compares to the byte.
    #[arg(long, conflicts_with_all = ["uscc", "all", "model", "force"])]
    replay: bool,
}

impl Evaluate {
    /// Runs the command; with named organisations of which one is not evaluated it exits with 3.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        if self.replay {
            return replay(common);
        }
        let (mut writer, rulebook) = common.writer()?;
        if !self.uscc.is_empty() {
            for uscc in &self.uscc {
                evaluation::evaluate_one(&mut writer, &rulebook, uscc)?;
            }
            drop(writer);
            return self.tell(common);
        }
        let asked = Sweep { everyone: self.force, model: self.model.clone(), slice_records: None };
        let mut meter = Meter::new();
        let swept = evaluation::sweep(&mut writer, &rulebook, &asked, &mut |progress| {
            meter.count(progress.done, progress.total, progress.elapsed);
        });
        meter.end();
        let swept = swept?;
        if common.json {
            output::json(&swept)?;
        } else {
            say!(
                "{}：应评 {}，已评 {}，不评价 {}；{:.1} 秒",
                swept.as_of,
                swept.due,
                swept.evaluated,
                swept.not_evaluated,
                swept.seconds
            )?;
            for (grade, count) in &swept.grades {
                say!("  {grade}  {count}")?;
            }
        }
        Ok(Done::Whole)
    }

    fn tell(&self, common: &Common) -> anyhow::Result<Done> {
        let service = Service::open(common.address()?, Clock::system(), None)?;
        let view = View::public(service.today());
        let found = self.uscc.iter().map(|uscc| service.evaluation(&view, uscc)).collect::<Result<Vec<_>, _>>()?;
        match found.as_slice() {
            [one] if common.json => output::json(one)?,
            many if common.json => output::json(&serde_json::json!({ "evaluations": many }))?,
            many => many.iter().try_for_each(print)?,
        }
        Ok(if found.iter().all(|one| one.grade.is_some()) { Done::Whole } else { Done::WithRefusals })
    }
}

fn replay(common: &Common) -> anyhow::Result<Done> {
    let found = Service::open(common.address()?, Clock::system(), None)?.replay_kept()?;
    if common.json {
        output::json(&found)?;
    } else {
        say!("重算 {}，不一致 {}，所依据的记录已删除 {}", found.replayed, found.differ.len(), found.inputs_erased)?;
        found.differ.iter().try_for_each(|uscc| say!("  {uscc}"))?;
    }
    Ok(if found.differ.is_empty() { Done::Whole } else { Done::WithRefusals })
}
