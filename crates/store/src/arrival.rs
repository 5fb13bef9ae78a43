//! Records arriving in a chunk: looked up, compared, inserted or corrected, each numbered and sealed.
//!
//! The rule of a meeting is `domain::record::meeting`; here it meets the tables. A chunk is sorted by (code, identity)
//! and holds no identity twice.

use crate::bulk::{self, Found, Head, HeadRow, RecordRow};
use crate::change::{Change, Registration, Sealed, commitment};
use crate::connection::Connection;
use crate::counter::{self, Publicity};
use crate::{Result, StoreError, values};
use credence_domain::record::content::other_half;
use credence_domain::record::meeting::{Meeting, Standing, meet};
use credence_domain::record::value::date_of;
use credence_domain::record::{Identity, State};
use credence_domain::subject::Uscc;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The clocks of a record, as the rules decided them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// Class of misconduct; empty where the item has none.
    pub class: Arc<str>,
    /// The authority stated it.
    pub class_stated: bool,
    /// Rule pack.
    pub pack: Arc<str>,
    /// Earliest deadline.
    pub due_on: Option<i32>,
    /// Legal deadline.
    pub due_by_law_on: Option<i32>,
    /// The deadline reaches beyond the published calendar.
    pub due_provisional: bool,
    /// The rules make it public.
    pub public: bool,
    /// Last public day.
    pub through_on: Option<i32>,
    /// First day on which repair may be applied for.
    pub repair_from_on: Option<i32>,
}

/// A judged row on its way into the register.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Line in the sender's file.
    pub line: u32,
    /// The organisation.
    pub uscc: Uscc,
    /// The record's identity.
    pub identity: Identity,
    /// The organisation's name as the row has it.
    pub name: Box<str>,
    /// Deciding authority.
    pub authority: Uscc,
    /// Day of decision.
    pub decided_on: i32,
    /// Why publicity must wait; empty when it need not.
    pub hold: &'static str,
    /// Clocks, counted as if first public today.
    pub dates: Dates,
    /// SHA-256 of the public half.
    pub public_digest: [u8; 32],
    /// The `content` object of the other half.
    pub other_content: Box<str>,
    /// Packed content.
    pub body: Box<[u8]>,
    /// What a registration says.
    pub registration: Option<Box<Registration>>,
    /// Old registration number or organisation code, as (kind, value): they propose, never decide.
    pub aliases: Vec<(&'static str, Box<str>)>,
    /// The record that it replaces, as the sender names it; empty for nearly every row.
    pub replaces: Box<str>,
    /// Digest of the public half and the other `content`, had a reviewer taken its personal numbers out of what is public:
    /// the same row is then still the same record. Only where it waits for them.
    pub redacted: Option<Box<([u8; 32], Box<str>)>>,
}

/// What surrounds a chunk.
#[derive(Clone, Copy, Debug)]
pub struct Sending<'a> {
    /// Who sends.
    pub source: &'a str,
    /// The item's code.
    pub item: &'a str,
    /// Day of receipt (Asia/Shanghai).
    pub received_on: i32,
    /// The batch.
    pub batch: &'a [u8; 16],
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new record.
    Accepted,
    /// Nothing new; perhaps one more source.
    Unchanged,
    /// A new version.
    Corrected,
    /// Refused with this code.
    Refused(&'static str),
}

/// The digest of the other half in its frame.
pub(crate) fn other_digest(other_content: &str, hold: &str, source: &str, state: &str) -> [u8; 32] {
    Sha256::digest(other_half(other_content, hold, source, state).as_bytes()).into()
}

