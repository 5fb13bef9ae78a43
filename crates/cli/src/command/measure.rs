//! `credence measure list|show|behaviours|memoranda|examples`: the measures list as everyone may read it; `in-force|begin|step|board`:
//! measures on organisations.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use anyhow::Context as _;
use clap::Subcommand;
use credence_app::listing::Clerk;
use credence_app::measure::{self, Beginning, Doing, HeadView};
use credence_app::query::measure::{BehaviourView, MeasureListView, MeasurePage, MemorandumView};
use credence_app::query::page::whole;
use credence_app::{Clock, View};
use jiff::civil::Date;

/// The measures list (失信惩戒措施清单).
#[derive(Debug, clap::Args)]
pub struct Measure {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The measures in force, with what changed since the edition before.
    List,
    /// One measure with its clause, and what may lead to it.
    Show {
        /// Its code.
        code: String,
    },
    /// The behaviour items (行为事项) and the measures that may follow each.
    Behaviours,
    /// The memoranda (备忘录), each sentence traced to measures or to none; none of them is a basis.
    Memoranda,
    /// The examples of article 13 of the founding document, each resolved.
    Examples,
    /// Measures on organisations, newest first; one with everything where a number is given.
    InForce {
        /// Number of a measure.
        number: Option<String>,
        /// Only those in a state: running, suspended, ended.
        #[arg(long)]
        state: Option<String>,
        /// At most so many.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
    },
    /// Records a measure that a decision of a unit carries; it is dispatched with it.
    Begin {
        /// Code of the measure.
        #[arg(long)]
        measure: String,
        /// Code of the behaviour item.
        #[arg(long)]
        behaviour: String,
        /// Id of the decision's record.
        #[arg(long)]
        record: String,
        /// The unit whose decision it is.
        #[arg(long)]
        unit: String,
        /// The last day that the decision says; where the clause gives a range it must be said, else the law's one term counts.
        #[arg(long)]
        through: Option<Date>,
        /// Who records it.
        #[arg(long = "as")]
        actor: String,
    },
    /// Takes a step, given as JSON: {"act":"acknowledge"}, … (docs/measures.md).
    Step {
        /// The measure's number.
        number: String,
        /// The step.
        step: String,
        /// The unit that acts; empty for the organisation's complaint.
        #[arg(long, default_value = "")]
        unit: String,
        /// Who takes it.
        #[arg(long = "as")]
        actor: String,
    },
    /// Measures by item and unit: how far, how late, with which effect.
    Board,
}

impl Measure {
    /// Whether the command looks at the measures list of a day; the others are about measures on organisations, today.
    pub(super) fn asks_of_a_day(&self) -> bool {
        let about_organisations =
            matches!(&self.action, Action::InForce { .. } | Action::Begin { .. } | Action::Step { .. } | Action::Board);
        !about_organisations
    }

    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        if !self.asks_of_a_day() {
            return on_organisations(common, &self.action);
        }
        let day = common.as_of.unwrap_or_else(|| Clock::system().today());
        let rulebook = common.rules()?;
        match &self.action {
            Action::List => list(common, &MeasureListView::of(&rulebook, day)?),
            Action::Show { code } => show(common, &MeasurePage::of(&rulebook, day, code)?),
            Action::Behaviours => behaviours(common, &BehaviourView::all(&rulebook, day)),
            Action::Memoranda => memoranda(common, &MemorandumView::all(&rulebook, day)),
            _ => examples(common, &MeasureListView::of(&rulebook, day)?, day),
        }
    }
}

/// What is done with measures on organisations.
fn on_organisations(common: &Common, action: &Action) -> anyhow::Result<Done> {
    let (mut writer, rulebook) = common.writer()?;
    let view = View::office(writer.clock().today());
    let clerk = |actor: &str| Clerk { name: actor.to_owned(), view: view.clone() };
    let measure = match action {
        Action::InForce { number: Some(number), .. } => measure::show(writer.connection(), &view, number)?,
        Action::InForce { number: None, state, limit } => {
            let found = whole(*limit, |page| measure::list(writer.connection(), &view, state.as_deref(), page))?;
            if common.json {
                crate::output::json(&found)?;
            } else {
                found.iter().try_for_each(print_head)?;
            }
            return Ok(Done::Whole);
        }
        Action::Begin { measure, behaviour, record, unit, through, actor } => {
            let asked = Beginning {
                measure: measure.clone(),
                behaviour: behaviour.clone(),
                record: record.clone(),
                unit: unit.clone(),
                through_on: *through,
            };
            measure::begin(&mut writer, &rulebook, &clerk(actor), &asked)?
        }
        Action::Step { number, step, unit, actor } => {
            let doing: Doing = serde_json::from_str(step).context("step: 不是可识别的步骤（见 docs/measures.md）")?;
            measure::step(&mut writer, &rulebook, (&clerk(actor), unit), number, &doing)?
        }
        _ => {
            let board = measure::board(writer.connection(), &view)?;
            if common.json {
                crate::output::json(&board)?;
            } else {
                for line in &board.lines {
                    say!(
                        "{}\t{}\t实施中{}\t停止执行{}\t已终止{}\t已实施{}\t逾期{}\t投诉{}",
                        line.measure,
                        line.unit_name,
                        line.running,
                        line.suspended,
                        line.ended,
                        line.carried_out,
                        line.overdue,
                        line.complaints
                    )?;
                }
            }
            return Ok(Done::Whole);
        }
    };
    if common.json {
        crate::output::json(&measure)?;
    } else {
        print_head(&measure.head)?;
        for task in &measure.tasks {
            let late = if task.overdue { "  逾期" } else { "" };
            say!("  {}  {}{late}", task.name, task.state)?;
        }
        for step in &measure.steps {
            say!("  {}  {}  {}  {}", step.step, step.on, step.kind, step.by)?;
        }
    }
    Ok(Done::Whole)
}

