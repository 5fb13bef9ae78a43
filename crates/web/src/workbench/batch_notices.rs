//! `GET /workbench/batches/{id}/repair-notices`: the repair notices of a batch, each on a sheet of its own, to be printed and served with the
//! decisions (两书同达).

use super::{page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::portal::{ErrorPage, Frame, NoticeWords, Place};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::repair::BatchNotice;
use serde::Deserialize;

/// Notices of a page: as many sheets as somebody prints at once.
const LIMIT: u32 = 50;

#[derive(Template)]
#[template(path = "workbench/batch_notices.html")]
struct Page {
    frame: Frame,
    batch: String,
    notices: Vec<BatchNotice>,
    next: Option<String>,
}

impl NoticeWords for Page {}

/// Which page.
#[derive(Deserialize)]
pub(crate) struct Request {
    #[serde(default)]
    cursor: String,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Parameters(request): Parameters<Request>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let cursor = request.map_err(refuse)?.cursor;
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    let batch = crate::api::batch::read::find(&state, &asker, number.clone()).await.map_err(refuse)?.batch;
    let found = state.ask_at_length(move |service| {
        service.batch_notices((asker.batches_of(), &number), (Some(cursor.as_str()), LIMIT))
    });
    let found = found.await.map_err(refuse)?;
    page(StatusCode::OK, &Page { frame, batch, notices: found.items, next: found.next })
}
