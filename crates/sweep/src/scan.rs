//! One group: its organisations beside their records, both in order of codes.

use crate::layout::{Footed, Opened};
use crate::results::Outcomes;
use crate::{Result, SweepError};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int32Type};
use arrow_array::{Array, BooleanArray, DictionaryArray, PrimitiveArray, RecordBatch, StringArray};
use credence_domain::evaluation::{Model, ModelVersion, Summer, choose};
use credence_domain::subject::Uscc;
use jiff::civil::Date;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

/// Rows that are looked at at once.
const BATCH: usize = 65_536;

/// Reads some columns of a group.
pub(crate) fn columns(file: &Footed, group: usize, names: &[&str]) -> Result<ParquetRecordBatchReader> {
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file.file()?, file.meta.clone());
    let mask = ProjectionMask::columns(builder.parquet_schema(), names.iter().copied());
    Ok(builder.with_row_groups(vec![group]).with_projection(mask).with_batch_size(BATCH).build()?)
}

pub(crate) type Codes = DictionaryArray<Int32Type>;

pub(crate) fn texts<'b>(batch: &'b RecordBatch, column: &str) -> Result<&'b StringArray> {
    batch.column_by_name(column).and_then(|found| found.as_string_opt()).ok_or_else(|| lacks(column))
}

pub(crate) fn flags<'b>(batch: &'b RecordBatch, column: &str) -> Result<&'b BooleanArray> {
    batch.column_by_name(column).and_then(|found| found.as_boolean_opt()).ok_or_else(|| lacks(column))
}

pub(crate) fn codes<'b>(batch: &'b RecordBatch, column: &str) -> Result<&'b Codes> {
    batch.column_by_name(column).and_then(|found| found.as_dictionary_opt()).ok_or_else(|| lacks(column))
}

pub(crate) fn days<'b>(batch: &'b RecordBatch, column: &str) -> Result<&'b PrimitiveArray<Date32Type>> {
    batch.column_by_name(column).and_then(|found| found.as_primitive_opt()).ok_or_else(|| lacks(column))
}

pub(crate) fn lacks(column: &str) -> SweepError {
    SweepError::NoSnapshot(format!("column {column} is of another kind"))
}

/// The texts that the codes of a column stand for.
pub(crate) fn names<'b>(codes: &'b Codes, column: &str) -> Result<&'b StringArray> {
    codes.values().as_string_opt().ok_or_else(|| lacks(column))
}

/// Who is evaluated by what on the day.
#[derive(Debug)]
pub(crate) struct Rules<'m> {
    pub(crate) models: Vec<&'m Model>,
    pub(crate) day: Date,
}

impl<'m> Rules<'m> {
    /// The places of the models that are in force, with their versions.
    fn versions(&self) -> Vec<(&'m Model, &'m ModelVersion)> {
        self.models.iter().filter_map(|model| Some((*model, model.version_on(self.day)?))).collect()
    }
}

/// Points of every organisation of a group that is evaluated.
pub(crate) fn group(opened: &Opened, group: usize, rules: &Rules<'_>) -> Result<Outcomes> {
    let mut pages = Vec::new();
    for batch in columns(&opened.organisations, group, &["uscc", "registered"])? {
        pages.push(batch?);
    }
    let mut scan = Scan::new(&pages, rules)?;
    if group < opened.records.groups() {
        for batch in columns(&opened.records, group, &["uscc", "item", "class", "from_on", "through_on"])? {
            scan.take(&batch?)?;
        }
    }
    scan.finish()
}

struct Scan<'p, 'm> {
    rules: &'p Rules<'m>,
    versions: Vec<(&'m Model, Summer<'m>)>,
    scored_by: Vec<&'m ModelVersion>,
    organisations: Vec<(&'p StringArray, &'p BooleanArray)>,
    /// The page and row of the organisation under way, and which version evaluates it.
    page: usize,
    row: usize,
    by: Option<usize>,
    outcomes: Outcomes,
}

impl<'p, 'm> Scan<'p, 'm> {
    fn new(pages: &'p [RecordBatch], rules: &'p Rules<'m>) -> Result<Self> {
        let found = rules.versions();
        let organisations =
            pages.iter().map(|page| Ok((texts(page, "uscc")?, flags(page, "registered")?))).collect::<Result<_>>()?;
        let mut scan = Self {
            rules,
            versions: found.iter().map(|(model, version)| (*model, Summer::new(version, rules.day))).collect(),
            scored_by: found.into_iter().map(|(_, version)| version).collect(),
            organisations,
            page: 0,
            row: 0,
            by: None,
            outcomes: Outcomes::default(),
        };
        scan.begin();
        Ok(scan)
    }

