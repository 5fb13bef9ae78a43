//! Public lists across organisations: by item, organ, region and date, newest decision first (山东省社会信用条例 art. 20,
//! 双公示). Only organisations, only what is public today.

use super::page::{Page, decode_cursor, encode_cursor, limit};
use super::record::{Detail, FieldView, MarkView, RecordView};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::unhex;
use credence_domain::catalog::{Disclosure, Nature, Role, Version};
use credence_domain::record::Identity;
use credence_domain::record::value::{day_number, iso_date};
use credence_domain::subject::uscc::fold;
use credence_store::body::Unpacker;
use credence_store::connection::Connection;
use credence_store::list::{self, Filter, Position};
use credence_store::scope::{Scope, View, Words};
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ListRequest {
    /// Item; empty for every public item.
    #[serde(default)]
    pub item: String,
    /// Code of the deciding authority.
    #[serde(default)]
    pub authority: String,
    /// Area of registration, exactly as registered.
    #[serde(default)]
    pub area: String,
    /// Class of misconduct: minor, general, serious.
    #[serde(default)]
    pub class: String,
    /// First day of decision, ISO.
    #[serde(default)]
    pub from: String,
    /// Last day of decision, ISO.
    #[serde(default)]
    pub to: String,
    /// Where to go on.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Items a page, 1–100.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A record on a list.
#[derive(Clone, Debug, Serialize)]
pub struct ListEntry {
    /// The organisation.
    pub uscc: String,
    /// Its name.
    pub name: String,
    /// False: only named by a record so far (未登记).
    pub registered: bool,
    /// Area of registration.
    pub area: String,
    /// Public reference of the record.
    pub id: String,
    /// Item code.
    pub item: String,
    /// Item name.
    pub item_name: String,
    /// Document number.
    pub document_number: Option<String>,
    /// Deciding authority.
    pub authority: String,
    /// Its name.
    pub authority_name: String,
    /// Day of decision.
    pub decided_on: Option<Date>,
    /// What it is about, in the words of the form.
    pub gist: Option<String>,
    /// Class of misconduct, where the item has one.
    pub class: Option<String>,
    /// The authority stated the class; false = proposed by the pack (待认定).
    pub class_stated: Option<bool>,
    /// First day of the standing publicity.
    pub public_from_on: Option<Date>,
    /// Last public day, inclusive.
    pub public_through_on: Option<Date>,
    /// Days left until publicity ends, today not counted.
    pub days_left: Option<i32>,
    /// What stands beside it today.
    pub marks: Vec<MarkView>,
}

/// An item of which there is a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListedItem {
    /// Item code.
    pub item: String,
    /// Its name.
    pub name: String,
    /// 信息性质.
    pub nature: Nature,
}

impl Service {
    /// The items that are public today, and to whom more than that belongs every item, in order of nature and code.
    #[must_use]
    pub fn listed_items(&self, view: &View) -> Vec<ListedItem> {
        let mut found: Vec<ListedItem> = Vec::new();
        for item in self.rulebook().items.values() {
            let edition = self.edition(&item.code, view.today);
            let all = !matches!(view.scope, Scope::Public | Scope::Partner { .. });
            if let Some(edition) = edition.filter(|edition| all || edition.disclosure == Disclosure::Public) {
                found.push(ListedItem { item: item.code.clone(), name: item.name.clone(), nature: edition.nature });
            }
        }
        found
    }

    /// The items of the data list in force today, published or not: what a department may send.
    ///
    /// # Errors
    /// None today; a fault where the list cannot be read.
    pub fn items_today(&self) -> Result<Vec<ListedItem>> {
        let today = self.real_today();
        let listed = |item: &credence_domain::catalog::Item| {
            let edition = self.edition(&item.code, today)?;
            Some(ListedItem { item: item.code.clone(), name: item.name.clone(), nature: edition.nature })
        };
        Ok(self.rulebook().items.values().filter_map(listed).collect())
    }

