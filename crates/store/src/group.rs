//! Group commit: acts that come at the same time share one transaction, each in a savepoint, and are acknowledged after
//! its commit. A commit waits for the disk; sixty-four acts wait no longer than one.
//!
//! A group is never half done. After an error it is asked whether the transaction is still open: a full disk rolls back
//! all of it. Then the group has failed as a whole, and each act is done alone on a fresh connection, so that one bad
//! act costs no other its answer.

use crate::change::Writer;
use crate::clock::{Clock, Stopwatch};
use crate::connection::Connection;
use crate::log::Promised;
use crate::open::{Address, Pen};
use crate::{Result, StoreError};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The most acts of one group on SQLite.
const GROUP_MAX: usize = 64;
/// On PostgreSQL: sixty-four that come together are shared by the connections.
const GROUP_MAX_SHARED: usize = GROUP_MAX / CONNECTIONS;
/// Large acts in one commit, on SQLite.
const ACTS_A_COMMIT: usize = 8;
/// How long the first act of a group waits for others.
const GROUP_WITHIN: Duration = Duration::from_millis(2);
/// Connections on PostgreSQL, where only acts on the same organisation wait for each other.
const CONNECTIONS: usize = 4;
/// How often acts are placed while many come, on PostgreSQL: placing them is twenty steps, however few they are.
const PLACED_EVERY: Duration = Duration::from_millis(20);
/// How long a writer is kept without work: so long a command that writes may have to wait beside an idle server.
const LET_GO_AFTER: Duration = Duration::from_secs(1);

/// Work that does acts through a writer's [`Writer::change`].
pub type Work<'w> = dyn FnMut(&mut Writer) -> Result<()> + 'w;

impl Writer {
    /// Does several pieces of work in one transaction; gives each its own result, in their order. What failed has written
    /// nothing: on SQLite each act is a savepoint; on PostgreSQL, where a savepoint is two steps to the server and back, an
    /// act that fails loses the group. Work may be done twice: alone, when the group was lost.
    ///
    /// # Errors
    /// When no transaction can be begun or no fresh connection made; then nothing was written.
    pub fn group(&mut self, works: &mut [&mut Work<'_>]) -> Result<Vec<Result<()>>> {
        let each = self.begin_group()?;
        self.group = each;
        let mut results = Vec::with_capacity(works.len());
        for work in works.iter_mut() {
            let done = work(self);
            // After any error PostgreSQL would roll back where it is told to commit.
            if done.is_err() && each == Group::Whole {
                self.group = Group::Lost;
            }
            results.push(done);
            if self.group == Group::Lost {
                break;
            }
        }
        let whole = self.group == each;
        self.group = Group::None;
        if whole && self.connection.batch("commit").is_ok() {
            return Ok(results);
        }
        let back = self.connection.batch("rollback");
        if each == Group::Whole && back.is_ok() {
            self.read_last_chunk()?;
        } else {
            self.reconnect()?;
        }
        Ok(works.iter_mut().map(|work| work(self)).collect())
    }

    /// Begins the transaction of a group; says what becomes of the others when one act fails. Groups lock organisations in the
    /// order of their acts, so two may wait for each other: neither waits long, and then its acts are done alone.
    fn begin_group(&mut self) -> Result<Group> {
        match &mut self.connection {
            Connection::Sqlite(_) => self.connection.begin().map(|()| Group::Open),
            Connection::Postgres(pg) => {
                pg.client().batch_execute("begin; set local lock_timeout = 200")?;
                Ok(Group::Whole)
            }
        }
    }

    /// Does several acts that follow one another in one transaction, where [`Writer::acts_a_commit`] says that it pays: all of
    /// them or none, even if `work` passes over a failure; elsewhere each on its own. No savepoints here: SQLite would keep a copy of every page that a large act touches.
    ///
    /// # Errors
    /// The failure of an act, or of the commit; then none of them was done.
    pub fn together(&mut self, work: &mut Work<'_>) -> Result<()> {
        if self.acts_a_commit() == 1 {
            return work(self);
        }
        self.connection.begin()?;
        self.group = Group::Whole;
        let done = work(self).and_then(|()| match self.group {
            Group::Whole => self.connection.batch("commit"),
            _ => Err(StoreError::Inconsistent("an act failed, and those it belongs to went on".to_owned())),
        });
        self.group = Group::None;
        if done.is_err() {
            // A failure may have ended the transaction by itself.
            let _ = self.connection.batch("rollback");
            self.reconnect()?;
        }
        done
    }

    /// Does acts and takes all of them back: what they would have come to. Nothing of them is left.
    ///
    /// # Errors
    /// What `work` or the database says.
    pub fn try_out<T>(&mut self, work: impl FnOnce(&mut Writer) -> Result<T>) -> Result<T> {
        self.connection.begin()?;
        self.group = Group::Open;
        let done = work(self);
        self.group = Group::None;
        let back = self.connection.batch("rollback");
        if done.is_err() {
            // A failure may have ended the transaction by itself.
            self.reconnect()?;
        } else {
            back?;
        }
        done
    }

    /// How many large acts that follow one another share a commit. On SQLite each commit writes every page it has touched to
    /// the log, and the chunks of a window touch the same pages of the list indexes. On PostgreSQL longer transactions would
    /// only make two connections wait for each other.
    #[must_use]
    pub fn acts_a_commit(&self) -> usize {
        if matches!(self.connection, Connection::Sqlite(_)) { ACTS_A_COMMIT } else { 1 }
    }
}

/// Whether a writer is inside a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Group {
    /// Each act is a transaction.
    #[default]
    None,
    /// Each act is a savepoint.
    Open,
    /// Acts stand or fall as one.
    Whole,
    /// The transaction of the group is gone.
    Lost,
}

