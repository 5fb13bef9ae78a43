//! Builds an index from organisations that come in order of their codes: segment by segment, so that memory stays bounded
//! whatever the size of the register.

use super::layout::{CODE, Directory, MARK, Place};
use super::term::{ALIAS, NAME, Space, characters, terms, whole};
use super::{Entry, Position};
use roaring::RoaringBitmap;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::io::{self, ErrorKind, Write};

/// Organisations of one segment.
const SEGMENT: usize = 1 << 18;

/// An index under way.
pub struct Builder<W> {
    out: W,
    digest: Sha256,
    written: u64,
    last: String,
    entries: u64,
    segment: Segment,
    segment_entries: usize,
    areas: Numbers,
    statuses: Numbers,
    places: Vec<Place>,
}

#[derive(Default)]
struct Segment {
    codes: Vec<u8>,
    ends: Vec<u32>,
    texts: Vec<u8>,
    areas: Vec<u32>,
    statuses: Vec<u32>,
    wholes: Vec<(u64, u32)>,
    postings: HashMap<u64, Vec<u32>>,
}

/// Numbers for texts that occur again and again.
#[derive(Default)]
struct Numbers {
    known: BTreeMap<String, u32>,
    texts: Vec<String>,
}

impl Numbers {
    fn of(&mut self, text: &str) -> u32 {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.known.insert(text.to_owned(), number);
        self.texts.push(text.to_owned());
        number
    }
}

impl<W: Write> Builder<W> {
    /// Begins an index.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W) -> io::Result<Self> {
        Self::with_segments_of(SEGMENT, out)
    }

    /// The same with smaller segments: for tests.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn with_segments_of(segment_entries: usize, out: W) -> io::Result<Self> {
        let mut builder = Self {
            out,
            digest: Sha256::new(),
            written: 0,
            last: String::new(),
            entries: 0,
            segment: Segment::default(),
            segment_entries: segment_entries.max(1),
            areas: Numbers::default(),
            statuses: Numbers::default(),
            places: Vec::new(),
        };
        builder.put(&MARK)?;
        Ok(builder)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// Organisations so far.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Adds an organisation; codes must rise.
    ///
    /// # Errors
    /// When codes do not rise or have not 18 symbols, or the index cannot be written.
    pub fn push(&mut self, entry: &Entry) -> io::Result<()> {
        if entry.uscc.len() != CODE || entry.uscc <= self.last {
            let message = format!("{} does not come after {}", entry.uscc, self.last);
            return Err(io::Error::new(ErrorKind::InvalidInput, message));
        }
        entry.uscc.clone_into(&mut self.last);
        let segment = &mut self.segment;
        let number = u32::try_from(segment.ends.len()).unwrap_or(u32::MAX);
        segment.codes.extend(entry.uscc.as_bytes());
        segment.texts.extend(lines(entry).as_bytes());
        segment.ends.push(u32::try_from(segment.texts.len()).unwrap_or(u32::MAX));
        segment.areas.push(self.areas.of(&entry.area));
        segment.statuses.push(self.statuses.of(&entry.status));
        if let Some(current) = entry.names.first() {
            segment.wholes.push((whole(NAME, current), number));
        }
        segment.wholes.extend(entry.aliases.iter().map(|alias| (whole(ALIAS, alias), number)));
        let found = entry.names.iter().flat_map(|name| terms(Space::Name, name).chain(characters(name)));
        for term in found.chain(terms(Space::Code, &entry.uscc)) {
            let posting = segment.postings.entry(term).or_default();
            if posting.last() != Some(&number) {
                posting.push(number);
            }
        }
        self.entries += 1;
        // Texts are addressed by 32 bits.
        if segment.ends.len() >= self.segment_entries || segment.texts.len() >= 1 << 30 {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let Segment { codes, ends, texts, areas, statuses, mut wholes, postings } = std::mem::take(&mut self.segment);
        if ends.is_empty() {
            return Ok(());
        }
        let offset = self.written;
        wholes.sort_unstable();
        let mut terms: Vec<(u64, Vec<u32>)> = postings.into_iter().collect();
        terms.sort_unstable_by_key(|(term, _)| *term);
        for bytes in [&codes, &fours(ends.iter()), &texts, &fours(areas.iter()), &fours(statuses.iter())] {
            self.put(bytes)?;
        }
        let mut bytes = Vec::with_capacity(wholes.len() * 12);
        for (hash, number) in &wholes {
            bytes.extend(hash.to_le_bytes());
            bytes.extend(number.to_le_bytes());
        }
        self.put(&bytes)?;
        let keys: Vec<u8> = terms.iter().flat_map(|(term, _)| term.to_le_bytes()).collect();
        self.put(&keys)?;
        let (mut postings, mut posting_ends) = (Vec::new(), Vec::with_capacity(terms.len()));
        for (_, numbers) in &terms {
            // A name may hold the same pair twice with another name's between: numbers rise all the same.
            let bitmap: RoaringBitmap = numbers.iter().copied().collect();
            bitmap.serialize_into(&mut postings)?;
            posting_ends.push(u32::try_from(postings.len()).unwrap_or(u32::MAX));
        }
        self.put(&fours(posting_ends.iter()))?;
        self.put(&postings)?;
        self.places.push(Place {
            offset,
            entries: ends.len(),
            texts: texts.len(),
            wholes: wholes.len(),
            terms: terms.len(),
            postings: postings.len(),
        });
        Ok(())
    }

    /// Ends the index, which has read the log up to `position`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self, position: Position) -> io::Result<W> {
        self.flush()?;
        let directory = Directory {
            position,
            areas: std::mem::take(&mut self.areas.texts),
            statuses: std::mem::take(&mut self.statuses.texts),
            segments: std::mem::take(&mut self.places),
        };
        let bytes = directory.write();
        self.put(&bytes)?;
        let digest = self.digest.finalize();
        self.out.write_all(&(bytes.len() as u64).to_le_bytes())?;
        self.out.write_all(&digest)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// The texts of an organisation: a name a line, an old number with a tab in front. Folded names hold no white space.
pub(crate) fn lines(entry: &Entry) -> String {
    let names = entry.names.iter().cloned();
    let aliases = entry.aliases.iter().map(|alias| format!("\t{}", alias.replace(['\n', '\t'], " ")));
    names.chain(aliases).collect::<Vec<_>>().join("\n")
}

fn fours<'a>(numbers: impl Iterator<Item = &'a u32>) -> Vec<u8> {
    numbers.flat_map(|number| number.to_le_bytes()).collect()
}
