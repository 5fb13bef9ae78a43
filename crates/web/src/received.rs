//! Bodies of requests that are no files: JSON from programs, forms from pages. One that cannot be read is refused with a code
//! like everything else, and never repeated in the answer or the log.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use credence_app::AppError;
use serde::de::DeserializeOwned;
use std::convert::Infallible;

/// The largest body: nothing that a person types is longer.
const BODY_MAX_BYTES: usize = 64 * 1024;

/// What the body says, or why it cannot be read.
pub(crate) struct Received<T>(pub(crate) Result<T, AppError>);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Received<T> {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(read(request).await))
    }
}

async fn read<T: DeserializeOwned>(request: Request) -> Result<T, AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let body = to_bytes(request.into_body(), BODY_MAX_BYTES)
        .await
        .map_err(|_| AppError::refused("too_large", "", "请求正文过大（最多64 KB）或中途中断"))?;
    match kind.as_str() {
        "application/json" => serde_json::from_slice(&body).map_err(|error| {
            let field = field_of(&error.to_string());
            AppError::refused("bad_body", field, "请求正文须为接口文档所述的JSON：字段缺失、多余、重复或类型不符")
        }),
        "application/x-www-form-urlencoded" => serde_urlencoded::from_bytes(&body)
            .map_err(|error| AppError::refused("bad_body", field_of(&error.to_string()), "表单无法读取，请返回重填")),
        _ => Err(AppError::refused("unsupported_media_type", "content-type", "Content-Type 应为 application/json")),
    }
}

/// The field that a reader complains of, where it names one.
fn field_of(complaint: &str) -> String {
    let name = complaint.split('`').nth(1).unwrap_or_default();
    if name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') { name.to_owned() } else { String::new() }
}
