//! The import of one file: one thread decodes, judges and packs; one or two write, chunk by chunk, each chunk one act
//! (see `lane`).
//!
//! Killed at any moment it leaves whole chunks; started again with the same source, item and file it goes on. Serves
//! 鲁信用办〔2019〕8号 arts. 五 and 六.

use super::asking::Asking;
use super::clocks::Clocks;
use super::file::{Incoming as IncomingFile, Layout};
use super::hold;
use super::judging::{Desk, Reading};
use super::lane::{self, ERASED, Lane, Work};
use super::rejects::RejectsFile;
use super::report::{Progress, Report};
use super::sealing::Sealing;
use super::told::Told;
use super::trial::Trial;
#[cfg(doc)]
use super::window::WINDOW_BYTES;
use super::window::Windows;
use crate::consent::{self, Acting, Behalf};
use crate::key;
use crate::{AppError, Result};
use credence_domain::catalog::Role;
use credence_domain::directory::LATEST;
use credence_domain::record::{Instruction, Judge, Sender};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::arrival::Corrects;
use credence_store::batch::{self, Batch, Counts};
use credence_store::clock::Clock;
use credence_store::secret;
use credence_store::unit::{self, Unit};
use credence_store::{StoreError, Writer};
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// What is to be imported.
#[derive(Clone, Debug)]
pub struct Request {
    /// The file.
    pub path: PathBuf,
    /// Who sends it.
    pub source: Uscc,
    /// The item, where the header shall not choose it.
    pub item: Option<String>,
    /// Where to write the rejected rows.
    pub rejects: Option<PathBuf>,
    /// Judge and compare, write nothing.
    pub dry_run: bool,
    /// Who answers for the secrecy review of this batch; empty = the unit's standing declaration, else the batch waits.
    pub secrecy_review: String,
    /// `cli`, `demo`, or the way of an exchange: `http`, `file`, `database`.
    pub channel: &'static str,
    /// What is asked of rows that say nothing of themselves.
    pub instruction: Option<Instruction>,
    /// What a window may weigh ([`WINDOW_BYTES`]): as much lies in temporary files for each of two windows. A resume needs the
    /// same.
    pub window_bytes: usize,
}

/// What is known of a file that arrived by an exchange before it is looked into.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The batch's number, given when it was acknowledged.
    pub number: String,
    /// Instant of receipt.
    pub received_at: i64,
    /// Day of receipt.
    pub received_on: Date,
    /// The sender's name for the file.
    pub file: String,
    /// Number of the key.
    pub key: String,
    /// Key of repetition; empty without one.
    pub idempotency: String,
    /// Number among the unit's packages of the item; 0 without one.
    pub sequence: i64,
}

/// Imports one file.
///
/// # Errors
/// A refusal of the file as a whole, or a fault; chunks already committed stay, and the next run goes on behind them.
pub fn import(
    writer: &mut Writer,
    rulebook: &Rulebook,
    request: &Request,
    watch: &mut dyn FnMut(Progress),
) -> Result<Report> {
    import_arrived(writer, rulebook, request, None, watch)
}

/// Imports a file by which another unit corrects records of the request's source, in its name: see [`crate::consent`].
///
/// # Errors
/// `consent_needed`, `four_eyes`, `bad_parameter` without a reason; or as [`import`].
pub fn import_on_behalf(
    writer: &mut Writer,
    rulebook: &Rulebook,
    request: &Request,
    acting: Acting<'_>,
    (actor, reason): (&str, &str),
    watch: &mut dyn FnMut(Progress),
) -> Result<Report> {
    let today = writer.clock().today();
    let file = IncomingFile::open(&request.path, rulebook, today, request.item.as_deref())?;
    let what = (request.source.as_str(), file.mapping.item.as_str());
    let behalf = consent::on_file(writer.connection(), what, acting, (actor, reason), today)?;
    run(writer, rulebook, request, (None, Some(&behalf)), watch)
}

/// The same for a file that arrived by an exchange under a number of its own: only the batch of this number is resumed.
///
/// # Errors
/// As [`import`].
pub fn import_arrived(
    writer: &mut Writer,
    rulebook: &Rulebook,
    request: &Request,
    arrived: Option<&Arrived>,
    watch: &mut dyn FnMut(Progress),
) -> Result<Report> {
    run(writer, rulebook, request, (arrived, None), watch)
}

