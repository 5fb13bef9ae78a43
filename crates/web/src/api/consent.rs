//! What a unit lets others do in its name (代为办理), and the changes that it takes (数据回流):
//! `GET`, `POST /api/v1/consents`, `POST …/{number}/end`; `GET`, `PUT`, `DELETE /api/v1/subscription`. Each for one's own unit.

use super::{done, made, nothing};
use crate::asker::Asker;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::consent::{self, Consenting};
use credence_app::subscription;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;

/// A consent that is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    to: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    record: String,
    #[serde(default, deserialize_with = "credence_app::day::read_optional")]
    from_on: Option<Date>,
    #[serde(default, deserialize_with = "credence_app::day::read_optional")]
    until_on: Option<Date>,
    reason: String,
}

/// Why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    reason: String,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, Problem> {
    let found = state.ask(move |service| service.consents_concerning(asker.batches_of())).await;
    done(found.map(|items| json!({ "items": items, "next": null })))
}

pub(crate) async fn give(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Asked>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    let given = state.write_alone(move |writer, rulebook| {
        let what = Consenting {
            owner: &person.account.unit,
            acting: asked.to.trim(),
            item: &asked.item,
            record: asked.record.trim(),
            from_on: asked.from_on,
            until_on: asked.until_on,
        };
        consent::give(writer, rulebook, &what, &person.account.name, &asked.reason)
    });
    made(given.await)
}

pub(crate) async fn end(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(why): Received<Why>,
) -> Result<Response, Problem> {
    let (person, why) = (asker.person()?.clone(), why?);
    let of = (person.account.unit.clone(), person.account.name.clone());
    let ended = state.write_alone(move |writer, rulebook| {
        consent::end_own(writer, rulebook, (&of.0, &number), &of.1, &why.reason).map(drop)
    });
    nothing(ended.await)
}

pub(crate) async fn subscription(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, Problem> {
    let unit = asker.sender()?.source;
    let found = state.ask(move |service| service.subscription_of(&unit)).await;
    done(found.map(|found| json!({ "subscription": found })))
}

pub(crate) async fn subscribe(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    let begun = state.write_alone(move |writer, rulebook| {
        subscription::begin_for(writer, rulebook, &person.account.unit, &person.account.name).map(drop)
    });
    nothing(begun.await)
}

pub(crate) async fn unsubscribe(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    let ended = state.write_alone(move |writer, rulebook| {
        subscription::end_for(writer, rulebook, &person.account.unit, &person.account.name).map(drop)
    });
    nothing(ended.await)
}
