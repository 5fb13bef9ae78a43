//! The bytes of an index: in a file that is read piece by piece, or in memory where there is no folder to write to.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;

/// Bytes that can be read anywhere.
#[derive(Debug)]
pub enum Bytes {
    /// A file; the operating system keeps what is often read.
    File(File),
    /// Memory.
    Memory(Vec<u8>),
}

impl Bytes {
    /// How many there are.
    pub(crate) fn len(&self) -> io::Result<u64> {
        match self {
            Bytes::File(file) => Ok(file.metadata()?.len()),
            Bytes::Memory(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// Reads exactly `into.len()` bytes at an offset.
    pub(crate) fn read(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        match self {
            Bytes::File(file) => file.read_exact_at(into, offset),
            Bytes::Memory(bytes) => {
                let from = usize::try_from(offset).map_err(|_| damaged())?;
                let found = bytes.get(from..from.saturating_add(into.len())).ok_or_else(damaged)?;
                into.copy_from_slice(found);
                Ok(())
            }
        }
    }

    /// A piece of given length.
    pub(crate) fn piece(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut piece = vec![0; length];
        self.read(offset, &mut piece)?;
        Ok(piece)
    }
}

/// The index is not what was written.
pub(crate) fn damaged() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "the search index is damaged")
}
