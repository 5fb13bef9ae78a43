//! Files that their owner alone may read: keys.

use crate::{Result, StoreError};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Readable and writable by its owner, by nobody else.
const MODE: u32 = 0o600;

/// Reads such a file.
///
/// # Errors
/// [`StoreError::KeysExposed`] when others may read it, or io.
pub fn read(place: &Path) -> Result<String> {
    let mode = std::fs::metadata(place)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(StoreError::KeysExposed(place.to_owned()));
    }
    Ok(std::fs::read_to_string(place)?)
}

/// Writes such a file, which must not be there yet, and the folders that lead to it.
///
/// # Errors
/// When it is there after all, or io.
pub fn write_new(place: &Path, text: &str) -> Result<()> {
    if let Some(folder) = place.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(MODE).open(place)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    keep_name(place)
}

/// Replaces such a file as a whole or not at all.
///
/// # Errors
/// Io.
pub fn replace(place: &Path, text: &str) -> Result<()> {
    let mut draft = place.as_os_str().to_owned();
    draft.push(".new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(MODE).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    std::fs::rename(&draft, place)?;
    keep_name(place)
}

/// Makes sure that a file's name outlives a loss of power, as its bytes do.
fn keep_name(place: &Path) -> Result<()> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(File::open(folder)?.sync_all()?)
}

/// Waits until nobody else, in this process or another, holds such a file, and holds it until what is given back is dropped:
/// what is read beside it, judged and written again is one step.
///
/// # Errors
/// Io.
pub fn hold(place: &Path) -> Result<File> {
    let file = File::open(place)?;
    file.lock()?;
    Ok(file)
}