fn run(
    writer: &mut Writer,
    rulebook: &Rulebook,
    request: &Request,
    (arrived, behalf): (Option<&Arrived>, Option<&(Behalf, Corrects)>),
    watch: &mut dyn FnMut(Progress),
) -> Result<Report> {
    let today = arrived.map_or_else(|| writer.clock().today(), |arrived| arrived.received_on);
    let mut file = IncomingFile::open(&request.path, rulebook, today, request.item.as_deref())?;
    if let Some(arrived) = arrived {
        key::may_send(writer.connection(), &arrived.key, &file.mapping.item)?;
    }
    let source = request.source.as_str();
    let standing = match arrived {
        Some(arrived) => batch::find(writer.connection(), &arrived.number)?,
        None => batch::unfinished(writer.connection(), source, &file.mapping.item, &file.probe.digest)?
            .filter(|batch| batch.behalf.is_empty() == behalf.is_none()),
    };
    // The edition by which a batch began judges the rest of it too, whatever was enacted since.
    let begun_under = match &standing {
        Some(batch) if batch.rulebook != rulebook.digest => {
            let body = credence_store::rulebook::by_digest(writer.connection(), &batch.rulebook)?;
            body.map(|body| crate::rulebook::kept(&body)).transpose()?
        }
        _ => None,
    };
    let is_another = begun_under.is_some();
    let rulebook = begun_under.as_ref().unwrap_or(rulebook);
    if let Some(batch) = &standing
        && (batch.received_on != today || is_another)
    {
        // The rules of the day of receipt judge the rest of the file too.
        file = IncomingFile::open(&request.path, rulebook, batch.received_on, request.item.as_deref())?;
    }
    let sender = enter_source(writer, rulebook, request, &file)?;
    let resumed = standing.is_some();
    let batch = match standing {
        Some(batch) => batch,
        None => new_batch(writer, rulebook, request, &file, &sender, (arrived, behalf))?,
    };
    Run { writer, rulebook, request, file, batch, resumed, behalf }.run(sender, watch)
}

/// The sending unit, entered into the directory when it is not there yet: its name is the one the file gives it.
fn enter_source(writer: &mut Writer, rulebook: &Rulebook, request: &Request, file: &IncomingFile) -> Result<Unit> {
    let source = request.source.as_str();
    let today = writer.clock().today();
    if let Some(unit) = unit::find(writer.connection(), source, today)? {
        return Ok(unit);
    }
    let name = name_in_file(rulebook, file, source, today)?.unwrap_or_default();
    let unit = Unit { uscc: source.to_owned(), name, ..Unit::default() };
    if !request.dry_run {
        unit::set(writer, &unit, source, &rulebook.digest)?;
    }
    Ok(unit)
}

fn name_in_file(rulebook: &Rulebook, file: &IncomingFile, source: &str, today: Date) -> Result<Option<String>> {
    let Some(version) = rulebook.items.get(&file.mapping.item).and_then(|item| item.version_on(today)) else {
        return Ok(None);
    };
    let column = |role| {
        let (field, _) = version.field_of(role)?;
        file.mapping.columns.iter().position(|mapped| *mapped == Some(field))
    };
    let pairs = [(Role::SourceUscc, Role::SourceName), (Role::AuthorityUscc, Role::AuthorityName)];
    let Some(row) = file.rows()?.next_row()? else { return Ok(None) };
    for (code, name) in pairs {
        if let (Some(code), Some(name)) = (column(code), column(name))
            && row.cell(code).trim() == source
        {
            return Ok(Some(row.cell(name).trim().to_owned()));
        }
    }
    Ok(None)
}

