//! Rejects of a delimited text: the sender's bytes, encoding and delimiter.
//!
//! A row that could not be parsed is written as it came too, so cells are made harmless in its bytes: in UTF-8 and GB18030
//! neither delimiters nor quotes nor the signs looked for ever stand inside another character.

use super::{LACKING, REJECT_COLUMNS, is_in_pieces, is_returned, reasons};
use crate::collect::encoding::Probe;
use crate::collect::table::count_cells;
use credence_domain::record::text::harmless_cell;
use credence_store::batch::Rejected;
use encoding_rs::Encoding;
use std::io::{self, Write};

/// Writes a rejects file.
pub struct TextRejects<W> {
    out: W,
    encoding: &'static Encoding,
    delimiter: u8,
    columns: usize,
    returned: bool,
}

impl<W: Write> TextRejects<W> {
    /// Begins the file with the sender's header line, as it stood, and our columns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(mut out: W, probe: &Probe, delimiter: u8, header_line: &str, header: &[String]) -> io::Result<Self> {
        if probe.byte_order_mark {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let returned = is_returned(header);
        let mut line = harmless_row(header_line.trim_end().as_bytes(), delimiter, returned);
        for name in REJECT_COLUMNS {
            line.push(delimiter);
            line.extend_from_slice(name.as_bytes());
        }
        line.extend_from_slice(b"\r\n");
        out.write_all(&probe.encoding.encode(&String::from_utf8_lossy(&line)).0)?;
        Ok(Self { out, encoding: probe.encoding, delimiter, columns: header.len(), returned })
    }

    /// Writes one rejected row: its own bytes, then why.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, rejected: &Rejected) -> io::Result<()> {
        let delimiter = char::from(self.delimiter);
        let raw = self.encoding.decode(&rejected.raw).0;
        let (mut tail, cells) = if is_in_pieces(rejected) {
            (quoted(raw.trim_end_matches(['\r', '\n']), delimiter), 1)
        } else {
            self.out.write_all(&harmless_row(&rejected.raw, self.delimiter, self.returned))?;
            (String::new(), count_cells(&raw, self.delimiter).max(1))
        };
        // A short row is filled up, so that our columns stand under their headers.
        for _ in cells..self.columns {
            tail.push(delimiter);
            tail.push_str(LACKING);
        }
        for cell in reasons(rejected) {
            tail.push(delimiter);
            tail.push_str(&quoted(&cell, delimiter));
        }
        tail.push_str("\r\n");
        self.out.write_all(&self.encoding.encode(&tail).0)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

/// A cell of our own, quoted where it must be.
fn quoted(cell: &str, delimiter: char) -> String {
    let cell = harmless_cell(cell);
    if cell.contains([delimiter, '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.into_owned()
    }
}

/// A row's bytes with an apostrophe in front of each cell that a spreadsheet would run. In a file that went out from here
/// before, the apostrophes that it bears already are ours.
fn harmless_row(raw: &[u8], delimiter: u8, returned: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + 8);
    let mut rest = raw;
    loop {
        let quoted = rest.first() == Some(&b'"');
        if quoted {
            out.push(b'"');
            rest = rest.get(1..).unwrap_or_default();
        }
        let end = cell_end(rest, delimiter, quoted);
        let (cell, behind) = rest.split_at(end);
        if is_dangerous(cell, delimiter, returned) {
            out.push(b'\'');
        }
        out.extend_from_slice(cell);
        // The closing quote and whatever stands behind it, up to the delimiter.
        let tail = memchr::memchr(delimiter, behind).map_or(behind.len(), |at| at + 1);
        let (closing, next) = behind.split_at(tail);
        out.extend_from_slice(closing);
        if closing.last() != Some(&delimiter) {
            return out;
        }
        rest = next;
    }
}

/// Where a cell's text ends: at the closing quote, or before the delimiter.
fn cell_end(rest: &[u8], delimiter: u8, quoted: bool) -> usize {
    if !quoted {
        return memchr::memchr(delimiter, rest).unwrap_or(rest.len());
    }
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'"', rest.get(at..).unwrap_or_default()) {
        if rest.get(at + found + 1) != Some(&b'"') {
            return at + found;
        }
        at += found + 2;
    }
    rest.len()
}

fn is_dangerous(cell: &[u8], delimiter: u8, returned: bool) -> bool {
    let apostrophes = cell.iter().take_while(|byte| **byte == b'\'').count();
    let sign = cell.get(apostrophes).copied().filter(|sign| *sign != delimiter);
    let signed = matches!(sign, Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'));
    if !signed || (returned && apostrophes > 0) {
        return false;
    }
    let text = std::str::from_utf8(cell).unwrap_or_default();
    let number = cell.len() > 1 && matches!(cell.first(), Some(b'-' | b'+')) && text.parse::<f64>().is_ok();
    !number
}

#[cfg(test)]
mod tests {
    use super::*;
    use credence_domain::record::text::original_cell;

    fn row(raw: &str, returned: bool) -> String {
        String::from_utf8(harmless_row(raw.as_bytes(), b',', returned)).unwrap()
    }

    #[test]
    fn every_cell_that_would_run_gets_an_apostrophe_and_no_other() {
        assert_eq!(row("=1,甲,\"@x,=y\",-0.5,,\"a\"\"=b\",+x", false), "'=1,甲,\"'@x,=y\",-0.5,,\"a\"\"=b\",'+x");
        assert_eq!(row("\"open,=1", false), "\"open,=1");
        assert_eq!(row("\"=open", false), "\"'=open");
        assert_eq!(row("", false), "");
    }

    #[test]
    fn a_returned_file_keeps_our_apostrophes_and_gains_none_twice() {
        let once = row("=1,'=2,x", false);
        assert_eq!(once, "'=1,''=2,x");
        assert_eq!(row(&once, true), once);
        assert_eq!(row("=new,'=1", true), "'=new,'=1");
        let cells: Vec<&str> = once.split(',').map(original_cell).collect();
        assert_eq!(cells, ["=1", "'=2", "x"]);
    }
}
