//! Answers that cost a look at the whole register, kept for a while: no longer than twenty times what they cost, so that
//! a small register is always counted afresh and a large one spends a twentieth of a thread on counting. Never past
//! midnight, nor past another edition of the rulebook: an answer is of one day and edition. Whoever comes while it is being made waits for that one.

use credence_app::Result;
use jiff::civil::Date;
use std::future::Future;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How many times its cost an answer is kept.
const TIMES_ITS_COST: u32 = 20;

/// Day and digest of the edition of the rulebook.
pub(crate) type Of = (Date, [u8; 32]);

#[derive(Debug)]
struct Made<T> {
    of: Of,
    until: Instant,
    answer: T,
}

/// One kept answer.
#[derive(Debug)]
pub(crate) struct Kept<T>(Mutex<Option<Made<T>>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Clone> Kept<T> {
    /// The kept answer of a day and edition, or a new one.
    pub(crate) async fn get(&self, of: Of, make: impl Future<Output = Result<T>>) -> Result<T> {
        let mut kept = self.0.lock().await;
        let start = Instant::now();
        if let Some(made) = kept.as_ref().filter(|made| made.of == of && start < made.until) {
            return Ok(made.answer.clone());
        }
        let answer = make.await?;
        let cost = start.elapsed().min(Duration::from_secs(30));
        *kept = Some(Made { of, until: Instant::now() + cost * TIMES_ITS_COST, answer: answer.clone() });
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_kept_in_proportion_to_its_cost_and_never_past_midnight_or_its_edition() {
        let kept = Kept::default();
        let counting = |count| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(count)
        };
        let (today, tomorrow) = ((date(2026, 5, 13), [1; 32]), (date(2026, 5, 14), [1; 32]));
        assert_eq!(kept.get(today, counting(1)).await.unwrap(), 1);
        tokio::time::advance(Duration::from_secs(19)).await;
        assert_eq!(kept.get(today, counting(2)).await.unwrap(), 1);
        assert_eq!(kept.get(tomorrow, counting(3)).await.unwrap(), 3);
        tokio::time::advance(Duration::from_secs(21)).await;
        assert_eq!(kept.get(tomorrow, counting(4)).await.unwrap(), 4);
        assert_eq!(kept.get((tomorrow.0, [2; 32]), counting(5)).await.unwrap(), 5);
    }
}
