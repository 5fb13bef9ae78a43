//! What a sweep finds: a Parquet file of points, grades and the day on which each changes by itself.

use crate::{Result, SweepError, scan};
use arrow_array::builder::{Date32Builder, Int64Builder, StringBuilder, StringDictionaryBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use credence_domain::evaluation::Summed;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// The result of an organisation, as a file of results tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome<'r> {
    /// Its code.
    pub uscc: &'r str,
    /// The model.
    pub model: &'r str,
    /// `A` … `D`.
    pub grade: &'r str,
    /// Points.
    pub points: i64,
    /// The first later day on which the same records give another answer, as a day number.
    pub next_change_on: Option<i32>,
}

pub(crate) fn schema() -> Arc<Schema> {
    let code = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    Arc::new(Schema::new(vec![
        Field::new("uscc", DataType::Utf8, false),
        Field::new("model", code(), false),
        Field::new("grade", code(), false),
        Field::new("points", DataType::Int64, false),
        Field::new("next_change_on", DataType::Date32, true),
    ]))
}

/// The results of a group as they come.
#[derive(Default)]
pub(crate) struct Outcomes {
    uscc: StringBuilder,
    model: StringDictionaryBuilder<Int32Type>,
    grade: StringDictionaryBuilder<Int32Type>,
    points: Int64Builder,
    next_change_on: Date32Builder,
    pub(crate) grades: BTreeMap<&'static str, u64>,
}

impl Outcomes {
    pub(crate) fn push(&mut self, uscc: &str, model: &str, summed: Summed) {
        let grade = summed.grade.letter();
        self.uscc.append_value(uscc);
        self.model.append_value(model);
        self.grade.append_value(grade);
        self.points.append_value(summed.points);
        self.next_change_on.append_option(summed.next_change_on);
        *self.grades.entry(grade).or_default() += 1;
    }

    pub(crate) fn batch(&mut self) -> Result<RecordBatch> {
        Ok(RecordBatch::try_new(
            schema(),
            vec![
                Arc::new(self.uscc.finish()),
                Arc::new(self.model.finish()),
                Arc::new(self.grade.finish()),
                Arc::new(self.points.finish()),
                Arc::new(self.next_change_on.finish()),
            ],
        )?)
    }
}

/// Hands on the results of a file in order of codes.
///
/// # Errors
/// When it cannot be read, is no file of results, or `look` says so.
pub fn each_outcome(file: &Path, mut look: impl FnMut(Outcome<'_>)) -> Result<()> {
    for batch in ParquetRecordBatchReaderBuilder::try_new(File::open(file)?)?.build()? {
        let batch = batch?;
        let (uscc, next) = (scan::texts(&batch, "uscc")?, scan::days(&batch, "next_change_on")?);
        let (model, grade) = (scan::codes(&batch, "model")?, scan::codes(&batch, "grade")?);
        let points = batch.column_by_name("points").and_then(|found| found.as_primitive_opt::<Int64Type>());
        let points = points.ok_or_else(|| scan::lacks("points"))?;
        let text = |codes: &scan::Codes, row| -> Result<String> {
            let key = codes.key(row).ok_or_else(|| SweepError::NoSnapshot("a result without a grade".to_owned()))?;
            Ok(scan::names(codes, "model")?.value(key).to_owned())
        };
        for row in 0..batch.num_rows() {
            look(Outcome {
                uscc: uscc.value(row),
                model: &text(model, row)?,
                grade: &text(grade, row)?,
                points: points.value(row),
                next_change_on: next.is_valid(row).then(|| next.value(row)),
            });
        }
    }
    Ok(())
}