fn new_batch(
    writer: &mut Writer,
    rulebook: &Rulebook,
    request: &Request,
    file: &IncomingFile,
    sender: &Unit,
    (arrived, behalf): (Option<&Arrived>, Option<&(Behalf, Corrects)>),
) -> Result<Batch> {
    let today = arrived.map_or_else(|| writer.clock().today(), |arrived| arrived.received_on);
    let declared = (!sender.secrecy_officer.is_empty()).then(|| format!("standing: {}", sender.secrecy_officer));
    let review = if crate::account::is_blank(&request.secrecy_review) {
        declared.unwrap_or_default()
    } else {
        request.secrecy_review.clone()
    };
    let hold = match arrived {
        _ if review.is_empty() => "no_secrecy_review",
        Some(_) => hold::of_arrival(&batch::sent_over_http(writer.connection(), &sender.uscc, today)?, file)?,
        None => "",
    };
    let columns = file.columns(rulebook, today);
    let batch = Batch {
        id: [0; 16],
        number: arrived.map_or_else(String::new, |arrived| arrived.number.clone()),
        source: sender.uscc.clone(),
        item: file.mapping.item.clone(),
        file: arrived.map_or_else(
            || request.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            |arrived| arrived.file.clone(),
        ),
        digest: file.probe.digest,
        received_on: today,
        received_at: arrived.map_or(0, |arrived| arrived.received_at),
        finished_at: None,
        channel: request.channel.to_owned(),
        state: "running".to_owned(),
        secrecy_review: review,
        mapping: serde_json::to_string(&columns).unwrap_or_default(),
        rulebook: rulebook.digest,
        windows: 0,
        counts: Counts::default(),
        micros: 0,
        hold: hold.to_owned(),
        key: arrived.map_or_else(String::new, |arrived| arrived.key.clone()),
        idempotency: arrived.map_or_else(String::new, |arrived| arrived.idempotency.clone()),
        problem: String::new(),
        behalf: behalf.map_or_else(String::new, |(behalf, _)| serde_json::to_string(behalf).unwrap_or_default()),
        sequence: arrived.map_or(0, |arrived| arrived.sequence),
    };
    if request.dry_run { Ok(batch) } else { Ok(batch::begin(writer, batch)?) }
}

/// A sender as rows are judged by: its names, and who has entrusted it.
pub(crate) fn judge_sender(units: &[Unit], sender: &Unit, source: Uscc) -> Sender {
    let entrusted_by = units.iter().filter(|unit| unit.entrusts.contains(&sender.uscc));
    let mut names = sender.names.clone();
    names.push(sender.name.clone());
    Sender {
        uscc: source,
        names: names.into_iter().filter(|name| !name.is_empty()).collect(),
        entrusted_by: entrusted_by.filter_map(|unit| Uscc::parse(&unit.uscc).ok()).collect(),
    }
}

struct Run<'a> {
    writer: &'a mut Writer,
    rulebook: &'a Rulebook,
    request: &'a Request,
    file: IncomingFile,
    batch: Batch,
    resumed: bool,
    behalf: Option<&'a (Behalf, Corrects)>,
}

