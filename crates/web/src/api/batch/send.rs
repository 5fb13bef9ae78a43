//! `POST /api/v1/batches`: takes one file of at most 512 MB and acknowledges it with 202 once it is safe on the disk.
//!
//! The body is written piece by piece; what it holds is judged later, so the answer says *queued* and where to look.

use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::{AppState, asker, body, problem::Problem};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use credence_app::AppError;
use credence_app::batch::{BODY_MAX_BYTES, Letter, spool};
use credence_domain::record::{Instruction, Operation};
use serde::Deserialize;

/// Types that are taken, with the ending of a file that the sender gives no name.
const TYPES: [(&str, &str); 4] = [
    ("text/csv", "csv"),
    ("text/tab-separated-values", "tsv"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/x-ndjson", "jsonl"),
];
/// The longest name of a file, reviewer or key of repetition, in characters.
const TEXT_MAX: usize = 200;

/// What the query says of the file.
#[derive(Debug, Deserialize)]
pub(crate) struct Query {
    item: Option<String>,
    filename: Option<String>,
    secrecy_review: Option<String>,
    sequence: Option<i64>,
    sha256: Option<String>,
    operation: Option<String>,
    reason: Option<String>,
}

pub(crate) async fn send(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(query): Parameters<Query>,
    headers: HeaderMap,
    content: Body,
) -> Result<Response, Problem> {
    if state.is_moved() {
        let text = "演示日期已移动，期间不接受写入，请去掉 --today 后重新启动";
        return Err(AppError::refused("today_is_moved", "", text).into());
    }
    let letter = letter(query?, &headers)?;
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > BODY_MAX_BYTES) {
        return Err(spool::too_large().into());
    }
    let intake = state.intake().cloned().ok_or_else(|| {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "read_only", "本服务当前只读，不接受报送，请稍后再试。")
    })?;
    let sender = asker.sender()?;
    let upload = body::take(content, intake.receive()?).await?;
    asker::still_sends(&state, &headers, &sender).await?;
    let acknowledged = tokio::task::spawn_blocking(move || intake.acknowledge(&sender, letter, upload)).await;
    let batch = acknowledged.map_err(|error| Problem::fault(&error))??;
    let place = format!("/api/v1/batches/{}", batch.batch);
    let mut response = (StatusCode::ACCEPTED, Json(batch)).into_response();
    let place = HeaderValue::from_str(&place).map_err(|error| Problem::fault(&error))?;
    response.headers_mut().insert(header::LOCATION, place);
    Ok(response)
}

fn letter(query: Query, headers: &HeaderMap) -> Result<Letter, AppError> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    let kind = text(header::CONTENT_TYPE).split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some((_, ending)) = TYPES.into_iter().find(|(known, _)| *known == kind) else {
        let detail = "Content-Type 应为 text/csv、text/tab-separated-values、application/x-ndjson 或 XLSX 的类型";
        return Err(AppError::refused("unsupported_media_type", "content-type", detail));
    };
    let repetition = repetition(headers)?;
    let file = query.filename.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("upload.{ending}"));
    let reason = query.reason.unwrap_or_default();
    let instruction = match query.operation.as_deref().map(str::trim).filter(|operation| !operation.is_empty()) {
        None => None,
        Some(operation) => {
            let detail = "operation 应为 i（新增）、u（更正）或 d（撤回）";
            let operation =
                Operation::parse(operation).ok_or_else(|| AppError::refused("bad_parameter", "operation", detail))?;
            Some(Instruction { operation, reason: reason.as_str().into() })
        }
    };
    if query.sequence.is_some_and(|sequence| sequence < 1) {
        return Err(AppError::refused("bad_parameter", "sequence", "sequence 应为从1起的整数"));
    }
    let letter = Letter {
        item: query.item.filter(|item| !item.is_empty()),
        // A name, never a way to another folder.
        file: file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
        secrecy_review: query.secrecy_review.unwrap_or_default(),
        idempotency: repetition,
        sequence: query.sequence.unwrap_or_default(),
        digest: query.sha256.unwrap_or_default(),
        instruction,
        ..Letter::default()
    };
    let texts = [
        ("reason", &reason),
        ("sha256", &letter.digest),
        ("filename", &letter.file),
        ("secrecy_review", &letter.secrecy_review),
        ("idempotency-key", &letter.idempotency),
    ];
    for (name, text) in texts {
        if text.chars().count() > TEXT_MAX || text.chars().any(char::is_control) {
            let detail = format!("{name} 最长{TEXT_MAX}个字符，且不得含控制字符");
            return Err(AppError::refused("bad_parameter", name, detail));
        }
    }
    Ok(letter)
}

/// The sender's key of repetition; empty without one. One that cannot be read is refused: without it a letter that is sent
/// again would be another.
fn repetition(headers: &HeaderMap) -> Result<String, AppError> {
    let mut given = headers.get_all("idempotency-key").iter().map(HeaderValue::to_str);
    match (given.next(), given.next()) {
        (None, _) => Ok(String::new()),
        (Some(Ok(key)), None) => Ok(key.to_owned()),
        _ => {
            let detail = "Idempotency-Key 只能有一个，且只含可见的 ASCII 字符";
            Err(AppError::refused("bad_parameter", "idempotency-key", detail))
        }
    }
}