/// Takes a chunk in. `redate` gives a row's clocks again when it was first public on another day than today.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn arrive(
    change: &mut Change<'_>,
    sending: Sending<'_>,
    rows: &[Incoming],
    redate: &mut dyn FnMut(&Incoming, i32) -> Result<Dates>,
) -> Result<Vec<Outcome>> {
    let mut usccs: Vec<(Uscc, &str)> = rows.iter().map(|row| (row.uscc, &*row.name)).collect();
    usccs.dedup_by_key(|(uscc, _)| *uscc);
    let heads = bulk::heads(change.connection, &usccs, change.now)?;
    let keys: Vec<(Uscc, Identity)> = rows.iter().map(|row| (row.uscc, row.identity)).collect();
    let found = bulk::records(change.connection, &keys)?;

    let mut written = Written::default();
    let mut outcomes = Vec::with_capacity(rows.len());
    let mut rest = rows.iter().zip(&found).peekable();
    for ((uscc, _), head) in usccs.iter().zip(&heads) {
        let mut subject = Subject::new(head);
        while let Some((row, found)) = rest.next_if(|(row, _)| row.uscc == *uscc) {
            let outcome = meet_row(change, sending, row, found.as_ref(), &mut subject, &mut written, redate)?;
            if matches!(outcome, Outcome::Accepted | Outcome::Corrected) {
                subject.name(change, sending, row)?;
            }
            outcomes.push(outcome);
        }
        if subject.seq > head.seq {
            counter::entered(change, head.known.then_some(head.registered), subject.registered);
            written.heads.push((*uscc, subject));
        }
    }
    written.flush(change)?;
    Ok(outcomes)
}

/// What would become of a chunk, writing nothing: for a dry run.
///
/// # Errors
/// Whatever the database says.
pub fn preview(connection: &mut Connection, sending: Sending<'_>, rows: &[Incoming]) -> Result<Vec<Outcome>> {
    let keys: Vec<(Uscc, Identity)> = rows.iter().map(|row| (row.uscc, row.identity)).collect();
    let found = bulk::records(connection, &keys)?;
    rows.iter()
        .zip(&found)
        .map(|(row, found)| {
            let Some(found) = found else { return Ok(Outcome::Accepted) };
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
    Ok((state, meet(standing, sending.source, is_equal(row, found), today)))
}

/// What a chunk leaves to be written in bulk.
#[derive(Default)]
struct Written<'a> {
    records: Vec<RecordRow<'a>>,
    contents: Vec<(i64, &'a str, &'a [u8])>,
    heads: Vec<(Uscc, Subject<'a>)>,
}

impl Written<'_> {
    fn flush(&self, change: &mut Change<'_>) -> Result<()> {
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
        bulk::insert_records(change.connection, &self.records)?;
        bulk::insert_contents(change.connection, &self.contents)
    }
}

/// An organisation while its rows arrive.
struct Subject<'a> {
    name: String,
    folded: String,
    known: bool,
    named: bool,
    registered: bool,
    seq: i64,
    conflicts: i64,
    registration: Option<&'a Registration>,
}

impl<'a> Subject<'a> {
    fn new(head: &Head) -> Self {
        Self {
            name: head.name.clone(),
            folded: head.folded.clone(),
            known: head.known,
            named: head.known,
            registered: head.registered,
            seq: head.seq,
            conflicts: 0,
            registration: None,
        }
    }

    /// Takes the name of a row: the first names the organisation, a registration renames it, any other difference is a
    /// conflict for a person and never a reason to refuse the row.
    fn name(&mut self, change: &mut Change<'_>, sending: Sending<'_>, row: &'a Incoming) -> Result<()> {
        let folded = credence_domain::record::text::fold_name(&row.name);
        let uscc = row.uscc.as_str();
        // A registration that waits says nothing yet: its release does (`crate::subject::register`).
        let registration = row.registration.as_ref().filter(|_| row.hold.is_empty());
        if let Some(registration) = registration {
            if self.named && self.folded != folded {
                change.connection.execute(
                    "insert into subject_name(uscc, folded, name, current, first_at) values ($1, $2, $3, 0, $4)
                     on conflict (uscc, folded) do nothing",
                    values![uscc, self.folded.as_str(), self.name.as_str(), change.now],
                )?;
            }
            (self.name, self.folded) = (row.name.to_string(), folded);
            (self.named, self.registered, self.registration) = (true, true, Some(&**registration));
        } else if !self.named {
            (self.name, self.folded, self.named) = (row.name.to_string(), folded, true);
        } else if self.folded != folded && row.registration.is_none() {
            let former = change.connection.first(
                "select 1 from subject_name where uscc = $1 and folded = $2",
                values![uscc, folded.as_str()],
                |row| row.int(0),
            )?;
            if former.is_none() {
                let new = change.connection.execute(
                    "insert into name_conflict(uscc, folded, name, source, batch, at) values ($1, $2, $3, $4, $5, $6)
                     on conflict (uscc, folded) do nothing",
                    values![uscc, folded.as_str(), &*row.name, sending.source, sending.batch, change.now],
                )?;
                self.conflicts += i64::try_from(new).unwrap_or(0);
            }
        }
        if !self.known || row.registration.is_some() {
            for (kind, value) in &row.aliases {
                change.connection.execute(
                    "insert into subject_alias(uscc, kind, value) values ($1, $2, $3)
                     on conflict (uscc, kind, value) do nothing",
                    values![uscc, *kind, &**value],
                )?;
            }
        }
        Ok(())
    }
}

