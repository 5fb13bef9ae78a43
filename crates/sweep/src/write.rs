//! Writing a snapshot: organisations in order of codes, each with its records in order of identities.

use crate::layout::{self, Head};
use crate::{Result, SweepError};
use arrow_array::builder::{
    BooleanBuilder, Date32Builder, FixedSizeBinaryBuilder, StringBuilder, StringDictionaryBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use credence_domain::evaluation::Input;
use parquet::arrow::ArrowWriter;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// Records after which a group ends with the organisation under way.
const GROUP: usize = 1_000_000;
/// Rows that are handed to Parquet at once.
const BATCH: usize = 65_536;

/// Writes a snapshot beside its place and puts it there when it is whole.
#[derive(Debug)]
pub struct Writer {
    place: PathBuf,
    folder: TempDir,
    group: usize,
    organisations: Sink<Organisations>,
    records: Sink<Records>,
}

impl Writer {
    /// Begins a snapshot in a folder that is not there yet.
    ///
    /// # Errors
    /// When something stands in its place or nothing can be written beside it.
    pub fn create(place: &Path, head: &Head) -> Result<Self> {
        Self::with_groups(place, head, GROUP)
    }

    /// The same with groups of so many rows.
    ///
    /// # Errors
    /// As [`Writer::create`].
    pub fn with_groups(place: &Path, head: &Head, group: usize) -> Result<Self> {
        if place.exists() {
            let already = std::io::Error::new(std::io::ErrorKind::AlreadyExists, place.display().to_string());
            return Err(already.into());
        }
        let beside = place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut folder = tempfile::Builder::new();
        folder.prefix(".snapshot-");
        #[cfg(unix)]
        folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = folder.tempdir_in(beside)?;
        let organisations = Sink::create(&folder.path().join(layout::ORGANISATIONS), head)?;
        let records = Sink::create(&folder.path().join(layout::RECORDS), head)?;
        Ok(Self { place: place.to_owned(), folder, group: group.max(1), organisations, records })
    }

    /// The next organisation in order of codes.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn organisation(&mut self, uscc: &str, registered: bool) -> Result<()> {
        // Never without a record: both files have the same groups.
        if self.records.in_group >= self.group {
            self.organisations.end_group()?;
            self.records.end_group()?;
        }
        let columns = &mut self.organisations.columns;
        columns.uscc.append_value(uscc);
        columns.registered.append_value(registered);
        self.organisations.count()
    }

    /// The next record of the organisation that was named last, in order of identities.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn record(&mut self, uscc: &str, record: &Input<'_>) -> Result<()> {
        let columns = &mut self.records.columns;
        columns.uscc.append(uscc)?;
        columns.item.append(record.item)?;
        columns.class.append(record.class)?;
        columns.source.append(record.source)?;
        columns.from_on.append_value(record.public_from_on);
        columns.through_on.append_option(record.public_through_on);
        columns.reference.append_value(record.reference)?;
        self.records.count()
    }

    /// Flushes both files to the disk and puts the folder in its place.
    ///
    /// # Errors
    /// When a file cannot be written or something has taken its place meanwhile.
    pub fn finish(self) -> Result<()> {
        self.records.close()?;
        self.organisations.close()?;
        std::fs::rename(self.folder.path(), &self.place)?;
        // It is no longer where it would be swept away.
        let _ = self.folder.keep();
        Ok(())
    }
}

/// Columns that fill up until they are handed on.
trait Columns: Default {
    fn schema() -> Arc<arrow_schema::Schema>;
    fn take(&mut self) -> Vec<ArrayRef>;
}

/// A file that is being written.
struct Sink<C> {
    columns: C,
    waiting: usize,
    in_group: usize,
    writer: ArrowWriter<File>,
}

impl<C> std::fmt::Debug for Sink<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sink").field("in_group", &self.in_group).finish_non_exhaustive()
    }
}

impl<C: Columns> Sink<C> {
    fn create(path: &Path, head: &Head) -> Result<Self> {
        let properties = layout::properties().set_key_value_metadata(Some(vec![head.entry()?])).build();
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let writer = ArrowWriter::try_new(options.open(path)?, C::schema(), Some(properties))?;
        Ok(Self { columns: C::default(), waiting: 0, in_group: 0, writer })
    }

    fn count(&mut self) -> Result<()> {
        self.waiting += 1;
        self.in_group += 1;
        if self.waiting == BATCH { self.hand_on() } else { Ok(()) }
    }

    fn hand_on(&mut self) -> Result<()> {
        if self.waiting > 0 {
            self.waiting = 0;
            self.writer.write(&RecordBatch::try_new(C::schema(), self.columns.take())?)?;
        }
        Ok(())
    }

    fn end_group(&mut self) -> Result<()> {
        self.hand_on()?;
        self.in_group = 0;
        Ok(self.writer.flush()?)
    }

    fn close(mut self) -> Result<()> {
        self.end_group()?;
        // With its foot.
        self.writer.into_inner()?.sync_all().map_err(SweepError::from)
    }
}

#[derive(Default)]
struct Organisations {
    uscc: StringBuilder,
    registered: BooleanBuilder,
}

impl Columns for Organisations {
    fn schema() -> Arc<arrow_schema::Schema> {
        layout::organisations()
    }

    fn take(&mut self) -> Vec<ArrayRef> {
        vec![Arc::new(self.uscc.finish()), Arc::new(self.registered.finish())]
    }
}

struct Records {
    uscc: StringDictionaryBuilder<Int32Type>,
    item: StringDictionaryBuilder<Int32Type>,
    class: StringDictionaryBuilder<Int32Type>,
    source: StringDictionaryBuilder<Int32Type>,
    from_on: Date32Builder,
    through_on: Date32Builder,
    reference: FixedSizeBinaryBuilder,
}

impl Default for Records {
    fn default() -> Self {
        Self {
            uscc: StringDictionaryBuilder::new(),
            item: StringDictionaryBuilder::new(),
            class: StringDictionaryBuilder::new(),
            source: StringDictionaryBuilder::new(),
            from_on: Date32Builder::new(),
            through_on: Date32Builder::new(),
            reference: FixedSizeBinaryBuilder::new(16),
        }
    }
}

impl Columns for Records {
    fn schema() -> Arc<arrow_schema::Schema> {
        layout::records()
    }

    fn take(&mut self) -> Vec<ArrayRef> {
        vec![
            Arc::new(self.uscc.finish()),
            Arc::new(self.item.finish()),
            Arc::new(self.class.finish()),
            Arc::new(self.source.finish()),
            Arc::new(self.from_on.finish()),
            Arc::new(self.through_on.finish()),
            Arc::new(self.reference.finish()),
        ]
    }
}
