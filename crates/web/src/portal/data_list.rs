//! `GET /data-list`: the data list in force (公共信用信息数据清单): its edition, its items, what changed since the edition
//! before. `GET /data-list/{item}`: one item with its fields, as its form has them.
//!
//! Serves 山东省社会信用条例 art. 10: the list is published, and what it does not name is on no credit file.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::{page, refuse, words};
use crate::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::data_list::{DataListView, FieldView, ItemView};
use credence_domain::catalog::edition::{ChangeKind, ListChange};
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "data_list.html")]
struct Page {
    frame: Frame,
    list: DataListView,
}

/// The items of one class of the directory.
struct Class<'a> {
    code: &'a str,
    name: &'a str,
    items: Vec<&'a ItemView>,
}

impl Page {
    fn day(&self, day: &Date) -> String {
        words::day(*day)
    }

    fn instant(&self, instant: &str) -> String {
        words::beijing_minute(instant)
    }

    fn classes(&self) -> Vec<Class<'_>> {
        let mut classes: Vec<Class<'_>> = Vec::new();
        for item in &self.list.items {
            match classes.last_mut().filter(|class| class.code == item.class) {
                Some(class) => class.items.push(item),
                None => classes.push(Class { code: &item.class, name: &item.class_name, items: vec![item] }),
            }
        }
        classes
    }

    /// A change in a sentence.
    fn told(&self, change: &ListChange) -> String {
        let what = match &change.field_name {
            Some(field) => format!("{}的字段“{field}”", change.name),
            None => change.name.clone(),
        };
        let property = change.property.as_deref().map(property).unwrap_or_default();
        match (change.kind, &change.old, &change.new) {
            (ChangeKind::Added, ..) => format!("增加：{what}"),
            (ChangeKind::Ended, ..) => format!("停止：{what}"),
            (ChangeKind::Changed, Some(old), Some(new)) if old.len() + new.len() < 120 => {
                format!("修改：{what}，{property}由“{old}”改为“{new}”")
            }
            (ChangeKind::Changed, ..) => format!("修改：{what}，{property}"),
        }
    }
}

/// A property of an item or field in words.
fn property(code: &str) -> &str {
    match code {
        "name" => "名称",
        "directory_class" => "目录类别",
        "nature" => "信息性质",
        "disclosure" => "披露方式",
        "act_kind" => "期限种类",
        "source_units" => "提供单位",
        "update_cycle" => "更新周期",
        "validity" => "有效期限",
        "identity" => "识别字段",
        "basis" => "依据",
        "aliases" => "别名",
        "type" => "类型",
        "max_length" => "最大长度",
        "required" => "是否必填",
        "expected" => "是否应填",
        "codes" => "代码表",
        "public" => "是否公开",
        "masking" => "遮盖方式",
        "extension" => "是否本平台增设",
        "unverified" => "核对状态",
        other => other,
    }
}

#[derive(Template)]
#[template(path = "data_list_item.html")]
struct ItemPage {
    frame: Frame,
    item: ItemView,
}

impl ItemPage {
    fn day(&self, day: &Date) -> String {
        words::day(*day)
    }

    /// Whether templates of the item are served.
    fn has_template(&self) -> bool {
        crate::routes().iter().any(|route| route.path == "/data-list/{item}/template.csv")
    }

    /// Its records are public, so there is a list of them.
    fn has_list(&self) -> bool {
        self.item.disclosure == credence_domain::catalog::Disclosure::Public
    }

    fn identity(&self) -> String {
        let name = |code: &String| {
            let field = self.item.fields.iter().find(|field| field.code == *code);
            field.map_or_else(|| code.clone(), |field| field.name.clone())
        };
        self.item.identity.iter().map(name).collect::<Vec<_>>().join("、")
    }

    fn filling(&self, field: &FieldView) -> &'static str {
        if field.required {
            "必填"
        } else if field.expected {
            "应填"
        } else {
            "选填"
        }
    }
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let today = state.view().today;
    let frame = Frame::of(&state, today, &asked, Place::DataList);
    let list = state.ask(move |service| service.data_list(today)).await.map_err(refuse)?;
    page(&Page { frame, list }, &asked)
}

pub(crate) async fn show_item(
    State(state): State<AppState>,
    Path(item): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let today = state.view().today;
    let frame = Frame::of(&state, today, &asked, Place::DataList);
    let item = state.ask(move |service| service.data_list_item(today, &item)).await.map_err(refuse)?;
    page(&ItemPage { frame, item }, &asked)
}
