//! A writing connection of an import: it takes whole windows and writes them chunk by chunk, each chunk one act.
//!
//! SQLite has one, PostgreSQL two side by side. Each window keeps its own progress, so that it does not matter which of
//! two ends first; a window's chunks are written in an order of the window's own, so that two connections that begin
//! together seldom meet the same organisations. Where they do, the second waits for the first chunk's commit, or violates
//! the key of a new organisation and writes its chunk again. Rows that replace a record come last and wait for the windows
//! before their own, whose records they may name.

use super::clocks::Clocks;
use super::replace;
use super::take_back::take_back;
use super::trial::Trial;
use super::window::{Window, Windows};
use crate::Result;
use crate::consent::Behalf;
use crate::evaluation::keep;
use crate::listing::{Fall, fell};
use crate::review::rules::Rules;
use credence_domain::canonical::hex;
use credence_domain::catalog::codes::Codes;
use credence_domain::publicity::{Counted, Restart};
use credence_domain::record::Operation;
use credence_domain::record::value::{date_of, day_number};
use credence_domain::rulebook::Rulebook;
use credence_store::act::Draft;
use credence_store::arrival::{self, Corrects, Dates, Incoming, Outcome, Redate, Sending};
use credence_store::batch::{self, Batch, Counts, Progress, Rejected};
use credence_store::body::Unpacker;
use credence_store::change::{CHUNK_ROWS, Change};
use credence_store::clock::Clock;
use credence_store::{StoreError, Writer, erasure};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// The code of a row whose record was erased: it is told, and what it holds is not kept again.
pub(super) const ERASED: &str = "erased";

/// What the lanes of one import share.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    /// The batch.
    pub batch: &'a Batch,
    /// The rulebook that judges it.
    pub rulebook: &'a Rulebook,
    /// Judge and compare, write nothing.
    pub dry_run: bool,
    /// What an earlier run has written.
    pub places: &'a [Progress],
    /// What a window may weigh.
    pub window_bytes: i64,
    /// Sent in the source's name by another.
    pub behalf: Option<&'a (Behalf, Corrects)>,
}

/// One writing connection.
pub struct Lane<'a> {
    work: Work<'a>,
    writer: &'a mut Writer,
    clocks: Clocks<'a>,
    unpacker: Unpacker,
    /// What a dry run knows of the windows before.
    trial: Trial,
}

/// Whether the last window that was written held hardly anything new: the next is then judged without packing it.
#[derive(Debug, Default)]
struct Familiar(AtomicBool);

impl Familiar {
    fn learn(&self, counts: &Counts) {
        let new = counts.accepted + counts.corrected;
        self.0.store(new * 2 < counts.unchanged, Ordering::Relaxed);
    }

