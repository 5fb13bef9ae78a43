//! Changes that go back to where they belong (数据回流): a unit subscribes to the changes of its areas and reads them in the
//! order of the public log. References alone: content is fetched when it is read, under the unit's scope then.

use crate::query::page::{self, LIMIT_DEFAULT};
use crate::{AppError, Result, Service, Writer};
use credence_domain::canonical::hex;
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::clock::instant_text;
use credence_store::{sequencer, subscription, unit};
use serde::Serialize;

/// A change of a record: whoever wants to know more asks for the organisation's records.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeView {
    /// Place of the act in the log.
    pub position: i64,
    /// Instant of the act.
    pub at: String,
    /// Kind of the act: `import`, `review`, `withdrawal`, ….
    pub kind: String,
    /// The organisation.
    pub uscc: String,
    /// The record.
    pub id: String,
    /// Item.
    pub item: String,
}

/// Changes of a unit's areas behind a place of the log.
#[derive(Clone, Debug, Serialize)]
pub struct ChangesView {
    /// The changes, in order of places; those of one act stand together, so that there may be more than was asked for.
    pub items: Vec<ChangeView>,
    /// The last place that was looked at: `after` of the next question, today or later.
    pub position: i64,
    /// The same as a cursor while there is more to look at now; `null` at the end.
    pub next: Option<String>,
}

/// Begins a unit's subscription; false when it stands already.
///
/// # Errors
/// `unit_unknown`, `area_unknown` for a unit that has no area of its own, or a fault.
pub fn begin(writer: &mut Writer, rulebook: &Rulebook, unit: Uscc, actor: &str) -> Result<bool> {
    let today = writer.clock().today();
    if unit::find(writer.connection(), unit.as_str(), today)?.is_none() {
        return Err(AppError::refused("unit_unknown", "unit", format!("单位目录中没有{unit}，请先登记该单位")));
    }
    if unit::directory(writer.connection())?.sight(unit.as_str(), today).areas.is_empty() {
        let text = format!("{unit}不是设有区域的市、县级单位，没有可回流的区域，请先用 unit set 写明层级和区域");
        return Err(AppError::refused("area_unknown", "unit", text));
    }
    let begun = subscription::begin(writer, unit.as_str(), actor, &rulebook.digest)?;
    writer.sequence()?;
    Ok(begun)
}

/// Ends a unit's subscription; false when it has none.
///
/// # Errors
/// A fault of the store.
pub fn end(writer: &mut Writer, rulebook: &Rulebook, unit: Uscc, actor: &str) -> Result<bool> {
    let ended = subscription::end(writer, unit.as_str(), actor, &rulebook.digest)?;
    writer.sequence()?;
    Ok(ended)
}

/// A unit's own subscription begins; false when it stands already.
///
/// # Errors
/// As [`begin`].
pub fn begin_for(writer: &mut Writer, rulebook: &Rulebook, unit: &str, actor: &str) -> Result<bool> {
    begin(writer, rulebook, code_of(unit)?, actor)
}

/// A unit's own subscription ends; false when it has none.
///
/// # Errors
/// As [`end`].
pub fn end_for(writer: &mut Writer, rulebook: &Rulebook, unit: &str, actor: &str) -> Result<bool> {
    end(writer, rulebook, code_of(unit)?, actor)
}

fn code_of(unit: &str) -> Result<Uscc> {
    Uscc::parse(unit).map_err(|_| AppError::refused("unit_unknown", "unit", "本账户不属于单位目录中的单位"))
}

/// A unit's standing subscription.
#[derive(Clone, Debug, Serialize)]
pub struct SubscriptionView {
    /// Place of the log from which on it counts.
    pub since: i64,
    /// Instant at which it began.
    pub subscribed_at: String,
    /// Who asked for it.
    pub subscribed_by: String,
}

impl Service {
    /// A unit's standing subscription; nothing where it has none.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn subscription_of(&self, unit: &str) -> Result<Option<SubscriptionView>> {
        let found = self.read(|connection| subscription::find(connection, unit))?;
        Ok(found.map(|found| SubscriptionView {
            since: found.since,
            subscribed_at: instant_text(found.subscribed_at),
            subscribed_by: found.subscribed_by,
        }))
    }

    /// What changed in a unit's areas behind a place of the log; without one since it subscribed.
    ///
    /// # Errors
    /// `not_subscribed`, `bad_parameter`, `position_ahead` for a place that the log does not reach, or a fault.
    pub fn changes_of(&self, unit: &str, after: Option<i64>, limit: Option<u32>) -> Result<ChangesView> {
        let limit = page::limit(limit.or(Some(LIMIT_DEFAULT)))? as usize;
        let standing = self.read(|connection| subscription::find(connection, unit))?;
        let standing = standing.ok_or_else(|| {
            let text = format!("{unit}没有订阅本区域的变更，请先执行 unit subscribe");
            AppError::refused("not_subscribed", "unit", text)
        })?;
        if after.is_some_and(|after| after < -1) {
            return Err(AppError::refused("bad_parameter", "after", "after 应为日志位置（0或以上的整数）"));
        }
        let size = i64::try_from(self.read(sequencer::size)?).unwrap_or(i64::MAX);
        if after.is_some_and(|after| after >= size) {
            let text = format!("日志只到位置 {}，请核对续读位置", size - 1);
            return Err(AppError::refused("position_ahead", "after", text));
        }
        let view = self.unit_view(unit)?;
        let after = after.unwrap_or(standing.since - 1);
        let (found, position) = self.read(|connection| subscription::changes(connection, &view, after, limit))?;
        let items = found.into_iter().map(|one| ChangeView {
            position: one.position,
            at: instant_text(one.at),
            kind: one.kind,
            uscc: one.uscc,
            id: hex(&one.reference),
            item: one.item,
        });
        let next = (position + 1 < size).then(|| position.to_string());
        Ok(ChangesView { items: items.collect(), position, next })
    }
}