    fn under_way(&self) -> Option<(&'p str, bool)> {
        let (codes, registered) = self.organisations.get(self.page)?;
        (self.row < codes.len()).then(|| (codes.value(self.row), registered.value(self.row)))
    }

    fn begin(&mut self) {
        let chosen = self.under_way().and_then(|(uscc, registered)| {
            let uscc = Uscc::parse(uscc).ok()?;
            choose(self.rules.models.iter().copied(), &uscc, registered, self.rules.day).ok()
        });
        self.by = chosen.and_then(|(model, _)| self.versions.iter().position(|(other, _)| other.id == model.id));
    }

    /// Ends the organisation under way and begins the next.
    fn next(&mut self) {
        if let (Some((uscc, _)), Some(by)) = (self.under_way(), self.by)
            && let Some((model, summer)) = self.versions.get_mut(by)
        {
            self.outcomes.push(uscc, &model.id, summer.finish());
        }
        self.row += 1;
        if self.organisations.get(self.page).is_some_and(|(codes, _)| self.row == codes.len()) {
            (self.page, self.row) = (self.page + 1, 0);
        }
        self.begin();
    }

    /// Comes to the organisation of this code.
    fn come_to(&mut self, code: &str) -> Result<()> {
        while let Some((uscc, _)) = self.under_way() {
            if uscc == code {
                return Ok(());
            }
            if uscc > code {
                break;
            }
            self.next();
        }
        Err(SweepError::NoSnapshot(format!("records of {code} stand where it does not")))
    }

    fn take(&mut self, batch: &RecordBatch) -> Result<()> {
        let (codes, items, classes) = (codes(batch, "uscc")?, codes(batch, "item")?, codes(batch, "class")?);
        let (from, through) = (days(batch, "from_on")?, days(batch, "through_on")?);
        let weights = Weights::new(&self.scored_by, names(items, "item")?, names(classes, "class")?);
        let usccs = names(codes, "uscc")?;
        let keys = codes.keys().values();
        let rows = items.keys().values().iter().zip(classes.keys().values()).zip(from.values());
        let mut rows = rows.enumerate();
        for run in keys.chunk_by(|one, other| one == other) {
            let place = run.first().and_then(|key| usize::try_from(*key).ok()).filter(|key| *key < usccs.len());
            self.come_to(usccs.value(place.ok_or_else(|| lacks("uscc"))?))?;
            let rows = rows.by_ref().take(run.len());
            let Some((by, (_, summer))) = self.by.and_then(|by| Some((by, self.versions.get_mut(by)?))) else {
                rows.for_each(drop);
                continue;
            };
            let weights = weights.of(by);
            for (row, ((item, class), from)) in rows {
                if let Some(weight) = weights.get(*item, *class) {
                    summer.count(weight, *from, through.is_valid(row).then(|| through.value(row)));
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Outcomes> {
        while self.under_way().is_some() {
            self.next();
        }
        Ok(self.outcomes)
    }
}

/// The weight of every pair of an item and a class of a batch, by their numbers there: what a record costs is one look.
struct Weights {
    classes: usize,
    /// One table a version; one more than the position of the weight, 0 where there is none.
    tables: Vec<Vec<u16>>,
}

impl Weights {
    fn new(versions: &[&ModelVersion], items: &StringArray, classes: &StringArray) -> Self {
        let table = |version: &&ModelVersion| {
            let pairs = items.iter().flat_map(|item| classes.iter().map(move |class| (item, class)));
            pairs
                .map(|(item, class)| {
                    let weight = version.weight_of(item.unwrap_or_default(), class.unwrap_or_default());
                    weight.and_then(|weight| u16::try_from(weight + 1).ok()).unwrap_or(0)
                })
                .collect()
        };
        Self { classes: classes.len(), tables: versions.iter().map(table).collect() }
    }

    fn of(&self, version: usize) -> Table<'_> {
        Table { classes: self.classes, weights: self.tables.get(version).map_or(&[], Vec::as_slice) }
    }
}

#[derive(Clone, Copy)]
struct Table<'w> {
    classes: usize,
    weights: &'w [u16],
}

impl Table<'_> {
    #[inline]
    fn get(self, item: i32, class: i32) -> Option<usize> {
        let place = (item as usize).wrapping_mul(self.classes).wrapping_add(class as usize);
        self.weights.get(place).and_then(|weight| usize::from(*weight).checked_sub(1))
    }
}
