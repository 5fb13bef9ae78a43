//! A byte stream as UTF-8 text in blocks, with every malformed sequence remembered so that a rejected row can be
//! written back as it came.

use encoding_rs::{Decoder, DecoderResult, Encoding};
use std::collections::VecDeque;
use std::io::{self, Read};

const BLOCK: usize = 256 << 10;

/// What stands in the text for a malformed sequence.
pub const DAMAGE: char = '\u{fffd}';

/// Decodes a stream.
pub struct Decode<R> {
    source: R,
    decoder: Decoder,
    block: Vec<u8>,
    offset: u64,
    ended: bool,
    /// Malformed sequences by their position in the whole text: (position of the mark, offset in the file, bytes).
    damages: Vec<(u64, u64, Vec<u8>)>,
    produced: u64,
    lines: Option<Lines>,
}

/// Where the lines ahead begin in the file. A line feed is a byte of its own in every encoding that is read here.
struct Lines {
    /// Number of the first of them, from 1.
    first: u32,
    starts: VecDeque<u64>,
}

impl<R: Read> Decode<R> {
    /// Decodes `source` in `encoding`; a byte order mark at its beginning is taken away.
    pub fn new(source: R, encoding: &'static Encoding) -> Self {
        Self {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            block: vec![0; BLOCK],
            offset: 0,
            ended: false,
            damages: Vec::new(),
            produced: 0,
            lines: None,
        }
    }

    /// Remembers from the beginning on where each line begins; to be said before anything is read.
    pub fn note_lines(&mut self) {
        self.lines = Some(Lines { first: 1, starts: VecDeque::from([0]) });
    }

    /// Where a line of the file begins, in bytes, forgetting all before it; `None` when lines are not noted.
    pub fn start_of_line(&mut self, line: u32) -> Option<u64> {
        let lines = self.lines.as_mut()?;
        while lines.first < line && lines.starts.pop_front().is_some() {
            lines.first += 1;
        }
        lines.starts.front().copied().filter(|_| lines.first == line)
    }

    /// Appends the next block to `text`; false when the stream has ended.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn fill(&mut self, text: &mut String) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let length = loop {
            match self.source.read(&mut self.block) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => break done?,
            }
        };
        self.ended = length == 0;
        let block = self.block.get(..length).unwrap_or_default();
        let mut rest = block;
        loop {
            text.reserve(
                self.decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len() * 3) + 4,
            );
            let before = text.len();
            let (result, read) = self.decoder.decode_to_string_without_replacement(rest, text, self.ended);
            self.produced += (text.len() - before) as u64;
            let consumed = rest.get(..read).unwrap_or_default();
            rest = rest.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bad, after) => {
                    let end = consumed.len().saturating_sub(usize::from(after));
                    let start = end.saturating_sub(usize::from(bad));
                    let at = self.offset + (block.len() - rest.len()) as u64 - u64::from(after) - u64::from(bad);
                    let bytes = consumed.get(start..end).unwrap_or_default().to_vec();
                    self.damages.push((self.produced, at, bytes));
                    text.push(DAMAGE);
                    self.produced += DAMAGE.len_utf8() as u64;
                }
            }
        }
        if let Some(lines) = &mut self.lines {
            lines.starts.extend(memchr::memchr_iter(b'\n', block).map(|at| self.offset + at as u64 + 1));
        }
        self.offset += length as u64;
        Ok(!self.ended)
    }

    /// Damages inside `start..end` of the whole text, forgetting all before `start`.
    pub fn damages_within(&mut self, start: u64, end: u64) -> &[(u64, u64, Vec<u8>)] {
        let passed = self.damages.partition_point(|(at, ..)| *at < start);
        self.damages.drain(..passed);
        let inside = self.damages.partition_point(|(at, ..)| *at < end);
        self.damages.get(..inside).unwrap_or_default()
    }

    /// The bytes of `text`, which stands at `start..end` of the whole, as they were in the file: malformed ones included.
    pub fn original(&mut self, text: &str, start: u64, end: u64, encoding: &'static Encoding) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len());
        let mut marks = self.damages_within(start, end).iter();
        let mut rest = text;
        while let Some(at) = rest.find(DAMAGE) {
            bytes.extend_from_slice(&encoding.encode(rest.get(..at).unwrap_or_default()).0);
            if let Some((_, _, malformed)) = marks.next() {
                bytes.extend_from_slice(malformed);
            }
            rest = rest.get(at + DAMAGE.len_utf8()..).unwrap_or_default();
        }
        bytes.extend_from_slice(&encoding.encode(rest).0);
        bytes
    }
}
