//! What a delivery says: lines of the stream behind the position that was acknowledged.

use super::Webhook;
use crate::stream::{Filter, Replay, day_text, words};
use crate::{Result, Service};
use credence_domain::measure::Step;
use credence_domain::record::value::day_number;
use credence_domain::webhook::Halt;
use credence_store::clock::civil_date;
use credence_store::{measure, stream};

/// Lines after which a delivery is long enough; acts, and what ended on a day, are told whole.
const LINES: usize = 500;
/// Pieces that are read for one delivery: where little passes the filter it goes on the next time.
const PIECES: usize = 64;

/// What a delivery says, and how far it tells.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) body: Vec<u8>,
    pub(super) lines: usize,
    pub(super) position: i64,
    pub(super) told_on: i32,
    /// The items that are public now, between commas.
    pub(super) open_items: String,
}

impl Service {
    /// The items that are public today, between commas.
    pub(crate) fn open_items(&self) -> String {
        self.public_items_now().into_iter().collect::<Vec<_>>().join(",")
    }

    /// What a subscription is to be told, up to a position or to the end of the log; or why nothing more can be told.
    pub(super) fn webhook_batch(&self, hook: &Webhook, until: Option<i64>) -> Result<std::result::Result<Batch, Halt>> {
        let (today, size) = (day_number(self.today()), self.log_size()?);
        if hook.position >= size {
            return Ok(Err(Halt::Ahead));
        }
        let open_items = self.open_items();
        if hook.open_items != open_items || self.stayed_away(hook)? {
            return Ok(Err(Halt::TooLate));
        }
        let filter = Filter::of(words(&hook.items), words(&hook.areas));
        let mut reader = Replay::kept((hook.position, hook.told_on), hook.tried, size, today);
        let until = until.unwrap_or(size - 1).min(size - 1);
        let (mut changes, mut lines, mut pieces) = (String::new(), 0, 0);
        loop {
            let piece = self.read_on(&mut reader, until, LINES)?;
            for line in piece.lines.iter().filter(|line| filter.passes(line)) {
                if lines > 0 {
                    changes.push(',');
                }
                changes.push_str(&line.text);
                lines += 1;
            }
            pieces += 1;
            let enough = (lines >= LINES || pieces >= PIECES) && !reader.is_within_a_day();
            if piece.is_last || enough {
                break;
            }
        }
        let (id, after, position) = (&hook.id, hook.position, reader.position());
        let tasks = self.tasks_between(hook, (after, position))?;
        lines += tasks.len();
        let tasks = if hook.tasks { format!(",\"tasks\":[{}]", tasks.join(",")) } else { String::new() };
        let through = day_text(reader.told_on());
        let body = format!(
            "{{\"type\":\"changes\",\"webhook\":\"{id}\",\"after\":{after},\"position\":{position},\"through\":\"{through}\",\"changes\":[{changes}]{tasks}}}"
        );
        Ok(Ok(Batch { body: body.into_bytes(), lines, position, told_on: reader.told_on(), open_items }))
    }

    /// What happened to measures that the holder's unit carries out: the number, read under the unit's own right, and what it was, and
    /// nothing else.
    fn tasks_between(&self, hook: &Webhook, places: (i64, i64)) -> Result<Vec<String>> {
        if !hook.tasks {
            return Ok(Vec::new());
        }
        let found = self.read(|connection| measure::tasked_between(connection, &hook.unit, places))?;
        let told = found.into_iter().filter(|(_, _, step)| step.event.moves_tasks());
        let line = |(position, number, step): (i64, String, Step)| {
            let task = step.event.code();
            format!("{{\"position\":{position},\"measure\":\"{number}\",\"task\":\"{task}\"}}")
        };
        Ok(told.map(line).collect())
    }

    /// Whether what it has not heard of is older than what is told.
    fn stayed_away(&self, hook: &Webhook) -> Result<bool> {
        let kept_from = self.kept_from();
        if hook.told_on >= kept_from {
            return Ok(false);
        }
        let next = self.read(|connection| stream::leaf_at(connection, hook.position + 1))?;
        Ok(next.is_some_and(|next| day_number(civil_date(next.at)) < kept_from))
    }
}
