//! Editions of the rulebook (规则版本) enacted by people who have signed in: one proposes the files with a reason, another looks at what
//! differs and puts the edition in force or refuses it. Whoever runs commands on the server names both persons (`rulebook enact`).

use super::proposal::{self, ProposalView};
use crate::account::Person;
use crate::desk::Desk;
use crate::rulebook::{self, describe, files_in_force, kept, read, written};
use crate::service::Service;
use crate::{AppError, Result, Writer};
use credence_domain::canonical::{hex, unhex};
use credence_domain::rulebook::{Change, Rulebook, diff};
use credence_store::clock::instant_text;
use credence_store::connection::Connection;
use credence_store::rulebook as store;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Most files of an edition, most characters of a path.
const FILES_MOST: usize = 2_000;
const PATH_MOST: usize = 200;
/// The folder that an archive may have above all files.
const FOLDER: &str = "rulebook/";
/// Findings of the linter that are told; a broken file can have hundreds.
const FINDINGS_TOLD: usize = 20;

/// The longest request with an edition, in bytes; the most that its files come to unpacked.
pub const EDITION_MAX_BYTES: usize = 8 << 20;

/// An edition as it stands in the register.
#[derive(Clone, Debug, Serialize)]
pub struct EditionView {
    /// Its digest.
    pub digest: String,
    /// `in_force`, `earlier` or `proposed`.
    pub state: &'static str,
    /// When it was enacted last; absent while it waits.
    pub enacted_at: Option<String>,
    /// The act that enacted it last.
    pub act: Option<String>,
    /// The proposal with which it waits.
    pub proposal: Option<String>,
}

/// What an edition says otherwise than the one in force.
#[derive(Clone, Debug, Serialize)]
pub struct EditionDifference {
    /// The edition.
    #[serde(flatten)]
    pub edition: EditionView,
    /// The edition in force.
    pub in_force: String,
    /// What differs, in order of path and place.
    pub changes: Vec<Change>,
}

/// The files of an edition that is proposed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposing {
    /// Path below the rulebook (`data/penalty.toml`) and text of each file.
    #[serde(deserialize_with = "each_once")]
    pub files: BTreeMap<String, String>,
    /// The files are laid over the edition in force; else they are all there is.
    #[serde(default)]
    pub overlay: bool,
    /// Why.
    pub reason: String,
}

/// Reads files by path, and takes no path twice.
fn each_once<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<BTreeMap<String, String>, D::Error> {
    struct Files;
    impl<'de> Visitor<'de> for Files {
        type Value = BTreeMap<String, String>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("files by path")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
            let mut files = BTreeMap::new();
            while let Some((path, text)) = map.next_entry::<String, String>()? {
                if files.insert(path, text).is_some() {
                    return Err(serde::de::Error::custom("duplicate field `files`"));
                }
            }
            Ok(files)
        }
    }
    from.deserialize_map(Files)
}

impl Proposing {
    /// The edition, judged by the linter.
    fn edition(&self, in_force: impl FnOnce() -> Result<Vec<(String, String)>>) -> Result<Rulebook> {
        if self.files.is_empty() || self.files.len() > FILES_MOST {
            let text = format!("请提供规则手册的文件（TOML），最多{FILES_MOST}个");
            return Err(AppError::refused("bad_parameter", "files", text));
        }
        for path in self.files.keys() {
            let whole = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
            let short = path.chars().count() <= PATH_MOST && !path.contains(['\\', ':']);
            if !whole || !short || !path.ends_with(".toml") || path.chars().any(char::is_control) {
                let text = "文件路径应为规则手册目录下的相对路径，以.toml结尾，如 data/penalty.toml";
                return Err(AppError::refused("bad_parameter", "files", text));
            }
        }
        let mut files = self.files.clone();
        if self.overlay {
            for (path, text) in in_force()? {
                files.entry(path).or_insert(text);
            }
        }
        read(files.into_iter().collect()).map_err(|findings| {
            let told = describe(findings.get(..FINDINGS_TOLD).unwrap_or(&findings));
            let more = findings.len().saturating_sub(FINDINGS_TOLD);
            let rest = if more > 0 { format!("\n另有{more}处") } else { String::new() };
            AppError::refused("edition_refused", "files", format!("规则手册未通过检查：\n{told}{rest}"))
        })
    }
}

/// The TOML files of an archive (ZIP) by path; a folder `rulebook` above all of them is left out, and so is what is no TOML.
///
/// # Errors
/// `bad_parameter` for what is no archive, holds too much, or a text that is not UTF-8.
pub fn files_of_archive(content: &[u8]) -> Result<BTreeMap<String, String>> {
    let bad = |text: &str| AppError::refused("bad_parameter", "archive", text.to_owned());
    let unreadable = |_| bad("不是ZIP压缩包，或者压缩包已损坏");
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(unreadable)?;
    if archive.len() > 2 * FILES_MOST {
        return Err(bad(&format!("压缩包内的文件超过{FILES_MOST}个")));
    }
    let (mut files, mut room) = (BTreeMap::new(), EDITION_MAX_BYTES as u64);
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(unreadable)?;
        let name = member.name().map_err(unreadable)?.replace('\\', "/");
        if !name.ends_with(".toml") {
            continue;
        }
        let mut text = Vec::new();
        member.take(room + 1).read_to_end(&mut text).map_err(|_| bad("压缩包已损坏"))?;
        room = room
            .checked_sub(text.len() as u64)
            .ok_or_else(|| bad(&format!("解压后超过{}MB", EDITION_MAX_BYTES >> 20)))?;
        let text = String::from_utf8(text).map_err(|_| bad(&format!("{name}不是UTF-8文本")))?;
        if files.insert(name.clone(), text).is_some() {
            return Err(bad(&format!("压缩包内有两个{name}")));
        }
    }
    if files.keys().all(|path| path.starts_with(FOLDER)) {
        files = files.into_iter().map(|(path, text)| (path.trim_start_matches(FOLDER).to_owned(), text)).collect();
    }
    Ok(files)
}

