//! `credence secret status|rotate|find`: the keys with which numbers of identity papers are encrypted.

use super::Common;
use crate::exit::Done;
use crate::output::{note, say};
use clap::Subcommand;
use credence_app::review::Decision;
use credence_app::secret;
use std::io::Read;

/// Keys of encrypted numbers.
#[derive(Debug, clap::Args)]
pub struct Secret {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Where the keys are, which is in use, and how many contents each has encrypted.
    Status,
    /// Makes a new key and encrypts every number anew with it. Cut short, it goes on when started again.
    Rotate {
        /// Who rotates.
        #[arg(long = "as")]
        actor: String,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Which records carry a number. It is read from stdin, so that it stands in no list of processes and no history.
    Find {
        /// Who asks.
        #[arg(long = "as")]
        actor: String,
        /// For what.
        #[arg(long)]
        purpose: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

impl Secret {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.action {
            Action::Status => status(common),
            Action::Rotate { actor, reason } => {
                let (mut writer, rulebook) = common.writer()?;
                let decision = Decision { actor, reason, secrecy_review: "" };
                let done = secret::rotate(&mut writer, &rulebook, decision, &mut |_| Ok(()))?;
                if common.json {
                    crate::output::json(&done)?;
                } else {
                    say!("密钥 {} 已启用，重新加密 {} 条内容", done.key, done.contents)?;
                    note!("请另行备份密钥文件；旧密钥在不再需要恢复旧备份之前不要删除");
                }
                Ok(Done::Whole)
            }
            Action::Find { actor, purpose, reason } => {
                let mut number = String::new();
                std::io::stdin().lock().take(256).read_to_string(&mut number)?;
                let (mut writer, rulebook) = common.writer()?;
                let decision = Decision { actor, reason, secrecy_review: "" };
                let found = secret::find(&mut writer, &rulebook, number.trim(), purpose, decision)?;
                if common.json {
                    crate::output::json(&found)?;
                } else {
                    for one in &found {
                        say!("{}  {}  {}  {}", one.uscc, one.record, one.item, one.field)?;
                    }
                    say!("共 {} 处", found.len())?;
                }
                Ok(Done::Whole)
            }
        }
    }
}

fn status(common: &Common) -> anyhow::Result<Done> {
    let found = secret::status(&common.address()?)?;
    if common.json {
        crate::output::json(&found)?;
    } else {
        match &found.place {
            Some(place) if found.keys.iter().all(|key| key.cipher.is_none()) => {
                say!("密钥文件 {}（尚无；首次遇到证件号码时生成）", place.display())?;
            }
            Some(place) => say!("密钥文件 {}", place.display())?,
            None => say!("密钥取自环境变量")?,
        }
        for key in &found.keys {
            let made_on = key.made_on.map_or_else(|| "缺少此密钥".to_owned(), |day| day.to_string());
            let cipher = key.cipher.as_deref().unwrap_or("-");
            say!("{}  {cipher}  {made_on}  {} 条{}", key.id, key.contents, if key.active { "  使用中" } else { "" })?;
        }
        if found.waiting > 0 {
            say!("{} 条待重新加密：请再次执行 secret rotate", found.waiting)?;
        }
    }
    Ok(if found.usable { Done::Whole } else { Done::WithRefusals })
}