    /// A page of a list.
    ///
    /// # Errors
    /// `bad_parameter` with the field, `bad_cursor`, or a fault.
    pub fn list(&self, view: &View, request: &ListRequest) -> Result<Page<ListEntry>> {
        let limit = limit(request.limit)?;
        let filter = self.filter(view, request)?;
        let after = match request.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
            None => None,
            Some(cursor) => Some(position(cursor)?),
        };
        let (items, next) = self.read_by_key(|connection, unpacker| {
            let mut found = list::records(connection, view, &filter, after.as_ref(), limit + 1)?;
            let more = found.len() > limit as usize;
            found.truncate(limit as usize);
            let next = found.last().filter(|_| more).map(|last| {
                let record = &last.shown.record;
                // Nothing that the page did not hold.
                encode_cursor(&[&record.decided_on.to_string(), &record.uscc, &record.identity.to_string()])
            });
            let mut entries = Vec::with_capacity(found.len());
            for found in found {
                let record = &found.shown.record;
                if view.sees_whole(&record.seen(&found.area)) || self.is_disclosed(view, &record.item) {
                    entries.push(self.listed(view, connection, unpacker, found)?);
                }
            }
            Ok((entries, next))
        })?;
        Ok(Page { items, next })
    }

    /// A record as it stands on a list.
    pub(super) fn listed(
        &self,
        view: &View,
        connection: &mut Connection,
        unpacker: &mut Unpacker,
        found: list::Entry,
    ) -> credence_store::Result<ListEntry> {
        let list::Entry { shown, name, registered, area } = found;
        let (uscc, item) = (shown.record.uscc.clone(), shown.record.item.clone());
        let shown = self.show(view, connection, unpacker, shown, (&area, Detail::Form))?;
        let gist = self.edition(&item, view.today).and_then(|edition| gist(edition, &shown.fields));
        Ok(entry(uscc, name, registered, area, gist, shown))
    }

    fn filter(&self, view: &View, request: &ListRequest) -> Result<Filter> {
        let mut items: Vec<String> = self.listed_items(view).into_iter().map(|listed| listed.item).collect();
        if !request.item.is_empty() {
            items.retain(|item| *item == request.item);
            if items.is_empty() {
                let detail = "没有这个公开事项的名单，请从信用信息数据清单中选取事项代码";
                return Err(AppError::refused("bad_parameter", "item", detail));
            }
        }
        if !matches!(request.class.as_str(), "" | "minor" | "general" | "serious") {
            return Err(AppError::refused("bad_parameter", "class", "class 应为 minor、general 或 serious"));
        }
        let day = |field: &str, text: &str, open: Date| match text.trim() {
            "" => Ok(open),
            text => iso_date(text).ok_or_else(|| {
                AppError::refused("bad_parameter", field, format!("{field} 应为 2026-05-13 这样的日期"))
            }),
        };
        let from = day("from", &request.from, date(1900, 1, 1))?;
        let to = day("to", &request.to, date(9000, 1, 1))?;
        if from > to {
            return Err(AppError::refused("bad_parameter", "from", "开始日期晚于结束日期"));
        }
        Ok(Filter {
            items,
            authority: fold(&request.authority),
            areas: Words::of([request.area.trim()]),
            class: request.class.clone(),
            from: day_number(from),
            to: day_number(to),
        })
    }
}

fn position(cursor: &str) -> Result<Position> {
    let refused = || AppError::refused("bad_cursor", "cursor", "请使用上一页返回的 next");
    match decode_cursor(cursor, 3)?.as_slice() {
        [day, uscc, identity] => Ok(Position {
            decided_on: day.parse().map_err(|_| refused())?,
            uscc: uscc.clone(),
            identity: Identity(unhex(identity).and_then(|bytes| bytes.try_into().ok()).ok_or_else(refused)?),
        }),
        _ => Err(refused()),
    }
}

/// Ends of field names that say what a record is about, the most telling first.
const TELLING: [&str; 8] = ["违法行为类型", "荣誉名称", "名单名称", "情形", "事由", "许可内容", "内容", "类别"];

/// What a record is about: ground, grade or result, else the field whose name tells most.
fn gist(edition: &Version, fields: &[FieldView]) -> Option<String> {
    let value = |code: &str| fields.iter().find(|field| field.code == code && !field.value.is_empty());
    let by_role = [Role::Ground, Role::Grade, Role::Result]
        .into_iter()
        .find_map(|role| edition.field_of(role).and_then(|(_, field)| value(&field.code)));
    let by_name = || {
        TELLING.iter().find_map(|end| fields.iter().find(|f| !f.value.is_empty() && f.name.trim_end().ends_with(end)))
    };
    by_role.or_else(by_name).map(|field| field.value.clone())
}

fn entry(
    uscc: String,
    name: String,
    registered: bool,
    area: String,
    gist: Option<String>,
    shown: RecordView,
) -> ListEntry {
    ListEntry {
        uscc,
        name,
        registered,
        area,
        id: shown.id,
        item: shown.item,
        item_name: shown.item_name,
        document_number: shown.document_number,
        authority: shown.authority,
        authority_name: shown.authority_name,
        decided_on: shown.decided_on,
        gist,
        class: shown.class,
        class_stated: shown.class_stated,
        public_from_on: shown.public_from_on,
        public_through_on: shown.public_through_on,
        days_left: shown.days_left,
        marks: shown.marks,
    }
}
