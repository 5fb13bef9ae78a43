//! `POST /api/v1/papers?uscc=&name=` hands in a paper as a file; `GET /api/v1/papers/{digest}?uscc=` reads one through a case that one
//! may see. What is read is saved and never shown by a browser: it is somebody else's file.

use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::{AppState, handed, problem::Problem};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use credence_app::AppError;
use credence_app::paper::{File, PaperFile, hand_in_as};
use credence_domain::paper::Kind;
use serde::Deserialize;
use std::fmt::Write as _;

/// Nothing of a file runs, whatever a browser takes it for.
const POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");

/// Whose file it is.
#[derive(Debug, Deserialize)]
pub(crate) struct Whose {
    uscc: String,
}

/// The same, and how it is called.
#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    uscc: String,
    #[serde(default)]
    name: String,
}

pub(crate) async fn hand_in(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(asked): Parameters<Named>,
    headers: HeaderMap,
    content: Body,
) -> Result<Response, Problem> {
    let (person, asked) = (asker.person()?.clone(), asked?);
    let declared =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    if Kind::from_media_type(&declared).is_none() && !Kind::Ofd.is_declared_as(&declared) {
        let types = Kind::ALL.map(Kind::media_type).join("、");
        let detail = format!("Content-Type 应为 {types} 之一");
        return Err(AppError::refused("unsupported_media_type", "content-type", detail).into());
    }
    let _turn = handed::turn().await?;
    let content = handed::whole(content).await?;
    let file = File { content: content.as_ref().into(), declared, name: asked.name };
    let kept = state.act(move |service, desk| hand_in_as(service, desk, &person, &asked.uscc, &file)).await?;
    let status = if kept.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(kept)).into_response())
}

pub(crate) async fn read(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(digest): Path<String>,
    Parameters(whose): Parameters<Whose>,
) -> Result<Response, Problem> {
    let (person, whose) = (asker.person()?.clone(), whose?);
    saved(state.act(move |service, desk| service.read_paper(desk, &person, &whose.uscc, &digest)).await?)
}

/// A file to be saved, by the name under which it is kept.
fn saved(file: PaperFile) -> Result<Response, Problem> {
    let kind =
        Kind::from_media_type(&file.paper.media_type).ok_or_else(|| Problem::fault(&"a file of no known kind"))?;
    let ending = kind.endings().first().copied().unwrap_or_default();
    let mut name = format!("attachment; filename=\"paper.{ending}\"; filename*=UTF-8''");
    for byte in file.paper.name.bytes() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        let written = if plain { name.write_char(char::from(byte)) } else { write!(name, "%{byte:02X}") };
        written.map_err(|error| Problem::fault(&error))?;
    }
    let name = HeaderValue::from_str(&name).map_err(|error| Problem::fault(&error))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type())),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    Ok((StatusCode::OK, headers, file.content).into_response())
}
