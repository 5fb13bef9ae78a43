//! The rejects file: the sender's columns, order, encoding and delimiter, with four columns added that are ignored when
//! the mended file is sent again.

use credence_domain::record::text::harmless_cell;
use credence_store::batch::Rejected;
use encoding_rs::Encoding;
use std::io::{self, Write};

/// Headers of the columns that we add.
pub const ADDED: [&str; 4] = ["原行号", "字段", "错误代码", "错误原因"];

/// Writes a rejects file.
pub struct RejectsFile<W> {
    out: W,
    encoding: &'static Encoding,
    delimiter: char,
    columns: usize,
}

impl<W: Write> RejectsFile<W> {
    /// Begins the file with the sender's header line, as it stood, and our columns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(
        mut out: W,
        encoding: &'static Encoding,
        byte_order_mark: bool,
        delimiter: u8,
        header: &str,
        columns: usize,
    ) -> io::Result<Self> {
        if byte_order_mark {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let delimiter = char::from(delimiter);
        let mut line = header.trim_end().to_owned();
        for name in ADDED {
            line.push(delimiter);
            line.push_str(name);
        }
        line.push_str("\r\n");
        out.write_all(&encoding.encode(&line).0)?;
        Ok(Self { out, encoding, delimiter, columns })
    }

    /// Writes one rejected row: its own bytes, then why.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, rejected: &Rejected, cells: usize) -> io::Result<()> {
        self.out.write_all(&rejected.raw)?;
        // A short row is filled up, so that our columns stand under their headers.
        let mut tail = self.delimiter.to_string().repeat(self.columns.saturating_sub(cells.max(1)));
        for cell in [rejected.line.to_string().as_str(), &rejected.field, &rejected.code, &rejected.reason] {
            tail.push(self.delimiter);
            tail.push_str(&quoted(cell, self.delimiter));
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

fn quoted(cell: &str, delimiter: char) -> String {
    let cell = harmless_cell(cell);
    if cell.contains([delimiter, '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.into_owned()
    }
}
