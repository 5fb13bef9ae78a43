//! `GET /open-data` (开放数据): how programs get what is public: the change stream, the daily file, feeds.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::{page, refuse};
use crate::AppState;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::AppError;
use credence_app::daily::{DailyFile, Manifest};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "open_data.html")]
struct Page {
    frame: Frame,
    /// What is handed out now; none while it is being made.
    manifest: Option<Arc<Manifest>>,
    /// Days for which a reader of the stream may stay away.
    retention_days: u32,
}

impl Page {
    fn form(&self, file: &DailyFile) -> &'static str {
        if file.content_type.starts_with("text/csv") { "CSV 表格" } else { "JSON 行" }
    }

    /// A size as people read it.
    fn size(&self, file: &DailyFile) -> String {
        match file.bytes {
            bytes if bytes < 1 << 20 => format!("{:.1} KB", bytes as f64 / 1024.0),
            bytes => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
        }
    }
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    let manifest = match state.bulk().await {
        Ok(manifest) => Some(manifest),
        Err(AppError::Refused { code: "bulk_not_ready", .. }) => None,
        Err(error) => return Err(refuse(error)),
    };
    let today = state.view().today;
    let days = state.ask(move |service| Ok(service.rulebook().stream.retention_days(today)));
    let retention_days = days.await.map_err(refuse)?;
    page(&Page { frame, manifest, retention_days }, &asked)
}
