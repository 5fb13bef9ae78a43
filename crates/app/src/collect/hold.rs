//! Why a whole batch waits before it becomes public: no secrecy review, a unit's first batches over HTTP, or one far above
//! its usual size. A person then looks at what came and releases it (`credence batch release`). Until one is released, every
//! batch is a first one: a second that is sent meanwhile would else pass unseen.

use super::file::Incoming;
use crate::Result;
use credence_store::batch::SentOverHttp;

/// No secrecy review (保密审查) is recorded.
pub const NO_SECRECY_REVIEW: &str = "no_secrecy_review";
/// None of the unit's batches over HTTP has been released yet.
pub const FIRST_HTTP_BATCH: &str = "first_http_batch";
/// More than [`UNUSUAL_TIMES`] times the unit's usual size.
pub const UNUSUAL_VOLUME: &str = "unusual_volume";

/// A batch over HTTP above so many times the median of those before waits, and so does one with which a day exceeds as many
/// times the median of the days before: many small batches are as unusual as a large one.
const UNUSUAL_TIMES: i64 = 10;

/// The code of a stored batch's hold; empty when it need not wait.
#[must_use]
pub fn of_batch(hold: &str) -> &'static str {
    match hold {
        NO_SECRECY_REVIEW => NO_SECRECY_REVIEW,
        FIRST_HTTP_BATCH => FIRST_HTTP_BATCH,
        UNUSUAL_VOLUME => UNUSUAL_VOLUME,
        _ => "",
    }
}

/// Whether a file that arrived over HTTP waits, after what the unit has sent so before.
///
/// # Errors
/// When the file cannot be read.
pub fn of_arrival(earlier: &SentOverHttp, file: &Incoming) -> Result<&'static str> {
    // Of two in the middle the smaller: one large batch makes the next no more usual.
    let median = |ascending: &[i64]| ascending.get(ascending.len().saturating_sub(1) / 2).copied();
    let Some(usual) = median(&earlier.rows) else { return Ok(FIRST_HTTP_BATCH) };
    let most = |usual: i64| usual.max(1).saturating_mul(UNUSUAL_TIMES);
    let left_today = median(&earlier.days).map(|day| most(day.max(usual)) - earlier.same_day);
    let most = left_today.map_or(most(usual), |left| most(usual).min(left));
    let mut rows = file.rows()?;
    for _ in 0..=most {
        if rows.next_row()?.is_none() {
            return Ok("");
        }
    }
    Ok(UNUSUAL_VOLUME)
}
