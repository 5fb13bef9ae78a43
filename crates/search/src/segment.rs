//! One segment of an index: which of its organisations may match, and what their texts are.

use super::Query;
use super::bytes::{Bytes, damaged};
use super::layout::{CODE, Place, eights, fours};
use super::term::{ALIAS, NAME, Space, characters, terms, whole};
use roaring::RoaringBitmap;
use std::io;

/// A segment with what is kept in memory of it: terms, areas, statuses, and where texts end.
#[derive(Debug)]
pub struct Segment {
    place: Place,
    first: String,
    last: String,
    terms: Vec<u64>,
    posting_ends: Vec<u32>,
    areas: Vec<u32>,
    statuses: Vec<u32>,
    ends: Vec<u32>,
    /// The first hash of every [`STEP`] whole texts.
    fence: Vec<u64>,
}

/// Whole texts that are read at once.
const STEP: usize = 64;
/// Bytes of a whole text: its hash and its organisation.
const WHOLE: usize = 12;

/// An organisation read from a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its code.
    pub code: String,
    /// Its texts, as `build::lines` wrote them.
    pub lines: String,
}

impl Found {
    /// Folded names, the current one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.lines.split('\n').filter(|line| !line.starts_with('\t'))
    }

    /// Old numbers.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.lines.split('\n').filter_map(|line| line.strip_prefix('\t'))
    }
}

impl Segment {
    /// Reads what is kept in memory.
    pub fn open(bytes: &Bytes, place: Place) -> io::Result<Self> {
        let [ends_at, texts_at, texts_end, areas_end, statuses_end, wholes_end, terms_end, postings_at, end] =
            place.parts();
        if end > bytes.len()? {
            return Err(damaged());
        }
        let part = |from: u64, to: u64| bytes.piece(from, usize::try_from(to - from).map_err(|_| damaged())?);
        let mut segment = Self {
            place,
            first: String::new(),
            last: String::new(),
            terms: eights(&part(wholes_end, terms_end)?),
            posting_ends: fours(&part(terms_end, postings_at)?),
            areas: fours(&part(texts_end, areas_end)?),
            statuses: fours(&part(areas_end, statuses_end)?),
            ends: fours(&part(ends_at, texts_at)?),
            fence: hashes(&part(statuses_end, wholes_end)?).step_by(STEP).map(|(hash, _)| hash).collect(),
        };
        segment.first = segment.code(bytes, 0)?;
        segment.last = segment.code(bytes, place.entries.saturating_sub(1))?;
        Ok(segment)
    }

    /// Its first code and its last.
    pub fn span(&self) -> (&str, &str) {
        (&self.first, &self.last)
    }

    /// Area and status of an organisation by their numbers.
    pub fn columns(&self, number: u32) -> (u32, u32) {
        let at = number as usize;
        let of = |column: &[u32]| column.get(at).copied().unwrap_or(u32::MAX);
        (of(&self.areas), of(&self.statuses))
    }

    fn code(&self, bytes: &Bytes, number: usize) -> io::Result<String> {
        let mut code = [0; CODE];
        bytes.read(self.place.offset + (number * CODE) as u64, &mut code)?;
        std::str::from_utf8(&code).map(str::to_owned).map_err(|_| damaged())
    }

    /// An organisation.
    pub fn found(&self, bytes: &Bytes, number: u32) -> io::Result<Found> {
        let [_, texts_at, ..] = self.place.parts();
        let at = number as usize;
        // The text begins where the one before it ends.
        let end = |at: usize| self.ends.get(at).copied().ok_or_else(damaged);
        let to = end(at)?;
        let from = if at == 0 { 0 } else { end(at - 1)? };
        let length = to.checked_sub(from).ok_or_else(damaged)? as usize;
        let lines = String::from_utf8(bytes.piece(texts_at + u64::from(from), length)?).map_err(|_| damaged())?;
        Ok(Found { code: self.code(bytes, at)?, lines })
    }

