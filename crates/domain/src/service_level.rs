//! Service levels (服务水平): what the platform promises to those who ask it, and whether it was kept.
//!
//! Serves 鲁信用办〔2019〕8号 art. 五. A promise is a dated rule; requests are counted where they are answered.

use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Times by which answers are counted, in milliseconds: a promise names one of them.
pub const WITHIN_MS: [u32; 6] = [5, 10, 50, 250, 1_000, 10_000];

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// A page, or a file of one.
    Page,
    /// An answer for programs.
    Query,
    /// Something that is sent or done.
    Act,
}

impl Tier {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Page, Self::Query, Self::Act];
}

/// The rules, in dated versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceLevels {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<ServiceLevelsVersion>,
}

/// The rules of a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceLevelsVersion {
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
    /// Over how many minutes it is judged, 60 at most.
    pub window_minutes: u32,
    /// The promises.
    #[serde(rename = "tier", default)]
    pub tiers: Vec<Promise>,
}

/// What is promised of one tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// Which requests.
    pub code: Tier,
    /// Chinese name.
    pub name: String,
    /// So many requests in a thousand …
    pub share_per_mille: u32,
    /// … are answered within this time, in milliseconds.
    pub within_ms: u32,
    /// So many in a thousand are answered without a fault of the platform.
    pub available_per_mille: u32,
}

impl ServiceLevels {
    /// The rules of a day; nothing where an edition promises nothing.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&ServiceLevelsVersion> {
        self.versions.iter().rev().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}

/// What was counted of one tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Requests.
    pub requests: u64,
    /// Those that a fault of the platform kept from being answered.
    pub faults: u64,
    /// How many took at most the time of the same place in [`WITHIN_MS`].
    pub within: [u64; WITHIN_MS.len()],
}

impl Counted {
    /// Adds one request.
    pub fn add(&mut self, micros: u64, fault: bool) {
        self.requests += 1;
        self.faults += u64::from(fault);
        for (within, bound) in self.within.iter_mut().zip(WITHIN_MS) {
            *within += u64::from(micros <= u64::from(bound) * 1_000);
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &Self) {
        self.requests += other.requests;
        self.faults += other.faults;
        self.within.iter_mut().zip(other.within).for_each(|(all, one)| *all += one);
    }
}

/// A promise beside what was measured. Shares are rounded down: a promise that was missed by one request is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The promise.
    #[serde(flatten)]
    pub promise: Promise,
    /// Requests in the window.
    pub requests: u64,
    /// In a thousand, answered in time; nothing where nobody asked.
    pub measured_share_per_mille: Option<u32>,
    /// In a thousand, answered without a fault.
    pub measured_available_per_mille: Option<u32>,
    /// Both were kept; nothing where nobody asked.
    pub kept: Option<bool>,
}

/// Judges a promise by what was counted.
#[must_use]
pub fn judge(promise: &Promise, counted: &Counted) -> Standing {
    let place = WITHIN_MS.iter().position(|bound| *bound == promise.within_ms);
    let in_time = place.and_then(|place| counted.within.get(place)).copied().unwrap_or_default();
    let share = |part: u64| {
        (counted.requests > 0).then(|| u32::try_from(part.saturating_mul(1_000) / counted.requests).unwrap_or(1_000))
    };
    let (measured, available) = (share(in_time), share(counted.requests.saturating_sub(counted.faults)));
    let kept = measured
        .zip(available)
        .map(|(in_time, answered)| in_time >= promise.share_per_mille && answered >= promise.available_per_mille);
    Standing {
        promise: promise.clone(),
        requests: counted.requests,
        measured_share_per_mille: measured,
        measured_available_per_mille: available,
        kept,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promise() -> Promise {
        Promise {
            code: Tier::Query,
            name: "接口查询".to_owned(),
            share_per_mille: 990,
            within_ms: 50,
            available_per_mille: 999,
        }
    }

    #[test]
    fn a_promise_missed_by_one_request_is_not_kept() {
        let mut counted = Counted::default();
        assert_eq!(judge(&promise(), &counted).kept, None);
        for _ in 0..990 {
            counted.add(50_000, false);
        }
        for _ in 0..10 {
            counted.add(50_001, false);
        }
        let standing = judge(&promise(), &counted);
        assert_eq!((standing.measured_share_per_mille, standing.kept), (Some(990), Some(true)));
        counted.add(50_001, false);
        assert_eq!(judge(&promise(), &counted).kept, Some(false));
        let mut faults = Counted::default();
        for n in 0..1_000 {
            faults.add(1, n < 2);
        }
        let standing = judge(&promise(), &faults);
        assert_eq!((standing.measured_available_per_mille, standing.kept), (Some(998), Some(false)));
        let mut both = counted;
        both.merge(&faults);
        assert_eq!((both.requests, both.faults), (2_001, 2));
    }
}
