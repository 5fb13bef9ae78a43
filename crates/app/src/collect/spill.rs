//! Marks of rows that no longer fit in memory: one sorted temporary file, looked into block by block.
//!
//! Sixteen bytes a row would be 80 MB for five million rows; so a million stay in memory and the others lie here. The file
//! has no name and is gone with the process.

use super::seen::Mark;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::FileExt;

const BYTES: usize = 16;
/// Marks in a block: four kilobytes.
const BLOCK: usize = 256;

/// Marks in order, on disk.
#[derive(Debug, Default)]
pub struct Spill {
    file: Option<File>,
    /// The identity with which each block begins.
    begins: Vec<u64>,
    count: usize,
}

impl Spill {
    /// Merges marks in; both sides are sorted and no identity is in both.
    ///
    /// # Errors
    /// When there is no room for temporary files.
    pub fn merge(&mut self, fresh: &[Mark]) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 16, tempfile::tempfile()?);
        let mut old = self.read()?;
        let mut fresh = fresh.iter().copied().peekable();
        let (mut begins, mut count) = (Vec::with_capacity(self.begins.len() + fresh.len() / BLOCK + 1), 0usize);
        let mut standing = old.next().transpose()?;
        loop {
            let next = match (standing, fresh.peek().copied()) {
                (None, None) => break,
                (Some(mark), other) if other.is_none_or(|other| mark <= other) => {
                    standing = old.next().transpose()?;
                    mark
                }
                (_, Some(mark)) => {
                    fresh.next();
                    mark
                }
                (Some(_), None) => break,
            };
            if count.is_multiple_of(BLOCK) {
                begins.push(next.identity);
            }
            count += 1;
            out.write_all(&bytes_of(next))?;
        }
        drop(old);
        let file = out.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        (self.file, self.begins, self.count) = (Some(file), begins, count);
        Ok(())
    }

    fn read(&self) -> io::Result<impl Iterator<Item = io::Result<Mark>> + use<>> {
        let file = self.file.as_ref().map(File::try_clone).transpose()?;
        if let Some(mut file) = file.as_ref() {
            io::Seek::rewind(&mut file)?;
        }
        let mut reader = file.map(|file| BufReader::with_capacity(1 << 16, file));
        let mut left = self.count;
        Ok(std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            let mut bytes = [0; BYTES];
            let done = reader.as_mut()?.read_exact(&mut bytes);
            Some(done.map(|()| mark_of(&bytes)))
        }))
    }

    /// The mark of an identity.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find(&self, identity: u64) -> io::Result<Option<Mark>> {
        let Some(file) = &self.file else { return Ok(None) };
        let Some(block) = self.begins.partition_point(|begin| *begin <= identity).checked_sub(1) else {
            return Ok(None);
        };
        let marks = BLOCK.min(self.count - block * BLOCK);
        let mut bytes = vec![0; marks * BYTES];
        file.read_exact_at(&mut bytes, (block * BLOCK * BYTES) as u64)?;
        let mut found = bytes.chunks_exact(BYTES).map(mark_of);
        Ok(found.find(|mark| mark.identity == identity))
    }
}

fn bytes_of(mark: Mark) -> [u8; BYTES] {
    let whole = u128::from(mark.identity) << 64 | u128::from(mark.line) << 32 | u128::from(mark.content);
    whole.to_be_bytes()
}

fn mark_of(bytes: &[u8]) -> Mark {
    let whole = bytes.iter().fold(0u128, |value, byte| value << 8 | u128::from(*byte));
    Mark { identity: (whole >> 64) as u64, line: (whole >> 32) as u32, content: whole as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_found_after_several_merges_and_no_other() {
        let mark =
            |n: u64| Mark { identity: n.wrapping_mul(0x9e37_79b9_7f4a_7c15), line: n as u32, content: !n as u32 };
        let mut spill = Spill::default();
        assert_eq!(spill.find(1).unwrap(), None);
        for round in 0..5u64 {
            let mut fresh: Vec<Mark> = (0..700).map(|n| mark(n * 5 + round)).collect();
            fresh.sort_unstable();
            spill.merge(&fresh).unwrap();
        }
        for n in 0..3_500 {
            assert_eq!(spill.find(mark(n).identity).unwrap(), Some(mark(n)));
            assert_eq!(spill.find(mark(n + 3_500).identity).unwrap(), None);
        }
    }
}
