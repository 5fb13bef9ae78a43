//! The change stream (变更流): what changed in public, told by the order of the log. Here is how long a reader may stay away
//! and still go on from where it stood.
//!
//! Serves 鲁信用办〔2019〕8号 arts. 五, 七 (信息共享). What a change is and who is told it stands where rows are read.

use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days of editions that were enacted before there was a change stream.
const UNSAID_DAYS: u32 = 30;

/// The rules of the stream, in dated versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<StreamVersion>,
}

/// The rules of a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// True where a number is a setting of ours, for confirmation.
    #[serde(default)]
    pub unverified: bool,
    /// Days for which a reader may stay away.
    pub retention_days: u32,
}

impl Stream {
    /// Days for which a reader may stay away, by the rules of a day.
    #[must_use]
    pub fn retention_days(&self, day: Date) -> u32 {
        let in_force = self.versions.iter().rev().find(|v| holds_on(day, (v.effective_from, v.effective_to)));
        in_force.map_or(UNSAID_DAYS, |version| version.retention_days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_rules_of_the_day_say_how_long_a_reader_may_stay_away() {
        let version = |effective_from, effective_to, retention_days| StreamVersion {
            effective_from,
            effective_to,
            basis: Vec::new(),
            unverified: false,
            retention_days,
        };
        let versions =
            vec![version(date(2020, 1, 1), Some(date(2020, 12, 31)), 7), version(date(2021, 1, 1), None, 90)];
        let stream = Stream { versions, ..Stream::default() };
        let on = |day| stream.retention_days(day);
        assert_eq!([on(date(2020, 12, 31)), on(date(2021, 1, 1)), on(date(2019, 1, 1))], [7, 90, UNSAID_DAYS]);
    }
}