fn meet_row<'a>(
    change: &mut Change<'_>,
    sending: Sending<'a>,
    row: &'a Incoming,
    found: Option<&Found>,
    subject: &mut Subject<'a>,
    written: &mut Written<'a>,
    redate: &mut dyn FnMut(&Incoming, i32) -> Result<Dates>,
) -> Result<Outcome> {
    let Some(found) = found else {
        let record = new_record(change, sending, row, subject)?;
        written.contents.push((record.at, row.uscc.as_str(), &row.body));
        written.records.push(record);
        return Ok(Outcome::Accepted);
    };
    let (state, meeting) = decide(sending, row, found)?;
    match meeting {
        Meeting::Unchanged => Ok(Outcome::Unchanged),
        Meeting::AddSource => {
            add_source(change, sending, row, subject)?;
            Ok(Outcome::Unchanged)
        }
        Meeting::TakeOver => {
            supersede(change, sending, row, found, subject, Some(state), redate)?;
            Ok(Outcome::Unchanged)
        }
        Meeting::Correct => {
            let kept = (state == State::Hidden).then_some(State::Hidden);
            supersede(change, sending, row, found, subject, kept, redate)?;
            Ok(Outcome::Corrected)
        }
        Meeting::Refuse(code) => Ok(Outcome::Refused(code)),
    }
}

/// Same content? The stored commitment is computed again with the row's content in the stored frame.
fn is_equal(row: &Incoming, found: &Found) -> bool {
    let (Some(salt), Some(salt2)) = (&found.salt, &found.salt2) else { return false };
    let same = |public: &[u8; 32], other_content: &str| {
        let other = other_digest(other_content, &found.hold, &found.source, &found.state);
        commitment(salt, salt2, found.seq, public, &other) == found.commitment
    };
    same(&row.public_digest, &row.other_content)
        || row.redacted.as_ref().is_some_and(|redacted| same(&redacted.0, &redacted.1))
}

fn new_record<'a>(
    change: &mut Change<'_>,
    sending: Sending<'a>,
    row: &'a Incoming,
    subject: &mut Subject<'_>,
) -> Result<RecordRow<'a>> {
    subject.seq += 1;
    let state = if row.hold.is_empty() { State::Accepted } else { State::Held };
    let other = other_digest(&row.other_content, row.hold, sending.source, state.code());
    let sealed = change.seal(row.uscc.as_str(), subject.seq, &row.public_digest, &other)?;
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
    })
}

/// The first public day of a version: none where the rules keep it from the public, where it waits, or where its last
/// public day has passed; a version of a record that is public stays public without a gap.
#[must_use]
pub fn first_public_day(dates: &Dates, state: State, public_since: Option<i32>, today: i32) -> Option<i32> {
    let from = public_since.unwrap_or(today);
    let shown = dates.public && state == State::Accepted && dates.through_on.is_none_or(|last| last >= today);
    shown.then_some(from)
}

