//! Records arriving in a chunk: looked up, compared, inserted or corrected, each numbered and sealed.
//!
//! The rule of a meeting is `domain::record::meeting`; here it meets the tables. A chunk is sorted by (code, identity)
//! and holds no identity twice.

use crate::bulk::version::{self, NewSource, NewVersion};
use crate::bulk::{self, Found, Head, HeadRow, RecordRow};
use crate::change::{Change, commitment};
use crate::connection::Connection;
use crate::counter::{self, Publicity};
pub use crate::dates::{Dates, Redate};
pub use crate::incoming::{Incoming, Outcome};
use crate::naming::{Naming, Subject};
use crate::secret::{self, Keyring};
pub use crate::sending::{Corrects, NO_BATCH, Sending};
use crate::source;
use crate::{Result, StoreError, erasure, kept_back, listing, repair, withheld};
use credence_domain::record::content::other_half;
use credence_domain::record::meeting::{Meeting, Standing, asked, meet};
use credence_domain::record::value::date_of;
use credence_domain::record::{Identity, Operation, State};
use credence_domain::subject::Uscc;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashSet;

/// The digest of the other half of a new record from `source`, waiting when there is a `hold`.
#[must_use]
pub fn new_digest(other_content: &str, hold: &str, source: &str) -> [u8; 32] {
    other_digest(other_content, hold, source, state_of(hold).code())
}

fn digest_as_new(sending: Sending<'_>, row: &Incoming) -> [u8; 32] {
    row.other_digest.unwrap_or_else(|| new_digest(&row.other_content, row.hold, sending.source))
}

/// The state of a new version: it waits when there is a reason to.
fn state_of(hold: &str) -> State {
    if hold.is_empty() { State::Accepted } else { State::Held }
}

/// The digest of the other half in its frame.
pub(crate) fn other_digest(other_content: &str, hold: &str, source: &str, state: &str) -> [u8; 32] {
    Sha256::digest(other_half(other_content, hold, source, state).as_bytes()).into()
}

/// Takes a chunk in. `redate` gives a row's clocks again when it was first public on another day than today or counts anew.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn arrive(
    change: &mut Change<'_>,
    sending: Sending<'_>,
    rows: &[Incoming],
    redate: &mut Redate<'_>,
) -> Result<Vec<Outcome>> {
    let keyring = change.keyring();
    let barred = barred(change.connection, &keyring, sending, &rows.iter().collect::<Vec<_>>())?;
    let Some(barred) = barred else { return arrive_standing(change, sending, rows, redate) };
    let others = rows.iter().zip(&barred).filter(|(_, barred)| barred.is_none());
    let others: Vec<Incoming> = others.map(|(row, _)| row.clone()).collect();
    let outcomes = arrive_standing(change, sending, &others, redate)?;
    Ok(with_barred(&barred, outcomes))
}

/// For each row why it may not come at all, whatever it says: its record was erased, or it publishes the entry of a case, which
/// moves it by its steps and nothing else does, or what a repair left behind. Nothing where that is true of none, which is nearly always.
///
/// # Errors
/// Whatever the database says.
pub fn barred(
    connection: &mut Connection,
    keyring: &Keyring,
    sending: Sending<'_>,
    rows: &[&Incoming],
) -> Result<Option<Vec<Option<&'static str>>>> {
    if sending.is_of_a_repair() {
        return Ok(Some(vec![Some("repair_case"); rows.len()]));
    }
    let erased = erasure::met(connection, keyring, rows)?;
    let entries = if sending.may_meet_an_entry() { listing::met(connection, rows)? } else { None };
    if erased.is_none() && entries.is_none() {
        return Ok(None);
    }
    let is_erased = |at: usize| erased.as_ref().and_then(|met| met.get(at)).is_some_and(Option::is_some);
    let is_entry = |at: usize| entries.as_ref().and_then(|met| met.get(at)).is_some_and(|entry| *entry);
    let why = |at: usize| is_erased(at).then_some("erased").or(is_entry(at).then_some("listing_case"));
    Ok(Some((0..rows.len()).map(why).collect()))
}

/// The outcomes of all rows, from those of the ones that are not barred.
fn with_barred(barred: &[Option<&'static str>], others: Vec<Outcome>) -> Vec<Outcome> {
    let mut others = others.into_iter();
    let outcome = |barred: &Option<&'static str>| match barred {
        Some(code) => Outcome::Refused(code),
        None => others.next().unwrap_or(Outcome::Unchanged),
    };
    barred.iter().map(outcome).collect()
}

