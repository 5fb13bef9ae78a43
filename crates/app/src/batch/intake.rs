//! The intake: acknowledges files and imports them one after the other, in the order of arrival.
//!
//! The writer is opened while there is work and let go when there is none, so that a command that writes finds it free
//! beside a running server. A fault of the database keeps the file waiting; a file that fits no item fails with what is
//! wrong with it. What was acknowledged is never lost: it is forgotten only after its batch has ended.

use super::package;
use super::spool::{Arrival, Channel, Spool, Upload};
use crate::collect::file::Incoming as IncomingFile;
use crate::collect::{self, Arrived, Request};
use crate::key;
use crate::query::BatchView;
use crate::service::Service;
use crate::{AppError, Result, Writer};
use credence_domain::access::KeyScope;
use credence_domain::canonical::unhex;
use credence_domain::record::Instruction;
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::StoreError;
use credence_store::batch::{self, Batch, Counts};
use credence_store::clock::Chance;
use serde_json::json;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long after a fault of the database the work is tried again.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Who sends: a department's system with its key, or a clerk with his account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The unit that sends.
    pub source: String,
    /// Number of the key, or name of the account.
    pub by: String,
    /// What the key opens; a person's account is narrowed by its role alone.
    pub scope: KeyScope,
}

impl Sender {
    /// A sender whose right is narrowed to nothing.
    #[must_use]
    pub fn of(source: &str, by: &str) -> Self {
        Self { source: source.to_owned(), by: by.to_owned(), scope: KeyScope::default() }
    }
}

/// What a sender says of its file.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// The item, instead of the one told by the header.
    pub item: Option<String>,
    /// Its name for the file.
    pub file: String,
    /// Who answers for the secrecy review.
    pub secrecy_review: String,
    /// Key of repetition: the same key and file are the same batch.
    pub idempotency: String,
    /// The way by which it came.
    pub channel: Channel,
    /// The number that the batch has already; empty: it is given one.
    pub number: String,
    /// Number among the unit's packages of the item, from 1; 0 without one. It must be the next, and names the item.
    pub sequence: i64,
    /// SHA-256 that the sender says of the file, in hexadecimal; empty where he says none.
    pub digest: String,
    /// What is asked of rows that say nothing of themselves.
    pub instruction: Option<Instruction>,
}

/// Whether a package's number is the next.
#[derive(Debug)]
pub(crate) enum Turn {
    /// It is.
    Next,
    /// It was taken, by a file with this digest.
    Taken(String, Box<BatchView>),
    /// This one is still missing.
    Early(i64),
}

#[derive(Debug, Default)]
struct Waiting {
    queue: VecDeque<Arrival>,
    chance: Chance,
    stopped: bool,
}

/// The writing side of a server.
#[derive(Debug)]
pub struct Intake {
    service: Arc<Service>,
    spool: Spool,
    waiting: Mutex<Waiting>,
    wake: Condvar,
}

impl Intake {
    /// Opens the spool and takes up what an earlier process left there.
    ///
    /// # Errors
    /// `spool_in_use`, or io.
    pub fn open(service: Arc<Service>, folder: &Path) -> Result<Self> {
        let spool = Spool::open(folder)?;
        service.keep_spool(folder);
        let waiting = Waiting { queue: spool.waiting()?.into(), ..Waiting::default() };
        Ok(Self { service, spool, waiting: Mutex::new(waiting), wake: Condvar::new() })
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for a batch that is taken before its file is there.
    pub(crate) fn new_number(&self) -> Result<String> {
        let today = self.service.clock().today();
        Ok(batch::new_number(&mut self.waiting().chance, today)?)
    }

    /// Begins to take a file in.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn receive(&self) -> Result<Upload> {
        let name: [u8; 8] = self.waiting().chance.bytes()?;
        self.spool.receive(&credence_domain::canonical::hex(&name))
    }