fn supersede(
    change: &mut Change<'_>,
    sending: Sending<'_>,
    row: &Incoming,
    found: &Found,
    subject: &mut Subject<'_>,
    kept: Option<State>,
    redate: &mut dyn FnMut(&Incoming, i32) -> Result<Dates>,
) -> Result<()> {
    subject.seq += 1;
    let was_public = found.state == State::Accepted.code();
    let dates = match found.published_on {
        Some(day) if day != sending.received_on => redate(row, day)?,
        _ => row.dates.clone(),
    };
    let hold = if kept.is_some() { found.hold.as_str() } else { row.hold };
    let state = kept.unwrap_or(if hold.is_empty() { State::Accepted } else { State::Held });
    let from_on = first_public_day(&dates, state, found.from_on.filter(|_| was_public), sending.received_on);
    let other = other_digest(&row.other_content, hold, sending.source, state.code());
    let sealed = change.seal(row.uscc.as_str(), subject.seq, &row.public_digest, &other)?;
    let before = Publicity { state: &found.state, from_on: found.from_on, through_on: found.through_on };
    let after = Publicity { state: state.code(), from_on, through_on: dates.through_on };
    counter::moved(change, sending.item, Some(before), after);
    keep_version(change, row.uscc.as_str(), &row.identity)?;
    bulk::insert_contents(change.connection, &[(sealed.at, row.uscc.as_str(), &row.body)])?;
    let Sealed { at, salt, salt2, commitment } = sealed;
    change.connection.execute(
        "update record set source = $3, authority = $4, decided_on = $5, state = $6, hold = $7, class = $8,
                class_stated = $9, pack = $10, due_on = $11, due_by_law_on = $12, due_provisional = $13,
                published_on = $14, from_on = $15, through_on = $16, repair_from_on = $17, version = version + 1,
                seq = $18, at = $19, salt = $20, salt2 = $21, commitment = $22
         where uscc = $1 and identity = $2",
        values![
            row.uscc.as_str(),
            &row.identity.0,
            sending.source,
            row.authority.as_str(),
            row.decided_on,
            state.code(),
            hold,
            &*dates.class,
            dates.class_stated,
            &*dates.pack,
            dates.due_on,
            dates.due_by_law_on,
            dates.due_provisional,
            found.published_on.or(from_on),
            from_on,
            dates.through_on,
            dates.repair_from_on,
            subject.seq,
            at,
            &salt,
            &salt2,
            &commitment,
        ],
    )?;
    Ok(())
}

/// Keeps the standing version of a record before it is superseded.
pub(crate) fn keep_version(change: &mut Change<'_>, uscc: &str, identity: &Identity) -> Result<()> {
    change.connection.execute(
        "insert into record_version(uscc, identity, version, source, state, hold, due_on, from_on, through_on, seq, at,
                salt, salt2, commitment, until_at, class)
         select uscc, identity, version, source, state, hold, due_on, from_on, through_on, seq, at, salt, salt2,
                commitment, $3, class
         from record where uscc = $1 and identity = $2",
        values![uscc, &identity.0, change.now],
    )?;
    Ok(())
}

/// The bytes that the commitment of an added source opens.
#[must_use]
pub fn source_statement(uscc: &str, identity: &Identity, source: &str) -> Vec<u8> {
    format!("{{\"identity\":\"{identity}\",\"source_added\":\"{source}\",\"uscc\":\"{uscc}\"}}").into_bytes()
}

fn add_source(change: &mut Change<'_>, sending: Sending<'_>, row: &Incoming, subject: &mut Subject<'_>) -> Result<()> {
    let uscc = row.uscc.as_str();
    if has_source(change.connection, uscc, &row.identity, sending.source)? {
        return Ok(());
    }
    subject.seq += 1;
    let public = Sha256::digest(source_statement(uscc, &row.identity, sending.source)).into();
    let sealed = change.seal(uscc, subject.seq, &public, &Sha256::digest(b"{}").into())?;
    change.connection.execute(
        "insert into record_source(uscc, identity, source, seq, at, salt, salt2, commitment)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            uscc,
            &row.identity.0,
            sending.source,
            subject.seq,
            sealed.at,
            &sealed.salt,
            &sealed.salt2,
            &sealed.commitment
        ],
    )?;
    Ok(())
}

fn has_source(connection: &mut Connection, uscc: &str, identity: &Identity, source: &str) -> Result<bool> {
    let found = connection.first(
        "select 1 from record_source where uscc = $1 and identity = $2 and source = $3",
        values![uscc, &identity.0, source],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}
