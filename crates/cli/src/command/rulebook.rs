//! `credence rulebook check|list|diff|impact|template|import-list|export|propose|enact`: the law as data.

use super::Common;
use crate::exit::Done;
use crate::output::{note, say};
use clap::Subcommand;
use credence_app::access::{ProposingEdition, propose_edition};
use credence_app::desk::Desk;
use credence_app::rulebook::{describe, directory_files, shipped};
use credence_app::template::{self, TemplateForm};
use credence_app::{AppError, Clock, Service};
use credence_domain::access::Role;
use credence_domain::rulebook::{self, Finding, Rulebook};
use std::path::{Path, PathBuf};

/// Checks, lists, compares and enacts rulebooks.
#[derive(Debug, clap::Args)]
pub struct Book {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Checks a rulebook directory (default: --rulebook, else the shipped one); prints file, line and reason.
    Check {
        /// The directory. An overlay with only a few files is checked on top of the shipped rulebook.
        dir: Option<PathBuf>,
        /// Check the files of DIR on top of the shipped rulebook.
        #[arg(long)]
        overlay: bool,
    },
    /// Items, packs and other rules with their editions.
    List,
    /// What differs between two rulebook directories; `shipped` names the shipped one.
    Diff {
        /// The older.
        old: PathBuf,
        /// The newer.
        new: PathBuf,
    },
    /// Who would move if a directory were enacted: records whose days would change, organisations whose grade would.
    /// Read-only; a directory that does not pass the check is refused with its findings. `shipped` names the shipped one.
    Impact {
        /// The directory.
        new: PathBuf,
        /// How many records and how many organisations are shown.
        #[arg(long, default_value_t = 20)]
        examples: usize,
    },
    /// The empty file of an item, made from its fields: sent back filled, it maps to the item by itself.
    Template {
        /// Code of the item.
        item: String,
        /// csv or xlsx.
        #[arg(long, value_parser = ["csv", "xlsx"], default_value = "csv")]
        format: String,
        /// Where to write it; CSV goes to stdout, a workbook to ITEM.xlsx unless named.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Drafts items or measures from an official list (XLSX or CSV) into a new folder, for people to review; enacts nothing.
    ImportList {
        /// The list.
        file: PathBuf,
        /// What the list names: items of the data list, or measures.
        #[arg(long, value_parser = ["items", "measures"], default_value = "items")]
        of: String,
        /// First day of the drafts of measures; today unless named.
        #[arg(long)]
        from: Option<jiff::civil::Date>,
        /// The folder.
        #[arg(long, default_value = "drafts")]
        out: PathBuf,
    },
    /// Writes the edition in force into a new folder, to be changed and enacted; `--shipped` writes the shipped one with its
    /// comments.
    Export {
        /// The folder.
        dir: PathBuf,
        /// The rulebook of this program instead.
        #[arg(long)]
        shipped: bool,
    },
    /// Asks that a directory be enacted, in the name of an account of the credit office: another person of the office puts it in force
    /// in the workbench, or refuses it.
    Propose {
        /// The directory; `shipped` names the shipped rulebook.
        dir: PathBuf,
        /// The directory holds the changed files alone: they are laid over the edition in force.
        #[arg(long)]
        overlay: bool,
        /// Who asks.
        #[arg(long = "as")]
        actor: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Enacts a directory as the edition in force, also one that was in force before.
    Enact {
        /// The directory; `shipped` names the shipped rulebook.
        dir: PathBuf,
        /// Who enacts.
        #[arg(long = "as")]
        actor: String,
        /// The second person.
        #[arg(long)]
        second: String,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
}

impl Book {
    /// Whether the command looks at the rules of a day.
    pub(super) fn asks_of_a_day(&self) -> bool {
        matches!(&self.action, Action::Impact { .. } | Action::Template { .. })
    }

    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.action {
            Action::Check { dir, overlay } => check(common, dir.as_deref(), *overlay),
            Action::List => {
                let entries = common.rules()?.list();
                if common.json {
                    crate::output::json(&entries)?;
                } else {
                    for entry in entries {
                        say!("{entry}")?;
                    }
                }
                Ok(Done::Whole)
            }
            Action::Diff { old, new } => {
                let lines = rulebook::diff(&named(old)?, &named(new)?);
                if common.json {
                    crate::output::json(&lines)?;
                } else {
                    for line in &lines {
                        say!("{line}")?;
                    }
                }
                Ok(Done::Whole)
            }
            Action::Impact { new, examples } => super::impact::run(common, new, *examples),
            Action::Template { item, format, out } => template(common, item, format, out.clone()),
            Action::ImportList { file, of, from, out } if of == "measures" => import_measures(common, file, *from, out),
            Action::ImportList { file, out, .. } => import_list(common, file, out),
            Action::Export { dir, shipped } => {
                let files = if *shipped {
                    credence_app::rulebook::shipped_files()
                } else {
                    let mut reader = common.address()?.reader().map_err(credence_app::AppError::from)?;
                    credence_app::rulebook::files_in_force(reader.connection())?
                };
                credence_app::rulebook::export(&files, dir)?;
                note!("{} 个文件", files.len());
                Ok(Done::Whole)
            }
            Action::Propose { dir, overlay, actor, reason } => {
                let files = files_named(dir)?.into_iter().collect();
                let asked = ProposingEdition { files, overlay: *overlay, reason: reason.clone() };
                drop(common.writer()?);
                let service = Service::open(common.address()?, Clock::system(), None)?;
                let (person, desk) = (service.acting(actor, Role::Office)?, Desk::open(&service)?);
                let proposed = propose_edition(&service, &desk, &person, &asked)?;
                if common.json {
                    crate::output::json(&proposed)?;
                } else {
                    say!("{}　{}，待另一人复核", proposed.id, proposed.subject)?;
                }
                Ok(Done::Whole)
            }
            Action::Enact { dir, actor, second, reason } => enact(common, dir, [actor, second, reason]),
        }
    }
}

/// Enacts a directory; one that fails the linter is refused with its findings before a register is opened.
fn enact(common: &Common, dir: &Path, [actor, second, reason]: [&str; 3]) -> anyhow::Result<Done> {
    let files = files_named(dir)?;
    let count = files.len();
    let edition = match credence_app::rulebook::read(files) {
        Ok(edition) => edition,
        Err(findings) => {
            note!("rulebook_invalid [rulebook]: 规则手册 {} 未通过检查，未启用；请改正后再启用", dir.display());
            return failed(common, count, &findings);
        }
    };
    let (mut writer, _) = common.writer()?;
    let enacted = credence_app::rulebook::enact_edition(&mut writer, &edition, actor, second, reason)?;
    if common.json {
        crate::output::json(&enacted)?;
    } else {
        let remark = match (enacted.new, enacted.again) {
            (true, _) => "",
            (_, true) => "（曾经启用，现重新启用）",
            _ => "（现行版本，未作变更）",
        };
        say!("{}{remark}", enacted.digest)?;
    }
    Ok(Done::Whole)
}

fn template(common: &Common, item: &str, format: &str, out: Option<PathBuf>) -> anyhow::Result<Done> {
    let form = if format == "xlsx" { TemplateForm::Xlsx } else { TemplateForm::Csv };
    let day = common.as_of.unwrap_or_else(|| Clock::system().today());
    let body = template::of(&common.rules()?, day, item, form)?;
    let named = (form == TemplateForm::Xlsx).then(|| PathBuf::from(format!("{item}.xlsx")));
    match out.or(named) {
        None => crate::output::bytes(&body)?,
        Some(path) => {
            std::fs::write(&path, body)?;
            note!("{}", path.display());
        }
    }
    Ok(Done::Whole)
}

fn import_list(common: &Common, file: &Path, out: &Path) -> anyhow::Result<Done> {
    let drafts = credence_app::import_list::import_list(file, out, &common.rules()?, Clock::system().today())?;
    if common.json {
        crate::output::json(&drafts)?;
    } else {
        for item in &drafts.items {
            let known = if item.known { "（已有同名事项，作为新版本审核）" } else { "" };
            say!("{}\t{}\t{}个字段\t{}{known}", item.code, item.name, item.fields, item.path)?;
        }
        if !drafts.unknown_columns.is_empty() {
            say!("未使用的列：{}", drafts.unknown_columns.join("、"))?;
        }
        for refused in &drafts.refused {
            say!("第{}行 {}：{}", refused.line, refused.column, refused.reason)?;
        }
        say!("以上均为草稿，须经审核补全后用 rulebook check、rulebook enact 启用")?;
    }
    Ok(if drafts.refused.is_empty() { Done::Whole } else { Done::WithRefusals })
}

fn import_measures(common: &Common, file: &Path, from: Option<jiff::civil::Date>, out: &Path) -> anyhow::Result<Done> {
    let from = from.unwrap_or_else(|| Clock::system().today());
    let drafts = credence_app::import_list::import_measures(file, out, &common.rules()?, from)?;
    if common.json {
        crate::output::json(&drafts)?;
    } else {
        for measure in &drafts.measures {
            say!("{}\t{}\t{}", measure.code, measure.name, measure.path)?;
        }
        say!("仅适用于自然人而未生成的{}行，现行清单已有同一条文的{}行", drafts.persons, drafts.known)?;
        if !drafts.unknown_columns.is_empty() {
            say!("未使用的列：{}", drafts.unknown_columns.join("、"))?;
        }
        for refused in &drafts.refused {
            say!("第{}行 {}：{}", refused.line, refused.column, refused.reason)?;
        }
        say!("以上均为草稿，须经核对后用 rulebook check、rulebook enact 启用")?;
    }
    Ok(if drafts.refused.is_empty() { Done::Whole } else { Done::WithRefusals })
}

/// The edition that an argument names: a directory, or the shipped one.
fn named(dir: &Path) -> anyhow::Result<Rulebook> {
    Ok(if dir == Path::new("shipped") { shipped()? } else { edition_of(dir)? })
}

/// The files of the edition that an argument names.
pub(super) fn files_named(dir: &Path) -> Result<Vec<(String, String)>, AppError> {
    if dir == Path::new("shipped") { Ok(credence_app::rulebook::shipped_files()) } else { directory_files(dir) }
}

/// The edition of a directory, refused with all that the linter finds.
pub(super) fn edition_of(dir: &Path) -> Result<Rulebook, AppError> {
    credence_app::rulebook::read(directory_files(dir)?).map_err(|findings| {
        let text = format!("规则手册 {} 未通过检查，请改正：\n{}", dir.display(), describe(&findings));
        AppError::refused("rulebook_invalid", "rulebook", text)
    })
}

fn check(common: &Common, dir: Option<&Path>, overlay: bool) -> anyhow::Result<Done> {
    let files = match dir.or(common.rulebook.as_deref()) {
        None => credence_app::rulebook::shipped_files(),
        Some(dir) if overlay => {
            let own = directory_files(dir)?;
            let shipped = credence_app::rulebook::shipped_files().into_iter();
            let kept = shipped.filter(|(path, _)| !own.iter().any(|(own, _)| own == path)).collect::<Vec<_>>();
            kept.into_iter().chain(own).collect()
        }
        Some(dir) => directory_files(dir)?,
    };
    let count = files.len();
    match credence_app::rulebook::read(files) {
        Ok(rulebook) => {
            let digest = credence_domain::canonical::hex(&rulebook.digest);
            if common.json {
                crate::output::json(&serde_json::json!({ "files": count, "digest": digest, "findings": [] }))?;
            } else {
                say!("{count} 个文件，未发现问题；摘要 {digest}")?;
            }
            Ok(Done::Whole)
        }
        Err(findings) => failed(common, count, &findings),
    }
}

/// Prints what the linter found of so many files.
pub(super) fn failed(common: &Common, files: usize, findings: &[Finding]) -> anyhow::Result<Done> {
    if common.json {
        let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
        crate::output::json(&serde_json::json!({ "files": files, "findings": findings }))?;
    } else {
        say!("{}", describe(findings))?;
    }
    Ok(Done::WithRefusals)
}