    /// Acknowledges a file: its batch, queued, or the one that the same key of repetition made before.
    ///
    /// # Errors
    /// `idempotency_key_reused` with another file, item or number, `empty_file`, `key_scope` for an item that the key may not send, or
    /// a fault; then nothing was acknowledged.
    pub fn acknowledge(&self, sender: &Sender, letter: Letter, upload: Upload) -> Result<BatchView> {
        if upload.bytes() == 0 {
            return Err(AppError::refused("empty_file", "file", "文件为空，请按模板填写表头和数据"));
        }
        if !letter.digest.is_empty() && !letter.digest.eq_ignore_ascii_case(&upload.digest()) {
            return Err(package::digest_differs());
        }
        if let Some(item) = letter.item.as_deref().filter(|item| !sender.scope.sends(item)) {
            return Err(key::out_of_scope(&sender.scope, item));
        }
        letter.item.as_deref().map_or(Ok(()), |item| self.check_listed(item))?;
        let mut waiting = self.waiting();
        if let Some(before) = self.repeated(&waiting, sender, &letter)? {
            let (same, view) = before;
            return if same == upload.digest() && says_the_same(&letter, &view) { Ok(view) } else { Err(reused()) };
        }
        if letter.sequence != 0 {
            match self.at_sequence(&waiting, sender, &letter)? {
                Turn::Next => {}
                Turn::Taken(same, view) if same == upload.digest() => return Ok(*view),
                Turn::Taken(..) => return Err(package::reused(letter.sequence)),
                Turn::Early(next) => return Err(package::gap(letter.sequence, next)),
            }
        }
        let clock = self.service.clock();
        let (received_at, received_on) = (clock.now_micros(), clock.today());
        let arrival = Arrival {
            number: match letter.number.as_str() {
                "" => batch::new_number(&mut waiting.chance, received_on)?,
                given => given.to_owned(),
            },
            source: sender.source.clone(),
            key: sender.by.clone(),
            item: letter.item,
            file: letter.file,
            secrecy_review: letter.secrecy_review,
            idempotency: letter.idempotency,
            digest: upload.digest(),
            bytes: upload.bytes(),
            received_at,
            received_on,
            channel: letter.channel,
            sequence: letter.sequence,
            instruction: letter.instruction,
        };
        self.spool.acknowledge(upload, &arrival)?;
        let view = BatchView::queued(&arrival);
        waiting.queue.push_back(arrival);
        self.wake.notify_all();
        Ok(view)
    }

    /// Refuses an item of which no data list knows, whatever its version of the day says when the file is judged.
    fn check_listed(&self, item: &str) -> Result<()> {
        let knows = |service: &Service| service.rulebook().items.contains_key(item);
        // An edition that was enacted since the server began may list more.
        if knows(&self.service) || self.service.succeeded()?.as_ref().is_some_and(knows) {
            return Ok(());
        }
        let text = format!("数据清单中没有项目{item}（见 /api/v1/data-list）");
        Err(AppError::refused("item_not_in_list", "item", text))
    }

    /// The service whose register it writes.
    pub(crate) fn service(&self) -> &Service {
        &self.service
    }

    /// Whether a package of the unit and item waits here or is being imported.
    pub(crate) fn is_under_way(&self, source: &str, item: &str) -> bool {
        let of = |arrival: &Arrival| {
            arrival.source == source && arrival.item.as_deref() == Some(item) && arrival.sequence > 0
        };
        self.waiting().queue.iter().any(of)
    }

    /// The package of this number and digest that failed as a whole.
    pub(crate) fn failed_at(&self, source: &str, item: &str, sequence: i64, digest: &str) -> Result<Option<BatchView>> {
        let found = self.service.read(|connection| batch::of_sequence(connection, source, item, sequence))?;
        let same = |batch: &Batch| batch.state == "failed" && credence_domain::canonical::hex(&batch.digest) == digest;
        Ok(found.filter(same).map(BatchView::from))
    }

    /// Whether a file has as many rows as its sender says; what cannot be read is told by its import.
    pub(crate) fn check_rows(&self, mut upload: Upload, item: &str, rows: u64) -> Result<Upload> {
        let (rulebook, today) = (self.service.rulebook(), self.service.real_today());
        let file = match IncomingFile::open(upload.written()?, rulebook, today, Some(item)) {
            Ok(file) => file,
            Err(AppError::Refused { .. }) => return Ok(upload),
            Err(error) => return Err(error),
        };
        let (mut found, mut reading) = (0, file.rows()?);
        while found <= rows && reading.next_row()?.is_some() {
            found += 1;
        }
        if found == rows { Ok(upload) } else { Err(package::rows_differ(rows)) }
    }

    /// Whether it is a package's turn: the number must be the next of its unit and item. What waits in the spool counts.
    pub(crate) fn turn_of(&self, source: &str, item: &str, sequence: i64) -> Result<Turn> {
        self.turn(&self.waiting(), source, item, sequence)
    }

    fn at_sequence(&self, waiting: &Waiting, sender: &Sender, letter: &Letter) -> Result<Turn> {
        let item = letter.item.as_deref().unwrap_or_default();
        if item.is_empty() || letter.sequence < 0 {
            let text = "sequence 须为正整数，并同时用 item 指明事项：每个单位、每个事项的数据包各自从1起连续编号";
            return Err(AppError::refused("bad_parameter", "sequence", text));
        }
        self.turn(waiting, &sender.source, item, letter.sequence)
    }

