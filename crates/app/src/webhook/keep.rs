//! Beginning, pausing, resuming and ending subscriptions. Before anything is brought to an address, and again before it is
//! resumed, whoever stands there must show that he wants it.

use super::{Messenger, WebhookView, key};
use crate::desk::Desk;
use crate::stream::{ChangesRequest, words};
use crate::{AppError, Result, Service};
use credence_domain::canonical::hex;
use credence_domain::record::value::day_number;
use credence_domain::webhook::{Halt, PER_UNIT_MAX, State};
use credence_store::unit;
use credence_store::webhook::{self, Webhook};
use jiff::civil::Date;
use serde::Deserialize;

/// In whose name somebody acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// His unit.
    pub unit: String,
    /// His key or account.
    pub by: String,
    /// He oversees the subscriptions of every unit.
    pub oversees: bool,
}

impl Holder {
    /// The unit whose subscriptions he sees; none for all.
    #[must_use]
    pub fn sees(&self) -> Option<&str> {
        (!self.oversees).then_some(self.unit.as_str())
    }
}

/// Where a subscription begins, or goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct From {
    /// Behind this position, that of a daily file for example; from now on, or from where it stood, without one.
    #[serde(default)]
    pub after: Option<i64>,
    /// The day through which its holder has read, where it is known.
    #[serde(default, deserialize_with = "crate::day::read_optional")]
    pub through: Option<Date>,
}

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Where changes are to be brought.
    pub url: String,
    /// Items, between commas; all without.
    #[serde(default)]
    pub item: String,
    /// Areas of registration, between commas; all without.
    #[serde(default)]
    pub area: String,
    /// Whether to be told of the unit's own tasks besides: measures on organisations that it carries out.
    #[serde(default)]
    pub tasks: bool,
    /// Behind this position; from now on without one.
    #[serde(default)]
    pub after: Option<i64>,
    /// The day through which its holder has read, where it is known.
    #[serde(default, deserialize_with = "crate::day::read_optional")]
    pub through: Option<Date>,
}

fn wrong_state(hook: &Webhook) -> AppError {
    let text = format!("订阅{}，不能这样办理，请刷新后再试", hook.state.name());
    AppError::refused("webhook_state", "", text)
}

fn joined(text: &str) -> String {
    words(text).into_iter().collect::<Vec<_>>().join(",")
}

/// Where a reader stands who begins behind a position: the position, and the day before which he knows what ended.
fn place(service: &Service, request: &ChangesRequest) -> Result<(i64, i32)> {
    let reader = match request.after {
        Some(_) => service.changes_begin(request)?,
        None => service.changes_now()?,
    };
    Ok((reader.position(), reader.told_on()))
}

/// Begins a subscription of the holder's unit, when the receiver has shown that it wants it.
///
/// # Errors
/// `webhook_url`, `webhook_not_proven`, `too_many_webhooks`, `unit_unknown`, `bad_parameter`, `position_ahead`,
/// `position_too_old`, or a fault.
pub fn add(
    service: &Service,
    desk: &Desk,
    messenger: &Messenger,
    holder: &Holder,
    asked: &Asked,
) -> Result<WebhookView> {
    messenger.judge(&asked.url)?;
    let today = service.today();
    if service.read(|connection| unit::find(connection, &holder.unit, today))?.is_none() {
        let text = format!("单位目录中没有{}，请先登记该单位", holder.unit);
        return Err(AppError::refused("unit_unknown", "unit", text));
    }
    let request = ChangesRequest {
        after: asked.after,
        through: asked.through,
        item: asked.item.clone(),
        area: asked.area.clone(),
        ..ChangesRequest::default()
    };
    service.changes_filter(&request)?;
    let (position, told_on) = place(service, &request)?;
    let id = format!("W{}", hex(&desk.chance::<8>()?));
    let hook = Webhook {
        id,
        unit: holder.unit.clone(),
        maker: holder.by.clone(),
        url: asked.url.clone(),
        items: joined(&asked.item),
        areas: joined(&asked.area),
        tasks: asked.tasks,
        state: State::Active,
        halt: None,
        act: [0; 16],
        made_at: 0,
        changed_at: 0,
        open_items: service.open_items(),
        position,
        told_on,
        tried: position,
        acknowledged_at: None,
        next_at: 0,
    };
    full(&service.read(|connection| webhook::list(connection, Some(&hook.unit)))?)?;
    let rulebook = service.shared_rulebook();
    desk.act(move |writer| key::require(writer, &rulebook))?;
    messenger.prove(service, &hook.id, &hook.url, desk.chance()?)?;
    let id = hook.id.clone();
    let (by, rulebook) = (holder.by.clone(), service.shared_rulebook());
    desk.act(move |writer| {
        full(&webhook::list(writer.connection(), Some(&hook.unit))?)?;
        let draft = key::draft(&rulebook, writer, &by, None, "");
        webhook::put(writer, &draft, &hook, None)?;
        Ok(())
    })?;
    service.webhook(&id, Some(&holder.unit))
}

