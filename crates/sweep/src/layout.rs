//! The two files: their names, their columns and what stands in front of both.

use crate::{Result, SweepError};
use arrow_schema::{DataType, Field, Schema};
use jiff::civil::Date;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file of organisations: `uscc`, `registered`.
pub(crate) const ORGANISATIONS: &str = "organisations.parquet";
/// The file of records: `uscc`, `item`, `class`, `source`, `from_on`, `through_on`, `reference`.
pub(crate) const RECORDS: &str = "records.parquet";
/// The key under which [`Head`] stands in each file.
const HEAD: &str = "credence.snapshot";
/// Changes with the columns.
const FORMAT: u32 = 1;

/// What a snapshot is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The day: everything in it is public then.
    pub as_of: Date,
    /// When it was made, in RFC 3339.
    pub made_at: String,
    /// Leaves of the public log up to there.
    pub log_size: u64,
    /// Version of the layout.
    #[serde(default)]
    pub(crate) format: u32,
}

impl Head {
    /// The head of a snapshot that is being made.
    #[must_use]
    pub fn new(as_of: Date, made_at: String, log_size: u64) -> Self {
        Self { as_of, made_at, log_size, format: FORMAT }
    }

    pub(crate) fn entry(&self) -> Result<KeyValue> {
        let text = serde_json::to_string(self).map_err(|error| SweepError::NoSnapshot(error.to_string()))?;
        Ok(KeyValue::new(HEAD.to_owned(), text))
    }
}

fn code(name: &str, null: bool) -> Field {
    Field::new(name, DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)), null)
}

pub(crate) fn organisations() -> Arc<Schema> {
    Arc::new(Schema::new(vec![
        Field::new("uscc", DataType::Utf8, false),
        Field::new("registered", DataType::Boolean, false),
    ]))
}

pub(crate) fn records() -> Arc<Schema> {
    Arc::new(Schema::new(vec![
        code("uscc", false),
        code("item", false),
        code("class", false),
        code("source", false),
        Field::new("from_on", DataType::Date32, false),
        Field::new("through_on", DataType::Date32, true),
        Field::new("reference", DataType::FixedSizeBinary(16), false),
    ]))
}

/// How files are written: groups end where their writer says, texts that repeat stand once a group.
pub(crate) fn properties() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(None)
        .set_dictionary_page_size_limit(64 << 20)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_column_dictionary_enabled("reference".into(), false)
}

/// A file of a snapshot with what its foot says. Each reader opens one of its own: a shared place in a file is no place.
#[derive(Clone, Debug)]
pub(crate) struct Footed {
    path: PathBuf,
    pub(crate) meta: ArrowReaderMetadata,
}

impl Footed {
    pub(crate) fn open(path: PathBuf) -> Result<Self> {
        let meta = ArrowReaderMetadata::load(&File::open(&path)?, ArrowReaderOptions::new())?;
        Ok(Self { path, meta })
    }

    pub(crate) fn file(&self) -> Result<File> {
        Ok(File::open(&self.path)?)
    }

    pub(crate) fn groups(&self) -> usize {
        self.meta.metadata().num_row_groups()
    }

    fn head(&self) -> Result<Head> {
        let entries = self.meta.metadata().file_metadata().key_value_metadata();
        let text = entries.into_iter().flatten().find(|entry| entry.key == HEAD).and_then(|entry| entry.value.as_ref());
        let head: Option<Head> = text.and_then(|text| serde_json::from_str(text).ok());
        head.filter(|head| head.format == FORMAT)
            .ok_or_else(|| SweepError::NoSnapshot(format!("{} is no file of a snapshot", self.path.display())))
    }
}

/// Both files of a snapshot, and their common head.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) head: Head,
    pub(crate) organisations: Footed,
    pub(crate) records: Footed,
}

impl Opened {
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let organisations = Footed::open(folder.join(ORGANISATIONS))?;
        let records = Footed::open(folder.join(RECORDS))?;
        let head = organisations.head()?;
        // Only the last group may hold organisations without a single record.
        let fits = records.groups() <= organisations.groups() && organisations.groups() <= records.groups() + 1;
        let columns = [(&organisations, self::organisations()), (&records, self::records())];
        let same = columns.iter().all(|(file, schema)| file.meta.schema().fields() == schema.fields());
        if !fits || !same || records.head()? != head {
            let folder = folder.display();
            return Err(SweepError::NoSnapshot(format!("the files in {folder} are not of one snapshot")));
        }
        Ok(Self { head, organisations, records })
    }
}

/// What a snapshot is of.
///
/// # Errors
/// When the folder holds none, or a damaged one.
pub fn head(folder: &Path) -> Result<Head> {
    Ok(Opened::open(folder)?.head)
}