fn arrive_standing(
    change: &mut Change<'_>,
    sending: Sending<'_>,
    rows: &[Incoming],
    redate: &mut Redate<'_>,
) -> Result<Vec<Outcome>> {
    let withholding = withheld::applied(change.connection, &rows.iter().collect::<Vec<_>>())?;
    let rows = withholding.as_deref().unwrap_or(rows);
    let mut usccs: Vec<Uscc> = rows.iter().map(|row| row.uscc).collect();
    usccs.dedup();
    let heads = bulk::heads(change.connection, &usccs)?;
    let mut found = records_of_known(change.connection, rows, &usccs, &heads)?;
    repair::count_anew(change.connection, rows, &mut found)?;

    let meetings = rows.iter().zip(&found).map(|(row, found)| {
        let Some(found) = found else { return Ok(None) };
        let (state, meeting) = decide(sending, row, found)?;
        Ok(Some((found, state, meeting)))
    });
    let meetings = meetings.collect::<Result<Vec<_>>>()?;
    let known_sources = known_sources(change.connection, sending, rows, &meetings)?;
    let naming = Naming::look(change.connection, rows, &usccs, &heads)?;

    let mut written = Written { naming, known_sources, ..Written::default() };
    let mut outcomes = Vec::with_capacity(rows.len());
    let mut rest = rows.iter().zip(meetings).peekable();
    for (uscc, head) in usccs.iter().zip(&heads) {
        let mut subject = Subject::new(head);
        while let Some((row, meeting)) = rest.next_if(|(row, _)| row.uscc == *uscc) {
            let outcome = meet_row(change, sending, row, meeting, &mut subject, &mut written, redate)?;
            if matches!(outcome, Outcome::Accepted | Outcome::Corrected) {
                subject.name(&mut written.naming, row);
            }
            outcomes.push(outcome);
        }
        if subject.seq > head.seq {
            counter::entered(change, head.known.then_some(head.registered), subject.registered);
            written.heads.push((*uscc, subject));
        }
    }
    written.flush(change, sending)?;
    Ok(outcomes)
}

/// The stored records of rows, in their order. An organisation that nobody has named has none: it is not asked for.
fn records_of_known(
    connection: &mut Connection,
    rows: &[Incoming],
    usccs: &[Uscc],
    heads: &[Head],
) -> Result<Vec<Option<Found>>> {
    let mut known = usccs.iter().zip(heads).filter(|(_, head)| head.known).map(|(uscc, _)| uscc).peekable();
    let (mut keys, mut places) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for (place, row) in rows.iter().enumerate() {
        while known.next_if(|uscc| **uscc < row.uscc).is_some() {}
        if known.peek() == Some(&&row.uscc) {
            keys.push((row.uscc, row.identity));
            places.push(place);
        }
    }
    let mut found = vec![None; rows.len()];
    for (place, record) in places.into_iter().zip(bulk::records(connection, &keys)?) {
        if let Some(to) = found.get_mut(place) {
            *to = record;
        }
    }
    Ok(found)
}

/// Records that have the sender as a further source already.
fn known_sources(
    connection: &mut Connection,
    sending: Sending<'_>,
    rows: &[Incoming],
    meetings: &[Option<(&Found, State, Meeting)>],
) -> Result<HashSet<(Uscc, Identity)>> {
    let adding = rows.iter().zip(meetings).filter(|(_, met)| matches!(met, Some((.., Meeting::AddSource))));
    let keys: Vec<(Uscc, Identity)> = adding.map(|(row, _)| (row.uscc, row.identity)).collect();
    let known = version::have_source(connection, &keys, sending.source)?;
    Ok(keys.into_iter().zip(known).filter(|(_, known)| *known).map(|(key, _)| key).collect())
}

/// What would become of a chunk, writing nothing: for a dry run.
///
/// # Errors
/// Whatever the database says.
pub fn preview(
    connection: &mut Connection,
    keyring: &Keyring,
    sending: Sending<'_>,
    rows: &[&Incoming],
) -> Result<Vec<Outcome>> {
    let Some(barred) = barred(connection, keyring, sending, rows)? else {
        return preview_standing(connection, sending, rows);
    };
    let others = rows.iter().zip(&barred).filter(|(_, barred)| barred.is_none());
    let others: Vec<&Incoming> = others.map(|(row, _)| *row).collect();
    let outcomes = preview_standing(connection, sending, &others)?;
    Ok(with_barred(&barred, outcomes))
}

