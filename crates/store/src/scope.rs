//! Which rows a reader may see (可见范围). Chosen here alone; every function on subject data takes one.
//!
//! One SQL fragment ([`visible`], of which [`theirs`] is the part beyond what is public) stands in every statement over
//! records, and one rule ([`View::sees`]) judges rows already read. A city's and a county's staff see, whatever the state of
//! publicity until it has ended, what their organs made and what concerns organisations registered with them; an organisation
//! sees its own file whole; a partner sees what is public, until agreements name more. Roles, items and purposes are decided elsewhere.

use crate::connection::Value;
use credence_domain::directory::Sight;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Words between marks, as one parameter of a statement: a row's word is one of them when it stands there between marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(String);

/// No cell of a record can hold it: control characters are refused at the door.
const MARK: char = '\u{1f}';

impl Words {
    /// These words; empty ones are left out.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut text = String::new();
        for word in words.into_iter().filter(|word| !word.is_empty()) {
            if text.is_empty() {
                text.push(MARK);
            }
            text.push_str(word);
            text.push(MARK);
        }
        Self(text)
    }

    /// As a statement takes them.
    pub(crate) fn marked(&self) -> &str {
        &self.0
    }

    /// Each of them.
    pub(crate) fn each(&self) -> impl Iterator<Item = &str> {
        self.0.split(MARK).filter(|word| !word.is_empty())
    }

    /// Whether a word is one of them.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        !word.is_empty() && self.0.split(MARK).any(|known| known == word)
    }
}

/// Who reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Anyone: what is public on the day.
    Public,
    /// The credit office and its auditors: every version and state.
    Office,
    /// A unit: what is public, and what is its own.
    Unit {
        /// The unit.
        uscc: String,
        /// Units whose facts are its own, itself among them.
        units: Words,
        /// Areas whose organs' facts and whose organisations are its own.
        areas: Words,
    },
    /// An organisation through its representatives: what is public, and its own file whole.
    Organisation {
        /// Whom they represent.
        usccs: Words,
    },
    /// An association or credit agency: what is public.
    Partner {
        /// Its code.
        uscc: String,
    },
}

/// Scope and day of one request: one `today` however long it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Who reads.
    pub scope: Scope,
    /// Civil day (Asia/Shanghai) on which it is asked.
    pub today: Date,
    /// Civil day for which it is asked: today, unless [`View::at`] says otherwise.
    pub as_of: Date,
}

/// What the rule looks at in a record.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'r> {
    /// The organisation.
    pub uscc: &'r str,
    /// Owner.
    pub source: &'r str,
    /// Deciding authority.
    pub authority: &'r str,
    /// Area of the authority on the day of decision.
    pub authority_area: &'r str,
    /// Area of registration when the fact was received.
    pub registered_area: &'r str,
    /// Area of registration now.
    pub present_area: &'r str,
    /// Stored state.
    pub state: &'r str,
    /// First public day.
    pub from_on: Option<i32>,
    /// Last public day.
    pub through_on: Option<i32>,
}

