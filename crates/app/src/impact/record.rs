//! Records under both editions: which of them say different things, and what would then be stored.

use super::edition::Edition;
use super::{RecordImpact, RecordMove, Standing};
use crate::verify::case::Case;
use credence_domain::canonical::hex;
use credence_domain::directory::Directory;
use credence_domain::record::State;
use credence_domain::record::review::PERSONAL_NUMBER;
use credence_domain::record::value::{date_of, day_number};
use credence_domain::rulebook::Rulebook;
use credence_store::arrival::{Dates, first_public_day};
use jiff::civil::Date;
use std::sync::Arc;

/// What the rules say of a record, in the form in which it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) class: Arc<str>,
    pub(super) hold: String,
    pub(super) from_on: Option<i32>,
    pub(super) through_on: Option<i32>,
    pub(super) repair_from_on: Option<i32>,
}

/// A record before and after; `after` is `before` where it does not move.
pub(super) struct Judged {
    pub(super) before: Days,
    pub(super) after: Days,
}

/// Judges one record after another.
pub(super) struct Judging<'r> {
    enacted: Edition<'r>,
    new: Edition<'r>,
    day: Date,
    examples: usize,
    pub(super) done: RecordImpact,
}

/// What both editions say of one record.
struct Said {
    dates: Option<Dates>,
    hold: &'static str,
}

impl Said {
    /// Both say the same, deadlines and names of packs apart, which move nobody.
    fn agrees(&self, other: &Self) -> bool {
        let of = |dates: &Dates| (dates.public, dates.class.clone(), dates.through_on, dates.repair_from_on);
        self.hold == other.hold && self.dates.as_ref().map(of) == other.dates.as_ref().map(of)
    }
}

impl<'r> Judging<'r> {
    pub(super) fn new(
        enacted: &'r Rulebook,
        new: &'r Rulebook,
        units: Arc<Directory>,
        day: Date,
        examples: usize,
    ) -> Self {
        let (enacted, new) = (Edition::new(enacted, Arc::clone(&units)), Edition::new(new, units));
        Self { enacted, new, day, examples, done: RecordImpact::default() }
    }

    /// Judges a record; nothing for one that has ended, was withdrawn, repaired or erased, or cannot be read.
    pub(super) fn judge(&mut self, case: &Case<'_>) -> Option<Judged> {
        let stored = case.stored;
        let state = State::from_code(&stored.state)?;
        let stands = matches!(state, State::Accepted | State::Held | State::Hidden);
        if !stands || case.body.is_none() || stored.through_on.is_some_and(|last| last < day_number(self.day)) {
            return None;
        }
        let received_on = case.header?.as_of?;
        let published_on = stored.published_on.and_then(date_of).unwrap_or(received_on);
        let before = Days {
            class: stored.class.as_str().into(),
            hold: stored.hold.clone(),
            from_on: stored.from_on,
            through_on: stored.through_on,
            repair_from_on: stored.repair_from_on,
        };
        self.done.examined += 1;
        let holds = self.holds(case, state, received_on);
        let enacted = Said { dates: self.enacted.dates(case, received_on, published_on), hold: holds.0 };
        let mut new = Said { dates: self.new.dates(case, received_on, published_on), hold: holds.1 };
        if enacted.agrees(&new) {
            return Some(Judged { after: before.clone(), before });
        }
        let (state, hold) = match (enacted.hold == new.hold, new.hold) {
            (true, _) => (state, before.hold.clone()),
            (false, "") => (State::Accepted, String::new()),
            (false, hold) => (State::Held, hold.to_owned()),
        };
        if state == State::Accepted && stored.published_on.is_none() && stored.state != state.code() {
            // Let go, it is first public on the day itself, from which some packs count.
            new.dates = self.new.dates(case, received_on, self.day);
        }
        let dates = new.dates.unwrap_or_default();
        let after = Days {
            from_on: first_public_day(&dates, state, stored.from_on, day_number(self.day)),
            class: dates.class.clone(),
            hold,
            through_on: dates.through_on,
            repair_from_on: dates.repair_from_on,
        };
        if before != after {
            self.count(case, &before, &after, &dates.pack);
        }
        Some(Judged { before, after })
    }

    /// What both editions would hold the record back for, apart from what a person has looked at. Where a whole batch
    /// waits, or the record is hidden, its own reason decides nothing.
    fn holds(&mut self, case: &Case<'_>, state: State, received_on: Date) -> (&'static str, &'static str) {
        let waits = case.origin.is_some_and(|origin| matches!(origin.batch_state.as_str(), "held" | "running"));
        let looked_at = match state {
            State::Accepted => self.enacted.hold(case, received_on, ""),
            State::Held if waits => return ("", ""),
            State::Held if case.stored.hold == PERSONAL_NUMBER => PERSONAL_NUMBER,
            State::Held => "",
            _ => return ("", ""),
        };
        (self.enacted.hold(case, received_on, looked_at), self.new.hold(case, received_on, looked_at))
    }

    fn count(&mut self, case: &Case<'_>, before: &Days, after: &Days, pack_after: &str) {
        let stored = case.stored;
        self.done.moved += 1;
        for (what, moves) in [
            ("public_from_on", before.from_on != after.from_on),
            ("public_through_on", before.through_on != after.through_on),
            ("repair_from_on", before.repair_from_on != after.repair_from_on),
            ("class", before.class != after.class),
            ("hold", before.hold != after.hold),
        ] {
            if moves {
                *self.done.by_change.entry(what).or_default() += 1;
            }
        }
        *self.done.by_item.entry(stored.item.clone()).or_default() += 1;
        let pack = if stored.pack.is_empty() { "-" } else { &stored.pack };
        *self.done.by_pack.entry(pack.to_owned()).or_default() += 1;
        if self.done.examples.len() < self.examples {
            self.done.examples.push(RecordMove {
                id: hex(&stored.reference),
                uscc: stored.uscc.clone(),
                item: stored.item.clone(),
                before: standing(before, &stored.pack),
                after: standing(after, pack_after),
            });
        }
    }
}

fn standing(days: &Days, pack: &str) -> Standing {
    Standing {
        pack: pack.to_owned(),
        class: days.class.to_string(),
        hold: days.hold.clone(),
        public_from_on: days.from_on.and_then(date_of),
        public_through_on: days.through_on.and_then(date_of),
        repair_from_on: days.repair_from_on.and_then(date_of),
    }
}
