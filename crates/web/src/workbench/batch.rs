//! `GET /workbench/batches/{id}`: one batch with how its columns were mapped, its counts and its rejected rows, which are mended in
//! place; `POST …/mend` sends them again, `POST …/withdrawal` asks for its withdrawal.

use super::{go_to, page, refuse};
use crate::AppState;
use crate::api::batch::read::find;
use crate::asker::Asker;
use crate::portal::{ErrorPage, Frame, Place};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::access;
use credence_app::batch::mend::{self, Mendable};
use credence_app::batch::{Intake, Letter};
use credence_app::query::{BatchDetail, BatchView, NotedRecord};
use credence_app::{AppError, View};
use credence_domain::access::Action;
use credence_domain::catalog::Nature;
use serde::Deserialize;
use std::sync::Arc;

/// Records with notes shown on the page; the rest by the API.
const NOTED_MOST: u32 = 50;

#[derive(Template)]
#[template(path = "workbench/batch.html")]
struct Page {
    frame: Frame,
    batch: BatchView,
    columns: Vec<Column>,
    detail: Option<BatchDetail>,
    rejected: Vec<RejectedRow>,
    more: bool,
    /// What was odd about rows that were taken; of many the first.
    noted: Vec<NotedRecord>,
    more_noted: bool,
    may_send: bool,
    /// Its rejected rows are still kept, and this reader may have them.
    rejects_kept: bool,
    may_propose: bool,
    /// What it reports is adverse, so that a notice of repair goes with it.
    notices: bool,
}

/// A rejected row as a form.
struct RejectedRow {
    number: usize,
    line: String,
    field: String,
    reason: String,
    code: String,
    cells: Vec<Cell>,
}

/// A cell of it; ours are sent along and not shown.
struct Cell {
    at: usize,
    header: String,
    value: String,
    ours: bool,
}

impl RejectedRow {
    fn of(number: usize, found: &Mendable, row: &[String]) -> Self {
        let cell = |(at, value): (usize, &String)| Cell {
            at,
            header: found.header.get(at).cloned().unwrap_or_default(),
            value: value.clone(),
            ours: found.is_ours(at),
        };
        Self {
            number,
            line: found.said(row, "原行号"),
            field: found.said(row, "字段"),
            reason: found.said(row, "错误原因"),
            code: found.said(row, "错误代码"),
            cells: row.iter().enumerate().map(cell).collect(),
        }
    }
}

/// A column of the file and the field that it was taken for.
#[derive(Deserialize)]
struct Column {
    header: String,
    field: Option<String>,
}

impl Page {
    /// It has not ended: the page looks again by itself.
    fn is_under_way(&self) -> bool {
        matches!(self.batch.state.as_str(), "queued" | "running")
    }

    fn may_withdraw(&self) -> bool {
        self.may_propose && matches!(self.batch.state.as_str(), "done" | "held")
    }

    fn state_name(&self) -> &'static str {
        super::words::batch_state(&self.batch.state)
    }
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    let batch = find(&state, &asker, number).await.map_err(refuse)?;
    let (of, intake, role) = (batch.clone(), state.intake().cloned(), asker.role());
    let source = asker.batches_of().map(str::to_owned);
    let found = state.ask_at_length(move |service| {
        let granted = service.granted()?;
        let mends = asker.may_mend(granted.allows(role, Action::SendBatch), &of);
        let may = (mends, granted.allows(role, Action::Propose));
        let detail = match service.batch(&of.batch) {
            Ok(detail) => Some(detail),
            Err(AppError::NotFound) => None,
            Err(error) => return Err(error),
        };
        let mendable = match intake.filter(|_| of.counts.rejected > 0 && may.0) {
            Some(intake) => readable(mend::mendable(service, &intake, &of))?,
            None => None,
        };
        let item = service.rulebook().items.get(&of.item).and_then(|item| item.version_on(service.real_today()));
        let adverse = item.is_some_and(|version| version.nature == Nature::Dishonesty);
        let noted = match &detail {
            Some(_) => service.batch_notes((source.as_deref(), &of.batch), (None, NOTED_MOST))?,
            None => credence_app::query::Page { items: Vec::new(), next: None },
        };
        Ok((may, detail, (mendable, noted), adverse && of.counts.accepted + of.counts.corrected > 0))
    });
    let ((may_send, may_propose), detail, (mendable, noted), notices) = found.await.map_err(refuse)?;
    let kept = state.intake().and_then(|intake| intake.rejects(&batch.batch)).is_some();
    let rejects_kept = may_send && batch.counts.rejected > 0 && kept;
    let columns = detail.as_ref().map(|detail| detail.columns.clone()).unwrap_or_default();
    let columns = serde_json::from_value(columns).unwrap_or_default();
    let found = mendable.unwrap_or_default();
    let rejected = found.rows.iter().enumerate();
    let rejected = rejected.map(|(number, row)| RejectedRow::of(number + 1, &found, row)).collect();
    let more = found.more;
    let (more_noted, noted) = (noted.next.is_some(), noted.items);
    let shown = Page {
        frame,
        batch,
        columns,
        detail,
        rejected,
        more,
        noted,
        more_noted,
        may_send,
        rejects_kept,
        may_propose,
        notices,
    };
    page(StatusCode::OK, &shown)
}

/// What cannot be mended here is mended in the file.
fn readable(found: Result<Mendable, AppError>) -> Result<Option<Mendable>, AppError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(AppError::Refused { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// One mended row: `c0`, `c1`, … in the order of the header.
pub(crate) async fn mend(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(form): Received<Vec<(String, String)>>,
) -> Result<Response, ErrorPage> {
    let sender = asker.sender().map_err(refuse)?;
    let batch = find(&state, &asker, number).await.map_err(refuse)?;
    let form = form.map_err(refuse)?;
    let intake = intake(&state)?;
    let sent = state.act(move |service, _| {
        let standing = mend::mendable(service, &intake, &batch)?;
        let cell = |at: usize| {
            let name = format!("c{at}");
            form.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let row: Vec<String> = (0..standing.header.len()).map(cell).collect();
        let letter = Letter {
            item: Some(batch.item.clone()),
            file: format!("{}-更正.csv", batch.batch),
            secrecy_review: batch.secrecy_review.clone(),
            ..Letter::default()
        };
        mend::send(&intake, &sender, letter, &standing.header, &[row])
    });
    let sent = sent.await.map_err(refuse)?;
    Ok(go_to(&format!("/workbench/batches/{}", sent.batch)))
}

/// Why.
#[derive(Deserialize)]
pub(crate) struct Why {
    reason: String,
}

pub(crate) async fn withdraw(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(number): Path<String>,
    Received(why): Received<Why>,
) -> Result<Response, ErrorPage> {
    let (person, why) = (asker.person().map_err(refuse)?.clone(), why.map_err(refuse)?);
    let asked =
        state.act(move |service, desk| access::propose_withdrawal(service, desk, &person, &number, &why.reason));
    asked.await.map_err(refuse)?;
    Ok(go_to("/workbench"))
}

/// The intake, where this server takes files in.
pub(super) fn intake(state: &AppState) -> Result<Arc<Intake>, ErrorPage> {
    let missing = || AppError::refused("read_only", "", "本服务当前只读，不接受报送，请稍后再试");
    state.intake().cloned().ok_or_else(|| refuse(missing()))
}

/// What the office sees on a day, for what is listed here.
pub(super) fn office(state: &AppState) -> View {
    View::office(state.view().today)
}