/// A piece of work on its way through the queue.
trait Job: Send {
    fn work(&mut self, writer: &mut Writer) -> Result<()>;
    fn answer(self: Box<Self>, done: Result<()>);
}

struct Waiting<T, F> {
    work: F,
    done: Option<Done<T>>,
    answer: SyncSender<Result<Done<T>>>,
}

/// What a piece of work came to, and the acts that it did.
type Done<T> = (T, Vec<Promised>);

impl<T: Send, F: FnMut(&mut Writer) -> Result<T> + Send> Job for Waiting<T, F> {
    fn work(&mut self, writer: &mut Writer) -> Result<()> {
        writer.done.clear();
        let done = (self.work)(writer)?;
        self.done = Some((done, std::mem::take(&mut writer.done)));
        Ok(())
    }

    fn answer(self: Box<Self>, done: Result<()>) {
        let lost = || StoreError::Inconsistent("an act was done without a result".to_owned());
        let Self { done: found, answer, .. } = *self;
        // Nobody waits any more: the act stands all the same.
        let _ = answer.send(done.and_then(|()| found.ok_or_else(lost)));
    }
}

/// The queue of acts of one process.
#[derive(Debug)]
pub struct Acts {
    queue: Option<Sender<Box<dyn Job>>>,
    workers: Vec<JoinHandle<()>>,
}

impl Acts {
    /// Opens the queue: one connection on SQLite, four on PostgreSQL, each made when there is work and let go when there has
    /// been none for a while.
    ///
    /// # Errors
    /// When no thread can be made.
    pub fn open(pen: &Arc<Pen>) -> Result<Self> {
        let connections = match pen.address() {
            Address::Sqlite(_) => 1,
            Address::Postgres(_) => CONNECTIONS,
        };
        let (queue, waiting) = channel();
        let (waiting, placed) = (Arc::new(Mutex::new(waiting)), Arc::new(Placed::new()));
        let mut workers = Vec::with_capacity(connections);
        for _ in 0..connections {
            let (pen, waiting, placed) = (Arc::clone(pen), Arc::clone(&waiting), Arc::clone(&placed));
            let worker = std::thread::Builder::new().name("acts".to_owned());
            workers.push(worker.spawn(move || {
                let mut writer = None;
                while work_off(&pen, &mut writer, &waiting, &placed) {}
            })?);
        }
        Ok(Self { queue: Some(queue), workers })
    }

    /// Does one piece of work and answers after its commit, with the acts that it did.
    ///
    /// # Errors
    /// What `work` or the database says; then it has written nothing.
    pub fn act<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Writer) -> Result<T> + Send + 'static,
    ) -> Result<(T, Vec<Promised>)> {
        let (answer, answered) = sync_channel(1);
        let gone = || StoreError::Io(std::io::Error::other("the queue of acts has ended"));
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        queue.send(Box::new(Waiting { work, done: None, answer })).map_err(|_| gone())?;
        answered.recv().map_err(|_| gone())?
    }
}

