//! What is measured of requests: how many by route and status, how long they took. No address, no subject, no query.

use crate::AppState;
use crate::route::Kind;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use credence_app::status::Status;
use credence_app::{Clock, Stopwatch};
use credence_domain::service_level::{Counted, Tier};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the histogram, in microseconds.
const BOUNDS_MICROS: [u64; 9] = [500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000, 10_000_000];

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    count: u64,
    micros: u64,
    /// How many took at most the bound of the same place.
    within: [u64; BOUNDS_MICROS.len()],
}

/// Minutes that are kept by tier.
const MINUTES: usize = 60;

/// What was counted of every tier in one minute since the start.
#[derive(Clone, Copy, Debug, Default)]
struct Minute {
    number: u64,
    tiers: [Counted; Tier::ALL.len()],
}

/// Counts since the start.
#[derive(Debug)]
pub(crate) struct Metrics {
    routes: Mutex<BTreeMap<(&'static str, u16), Seen>>,
    minutes: Mutex<[Minute; MINUTES]>,
    since: Stopwatch,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { routes: Mutex::default(), minutes: Mutex::new([Minute::default(); MINUTES]), since: Clock::stopwatch() }
    }
}

/// The tier of a request: by what the route answers with, and whether something is done.
fn tier(kind: Kind, method: &Method) -> Option<Tier> {
    match kind {
        Kind::Asset | Kind::Operation => None,
        _ if !method.is_safe() => Some(Tier::Act),
        Kind::Page | Kind::File => Some(Tier::Page),
        Kind::Api => Some(Tier::Query),
    }
}

impl Metrics {
    fn count(&self, route: &'static str, status: u16, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let mut counted = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = counted.entry((route, status)).or_default();
        seen.count += 1;
        seen.micros = seen.micros.saturating_add(micros);
        for (within, bound) in seen.within.iter_mut().zip(BOUNDS_MICROS) {
            *within += u64::from(micros <= bound);
        }
    }

    fn minute(&self) -> u64 {
        self.since.elapsed().as_secs() / 60
    }

    fn count_tier(&self, tier: Tier, status: u16, took: Duration) {
        let number = self.minute();
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(minute) = minutes.get_mut((number % MINUTES as u64) as usize) else { return };
        if minute.number != number {
            *minute = Minute { number, ..Minute::default() };
        }
        if let Some(counted) = Tier::ALL.iter().position(|one| *one == tier).and_then(|at| minute.tiers.get_mut(at)) {
            counted.add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), status >= 500);
        }
    }

    /// What was counted of a tier in the last minutes, this one among them.
    pub(crate) fn of_tier(&self, tier: Tier, minutes: u32) -> Counted {
        let now = self.minute();
        let kept = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = Counted::default();
        for minute in kept.iter().filter(|minute| minute.number + u64::from(minutes) > now && minute.number <= now) {
            let at = Tier::ALL.iter().position(|one| *one == tier);
            at.and_then(|at| minute.tiers.get(at)).inspect(|counted| all.merge(counted));
        }
        all
    }

    /// The text that Prometheus reads (exposition format 0.0.4), with the platform's standing.
    pub(crate) fn text(&self, status: &Status) -> String {
        let mut out = String::new();
        let counted = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        head(&mut out, "credence_requests_total", "counter", "Requests by route and status.");
        for ((route, status), seen) in counted.iter() {
            let _ = writeln!(out, "credence_requests_total{{route=\"{route}\",status=\"{status}\"}} {}", seen.count);
        }
        let mut routes: BTreeMap<&str, Seen> = BTreeMap::new();
        for ((route, _), seen) in counted.iter() {
            let all = routes.entry(route).or_default();
            all.count += seen.count;
            all.micros = all.micros.saturating_add(seen.micros);
            all.within.iter_mut().zip(seen.within).for_each(|(all, one)| *all += one);
        }
        drop(counted);
        head(&mut out, "credence_request_seconds", "histogram", "How long requests took, by route.");
        for (route, seen) in routes {
            for (bound, within) in BOUNDS_MICROS.iter().zip(seen.within) {
                let bound = seconds(*bound);
                let _ = writeln!(out, "credence_request_seconds_bucket{{route=\"{route}\",le=\"{bound}\"}} {within}");
            }
            let _ = writeln!(out, "credence_request_seconds_bucket{{route=\"{route}\",le=\"+Inf\"}} {}", seen.count);
            let _ = writeln!(out, "credence_request_seconds_sum{{route=\"{route}\"}} {}", seconds(seen.micros));
            let _ = writeln!(out, "credence_request_seconds_count{{route=\"{route}\"}} {}", seen.count);
        }
        for (name, kind, help, value) in [
            ("credence_log_size", "gauge", "Acts in the public log.", status.log_size),
            ("credence_acts_pending", "gauge", "Acts that wait for their place in the log.", status.pending),
            ("credence_batches_total", "counter", "Batches received.", status.batches),
            ("credence_rows_read_total", "counter", "Rows read by imports.", status.rows_read),
            ("credence_rows_rejected_total", "counter", "Rows refused by imports.", status.rows_rejected),
            ("credence_webhooks_active", "gauge", "Webhooks that are brought to.", status.webhooks.active),
            ("credence_webhooks_paused", "gauge", "Webhooks that are paused.", status.webhooks.paused),
            (
                "credence_webhooks_failing",
                "gauge",
                "Active webhooks that wait after a failure.",
                status.webhooks.failing,
            ),
            ("credence_mail_waiting", "gauge", "Notices on their way by mail.", status.mail.waiting),
            ("credence_mail_failing", "gauge", "Notices on their way by mail after a failure.", status.mail.failing),
            ("credence_mail_dead", "gauge", "Notices whose mail lies as a dead letter.", status.mail.dead),
            ("credence_mail_sent_total", "counter", "Notices that the mail server has taken.", status.mail.sent),
        ] {
            head(&mut out, name, kind, help);
            let _ = writeln!(out, "{name} {value}");
        }
        out
    }
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

/// Microseconds as seconds, without rounding.
fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// Counts a request under the route that it was for.
pub(crate) async fn count(
    State((state, route, kind)): State<(AppState, &'static str, Kind)>,
    asked: Request,
    next: Next,
) -> Response {
    let (watch, tier) = (Clock::stopwatch(), tier(kind, asked.method()));
    let response = next.run(asked).await;
    let (status, took) = (response.status().as_u16(), watch.elapsed());
    state.metrics().count(route, status, took);
    if let Some(tier) = tier {
        state.metrics().count_tier(tier, status, took);
    }
    response
}
