//! `credence erase RECORD`, `credence erase expired`: erasing the content of a record by law, and rejected rows whose time is over.

use super::{Common, serve};
use crate::exit::Done;
use crate::output::say;
use clap::Subcommand;
use credence_app::erasure::expire::{Files, expire};
use credence_app::erasure::{Request, erase};
use credence_app::review::Decision;
use std::path::PathBuf;

/// Erases the content of a record by law.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Erase {
    #[command(subcommand)]
    action: Option<Action>,
    /// The record's id.
    #[arg(required = true)]
    record: Option<String>,
    /// Code of the clause (rulebook/erasure/clauses.toml).
    #[arg(long, required = true)]
    clause: Option<String>,
    /// Why; it quotes nothing of the record.
    #[arg(long, required = true)]
    reason: Option<String>,
    /// Who erases it.
    #[arg(long = "as", required = true)]
    actor: Option<String>,
    /// The second person.
    #[arg(long, required = true)]
    second: Option<String>,
    /// Where a server keeps what was sent (default: beside the register, or ./credence-spool for PostgreSQL).
    #[arg(long)]
    spool: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Takes away rejected rows, and the files that hold them, whose time is over.
    Expired {
        /// Who does it.
        #[arg(long = "as", default_value = "credence")]
        actor: String,
        /// Where a server keeps what was sent.
        #[arg(long)]
        spool: Option<PathBuf>,
    },
}

impl Erase {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let files = |spool: &Option<PathBuf>| -> anyhow::Result<Files> {
            let folder = spool.clone().map_or_else(|| common.address().map(|a| serve::beside(&a, "spool")), Ok)?;
            Ok(Files::in_folder(&folder))
        };
        let (mut writer, rulebook) = common.writer()?;
        if let Some(Action::Expired { actor, spool }) = &self.action {
            let done = expire(&mut writer, &rulebook, actor, Some(&files(spool)?))?;
            if common.json {
                crate::output::json(&done)?;
            } else {
                let (rows, batches, files, papers) = (done.rows, done.batches, done.files, done.papers);
                say!(
                    "{} 以前办结的批次：清除退回行 {rows} 行（{batches} 个批次），文件 {files} 个；未被案件引用的附件 {papers} 个",
                    done.before
                )?;
            }
            return Ok(Done::Whole);
        }
        let text = |given: &Option<String>| given.clone().unwrap_or_default();
        let (record, clause, reason) = (text(&self.record), text(&self.clause), text(&self.reason));
        let (actor, second) = (text(&self.actor), text(&self.second));
        let request = Request { record: &record, clause: &clause, uscc: None };
        let decision = Decision { actor: &actor, reason: &reason, secrecy_review: "" };
        let done = erase(&mut writer, &rulebook, request, decision, &second, Some(&files(&self.spool)?))?;
        if common.json {
            crate::output::json(&done)?;
        } else {
            say!("{}  {}  已依 {} 删除，行为 {}，档案编号 {}", done.id, done.uscc, done.basis, done.act, done.number)?;
            let (emptied, rejected) = (done.emptied, done.rejected);
            let (heads, names, files) = (done.heads, done.names, done.files);
            say!(
                "  清空变更 {emptied} 项，退回行 {rejected} 行，引用其内容的行为说明 {heads} 件，名称 {names} 个，文件 {files} 个，案件附件 {} 个",
                done.papers
            )?;
            if !done.cleared {
                say!("  有查询正在读取，数据库日志尚未清空；下一次写入命令会完成")?;
            }
        }
        Ok(Done::Whole)
    }
}
