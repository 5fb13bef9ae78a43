//! `GET /api/v1/batches/{id}/rejects`: the rejected rows in the sender's own form, to be mended and sent again: for whoever may send for
//! that unit, and nobody else, for they name people in full.

use crate::asker::Asker;
use crate::body::PieceBody;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use credence_app::AppError;
use credence_domain::access::Action;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::PathBuf;

pub(crate) async fn read(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let batch = super::read::find(&state, &asker, number).await?;
    let sends = state.allows(asker.role(), Action::SendBatch).await?;
    if !asker.may_mend(sends, &batch) {
        let text = "退回的行含报送的原始内容，只提供给可以为该单位报送的人员和系统";
        return Err(AppError::refused("forbidden", "", text).into());
    }
    if matches!(batch.state.as_str(), "queued" | "running") {
        let text = "批次尚未处理完，请稍后再取退回文件。";
        let early = Problem::new(StatusCode::CONFLICT, "batch_not_finished", text);
        return Err(Problem { retry_after: Some(2), ..early });
    }
    let path = state.intake().and_then(|intake| intake.rejects(&batch.batch));
    let gone = || AppError::refused("rejects_gone", "", "该批次没有可取的退回文件（整批处理失败，或不经接口报送）");
    let (file, kind) = open(path.ok_or_else(gone)?).map_err(AppError::from)?;
    let (content_type, extension) = kind;
    let name = format!("attachment; filename=\"rejects-{}.{extension}\"", batch.batch);
    let mut response = (StatusCode::OK, Body::new(PieceBody::of_file(file))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|error| Problem::fault(&error))?);
    Ok(response)
}

/// The file with its type, told by how it begins.
fn open(path: PathBuf) -> std::io::Result<(File, (&'static str, &'static str))> {
    let mut file = File::open(path)?;
    let mut head = [0; 4096];
    let read = file.read(&mut head)?;
    file.rewind()?;
    let head = head.get(..read).unwrap_or_default();
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    Ok((
        file,
        match head.first() {
            Some(b'P') if head.starts_with(b"PK") => {
                ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
            }
            Some(b'{') => ("application/x-ndjson", "jsonl"),
            _ if line.contains(&b'\t') => ("text/tab-separated-values", "tsv"),
            _ => ("text/csv", "csv"),
        },
    ))
}
