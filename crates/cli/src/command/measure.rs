//! `credence measure list|show|behaviours|memoranda|examples`: the measures list as everyone may read it.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use clap::Subcommand;
use credence_app::Clock;
use credence_app::query::measure::{BehaviourView, MeasureListView, MeasurePage, MemorandumView};
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
}

impl Measure {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let day = common.as_of.unwrap_or_else(|| Clock::system().today());
        let rulebook = common.rules()?;
        match &self.action {
            Action::List => list(common, &MeasureListView::of(&rulebook, day)?),
            Action::Show { code } => show(common, &MeasurePage::of(&rulebook, day, code)?),
            Action::Behaviours => behaviours(common, &BehaviourView::all(&rulebook, day)),
            Action::Memoranda => memoranda(common, &MemorandumView::all(&rulebook, day)),
            Action::Examples => examples(common, &MeasureListView::of(&rulebook, day)?, day),
        }
    }
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
