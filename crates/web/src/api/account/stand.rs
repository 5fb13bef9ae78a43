//! Everybody's accounts: entered, suspended, resumed, reset and ended by the system administrator; seen by all three.

use super::super::{done, made, nothing};
use crate::asker::Asker;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::account::{self, Asked, Change, Deputy};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;

/// Why, and who takes over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) successor: Option<String>,
}

/// Who stands in, and when; nobody without a name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StandIn {
    deputy: Option<String>,
    #[serde(default, deserialize_with = "credence_app::day::read_optional")]
    from_on: Option<Date>,
    #[serde(default, deserialize_with = "credence_app::day::read_optional")]
    through_on: Option<Date>,
    reason: String,
}

pub(crate) async fn list(State(state): State<AppState>) -> Result<Response, Problem> {
    let found = state.ask_at_length(account::list).await;
    done(found.map(|items| json!({ "items": items, "next": null })))
}

pub(crate) async fn enter(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Asked>,
) -> Result<Response, Problem> {
    let (by, asked) = (asker.person()?.account.name.clone(), asked?);
    let entered = state.write(move |writer, rulebook| account::enter(writer, rulebook, &asked, &by));
    made(entered.await)
}

pub(crate) async fn reset(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(name): Path<String>,
    Received(why): Received<Why>,
) -> Result<Response, Problem> {
    let (by, why) = (asker.person()?.account.name.clone(), why?);
    let asked = state.write(move |writer, rulebook| account::reset(writer, rulebook, &name, &why.reason, &by));
    made(asked.await)
}

pub(crate) async fn suspend(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(name): Path<String>,
    Received(why): Received<Why>,
) -> Result<Response, Problem> {
    let (by, why) = (asker.person()?.account.name.clone(), why?);
    let suspended = state.write(move |writer, rulebook| {
        account::suspend(writer, rulebook, &name, Change { by: &by, reason: &why.reason })
    });
    nothing(suspended.await)
}

pub(crate) async fn resume(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(name): Path<String>,
    Received(why): Received<Why>,
) -> Result<Response, Problem> {
    let (by, why) = (asker.person()?.account.name.clone(), why?);
    let resumed = state.write(move |writer, rulebook| {
        account::resume(writer, rulebook, &name, Change { by: &by, reason: &why.reason })
    });
    nothing(resumed.await)
}

pub(crate) async fn end(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(name): Path<String>,
    Received(why): Received<Why>,
) -> Result<Response, Problem> {
    let (by, why) = (asker.person()?.account.name.clone(), why?);
    let ended = state.write(move |writer, rulebook| {
        let change = Change { by: &by, reason: &why.reason };
        account::end(writer, rulebook, &name, why.successor.as_deref(), change)
    });
    done(ended.await.map(|handed_over| json!({ "handed_over": handed_over })))
}

pub(crate) async fn set_deputy(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(name): Path<String>,
    Received(asked): Received<StandIn>,
) -> Result<Response, Problem> {
    let (by, asked) = (asker.person()?.account.name.clone(), asked?);
    let deputy = match (asked.deputy, asked.from_on, asked.through_on) {
        (Some(name), Some(from_on), Some(through_on)) => Some(Deputy { name, from_on, through_on }),
        (None, ..) => None,
        _ => {
            let text = "指定代理人时须写明起止日期（from_on、through_on）";
            return Err(credence_app::AppError::refused("bad_parameter", "from_on", text).into());
        }
    };
    let reason = asked.reason;
    let set = state.write(move |writer, rulebook| {
        account::set_deputy(writer, rulebook, &name, deputy.as_ref(), Change { by: &by, reason: &reason })
    });
    nothing(set.await)
}
