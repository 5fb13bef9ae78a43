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

/// What the body says, or why it cannot be read: at most so many bytes.
pub(crate) struct Received<T, const MAX: usize = BODY_MAX_BYTES>(pub(crate) Result<T, AppError>);

impl<T: DeserializeOwned, S: Send + Sync, const MAX: usize> FromRequest<S> for Received<T, MAX> {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(read_up_to(request, MAX).await))
    }
}

pub(crate) async fn read<T: DeserializeOwned>(request: Request) -> Result<T, AppError> {
    read_up_to(request, BODY_MAX_BYTES).await
}

async fn read_up_to<T: DeserializeOwned>(request: Request, most: usize) -> Result<T, AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let takes_forms = !crate::route::is_for_programs(request.uri().path());
    let body = to_bytes(request.into_body(), most)
        .await
        .map_err(|_| AppError::refused("too_large", "", format!("请求正文过大（最多{} KB）或中途中断", most / 1024)))?;
    match kind.as_str() {
        "application/json" => object(&body).map_err(|complaint| {
            let field = field_of(&complaint);
            AppError::refused("bad_body", field, "请求正文须为接口文档所述的JSON：字段缺失、多余、重复或类型不符")
        }),
        "application/x-www-form-urlencoded" if takes_forms => serde_urlencoded::from_bytes(&body)
            .map_err(|error| AppError::refused("bad_body", field_of(&error.to_string()), "表单无法读取，请返回重填")),
        _ => Err(AppError::refused("unsupported_media_type", "content-type", "Content-Type 应为 application/json")),
    }
}

/// Reads a JSON object. A list of the values alone would be taken in the order of the fields, which nobody is told.
fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err("no object".to_owned());
    }
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

/// The field that a reader complains of, where it names one.
fn field_of(complaint: &str) -> String {
    let name = complaint.split('`').nth(1).unwrap_or_default();
    if name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') { name.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::object;

    #[derive(Debug, PartialEq, Eq, serde::Deserialize)]
    struct Word {
        word: String,
    }

    #[test]
    fn an_object_is_read_and_a_list_of_its_values_is_not() {
        assert_eq!(object(b" {\"word\":\"x\"}"), Ok(Word { word: "x".to_owned() }));
        for wrong in [&b"[\"x\"]"[..], b"\"x\"", b"null", b"", b"{\"word\":\"x\",\"word\":\"y\"}"] {
            assert!(object::<Word>(wrong).is_err(), "{}", String::from_utf8_lossy(wrong));
        }
    }
}
