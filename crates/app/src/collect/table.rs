//! Rows of a delimited file (RFC 4180 with commas or tabs), bounded: no row, however broken, takes more than a
//! megabyte of memory or swallows the good rows behind it.

use super::decode::Decode;
use super::encoding::is_misread_utf8;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use encoding_rs::Encoding;
use std::io::{self, Read};

/// The longest row, in bytes of UTF-8.
pub const LONGEST_ROW: usize = 1 << 20;
/// The most columns a header may have.
pub const MOST_COLUMNS: usize = 1024;

/// A row as it stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRow {
    /// Line on which it begins, from 1.
    pub line: u32,
    /// Its text without the line end; of a row that is too long the beginning.
    pub text: String,
    /// Unquoted cells one behind another; none where no cell is quoted: then they are cut out of the text.
    pub(super) cells: Option<String>,
    /// Where each cell ends.
    pub(super) ends: Vec<usize>,
    /// What is broken about it.
    pub defect: Option<Defect>,
    /// Cells that hold no text that could be judged.
    pub faults: Vec<Fault>,
}

/// A cell whose form, not its text, is wrong: an error value of a spreadsheet, a nested value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Column in the file.
    pub column: usize,
    /// Stable code (rulebook/codes.toml, `reject`).
    pub code: &'static str,
    /// What exactly is wrong.
    pub detail: String,
}

/// Why a row cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// Bytes that are malformed in the file's encoding, at this offset in the file.
    Encoding(u64),
    /// UTF-8 in a file that is not, from this offset in the file on.
    OtherEncoding(u64),
    /// Longer than [`LONGEST_ROW`].
    TooLong,
    /// A quotation mark that is never closed, or text behind the one that closes a cell.
    Quote,
    /// A line that is no JSON object.
    NoObject,
}

impl RawRow {
    /// A row from cells that are already apart.
    pub fn of_cells<C: AsRef<str>>(line: u32, text: String, cells: impl IntoIterator<Item = C>) -> Self {
        let (mut joined, mut ends) = (String::new(), Vec::new());
        for cell in cells {
            joined.push_str(cell.as_ref());
            ends.push(joined.len());
        }
        Self { line, text, cells: Some(joined), ends, ..Self::default() }
    }

    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Has no cell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cell at a column; empty beyond the last.
    #[must_use]
    pub fn cell(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends.get(at - 1).map_or(usize::MAX, |end| end + self.between()) };
        self.ends.get(at).and_then(|end| self.all_cells().get(start..*end)).unwrap_or_default()
    }

    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        let (all, between) = (self.all_cells(), self.between());
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let cell = all.get(start..*end).unwrap_or_default();
            start = *end + between;
            cell
        })
    }

    pub(super) fn all_cells(&self) -> &str {
        self.cells.as_deref().unwrap_or(&self.text)
    }

    /// Bytes between two cells: the delimiter, where they are cut out of the text.
    fn between(&self) -> usize {
        usize::from(self.cells.is_none())
    }
}

/// Reads rows from a decoded stream.
pub struct Table<R> {
    decode: Decode<R>,
    parser: Reader,
    text: String,
    /// Position of `text` in the whole decoded stream.
    base: u64,
    at: usize,
    line: u32,
    ended: bool,
    columns: Option<usize>,
    delimiter: u8,
    /// The file's encoding, where some of its lines are UTF-8.
    mixed: Option<&'static Encoding>,
    fields: Vec<u8>,
    ends: Vec<usize>,
}

impl<R: Read> Table<R> {
    /// Reads rows separated by `delimiter`.
    pub fn new(decode: Decode<R>, delimiter: u8) -> Self {
        let parser = ReaderBuilder::new().delimiter(delimiter).build();
        Self {
            decode,
            parser,
            text: String::new(),
            base: 0,
            at: 0,
            line: 1,
            ended: false,
            columns: None,
            delimiter,
            mixed: None,
            fields: vec![0; LONGEST_ROW + 4],
            ends: vec![0; 64],
        }
    }

    /// How many columns the header has: a row over several lines with another number is taken for an open quote.
    pub fn expect_columns(&mut self, columns: usize) {
        self.columns = Some(columns);
    }

