//! `GET /api/v1/lists?item=&authority=&area=&class=&from=&to=&cursor=&limit=`: public records across organisations.

use crate::parameter::Parameters;
use crate::{AppState, problem::Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::ListRequest;

pub(crate) async fn list(
    State(state): State<AppState>,
    Parameters(request): Parameters<ListRequest>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let (view, request) = (state.view(), request?);
    super::json(state.ask_at_length(move |service| service.list(&view, &request)).await, &asked)
}
