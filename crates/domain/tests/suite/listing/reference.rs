//! The model: what matters of a case, and chance. It shares no code with the room.

use super::{BOOK, PROPOSER};
use jiff::civil::{Date, date};

/// SplitMix64.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    pub fn often(&mut self) -> bool {
        self.below(8) > 0
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    pub fn text(&mut self, text: &str) -> String {
        if self.often() { text.to_owned() } else { " ".to_owned() }
    }
}

/// Where the model's case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Proposed,
    Notified,
    Listed,
    NotListed,
    Withdrawn,
    Delisted,
}

/// A hearing: for which day it was called, when its notice was written and served, whether it was held.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hearing {
    pub called: Option<Date>,
    pub made: Option<Date>,
    pub told: Option<Date>,
    pub held: bool,
}

/// The model: what matters of a case, and nothing else.
#[derive(Clone, Debug)]
pub struct Model {
    pub stage: Stage,
    pub began: Date,
    pub served: Date,
    pub due: Date,
    pub waived: bool,
    /// Answered or not, by statement.
    pub statements: Vec<bool>,
    /// The hearing, where one was asked for.
    pub hearing: Option<Hearing>,
    pub listed: Date,
    pub through: Date,
    pub measures: usize,
    /// Day of filing, since when stayed, whether decided, by number.
    pub remedies: [Option<(Date, Option<Date>, bool)>; 2],
    /// Who entered each.
    pub filed_by: [Option<&'static str>; 2],
    pub decision_served: bool,
    pub removal_served: bool,
}

/// Five working days on, counted one by one.
pub fn five_working_days(from: Date) -> Date {
    let mut day = from;
    for _ in 0..5 {
        day = day.tomorrow().unwrap();
        while !BOOK.calendar.is_working_day(day).unwrap() {
            day = day.tomorrow().unwrap();
        }
    }
    day
}

/// The same day three years on, the last of February for a leap day.
pub fn three_years(from: Date) -> Date {
    Date::new(from.year() + 3, from.month(), from.day()).unwrap_or_else(|_| date(from.year() + 3, 2, 28))
}

impl Model {
    pub fn new(began: Date) -> Self {
        Self {
            stage: Stage::Proposed,
            began,
            served: began,
            due: began,
            waived: false,
            statements: Vec::new(),
            hearing: None,
            listed: began,
            through: began,
            measures: 0,
            remedies: [None, None],
            filed_by: [None, None],
            decision_served: false,
            removal_served: false,
        }
    }

    pub fn stayed(&self) -> bool {
        self.remedies.iter().flatten().any(|(_, since, _)| since.is_some())
    }

    pub fn code(&self) -> &'static str {
        match self.stage {
            Stage::Proposed => "proposed",
            Stage::Notified => "notified",
            Stage::Listed => "listed",
            Stage::NotListed => "not_listed",
            Stage::Withdrawn => "withdrawn",
            Stage::Delisted => "delisted",
        }
    }

    /// Whether somebody may decide: the heart of the law, in five lines.
    pub fn ripe(&self, by: &str, today: Date) -> bool {
        self.stage == Stage::Notified
            && by != PROPOSER
            && (self.waived || today > self.due)
            && self.statements.iter().all(|answered| *answered)
            && self.hearing.is_none_or(|hearing| hearing.held)
    }

    pub fn open(&self) -> bool {
        matches!(self.stage, Stage::Proposed | Stage::Notified)
    }
}
