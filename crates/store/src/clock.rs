//! The one place that knows the time and takes chances. Everything else gets both as arguments.
//!
//! All civil dates are Asia/Shanghai whatever TZ says: UTC+8 without summer time since 1991.

use jiff::civil::Date;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

const MICROS_PER_DAY: i64 = 86_400_000_000;
const SHANGHAI_AHEAD_MICROS: i64 = 8 * 3_600_000_000;

/// Source of time and chance.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    Fixed {
        at: Arc<AtomicI64>,
        /// It is never moved ahead of the machine's clock.
        past_only: bool,
    },
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that stands at 12:00 Shanghai time of a day until it is moved: for the demonstration and tests.
    #[must_use]
    pub fn fixed(day: Date) -> Self {
        Self(Kind::Fixed { at: Arc::new(AtomicI64::new(noon(day))), past_only: false })
    }

    /// A clock that stands like [`Clock::fixed`], but never ahead of the machine's: for the demonstration, whose register goes on
    /// with the machine's clock. Before noon today it stands at the present moment.
    #[must_use]
    pub fn replayed(day: Date) -> Self {
        let clock = Self(Kind::Fixed { at: Arc::default(), past_only: true });
        clock.move_to(day);
        clock
    }

    /// Moves a fixed clock to the same time of another day. The machine's clock is not moved.
    pub fn move_to(&self, day: Date) {
        if let Kind::Fixed { at, past_only } = &self.0 {
            let latest = if *past_only { Self::system().now_micros() } else { i64::MAX };
            at.store(noon(day).min(latest), Ordering::Relaxed);
        }
    }

    /// Moves a fixed clock to the last microsecond of a day: whoever looks a second time looks on the next day.
    pub fn move_to_last_instant(&self, day: Date) {
        if let Kind::Fixed { at, .. } = &self.0 {
            let midnight = i64::from(credence_domain::record::value::day_number(day) + 1) * MICROS_PER_DAY;
            at.store(midnight - SHANGHAI_AHEAD_MICROS - 1, Ordering::Relaxed);
        }
    }

    /// Lets a fixed clock go on by so many seconds. The machine's clock is not moved.
    pub fn go_on(&self, seconds: u32) {
        if let Kind::Fixed { at, .. } = &self.0 {
            at.fetch_add(i64::from(seconds) * 1_000_000, Ordering::Relaxed);
        }
    }

    /// Now, in microseconds since 1970-01-01 UTC. A fixed clock moves by one microsecond at each look.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this is the one Clock")]
    pub fn now_micros(&self) -> i64 {
        match &self.0 {
            Kind::System => std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX)),
            Kind::Fixed { at, .. } => at.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Today in Asia/Shanghai.
    #[must_use]
    pub fn today(&self) -> Date {
        civil_date(self.now_micros())
    }

    /// A point from which to measure how long something takes.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this is the one Clock")]
    pub fn stopwatch() -> Stopwatch {
        Stopwatch(Instant::now())
    }
}

/// 12:00 Shanghai time of a day, in microseconds.
fn noon(day: Date) -> i64 {
    day_begins(day) + MICROS_PER_DAY / 2
}

/// The civil date (Asia/Shanghai) of an instant.
#[must_use]
pub fn civil_date(micros: i64) -> Date {
    let day = micros.saturating_add(SHANGHAI_AHEAD_MICROS).div_euclid(MICROS_PER_DAY);
    i32::try_from(day).ok().and_then(credence_domain::record::value::date_of).unwrap_or(Date::ZERO)
}

/// The instant at which a civil day (Asia/Shanghai) begins, in microseconds.
#[must_use]
pub fn day_begins(day: Date) -> i64 {
    i64::from(credence_domain::record::value::day_number(day)) * MICROS_PER_DAY - SHANGHAI_AHEAD_MICROS
}

/// The hour of an instant on the clocks of Asia/Shanghai, 0 to 23.
#[must_use]
pub fn local_hour(micros: i64) -> i8 {
    let hour = micros.saturating_add(SHANGHAI_AHEAD_MICROS).rem_euclid(MICROS_PER_DAY) / (3600 * 1_000_000);
    i8::try_from(hour).unwrap_or(0)
}

/// An instant as RFC 3339 in UTC with microseconds.
#[must_use]
pub fn instant_text(micros: i64) -> String {
    let day = i32::try_from(micros.div_euclid(MICROS_PER_DAY)).unwrap_or(0);
    let date = credence_domain::record::value::date_of(day).unwrap_or(Date::ZERO);
    let rest = micros.rem_euclid(MICROS_PER_DAY);
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    format!("{date}T{:02}:{:02}:{:02}.{fraction:06}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// An instant so many seconds later.
#[must_use]
pub fn seconds_after(micros: i64, seconds: i64) -> i64 {
    micros.saturating_add(seconds.saturating_mul(1_000_000))
}

/// The whole seconds since 1970 of an instant.
#[must_use]
pub fn whole_seconds(micros: i64) -> u64 {
    micros.div_euclid(1_000_000).max(0).unsigned_abs()
}

/// Measures elapsed time for progress and figures; never decides anything.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Time since it was started.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Random bytes from the operating system, fetched four kilobytes at a time.
#[derive(Debug)]
pub struct Chance {
    buffer: [u8; 4096],
    used: usize,
}

impl Default for Chance {
    fn default() -> Self {
        Self { buffer: [0; 4096], used: 4096 }
    }
}

impl Chance {
    /// Fresh random bytes.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    #[allow(clippy::disallowed_methods, reason = "this is the one source of chance")]
    pub fn bytes<const N: usize>(&mut self) -> crate::Result<[u8; N]> {
        if self.used + N > self.buffer.len() {
            getrandom::fill(&mut self.buffer).map_err(|error| std::io::Error::other(error.to_string()))?;
            self.used = 0;
        }
        let mut out = [0; N];
        for (to, from) in out.iter_mut().zip(self.buffer.iter_mut().skip(self.used)) {
            *to = std::mem::take(from);
        }
        self.used += N;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_civil_day_is_shanghais_whatever_the_machine_says() {
        // 2026-03-31T16:00:00Z is midnight of 1 April in Shanghai.
        let micros = 1_774_972_800_000_000;
        assert_eq!(instant_text(micros), "2026-03-31T16:00:00.000000Z");
        assert_eq!(civil_date(micros).to_string(), "2026-04-01");
        assert_eq!(civil_date(micros - 1).to_string(), "2026-03-31");
    }

    #[test]
    fn a_fixed_clock_stands_on_its_day() {
        let day = Date::new(2026, 11, 24).unwrap();
        assert_eq!(Clock::fixed(day).today(), day);
        let clock = Clock::fixed(day);
        clock.move_to_last_instant(day);
        assert_eq!([clock.today(), clock.today()], [day, day.tomorrow().unwrap()]);
    }
}
