//! The rulebook as the platform runs it: shipped inside the program, enacted into the register, read from there.
//!
//! The first start enacts the shipped edition. Later the enacted one stays until a person enacts another: a newer
//! program does not change the rules by itself.

use crate::account::{is_blank, is_same_name};
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::rulebook::{Finding, Rulebook};
use credence_store::Writer;
use credence_store::connection::Connection;
use credence_store::rulebook::Enacted as Done;
use credence_store::unit::Unit;
use include_dir::{Dir, include_dir};
use std::path::Path;

static SHIPPED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../rulebook");

/// The unit in whose name the platform itself acts (first enactment, demonstration): the provincial credit office of the
/// register. A real office names itself by `credence unit set` and acts as such.
pub const PLATFORM_UNIT: &str = "11379900000000086M";

fn files_of(dir: &Dir<'_>, found: &mut Vec<(String, String)>) {
    for file in dir.files() {
        if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8())
            && path.ends_with(".toml")
        {
            found.push((path.replace('\\', "/"), text.to_owned()));
        }
    }
    for inner in dir.dirs() {
        files_of(inner, found);
    }
}

/// The files of the shipped rulebook: path and text.
#[must_use]
pub fn shipped_files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    files_of(&SHIPPED, &mut found);
    found.sort();
    found
}

/// The shipped rulebook.
///
/// # Errors
/// When it does not pass its own linter (a test keeps this from happening).
pub fn shipped() -> Result<Rulebook> {
    linted(shipped_files()).map_err(|findings| AppError::Rulebook(describe(&findings)))
}

/// Reads an edition and judges it whole: its form and law, then what its access policies say.
///
/// # Errors
/// Everything that is wrong, in order of file and line.
pub fn read(files: Vec<(String, String)>) -> std::result::Result<Rulebook, Vec<Finding>> {
    let rulebook = linted(files)?;
    let findings = crate::access::broken_floor(&rulebook);
    if findings.is_empty() { Ok(rulebook) } else { Err(findings) }
}

/// The same but for what no edition may give up: the shipped one does not, which a test asks.
fn linted(files: Vec<(String, String)>) -> std::result::Result<Rulebook, Vec<Finding>> {
    let rulebook = Rulebook::from_toml(files.clone())?;
    let findings = crate::access::lint(&rulebook, &files);
    if findings.is_empty() { Ok(rulebook) } else { Err(findings) }
}