fn preview_standing(connection: &mut Connection, sending: Sending<'_>, rows: &[&Incoming]) -> Result<Vec<Outcome>> {
    let withholding = withheld::applied(connection, rows)?;
    let withheld_rows = withholding.as_ref().map(|rows| rows.iter().collect::<Vec<_>>());
    let rows = withheld_rows.as_deref().unwrap_or(rows);
    let keys: Vec<(Uscc, Identity)> = rows.iter().map(|row| (row.uscc, row.identity)).collect();
    let found = bulk::records(connection, &keys)?;
    rows.iter()
        .zip(&found)
        .map(|(row, found)| {
            let Some(found) = found else {
                return Ok(no_record(sending, row).map_or(Outcome::Accepted, Outcome::Refused));
            };
            Ok(match decide(sending, row, found)?.1 {
                Meeting::Unchanged | Meeting::AddSource | Meeting::TakeOver => Outcome::Unchanged,
                Meeting::Correct => Outcome::Corrected,
                Meeting::Refuse(code) => Outcome::Refused(code),
            })
        })
        .collect()
}

fn decide(sending: Sending<'_>, row: &Incoming, found: &Found) -> Result<(State, Meeting)> {
    let state = State::from_code(&found.state)
        .ok_or_else(|| StoreError::Inconsistent(format!("record of {} in state {:?}", row.uscc, found.state)))?;
    let standing = Standing {
        owner: &found.source,
        authority: &found.authority,
        state,
        hold: &found.hold,
        public_through_on: found.through_on.and_then(date_of),
    };
    let today = date_of(sending.received_on).unwrap_or_default();
    let meeting = meet(standing, sending.source, is_equal(sending, row, found), today);
    Ok((state, sending.allow(row, asked(row.operation(), state, meeting))))
}

