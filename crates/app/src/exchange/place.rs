//! A folder that others may write to: everything in it is reached through the open folder itself and no link is followed, so
//! that a name, a link or a folder that is swapped meanwhile never leads anywhere else.

use crate::Result;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, fstat, mkdirat, open, openat, renameat, statat, unlinkat};
use rustix::io::Errno;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// An open folder.
#[derive(Debug)]
pub struct Place(OwnedFd);

/// What stands under a name.
#[derive(Debug)]
pub enum Found {
    /// A plain file that has no other name.
    Plain(File),
    /// Nothing.
    Nothing,
    /// A link, a folder, a pipe or a file with several names.
    Other,
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl Place {
    /// The operator's own folder.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(open(path, flags, Mode::empty()).map_err(std::io::Error::from)?))
    }

    /// A folder in it; nothing where there is none or it is a link.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn below(&self, name: &str) -> Result<Option<Self>> {
        match openat(&self.0, name, FOLDER, Mode::empty()) {
            Ok(found) => Ok(Some(Self(found))),
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
            Err(error) => Err(std::io::Error::from(error).into()),
        }
    }

    /// A folder in it, made where it is missing; nothing where a link or a file bears its name.
    ///
    /// # Errors
    /// When it cannot be made or opened.
    pub fn made(&self, name: &str) -> Result<Option<Self>> {
        match mkdirat(&self.0, name, Mode::from_raw_mode(0o750)) {
            Ok(()) | Err(Errno::EXIST) => self.below(name),
            Err(error) => Err(std::io::Error::from(error).into()),
        }
    }

    /// The names in it, in order; names that are no text or begin with a point are left out.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn names(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.0).map_err(std::io::Error::from)? {
            let entry = entry.map_err(std::io::Error::from)?;
            names.extend(entry.file_name().to_str().ok().filter(|name| !name.starts_with('.')).map(str::to_owned));
        }
        names.sort_unstable();
        Ok(names)
    }

    /// What stands under a name, opened for reading.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub fn find(&self, name: &str) -> Result<Found> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match openat(&self.0, name, flags, Mode::empty()) {
            Ok(file) => file,
            // What may not be read yet is not there yet.
            Err(Errno::NOENT | Errno::ACCESS) => return Ok(Found::Nothing),
            Err(Errno::LOOP | Errno::NXIO) => return Ok(Found::Other),
            Err(error) => return Err(std::io::Error::from(error).into()),
        };
        let about = fstat(&file).map_err(std::io::Error::from)?;
        let plain = FileType::from_raw_mode(about.st_mode) == FileType::RegularFile && about.st_nlink == 1;
        Ok(if plain { Found::Plain(File::from(file)) } else { Found::Other })
    }

    /// Whether a name is taken, by whatever.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub fn has(&self, name: &str) -> Result<bool> {
        Ok(self.changed_at(name)?.is_some())
    }

    /// When what bears a name was last changed or moved, in seconds since 1970; nothing where there is none.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub fn changed_at(&self, name: &str) -> Result<Option<i64>> {
        match statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            #[allow(clippy::useless_conversion, reason = "the width of a time differs between machines")]
            Ok(about) => Ok(Some(i64::from(about.st_ctime))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(std::io::Error::from(error).into()),
        }
    }

    /// Writes a file whole or not at all: it bears its name only once it is on the disk.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, from: &mut dyn Read) -> Result<()> {
        let part = format!(".{name}.part");
        // What an earlier run left half-written, or someone put in its place.
        self.remove(&part)?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let made = openat(&self.0, part.as_str(), flags, Mode::from_raw_mode(0o640)).map_err(std::io::Error::from)?;
        let mut file = File::from(made);
        std::io::copy(from, &mut file)?;
        file.flush()?;
        file.sync_all()?;
        self.rename(&part, self, name)
    }

    /// Moves a file into another folder, or under another name, over what bears that name.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub fn rename(&self, name: &str, to: &Self, as_name: &str) -> Result<()> {
        renameat(&self.0, name, &to.0, as_name).map_err(std::io::Error::from)?;
        rustix::fs::fsync(&to.0).map_err(std::io::Error::from)?;
        Ok(())
    }

    /// Moves a file, if it is there, into another folder under a name that is free.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub fn put_away(&self, name: &str, to: &Self) -> Result<()> {
        if !self.has(name)? {
            return Ok(());
        }
        let (mut free, mut number) = (name.to_owned(), 2);
        while to.has(&free)? {
            free = format!("{number}~{name}");
            number += 1;
        }
        self.rename(name, to, &free)
    }

    /// Removes a file; one that is not there is none, and a folder that somebody has put in a file's place stays.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self, name: &str) -> Result<()> {
        match unlinkat(&self.0, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT | Errno::ISDIR) => Ok(()),
            Err(error) => Err(std::io::Error::from(error).into()),
        }
    }

    /// Removes a file, overwritten first where that is allowed and it has no other name: whoever may write here may have given
    /// a name to something else.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn wipe(&self, name: &str) -> Result<()> {
        let flags = OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        if let Ok(file) = openat(&self.0, name, flags, Mode::empty()) {
            let mut file = File::from(file);
            let found = file.metadata()?;
            if found.is_file() && found.nlink() == 1 {
                std::io::copy(&mut std::io::repeat(0).take(found.len()), &mut file)?;
                file.sync_all()?;
            }
        }
        self.remove(name)
    }
}
