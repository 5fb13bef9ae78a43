//! What happens when a row meets the record that already has its identity (CONTRACT §3, ownership and ended records).

use super::{Operation, State};
use jiff::civil::Date;

/// The stored record, as far as the rule looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The owner: the deciding authority once it has sent the record, before that the first sender.
    pub owner: &'a str,
    /// The deciding authority.
    pub authority: &'a str,
    /// Stored state.
    pub state: State,
    /// Why it is withdrawn or held.
    pub hold: &'a str,
    /// Last public day.
    pub public_through_on: Option<Date>,
}

/// The `hold` of a record that only a withdrawn batch had made: it may be sent again.
pub const WITHDRAWN_WITH_BATCH: &str = "batch_withdrawn";

/// The `hold` of a record that a row with the right identity has replaced: it never becomes public again.
pub const REPLACED: &str = "replaced";

/// The `hold` of a record that its owner took back (operation `d`): it never becomes public again by being sent again.
pub const WITHDRAWN_BY_OWNER: &str = "owner_withdrawn";

/// The `hold` of a record that was withdrawn because an objection against it was upheld: it never becomes public again by being
/// sent again.
pub const WITHDRAWN_ON_OBJECTION: &str = "objection_upheld";

/// What becomes of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// Equal content from a known source: nothing is written.
    Unchanged,
    /// Equal content from another unit: one record, one more source.
    AddSource,
    /// Equal content from the deciding authority: it becomes the owner.
    TakeOver,
    /// Other content from the owner or the authority: a new version.
    Correct,
    /// The rules refuse the row with this code.
    Refuse(&'static str),
}

/// Decides the meeting of a row from `sender` with a stored record. `equal` says whether the contents are the same;
/// an erased record has nothing to compare with.
#[must_use]
pub fn meet(standing: Standing<'_>, sender: &str, equal: bool, today: Date) -> Meeting {
    let ended = match standing.state {
        State::Repaired | State::Erased => true,
        State::Withdrawn => standing.hold != WITHDRAWN_WITH_BATCH,
        State::Accepted | State::Held | State::Hidden => standing.public_through_on.is_some_and(|last| last < today),
    };
    let may_correct = sender == standing.owner || sender == standing.authority;
    match (ended, equal) {
        (true, true) => Meeting::Unchanged,
        (true, false) => Meeting::Refuse("record_ended"),
        (false, _) if standing.state == State::Withdrawn => Meeting::Correct,
        (false, true) if sender == standing.owner => Meeting::Unchanged,
        (false, true) if sender == standing.authority => Meeting::TakeOver,
        (false, true) => Meeting::AddSource,
        (false, false) if may_correct => Meeting::Correct,
        (false, false) => Meeting::Refuse("owned_by_other_source"),
    }
}

/// What becomes of the row where its sender says which operation it is. An equal content is no contradiction to `i`: what is
/// sent twice changes nothing.
#[must_use]
pub fn asked(operation: Option<Operation>, standing: State, meeting: Meeting) -> Meeting {
    match (operation, meeting) {
        (Some(Operation::Insert), Meeting::Correct) if standing != State::Withdrawn => Meeting::Refuse("record_exists"),
        (Some(Operation::Update), Meeting::Correct) if standing == State::Withdrawn => {
            Meeting::Refuse("record_unknown")
        }
        _ => meeting,
    }
}

/// Whether a record may be taken back: by its owner or the authority that decided it, while it stands.
#[must_use]
pub fn take_back(standing: Standing<'_>, sender: &str, today: Date) -> Meeting {
    let ended = standing.public_through_on.is_some_and(|last| last < today);
    match standing.state {
        _ if sender != standing.owner && sender != standing.authority => Meeting::Refuse("owned_by_other_source"),
        State::Withdrawn => Meeting::Unchanged,
        State::Repaired | State::Erased => Meeting::Refuse("record_ended"),
        _ if ended => Meeting::Refuse("record_ended"),
        State::Accepted | State::Held | State::Hidden => Meeting::Correct,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(state: State) -> Standing<'static> {
        Standing {
            owner: "first",
            authority: "authority",
            state,
            hold: "",
            public_through_on: Date::new(2026, 12, 31).ok(),
        }
    }

    fn day(month: i8) -> Date {
        Date::new(if month > 12 { 2027 } else { 2026 }, (month - 1) % 12 + 1, 1).unwrap()
    }

    #[test]
    fn only_the_owner_or_the_authority_corrects() {
        assert_eq!(meet(standing(State::Accepted), "first", false, day(1)), Meeting::Correct);
        assert_eq!(meet(standing(State::Accepted), "authority", false, day(1)), Meeting::Correct);
        assert_eq!(meet(standing(State::Held), "other", false, day(1)), Meeting::Refuse("owned_by_other_source"));
    }

    #[test]
    fn equal_content_from_another_unit_adds_a_source_and_from_the_authority_takes_over() {
        assert_eq!(meet(standing(State::Accepted), "other", true, day(1)), Meeting::AddSource);
        assert_eq!(meet(standing(State::Accepted), "authority", true, day(1)), Meeting::TakeOver);
        assert_eq!(meet(standing(State::Accepted), "first", true, day(1)), Meeting::Unchanged);
    }

    #[test]
    fn an_ended_record_never_comes_back_by_being_sent_again() {
        for (state, today) in [(State::Repaired, 1), (State::Erased, 1), (State::Withdrawn, 1), (State::Accepted, 13)] {
            assert_eq!(meet(standing(state), "first", false, day(today)), Meeting::Refuse("record_ended"), "{state}");
            assert_eq!(meet(standing(state), "first", true, day(today)), Meeting::Unchanged, "{state}");
        }
    }

    #[test]
    fn what_only_a_withdrawn_batch_had_made_may_be_sent_again() {
        let standing = Standing { hold: WITHDRAWN_WITH_BATCH, ..standing(State::Withdrawn) };
        assert_eq!(meet(standing, "first", true, day(1)), Meeting::Correct);
    }

    #[test]
    fn a_new_record_must_be_new_and_a_correction_must_find_one() {
        let (insert, update) = (Some(Operation::Insert), Some(Operation::Update));
        assert_eq!(asked(insert, State::Accepted, Meeting::Correct), Meeting::Refuse("record_exists"));
        assert_eq!(asked(insert, State::Withdrawn, Meeting::Correct), Meeting::Correct);
        assert_eq!(asked(update, State::Withdrawn, Meeting::Correct), Meeting::Refuse("record_unknown"));
        assert_eq!(asked(update, State::Accepted, Meeting::Correct), Meeting::Correct);
        for meeting in [Meeting::Unchanged, Meeting::AddSource, Meeting::TakeOver] {
            assert_eq!(asked(insert, State::Accepted, meeting), meeting);
        }
    }

    #[test]
    fn only_the_owner_or_the_authority_takes_back_and_only_what_stands() {
        for sender in ["first", "authority"] {
            assert_eq!(take_back(standing(State::Held), sender, day(1)), Meeting::Correct);
            assert_eq!(take_back(standing(State::Withdrawn), sender, day(1)), Meeting::Unchanged);
            assert_eq!(take_back(standing(State::Repaired), sender, day(1)), Meeting::Refuse("record_ended"));
            assert_eq!(take_back(standing(State::Accepted), sender, day(13)), Meeting::Refuse("record_ended"));
        }
        let other = take_back(standing(State::Withdrawn), "other", day(1));
        assert_eq!(other, Meeting::Refuse("owned_by_other_source"));
    }
}
