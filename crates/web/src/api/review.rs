//! What waits before it becomes public: `GET /api/v1/reviews` lists the records that are held, `POST` decides on some of them or on a
//! batch that waits as a whole.

use super::done;
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use credence_app::review::{Reviewing, review_as};
use serde::Deserialize;

/// Which of them.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    hold: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(request): Parameters<Request>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    let Request { hold, cursor, limit } = request?;
    let found = state
        .act(move |service, desk| service.read_held_page(desk, &person, hold.as_deref(), (cursor.as_deref(), limit)));
    done(found.await)
}

pub(crate) async fn decide(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Reviewing>,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    done(state.act(move |service, desk| review_as(service, desk, &person, &asked)).await)
}