    fn turn(&self, waiting: &Waiting, source: &str, item: &str, sequence: i64) -> Result<Turn> {
        let of = |arrival: &&Arrival| {
            arrival.source == source && arrival.item.as_deref() == Some(item) && arrival.sequence > 0
        };
        if let Some(queued) = waiting.queue.iter().filter(of).find(|arrival| arrival.sequence == sequence) {
            return Ok(Turn::Taken(queued.digest.clone(), Box::new(BatchView::queued(queued))));
        }
        let (found, last) = self.service.read(|connection| {
            let found = batch::of_sequence(connection, source, item, sequence)?;
            Ok((found, batch::last_sequence(connection, source, item)?))
        })?;
        if let Some(batch) = found.filter(|batch| batch.state != "failed") {
            return Ok(Turn::Taken(credence_domain::canonical::hex(&batch.digest), Box::new(batch.into())));
        }
        let last = waiting.queue.iter().filter(of).map(|arrival| arrival.sequence).fold(last, i64::max);
        // Below the last a number is free only where its package failed: mended it may come late.
        Ok(if sequence <= last + 1 { Turn::Next } else { Turn::Early(last + 1) })
    }

    /// The batch that this unit sent under this key of repetition, with the digest of its file.
    fn repeated(&self, waiting: &Waiting, sender: &Sender, letter: &Letter) -> Result<Option<(String, BatchView)>> {
        if letter.idempotency.is_empty() {
            return Ok(None);
        }
        let same = |arrival: &&Arrival| arrival.source == sender.source && arrival.idempotency == letter.idempotency;
        let queued = waiting.queue.iter().find(same);
        let stored = self.service.read(|c| batch::repeated(c, &sender.source, &letter.idempotency))?;
        Ok(match (stored, queued) {
            (Some(batch), _) => Some((credence_domain::canonical::hex(&batch.digest), batch.into())),
            (None, Some(arrival)) => Some((arrival.digest.clone(), BatchView::queued(arrival))),
            (None, None) => None,
        })
    }

    /// A batch that was acknowledged and has not begun.
    #[must_use]
    pub fn queued(&self, number: &str) -> Option<BatchView> {
        self.waiting().queue.iter().find(|arrival| arrival.number == number).map(BatchView::queued)
    }

    /// What a unit has waiting, or every unit.
    #[must_use]
    pub fn queued_by(&self, source: Option<&str>) -> Vec<BatchView> {
        let waiting = self.waiting();
        let of = |arrival: &&Arrival| source.is_none_or(|source| arrival.source == source);
        waiting.queue.iter().filter(of).map(BatchView::queued).collect()
    }

    /// Where the rejected rows of a batch stand; `None` where they were never kept or are gone.
    #[must_use]
    pub fn rejects(&self, number: &str) -> Option<std::path::PathBuf> {
        let path = self.spool.rejects(number);
        path.exists().then_some(path)
    }

    /// Imports whatever waits, and gives how many batches ended. The writer is held meanwhile and let go then.
    ///
    /// # Errors
    /// `database_in_use` or a fault of the database: what waits keeps waiting.
    pub fn work_off(&self) -> Result<usize> {
        let mut ended = 0;
        let mut open: Option<Writer> = None;
        loop {
            let Some(arrival) = self.waiting().queue.front().cloned() else { return Ok(ended) };
            let writer = match &mut open {
                Some(open) => open,
                None => open.insert(self.service.pen().writer()?),
            };
            // Each batch by the edition in force when it begins, whoever enacted it meanwhile.
            let rulebook = crate::rulebook::in_force(writer.connection())?;
            self.take_up(writer, &rulebook, &arrival)?;
            self.spool.forget(&arrival.number)?;
            self.waiting().queue.pop_front();
            ended += 1;
        }
    }

    /// Works until [`Intake::stop`] is called: for a thread of its own.
    pub fn work(&self) {
        loop {
            let failed = self.work_off().inspect_err(|error| {
                tracing::warn!(code = error.code(), %error, "batches wait");
            });
            let waiting = self.waiting();
            if waiting.stopped {
                return;
            }
            if failed.is_err() {
                drop(self.wake.wait_timeout(waiting, TRY_AGAIN_AFTER));
            } else if waiting.queue.is_empty() {
                drop(self.wake.wait(waiting));
            }
        }
    }

    /// Ends [`Intake::work`] after the batch under way.
    pub fn stop(&self) {
        self.waiting().stopped = true;
        self.wake.notify_all();
    }

