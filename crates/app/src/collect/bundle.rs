//! Judged rows on their way to the writer as bytes, some five hundred a row: they become [`Incoming`] again chunk by chunk. A
//! dozen small allocations a row, made by one thread and freed by another, cost more memory than the rows and a tenth of
//! the time of an import.
//!
//! Rows that carry numbers of persons, or an instruction, are rare and stay as they are, in memory: they are in no bytes that
//! [`super::facts`] may put into a file. Nothing of this is a format: it lives as long as its window.

use credence_domain::record::Identity;
use credence_domain::subject::Uscc;
use credence_store::arrival::{Dates, Incoming};
use credence_store::body::Parcel;
use credence_store::change::Registration;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Rows as bytes, and what is needed to read them.
#[derive(Debug, Default)]
pub struct Bundle {
    /// The rows, one behind the other. Whoever takes them away gives [`Bundle::row`] the bytes of a row.
    pub bytes: Vec<u8>,
    authorities: Words<Uscc>,
    areas: Words<Arc<str>>,
    classes: Words<Arc<str>>,
    packs: Words<Arc<str>>,
    holds: Words<&'static str>,
    /// The kinds of old numbers.
    kinds: Words<&'static str>,
    /// Rows that have something rare: they travel as they are.
    whole: Vec<Incoming>,
}

