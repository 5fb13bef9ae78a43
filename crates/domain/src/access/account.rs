//! The life of an account (账户): asked for, invited, active, suspended, ended. Nobody gives himself a right: an account is
//! entered by one administrator and gets its role by another.

use serde::{Deserialize, Serialize};

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Entered; its role waits for a second person.
    Proposed,
    /// The role was granted; its holder has not set a password.
    Invited,
    /// In use.
    Active,
    /// Cannot sign in until it is resumed.
    Suspended,
    /// Its holder has left; never used again.
    Ended,
}

/// What happens to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A second person grants the role.
    Grant,
    /// A second person refuses it.
    Refuse,
    /// Its holder takes up the invitation, or a reset.
    TakeUp,
    /// It is suspended.
    Suspend,
    /// It may sign in again.
    Resume,
    /// Its holder leaves.
    End,
}

/// An event that the state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The state that stands.
    pub state: AccountState,
    /// What was asked.
    pub event: Event,
}

impl AccountState {
    /// Every state.
    pub const ALL: [AccountState; 5] = [
        AccountState::Proposed,
        AccountState::Invited,
        AccountState::Active,
        AccountState::Suspended,
        AccountState::Ended,
    ];

    /// The state after an event.
    ///
    /// # Errors
    /// When this state does not allow it.
    pub fn after(self, event: Event) -> Result<AccountState, Refusal> {
        use AccountState::{Active, Ended, Invited, Proposed, Suspended};
        match (self, event) {
            (Proposed, Event::Grant) => Ok(Invited),
            (Proposed, Event::Refuse) => Ok(Ended),
            (Invited | Active, Event::TakeUp) => Ok(Active),
            (Invited | Active, Event::Suspend) => Ok(Suspended),
            // Whoever never set a password is invited anew by a reset.
            (Suspended, Event::Resume) => Ok(Active),
            (Proposed | Invited | Active | Suspended, Event::End) => Ok(Ended),
            (state, event) => Err(Refusal { state, event }),
        }
    }

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            AccountState::Proposed => "proposed",
            AccountState::Invited => "invited",
            AccountState::Active => "active",
            AccountState::Suspended => "suspended",
            AccountState::Ended => "ended",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            AccountState::Proposed => "待授权",
            AccountState::Invited => "待启用",
            AccountState::Active => "在用",
            AccountState::Suspended => "已停用",
            AccountState::Ended => "已注销",
        }
    }

    /// The state with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<AccountState> {
        AccountState::ALL.into_iter().find(|state| state.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ended_account_stays_ended_and_nobody_signs_in_before_a_second_person_agreed() {
        for event in [Event::Grant, Event::Refuse, Event::TakeUp, Event::Suspend, Event::Resume, Event::End] {
            assert!(AccountState::Ended.after(event).is_err());
        }
        assert!(AccountState::Proposed.after(Event::TakeUp).is_err());
        assert_eq!(AccountState::Proposed.after(Event::Grant), Ok(AccountState::Invited));
        assert_eq!(AccountState::Suspended.after(Event::Resume), Ok(AccountState::Active));
        assert!(AccountState::Suspended.after(Event::TakeUp).is_err());
    }

    #[test]
    fn every_state_is_found_by_its_code() {
        for state in AccountState::ALL {
            assert_eq!(AccountState::from_code(state.code()), Some(state));
        }
    }
}
