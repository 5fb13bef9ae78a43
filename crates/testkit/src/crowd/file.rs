//! The same crowd as two CSV files, for the peers of the benchmark.

use super::{Crowd, units};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes organisations (`uscc,registered`) and records (`uscc,item,class,state,source,from_on,through_on`, days as
/// numbers) in order of arrival.
///
/// # Errors
/// When a file cannot be written.
pub fn write_files(crowd: &Crowd, organisations: &Path, records: &Path) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(organisations)?);
    writeln!(out, "uscc,registered")?;
    let codes: Vec<String> = (0..crowd.organisations).map(|number| crowd.code(number)).collect();
    for (number, code) in (0..).zip(&codes) {
        writeln!(out, "{code},{}", u8::from(crowd.is_registered(number)))?;
    }
    out.flush()?;
    let units = units();
    let mut out = BufWriter::with_capacity(1 << 20, File::create(records)?);
    writeln!(out, "uscc,item,class,state,source,from_on,through_on")?;
    for number in 0..crowd.records {
        let row = crowd.row(number);
        let code = codes.get(row.organisation as usize).map_or("", String::as_str);
        let source = units.get(row.unit).map_or("", String::as_str);
        let through = row.through_on.map(|day| day.to_string()).unwrap_or_default();
        writeln!(out, "{code},{},{},{},{source},{},{through}", row.item, row.class, row.state, row.from_on)?;
    }
    out.flush()
}
