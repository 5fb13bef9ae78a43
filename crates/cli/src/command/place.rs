//! Files that arguments name: looked at before anything is read or written.

use credence_app::AppError;
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Result as IoResult};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Refuses a file that is not there, cannot be read or is a folder.
///
/// # Errors
/// `bad_parameter` of `file`.
pub(super) fn check_input(file: &Path) -> Result<(), AppError> {
    let refused = |why: String| AppError::refused("bad_parameter", "file", format!("文件 {} {why}", file.display()));
    let unreadable = |error: Error| refused(reason(&error, "读取"));
    let found = std::fs::metadata(file).map_err(unreadable)?;
    if found.is_dir() {
        return Err(refused("是文件夹，请指明其中的文件".to_owned()));
    }
    // Opening a pipe would wait for whoever writes to it.
    if found.is_file() {
        File::open(file).map_err(unreadable)?;
    }
    Ok(())
}

/// Refuses a file that could not be written later, and leaves everything as it was.
///
/// # Errors
/// `bad_parameter` of `rejects`.
pub(super) fn check_output(file: &Path) -> Result<(), AppError> {
    try_to_write(file).map_err(|error| {
        let why = match error.kind() {
            ErrorKind::IsADirectory => "是文件夹，请指明文件名".to_owned(),
            ErrorKind::NotFound => "所在的文件夹不存在，请先建立或另选位置".to_owned(),
            _ => reason(&error, "写入"),
        };
        AppError::refused("bad_parameter", "rejects", format!("退回文件 {} {why}", file.display()))
    })
}

/// Opens a file for writing without changing it; one that was not there is taken away again.
fn try_to_write(file: &Path) -> IoResult<()> {
    match std::fs::metadata(file) {
        Ok(found) if found.is_dir() => Err(ErrorKind::IsADirectory.into()),
        Ok(found) if found.is_file() => OpenOptions::new().write(true).open(file).map(drop),
        // A device or a pipe takes what it is given.
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            OpenOptions::new().write(true).create(true).truncate(false).open(file)?;
            // Where a link led nowhere, what it led to was made, not the link.
            std::fs::remove_file(file.canonicalize()?)
        }
        Err(error) => Err(error),
    }
}

/// Whether two paths lead to one file: also by a link of either kind.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    let (Ok(a), Ok(b)) = (std::fs::metadata(one), std::fs::metadata(other)) else { return false };
    let canonical = || one.canonicalize().is_ok_and(|path| other.canonicalize().is_ok_and(|other| path == other));
    (a.dev(), a.ino()) == (b.dev(), b.ino()) || canonical()
}

/// The refusal of a rejects file that would replace another.
pub(super) fn taken(rejects: &Path, other: &Path) -> AppError {
    let (rejects, other) = (rejects.display(), other.display());
    let text = format!("退回文件 {rejects} 与 {other} 是同一个文件，写入会覆盖原件，请另选位置");
    AppError::refused("bad_parameter", "rejects", text)
}

/// Why a file cannot be opened, and what to do.
fn reason(error: &Error, doing: &str) -> String {
    match error.kind() {
        ErrorKind::NotFound => "不存在，请核对路径".to_owned(),
        ErrorKind::NotADirectory => "的路径中有一段不是文件夹，请核对路径".to_owned(),
        ErrorKind::PermissionDenied => format!("无权{doing}，请核对权限"),
        _ => format!("无法{doing}（{error}），请核对路径"),
    }
}