/// Why a row that meets no record makes none.
fn no_record(sending: Sending<'_>, row: &Incoming) -> Option<&'static str> {
    match (sending.corrects, row.operation()) {
        (Some(_), _) => Some("nothing_to_correct"),
        (None, Some(Operation::Update)) => Some("record_unknown"),
        (None, _) => None,
    }
}

/// What a chunk leaves to be written in bulk.
#[derive(Default)]
struct Written<'a> {
    records: Vec<RecordRow<'a>>,
    versions: Vec<NewVersion<'a>>,
    sources: Vec<NewSource>,
    contents: Vec<(i64, &'a str, Cow<'a, [u8]>)>,
    secrets: Vec<secret::Kept<'a>>,
    heads: Vec<(Uscc, Subject<'a>)>,
    naming: Naming<'a>,
    known_sources: HashSet<(Uscc, Identity)>,
}

impl<'a> Written<'a> {
    fn supersede(&mut self, change: &mut Change<'_>, row: &'a Incoming, new: NewVersion<'a>) -> Result<()> {
        self.put_content(change, new.sealed.at, row)?;
        self.versions.push(new);
        Ok(())
    }

    fn put_content(&mut self, change: &mut Change<'_>, at: i64, row: &'a Incoming) -> Result<()> {
        self.contents.push((at, row.uscc.as_str(), row.body.packed(&row.other_content, change.packer)?));
        if let Some(secrets) = &row.secrets {
            self.secrets.push(secret::Kept { uscc: row.uscc, identity: row.identity, at, secrets });
        }
        Ok(())
    }

    fn flush(&self, change: &mut Change<'_>, sending: Sending<'_>) -> Result<()> {
        let heads: Vec<HeadRow<'_>> = self
            .heads
            .iter()
            .map(|(uscc, subject)| HeadRow {
                uscc: uscc.as_str(),
                name: &subject.name,
                folded: &subject.folded,
                known: subject.known,
                seq: subject.seq,
                conflicts: subject.conflicts,
                registration: subject.registration,
            })
            .collect();
        bulk::put_heads(change.connection, &heads, change.now)?;
        self.naming.flush(change.connection, sending, change.now)?;
        version::supersede(change.connection, &self.versions, change.now)?;
        let superseded: Vec<_> = self.versions.iter().map(|version| (version.uscc, version.identity)).collect();
        secret::forget(change.connection, &superseded)?;
        secret::keep(change.connection, &self.secrets)?;
        version::insert_sources(change.connection, &self.sources, sending.source)?;
        bulk::insert_records(change.connection, &self.records)?;
        bulk::insert_contents(change.connection, &self.contents)
    }
}

fn meet_row<'a>(
    change: &mut Change<'_>,
    sending: Sending<'a>,
    row: &'a Incoming,
    meeting: Option<(&Found, State, Meeting)>,
    subject: &mut Subject<'a>,
    written: &mut Written<'a>,
    redate: &mut Redate<'_>,
) -> Result<Outcome> {
    let Some((found, state, meeting)) = meeting else {
        if let Some(code) = no_record(sending, row) {
            return Ok(Outcome::Refused(code));
        }
        let record = new_record(change, sending, row, subject)?;
        written.put_content(change, record.at, row)?;
        written.records.push(record);
        return Ok(Outcome::Accepted);
    };
    match meeting {
        Meeting::Unchanged => Ok(Outcome::Unchanged),
        Meeting::AddSource => {
            add_source(change, sending, row, subject, written)?;
            Ok(Outcome::Unchanged)
        }
        Meeting::TakeOver => {
            // What waited for its first sender's batch waits for its owner's now, and the words of a record from which a reviewer
            // took a number bear it again: then the row decides. Else nothing changes but the owner.
            let stands = state == State::Accepted && is_exactly_equal(sending, row, found);
            let kept = match stands {
                true => Some((state, found.hold.clone())),
                false => kept_back::beside(change.connection, row, found, state)?,
            };
            let new = supersede(change, sending, row, found, subject, kept, redate)?;
            // What waited named nobody: where it waits no longer it does.
            if found.state == State::Held.code() && new.state != State::Held.code() {
                subject.name(&mut written.naming, row);
            }
            written.supersede(change, row, new)?;
            Ok(Outcome::Unchanged)
        }
        Meeting::Correct => {
            let kept = kept_back::beside(change.connection, row, found, state)?;
            let new = supersede(change, sending, row, found, subject, kept, redate)?;
            written.supersede(change, row, new)?;
            Ok(Outcome::Corrected)
        }
        Meeting::Refuse(code) => Ok(Outcome::Refused(code)),
    }
}

/// Same content? The stored commitment is computed again with the row's content in the stored frame.
fn is_equal(sending: Sending<'_>, row: &Incoming, found: &Found) -> bool {
    let redacted = row.redacted.as_deref();
    is_exactly_equal(sending, row, found)
        || redacted.is_some_and(|(public, other)| {
            commits(found, &Sha256::digest(public.as_bytes()).into(), &in_frame(found, other))
        })
}

/// The same, and not only what a reviewer has left of it.
fn is_exactly_equal(sending: Sending<'_>, row: &Incoming, found: &Found) -> bool {
    let as_new = found.hold == row.hold && found.source == sending.source && found.state == state_of(row.hold).code();
    let other = if as_new { digest_as_new(sending, row) } else { in_frame(found, &row.other_content) };
    commits(found, &row.public_digest, &other)
}

/// The digest of an other half in the frame of the stored one.
fn in_frame(found: &Found, content: &str) -> [u8; 32] {
    other_digest(content, &found.hold, &found.source, &found.state)
}

/// Whether the stored commitment is that of these halves.
fn commits(found: &Found, public: &[u8; 32], other: &[u8; 32]) -> bool {
    let (Some(salt), Some(salt2)) = (&found.salt, &found.salt2) else { return false };
    commitment(salt, salt2, found.seq, public, other) == found.commitment
}

