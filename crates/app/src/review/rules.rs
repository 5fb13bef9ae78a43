//! The rules of today applied to content that is stored already: its clocks, what still keeps it back, and the next
//! version that follows.

use crate::collect::clocks::Clocks;
use crate::collect::hold;
use crate::listing::{Fall, fell};
use crate::{AppError, Result};
use credence_domain::canonical::to_vec;
use credence_domain::catalog::{Role, Version};
use credence_domain::directory::{Directory, LATEST};
use credence_domain::publicity::{Counted, Decision, Facts};
use credence_domain::record::State;
use credence_domain::record::meeting::{WITHDRAWN_BY_OWNER, WITHDRAWN_ON_OBJECTION, WITHDRAWN_WITH_BATCH};
use credence_domain::record::secrecy::{Withheld, withheld_in, withhold};
use credence_domain::record::value::{date, date_of, day_number};
use credence_domain::rulebook::Rulebook;
use credence_store::arrival::{Dates, first_public_day};
use credence_store::batch::{self, Batch};
use credence_store::body::{Body, Packer, Unpacker};
use credence_store::change::{Change, Registration};
use credence_store::connection::Connection;
use credence_store::kept_back;
use credence_store::record::Stored;
use credence_store::revision::{self, Revision};
use credence_store::scope::View;
use credence_store::secret::{self, Keyring, Owner, Secrets, field};
use credence_store::unit;
use credence_store::{StoreError, repair, subject, withheld};
use jiff::civil::Date;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// The content of a version.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Both halves.
    pub body: Body,
    /// All fields.
    pub all: Map<String, Value>,
    /// Fields that the item publishes.
    pub public: Map<String, Value>,
    /// What is sealed where it is kept; here it is plain.
    pub secrets: Option<Secrets>,
}

/// A value among fields; empty when absent.
pub fn text<'v>(fields: &'v Map<String, Value>, code: &str) -> &'v str {
    fields.get(code).and_then(Value::as_str).unwrap_or_default()
}

impl Content {
    /// The content with exactly these fields withheld; nothing where it is so already.
    fn with(&self, withheld: &[Withheld]) -> credence_store::Result<Option<Self>> {
        if withheld_in(&self.body.public) == withheld {
            return Ok(None);
        }
        let damaged = || StoreError::Inconsistent("a record's content is no JSON".to_owned());
        let halves = withhold(&self.body.public, &self.body.other_content, withheld).ok_or_else(damaged)?;
        let mut changed = self.clone();
        (changed.body.public, changed.body.other_content) = halves;
        let public: Value = serde_json::from_str(&changed.body.public).map_err(|_| damaged())?;
        changed.public = public.get("content").and_then(Value::as_object).cloned().unwrap_or_default();
        Ok(Some(changed))
    }

    /// Gives a field another value in the half in which it stands, both halves canonical.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when the content is damaged.
    pub fn put(&mut self, code: &str, value: &str, published: bool) -> credence_store::Result<()> {
        let damaged = |_| StoreError::Inconsistent("a record's content is no JSON".to_owned());
        let mut public: Value = serde_json::from_str(&self.body.public).map_err(damaged)?;
        let mut other: Map<String, Value> = serde_json::from_str(&self.body.other_content).map_err(damaged)?;
        // A field that a reviewer took out of the public half stays out of it.
        let open = !other.contains_key(code) && (self.public.contains_key(code) || published);
        if open {
            if let Some(fields) = public.get_mut("content").and_then(Value::as_object_mut) {
                set(fields, code, value);
            }
            set(&mut self.public, code, value);
        } else {
            set(&mut other, code, value);
        }
        set(&mut self.all, code, value);
        self.body.public = String::from_utf8_lossy(&to_vec(&public)).into_owned();
        self.body.other_content = String::from_utf8_lossy(&to_vec(&Value::Object(other))).into_owned();
        Ok(())
    }

    /// The value that plays a role; empty when absent.
    #[must_use]
    pub fn value(&self, version: &Version, role: Role) -> &str {
        version.field_of(role).map_or("", |(_, field)| text(&self.all, &field.code))
    }
}

fn set(fields: &mut Map<String, Value>, code: &str, value: &str) {
    if value.is_empty() {
        fields.remove(code);
    } else {
        fields.insert(code.to_owned(), value.into());
    }
}

/// What a person has decided on a record.
#[derive(Clone, Copy, Debug)]
pub struct Next<'a> {
    /// State.
    pub state: State,
    /// Why it waits or is withdrawn.
    pub hold: &'a str,
    /// Owner.
    pub source: &'a str,
    /// Its content.
    pub content: &'a Content,
    /// The content packed, where it is carried on as it stands.
    pub packed: Option<&'a [u8]>,
}

