//! The change stream (变更流): whoever keeps a copy of what is public reads what changed, by the order of the log.
//!
//! A position is a leaf of the log. A line names a record that is public now with its version and digests, never its
//! content; content is fetched when it is needed, under the reader's scope then. A record that may have been told and is
//! public no longer is told as gone: its opaque reference and nothing else, whatever the filter. So a replay from the
//! beginning yields what is public today, each record once, and whoever resumes brings its copy to just that
//! (docs/design/0015-change-stream.md).

mod line;
mod replay;

pub use line::Line;
pub use replay::{Piece, Replay};

use crate::rulebook;
use crate::{AppError, Result, Service};
use credence_domain::catalog::Disclosure;
use credence_domain::record::value::{date_of, day_number};
use credence_domain::rulebook::Rulebook;
use credence_store::clock::civil_date;
use credence_store::{sequencer, stream};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Where the current daily file is named.
pub const BULK_ADDRESS: &str = "/api/v1/bulk";
/// The most lines that may be asked for at a time.
const LIMIT_MAX: u32 = 10_000;

/// What is asked of the stream.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ChangesRequest {
    /// The position read last; from the beginning without one.
    #[serde(default)]
    pub after: Option<i64>,
    /// The day through which was read then, where it is known: what ended before it is not told again.
    #[serde(default, deserialize_with = "crate::day::read_optional")]
    pub through: Option<Date>,
    /// Where an answer was cut off; what it says goes before the other two.
    #[serde(default)]
    pub cursor: Option<String>,
    /// About how many lines, as acts are told whole; everything without it.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Items, between commas; all without.
    #[serde(default)]
    pub item: String,
    /// Areas of registration when the fact came, as a line names them, between commas; all without.
    #[serde(default)]
    pub area: String,
}

/// Which lines a reader wants. What is gone passes every filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    items: BTreeSet<String>,
    areas: BTreeSet<String>,
}

impl Filter {
    /// A filter of items and areas; either empty for all.
    pub(crate) fn of(items: BTreeSet<String>, areas: BTreeSet<String>) -> Self {
        Self { items, areas }
    }

    /// Whether a line passes.
    #[must_use]
    pub fn passes(&self, line: &Line) -> bool {
        let one_of = |wanted: &BTreeSet<String>, word: &str| wanted.is_empty() || wanted.contains(word);
        line.is_gone() || one_of(&self.items, &line.item) && one_of(&self.areas, &line.area)
    }
}

