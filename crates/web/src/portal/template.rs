//! `GET /data-list/{item}/template.csv`, `.xlsx`: the empty file of an item, made from the data list in force today.

use super::error::ErrorPage;
use super::refuse;
use crate::AppState;
use crate::answer::Answer;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::template::TemplateForm;

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(crate) async fn csv(
    State(state): State<AppState>,
    Path(item): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let body = made(&state, &item, TemplateForm::Csv).await?;
    Ok(Answer::file("text/csv; charset=utf-8", format!("{item}.csv"), body).to(&asked))
}

pub(crate) async fn xlsx(
    State(state): State<AppState>,
    Path(item): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let body = made(&state, &item, TemplateForm::Xlsx).await?;
    Ok(Answer::file(WORKBOOK, format!("{item}.xlsx"), body).to(&asked))
}

async fn made(state: &AppState, item: &str, form: TemplateForm) -> Result<Vec<u8>, ErrorPage> {
    let (today, item) = (state.view().today, item.to_owned());
    state.ask_at_length(move |service| service.template(today, &item, form)).await.map_err(refuse)
}
