//! How an index lies in its file: a mark, segments, a directory of them, and a digest over everything before it.
//!
//! Integers are little endian. A segment is, one behind another: codes (18 bytes each), ends of texts, texts, areas,
//! statuses, whole texts (hash and organisation), terms, ends of postings, postings.

use super::Position;
use super::bytes::damaged;
use std::io;

/// First bytes of the file: what it is and its version.
pub const MARK: [u8; 16] = *b"credence-names-3";
/// Length of a code.
pub const CODE: usize = 18;
/// Digest and length of the directory at the end of the file.
pub const TAIL: usize = 32 + 8;

/// Where a segment stands and how long its parts are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Where it begins.
    pub offset: u64,
    /// Organisations.
    pub entries: usize,
    /// Bytes of texts.
    pub texts: usize,
    /// Whole texts.
    pub wholes: usize,
    /// Terms.
    pub terms: usize,
    /// Bytes of postings.
    pub postings: usize,
}

impl Place {
    /// Where each part begins, relative to the segment: ends of texts, texts, areas, statuses, wholes, terms, ends of
    /// postings, postings, and the end.
    pub fn parts(&self) -> [u64; 9] {
        let lengths = [
            self.entries * CODE,
            self.entries * 4,
            self.texts,
            self.entries * 4,
            self.entries * 4,
            self.wholes * 12,
            self.terms * 8,
            self.terms * 4,
            self.postings,
        ];
        let mut at = self.offset;
        lengths.map(|length| {
            at += length as u64;
            at
        })
    }
}

/// What the end of the file says of the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// How far the log was read.
    pub position: Position,
    /// Areas by number.
    pub areas: Vec<String>,
    /// Statuses by number.
    pub statuses: Vec<String>,
    /// Segments in order of codes.
    pub segments: Vec<Place>,
}

impl Directory {
    /// As bytes.
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let number = |out: &mut Vec<u8>, number: u64| out.extend(number.to_le_bytes());
        number(&mut out, self.position.size);
        out.extend(self.position.act);
        for texts in [&self.areas, &self.statuses] {
            number(&mut out, texts.len() as u64);
            for text in texts {
                number(&mut out, text.len() as u64);
                out.extend(text.as_bytes());
            }
        }
        number(&mut out, self.segments.len() as u64);
        for place in &self.segments {
            number(&mut out, place.offset);
            for length in [place.entries, place.texts, place.wholes, place.terms, place.postings] {
                number(&mut out, length as u64);
            }
        }
        out
    }

    /// From bytes.
    pub fn read(bytes: &[u8]) -> io::Result<Self> {
        let mut rest = Rest(bytes);
        let position = Position { size: rest.number()?, act: rest.take(16)?.try_into().map_err(|_| damaged())? };
        let mut texts = || -> io::Result<Vec<String>> {
            let count = rest.length()?;
            (0..count)
                .map(|_| {
                    let length = rest.length()?;
                    String::from_utf8(rest.take(length)?.to_vec()).map_err(|_| damaged())
                })
                .collect()
        };
        let (areas, statuses) = (texts()?, texts()?);
        let count = rest.length()?;
        let mut segments = Vec::new();
        for _ in 0..count {
            segments.push(Place {
                offset: rest.number()?,
                entries: rest.length()?,
                texts: rest.length()?,
                wholes: rest.length()?,
                terms: rest.length()?,
                postings: rest.length()?,
            });
        }
        Ok(Self { position, areas, statuses, segments })
    }
}

struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn take(&mut self, length: usize) -> io::Result<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> io::Result<u64> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into().map_err(|_| damaged())?))
    }

    fn length(&mut self) -> io::Result<usize> {
        usize::try_from(self.number()?).map_err(|_| damaged())
    }
}

/// Integers of four bytes.
pub fn fours(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|four| Some(u32::from_le_bytes(four.try_into().ok()?))).collect()
}

/// Integers of eight bytes.
pub fn eights(bytes: &[u8]) -> Vec<u64> {
    bytes.chunks_exact(8).filter_map(|eight| Some(u64::from_le_bytes(eight.try_into().ok()?))).collect()
}
