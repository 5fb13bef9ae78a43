//! `GET /workbench/upload`, `POST /workbench/upload`: one file of one's unit, taken in piece by piece; its page then shows how the
//! columns were mapped and which rows came back.

use super::{batch::intake, go_to, page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::portal::{ErrorPage, Frame, Place};
use crate::{asker, body};
use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::batch::{BODY_MAX_BYTES, Letter, Upload};
use credence_app::query::ListedItem;

#[derive(Template)]
#[template(path = "workbench/upload.html")]
struct Page {
    frame: Frame,
    items: Vec<ListedItem>,
    refusal: Option<String>,
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    render(&state, &asked, None).await
}

async fn render(state: &AppState, asked: &HeaderMap, refusal: Option<String>) -> Result<Response, ErrorPage> {
    let frame = Frame::of(state, state.view().today, asked, Place::Elsewhere);
    let items = state.ask(|service| service.items_today()).await.map_err(refuse)?;
    let status = if refusal.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page(status, &Page { frame, items, refusal })
}

pub(crate) async fn send(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, ErrorPage> {
    let sender = asker.sender().map_err(refuse)?;
    let intake = intake(&state)?;
    let taken = match form {
        Ok(form) => take(form, || intake.receive()).await,
        Err(_) => Err(AppError::refused("unsupported_media_type", "content-type", "请用上传页面的表单选择文件")),
    };
    let (letter, upload) = match taken {
        Ok(taken) => taken,
        Err(AppError::Refused { detail, .. }) => return render(&state, &asked, Some(detail)).await,
        Err(error) => return Err(refuse(error)),
    };
    asker::still_sends(&state, &asked, &sender).await.map_err(refuse)?;
    match state.act(move |_, _| intake.acknowledge(&sender, letter, upload)).await {
        Ok(batch) => Ok(go_to(&format!("/workbench/batches/{}", batch.batch))),
        Err(AppError::Refused { detail, .. }) => render(&state, &asked, Some(detail)).await,
        Err(error) => Err(refuse(error)),
    }
}

/// Reads the form: what stands before the file, then the file.
async fn take(
    mut form: Multipart,
    receive: impl Fn() -> credence_app::Result<Upload>,
) -> Result<(Letter, Upload), AppError> {
    let broken = |_| AppError::refused("bad_body", "", "上传中断或表单无法读取，请重试");
    let mut letter = Letter::default();
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            // A name, never a way to another folder.
            let file = field.file_name().unwrap_or_default().to_owned();
            let file: String = file.rsplit(['/', '\\']).next().unwrap_or_default().chars().take(200).collect();
            if file.is_empty() {
                return Err(AppError::refused("empty_file", "file", "请选择要报送的文件"));
            }
            letter.file = file;
            let mut taking = body::Taking::begin(receive()?);
            while let Some(piece) = field.chunk().await.map_err(broken)? {
                if !taking.take(piece).await {
                    break;
                }
            }
            return Ok((letter, taking.end().await?));
        }
        let mut text = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(broken)? {
            if text.len() + piece.len() > 1_000 {
                return Err(AppError::refused("bad_parameter", name, "填写的内容过长"));
            }
            text.extend_from_slice(&piece);
        }
        let text = String::from_utf8_lossy(&text).trim().to_owned();
        match name.as_str() {
            "item" if !text.is_empty() => letter.item = Some(text),
            "secrecy_review" => letter.secrecy_review = text,
            _ => {}
        }
    }
    Err(AppError::refused("empty_file", "file", format!("请选择要报送的文件（最大{}MB）", BODY_MAX_BYTES >> 20)))
}