fn new_record<'a>(
    change: &mut Change<'_>,
    sending: Sending<'a>,
    row: &'a Incoming,
    subject: &mut Subject<'a>,
) -> Result<RecordRow<'a>> {
    subject.seq += 1;
    let state = state_of(row.hold);
    let sealed = change.seal(row.uscc.as_str(), subject.seq, &row.public_digest, &digest_as_new(sending, row))?;
    let from_on = first_public_day(&row.dates, state, None, sending.received_on);
    let after = Publicity { state: state.code(), from_on, through_on: row.dates.through_on };
    counter::moved(change, sending.item, None, after);
    Ok(RecordRow {
        uscc: row.uscc.as_str(),
        identity: row.identity,
        reference: change.chance.bytes()?,
        item: sending.item,
        source: sending.source,
        authority: row.authority.as_str(),
        decided_on: row.decided_on,
        state: state.code(),
        hold: row.hold,
        class: &row.dates.class,
        class_stated: row.dates.class_stated,
        pack: &row.dates.pack,
        due_on: row.dates.due_on,
        due_by_law_on: row.dates.due_by_law_on,
        due_provisional: row.dates.due_provisional,
        published_on: from_on,
        from_on,
        through_on: row.dates.through_on,
        repair_from_on: row.dates.repair_from_on,
        version: 1,
        seq: subject.seq,
        at: sealed.at,
        salt: sealed.salt,
        salt2: sealed.salt2,
        commitment: sealed.commitment,
        authority_area: &row.authority_area,
        registered_area: registered_area(row, state, subject),
    })
}

/// Where the organisation is registered as the fact arrives: a registration that says something says it of itself too.
fn registered_area<'a>(row: &'a Incoming, state: State, subject: &Subject<'a>) -> Cow<'a, str> {
    let speaks = !matches!(state, State::Held | State::Withdrawn);
    match row.registration.as_ref().filter(|_| speaks) {
        Some(registration) => Cow::Borrowed(&registration.area),
        None => subject.area.clone(),
    }
}

/// The first public day of a version: none where the rules keep it from the public, where it waits, or where its last
/// public day has passed; a version of a record that is public stays public without a gap.
#[must_use]
pub fn first_public_day(dates: &Dates, state: State, public_since: Option<i32>, today: i32) -> Option<i32> {
    let from = public_since.unwrap_or(today);
    let shown = dates.public && state == State::Accepted && dates.through_on.is_none_or(|last| last >= today);
    shown.then_some(from)
}

fn supersede<'a>(
    change: &mut Change<'_>,
    sending: Sending<'a>,
    row: &'a Incoming,
    found: &Found,
    subject: &mut Subject<'a>,
    kept: Option<(State, String)>,
    redate: &mut Redate<'_>,
) -> Result<NewVersion<'a>> {
    subject.seq += 1;
    let was_public = found.state == State::Accepted.code();
    let published_on = found.published_on.filter(|day| *day != sending.received_on);
    let dates = match published_on.is_some() || found.restart.is_some() {
        true => redate(row, (published_on.unwrap_or(sending.received_on), found.restart))?,
        false => row.dates.clone(),
    };
    let (state, hold) = kept.unwrap_or_else(|| (state_of(row.hold), row.hold.to_owned()));
    let from_on = first_public_day(&dates, state, found.from_on.filter(|_| was_public), sending.received_on);
    let other = other_digest(&row.other_content, &hold, sending.source, state.code());
    let sealed = change.seal(row.uscc.as_str(), subject.seq, &row.public_digest, &other)?;
    let before = Publicity { state: &found.state, from_on: found.from_on, through_on: found.through_on };
    let after = Publicity { state: state.code(), from_on, through_on: dates.through_on };
    counter::moved(change, sending.item, Some(before), after);
    Ok(NewVersion {
        uscc: row.uscc,
        identity: row.identity,
        source: sending.source,
        authority: row.authority.as_str(),
        decided_on: row.decided_on,
        state: state.code(),
        hold,
        published_on: found.published_on.or(from_on),
        dates,
        from_on,
        seq: subject.seq,
        sealed,
        authority_area: &row.authority_area,
        registered_area: match found.registered_area.as_str() {
            "" => registered_area(row, state, subject).into_owned(),
            kept => kept.to_owned(),
        },
    })
}

fn add_source(
    change: &mut Change<'_>,
    sending: Sending<'_>,
    row: &Incoming,
    subject: &mut Subject<'_>,
    written: &mut Written<'_>,
) -> Result<()> {
    if written.known_sources.contains(&(row.uscc, row.identity)) {
        return Ok(());
    }
    subject.seq += 1;
    let uscc = row.uscc.as_str();
    let (public, other) = source::halves(&source::added_statement(uscc, &row.identity, sending.source));
    let sealed = change.seal(uscc, subject.seq, &public, &other)?;
    written.sources.push(NewSource { uscc: row.uscc, identity: row.identity, seq: subject.seq, sealed });
    Ok(())
}