impl Drop for Acts {
    fn drop(&mut self) {
        self.queue = None;
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

/// What came out of the queue.
enum Next {
    Group(Vec<Box<dyn Job>>),
    /// Nothing for a while.
    Still,
    Ended,
}

/// When acts were placed last, by whichever connection.
struct Placed {
    watch: Stopwatch,
    /// Microseconds on it.
    last: AtomicU64,
}

impl Placed {
    fn new() -> Self {
        Self { watch: Clock::stopwatch(), last: AtomicU64::new(0) }
    }

    /// Whether it is time again; then it is now.
    fn is_due(&self) -> bool {
        let now = u64::try_from(self.watch.elapsed().as_micros()).unwrap_or(u64::MAX);
        let last = self.last.load(Ordering::Relaxed);
        let due = Duration::from_micros(now.saturating_sub(last)) >= PLACED_EVERY;
        due && self.last.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// Does one group; false when the queue has ended.
fn work_off(pen: &Pen, held: &mut Option<Writer>, waiting: &Mutex<Receiver<Box<dyn Job>>>, placed: &Placed) -> bool {
    let most = match pen.address() {
        Address::Sqlite(_) => GROUP_MAX,
        Address::Postgres(_) => GROUP_MAX_SHARED,
    };
    let mut jobs = match next_group(waiting, held.is_some(), most) {
        Next::Group(jobs) => jobs,
        Next::Still => {
            *held = None;
            return true;
        }
        Next::Ended => return false,
    };
    let writer = match held {
        Some(writer) => writer,
        None => match pen.writer() {
            Ok(writer) => held.insert(writer),
            Err(error) => {
                answer_all(jobs, error);
                return true;
            }
        },
    };
    let mut works: Vec<Box<Work<'_>>> = Vec::with_capacity(jobs.len());
    for job in &mut jobs {
        works.push(Box::new(|writer: &mut Writer| job.work(writer)));
    }
    let mut borrowed: Vec<&mut Work<'_>> = works.iter_mut().map(|work| &mut **work).collect();
    let is_many = matches!(pen.address(), Address::Postgres(_)) && borrowed.len() >= most / 2;
    let done = writer.group(&mut borrowed);
    drop(borrowed);
    drop(works);
    match done {
        Ok(results) => jobs.into_iter().zip(results).for_each(|(job, result)| job.answer(result)),
        Err(error) => answer_all(jobs, error),
    }
    // Where many come, the next group follows at once and places these too; whoever comes alone is placed before this ends.
    let placed = match (is_many, is_many && placed.is_due()) {
        (false, _) => writer.sequence(),
        (true, true) => writer.sequence_if_free(),
        (true, false) => Ok(0),
    };
    if let Err(error) = placed {
        tracing::warn!(%error, "acts wait for their place in the log");
    }
    true
}

/// Nothing of a group was done: each is told, the first with the failure itself.
fn answer_all(jobs: Vec<Box<dyn Job>>, error: StoreError) {
    let text = error.to_string();
    let mut first = Some(error);
    for job in jobs {
        let error = first.take().unwrap_or_else(|| StoreError::Conflict(text.clone()));
        job.answer(Err(error));
    }
}

fn next_group(waiting: &Mutex<Receiver<Box<dyn Job>>>, holds_a_writer: bool, most: usize) -> Next {
    let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    let first = if holds_a_writer {
        match waiting.recv_timeout(LET_GO_AFTER) {
            Ok(job) => job,
            Err(RecvTimeoutError::Timeout) => return Next::Still,
            Err(RecvTimeoutError::Disconnected) => return Next::Ended,
        }
    } else {
        match waiting.recv() {
            Ok(job) => job,
            Err(_) => return Next::Ended,
        }
    };
    let mut jobs = vec![first];
    let watch = Clock::stopwatch();
    while jobs.len() < most {
        match waiting.recv_timeout(GROUP_WITHIN.saturating_sub(watch.elapsed())) {
            Ok(job) => jobs.push(job),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    Next::Group(jobs)
}