/// Rulebook, units and day of one act.
pub struct Rules<'r> {
    /// The rulebook in force.
    pub rulebook: &'r Rulebook,
    /// The day of the act.
    pub today: Date,
    units: Arc<Directory>,
    clocks: HashMap<String, Clocks<'r>>,
    unpacker: Unpacker,
    packer: Packer,
    keyring: Keyring,
    /// The key of the register's blind index, once it has one.
    index: Option<String>,
}

impl<'r> Rules<'r> {
    /// Rules of a day.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn load(
        connection: &mut Connection,
        keyring: Keyring,
        rulebook: &'r Rulebook,
        today: Date,
    ) -> credence_store::Result<Self> {
        let units = Arc::new(unit::directory(connection)?);
        let index = secret::index_mark(connection)?;
        let (unpacker, packer) = (Unpacker::new()?, Packer::new()?);
        Ok(Self { rulebook, today, units, clocks: HashMap::new(), unpacker, packer, keyring, index })
    }

    /// The rulebook.
    #[must_use]
    pub fn rulebook(&self) -> &'r Rulebook {
        self.rulebook
    }

    /// What the office sees on the day.
    #[must_use]
    pub fn view(&self) -> View {
        View::office(self.today)
    }

    /// The edition of an item in force today.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when the data list of today lacks the item.
    pub fn version(&self, item: &str) -> credence_store::Result<&'r Version> {
        let found = self.rulebook.items.get(item).and_then(|item| item.version_on(self.today));
        found.ok_or_else(|| StoreError::Inconsistent(format!("item {item} is not in the data list of {}", self.today)))
    }

    /// The content of a record as it stands.
    ///
    /// # Errors
    /// As [`Rules::content_of`].
    pub fn content(&mut self, stored: &Stored) -> credence_store::Result<Content> {
        self.content_of(stored.owner(), stored.packed.as_deref().unwrap_or_default())
    }

    /// Unpacks a content and opens what is sealed in it.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when it is damaged, [`StoreError::KeyMissing`] where it cannot be opened.
    pub fn content_of(&mut self, owner: Owner<'_>, packed: &[u8]) -> credence_store::Result<Content> {
        let mut body = self.unpacker.unpack(packed)?;
        let mut secrets = None;
        if field::has_sealed(&body.other_content) {
            let (plain, found) = field::open(&*self.keyring.opening()?, owner, &body.other_content)?;
            (body.other_content, secrets) = (plain.into_owned(), found);
        }
        let damaged = |_| StoreError::Inconsistent("a record's content is no JSON".to_owned());
        let public: Value = serde_json::from_str(&body.public).map_err(damaged)?;
        let mut all: Map<String, Value> = serde_json::from_str(&body.other_content).map_err(damaged)?;
        let public = public.get("content").and_then(Value::as_object).cloned().unwrap_or_default();
        all.extend(public.clone());
        Ok(Content { body, all, public, secrets })
    }

    /// A content as it is kept: its numbers sealed, then packed.
    fn pack(
        &mut self,
        change: &mut Change<'_>,
        owner: Owner<'_>,
        version: &Version,
        content: &Content,
    ) -> credence_store::Result<(Box<[u8]>, Option<Secrets>)> {
        let Body { public, other_content, notes } = &content.body;
        let fields: Vec<&str> = version.secret_fields().map(|(_, field)| field.code.as_str()).collect();
        if fields.iter().all(|field| text(&content.all, field).is_empty()) {
            return Ok((self.packer.pack(public, other_content, notes)?, None));
        }
        let keys = self.keyring.sealing(self.index.as_deref(), change.chance, self.today)?;
        let (sealed, secrets) = match field::seal(&keys, change.chance, owner, other_content, &fields)? {
            Some((sealed, secrets)) => (Cow::Owned(sealed), Some(secrets)),
            None => (Cow::Borrowed(other_content.as_str()), None),
        };
        Ok((self.packer.pack(public, &sealed, notes)?, secrets))
    }

    /// The clocks of a content, counted from its first public day or anew.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when the data list of today lacks the item.
    pub fn dates(
        &mut self,
        item: &str,
        content: &Content,
        authority: &str,
        counted: Counted,
    ) -> credence_store::Result<Dates> {
        let clocks = self.clocks_of(item)?;
        let value = |code: &str| text(&content.all, code);
        Ok(clocks.decide_by_code(authority, clocks.decided_on(value), counted, value))
    }

    /// What the rules say of a content, with the facts from which they say it.
    ///
    /// # Errors
    /// As [`Rules::dates`].
    pub fn judge<T>(
        &mut self,
        item: &str,
        content: &Content,
        (authority, counted): (&str, Counted),
        look: impl FnOnce(&Facts<'_>, &Decision<'r>) -> T,
    ) -> credence_store::Result<T> {
        let version = self.version(item)?;
        let clocks = self.clocks_of(item)?;
        let of = |role| content.value(version, role);
        let decided_on = clocks.decided_on(|code| text(&content.all, code));
        Ok(clocks.judge(authority, decided_on, counted, &of, look))
    }

    fn clocks_of(&mut self, item: &str) -> credence_store::Result<&Clocks<'r>> {
        let version = self.version(item)?;
        if !self.clocks.contains_key(item) {
            self.clocks
                .insert(item.to_owned(), Clocks::new(self.rulebook, version, Arc::clone(&self.units), self.today));
        }
        let missing = || StoreError::Inconsistent(format!("no clocks for item {item}"));
        self.clocks.get(item).ok_or_else(missing)
    }

    /// Withdraws a record by its next version, and gives its organisation back what stood on it before a registration.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn withdraw(
        &mut self,
        change: &mut Change<'_>,
        standing: &Stored,
        hold: &'static str,
    ) -> credence_store::Result<()> {
        let content = self.restate(change, standing, State::Withdrawn, hold)?;
        let fall = Fall { uscc: &standing.uscc, identity: &standing.identity, how: told(hold) };
        fell(change, self, fall)?;
        if self.registration(self.version(&standing.item)?, &content).is_some() {
            subject::restore_registration(change, &standing.uscc, None)?;
        }
        Ok(())
    }

    /// Makes the next version of a record with the same content in another state; gives the content.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn restate(
        &mut self,
        change: &mut Change<'_>,
        standing: &Stored,
        state: State,
        hold: &str,
    ) -> credence_store::Result<Content> {
        let content = self.content(standing)?;
        let (source, packed) = (standing.source.as_str(), standing.packed.as_deref());
        self.settle(change, standing, Next { state, hold, source, content: &content, packed })?;
        Ok(content)
    }

    /// Makes the next version of a record. Accepted, it is public from today on, or goes on being public, unless something else keeps
    /// it back.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn settle(
        &mut self,
        change: &mut Change<'_>,
        standing: &Stored,
        next: Next<'_>,
    ) -> credence_store::Result<Option<i32>> {
        let today = day_number(self.today);
        let version = self.version(&standing.item)?;
        let kept_back = match next.state {
            State::Accepted => kept_back::of(change.connection, &standing.uscc, &standing.identity)?,
            _ => None,
        };
        let next = kept_back.map_or(next, |hold| Next { state: State::Hidden, hold, ..next });
        let withheld = withheld::of_record(change.connection, &(standing.uscc.clone(), standing.identity))?;
        let content = next.content.with(&withheld)?;
        let next = match &content {
            None => next,
            Some(content) => Next { content, packed: None, ..next },
        };
        let stated = next.content.value(version, Role::AuthorityUscc);
        let authority = if stated.is_empty() { standing.authority.as_str() } else { stated };
        let published_on = standing.published_on.and_then(date_of).unwrap_or(self.today);
        let restart = repair::restart(change.connection, &standing.uscc, &standing.identity)?;
        let dates = self.dates(&standing.item, next.content, authority, Counted { published_on, restart })?;
        let since = standing.from_on.filter(|_| standing.state == State::Accepted.code());
        let from_on = first_public_day(&dates, next.state, since, today);
        let decided = [Role::DecidedOn, Role::EstablishedOn].map(|role| date(next.content.value(version, role)));
        let decided_on = decided.into_iter().flatten().next().map_or(standing.decided_on, day_number);
        let authority_area =
            self.units.authority_area(authority, next.source, date_of(decided_on).unwrap_or(self.today), LATEST);
        let speaks = !matches!(next.state, State::Held | State::Withdrawn);
        let registers_in = self.registration(version, next.content).filter(|_| speaks).map(|(_, says)| says.area);
        let made;
        let (packed, secrets) = match next.packed {
            Some(packed) => (packed, next.content.secrets.as_ref()),
            None => {
                made = self.pack(change, standing.owner(), version, next.content)?;
                (&*made.0, made.1.as_ref())
            }
        };
        let revision = Revision {
            source: next.source,
            authority,
            authority_area: &authority_area,
            registers_in: registers_in.as_deref(),
            decided_on,
            state: next.state,
            hold: next.hold,
            dates: &dates,
            from_on,
            body: &next.content.body,
            packed,
            secrets,
        };
        revision::revise(change, standing, &revision)?;
        if standing.state == State::Held.code() && speaks {
            self.name(change, standing, next)?;
        }
        Ok(from_on)
    }

    /// What a registration says; none for other items.
    #[must_use]
    pub fn registration(&self, version: &Version, content: &Content) -> Option<(String, Registration)> {
        if version.act_kind != "registration" {
            return None;
        }
        let of = |role| content.value(version, role).to_owned();
        let registration = Registration {
            status: of(Role::Status),
            area: of(Role::Area),
            kind: of(Role::OrganisationType),
            established_on: date(content.value(version, Role::EstablishedOn)).map(day_number),
        };
        Some((of(Role::SubjectName), registration))
    }

    /// Lets a registration that was corrected rename its organisation.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn register(
        &self,
        change: &mut Change<'_>,
        standing: &Stored,
        content: &Content,
    ) -> credence_store::Result<()> {
        let version = self.version(&standing.item)?;
        match self.registration(version, content) {
            Some((_, registration)) => {
                subject::register(change, &standing.uscc, published_name(version, content), &registration)
            }
            None => Ok(()),
        }
    }

    /// Lets a record that waited name its organisation, by the name that it publishes: one that was redacted names nobody.
    fn name(&self, change: &mut Change<'_>, standing: &Stored, next: Next<'_>) -> credence_store::Result<()> {
        let version = self.version(&standing.item)?;
        match (version.act_kind.as_str(), published_name(version, next.content)) {
            ("registration", _) => self.register(change, standing, next.content),
            (_, Some(name)) => subject::name(change, &standing.uscc, name, next.source),
            (_, None) => Ok(()),
        }
    }
}

