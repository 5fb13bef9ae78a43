//! The daily file over HTTP: which there is, and the file itself. It is kept up by the serving process: looked at every second,
//! made anew after midnight and whenever something that it holds has ended.

use crate::AppState;
use crate::body::PieceBody;
use crate::{api, problem::Problem, route};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use credence_app::daily::{self, DailyFile, Manifest};
use credence_app::{AppError, Result};
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked at.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(1);
/// Seconds after which to ask again for a file that is being made.
const AGAIN_SECONDS: u32 = 10;

/// Keeps the file up for ever; ends with the runtime.
pub(crate) async fn keep(state: AppState) {
    let Some(daily) = state.daily().cloned() else { return };
    let mut clock = tokio::time::interval(LOOKED_AT_EVERY);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        let daily = Arc::clone(&daily);
        match state.follow(move |service| daily.keep(service)).await {
            Ok(false) => {}
            Ok(true) => tracing::info!("the daily file was made"),
            Err(error) => tracing::warn!(code = error.code(), %error, "the daily file cannot be made"),
        }
    }
}

impl AppState {
    /// What is handed out now.
    ///
    /// # Errors
    /// `bulk_not_ready` while it is being made, or where nobody makes it; a fault.
    pub(crate) async fn bulk(&self) -> Result<Arc<Manifest>> {
        let not_ready = || AppError::refused("bulk_not_ready", "", "当日数据文件正在生成，请稍后再试");
        let daily = Arc::clone(self.daily().ok_or_else(not_ready)?);
        self.ask_at_length(move |service| daily.current(service)).await?.ok_or_else(not_ready)
    }
}

fn refused(path: &str, error: AppError) -> Response {
    let problem = Problem::from(error);
    let again = (problem.status == StatusCode::SERVICE_UNAVAILABLE).then_some(AGAIN_SECONDS);
    route::refuse(path, Problem { retry_after: again.or(problem.retry_after), ..problem })
}

/// `GET /api/v1/bulk`: the current file in its forms, with sizes, digests and the position from which to go on.
pub(crate) async fn current(State(state): State<AppState>, uri: Uri, asked: HeaderMap) -> Response {
    match state.bulk().await {
        Ok(manifest) => api::json(Ok(&*manifest), &asked).unwrap_or_else(IntoResponse::into_response),
        Err(error) => refused(uri.path(), error),
    }
}

/// `GET /bulk/{name}`: the file itself. The name of another day answers 410; what is being made 503.
pub(crate) async fn file(State(state): State<AppState>, Path(name): Path<String>, uri: Uri) -> Response {
    let today = state.view().today;
    let found = match daily::day_of(&name) {
        Some(day) if day < today => {
            let text = "该日的数据文件已由新的文件取代，请从 /api/v1/bulk 查看当日文件";
            Err(AppError::refused("bulk_replaced", "", text))
        }
        Some(day) if day == today => hand_out(&state, &name).await,
        _ => Err(AppError::NotFound),
    };
    found.unwrap_or_else(|error| refused(uri.path(), error))
}

async fn hand_out(state: &AppState, name: &str) -> Result<Response> {
    let manifest = state.bulk().await?;
    let Some(of) = manifest.files.iter().find(|file| file.name == name).cloned() else {
        return Err(AppError::NotFound);
    };
    let daily = Arc::clone(state.daily().ok_or(AppError::NotFound)?);
    let file = daily.file(&of)?;
    let standing = state.clone();
    let body = PieceBody::of_file_while(file, move || daily.is_handed_out(&manifest, standing.today()));
    let mut response = (StatusCode::OK, Body::new(body)).into_response();
    for (name, value) in headers(&of) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

fn headers(of: &DailyFile) -> [(header::HeaderName, String); 5] {
    [
        (header::CONTENT_TYPE, of.content_type.clone()),
        (header::CONTENT_LENGTH, of.bytes.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", of.name)),
        (header::ETAG, format!("\"{}\"", of.sha256)),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ]
}
