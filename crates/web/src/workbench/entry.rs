//! `GET /workbench/entry?item=`, `POST /workbench/entry?item=`: one record typed into the form of its item; it takes the same way
//! as a file of one row.

use super::{batch::intake, go_to, page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::parameter::Parameters;
use crate::portal::{ErrorPage, Frame, Place};
use crate::received::Received;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::AppError;
use credence_app::batch::{Letter, mend};
use credence_app::query::data_list::FieldView;
use credence_app::query::{ItemView, ListedItem};
use credence_domain::catalog::FieldType;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "workbench/entry.html")]
struct Page {
    frame: Frame,
    items: Vec<ListedItem>,
    item: Option<ItemView>,
}

impl Page {
    /// A long text gets room.
    fn is_long(&self, field: &FieldView) -> bool {
        field.kind == FieldType::Text && field.max_length.is_none_or(|most| most > 100)
    }

    fn is_date(&self, field: &FieldView) -> bool {
        field.kind == FieldType::Date
    }

    fn hint(&self, field: &FieldView) -> String {
        let mut parts = vec![field.type_name.to_owned()];
        if let Some(most) = field.max_length {
            parts.push(format!("最长{most}个字符"));
        }
        if !field.public {
            parts.push("不公示".to_owned());
        }
        parts.join("，")
    }
}

/// Which item.
#[derive(Debug, Deserialize)]
pub(crate) struct Of {
    item: Option<String>,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Parameters(of): Parameters<Of>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let of = of.map_err(refuse)?;
    let frame = Frame::of(&state, state.view().today, &asked, Place::Elsewhere);
    let found = state.ask(move |service| {
        let item = of.item.filter(|item| !item.is_empty()).map(|item| mend::form(service, &item)).transpose()?;
        Ok((service.items_today()?, item))
    });
    let (items, item) = found.await.map_err(refuse)?;
    page(StatusCode::OK, &Page { frame, items, item })
}

pub(crate) async fn enter(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Parameters(of): Parameters<Of>,
    Received(form): Received<Vec<(String, String)>>,
) -> Result<Response, ErrorPage> {
    let sender = asker.sender().map_err(refuse)?;
    let (of, form) = (of.map_err(refuse)?, form.map_err(refuse)?);
    let intake = intake(&state)?;
    let sent = state.act(move |service, _| {
        let item = of.item.filter(|item| !item.is_empty()).ok_or(AppError::NotFound)?;
        let item = mend::form(service, &item)?;
        let value = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim().to_owned());
        let filled: Vec<(String, String)> =
            item.fields.iter().filter_map(|field| Some((field.code.clone(), value(&field.code)?))).collect();
        if filled.iter().all(|(_, value)| value.is_empty()) {
            return Err(AppError::refused("empty_file", "", "表单为空，请至少填写必填项"));
        }
        let (header, row): (Vec<String>, Vec<String>) = filled.into_iter().unzip();
        let letter = Letter {
            item: Some(item.code.clone()),
            file: format!("{}-单条录入.csv", item.name),
            secrecy_review: value("secrecy_review").unwrap_or_default(),
            ..Letter::default()
        };
        mend::send(&intake, &sender, letter, &header, &[row])
    });
    let sent = sent.await.map_err(refuse)?;
    Ok(go_to(&format!("/workbench/batches/{}", sent.batch)))
}
