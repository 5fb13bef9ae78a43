//! `/workbench/unit`: whom one's unit lets act in its name (代为办理) and who lets it, and whether it takes the changes of its areas
//! (数据回流); `POST` gives or ends a consent, begins or ends the subscription.

use super::{came_of, go_to, page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::portal::{ErrorPage, Frame, Place};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::AppError;
use credence_app::consent::{self, ConsentView, Consenting};
use credence_app::subscription::{self, SubscriptionView};
use credence_domain::access::Action;
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "workbench/unit.html")]
struct Page {
    frame: Frame,
    unit: String,
    consents: Vec<ConsentView>,
    subscription: Option<SubscriptionView>,
    /// Codes and names of the other units.
    units: Vec<(String, String)>,
    items: Vec<(String, String)>,
    may_keep: bool,
    refusal: Option<String>,
}

impl Page {
    fn name<'a>(&'a self, code: &'a str) -> &'a str {
        self.units.iter().find(|(uscc, _)| uscc == code).map_or(code, |(_, name)| name)
    }

    fn of<'a>(&'a self, consent: &'a ConsentView) -> &'a str {
        match (&consent.item, &consent.uscc) {
            (Some(item), _) => self.items.iter().find(|(code, _)| code == item).map_or(item, |(_, name)| name),
            (None, Some(_)) => "一条记录",
            (None, None) => "全部事项",
        }
    }
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
    let frame = Frame::of(state, state.view().today, asked, Place::Elsewhere);
    let (unit, role) = (asker.sender().map_err(refuse)?.source, asker.role());
    let of = unit.clone();
    let found = state.ask_at_length(move |service| {
        let may_keep = service.allows(role, Action::KeepConsent)?;
        let items = service.rulebook().items.values().map(|item| (item.code.clone(), item.name.clone())).collect();
        Ok((service.consents_concerning(Some(&of))?, service.subscription_of(&of)?, service.units()?, items, may_keep))
    });
    let (consents, subscription, units, items, may_keep) = found.await.map_err(refuse)?;
    let units = units.into_values().map(|unit| (unit.uscc, unit.name)).collect();
    let (_, refusal, status) = came_of(came)?;
    page(status, &Page { frame, unit, consents, subscription, units, items, may_keep, refusal })
}

/// What the forms say.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Form {
    act: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    record: String,
    #[serde(default)]
    from_on: String,
    #[serde(default)]
    until_on: String,
    #[serde(default)]
    reason: String,
}

/// A day as a form has it; none where it is left empty.
fn day(text: &str, field: &str) -> Result<Option<Date>, AppError> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| AppError::refused("bad_parameter", field, "日期应写作 YYYY-MM-DD")),
    }
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
    Received(form): Received<Form>,
) -> Result<Response, ErrorPage> {
    let (person, form) = (asker.person().map_err(refuse)?.clone(), form.map_err(refuse)?);
    let done = state.write_alone(move |writer, rulebook| {
        let (unit, name) = (person.account.unit.as_str(), person.account.name.as_str());
        match form.act.as_str() {
            "give" => {
                let what = Consenting {
                    owner: unit,
                    acting: form.to.trim(),
                    item: form.item.trim(),
                    record: form.record.trim(),
                    from_on: day(&form.from_on, "from_on")?,
                    until_on: day(&form.until_on, "until_on")?,
                };
                consent::give(writer, rulebook, &what, name, &form.reason).map(drop)
            }
            "end" => consent::end_own(writer, rulebook, (unit, &form.number), name, &form.reason).map(drop),
            "subscribe" => subscription::begin_for(writer, rulebook, unit, name).map(drop),
            "unsubscribe" => subscription::end_for(writer, rulebook, unit, name).map(drop),
            _ => Err(AppError::refused("bad_parameter", "act", "表单无法读取，请返回重填")),
        }
    });
    match done.await {
        Ok(()) => Ok(go_to("/workbench/unit")),
        Err(error) => render(&state, &asker, &asked, Err(error)).await,
    }
}
