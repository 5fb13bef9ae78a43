//! Keys of units' systems: `GET /api/v1/keys` lists them, `POST /api/v1/keys` asks for one (a second person issues it by answering the
//! proposal), `POST /api/v1/keys/{number}/revocation` takes one back at once.

use super::{done, made, nothing};
use crate::asker::Asker;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::access;
use credence_app::key::{self, Wanted};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;

/// The key that is asked for, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    source: String,
    #[serde(default, deserialize_with = "credence_app::day::read_optional")]
    expires_on: Option<Date>,
    #[serde(default)]
    items: Vec<String>,
    #[serde(default)]
    actions: Vec<String>,
    reason: String,
}

/// Why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    reason: String,
}

pub(crate) async fn list(State(state): State<AppState>) -> Result<Response, Problem> {
    let found = state.ask_at_length(|service| service.keys()).await;
    done(found.map(|items| json!({ "items": items, "next": null })))
}

pub(crate) async fn propose(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Asked>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    let Asked { source, expires_on, items, actions, reason } = asked;
    let wanted = Wanted { source, expires_on, items, actions };
    made(state.act(move |service, desk| access::propose_key(service, desk, &person, &wanted, &reason)).await)
}

pub(crate) async fn revoke(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(why): Received<Why>,
) -> Result<Response, Problem> {
    let (by, why) = (asker.person()?.account.name.clone(), why?);
    let revoked = state
        .write_alone(move |writer, rulebook| key::take_back(writer, rulebook, &number, &by, &why.reason).map(drop));
    nothing(revoked.await)
}
