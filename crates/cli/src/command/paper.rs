//! `credence paper put|get`: papers of cases as files, and the same for commands that take papers by their paths.

use super::{Common, parse_code};
use crate::exit::Done;
use crate::output::say;
use anyhow::Context as _;
use clap::Subcommand;
use credence_app::paper::{self, File, HandedIn, Handing};
use credence_app::{AppError, Writer};
use credence_domain::objection::Evidence;
use credence_domain::paper::{FILE_MAX_BYTES, Kind, rule};
use credence_domain::repair::Paper;
use credence_domain::rulebook::Rulebook;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Papers of cases as files.
#[derive(Debug, clap::Args)]
pub struct Papers {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Hands in a file (PDF, JPEG, PNG or OFD, at most 10 MB) for an organisation; a case that cites its digest keeps it.
    Put {
        /// The file.
        file: PathBuf,
        /// The organisation.
        #[arg(long)]
        uscc: String,
        /// The unit to which it was brought; empty for the organisation itself.
        #[arg(long, default_value = "")]
        unit: String,
        /// Who hands it in.
        #[arg(long = "as")]
        actor: String,
    },
    /// Saves a file that a case cites; the look goes into the access journal.
    Get {
        /// SHA-256 of its content in hexadecimal.
        digest: String,
        /// The organisation.
        #[arg(long)]
        uscc: String,
        /// Where to save it: a file that is not there yet.
        #[arg(long)]
        out: PathBuf,
        /// Who reads it.
        #[arg(long = "as")]
        actor: String,
    },
}

impl Papers {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let (mut writer, rulebook) = common.writer()?;
        match &self.action {
            Action::Put { file, uscc, unit, actor } => {
                let uscc = parse_code(uscc, "uscc", "主体代码")?;
                let kept = put(&mut writer, &rulebook, Handing { by: actor, unit }, uscc.as_str(), file)?;
                if common.json {
                    crate::output::json(&kept)?;
                } else {
                    let PaperTold { digest, name, media_type, bytes } = PaperTold::of(&kept);
                    say!("{digest}  {media_type}  {bytes} 字节  {name}")?;
                }
            }
            Action::Get { digest, uscc, out, actor } => {
                let found = paper::take_out(&mut writer, &rulebook, actor, uscc, digest)?;
                let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(out)?;
                file.write_all(&found.content)?;
                file.sync_all()?;
                if common.json {
                    crate::output::json(&found.paper)?;
                } else {
                    say!("{}  {} 字节  {}", found.paper.media_type, found.paper.bytes, out.display())?;
                }
            }
        }
        Ok(Done::Whole)
    }
}

/// What is told of a file that was handed in.
struct PaperTold<'t> {
    digest: &'t str,
    name: &'t str,
    media_type: &'t str,
    bytes: u64,
}

impl<'t> PaperTold<'t> {
    fn of(kept: &'t HandedIn) -> Self {
        let paper = &kept.paper;
        Self { digest: &paper.digest, name: &paper.name, media_type: &paper.media_type, bytes: paper.bytes }
    }
}

/// Hands in a file by its path.
pub(super) fn put(
    writer: &mut Writer,
    rulebook: &Rulebook,
    handing: Handing<'_>,
    uscc: &str,
    path: &Path,
) -> anyhow::Result<HandedIn> {
    let mut content = Vec::new();
    let file = std::fs::File::open(path).with_context(|| format!("{} 无法读取", path.display()))?;
    file.take(FILE_MAX_BYTES as u64 + 1).read_to_end(&mut content)?;
    // On the command line the ending is what a sender declares.
    let declared = Kind::of(&content).map_or("", Kind::media_type).to_owned();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let file = File { content: content.into(), declared, name };
    Ok(paper::hand_in(writer, rulebook, handing, uscc, &file)?)
}

/// Papers of a repair, each given as KIND=FILE.
pub(super) fn papers(
    writer: &mut Writer,
    rulebook: &Rulebook,
    handing: Handing<'_>,
    uscc: &str,
    given: &[String],
) -> anyhow::Result<Vec<Paper>> {
    let mut papers = Vec::new();
    for one in given {
        let wrong = || {
            AppError::refused(rule::UNKNOWN.code, "paper", format!("{one}：应为 材料种类=文件，如 proof=缴款书.pdf"))
        };
        let (kind, path) = one.split_once('=').ok_or_else(wrong)?;
        let kept = put(writer, rulebook, handing, uscc, Path::new(path))?.paper;
        papers.push(Paper { kind: kind.to_owned(), number: kept.name, digest: kept.digest, file: true });
    }
    Ok(papers)
}

/// Documents of an objection, each by its path.
pub(super) fn evidence(
    writer: &mut Writer,
    rulebook: &Rulebook,
    handing: Handing<'_>,
    uscc: &str,
    given: &[PathBuf],
) -> anyhow::Result<Vec<Evidence>> {
    let mut all = Vec::new();
    for path in given {
        let kept = put(writer, rulebook, handing, uscc, path)?.paper;
        all.push(Evidence { name: kept.name, digest: kept.digest, file: true });
    }
    Ok(all)
}