    fn is_likely(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Which windows are done. A row that replaces a record waits for those before its own: it may name what they write.
#[derive(Debug, Default)]
struct Order {
    windows: Mutex<Standing>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct Standing {
    /// Every window before this one is done.
    next: i64,
    /// Windows behind it that are done.
    ahead: BTreeSet<i64>,
    /// A lane has failed: nobody waits any longer.
    given_up: bool,
}

impl Order {
    fn done(&self, number: i64) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows.ahead.insert(number);
        while let Some(next) = windows.ahead.first().copied().filter(|first| *first == windows.next) {
            windows.ahead.remove(&next);
            windows.next = next + 1;
        }
        self.moved.notify_all();
    }

    fn give_up(&self) {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).given_up = true;
        self.moved.notify_all();
    }

    /// Waits until every window before this one is done; false when that will never be. Windows are handed out in their
    /// order, so each of those before is done or under way and waits for none behind it.
    fn comes_to(&self, number: i64) -> bool {
        let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |windows: &mut Standing| windows.next < number && !windows.given_up;
        let windows = self.moved.wait_while(windows, waits).unwrap_or_else(PoisonError::into_inner);
        !windows.given_up
    }
}

/// A window that is done.
#[derive(Clone, Debug)]
pub struct Done {
    /// What this run added to the counts.
    pub added: Counts,
    /// Bytes of the file read up to its end.
    pub bytes: u64,
    /// What a dry run would reject; an import keeps it with the batch.
    pub rejected: Vec<Rejected>,
}

type Numbered = (i64, Window);

/// Hands windows to lanes until the file ends or one of them fails; `look` is told of each window that is done.
///
/// # Errors
/// The first failure; what the lanes have committed stays.
pub fn drive(lanes: Vec<Lane<'_>>, windows: &mut Windows<'_>, look: &mut dyn FnMut(Done)) -> Result<()> {
    // A window is handed over when a lane is ready for it: no queue, so that memory is bounded.
    let (send, receive) = sync_channel::<Result<Numbered>>(0);
    let receive = Arc::new(Mutex::new(receive));
    let (tell, told) = channel::<Result<Done>>();
    let (failed, familiar, order) = (AtomicBool::new(false), Familiar::default(), Order::default());
    std::thread::scope(|scope| -> Result<()> {
        let (failed, familiar, order) = (&failed, &familiar, &order);
        let judge = std::thread::Builder::new().name("judge".to_owned());
        judge.spawn_scoped(scope, move || judge_all(windows, familiar, &send))?;
        for mut lane in lanes {
            let (receive, tell) = (Arc::clone(&receive), tell.clone());
            std::thread::Builder::new().name("write".to_owned()).spawn_scoped(scope, move || {
                while let Some(next) = next_window(&receive)
                    && !failed.load(Ordering::Relaxed)
                {
                    let done = next.and_then(|(number, window)| {
                        let done = lane.take(number, &window, order);
                        if done.is_ok() {
                            order.done(number);
                        }
                        done
                    });
                    match &done {
                        Ok(done) => familiar.learn(&done.added),
                        Err(_) => {
                            failed.store(true, Ordering::Relaxed);
                            order.give_up();
                        }
                    }
                    if tell.send(done).is_err() {
                        return;
                    }
                }
            })?;
        }
        // The lanes alone hold these now: when all have ended, the judge and the loop below end too.
        drop((receive, tell));
        let mut outcome = Ok(());
        for done in told {
            match done {
                Ok(done) => look(done),
                Err(error) if outcome.is_ok() => outcome = Err(error),
                Err(_) => {}
            }
        }
        outcome
    })
}

fn next_window(receive: &Mutex<Receiver<Result<Numbered>>>) -> Option<Result<Numbered>> {
    receive.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn judge_all(windows: &mut Windows<'_>, familiar: &Familiar, send: &SyncSender<Result<Numbered>>) {
    for number in 0.. {
        windows.pack_ahead(!familiar.is_likely());
        // Sending fails when every lane has given up: then nobody waits for more.
        let sent = match windows.next_window() {
            Ok(None) => return,
            Ok(Some(window)) => send.send(Ok((number, window))).is_ok(),
            Err(error) => {
                let _ = send.send(Err(error));
                return;
            }
        };
        if !sent {
            return;
        }
    }
}

impl<'a> Lane<'a> {
    /// A lane over a connection.
    ///
    /// # Errors
    /// When the unpacker cannot be set up.
    pub fn new(work: Work<'a>, writer: &'a mut Writer, clocks: Clocks<'a>, trial: Trial) -> Result<Self> {
        Ok(Self { work, writer, clocks, unpacker: Unpacker::new()?, trial })
    }

    fn take(&mut self, number: i64, window: &Window, order: &Order) -> Result<Done> {
        let standing = self.work.places.iter().find(|place| place.window == number);
        let (added, rejected) = match standing {
            _ if self.work.dry_run => self.preview(window)?,
            Some(place) if place.finished => Default::default(),
            place => (self.write(number, window, place.map_or(0, |place| place.chunks), order)?, Vec::new()),
        };
        Ok(Done { added, bytes: window.bytes, rejected })
    }

    fn preview(&mut self, window: &Window) -> Result<(Counts, Vec<Rejected>)> {
        let (clocks, unpacker) = (&self.clocks, &mut self.unpacker);
        let mut redate = |row: &Incoming, counted| redate(clocks, row, counted, unpacker);
        self.trial.preview(self.writer, self.work, window, &mut redate)
    }

    /// Writes a window's chunks behind those that an earlier run has committed; the window's own counts and rejects go
    /// with the chunk that is written last. Gives what this run added.
    fn write(&mut self, number: i64, window: &Window, written: i64, order: &Order) -> Result<Counts> {
        let Work { batch, rulebook, .. } = self.work;
        let draft = draft(self.work, Some(batch.id));
        let sending = sending(self.work);
        // A row that ends a record is an act of its own: it may touch two organisations, or has a reason of its own.
        let (plain, all) = (window.facts.plain(), window.facts.count());
        let mut chunks = window.facts.chunks(CHUNK_ROWS);
        // Two windows that are written side by side begin half a window apart.
        let half = if number % 2 == 0 { 0 } else { chunks.len() / 2 };
        chunks.rotate_left(half);
        let first_ending = chunks.len();
        chunks.extend((plain..all).map(|one| one..one + 1));
        let total = chunks.len().max(1);
        let keyring = self.writer.keyring();
        let mut rules = Rules::load(self.writer.connection(), keyring, rulebook, batch.received_on)?;
        let mut added = Counts::default();
        let (clocks, unpacker) = (&self.clocks, &mut self.unpacker);
        let mut write = |writer: &mut Writer, step: usize| {
            let rows = window.facts.rows(chunks.get(step).cloned().unwrap_or_default())?;
            let chunk = rows.as_slice();
            let finished = step + 1 == total;
            let chunks = i64::try_from(step + 1).unwrap_or(i64::MAX);
            let place = Progress { window: number, chunks, finished, bytes: self.work.window_bytes };
            let watched = Clock::stopwatch();
            let of_row = chunk.first().filter(|row| row.stands_alone()).map(|row| draft_of(&draft, row));
            let (counts, _) = writer.change(of_row.as_ref().unwrap_or(&draft), |change| {
                let mut redate = |row: &Incoming, counted| redate(clocks, row, counted, unpacker);
                let outcomes = match chunk {
                    [row] if row.stands_alone() => vec![end_record(change, &mut rules, sending, row, &mut redate)?],
                    chunk => arrival::arrive(change, sending, chunk, &mut redate)?,
                };
                let mut counts = if finished { window.counts } else { Counts::default() };
                count(&mut counts, chunk, &outcomes);
                let mut rejected: Vec<Rejected> = refused(&rulebook.codes, chunk, &outcomes);
                if rejected.iter().any(|one| one.code == ERASED) {
                    tell_clauses(change, rulebook, chunk, &mut rejected)?;
                }
                if finished {
                    rejected.extend(window.rejected.iter().cloned());
                }
                let micros = i64::try_from(watched.elapsed().as_micros()).unwrap_or(i64::MAX);
                batch::advance(change, &batch.id, place, &counts, micros, &rejected)?;
                Ok(counts)
            })?;
            Ok::<Counts, StoreError>(counts)
        };
        let mut step = usize::try_from(written).unwrap_or(0);
        while step < total {
            let mut together = step..total.min(step + self.writer.acts_a_commit());
            if step < first_ending {
                together.end = together.end.min(first_ending);
            } else if plain < all && !order.comes_to(number) {
                break;
            }
            let mut counts = Counts::default();
            // All of them or none: a resume goes on behind the last that were committed.
            self.writer.together(&mut |writer| {
                counts = Counts::default();
                together.clone().try_for_each(|step| write(writer, step).map(|done| counts.add(&done)))
            })?;
            added.add(&counts);
            step = together.end;
        }
        self.writer.sequence()?;
        Ok(added)
    }
}

/// The act of a chunk.
pub(super) fn draft(Work { batch, behalf, .. }: Work<'_>, id: Option<[u8; 16]>) -> Draft {
    let mut draft = Draft {
        kind: "import",
        actor: batch.source.clone(),
        second: None,
        purpose: "collection",
        basis: "鲁信用办〔2019〕8号 五".to_owned(),
        reason: String::new(),
        rulebook: batch.rulebook,
        as_of: batch.received_on,
        batch: id,
        details: Map::new(),
    };
    if let Some((behalf, _)) = behalf {
        draft.actor.clone_from(&behalf.actor);
        draft.reason.clone_from(&behalf.reason);
        behalf.write_into(&mut draft);
    }
    draft
}

/// The act of a row that ends a record: the withdrawal bears its reason.
pub(super) fn draft_of(draft: &Draft, row: &Incoming) -> Draft {
    let mut own = draft.clone();
    if let Some(asked) = row.instruction.as_ref().filter(|asked| asked.operation == Operation::Withdraw) {
        own.kind = "withdrawal";
        own.basis = "鲁信用办〔2019〕8号 六".to_owned();
        if own.reason.is_empty() {
            own.reason = asked.reason.to_string();
        } else {
            own.details.insert("row_reason".to_owned(), asked.reason.to_string().into());
        }
    }
    own
}

/// What a row does that ends a record: its owner takes it back, or another takes its place.
pub(super) fn end_record(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    sending: Sending<'_>,
    row: &Incoming,
    redate: &mut Redate<'_>,
) -> credence_store::Result<Outcome> {
    match row.operation() {
        Some(Operation::Withdraw) => take_back(change, rules, sending, row),
        _ if !row.replaces.is_empty() => replace::replace(change, rules, sending, row, redate),
        _ => revoke(change, rules, sending, row, redate),
    }
}

/// A row that says of its act that it was revoked: whatever rests on it ends in the same act.
fn revoke(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    sending: Sending<'_>,
    row: &Incoming,
    redate: &mut Redate<'_>,
) -> credence_store::Result<Outcome> {
    let outcomes = arrival::arrive(change, sending, std::slice::from_ref(row), redate)?;
    let outcome = outcomes.first().copied().unwrap_or(Outcome::Unchanged);
    if outcome == Outcome::Corrected {
        let fall =
            Fall { uscc: row.uscc.as_str(), identity: &row.identity, how: "报送单位标明已撤销或者无效" };
        if fell(change, rules, fall)? {
            keep(change, rules.rulebook(), row.uscc.as_str(), rules.today)?;
        }
    }
    Ok(outcome)
}

pub(super) fn sending(Work { batch, behalf, .. }: Work<'_>) -> Sending<'_> {
    Sending {
        source: &batch.source,
        item: &batch.item,
        received_on: day_number(batch.received_on),
        batch: &batch.id,
        corrects: behalf.map(|(_, corrects)| corrects),
    }
}

pub(super) fn count<'r>(counts: &mut Counts, rows: impl IntoIterator<Item = &'r Incoming>, outcomes: &[Outcome]) {
    for (row, outcome) in rows.into_iter().zip(outcomes) {
        let held = i64::from(!row.hold.is_empty());
        match outcome {
            Outcome::Accepted => (counts.accepted, counts.held) = (counts.accepted + 1, counts.held + held),
            Outcome::Corrected => (counts.corrected, counts.held) = (counts.corrected + 1, counts.held + held),
            Outcome::Withdrawn => (counts.corrected, counts.withdrawn) = (counts.corrected + 1, counts.withdrawn + 1),
            Outcome::Unchanged => counts.unchanged += 1,
            Outcome::Refused(_) => counts.rejected += 1,
        }
    }
}

pub(super) fn refused<'r>(
    codes: &Codes,
    rows: impl IntoIterator<Item = &'r Incoming>,
    outcomes: &[Outcome],
) -> Vec<Rejected> {
    let refused = rows.into_iter().zip(outcomes).filter_map(|(row, outcome)| match outcome {
        Outcome::Refused(code) => Some(Rejected {
            line: row.line,
            field: String::new(),
            code: (*code).to_owned(),
            reason: codes.reject_text(code).to_owned(),
            raw: Vec::new(),
        }),
        _ => None,
    });
    refused.collect()
}

/// Says of rows whose records were erased by which clause.
fn tell_clauses(
    change: &mut Change<'_>,
    rulebook: &Rulebook,
    rows: &[Incoming],
    rejected: &mut [Rejected],
) -> credence_store::Result<()> {
    let keyring = change.keyring();
    let found = erasure::met(change.connection, &keyring, &rows.iter().collect::<Vec<_>>())?.unwrap_or_default();
    for (row, clause) in rows.iter().zip(found) {
        let clause = clause.and_then(|code| rulebook.erasure.any_clause(&code));
        let refused = rejected.iter_mut().find(|one| one.line == row.line && one.code == ERASED);
        if let (Some(clause), Some(refused)) = (clause, refused) {
            refused.reason = format!("{}（{}）", refused.reason, clause.basis());
        }
    }
    Ok(())
}

/// The clocks of a row whose record was first public on another day than today, or counts anew: read again from its packed content.
pub(super) fn redate(
    clocks: &Clocks<'_>,
    row: &Incoming,
    (published_on, restart): (i32, Option<Restart>),
    unpacker: &mut Unpacker,
) -> credence_store::Result<Dates> {
    let body = row.body.body(&row.other_content, unpacker)?;
    let content: HashMap<String, Value> = credence_store::digest::fields(&body)?.into_iter().collect();
    let published_on = date_of(published_on).ok_or_else(|| {
        StoreError::Inconsistent(format!("a record of {} was public on no day", hex(row.uscc.as_str().as_bytes())))
    })?;
    let decided_on = clocks.decided_on(|code| content.get(code).and_then(Value::as_str).unwrap_or_default());
    Ok(clocks.decide_by_code(row.authority.as_str(), decided_on, Counted { published_on, restart }, |code| {
        content.get(code).and_then(Value::as_str).unwrap_or_default()
    }))
}