/// Words between commas.
pub(crate) fn words(text: &str) -> BTreeSet<String> {
    text.split([',', '，']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The items that an edition makes public on a day.
pub(crate) fn public_items(rulebook: &Rulebook, day: Date) -> BTreeSet<&str> {
    let items = rulebook.items.values().filter(|item| {
        let version = item.version_on(day).or_else(|| item.versions.last());
        version.is_some_and(|version| version.disclosure == Disclosure::Public)
    });
    items.map(|item| item.code.as_str()).collect()
}

impl Service {
    /// Which lines a request wants.
    ///
    /// # Errors
    /// `bad_parameter` for an item that there is not.
    pub fn changes_filter(&self, request: &ChangesRequest) -> Result<Filter> {
        let items = words(&request.item);
        if let Some(unknown) = items.iter().find(|item| !self.rulebook().items.contains_key(*item)) {
            let text = format!("没有事项 {unknown}，请从信用信息数据清单中选取事项代码，多个之间用逗号分隔");
            return Err(AppError::refused("bad_parameter", "item", text));
        }
        Ok(Filter { items, areas: words(&request.area) })
    }

    /// About how many lines a request wants; none for all that there are.
    ///
    /// # Errors
    /// `bad_parameter` outside 1 to 10,000.
    pub fn changes_limit(&self, request: &ChangesRequest) -> Result<Option<usize>> {
        match request.limit {
            None => Ok(None),
            Some(limit @ 1..=LIMIT_MAX) => Ok(Some(limit as usize)),
            Some(_) => Err(AppError::refused("bad_parameter", "limit", format!("limit 应为1至{LIMIT_MAX}"))),
        }
    }

    /// Where a reader begins who read up to a position. Nothing was ever told at the first place of the log: who says 0
    /// begins from the beginning.
    ///
    /// # Errors
    /// `bad_parameter`, `bad_cursor`; `position_ahead` for a place that the log does not reach; `position_too_old` beyond
    /// the retention, or where the items that are public are others now; or a fault.
    pub fn changes_begin(&self, request: &ChangesRequest) -> Result<Replay> {
        let (today, size) = (self.today(), self.log_size()?);
        if let Some(cursor) = request.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
            let replay = Replay::read(cursor)?;
            if replay.position() >= size {
                return Err(ahead(size));
            }
            if replay.told_before(self.kept_from()) {
                return Err(too_old(replay.position()));
            }
            return Ok(replay);
        }
        let after = request.after.unwrap_or(-1);
        if after < -1 {
            return Err(AppError::refused("bad_parameter", "after", "after 应为日志位置（0或以上的整数）"));
        }
        if after >= size {
            return Err(ahead(size));
        }
        let day = day_number(today);
        if after <= 0 {
            return Ok(Replay::new(-1, size, day, day));
        }
        let told_on = self.told_on(after, request.through.filter(|through| *through <= today))?;
        Ok(Replay::new(after, size, day, day_number(told_on).min(day)))
    }

    /// A reader that knows everything that there is now.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn changes_now(&self) -> Result<Replay> {
        let (today, size) = (day_number(self.today()), self.log_size()?);
        Ok(Replay::new(size - 1, size, today, today))
    }

    /// The same reader, going on with what there is now.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn changes_resumed(&self, reader: Replay) -> Result<Replay> {
        Ok(reader.resumed(self.log_size()?, day_number(self.today())))
    }

    /// What there is for a reader who has read everything before; none while there is nothing.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn changes_since(&self, reader: &mut Replay, wanted: usize) -> Result<Option<Piece>> {
        let (today, size) = (day_number(self.today()), self.log_size()?);
        if reader.is_up_to(size, today) {
            return Ok(None);
        }
        *reader = reader.clone().resumed(size, today);
        Ok(Some(self.read_on(reader, size - 1, wanted)?))
    }

    /// The items that are public today.
    #[must_use]
    pub fn public_items_now(&self) -> BTreeSet<String> {
        public_items(self.rulebook(), self.today()).into_iter().map(str::to_owned).collect()
    }

    /// The day from whose end on a reader at a position has to be told what ended.
    fn told_on(&self, after: i64, through: Option<Date>) -> Result<Date> {
        let (last, next) =
            self.read(|connection| Ok((stream::leaf_at(connection, after)?, stream::leaf_at(connection, after + 1)?)))?;
        let last = last.ok_or_else(|| ahead(after))?;
        let told_on = through.map_or(civil_date(last.at), |through| through.max(civil_date(last.at)));
        // How long it has stayed away is told by the first act that it has not heard of.
        let stayed_away = next.is_some_and(|next| day_number(civil_date(next.at)) < self.kept_from());
        if stayed_away || self.opens_otherwise(after, told_on)? {
            return Err(too_old(after));
        }
        Ok(told_on)
    }

    /// The first day from which on it can still be told what ended.
    pub(crate) fn kept_from(&self) -> i32 {
        let days = self.rulebook().stream.retention_days(self.today());
        day_number(self.real_today()).saturating_sub(i32::try_from(days).unwrap_or(i32::MAX))
    }

    /// Whether other items are public today than were for a reader at a position on a day.
    fn opens_otherwise(&self, after: i64, day: Date) -> Result<bool> {
        let then = self.read(|connection| {
            let mut in_force = None;
            for enactment in credence_store::rulebook::enactments(connection)?.into_iter().rev() {
                if stream::position_of(connection, &enactment.act)?.is_some_and(|position| position <= after) {
                    in_force = Some(enactment.digest);
                    break;
                }
            }
            match in_force.filter(|digest| *digest != self.rulebook().digest) {
                Some(digest) => credence_store::rulebook::by_digest(connection, &digest),
                None => Ok(None),
            }
        })?;
        let now = public_items(self.rulebook(), self.today());
        Ok(match then {
            Some(body) => public_items(&rulebook::kept(&body)?, day) != now,
            None => public_items(self.rulebook(), day) != now,
        })
    }

    /// How many places the log has.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn log_size(&self) -> Result<i64> {
        Ok(i64::try_from(self.read(sequencer::size)?).unwrap_or(i64::MAX))
    }

    /// How many acts there are, those that wait for their place in the log included.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn acts_done(&self) -> Result<u64> {
        self.read(|connection| Ok(sequencer::size(connection)? + sequencer::pending(connection)?))
    }
}

fn ahead(size: i64) -> AppError {
    let text = format!("日志只到位置 {}，请核对续读位置；日志被恢复到较早状态时请从 {BULK_ADDRESS} 重新开始", size - 1);
    AppError::refused("position_ahead", "after", text)
}

fn too_old(after: i64) -> AppError {
    let text = format!("从位置 {after} 起已不能逐条补读，请从 {BULK_ADDRESS} 下载当日数据文件，再从其位置续读");
    AppError::refused("position_too_old", "after", text)
}

/// A day as answers write it.
pub(crate) fn day_text(day: i32) -> String {
    date_of(day).unwrap_or_default().to_string()
}