    /// Some lines of the file are UTF-8 although the file is not: each row is looked at. To be said before the first.
    pub fn expect_mixture(&mut self, encoding: &'static Encoding) {
        self.mixed = Some(encoding);
        self.decode.note_lines();
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn next_row(&mut self) -> io::Result<Option<RawRow>> {
        self.compact();
        loop {
            // Empty lines are no rows.
            match self.text.as_bytes().get(self.at).copied() {
                Some(b'\n') => {
                    self.at += 1;
                    self.line += 1;
                }
                Some(b'\r') => self.at += 1,
                Some(_) => break,
                None => {
                    if !self.fill()? {
                        return Ok(None);
                    }
                }
            }
        }
        match self.plain_row() {
            Some(row) => Ok(Some(row)),
            None => self.parse().map(Some),
        }
    }

    /// A row without a quotation mark, whose end is at hand: nearly every row. Its cells are cut at the delimiters.
    fn plain_row(&mut self) -> Option<RawRow> {
        let rest = self.text.get(self.at..)?;
        let end = memchr::memchr2(b'\n', b'\r', rest.as_bytes())?;
        let text = rest.get(..end)?;
        let after = rest.as_bytes().get(end..)?;
        let passed = match after {
            [b'\n', ..] => end + 1,
            [b'\r', b'\n', ..] => end + 2,
            // A carriage return alone, or one whose line feed has not come yet.
            _ => return None,
        };
        if end > LONGEST_ROW || memchr::memchr(b'"', text.as_bytes()).is_some() {
            return None;
        }
        let mut ends = Vec::with_capacity(self.columns.unwrap_or_default().min(MOST_COLUMNS) + 1);
        ends.extend(memchr::memchr_iter(self.delimiter, text.as_bytes()));
        ends.push(end);
        let text = text.to_owned();
        let defect = self.defect(&text, self.at, self.at + passed);
        let row = RawRow { line: self.line, text, cells: None, ends, defect, faults: Vec::new() };
        self.at += passed;
        self.line += 1;
        Some(row)
    }

    /// What is broken about the row between two places of the text at hand.
    fn defect(&mut self, text: &str, start: usize, end: usize) -> Option<Defect> {
        let within = self.decode.damages_within(self.base + start as u64, self.base + end as u64);
        let malformed = within.first().map(|(_, offset, _)| Defect::Encoding(*offset));
        malformed.or_else(|| misread(text, self.mixed, &mut self.decode, self.line))
    }

    fn fill(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let before = self.text.len();
        while self.text.len() == before {
            if !self.decode.fill(&mut self.text)? {
                self.ended = true;
                break;
            }
        }
        Ok(self.text.len() > before)
    }

    fn compact(&mut self) {
        if self.at > 1 << 20 || self.at == self.text.len() {
            self.text.drain(..self.at);
            self.base += self.at as u64;
            self.at = 0;
        }
    }

    fn parse(&mut self) -> io::Result<RawRow> {
        let start = self.at;
        self.parser.reset();
        let (mut read, mut written, mut ended) = (start, 0, 0);
        loop {
            let input = self.text.as_bytes().get(read..).unwrap_or_default();
            if input.is_empty() && !self.ended {
                self.fill()?;
                continue;
            }
            let (result, r, w, e) = self.parser.read_record(
                input,
                self.fields.get_mut(written..).unwrap_or_default(),
                self.ends.get_mut(ended..).unwrap_or_default(),
            );
            (read, written, ended) = (read + r, written + w, ended + e);
            match result {
                ReadRecordResult::InputEmpty if read - start <= LONGEST_ROW => {}
                ReadRecordResult::OutputEndsFull if self.ends.len() < 1 << 20 => {
                    self.ends.resize(self.ends.len() * 4, 0)
                }
                ReadRecordResult::Record | ReadRecordResult::End if read - start <= LONGEST_ROW + 2 => break,
                _ => return self.overlong(start),
            }
        }
        let raw = self.text.get(start..read).unwrap_or_default();
        let text = raw.trim_end_matches(['\r', '\n']);
        let lines = memchr::memchr_iter(b'\n', raw.as_bytes()).count();
        let inner_lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
        let is_broken = !is_well_quoted(text, self.delimiter);
        if inner_lines > 0 && (is_broken || self.columns.is_some_and(|columns| columns != ended)) {
            return Ok(self.first_line_only(start, Defect::Quote));
        }
        let text = text.to_owned();
        let defect = self.defect(&text, start, read).or_else(|| is_broken.then_some(Defect::Quote));
        let cells = Some(text_of(self.fields.get(..written).unwrap_or_default()));
        let ends = self.ends.get(..ended).unwrap_or_default().to_vec();
        let row = RawRow { line: self.line, text, cells, ends, defect, faults: Vec::new() };
        self.at = read;
        self.line += u32::try_from(lines).unwrap_or(u32::MAX);
        Ok(row)
    }

    /// A row that grew too long: an open quote when it runs over several lines, else one giant line.
    fn overlong(&mut self, start: usize) -> io::Result<RawRow> {
        let searched = self.text.get(start..).unwrap_or_default().as_bytes();
        if memchr::memchr(b'\n', searched).is_some_and(|at| at <= LONGEST_ROW) {
            return Ok(self.first_line_only(start, Defect::Quote));
        }
        let text = self.text.get(start..).unwrap_or_default();
        let text = text.get(..text.floor_char_boundary(4096)).unwrap_or_default();
        let row = RawRow { line: self.line, text: text.to_owned(), defect: Some(Defect::TooLong), ..RawRow::default() };
        // Skip to the end of the line without keeping what is passed.
        self.at = start;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            if let Some(end) = memchr::memchr(b'\n', rest) {
                self.at += end + 1;
                self.line += 1;
                return Ok(row);
            }
            self.at = self.text.len();
            self.compact();
            if !self.fill()? {
                return Ok(row);
            }
        }
    }