/// Whether a record `r` belongs to the reader beyond what is public, for the parameters `$kind`, `$lasts`, `$words`, `$areas`
/// ([`View::kind`], [`View::lasts_to`], [`View::words`], [`View::areas`]). The public asks for the first alone, so that it
/// costs it nothing. What has ended is no unit's any more: it is not shared, queried or used (promise 3); the organisation
/// itself goes on seeing it.
macro_rules! theirs {
    ($kind:literal, $lasts:literal, $words:literal, $areas:literal) => {
        concat!(
            "((",
            $kind,
            " = 2 and r.state in ('accepted', 'held', 'hidden') and (r.through_on is null or r.through_on >= ",
            $lasts,
            ") and (replace(",
            $words,
            ", '\u{1f}' || r.source || '\u{1f}', '') <> ",
            $words,
            " or replace(",
            $words,
            ", '\u{1f}' || r.authority || '\u{1f}', '') <> ",
            $words,
            " or replace(",
            $areas,
            ", '\u{1f}' || r.authority_area || '\u{1f}', '') <> ",
            $areas,
            " or replace(",
            $areas,
            ", '\u{1f}' || r.registered_area || '\u{1f}', '') <> ",
            $areas,
            " or exists (select 1 from subject o where o.uscc = r.uscc
                 and replace(",
            $areas,
            ", '\u{1f}' || o.area || '\u{1f}', '') <> ",
            $areas,
            ")))
             or (",
            $kind,
            " = 3 and r.state <> 'erased' and replace(",
            $words,
            ", '\u{1f}' || r.uscc || '\u{1f}', '') <> ",
            $words,
            "))"
        )
    };
}

/// Whether a record `r` is public between `$begun` and `$lasts` ([`View::begun_by`], [`View::lasts_to`]), or everything is
/// seen: all that the public and the office ask for.
macro_rules! standing {
    ($kind:literal, $begun:literal, $lasts:literal) => {
        concat!(
            "(",
            $kind,
            " = 1 or (r.state = 'accepted' and r.from_on <= ",
            $begun,
            " and (r.through_on is null or r.through_on >= ",
            $lasts,
            ")))"
        )
    };
}

/// Whether the reader sees a record `r`: as [`standing`] says, or because it is [`theirs`].
macro_rules! visible {
    ($kind:literal, $begun:literal, $lasts:literal, $words:literal, $areas:literal) => {
        concat!("(", standing!($kind, $begun, $lasts), " or ", theirs!($kind, $lasts, $words, $areas), ")")
    };
}

impl View {
    /// What a reader may see on a day.
    #[must_use]
    pub fn of(scope: Scope, today: Date) -> Self {
        Self { scope, today, as_of: today }
    }

    /// What anyone may see on a day.
    #[must_use]
    pub fn public(today: Date) -> Self {
        Self::of(Scope::Public, today)
    }

    /// What the office may see on a day.
    #[must_use]
    pub fn office(today: Date) -> Self {
        Self::of(Scope::Office, today)
    }

    /// What a unit may see on a day, as the directory of that day says.
    #[must_use]
    pub fn unit(uscc: &str, sight: &Sight, today: Date) -> Self {
        let words = |words: &BTreeSet<String>| Words::of(words.iter().map(String::as_str));
        let (units, areas) = (words(&sight.units), words(&sight.areas));
        Self::of(Scope::Unit { uscc: uscc.to_owned(), units, areas }, today)
    }

    /// What the representatives of organisations may see on a day.
    #[must_use]
    pub fn organisation<'a>(usccs: impl IntoIterator<Item = &'a str>, today: Date) -> Self {
        Self::of(Scope::Organisation { usccs: Words::of(usccs) }, today)
    }

    /// The same reader asking for another day. What the public gets is what was in force then *and is public today*.
    #[must_use]
    pub fn at(self, as_of: Date) -> Self {
        Self { as_of, ..self }
    }

    /// The latest first public day, as a day number, that shows a record in this view: it had begun on both days.
    pub(crate) fn begun_by(&self) -> i32 {
        credence_domain::record::value::day_number(self.as_of.min(self.today))
    }

    /// The earliest last public day that shows a record in this view: it has ended on neither day.
    pub(crate) fn lasts_to(&self) -> i32 {
        credence_domain::record::value::day_number(self.as_of.max(self.today))
    }

    /// Whether a record already read is shown in this view.
    #[must_use]
    pub fn sees(&self, record: &Seen<'_>) -> bool {
        let is_public = |day| is_public(record.state, record.from_on, record.through_on, day);
        self.sees_whole(record) || is_public(self.begun_by()) && is_public(self.lasts_to())
    }

    /// Whether a record already read belongs to the reader: shown whole, whatever its item publishes.
    #[must_use]
    pub fn sees_whole(&self, record: &Seen<'_>) -> bool {
        match &self.scope {
            Scope::Public | Scope::Partner { .. } => false,
            Scope::Office => true,
            Scope::Unit { units, areas, .. } => {
                let of_its_organs = [record.source, record.authority].into_iter().any(|unit| units.contains(unit));
                let places = [record.authority_area, record.registered_area, record.present_area];
                !has_ended(record.state, record.through_on, self.lasts_to())
                    && (of_its_organs || places.into_iter().any(|area| areas.contains(area)))
            }
            Scope::Organisation { usccs } => usccs.contains(record.uscc) && record.state != "erased",
        }
    }

    /// The first parameter of [`visible`] and [`theirs`]: 0 what is public, 1 everything, 2 a unit's, 3 an organisation's.
    pub(crate) fn kind(&self) -> i64 {
        match self.scope {
            Scope::Public | Scope::Partner { .. } => 0,
            Scope::Office => 1,
            Scope::Unit { .. } => 2,
            Scope::Organisation { .. } => 3,
        }
    }

    /// Of two statements that differ in [`standing`] and [`visible`] alone, the one that this reader needs, with its values:
    /// the last two are the words and areas, which the first does not take. Questions by key are asked so: PostgreSQL plans
    /// a statement anew each time when the part that the public never needs makes a plan for all readers look dear.
    pub(crate) fn choose<'v>(
        &self,
        [plain, whole]: [&'static str; 2],
        values: &'v [Value<'v>],
    ) -> (&'static str, &'v [Value<'v>]) {
        if self.kind() > 1 {
            return (whole, values);
        }
        (plain, values.get(..values.len().saturating_sub(2)).unwrap_or_default())
    }

    /// The units whose facts are the reader's own, or the organisations that it represents.
    pub(crate) fn words(&self) -> &str {
        match &self.scope {
            Scope::Unit { units: words, .. } | Scope::Organisation { usccs: words } => &words.0,
            _ => "",
        }
    }

    /// The areas whose facts are the reader's own.
    pub(crate) fn areas(&self) -> &str {
        match &self.scope {
            Scope::Unit { areas, .. } => &areas.0,
            _ => "",
        }
    }

    pub(crate) fn day(&self) -> i32 {
        credence_domain::record::value::day_number(self.today)
    }
}

/// Whether a record has ended by a day: nobody but the organisation itself and its auditors goes on seeing it (promise 3).
#[must_use]
pub fn has_ended(state: &str, through_on: Option<i32>, today: i32) -> bool {
    !matches!(state, "accepted" | "held" | "hidden") || through_on.is_some_and(|last| last < today)
}

/// Whether a record is public on a day: the one rule, for rows already read.
#[must_use]
pub fn is_public(state: &str, from_on: Option<i32>, through_on: Option<i32>, today: i32) -> bool {
    state == "accepted" && from_on.is_some_and(|from| from <= today) && through_on.is_none_or(|last| today <= last)
}