/// Few values that many rows share, by number.
#[derive(Debug)]
struct Words<T> {
    all: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Words<T> {
    fn default() -> Self {
        Self { all: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Words<T> {
    fn number(&mut self, word: &T) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(word.clone());
        self.numbers.insert(word.clone(), number);
        number
    }

    fn word(&self, number: u32) -> Option<&T> {
        self.all.get(number as usize)
    }
}

/// What a row has beside its fixed parts.
mod part {
    pub(super) const WHOLE: u8 = 1;
    pub(super) const OTHER_DIGEST: u8 = 1 << 1;
    pub(super) const LOOSE: u8 = 1 << 2;
    pub(super) const REGISTRATION: u8 = 1 << 3;
    pub(super) const CLASS_STATED: u8 = 1 << 4;
    pub(super) const PROVISIONAL: u8 = 1 << 5;
    pub(super) const PUBLIC: u8 = 1 << 6;
    pub(super) const REVOKED: u8 = 1 << 7;
}

impl Bundle {
    /// How many rows are kept as they are.
    #[must_use]
    pub fn kept_whole(&self) -> usize {
        self.whole.len()
    }

    /// Puts a row in, behind the others.
    pub fn put(&mut self, row: Incoming) {
        if row.secrets.is_some() || row.redacted.is_some() || row.instruction.is_some() {
            self.bytes.push(part::WHOLE);
            self.number(self.whole.len());
            self.whole.push(row);
            return;
        }
        let flag = |is: bool, part: u8| if is { part } else { 0 };
        self.bytes.push(
            flag(row.other_digest.is_some(), part::OTHER_DIGEST)
                | flag(matches!(row.body, Parcel::Loose { .. }), part::LOOSE)
                | flag(row.registration.is_some(), part::REGISTRATION)
                | flag(row.dates.class_stated, part::CLASS_STATED)
                | flag(row.dates.due_provisional, part::PROVISIONAL)
                | flag(row.dates.public, part::PUBLIC)
                | flag(row.revoked, part::REVOKED),
        );
        self.bytes.extend_from_slice(&row.line.to_le_bytes());
        self.bytes.extend_from_slice(row.uscc.as_str().as_bytes());
        self.bytes.extend_from_slice(&row.identity.0);
        let words = [
            self.authorities.number(&row.authority),
            self.areas.number(&row.authority_area),
            self.classes.number(&row.dates.class),
            self.packs.number(&row.dates.pack),
            self.holds.number(&row.hold),
        ];
        for word in words {
            self.number(word as usize);
        }
        let dates = &row.dates;
        self.bytes.extend_from_slice(&row.decided_on.to_le_bytes());
        for day in [dates.due_on, dates.due_by_law_on, dates.through_on, dates.repair_from_on] {
            self.day(day);
        }
        self.bytes.extend_from_slice(&row.public_digest);
        if let Some(digest) = &row.other_digest {
            self.bytes.extend_from_slice(digest);
        }
        for text in [&row.name, &row.other_content, &row.replaces] {
            self.text(text.as_bytes());
        }
        match &row.body {
            Parcel::Packed(body) => self.text(body),
            Parcel::Loose { public, notes } => {
                self.text(public.as_bytes());
                self.text(notes.as_bytes());
            }
        }
        if let Some(registration) = &row.registration {
            for text in [&registration.status, &registration.area, &registration.kind] {
                self.text(text.as_bytes());
            }
            self.day(registration.established_on);
        }
        self.number(row.aliases.len());
        for (kind, value) in &row.aliases {
            let kind = self.kinds.number(kind);
            self.number(kind as usize);
            self.text(value.as_bytes());
        }
    }

    /// Nothing more is put in: what was kept for that is given back.
    pub fn close(&mut self) {
        self.authorities.numbers = HashMap::new();
        self.areas.numbers = HashMap::new();
        self.classes.numbers = HashMap::new();
        self.packs.numbers = HashMap::new();
    }

    /// The row that these bytes are; `None` where they are none of this bundle's.
    #[must_use]
    pub fn row(&self, bytes: &[u8]) -> Option<Incoming> {
        let mut rest = Rest(bytes);
        let [parts] = rest.array()?;
        let has = |part: u8| parts & part != 0;
        if has(part::WHOLE) {
            return self.whole.get(rest.number()?).cloned();
        }
        let line = u32::from_le_bytes(rest.array()?);
        let uscc = Uscc::parse(std::str::from_utf8(&rest.array::<18>()?).ok()?).ok()?;
        let identity = Identity(rest.array()?);
        let authority = *self.authorities.word(rest.word()?)?;
        let authority_area = self.areas.word(rest.word()?)?.clone();
        let (class, pack) = (self.classes.word(rest.word()?)?.clone(), self.packs.word(rest.word()?)?.clone());
        let hold = *self.holds.word(rest.word()?)?;
        let decided_on = i32::from_le_bytes(rest.array()?);
        let (due_on, due_by_law_on, through_on, repair_from_on) = (rest.day()?, rest.day()?, rest.day()?, rest.day()?);
        let public_digest = rest.array()?;
        let other_digest = if has(part::OTHER_DIGEST) { Some(rest.array()?) } else { None };
        let (name, other_content, replaces) = (rest.text()?.into(), rest.text()?.into(), rest.text()?.into());
        let body = match has(part::LOOSE) {
            true => Parcel::Loose { public: rest.text()?.into(), notes: rest.text()?.into() },
            false => Parcel::Packed(rest.bytes()?.into()),
        };
        let registration = match has(part::REGISTRATION) {
            true => Some(Box::new(Registration {
                status: rest.text()?.to_owned(),
                area: rest.text()?.to_owned(),
                kind: rest.text()?.to_owned(),
                established_on: rest.day()?,
            })),
            false => None,
        };
        let mut aliases = Vec::new();
        for _ in 0..rest.number()? {
            aliases.push((*self.kinds.word(rest.word()?)?, rest.text()?.into()));
        }
        Some(Incoming {
            line,
            uscc,
            identity,
            name,
            authority,
            authority_area,
            decided_on,
            hold,
            dates: Dates {
                class,
                class_stated: has(part::CLASS_STATED),
                pack,
                due_on,
                due_by_law_on,
                due_provisional: has(part::PROVISIONAL),
                public: has(part::PUBLIC),
                through_on,
                repair_from_on,
            },
            public_digest,
            other_digest,
            other_content,
            body,
            registration,
            aliases,
            replaces,
            secrets: None,
            redacted: None,
            revoked: has(part::REVOKED),
            instruction: None,
        })
    }

    /// A number, seven bits a byte.
    fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    fn day(&mut self, day: Option<i32>) {
        self.bytes.extend_from_slice(&day.unwrap_or(i32::MIN).to_le_bytes());
    }

    fn text(&mut self, text: &[u8]) {
        self.number(text.len());
        self.bytes.extend_from_slice(text);
    }
}

/// What is left to be read of a row.
struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk()?;
        self.0 = tail;
        Some(*head)
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0usize;
        for shift in (0..usize::BITS).step_by(7) {
            let [byte] = self.array()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn word(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    fn day(&mut self) -> Option<Option<i32>> {
        let day = i32::from_le_bytes(self.array()?);
        Some((day != i32::MIN).then_some(day))
    }

    fn bytes(&mut self) -> Option<&'b [u8]> {
        let length = self.number()?;
        let (head, tail) = self.0.split_at_checked(length)?;
        self.0 = tail;
        Some(head)
    }

    fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }
}
