//! What another platform must hold of one record, what is on its way there, and what it is known to hold.
//!
//! Packages are lost, doubled, late and out of order. Every version of a record has a number, and an answer names the version that
//! it is about: an answer that is older than the newest one changes nothing. So a record stands in exactly one state whatever
//! happens on the way, and [`Standing::found`] sets it right where the other side says what it holds.

use serde::{Deserialize, Serialize};

/// What is asked of the other platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// It holds nothing of the record yet.
    Insert,
    /// It holds another version.
    Update,
    /// The record is public no longer.
    Delete,
}

impl Verb {
    /// The stable code: `i`, `u` or `d`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Verb::Insert => "i",
            Verb::Update => "u",
            Verb::Delete => "d",
        }
    }

    /// The verb with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Verb::Insert, Verb::Update, Verb::Delete].into_iter().find(|verb| verb.code() == code)
    }
}

/// A row that is on its way: not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// What it asks.
    pub verb: Verb,
    /// Version of the record.
    pub version: i32,
    /// Number of the package.
    pub package: i64,
    /// Its line there, from 1.
    pub line: i64,
}

/// Where a record stands with the other platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It has to be sent.
    Due,
    /// It is on its way.
    Sent,
    /// The other platform holds what it must.
    Held,
    /// The other platform refused what it must hold; a person looks at it.
    Refused,
}

impl State {
    /// Every state.
    pub const ALL: [State; 4] = [State::Due, State::Sent, State::Held, State::Refused];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            State::Due => "due",
            State::Sent => "sent",
            State::Held => "held",
            State::Refused => "refused",
        }
    }

    /// The state with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What the other platform said of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What the row asked.
    pub verb: Verb,
    /// Version of the record in it.
    pub version: i32,
    /// The code and the field for which it was refused; none where it was taken.
    pub refused: Option<(String, String)>,
}

/// One record and one platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The version that must stand there; none where nothing must.
    pub wanted: Option<i32>,
    /// What is on its way.
    pub sent: Option<Sent>,
    /// The version that is known to stand there.
    pub held: Option<i32>,
    /// The newest version that may stand there: it was sent, and nothing newer was answered.
    pub tried: Option<i32>,
    /// The newest version of which an answer came.
    pub answered: i32,
    /// Why what it must hold was refused.
    pub refused: Option<(String, String)>,
}

impl Standing {
    /// A record that is public in a version, of which nothing was sent.
    #[must_use]
    pub fn new(version: i32) -> Self {
        Self { wanted: Some(version), ..Self::default() }
    }

    /// The record is public in a version.
    pub fn is_public(&mut self, version: i32) {
        self.want(Some(version));
    }

    /// The record is public no longer.
    pub fn is_gone(&mut self) {
        self.want(None);
    }

    fn want(&mut self, wanted: Option<i32>) {
        if self.wanted != wanted {
            self.wanted = wanted;
            self.refused = None;
        }
    }

    /// What the other platform holds once what is on its way has arrived.
    fn expected(&self) -> Option<i32> {
        match self.sent {
            Some(Sent { verb: Verb::Delete, .. }) => None,
            Some(sent) => Some(sent.version),
            None => self.held,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        let going = self.sent.is_some_and(|sent| sent.verb == Verb::Delete);
        let may_stand = self.wanted.is_none() && self.tried.is_some() && !going;
        if self.refused.is_some() {
            State::Refused
        } else if self.expected() != self.wanted || may_stand {
            State::Due
        } else if self.sent.is_some() {
            State::Sent
        } else {
            State::Held
        }
    }

    /// Whether nothing has to be known of it any more: it must not stand there, and does not.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.wanted.is_none() && self.held.is_none() && self.tried.is_none() && self.sent.is_none()
    }

    /// What has to be asked of the other platform; none where nothing has.
    #[must_use]
    pub fn next(&self) -> Option<(Verb, i32)> {
        if self.state() != State::Due {
            return None;
        }
        let there = self.held.max(self.tried);
        match (self.wanted, there) {
            (Some(version), None) => Some((Verb::Insert, version)),
            (Some(version), Some(_)) => Some((Verb::Update, version)),
            // The newest version that may stand there goes, and whatever is older with it.
            (None, there) => Some((Verb::Delete, there.unwrap_or_default().max(self.answered))),
        }
    }

    /// A row about it was put into a package.
    pub fn was_sent(&mut self, sent: Sent) {
        self.sent = Some(sent);
        if sent.verb != Verb::Delete {
            self.tried = self.tried.max(Some(sent.version));
        }
    }

    /// The other platform answered. What is older than the newest answer changes nothing.
    pub fn answer(&mut self, answer: &Answer) {
        let own = self.sent.is_some_and(|sent| (sent.verb, sent.version) == (answer.verb, answer.version));
        if own {
            self.sent = None;
        } else if answer.version < self.answered {
            return;
        }
        self.answered = self.answered.max(answer.version);
        self.tried = self.tried.filter(|tried| *tried > answer.version);
        match &answer.refused {
            None => {
                self.held = match answer.verb {
                    Verb::Delete => self.held.filter(|held| *held > answer.version),
                    Verb::Insert | Verb::Update => self.held.max(Some(answer.version)),
                };
            }
            // What it must not hold any more, or holds in another version, is no matter for a person.
            Some(refused) if own && self.still_wants(answer) => self.refused = Some(refused.clone()),
            Some(_) => {}
        }
    }

    fn still_wants(&self, answer: &Answer) -> bool {
        match answer.verb {
            Verb::Delete => self.wanted.is_none() && self.held.is_some(),
            Verb::Insert | Verb::Update => self.wanted == Some(answer.version),
        }
    }

    /// A package was not answered in time.
    pub fn was_lost(&mut self, package: i64) {
        if self.sent.is_some_and(|sent| sent.package == package) {
            self.sent = None;
        }
    }

    /// A person, or a code that says so, wants what was refused sent again.
    pub fn send_again(&mut self) {
        self.refused = None;
    }

    /// The other platform said what it holds, having worked off every package up to one.
    pub fn found(&mut self, theirs: Option<i32>, worked_off: i64) {
        if self.sent.is_some_and(|sent| sent.package <= worked_off) {
            self.sent = None;
        }
        if self.sent.is_none() {
            self.tried = None;
        }
        self.held = theirs;
        self.answered = self.answered.max(theirs.unwrap_or_default());
        if self.held == self.wanted {
            self.refused = None;
        }
    }
}