/// The name that a record publishes; none where a reviewer took it out.
fn published_name<'c>(version: &Version, content: &'c Content) -> Option<&'c str> {
    let (_, field) = version.field_of(Role::SubjectName)?;
    Some(text(&content.public, &field.code)).filter(|name| !name.is_empty())
}

/// How a record was withdrawn, in the words of whatever rested on it.
fn told(hold: &str) -> &'static str {
    match hold {
        WITHDRAWN_WITH_BATCH => "所在批次已撤回",
        WITHDRAWN_BY_OWNER => "由报送单位撤回",
        WITHDRAWN_ON_OBJECTION => "异议成立，已撤下",
        _ => "已撤回",
    }
}

/// Why a record waits with its whole batch; empty when its batch does not wait.
#[must_use]
pub fn hold_of_batch(batch: Option<&Batch>) -> &'static str {
    let waiting = batch.filter(|batch| matches!(batch.state.as_str(), "held" | "running"));
    waiting.map_or("", |batch| hold::of_batch(&batch.hold))
}

/// The batch from which the standing content of a record comes.
///
/// # Errors
/// Whatever the database says.
pub fn batch_of(connection: &mut Connection, standing: &Stored) -> credence_store::Result<Option<Batch>> {
    match revision::origin(connection, standing.at)?.batch {
        Some(id) => batch::by_id(connection, &id),
        None => Ok(None),
    }
}