/// The TOML files below a directory: path relative to it and text.
///
/// # Errors
/// `bad_parameter` naming what cannot be read.
pub fn directory_files(dir: &Path) -> Result<Vec<(String, String)>> {
    let unreadable = |path: &Path, error: &std::io::Error| {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "不存在".to_owned(),
            std::io::ErrorKind::NotADirectory => "不是目录".to_owned(),
            std::io::ErrorKind::PermissionDenied => "无权读取".to_owned(),
            std::io::ErrorKind::InvalidData => "不是UTF-8文本".to_owned(),
            _ => format!("无法读取（{error}）"),
        };
        AppError::refused("bad_parameter", "rulebook", format!("规则手册 {} {why}", path.display()))
    };
    let mut found = Vec::new();
    let mut waiting = vec![dir.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).map_err(|error| unreadable(&next, &error))? {
            let path = entry.map_err(|error| unreadable(&next, &error))?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let name = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
                found.push((name, text));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Findings of the linter, one a line.
#[must_use]
pub fn describe(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// An edition as it was kept.
pub(crate) fn kept(body: &[u8]) -> Result<Rulebook> {
    Rulebook::from_canonical(body).map_err(|findings| AppError::Rulebook(describe(&findings)))
}

/// The edition in force in a register.
///
/// # Errors
/// `rulebook_not_enacted` when none was ever enacted.
pub fn in_force(connection: &mut Connection) -> Result<Rulebook> {
    let (digest, body) = credence_store::rulebook::in_force(connection)?
        .ok_or_else(|| AppError::refused("rulebook_not_enacted", "rulebook", "登记库中尚无已启用的规则手册"))?;
    let rulebook = kept(&body)?;
    if rulebook.digest == digest {
        Ok(rulebook)
    } else {
        Err(AppError::Rulebook(format!("edition {} does not have its digest", hex(&digest))))
    }
}

/// The files of the edition in force, as TOML: what they say, without comments.
///
/// # Errors
/// As [`in_force`].
pub fn files_in_force(connection: &mut Connection) -> Result<Vec<(String, String)>> {
    written(&in_force(connection)?)
}

/// The files of an edition as TOML: what they say, without comments.
pub(crate) fn written(rulebook: &Rulebook) -> Result<Vec<(String, String)>> {
    let broken = |error: &dyn std::fmt::Display| AppError::Rulebook(error.to_string());
    let files: std::collections::BTreeMap<String, toml::Value> =
        serde_json::from_slice(&rulebook.canonical()).map_err(|error| broken(&error))?;
    let text = |(path, value): (String, toml::Value)| {
        toml::to_string_pretty(&value).map(|text| (path, text)).map_err(|error| broken(&error))
    };
    files.into_iter().map(text).collect()
}

/// Writes files of a rulebook into a folder that is empty or not there yet.
///
/// # Errors
/// `foreign_folder` when it holds something; io.
pub fn export(files: &[(String, String)], dir: &Path) -> Result<()> {
    std::fs::create_dir_all(dir)?;
    if std::fs::read_dir(dir)?.next().is_some() {
        return Err(AppError::refused("foreign_folder", "dir", "目录不为空，请另选空目录"));
    }
    for (path, text) in files {
        let place = dir.join(path);
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(place, text)?;
    }
    Ok(())
}

/// The edition in force, enacting the shipped one when there is none yet. The second value is true when the program
/// ships another edition than the one in force, which stays.
///
/// # Errors
/// A fault of the store or a broken rulebook.
pub fn in_force_or_first(writer: &mut Writer) -> Result<(Rulebook, bool)> {
    let shipped = shipped()?;
    if let Some((digest, _)) = credence_store::rulebook::in_force(writer.connection())? {
        let rulebook = in_force(writer.connection())?;
        crate::log::require_key(writer, &rulebook)?;
        return Ok((rulebook, digest != shipped.digest));
    }
    let office = Unit {
        uscc: PLATFORM_UNIT.to_owned(),
        name: "示范省信用监管平台".to_owned(),
        level: "province".to_owned(),
        regulator: "other".to_owned(),
        ..Unit::default()
    };
    credence_store::unit::set(writer, &office, PLATFORM_UNIT, &shipped.digest)?;
    let today = writer.clock().today();
    credence_store::rulebook::enact(
        writer,
        &shipped.digest,
        &shipped.canonical(),
        PLATFORM_UNIT,
        None,
        "随程序发布的规则手册，首次启动时启用",
        today,
    )?;
    crate::log::require_key(writer, &shipped)?;
    writer.sequence()?;
    Ok((shipped, false))
}

/// The rulebook of a directory.
///
/// # Errors
/// `bad_parameter` naming the directory when it cannot be read, or what its linter finds.
pub fn from_directory(dir: &Path) -> Result<Rulebook> {
    read(directory_files(dir)?).map_err(|findings| AppError::Rulebook(describe(&findings)))
}

/// Refuses a directory that is not the edition in force.
///
/// # Errors
/// `rulebook_not_enacted`.
pub fn require_enacted(dir: &Path, in_force: &Rulebook) -> Result<()> {
    let found = from_directory(dir)?;
    if found.digest == in_force.digest {
        return Ok(());
    }
    Err(AppError::refused(
        "rulebook_not_enacted",
        "rulebook",
        format!("{} 的摘要为 {}，尚未启用，请先执行 rulebook enact", dir.display(), hex(&found.digest)),
    ))
}

/// What an enactment did.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Enacted {
    /// Digest of the edition.
    pub digest: String,
    /// It had never been enacted before.
    pub new: bool,
    /// It had been enacted before, another since, and is in force again.
    pub again: bool,
}

/// Enacts a directory as the edition in force; needs two persons.
///
/// # Errors
/// As [`enact_edition`], and what the linter finds.
pub fn enact(writer: &mut Writer, dir: &Path, actor: &str, second: &str, reason: &str) -> Result<Enacted> {
    enact_edition(writer, &from_directory(dir)?, actor, second, reason)
}

/// Enacts an edition, also one that was in force before another was enacted; needs two persons.
///
/// # Errors
/// `second_person_needed`, or a fault.
pub fn enact_edition(
    writer: &mut Writer,
    rulebook: &Rulebook,
    actor: &str,
    second: &str,
    reason: &str,
) -> Result<Enacted> {
    if is_same_name(actor, second) || is_blank(actor) || is_blank(second) {
        return Err(AppError::refused("second_person_needed", "second", "启用规则手册须由两人办理，且不得为同一人"));
    }
    let today = writer.clock().today();
    let signed = format!("{actor} / {second}: {reason}");
    let done = credence_store::rulebook::enact(
        writer,
        &rulebook.digest,
        &rulebook.canonical(),
        PLATFORM_UNIT,
        Some(second),
        &signed,
        today,
    )?;
    writer.sequence()?;
    Ok(Enacted { digest: hex(&rulebook.digest), new: done == Done::New, again: done == Done::Again })
}