impl Run<'_> {
    fn run(mut self, sender: Unit, watch: &mut dyn FnMut(Progress)) -> Result<Report> {
        let watched = Clock::stopwatch();
        let received_on = self.batch.received_on;
        let units = unit::list(self.writer.connection(), received_on)?;
        let directory = Arc::new(unit::directory(self.writer.connection())?);
        // As it was known when the batch came: a resume, and whoever verifies, look at the same directory.
        let known_at = if self.request.dry_run { LATEST } else { self.batch.received_at };
        let item = self.rulebook.items.get(&self.file.mapping.item).ok_or(AppError::NotFound)?;
        let version = item.version_on(received_on).ok_or_else(|| {
            AppError::refused("item_not_in_list", "item", format!("{received_on}的数据清单中没有{}", item.name))
        })?;
        let judge_sender = judge_sender(&units, &sender, self.request.source);
        let columns = self.file.mapping.columns.clone();
        let judge = Judge::new(self.rulebook, item, version, &columns, judge_sender, received_on);
        let mut trial = if self.request.dry_run { Trial::of(&self.file, &judge)? } else { Trial::default() };
        let hold = hold::of_batch(&self.batch.hold);
        let clocks = || Clocks::new(self.rulebook, version, Arc::clone(&directory), received_on).known_at(known_at);
        let asking = Asking::of_file(&self.file, self.request.instruction.as_ref())?;
        let header = self.file.header.clone();
        let reading = Reading::new(judge, self.file.probe.encoding, header, received_on, (hold, asking))
            .of_text(matches!(self.file.layout, Layout::Text { .. }));
        let keyring = self.writer.keyring();
        let index = secret::index_mark(self.writer.connection())?;
        let sealing = || match self.request.dry_run {
            true => Sealing::Without,
            false => Sealing::Keys {
                keyring: keyring.clone(),
                index: index.clone(),
                chance: Box::default(),
                today: received_on,
            },
        };
        let desks = [Desk::new(clocks(), sealing())?, Desk::new(clocks(), sealing())?];
        let window_bytes = i64::try_from(self.request.window_bytes).unwrap_or(i64::MAX);
        let mut windows = Windows::new(self.file.rows()?, reading, desks, &self.rulebook.codes);
        windows.weigh_at_most(self.request.window_bytes);
        let total = self.file.volume();
        let mut counts = self.batch.counts;
        let places = batch::progress(self.writer.connection(), &self.batch.id, window_bytes)?;
        let work = Work {
            batch: &self.batch,
            rulebook: self.rulebook,
            dry_run: self.request.dry_run,
            places: &places,
            window_bytes,
            behalf: self.behalf,
        };
        let mut beside = if self.request.dry_run { None } else { self.writer.companion()? };
        // A dry run has one lane, which knows what came in the windows before.
        let lanes = std::iter::once(&mut *self.writer)
            .chain(beside.as_mut())
            .map(|writer| Lane::new(work, writer, clocks(), std::mem::take(&mut trial)));
        let lanes = lanes.collect::<Result<Vec<_>>>()?;
        let mut told = Told::default();
        lane::drive(lanes, &mut windows, &mut |done| {
            counts.add(&done.added);
            told.take(done.rejected);
            watch(Progress { bytes: done.bytes.min(total), total, rows: counts.read, elapsed: watched.elapsed() });
        })?;
        drop(beside);
        let rejected_rows = told.answered();
        match &self.request.rejects {
            _ if !self.request.dry_run => self.finish()?,
            Some(path) => told.write(path, &self.file)?,
            None => {}
        }
        let spent = watched.elapsed() + Duration::from_micros(self.batch.micros.unsigned_abs());
        let (sheet, other_sheets) = self.file.sheets();
        Ok(Report {
            batch: self.batch.number.clone(),
            item: self.batch.item.clone(),
            counts,
            seconds: (spent.as_secs_f64() * 1000.0).round() / 1000.0,
            file: self.batch.file.clone(),
            encoding: self.file.probe.encoding.name().to_owned(),
            format: self.file.format().to_owned(),
            sheet,
            other_sheets,
            columns: self.file.columns(self.rulebook, received_on),
            missing: self.file.mapping.missing_required.clone(),
            resumed: self.resumed,
            dry_run: self.request.dry_run,
            rejected_rows,
        })
    }

    /// Fills in the rows that were refused after judging as they stand in the file, writes the rejects file, ends the
    /// batch.
    fn finish(&mut self) -> Result<()> {
        let mut lines = Vec::new();
        batch::each_rejected(self.writer.connection(), &self.batch.id, |rejected| {
            if rejected.raw.is_empty() && rejected.code != ERASED {
                lines.push(rejected.line);
            }
            Ok(())
        })?;
        if !lines.is_empty() {
            let mut found: Vec<(u32, Vec<u8>)> = Vec::with_capacity(lines.len());
            let mut rows = self.file.rows()?;
            let mut wanted = lines.iter().peekable();
            while let (Some(row), Some(line)) = (rows.next_row()?, wanted.peek()) {
                if row.line == **line {
                    found.push((row.line, rows.original_bytes(&row, self.file.probe.encoding)));
                    wanted.next();
                }
            }
            batch::fill_rejected(self.writer, &self.batch.id, &found)?;
        }
        if let Some(path) = &self.request.rejects {
            self.write_rejects(path)?;
        }
        let state = if self.batch.hold.is_empty() { "done" } else { "held" };
        batch::finish(self.writer, &self.batch.id, state)?;
        self.writer.sequence()?;
        self.writer.checkpoint(true)?;
        Ok(())
    }

    fn write_rejects(&mut self, path: &Path) -> Result<()> {
        let mut rejects = RejectsFile::begin(path, &self.file)?;
        batch::each_rejected(self.writer.connection(), &self.batch.id, |rejected| {
            // What was erased by law does not lie about in a file again.
            if rejected.code == ERASED { Ok(()) } else { rejects.row(&rejected).map_err(StoreError::Io) }
        })?;
        rejects.finish()?;
        Ok(())
    }
}
