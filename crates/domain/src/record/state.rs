//! The stored states of a record. *Public* and *ended* are not stored: they are computed from dates (CONTRACT §3).

use std::fmt;

/// Stored state of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// On the file; public while its dates say so.
    Accepted,
    /// On the file, publicity waits for a person.
    Held,
    /// Taken from publicity by decision (a stay, a shield).
    Hidden,
    /// Its base document was revoked, or its batch withdrawn.
    Withdrawn,
    /// Repaired: ended in every channel.
    Repaired,
    /// Content and salts are gone; the commitment stays.
    Erased,
}

impl State {
    /// Every state, in the order of a record's life.
    pub const ALL: [State; 6] =
        [State::Accepted, State::Held, State::Hidden, State::Withdrawn, State::Repaired, State::Erased];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            State::Accepted => "accepted",
            State::Held => "held",
            State::Hidden => "hidden",
            State::Withdrawn => "withdrawn",
            State::Repaired => "repaired",
            State::Erased => "erased",
        }
    }

    /// The state with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
