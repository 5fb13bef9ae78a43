//! Papers as files on their way in (附件): the body of a request, or the files of a form beside what was typed. They are held in memory
//! alone, for they may be copies of identity cards, and so few are taken at once.

use crate::received;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use credence_app::AppError;
use credence_app::paper::File;
use credence_domain::paper::{FILE_MAX_BYTES, rule};
use hyper::body::Body as HttpBody;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Requests with files that are taken at once: each holds at most [`FORM_FILES`] of them.
static TURNS: Semaphore = Semaphore::const_new(4);
/// Files of one form.
pub(crate) const FORM_FILES: usize = 5;
/// The largest of everything that is typed into such a form, in bytes.
const TYPED_MAX_BYTES: usize = 64 * 1024;
/// Within which a body with files comes in, so that nobody keeps others waiting.
const TAKEN_WITHIN: Duration = Duration::from_secs(120);

/// A turn among those whose files are taken.
pub(crate) async fn turn() -> Result<SemaphorePermit<'static>, AppError> {
    Ok(TURNS.acquire().await.map_err(std::io::Error::other)?)
}

fn broken() -> AppError {
    AppError::refused("bad_body", "file", "上传中断或者超时，请重试")
}

fn too_large() -> AppError {
    AppError::refused(rule::TOO_LARGE.code, rule::TOO_LARGE.field, rule::TOO_LARGE.text)
}

/// A whole body of at most one file.
///
/// # Errors
/// `paper_too_large`, or `bad_body` where it breaks off or takes too long.
pub(crate) async fn whole(body: Body) -> Result<Bytes, AppError> {
    tokio::time::timeout(TAKEN_WITHIN, collect(body)).await.map_err(|_| broken())?
}

async fn collect(mut body: Body) -> Result<Bytes, AppError> {
    if body.size_hint().lower() > FILE_MAX_BYTES as u64 {
        return Err(too_large());
    }
    let mut content = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(piece) = frame.map_err(|_| broken())?.into_data() else { continue };
        if content.len() + piece.len() > FILE_MAX_BYTES {
            return Err(too_large());
        }
        content.extend_from_slice(&piece);
    }
    Ok(content.into())
}

/// What was typed into a form, and the files beside it by the names of their inputs.
pub(crate) struct WithFiles<T> {
    pub(crate) form: T,
    pub(crate) files: Vec<(String, File)>,
    /// Held as long as the files are.
    _turn: Option<SemaphorePermit<'static>>,
}

/// A form with files, or without; or why it cannot be read.
pub(crate) struct Handed<T>(pub(crate) Result<WithFiles<T>, AppError>);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Handed<T> {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
            let form = received::read(request).await;
            return Ok(Self(form.map(|form| WithFiles { form, files: Vec::new(), _turn: None })));
        }
        Ok(Self(match Multipart::from_request(request, state).await {
            Ok(form) => read(form).await,
            Err(_) => Err(broken()),
        }))
    }
}

async fn read<T: DeserializeOwned>(form: Multipart) -> Result<WithFiles<T>, AppError> {
    let turn = turn().await?;
    let (typed, files) = tokio::time::timeout(TAKEN_WITHIN, take(form)).await.map_err(|_| broken())??;
    let typed = serde_urlencoded::to_string(typed).map_err(|_| broken())?;
    let form = serde_urlencoded::from_str(&typed)
        .map_err(|_| AppError::refused("bad_body", "", "表单无法读取，请返回重填"))?;
    Ok(WithFiles { form, files, _turn: Some(turn) })
}

type Taken = (Vec<(String, String)>, Vec<(String, File)>);

async fn take(mut form: Multipart) -> Result<Taken, AppError> {
    let (mut typed, mut files, mut typed_bytes) = (Vec::new(), Vec::new(), 0);
    while let Some(mut field) = form.next_field().await.map_err(|_| broken())? {
        let input = field.name().unwrap_or_default().to_owned();
        let name = field.file_name().map(str::to_owned);
        let declared = field.content_type().unwrap_or_default().to_owned();
        // Names of inputs weigh too: a form of nothing but empty fields ends as well.
        typed_bytes += input.len();
        let room = if name.is_some() { FILE_MAX_BYTES } else { TYPED_MAX_BYTES.saturating_sub(typed_bytes) };
        let mut content = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(|_| broken())? {
            if content.len() + piece.len() > room {
                let long = || AppError::refused("bad_parameter", input.clone(), "填写的内容过长");
                return Err(if name.is_some() { too_large() } else { long() });
            }
            content.extend_from_slice(&piece);
        }
        if typed_bytes > TYPED_MAX_BYTES {
            return Err(AppError::refused("bad_parameter", "", "填写的内容过长"));
        }
        match name {
            None => {
                typed_bytes += content.len();
                let text = String::from_utf8(content).map_err(|_| broken())?;
                typed.push((input, text));
            }
            // An input in which nobody chose a file.
            Some(name) if name.is_empty() && content.is_empty() => {}
            Some(_) if files.len() >= FORM_FILES => {
                let detail = format!("一次最多上传{FORM_FILES}个文件，其余的请在补正材料时上传");
                return Err(AppError::refused(rule::TOO_MANY.code, rule::TOO_MANY.field, detail));
            }
            Some(name) => files.push((input, File { content: content.into(), declared, name })),
        }
    }
    Ok((typed, files))
}