    fn first_line_only(&mut self, start: usize, defect: Defect) -> RawRow {
        let rest = self.text.get(start..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
        let text = rest.get(..end).unwrap_or_default().trim_end_matches(['\r', '\n']).to_owned();
        let row = RawRow { line: self.line, text, defect: Some(defect), ..RawRow::default() };
        self.at = start + end;
        self.line += 1;
        row
    }

    /// The bytes of a row in the file's own encoding, malformed ones included.
    pub fn original_bytes(&mut self, row: &RawRow, encoding: &'static Encoding) -> Vec<u8> {
        if !matches!(row.defect, Some(Defect::Encoding(_))) {
            return encoding.encode(&row.text).0.into_owned();
        }
        // The row was the last one read: its text ends where the next begins.
        let end = self.base + self.at as u64;
        self.decode.original(&row.text, end.saturating_sub(row.text.len() as u64 + 2), end, encoding)
    }
}

/// Whether a line's text is UTF-8 in a file that is not. Asked of each line, for the places of those before it are forgotten.
pub(super) fn misread<R: Read>(
    text: &str,
    mixed: Option<&'static Encoding>,
    decode: &mut Decode<R>,
    line: u32,
) -> Option<Defect> {
    let encoding = mixed?;
    let start = decode.start_of_line(line).unwrap_or_default();
    // Up to its first character beyond ASCII a text is as long in the file as here.
    let first = text.find(|c: char| !c.is_ascii())?;
    is_misread_utf8(text, encoding).then_some(Defect::OtherEncoding(start + first as u64))
}

/// Cells are cut out of text, so they are text.
fn text_of(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes).into_owned(), str::to_owned)
}

/// Whether every quoted cell is closed, and closed right before a delimiter or line end (RFC 4180).
fn is_well_quoted(text: &str, delimiter: u8) -> bool {
    let mut bytes = text.bytes().peekable();
    loop {
        if bytes.next_if_eq(&b'"').is_some() {
            loop {
                match bytes.next() {
                    None => return false,
                    Some(b'"') if bytes.next_if_eq(&b'"').is_none() => break,
                    Some(_) => {}
                }
            }
            match bytes.next() {
                None => return true,
                Some(byte) if byte == delimiter => continue,
                Some(_) => return false,
            }
        }
        if !bytes.any(|byte| byte == delimiter) {
            return true;
        }
    }
}

/// How many cells a row has.
#[must_use]
pub fn count_cells(row: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    let delimiters = row.bytes().filter(|byte| {
        quoted ^= *byte == b'"';
        *byte == delimiter && !quoted
    });
    delimiters.count() + 1
}