    /// The number of the first organisation whose code is not below `code`.
    pub fn lower_bound(&self, bytes: &Bytes, code: &str) -> io::Result<u32> {
        if code <= self.first.as_str() {
            return Ok(0);
        }
        let at = partition(self.place.entries, |at| Ok(self.code(bytes, at)?.as_str() < code))?;
        u32::try_from(at).map_err(|_| damaged())
    }

    /// The organisation with a code.
    pub fn by_code(&self, bytes: &Bytes, code: &str) -> io::Result<Option<u32>> {
        if code.len() != CODE || code < self.first.as_str() || code > self.last.as_str() {
            return Ok(None);
        }
        let at = self.lower_bound(bytes, code)?;
        Ok((self.code(bytes, at as usize)? == code).then_some(at))
    }

    /// Organisations whose current name may be this one.
    pub fn by_name(&self, bytes: &Bytes, name: &str) -> io::Result<Vec<u32>> {
        self.by_whole(bytes, whole(NAME, name))
    }

    fn by_whole(&self, bytes: &Bytes, hash: u64) -> io::Result<Vec<u32>> {
        let [.., statuses_end, _, _, _, _] = self.place.parts();
        // The last step whose first hash is below holds the first that is not.
        let mut at = self.fence.partition_point(|first| *first < hash).saturating_sub(1) * STEP;
        let mut found = Vec::new();
        while at < self.place.wholes {
            let count = STEP.min(self.place.wholes - at);
            let piece = bytes.piece(statuses_end + (at * WHOLE) as u64, count * WHOLE)?;
            for (other, number) in hashes(&piece) {
                if other > hash {
                    return Ok(found);
                }
                if other == hash {
                    found.push(number);
                }
            }
            at += count;
        }
        Ok(found)
    }

    /// Organisations that may match: those with every pair of the name or of the code, and those with the old number.
    pub fn candidates(&self, bytes: &Bytes, query: &Query) -> io::Result<RoaringBitmap> {
        // A bracket and a character fold to one character.
        let is_pair = query.name.chars().nth(1).is_some();
        let mut found = match is_pair {
            true => self.with_every(bytes, terms(Space::Name, &query.name))?,
            false => self.with_every(bytes, characters(&query.name))?,
        };
        if query.code.len() <= CODE && query.code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            found |= self.with_every(bytes, terms(Space::Code, &query.code))?;
        }
        found.extend(self.by_whole(bytes, whole(ALIAS, &query.code))?);
        Ok(found)
    }

    fn with_every(&self, bytes: &Bytes, terms: impl Iterator<Item = u64>) -> io::Result<RoaringBitmap> {
        let [.., postings_at, _] = self.place.parts();
        let mut ranges = Vec::new();
        for term in terms {
            let Ok(at) = self.terms.binary_search(&term) else { return Ok(RoaringBitmap::new()) };
            let end = |at: usize| self.posting_ends.get(at).copied().ok_or_else(damaged);
            let from = if at == 0 { 0 } else { end(at - 1)? };
            let length = end(at)?.checked_sub(from).ok_or_else(damaged)?;
            ranges.push((length, from));
        }
        ranges.sort_unstable();
        ranges.dedup();
        let mut found: Option<RoaringBitmap> = None;
        for (length, from) in ranges {
            let piece = bytes.piece(postings_at + u64::from(from), length as usize)?;
            let posting = RoaringBitmap::deserialize_from(&*piece)?;
            let both = match found {
                None => posting,
                Some(found) => found & posting,
            };
            if both.is_empty() {
                return Ok(both);
            }
            found = Some(both);
        }
        Ok(found.unwrap_or_default())
    }
}

/// Hashes of whole texts with their organisations.
fn hashes(bytes: &[u8]) -> impl Iterator<Item = (u64, u32)> {
    bytes.chunks_exact(WHOLE).filter_map(|whole| {
        let (hash, number) = whole.split_at_checked(8)?;
        Some((u64::from_le_bytes(hash.try_into().ok()?), u32::from_le_bytes(number.try_into().ok()?)))
    })
}

/// The first place where `below` no longer holds.
fn partition(count: usize, below: impl Fn(usize) -> io::Result<bool>) -> io::Result<usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if below(middle)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