/// An archive (ZIP) of files: path and text.
///
/// # Errors
/// A fault.
pub fn archive_of(files: Vec<(String, String)>) -> Result<Vec<u8>> {
    let broken = |error: zip::result::ZipError| AppError::Io(std::io::Error::other(error));
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in files {
        out.start_file(path, SimpleFileOptions::default()).map_err(broken)?;
        out.write_all(text.as_bytes())?;
    }
    Ok(out.finish().map_err(broken)?.into_inner())
}

/// Asks that an edition be enacted. Its bytes wait under the proposal until another person answers.
///
/// # Errors
/// `bad_parameter` for no files or a wrong path, `edition_refused` with what the linter finds, `edition_in_force`, `reason_missing`,
/// `already_proposed`, or a fault.
pub fn propose_edition(service: &Service, desk: &Desk, person: &Person, asked: &Proposing) -> Result<ProposalView> {
    let edition = asked.edition(|| service.of_rules(files_in_force))?;
    let standing = service.read(store::digest_in_force)?;
    if standing == Some(edition.digest) {
        let text = "与现行规则手册相同，不需启用";
        return Err(AppError::refused("edition_in_force", "files", text));
    }
    let (digest, body) = (edition.digest, edition.canonical());
    let named = hex(&digest);
    let details = json!({ "edition": named, "base": standing.map(|digest| hex(&digest)).unwrap_or_default() });
    proposal::ask_and(service, desk, person, ("enactment", "", &named), details, &asked.reason, move |change, found| {
        store::keep_proposed(change, &found.id, &digest, &body)
    })
}

/// Puts in force what was agreed to. Where the answer was lost on the way it is given again: the edition is in force already.
///
/// # Errors
/// `edition_base_moved` where another edition came into force since it was proposed, or a fault.
pub(super) fn carry_out(writer: &mut Writer, (digest, base): (&str, &str), by: (&str, &str), why: &str) -> Result<()> {
    let digest = digest_of(digest)?;
    let in_force = store::digest_in_force(writer.connection())?;
    if in_force == Some(digest) {
        return Ok(());
    }
    if in_force.is_some_and(|standing| hex(&standing) != base) {
        let text = "提请之后已启用其他版本，本版本会撤回其改动；请退回，在现行版本上重新提请";
        return Err(AppError::refused("edition_base_moved", "", text));
    }
    let body = store::proposed_body(writer.connection(), &digest)?.ok_or(AppError::NotFound)?;
    rulebook::enact_edition(writer, &kept(&body)?, by.0, by.1, why)?;
    Ok(())
}

fn digest_of(text: &str) -> Result<[u8; 32]> {
    unhex(text).and_then(|bytes| bytes.try_into().ok()).ok_or(AppError::NotFound)
}

impl Service {
    /// Every edition: those that wait first, then those that were enacted, the latest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn editions(&self) -> Result<Vec<EditionView>> {
        let (waiting, enacted) =
            self.read(|connection| Ok((store::proposed(connection)?, store::enactments(connection)?)))?;
        let mut views: Vec<EditionView> = waiting
            .into_iter()
            .map(|(digest, proposal)| EditionView {
                digest: hex(&digest),
                state: "proposed",
                enacted_at: None,
                act: None,
                proposal: Some(proposal),
            })
            .collect();
        let last = enacted.last().map(|one| one.digest);
        let mut told = BTreeSet::new();
        let latest = enacted.iter().rev().filter(|one| told.insert(one.digest));
        views.extend(latest.map(|one| EditionView {
            digest: hex(&one.digest),
            state: if last == Some(one.digest) { "in_force" } else { "earlier" },
            enacted_at: Some(instant_text(one.at)),
            act: Some(hex(&one.act)),
            proposal: None,
        }));
        Ok(views)
    }

    /// The files of an edition in an archive (ZIP), as TOML: what they say, without comments.
    ///
    /// # Errors
    /// `not_found` for an edition that is neither enacted nor waiting, or a fault.
    pub fn edition_archive(&self, digest: &str) -> Result<Vec<u8>> {
        archive_of(written(&self.edition_kept(digest)?)?)
    }

    fn edition_kept(&self, digest: &str) -> Result<Rulebook> {
        let digest = digest_of(digest)?;
        let body = self.read(|connection| match store::by_digest(connection, &digest)? {
            Some(body) => Ok(Some(body)),
            None => store::proposed_body(connection, &digest),
        })?;
        kept(&body.ok_or(AppError::NotFound)?)
    }

    /// What an edition says otherwise than the one in force.
    ///
    /// # Errors
    /// `not_found` for an edition that is neither enacted nor waiting, or a fault.
    pub fn edition_difference(&self, digest: &str) -> Result<EditionDifference> {
        let other = self.edition_kept(digest)?;
        let named = hex(&other.digest);
        let edition = self.editions()?.into_iter().find(|one| one.digest == named).ok_or(AppError::NotFound)?;
        let in_force = self.of_rules(rulebook::in_force)?;
        Ok(EditionDifference { edition, in_force: hex(&in_force.digest), changes: diff(&in_force, &other) })
    }

    /// Asks the register what the rules are.
    fn of_rules<T>(&self, ask: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let mut found = Err(AppError::NotFound);
        self.read(|connection| {
            found = ask(connection);
            Ok(())
        })?;
        found
    }
}
