//! `GET /api/v1/conflicts`: names that were sent for a known code and differ from the one on file: those of one's own unit's
//! files, and all of them for the office and reviewers.

use super::done;
use crate::asker::Asker;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use credence_app::View;
use credence_domain::access::Role;
use serde_json::json;

pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
) -> Result<Response, Problem> {
    let person = asker.person()?.clone();
    let view = View::office(state.view().today);
    let found = state.ask_at_length(move |service| {
        let mut found = service.name_conflicts(&view)?;
        if person.role == Role::Clerk {
            found.retain(|conflict| conflict.source == person.account.unit);
        }
        Ok(found)
    });
    done(found.await.map(|items| json!({ "items": items, "next": null })))
}
