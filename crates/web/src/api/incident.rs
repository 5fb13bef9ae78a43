//! Incidents of misuse, for the audit administrator: `GET /api/v1/incidents` lists them, `POST …/{id}/step` takes one, dismisses it,
//! hands it over, or closes it and tells those affected.

use super::done;
use crate::asker::Asker;
use crate::parameter::{Paging, Parameters};
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::access::{self, Step};

pub(crate) async fn list(
    State(state): State<AppState>,
    Parameters(request): Parameters<Paging>,
) -> Result<Response, Problem> {
    let request = request?;
    done(state.ask(move |service| service.incidents(request.asked())).await)
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(id): Path<String>,
    Received(asked): Received<Step>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    done(state.act(move |service, desk| access::step(service, desk, &person, &id, &asked)).await)
}
