//! The edition of the rulebook by which answers are given: the one enacted last, whoever enacted it and in whichever process.
//! It is looked up at most once a second, when something is asked; a request that has begun keeps its edition, and its day, to
//! the end.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use credence_app::Service;
use jiff::civil::Date;
use std::cell::OnceCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::time::Instant;

/// How often the edition is looked up.
const LOOKED_UP_EVERY: Duration = Duration::from_secs(1);

tokio::task_local! {
    /// The service of the request under way, from its first question on.
    static HELD: OnceCell<Arc<Service>>;
    /// The day of the request under way, from its first look at the clock on.
    static DAY: OnceCell<Date>;
}

/// Lets everything that a request asks be of one edition.
pub(crate) async fn hold(request: Request, next: Next) -> Response {
    HELD.scope(OnceCell::new(), DAY.scope(OnceCell::new(), next.run(request))).await
}

/// The service that the request under way holds.
pub(crate) fn held() -> Option<Arc<Service>> {
    HELD.try_with(|held| held.get().cloned()).ok().flatten()
}

/// Holds a service for the request under way.
pub(crate) fn keep(service: &Arc<Service>) {
    // Outside a request there is nothing to hold it for, and what is held already stays.
    let _ = HELD.try_with(|held| held.set(Arc::clone(service)));
}

/// The day of the request under way: the clock is looked at once, whatever of the request asks first.
pub(crate) fn day(look: impl FnOnce() -> Date) -> Date {
    match DAY.try_with(|day| day.get().copied()) {
        Ok(Some(day)) => day,
        Ok(None) => {
            let day = look();
            let _ = DAY.try_with(|held| held.set(day));
            day
        }
        // Outside a request every question is of its own day.
        Err(_) => look(),
    }
}

/// The service under the edition in force.
#[derive(Debug)]
pub(crate) struct Following {
    standing: RwLock<Arc<Service>>,
    every: Duration,
    began: Instant,
    /// When it was looked up last, in microseconds since the beginning.
    looked_up: AtomicU64,
}

impl Following {
    /// Follows from this service on.
    pub(crate) fn new(service: Arc<Service>) -> Self {
        let (standing, looked_up) = (RwLock::new(service), AtomicU64::new(0));
        Self { standing, every: LOOKED_UP_EVERY, began: Instant::now(), looked_up }
    }

    /// The same, looked up this often.
    pub(crate) fn every(&self, every: Duration) -> Self {
        Self { every, ..Self::new(self.standing()) }
    }

    /// The service as it was last seen; asks nothing.
    pub(crate) fn standing(&self) -> Arc<Service> {
        Arc::clone(&self.standing.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether it is time to look up. Whoever is told so does: the others go on with what stands.
    pub(crate) fn is_due(&self) -> bool {
        let now = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let last = self.looked_up.load(Ordering::Relaxed);
        let due = Duration::from_micros(now.saturating_sub(last)) >= self.every;
        due && self.looked_up.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Looks the edition up. When that fails the standing one goes on: the question itself will say what is wrong.
    pub(crate) fn look_up(&self) -> Arc<Service> {
        let standing = self.standing();
        match standing.succeeded() {
            Ok(None) => standing,
            Ok(Some(next)) => {
                let next = Arc::new(next);
                tracing::info!("another edition of the rulebook is in force");
                *self.standing.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&next);
                next
            }
            Err(error) => {
                tracing::warn!(code = error.code(), %error, "the edition in force cannot be looked up");
                standing
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use credence_app::Clock;
    use credence_testkit::stores::TestStore;

    fn service(store: &TestStore) -> Arc<Service> {
        let clock = Clock::fixed(jiff::civil::date(2026, 5, 13));
        let mut writer = store.address.writer(clock.clone()).unwrap();
        credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        Arc::new(Service::open(store.address.clone(), clock, None).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn the_edition_is_looked_up_once_a_second_by_whoever_comes_first() {
        let following = Following::new(service(&TestStore::sqlite()));
        assert!(!following.is_due());
        tokio::time::advance(LOOKED_UP_EVERY).await;
        assert!(following.is_due() && !following.is_due());
        tokio::time::advance(LOOKED_UP_EVERY).await;
        assert!(following.is_due());
    }

    #[tokio::test]
    async fn a_request_that_has_begun_keeps_its_edition_to_the_end() {
        let store = TestStore::sqlite();
        let (one, other) = (service(&store), service(&store));
        let kept = HELD.scope(OnceCell::new(), async {
            assert!(held().is_none());
            keep(&one);
            keep(&other);
            held()
        });
        assert!(Arc::ptr_eq(&kept.await.unwrap(), &one));
        keep(&other);
        assert!(held().is_none(), "no request is under way");
    }
}
