//! What whoever runs the platform may see at any time: how far the log is, what waits, what came last. No subject data.

use crate::Result;
use crate::service::Service;
use crate::webhook::Standing;
use credence_store::clock::instant_text;
use credence_store::{health, sequencer};
use jiff::civil::Date;
use serde::Serialize;

/// The platform's standing.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Version of the program.
    pub version: &'static str,
    /// Today, or the day to which reads were moved.
    pub today: Date,
    /// Reads were moved: writes are refused meanwhile.
    pub moved: bool,
    /// Acts in the log.
    pub log_size: u64,
    /// Acts that wait for their place.
    pub pending: u64,
    /// Batches ever received.
    pub batches: u64,
    /// Rows ever read.
    pub rows_read: u64,
    /// Rows ever refused.
    pub rows_rejected: u64,
    /// Webhooks: how many are brought to, paused, and waiting after a failure.
    pub webhooks: Standing,
    /// Mail: how many messages are on their way, wait after a failure, lie as dead letters, were taken.
    pub mail: crate::notice::Standing,
    /// Instant at which the latest batch was received; null when there is none.
    pub last_batch_at: Option<String>,
    /// Last day of the working-day calendar in force.
    pub calendar_through: Date,
}

impl Service {
    /// How the platform stands now.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn status(&self) -> Result<Status> {
        let (log_size, pending, batches) = self.read(|connection| {
            Ok((sequencer::size(connection)?, sequencer::pending(connection)?, health::batches(connection)?))
        })?;
        let last = batches.iter().map(|batches| batches.latest_at).max();
        Ok(Status {
            version: env!("CARGO_PKG_VERSION"),
            today: self.today(),
            moved: self.is_moved(),
            log_size,
            pending,
            batches: batches.iter().map(|batches| batches.count).sum(),
            rows_read: batches.iter().map(|batches| batches.rows).sum(),
            rows_rejected: batches.iter().map(|batches| batches.rejected).sum(),
            webhooks: self.webhook_standing()?,
            mail: self.mail_standing()?,
            last_batch_at: last.map(instant_text),
            calendar_through: Date::new(self.rulebook().calendar.last_year(), 12, 31).unwrap_or_default(),
        })
    }
}
