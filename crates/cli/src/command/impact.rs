//! `credence rulebook impact NEW`: who would move if a directory were enacted.

use super::Common;
use super::rulebook::{failed, files_named};
use crate::exit::Done;
use crate::output::say;
use credence_app::Clock;
use credence_app::impact::{self, Asked, Impact, Standing, Told};
use jiff::civil::Date;
use std::path::Path;

/// Runs the command; a directory that does not pass the check exits with 3 and its findings.
pub(super) fn run(common: &Common, new: &Path, examples: usize) -> anyhow::Result<Done> {
    let files = files_named(new)?;
    let count = files.len();
    let rulebook = match credence_app::rulebook::read(files) {
        Ok(rulebook) => rulebook,
        Err(findings) => return failed(common, count, &findings),
    };
    let asked = Asked { as_of: common.as_of, examples };
    let found = impact::impact(&common.address()?, &Clock::system(), &rulebook, asked)?;
    if common.json {
        crate::output::json(&found)?;
    } else {
        print(&found)?;
    }
    Ok(Done::Whole)
}

fn print(found: &Impact) -> anyhow::Result<()> {
    let Impact { records, organisations, .. } = found;
    say!("{}：现行 {}，拟启用 {}", found.as_of, found.enacted, found.new)?;
    say!("记录：审视 {}，变动 {}", records.examined, records.moved)?;
    let words = |change: &str| match change {
        "public_from_on" => "公示起始日",
        "public_through_on" => "公示截止日",
        "repair_from_on" => "可申请修复日",
        "class" => "失信行为分类",
        _ => "暂缓公示",
    };
    for (change, count) in &records.by_change {
        say!("  {count:>8}  {}", words(change))?;
    }
    for (item, count) in &records.by_item {
        say!("  {count:>8}  事项 {item}")?;
    }
    for (pack, count) in &records.by_pack {
        say!("  {count:>8}  规则包 {pack}")?;
    }
    for one in &records.examples {
        say!("  {}  {}  {}：{} → {}", one.uscc, one.id, one.item, standing(&one.before), standing(&one.after))?;
    }
    say!(
        "主体：审视 {}，变动 {}，其中启用当时即变动 {}",
        organisations.examined,
        organisations.moved,
        organisations.at_once
    )?;
    for one in &organisations.transitions {
        say!("  {:>8}  {} → {}", one.organisations, one.from.unwrap_or("-"), one.to.unwrap_or("-"))?;
    }
    for one in &organisations.examples {
        say!("  {}：{} → {}（启用当时 {}）", one.uscc, told(&one.before), told(&one.after), told(&one.at_once))?;
    }
    say!("已存日期不因启用而改变：记录在更正、复核或重新入库时按新版本认定")
}

fn standing(of: &Standing) -> String {
    let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let hold = if of.hold.is_empty() { String::new() } else { format!(" 暂缓 {}", of.hold) };
    let class = if of.class.is_empty() { String::new() } else { format!("{} ", of.class) };
    format!("{class}{}～{} 修复 {}{hold}", day(of.public_from_on), day(of.public_through_on), day(of.repair_from_on))
}

fn told(of: &Told) -> String {
    match (of.grade, of.points) {
        (Some(grade), Some(points)) => format!("{grade} {points} 分"),
        (Some(grade), None) => grade.to_owned(),
        (None, _) => "不评价".to_owned(),
    }
}
