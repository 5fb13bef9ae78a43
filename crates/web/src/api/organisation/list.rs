//! `GET /api/v1/organisations?q=&area=&status=&kind=&cursor=&limit=`.

use crate::parameter::Parameters;
use crate::{AppState, problem::Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::SearchRequest;

pub(crate) async fn list(
    State(state): State<AppState>,
    Parameters(request): Parameters<SearchRequest>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let (view, request) = (state.view(), request?);
    super::super::json(state.ask_at_length(move |service| service.search(&view, &request)).await, &asked)
}
