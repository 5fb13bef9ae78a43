//! The part of the index that is built once and then only read.

use super::bytes::{Bytes, damaged};
use super::layout::{Directory, MARK, TAIL};
use super::segment::{Found, Segment};
use super::{Entry, Hit, Position, Query};
use sha2::{Digest, Sha256};
use std::io;

/// Bytes read at once when the digest is checked.
const PIECE: usize = 1 << 20;

/// A built index.
#[derive(Debug)]
pub struct Base {
    bytes: Bytes,
    directory: Directory,
    segments: Vec<Segment>,
}

impl Base {
    /// Opens a built index after reading it through: a changed byte is found here and never in an answer.
    ///
    /// # Errors
    /// When it cannot be read or is not what [`super::Builder`] wrote.
    pub fn open(bytes: Bytes) -> io::Result<Self> {
        let length = bytes.len()?;
        let body = length.checked_sub(TAIL as u64).filter(|body| *body >= MARK.len() as u64).ok_or_else(damaged)?;
        let tail = bytes.piece(body, TAIL)?;
        let (directory_length, digest) = tail.split_at(8);
        let mut hash = Sha256::new();
        let mut at = 0;
        while at < body {
            let piece = bytes.piece(at, PIECE.min(usize::try_from(body - at).unwrap_or(PIECE)))?;
            if at == 0 && !piece.starts_with(&MARK) {
                return Err(damaged());
            }
            hash.update(&piece);
            at += piece.len() as u64;
        }
        if hash.finalize().as_slice() != digest {
            return Err(damaged());
        }
        let directory_length = u64::from_le_bytes(directory_length.try_into().map_err(|_| damaged())?);
        let directory_at = body.checked_sub(directory_length).ok_or_else(damaged)?;
        let directory =
            Directory::read(&bytes.piece(directory_at, usize::try_from(directory_length).map_err(|_| damaged())?)?)?;
        let segments =
            directory.segments.iter().map(|place| Segment::open(&bytes, *place)).collect::<io::Result<Vec<_>>>()?;
        Ok(Self { bytes, directory, segments })
    }

    /// How far the log was read when it was built.
    #[must_use]
    pub fn position(&self) -> Position {
        self.directory.position
    }

    /// Organisations in it.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.directory.segments.iter().map(|place| place.entries as u64).sum()
    }

    fn words(&self, segment: &Segment, number: u32) -> (&str, &str) {
        let (area, status) = segment.columns(number);
        let of = |texts: &'_ [String], number: u32| -> Option<usize> {
            let at = number as usize;
            (at < texts.len()).then_some(at)
        };
        let area = of(&self.directory.areas, area).and_then(|at| self.directory.areas.get(at));
        let status = of(&self.directory.statuses, status).and_then(|at| self.directory.statuses.get(at));
        (area.map_or("", String::as_str), status.map_or("", String::as_str))
    }

    /// The organisation with a code.
    pub(crate) fn entry(&self, code: &str) -> io::Result<Option<Entry>> {
        for segment in &self.segments {
            if let Some(number) = segment.by_code(&self.bytes, code)? {
                let found = segment.found(&self.bytes, number)?;
                let (area, status) = self.words(segment, number);
                return Ok(Some(entry(&found, area, status)));
            }
        }
        Ok(None)
    }

    /// Exact matches by code or current name.
    pub(crate) fn exact(&self, query: &Query) -> io::Result<Vec<String>> {
        let mut codes = Vec::new();
        for segment in &self.segments {
            let mut numbers = segment.by_name(&self.bytes, &query.name)?;
            numbers.extend(segment.by_code(&self.bytes, &query.code)?);
            for number in numbers {
                let found = segment.found(&self.bytes, number)?;
                let (area, status) = self.words(segment, number);
                if query.admits(&found.code, area, status)
                    && query.rank(&found.code, found.names(), found.aliases()) == Some(0)
                {
                    codes.push(found.code);
                }
            }
        }
        Ok(codes)
    }

    /// Matches in part behind a code, in order, at most `query.limit`; `superseded` says which codes another place answers
    /// for.
    pub(crate) fn in_part(
        &self,
        query: &Query,
        after: &str,
        superseded: impl Fn(&str) -> bool,
    ) -> io::Result<Vec<Hit>> {
        let mut hits = Vec::new();
        for segment in &self.segments {
            let (first, last) = segment.span();
            let kind = query.kind.as_str();
            let beyond = first.get(..kind.len()).is_some_and(|prefix| prefix > kind);
            if last <= after || beyond || last.get(..kind.len()).is_some_and(|prefix| prefix < kind) {
                continue;
            }
            let candidates = segment.candidates(&self.bytes, query)?;
            let from = segment.lower_bound(&self.bytes, after.max(kind))?;
            for number in candidates.range(from..) {
                if hits.len() >= query.limit {
                    return Ok(hits);
                }
                let (area, status) = self.words(segment, number);
                if !query.admits(kind, area, status) {
                    continue;
                }
                let found = segment.found(&self.bytes, number)?;
                if !found.code.starts_with(kind) {
                    break;
                }
                let rank = query.rank(&found.code, found.names(), found.aliases());
                if rank == Some(1) && found.code.as_str() > after && !superseded(&found.code) {
                    hits.push((1, found.code));
                }
            }
        }
        Ok(hits)
    }
}

fn entry(found: &Found, area: &str, status: &str) -> Entry {
    Entry {
        uscc: found.code.clone(),
        names: found.names().map(str::to_owned).collect(),
        aliases: found.aliases().map(str::to_owned).collect(),
        area: area.to_owned(),
        status: status.to_owned(),
    }
}
