//! `GET /workbench/keys`: keys of units' systems, for the three administrators. The system administrator asks for one and takes one back;
//! the security administrator issues it by answering the proposal, and is shown it once.

use super::{came_of, go_to, page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::portal::{ErrorPage, Frame, Place};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::AppError;
use credence_app::access;
use credence_app::key::{self, KeyView, Wanted};
use credence_domain::access::{Action, KeyScope};
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "workbench/keys.html")]
struct Page {
    frame: Frame,
    keys: Vec<KeyView>,
    units: Vec<(String, String)>,
    items: Vec<(String, String)>,
    may_manage: bool,
    today: Date,
    refusal: Option<String>,
}

impl Page {
    /// What a key can be narrowed to.
    fn actions(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        KeyScope::ACTIONS.iter().map(|(action, name)| (action.code(), *name))
    }

    fn unit<'a>(&'a self, key: &'a KeyView) -> &'a str {
        self.units.iter().find(|(uscc, _)| *uscc == key.source).map_or(&key.source, |(_, name)| name)
    }

    fn items_of(&self, key: &KeyView) -> String {
        if key.items.is_empty() {
            return "全部事项".to_owned();
        }
        names(&key.items, |code| self.items.iter().find(|(item, _)| item == code).map(|(_, name)| name.as_str()))
    }

    fn actions_of(&self, key: &KeyView) -> String {
        if key.actions.is_empty() {
            return "全部".to_owned();
        }
        names(&key.actions, |code| self.actions().find(|(known, _)| *known == code).map(|(_, name)| name))
    }

    fn state(&self, key: &KeyView) -> &'static str {
        match (key.revoked_at.is_some(), key.expires_on.is_some_and(|last| last < self.today)) {
            (true, _) => "已吊销",
            (false, true) => "已到期",
            (false, false) => "有效",
        }
    }
}

/// What codes are called; a code that has no name any more by itself.
fn names<'a>(codes: &'a [String], name: impl Fn(&str) -> Option<&'a str>) -> String {
    codes.iter().map(|code| name(code).unwrap_or(code)).collect::<Vec<_>>().join("、")
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    render(&state, &asker, &asked, Ok(())).await
}

async fn render(
    state: &AppState,
    asker: &Asker,
    asked: &HeaderMap,
    came: Result<(), AppError>,
) -> Result<Response, ErrorPage> {
    let today = state.view().today;
    let frame = Frame::of(state, today, asked, Place::Elsewhere);
    let role = asker.role();
    let found = state.ask_at_length(move |service| {
        let items = service.rulebook().items.values().map(|item| (item.code.clone(), item.name.clone())).collect();
        Ok((service.keys()?, service.units()?, items, service.allows(role, Action::ManageAccount)?))
    });
    let (keys, units, items, may_manage) = found.await.map_err(refuse)?;
    let units = units.into_values().map(|unit| (unit.uscc, unit.name)).collect();
    let (_, refusal, status) = came_of(came)?;
    page(status, &Page { frame, keys, units, items, may_manage, today, refusal })
}

pub(crate) async fn propose(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
    Received(form): Received<Vec<(String, String)>>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let all = |name: &str| -> Vec<String> {
        form.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    };
    let one = |name: &str| all(name).into_iter().find(|value| !value.is_empty()).unwrap_or_default();
    let (source, last, reason) = (one("source"), one("expires_on"), one("reason"));
    let (items, actions) = (all("items"), all("actions"));
    let proposed = match last.parse::<Date>() {
        Err(_) if !last.is_empty() => {
            Err(AppError::refused("bad_parameter", "expires_on", "最后一天应写作 YYYY-MM-DD"))
        }
        last => {
            let wanted = Wanted { source, expires_on: last.ok(), items, actions };
            state.act(move |service, desk| access::propose_key(service, desk, &person, &wanted, &reason)).await
        }
    };
    match proposed {
        Ok(_) => Ok(go_to("/workbench/keys")),
        Err(error) => render(&state, &asker, &asked, Err(error)).await,
    }
}

/// Why.
#[derive(Deserialize)]
pub(crate) struct Why {
    reason: String,
}

pub(crate) async fn revoke(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    asked: HeaderMap,
    Received(form): Received<Why>,
) -> Result<Response, ErrorPage> {
    let (by, why) = (asker.person().map_err(refuse)?.account.name.clone(), form.map_err(refuse)?);
    let revoked = state
        .write_alone(move |writer, rulebook| key::take_back(writer, rulebook, &number, &by, &why.reason).map(drop));
    match revoked.await {
        Ok(()) => Ok(go_to("/workbench/keys")),
        Err(error) => render(&state, &asker, &asked, Err(error)).await,
    }
}
