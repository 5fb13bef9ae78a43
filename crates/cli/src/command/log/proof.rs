//! `credence log prove` and `credence log verify`.

use super::open;
use crate::command::Common;
use crate::exit::Done;
use crate::output::{note, say};
use anyhow::Context;
use credence_app::log::{self, VerifierKey};
use std::path::PathBuf;

/// A proof that an act or a record is in the log.
#[derive(Debug, clap::Args)]
pub struct Prove {
    /// The act; with --organisation the record's id.
    id: String,
    /// The organisation of the record.
    #[arg(long)]
    organisation: Option<String>,
    /// Where to write it (default: stdout).
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Prove {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let service = open(common)?;
        let file = match &self.organisation {
            Some(uscc) => service.record_proof_file(&service.public_view(), uscc, &self.id)?,
            None => service.log_proof_file(&self.id, None)?,
        };
        match &self.out {
            Some(out) => std::fs::write(out, file).with_context(|| format!("cannot write {}", out.display()))?,
            None => crate::output::bytes(file.as_bytes())?,
        }
        Ok(Done::Whole)
    }
}

/// Checks files without a register.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// Keys that are trusted: the log's, and those of witnesses.
    #[arg(long, required = true)]
    key: Vec<String>,
    /// How many of the witnesses must have cosigned.
    #[arg(long, default_value_t = 0)]
    witnesses: usize,
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Verify {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let keys = self.key.iter().map(|text| VerifierKey::parse(text.trim()).context("bad_parameter: --key"));
        let keys = keys.collect::<anyhow::Result<Vec<_>>>()?;
        let (mut judged, mut failed) = (Vec::new(), false);
        for place in &self.files {
            let text = std::fs::read_to_string(place).with_context(|| format!("cannot read {}", place.display()))?;
            match log::judge_file(&text, &keys) {
                Ok(found) if found.kind != "promise" && found.witnesses.len() < self.witnesses => {
                    failed = true;
                    note!("{}: proof_invalid: 只有{}个见证方联署", place.display(), found.witnesses.len());
                }
                Ok(found) => judged.push((place, found)),
                Err(error) => {
                    failed = true;
                    note!("{}: {error}", place.display());
                }
            }
        }
        if common.json {
            let judged: Vec<_> = judged.into_iter().map(|(_, found)| found).collect();
            crate::output::json(&judged)?;
        } else {
            for (place, found) in judged {
                let about = found.act.as_deref().map(|act| format!("，行为 {act}")).unwrap_or_default();
                let size = found.tree_size.map(|size| format!("，{size} 个条目")).unwrap_or_default();
                let by = found.by.as_deref().map(|by| format!("，最迟 {by} 入日志")).unwrap_or_default();
                say!("通过  {}  {} {}{size}{about}{by}", place.display(), found.kind, found.origin)?;
            }
        }
        Ok(if failed { Done::WithRefusals } else { Done::Whole })
    }
}