/// Where the standing content of a record comes from. What changes where a record stands and nothing of what it says is no origin, so
/// that a batch finds its records again whatever became of them meanwhile.
///
/// # Errors
/// Whatever the database says.
pub fn content_origin(
    connection: &mut Connection,
    view: &View,
    standing: &Stored,
) -> credence_store::Result<revision::Origin> {
    let mut origin = revision::origin(connection, standing.at)?;
    if leaves_content(&origin) {
        for version in revision::earlier(connection, view, &(standing.uscc.clone(), standing.identity))? {
            origin = revision::origin(connection, version.at)?;
            if !leaves_content(&origin) {
                break;
            }
        }
    }
    Ok(origin)
}

/// Whether a version was made by an act that changes where a record stands and nothing of what it says: a step of a repair or a shield, a
/// national platform's copy and what a person settled about it.
#[must_use]
pub fn leaves_content(origin: &revision::Origin) -> bool {
    origin.kind.starts_with("repair_") || matches!(origin.kind.as_str(), "national_difference" | "national_settled")
}

/// A public reference as people write it.
///
/// # Errors
/// `bad_parameter`.
pub fn reference(id: &str) -> Result<[u8; 16]> {
    let bytes = credence_domain::canonical::unhex(id).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| AppError::refused("bad_parameter", "record", format!("{id} 不是记录标识（32位十六进制）")))
}

/// The record that people name: by its public reference, or as `CODE/REFERENCE`, which finds it without a look through the register.
///
/// # Errors
/// `bad_parameter`, or a fault.
pub fn named(connection: &mut Connection, view: &View, id: &str) -> Result<Option<Stored>> {
    Ok(match id.split_once('/') {
        Some((uscc, id)) => credence_store::record::of_reference(connection, view, uscc, &reference(id)?)?,
        None => credence_store::record::by_reference(connection, view, &reference(id)?)?,
    })
}
