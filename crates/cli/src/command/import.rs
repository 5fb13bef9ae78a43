//! `credence import FILE… --source USCC`.

use super::{Common, enacted, place};
use crate::exit::{self, Done};
use crate::output::{self, Meter, note, say};
use credence_app::collect::{self, Report, Request, WINDOW_BYTES};
use credence_app::consent::Acting;
use credence_app::{Address, AppError};
use std::path::PathBuf;

/// Imports department files.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Unified social credit code of the unit that sends them.
    #[arg(long)]
    source: String,
    /// The item, instead of the one told by the header.
    #[arg(long)]
    item: Option<String>,
    /// Where to write rejected rows, in the sender's own format (with several files: behind one another, numbered).
    #[arg(long)]
    rejects: Option<PathBuf>,
    /// Judge and compare, write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Megabytes of rows that are sorted together, 2 at least; as much lies in temporary files for each of two windows, and
    /// a resume needs the same.
    #[arg(long, value_name = "MIB", default_value_t = WINDOW_BYTES >> 20, value_parser = window_mib)]
    window: usize,
    /// Who answers for the secrecy review of these batches; by default whoever runs the command.
    #[arg(long)]
    secrecy_review: Option<String>,
    /// The unit that corrects in the source's name, with its consent: existing records only.
    #[arg(long, requires_all = ["actor", "second", "reason"])]
    acting: Option<String>,
    /// Who corrects in its name.
    #[arg(long = "as", requires = "acting")]
    actor: Option<String>,
    /// The second person.
    #[arg(long, requires = "acting")]
    second: Option<String>,
    /// Why.
    #[arg(long, requires = "acting")]
    reason: Option<String>,
}

fn window_mib(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|mib| (2..=4096).contains(mib)).ok_or_else(|| "2 to 4096".to_owned())
}

impl Import {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let source = super::parse_code(&self.source, "source", "来源单位代码")?;
        let files = self.readable()?;
        self.check_rejects(&common.address()?)?;
        let mut refused = files.len() < self.files.len();
        if files.is_empty() {
            return finish(common, &[], false, refused);
        }
        let address = common.address()?;
        // A trial at a register that nobody made yet is one at an empty one, which goes with the command.
        let empty = match self.dry_run && enacted(&address)?.is_none() {
            true => Some(tempfile::tempdir()?),
            false => None,
        };
        let address = empty.as_ref().map_or(address, |dir| Address::Sqlite(dir.path().join("trial.db")));
        let (mut writer, rulebook) = common.writer_of(&address)?;
        let operator = std::env::var("USER").unwrap_or_else(|_| "operator".to_owned());
        let mut reports = Vec::new();
        for (number, file) in files {
            let request = Request {
                path: file.clone(),
                source,
                item: self.item.clone(),
                rejects: self.rejects_of(number),
                dry_run: self.dry_run,
                secrecy_review: self.secrecy_review.clone().unwrap_or_else(|| format!("command line: {operator}")),
                channel: "cli",
                instruction: None,
                window_bytes: self.window << 20,
            };
            let mut meter = Meter::new();
            let mut watch = |progress| meter.show(progress);
            let done = match &self.acting {
                None => collect::import(&mut writer, &rulebook, &request, &mut watch),
                Some(unit) => {
                    let text = |given: &Option<String>| given.clone().unwrap_or_default();
                    let (actor, second, reason) = (text(&self.actor), text(&self.second), text(&self.reason));
                    let acting = Acting { unit, second: &second };
                    collect::import_on_behalf(&mut writer, &rulebook, &request, acting, (&actor, &reason), &mut watch)
                }
            };
            meter.end();
            match done {
                Ok(report) => {
                    refused |= report.counts.rejected > 0;
                    if !common.json {
                        print(&report)?;
                    }
                    reports.push(report);
                }
                // One file that cannot be read does not keep the others out.
                Err(error @ AppError::Refused { .. }) if self.files.len() > 1 => {
                    note!("{}: {}", file.display(), exit::told(&error));
                    refused = true;
                }
                Err(error) => return Err(error.into()),
            }
        }
        finish(common, &reports, self.files.len() == 1, refused)
    }

    /// The files that can be read, with their numbers; of several the others are told and left out.
    fn readable(&self) -> Result<Vec<(usize, &PathBuf)>, AppError> {
        let mut found = Vec::new();
        for (number, file) in self.files.iter().enumerate() {
            match place::check_input(file) {
                Ok(()) => found.push((number, file)),
                Err(error) if self.files.len() > 1 => note!("{}", exit::told(&error)),
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// Refuses rejects files that would replace what was sent or the register, or cannot be written.
    fn check_rejects(&self, register: &Address) -> Result<(), AppError> {
        let register = match register {
            Address::Sqlite(file) => Some(file),
            Address::Postgres(_) => None,
        };
        for rejects in (0..self.files.len()).filter_map(|number| self.rejects_of(number)) {
            if let Some(other) = self.files.iter().chain(register).find(|other| place::is_same(&rejects, other)) {
                return Err(place::taken(&rejects, other));
            }
            place::check_output(&rejects)?;
        }
        Ok(())
    }

    fn rejects_of(&self, number: usize) -> Option<PathBuf> {
        let path = self.rejects.as_ref()?;
        if self.files.len() == 1 {
            return Some(path.clone());
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let extension = path.extension().map_or_else(String::new, |e| format!(".{}", e.to_string_lossy()));
        Some(path.with_file_name(format!("{stem}-{}{extension}", number + 1)))
    }
}

/// Prints the reports as one document where that is asked, and says how the command ended.
fn finish(common: &Common, reports: &[Report], alone: bool, refused: bool) -> anyhow::Result<Done> {
    if common.json {
        match reports {
            [report] if alone => output::json(report)?,
            reports => output::json(&serde_json::json!({ "batches": reports }))?,
        }
    }
    Ok(if refused { Done::WithRefusals } else { Done::Whole })
}

fn print(report: &Report) -> anyhow::Result<()> {
    let counts = &report.counts;
    say!("{}  {}  ({})", report.file, report.item, report.encoding)?;
    for column in &report.columns {
        say!("  {}  →  {}", column.header, column.field.as_deref().unwrap_or("(不使用)"))?;
    }
    if let Some(sheet) = &report.sheet {
        say!("  工作表：{sheet}")?;
    }
    if !report.other_sheets.is_empty() {
        say!("  未读取的工作表：{}", report.other_sheets.join("、"))?;
    }
    if !report.missing.is_empty() {
        say!("  缺少的列：{}", report.missing.join("、"))?;
    }
    say!(
        "  {}{}读取 {}：新增 {}，未变 {}，更正 {}，退回 {}；其中暂缓公示 {}；{:.1} 秒",
        if report.dry_run { "（试运行）" } else { "" },
        if report.resumed { "（接续上次中断的批次）" } else { "" },
        counts.read,
        counts.accepted,
        counts.unchanged,
        counts.corrected,
        counts.rejected,
        counts.held,
        report.seconds
    )?;
    for row in report.rejected_rows.iter().take(10) {
        say!("  第{}行 {}：{}（{}）", row.line, row.field, row.reason, row.code)?;
    }
    if !report.batch.is_empty() {
        say!("  批次 {}", report.batch)?;
    }
    Ok(())
}