/// Comma or tab, by what the header line has more of.
#[must_use]
pub fn delimiter_of(header_line: &str) -> u8 {
    let count = |c| header_line.bytes().filter(|b| *b == c).count();
    if count(b'\t') > count(b',') { b'\t' } else { b',' }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{GB18030, UTF_8};
    use proptest::prelude::*;

    fn rows(text: &[u8], columns: usize) -> Vec<RawRow> {
        let mut table = Table::new(Decode::new(text, UTF_8), b',');
        table.expect_columns(columns);
        std::iter::from_fn(|| table.next_row().unwrap()).collect()
    }

    fn shape(rows: &[RawRow]) -> Vec<(u32, usize, Option<Defect>)> {
        rows.iter().map(|row| (row.line, row.len(), row.defect)).collect()
    }

    #[test]
    fn quoted_cells_may_hold_commas_quotes_and_line_ends() {
        let rows = rows("a,\"b,\"\"c\"\"\nd\"\r\n\r\n1,2\n".as_bytes(), 2);
        assert_eq!(shape(&rows), [(1, 2, None), (4, 2, None)]);
        assert_eq!(rows[0].cell(1), "b,\"c\"\nd");
        assert_eq!(rows[1].cells().collect::<Vec<_>>(), ["1", "2"]);
    }

    proptest! {
        #[test]
        fn a_row_without_quotes_is_cut_as_the_parser_cuts_it(lines in proptest::collection::vec("[a云, ]{0,12}", 1..8), ending in 0usize..3) {
            let ending = ["\n", "\r\n", "\r"][ending];
            let text: String = lines.iter().flat_map(|line| [line.as_str(), ending]).collect();
            let cut = |text: &str| {
                rows(text.as_bytes(), 2).iter().map(|row| row.cells().map(str::to_owned).collect()).collect::<Vec<Vec<_>>>()
            };
            // A quotation mark in the first cell sends the same row through the parser.
            let quoted: String = lines.iter().filter(|line| !line.is_empty()).flat_map(|line| {
                let (first, rest) = line.split_once(',').map_or((line.as_str(), String::new()), |(f, r)| (f, format!(",{r}")));
                [format!("\"{first}\"{rest}"), ending.to_owned()]
            }).collect();
            prop_assert_eq!(cut(&text), cut(&quoted));
        }
    }

    #[test]
    fn an_open_quote_costs_its_own_line_and_no_other() {
        assert_eq!(shape(&rows(b"1,\"2\n3,4\n5,6\n", 2)), [(1, 0, Some(Defect::Quote)), (2, 2, None), (3, 2, None)]);
        assert_eq!(
            shape(&rows(b"1,\"2\n3,4\n5,\"6\"\n7,8", 2)),
            [(1, 0, Some(Defect::Quote)), (2, 2, None), (3, 2, None), (4, 2, None)]
        );
    }

    #[test]
    fn text_behind_a_closing_quote_costs_its_row_and_a_quote_within_a_plain_cell_none() {
        let found = rows(b"1,\"a\"b\n2,\"a\"b\"\n3,a\"b\n4,\"a\"\"b\"\n", 2);
        assert_eq!(
            shape(&found).iter().map(|(line, _, defect)| (*line, *defect)).collect::<Vec<_>>(),
            [(1, Some(Defect::Quote)), (2, Some(Defect::Quote)), (3, None), (4, None)]
        );
        assert_eq!((found[0].text.as_str(), found[2].cell(1), found[3].cell(1)), ("1,\"a\"b", "a\"b", "a\"b"));
    }

    #[test]
    fn a_giant_cell_is_refused_and_the_next_row_is_kept() {
        let mut text = b"1,".to_vec();
        text.extend(std::iter::repeat_n(b'x', 5 << 20));
        text.extend(b"\n3,4\n");
        let rows = rows(&text, 2);
        assert_eq!(shape(&rows), [(1, 0, Some(Defect::TooLong)), (2, 2, None)]);
        assert!(rows[0].text.len() <= 4096);
    }

    #[test]
    fn a_utf8_row_that_reads_as_gb18030_too_is_named_by_its_offset_in_the_file() {
        let mut bytes = GB18030.encode("名称,数\n云海,1\n\n\u{3000}青禾\u{4dae},2\n").0.into_owned();
        let start = bytes.len();
        bytes.extend("a,云海市海岳机械制造有限公司厂\n".as_bytes());
        bytes.extend(GB18030.encode("青禾,3\n").0.iter());
        let mut table = Table::new(Decode::new(&bytes[..], GB18030), b',');
        table.expect_mixture(GB18030);
        let defects: Vec<_> = std::iter::from_fn(|| table.next_row().unwrap()).map(|row| row.defect).collect();
        assert_eq!(defects, [None, None, None, Some(Defect::OtherEncoding(start as u64 + 2)), None]);
    }

    #[test]
    fn malformed_bytes_are_named_by_offset_and_come_back_as_they_were() {
        let mut bytes = GB18030.encode("云海,1\n").0.into_owned();
        bytes.extend(b"\xff\xfe,2\n");
        bytes.extend(GB18030.encode("青禾,3\n").0.iter());
        let mut table = Table::new(Decode::new(&bytes[..], GB18030), b',');
        let mut defects = Vec::new();
        while let Some(row) = table.next_row().unwrap() {
            if row.defect.is_some() {
                assert_eq!(table.original_bytes(&row, GB18030), b"\xff\xfe,2");
            }
            defects.push(row.defect);
        }
        assert_eq!(defects, [None, Some(Defect::Encoding(7)), None]);
    }
}