    fn is_taken(&self, writer: &mut Writer, arrival: &Arrival) -> Result<bool> {
        let item = arrival.item.as_deref().unwrap_or_default();
        let found = batch::of_sequence(writer.connection(), &arrival.source, item, arrival.sequence)?;
        Ok(arrival.sequence > 0 && found.is_some_and(|batch| batch.state != "failed"))
    }

    fn take_up(&self, writer: &mut Writer, rulebook: &Rulebook, arrival: &Arrival) -> Result<()> {
        let standing = batch::find(writer.connection(), &arrival.number)?;
        if standing.as_ref().is_some_and(|batch| batch.state != "running") {
            // A kill came between the end of the batch and its leaving the spool.
            return Ok(());
        }
        let source = Uscc::parse(&arrival.source)
            .map_err(|error| StoreError::Inconsistent(format!("key of unit {}: {error}", arrival.source)))?;
        let request = Request {
            path: self.spool.body(&arrival.number),
            source,
            item: arrival.item.clone(),
            rejects: Some(self.spool.rejects(&arrival.number)),
            dry_run: false,
            secrecy_review: arrival.secrecy_review.clone(),
            channel: arrival.channel.code(),
            instruction: arrival.instruction.clone(),
            window_bytes: crate::collect::WINDOW_BYTES,
        };
        let arrived = Arrived {
            number: arrival.number.clone(),
            received_at: arrival.received_at,
            received_on: arrival.received_on,
            file: arrival.file.clone(),
            key: arrival.key.clone(),
            idempotency: arrival.idempotency.clone(),
            sequence: arrival.sequence,
        };
        if standing.is_none() && self.is_taken(writer, arrival)? {
            // Another server has taken the number meanwhile: this one is none.
            let free = Arrival { sequence: 0, ..arrival.clone() };
            return fail(writer, rulebook, &free, &package::reused(arrival.sequence));
        }
        match collect::import_arrived(writer, rulebook, &request, Some(&arrived), &mut |_| {}) {
            Ok(_) => Ok(()),
            // The database cannot do it now: the file keeps waiting.
            Err(AppError::Store(error)) if !matches!(error, StoreError::Inconsistent(_)) => Err(error.into()),
            Err(error) => fail(writer, rulebook, arrival, &error),
        }
    }
}

/// Whether a letter that is sent again names the item and the number of the batch that was made of it.
fn says_the_same(letter: &Letter, before: &BatchView) -> bool {
    letter.item.as_ref().is_none_or(|item| *item == before.item)
        && before.sequence.unwrap_or_default() == letter.sequence
}

fn reused() -> AppError {
    let text = "该 Idempotency-Key 已用于另一次报送，请为不同的文件、数据项或序号使用不同的值";
    AppError::refused("idempotency_key_reused", "idempotency-key", text)
}

/// Ends a batch that cannot be read as a whole, with what is wrong with it.
fn fail(writer: &mut Writer, rulebook: &Rulebook, arrival: &Arrival, error: &AppError) -> Result<()> {
    let problem = match error {
        AppError::Refused { code, field, detail } => json!({"code": code, "field": field, "detail": detail}),
        other => {
            tracing::error!(batch = arrival.number, error = %other, "batch failed");
            let detail = "文件无法处理，请联系管理员并提供批次号";
            json!({"code": other.code(), "field": "", "detail": detail})
        }
    };
    let id = match batch::find(writer.connection(), &arrival.number)? {
        Some(batch) => batch.id,
        None => batch::begin(writer, unread(rulebook, arrival))?.id,
    };
    Ok(batch::fail(writer, &id, &problem.to_string())?)
}

/// A batch of which nothing could be read.
fn unread(rulebook: &Rulebook, arrival: &Arrival) -> Batch {
    Batch {
        id: [0; 16],
        number: arrival.number.clone(),
        source: arrival.source.clone(),
        item: arrival.item.clone().unwrap_or_default(),
        file: arrival.file.clone(),
        digest: unhex(&arrival.digest).and_then(|digest| digest.try_into().ok()).unwrap_or_default(),
        received_on: arrival.received_on,
        received_at: arrival.received_at,
        finished_at: None,
        channel: arrival.channel.code().to_owned(),
        state: "running".to_owned(),
        secrecy_review: arrival.secrecy_review.clone(),
        mapping: "[]".to_owned(),
        rulebook: rulebook.digest,
        windows: 0,
        counts: Counts::default(),
        micros: 0,
        hold: String::new(),
        key: arrival.key.clone(),
        idempotency: arrival.idempotency.clone(),
        problem: String::new(),
        behalf: String::new(),
        sequence: arrival.sequence,
    }
}
