//! The other platform's copy of a record beside ours: where they differ, theirs is shown as far as it shows less, and the difference
//! is a task for a person. It never makes anything public that has ended here (信用修复管理办法: one window; 山东省社会信用条例 三十八).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the other platform says of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    /// It is public, through a day where it says so.
    Public(Option<Date>),
    /// It is public no longer: repaired, removed or withdrawn there.
    Ended,
}

/// How the copies differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// There it has ended, here it is public: it is taken from publicity here until a person has looked.
    EndedThere,
    /// There it is public, here it has ended: the other platform is asked again to take it down.
    StillThere,
    /// Both show it, with different last days.
    OtherLastDay,
}

impl Difference {
    /// Every kind.
    pub const ALL: [Difference; 3] = [Difference::EndedThere, Difference::StillThere, Difference::OtherLastDay];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Difference::EndedThere => "ended_there",
            Difference::StillThere => "still_there",
            Difference::OtherLastDay => "other_last_day",
        }
    }

    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// How it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Difference::EndedThere => "国家平台已终止公示，本平台仍在公示",
            Difference::StillThere => "本平台已终止公示，国家平台仍在公示",
            Difference::OtherLastDay => "两平台公示截止日不同",
        }
    }

    /// Compares what is public here, through a day where one is known, with what the other platform says.
    #[must_use]
    pub fn of(here: Option<Option<Date>>, there: There) -> Option<Self> {
        match (here, there) {
            (Some(_), There::Ended) => Some(Difference::EndedThere),
            (None, There::Public(_)) => Some(Difference::StillThere),
            (Some(Some(ours)), There::Public(Some(theirs))) if ours != theirs => Some(Difference::OtherLastDay),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn copies_differ_where_one_shows_what_the_other_does_not_or_through_another_day() {
        let (one, other) = (date(2027, 3, 1), date(2028, 3, 1));
        for (here, there, expected) in [
            (Some(Some(one)), There::Public(Some(one)), None),
            (Some(Some(one)), There::Public(None), None),
            (Some(None), There::Public(Some(one)), None),
            (None, There::Ended, None),
            (Some(Some(one)), There::Public(Some(other)), Some(Difference::OtherLastDay)),
            (Some(Some(one)), There::Ended, Some(Difference::EndedThere)),
            (None, There::Public(Some(one)), Some(Difference::StillThere)),
        ] {
            assert_eq!(Difference::of(here, there), expected, "{here:?} {there:?}");
        }
        for kind in Difference::ALL {
            assert_eq!(Difference::from_code(kind.code()), Some(kind));
        }
    }
}
