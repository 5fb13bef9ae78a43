//! One organisation out of a snapshot, so that its points can be explained to the record.

use crate::Result;
use crate::layout::Opened;
use crate::scan::{self, codes, days, flags, names, texts};
use arrow_array::Array;
use arrow_array::cast::AsArray;
use credence_domain::evaluation::Input;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;
use std::path::Path;

/// An organisation as a snapshot holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// A registration had arrived.
    pub registered: bool,
    records: Vec<Record>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Record {
    /// Stands for its identity, which a snapshot does not hold: its place among the organisation's records.
    place: [u8; 16],
    reference: [u8; 16],
    item: String,
    class: String,
    source: String,
    from_on: i32,
    through_on: Option<i32>,
}

impl Held {
    /// Its records, as evaluation takes them.
    pub fn inputs(&self) -> impl Iterator<Item = Input<'_>> {
        self.records.iter().map(|record| Input {
            reference: &record.reference,
            identity: &record.place,
            item: &record.item,
            class: &record.class,
            source: &record.source,
            public_from_on: record.from_on,
            public_through_on: record.through_on,
        })
    }
}

/// An organisation of a snapshot, if it is there.
///
/// # Errors
/// When the folder holds no snapshot, or a damaged one.
pub fn held(folder: &Path, uscc: &str) -> Result<Option<Held>> {
    let opened = Opened::open(folder)?;
    let groups = opened.organisations.meta.metadata().row_groups();
    let Some(group) = groups.iter().position(|group| may_hold(group, uscc)) else { return Ok(None) };
    let mut registered = None;
    for batch in scan::columns(&opened.organisations, group, &["uscc", "registered"])? {
        let batch = batch?;
        let (found, flags) = (texts(&batch, "uscc")?, flags(&batch, "registered")?);
        if let Some(row) = found.iter().position(|code| code == Some(uscc)) {
            registered = Some(flags.value(row));
            break;
        }
    }
    let Some(registered) = registered else { return Ok(None) };
    let mut held = Held { registered, records: Vec::new() };
    if group < opened.records.groups() {
        let all = ["uscc", "item", "class", "source", "from_on", "through_on", "reference"];
        for batch in scan::columns(&opened.records, group, &all)? {
            held.take(&batch?, uscc)?;
        }
    }
    Ok(Some(held))
}

/// Whether a code may stand in a group, by the first and the last of it.
fn may_hold(group: &RowGroupMetaData, uscc: &str) -> bool {
    match group.columns().first().and_then(|column| column.statistics()) {
        Some(Statistics::ByteArray(codes)) => {
            codes.min_opt().is_none_or(|first| first.data() <= uscc.as_bytes())
                && codes.max_opt().is_none_or(|last| uscc.as_bytes() <= last.data())
        }
        _ => true,
    }
}

impl Held {
    fn take(&mut self, batch: &arrow_array::RecordBatch, uscc: &str) -> Result<()> {
        let (usccs, items) = (codes(batch, "uscc")?, codes(batch, "item")?);
        let (classes, sources) = (codes(batch, "class")?, codes(batch, "source")?);
        let (from, through) = (days(batch, "from_on")?, days(batch, "through_on")?);
        let references = batch.column_by_name("reference").and_then(|found| found.as_fixed_size_binary_opt());
        let references = references.ok_or_else(|| scan::lacks("reference"))?;
        let Some(wanted) = names(usccs, "uscc")?.iter().position(|code| code == Some(uscc)) else { return Ok(()) };
        let text = |codes: &scan::Codes, column: &str, row: usize| -> Result<String> {
            let key = codes.key(row).ok_or_else(|| scan::lacks(column))?;
            Ok(names(codes, column)?.value(key).to_owned())
        };
        for row in (0..batch.num_rows()).filter(|row| usccs.key(*row) == Some(wanted)) {
            self.records.push(Record {
                place: (self.records.len() as u128).to_be_bytes(),
                reference: references.value(row).try_into().map_err(|_| scan::lacks("reference"))?,
                item: text(items, "item", row)?,
                class: text(classes, "class", row)?,
                source: text(sources, "source", row)?,
                from_on: from.value(row),
                through_on: through.is_valid(row).then(|| through.value(row)),
            });
        }
        Ok(())
    }
}
