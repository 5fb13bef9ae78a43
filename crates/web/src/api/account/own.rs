//! One's own account: password, second factor, and for representatives the organisations for which they speak.

use super::super::{done, made, nothing};
use crate::asker::Asker;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use credence_app::account::{self, Delegation};
use serde::Deserialize;
use serde_json::json;

/// Another password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    pub(crate) old: String,
    pub(crate) new: String,
}

/// A code, and the secret that it confirms.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) secret: String,
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    let units = state.ask(move |service| service.units()).await?;
    let account = &person.account;
    done(Ok(json!({
        "account": account.name,
        "role": person.role,
        "unit": account.unit,
        "unit_name": units.get(&account.unit).map(|unit| unit.name.as_str()).unwrap_or_default(),
        "organisations": person.organisations,
        "second_factor": account.second_factor.is_some(),
        "ends_on": account.ends_on,
    })))
}

pub(crate) async fn change_password(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<NewPassword>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    let changed = state.act_with_password(move |service, desk| {
        account::change_password(service, desk, &person.account, &asked.old, &asked.new)
    });
    nothing(changed.await)
}

pub(crate) async fn begin_second_factor(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    made(state.act(move |_, desk| account::begin_second_factor(desk, &person.account)).await)
}

pub(crate) async fn confirm_second_factor(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Code>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    let confirmed = state.act(move |service, desk| {
        account::confirm_second_factor(service, desk, &person.account, &asked.secret, &asked.code)
    });
    nothing(confirmed.await)
}

pub(crate) async fn drop_second_factor(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Code>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    let dropped =
        state.act(move |service, desk| account::drop_second_factor(service, desk, &person.account, &asked.code));
    nothing(dropped.await)
}

pub(crate) async fn bind(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Code>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    let bound = state.act(move |service, desk| account::bind(service, desk, &person.account, &asked.code)).await;
    made(bound.map(|uscc| json!({ "uscc": uscc })))
}

pub(crate) async fn delegate(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Delegation>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    let delegated = state.write(move |writer, rulebook| {
        account::delegate(writer, rulebook, &person.account, &person.organisations, &asked)
    });
    nothing(delegated.await)
}
