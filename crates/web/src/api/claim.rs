//! Claims of commercial secrecy: `GET /api/v1/claims` lists them, or those of one's organisation; `POST` files one, `POST …/{number}/steps`
//! asks the third party, takes its opinion and decides.

use super::{done, made};
use crate::asker::Asker;
use crate::parameter::{Paging, Parameters};
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::review::{ClaimDoing, Claiming, claim_as, step_claim_as};

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(request): Parameters<Paging>,
) -> Result<Response, Problem> {
    let (person, request) = (asker.person()?.clone(), request?);
    done(state.ask_at_length(move |service| service.claims(&person, request.asked())).await)
}

pub(crate) async fn file(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Claiming>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    made(state.act(move |service, desk| claim_as(service, desk, &person, &asked)).await)
}

pub(crate) async fn step(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(doing): Received<ClaimDoing>,
) -> Result<Response, Problem> {
    let (person, doing) = (asker.person()?.clone(), doing?);
    done(state.act(move |service, desk| step_claim_as(service, desk, &person, &number, &doing)).await)
}
