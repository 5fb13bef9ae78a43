//! Rejects of JSON lines: the sender's object with our members added, the line as a text where it is no object.

use super::{REJECT_COLUMNS, reasons};
use crate::collect::encoding::Probe;
use crate::collect::source::lines::Members;
use credence_store::batch::Rejected;
use encoding_rs::Encoding;
use serde_json::Value;
use std::io::{self, Write};

/// The key of a line that is no object.
const RAW: &str = "原行";

/// Writes a rejects file.
pub struct LineRejects<W> {
    out: W,
    encoding: &'static Encoding,
}

impl<W: Write> LineRejects<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(mut out: W, probe: &Probe) -> io::Result<Self> {
        if probe.byte_order_mark {
            out.write_all("\u{feff}".as_bytes())?;
        }
        Ok(Self { out, encoding: probe.encoding })
    }

    /// Writes one rejected line.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, rejected: &Rejected) -> io::Result<()> {
        let raw = self.encoding.decode(&rejected.raw).0;
        let mut line = String::with_capacity(raw.len() + 256);
        line.push('{');
        match serde_json::from_str::<Members<'_>>(&raw) {
            Ok(members) => {
                for (key, value) in members.0.iter().filter(|(key, _)| !REJECT_COLUMNS.contains(&key.as_str())) {
                    member(&mut line, key, value.get());
                }
            }
            Err(_) => member(&mut line, RAW, &Value::from(&*raw).to_string()),
        }
        for (key, text) in REJECT_COLUMNS.iter().zip(reasons(rejected)) {
            member(&mut line, key, &Value::from(text).to_string());
        }
        line.push_str("}\n");
        self.out.write_all(&self.encoding.encode(&line).0)
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

fn member(line: &mut String, key: &str, value: &str) {
    if line.len() > 1 {
        line.push(',');
    }
    line.push_str(&Value::from(key).to_string());
    line.push(':');
    line.push_str(value);
}