/// Refuses one more where a unit has as many as it may.
fn full(standing: &[Webhook]) -> Result<()> {
    if standing.iter().filter(|hook| hook.state != State::Ended).count() < PER_UNIT_MAX {
        return Ok(());
    }
    let text = format!("每个单位最多{PER_UNIT_MAX}个订阅，请先删除不用的订阅");
    Err(AppError::refused("too_many_webhooks", "", text))
}

/// Changes a subscription from the state in which it stands.
fn change(service: &Service, desk: &Desk, hook: Webhook, before: State, by: &str, reason: &str) -> Result<()> {
    let (rulebook, by, reason) = (service.shared_rulebook(), by.to_owned(), reason.to_owned());
    desk.act(move |writer| {
        let draft = key::draft(&rulebook, writer, &by, None, &reason);
        // Somebody else may have been faster, the sender for example.
        if webhook::put(writer, &draft, &hook, Some(before))? { Ok(()) } else { Err(wrong_state(&hook)) }
    })
}

/// Pauses a subscription: nothing is brought until it is resumed.
///
/// # Errors
/// `not_found` for another unit's, `webhook_state`, or a fault.
pub fn pause(service: &Service, desk: &Desk, holder: &Holder, id: &str, reason: &str) -> Result<WebhookView> {
    let hook = service.webhook_of(id, holder.sees())?;
    if !hook.state.may_become(State::Paused) {
        return Err(wrong_state(&hook));
    }
    let before = hook.state;
    let hook = Webhook { state: State::Paused, halt: Some(Halt::Asked), ..hook };
    change(service, desk, hook, before, &holder.by, reason)?;
    service.webhook(id, holder.sees())
}

/// Takes a subscription away, with its address and what was said of its deliveries.
///
/// # Errors
/// `not_found` for another unit's, `webhook_state` where another was faster, or a fault.
pub fn remove(service: &Service, desk: &Desk, holder: &Holder, id: &str, reason: &str) -> Result<()> {
    let hook = service.webhook_of(id, holder.sees())?;
    let before = hook.state;
    let hook = Webhook { state: State::Ended, halt: Some(Halt::Asked), url: String::new(), ..hook };
    change(service, desk, hook, before, &holder.by, reason)
}

/// Resumes a subscription, from where it stood or from a position, when the receiver has shown again that it wants it.
///
/// # Errors
/// `not_found` for another unit's, `webhook_state`, `webhook_not_proven`; `position_too_old`, `position_ahead` where a daily
/// file is needed first; or a fault.
pub fn resume(
    service: &Service,
    desk: &Desk,
    messenger: &Messenger,
    holder: &Holder,
    (id, from): (&str, From),
) -> Result<WebhookView> {
    let mut hook = service.webhook_of(id, holder.sees())?;
    if hook.state != State::Paused {
        return Err(wrong_state(&hook));
    }
    let before = hook.state;
    if from.after.is_some() {
        let request = ChangesRequest { after: from.after, through: from.through, ..ChangesRequest::default() };
        (hook.position, hook.told_on) = place(service, &request)?;
    } else if let Err(halt) = service.webhook_batch(&hook, Some(hook.position))? {
        let code = if halt == Halt::Ahead { "position_ahead" } else { "position_too_old" };
        return Err(AppError::refused(code, "after", halt.name()));
    }
    messenger.prove(service, id, &hook.url, desk.chance()?)?;
    let last = service.log_size()? - 1;
    let hook = Webhook {
        state: State::Active,
        halt: None,
        maker: holder.by.clone(),
        open_items: service.open_items(),
        told_on: hook.told_on.min(day_number(service.today())),
        tried: hook.tried.max(hook.position).min(last),
        ..hook
    };
    change(service, desk, hook, before, &holder.by, "")?;
    service.webhook(id, holder.sees())
}