fn print_head(head: &HeadView) -> anyhow::Result<()> {
    say!("{}  {}  {}  {}  {}～{}", head.number, head.state, head.measure, head.uscc, head.from_on, head.through_on)
}

fn list(common: &Common, list: &MeasureListView) -> anyhow::Result<Done> {
    if common.json {
        crate::output::json(list)?;
        return Ok(Done::Whole);
    }
    say!("本版自{}起施行，摘要 {}", list.edition.effective_from, list.edition.digest)?;
    for measure in &list.measures {
        let mark = if measure.unverified { "\t待核对" } else { "" };
        say!(
            "{}\t{}\t{}\t{}\t{}{mark}",
            measure.code,
            measure.name,
            measure.heading,
            measure.body,
            measure.maximum_term
        )?;
    }
    say!("与上一版相比有{}处差别", list.changes.len())?;
    Ok(Done::Whole)
}

fn show(common: &Common, page: &MeasurePage) -> anyhow::Result<Done> {
    if common.json {
        crate::output::json(page)?;
        return Ok(Done::Whole);
    }
    let measure = &page.measure;
    say!("{}\t{}", measure.code, measure.name)?;
    say!("{}", if page.in_force { "现行有效" } else { "已停止适用，不再据此采取新的措施" })?;
    say!(
        "内容\t{}\n对象\t{}\n实施\t{}\n期限\t{}",
        measure.content,
        measure.applies_to,
        measure.body,
        measure.maximum_term
    )?;
    for basis in &measure.basis {
        say!("依据\t《{}》{}", basis.title, article(&basis.article))?;
    }
    if !measure.clause.is_empty() {
        say!("原文\t{}", measure.clause)?;
    }
    for list in &measure.lists {
        say!("名单\t{}", list.name)?;
    }
    for behaviour in &page.behaviours {
        say!("行为\t{}\t{}", behaviour.code, behaviour.name)?;
    }
    for memorandum in &page.memoranda {
        say!("备忘录（不是依据）\t{}", memorandum.name)?;
    }
    Ok(Done::Whole)
}

fn behaviours(common: &Common, behaviours: &[BehaviourView]) -> anyhow::Result<Done> {
    if common.json {
        crate::output::json(&behaviours)?;
        return Ok(Done::Whole);
    }
    for one in behaviours {
        let measures: Vec<&str> = one.measures.iter().map(|measure| measure.code.as_str()).collect();
        say!("{}\t{}\t{}\t{}", one.code, one.name, one.established_by, measures.join(" "))?;
    }
    Ok(Done::Whole)
}

fn memoranda(common: &Common, memoranda: &[MemorandumView]) -> anyhow::Result<Done> {
    if common.json {
        crate::output::json(&memoranda)?;
        return Ok(Done::Whole);
    }
    for one in memoranda {
        say!("{}\t{}\t{}\t不是依据", one.code, one.name, one.number)?;
        for sentence in &one.sentences {
            let measures: Vec<&str> = sentence.measures.iter().map(|measure| measure.code.as_str()).collect();
            let carried = if measures.is_empty() { sentence.no_basis.clone() } else { measures.join(" ") };
            say!("\t{}\t{carried}", sentence.text)?;
        }
    }
    Ok(Done::Whole)
}

fn examples(common: &Common, list: &MeasureListView, day: Date) -> anyhow::Result<Done> {
    if common.json {
        crate::output::json(&list.examples)?;
        return Ok(Done::Whole);
    }
    say!("鲁信用办〔2019〕8号第十三条的示例，{day}")?;
    for example in &list.examples {
        let measures: Vec<&str> = example.measures.iter().map(|measure| measure.code.as_str()).collect();
        say!("{}\t{}\t{}", example.text, measures.join(" "), example.explanation)?;
    }
    Ok(Done::Whole)
}

fn article(numeral: &str) -> String {
    if numeral == "-" { String::new() } else { format!("第{numeral}条") }
}
