//! An edition of the data list: the versions of its items that are in force on one day, and what the edition before was.
//!
//! Serves 山东省社会信用条例 art. 10: the list is published, and so is what was added, ended or changed. An edition begins on
//! a day on which any item's version begins or the day after one ends; nothing is kept beside the items themselves.

use super::{Item, Version};
use crate::canonical;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The items in force on a day.
#[derive(Clone, Debug)]
pub struct Edition<'r> {
    /// First day on which the list stands as it does.
    pub effective_from: Date,
    /// Items with their version, in order of their codes.
    pub items: Vec<(&'r Item, &'r Version)>,
}

/// What became of an item or a field between two editions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Only in the newer edition.
    Added,
    /// Only in the older edition.
    Ended,
    /// In both, with another value.
    Changed,
}

/// One difference between two editions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListChange {
    /// What became of it.
    pub kind: ChangeKind,
    /// Code of the item.
    pub item: String,
    /// Its Chinese name.
    pub name: String,
    /// Code of the field; `null` where the item itself changed.
    pub field: Option<String>,
    /// The field's Chinese name.
    pub field_name: Option<String>,
    /// Which property changed (`disclosure`, `max_length`, …); `null` where the whole was added or ended.
    pub property: Option<String>,
    /// The older value.
    pub old: Option<String>,
    /// The newer value.
    pub new: Option<String>,
}

impl<'r> Edition<'r> {
    /// The edition in force on a day; `None` before the first one.
    #[must_use]
    pub fn on(items: &'r BTreeMap<String, Item>, day: Date) -> Option<Self> {
        let effective_from = starts(items).into_iter().rev().find(|start| *start <= day)?;
        let items = items.values().filter_map(|item| Some((item, item.version_on(day)?))).collect();
        Some(Self { effective_from, items })
    }

    /// The edition that this one followed.
    #[must_use]
    pub fn before(&self, items: &'r BTreeMap<String, Item>) -> Option<Self> {
        Self::on(items, self.effective_from.yesterday().ok()?)
    }

    /// SHA-256 over the canonical JSON of its items with their versions.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let whole: Map<String, Value> = self
            .items
            .iter()
            .map(|(item, version)| {
                let stated = serde_json::json!({
                    "name": item.name, "directory_class": item.directory_class,
                    "version": serde_json::to_value(version).unwrap_or_default(),
                });
                (item.code.clone(), stated)
            })
            .collect();
        Sha256::digest(canonical::to_vec(&Value::Object(whole))).into()
    }

    /// What was added, ended or changed since an older edition, in order of items and fields.
    #[must_use]
    pub fn changes_since(&self, older: &Edition<'_>) -> Vec<ListChange> {
        let find =
            |edition: &Edition<'r>, code: &str| edition.items.iter().find(|(item, _)| item.code == code).copied();
        let codes: BTreeSet<&str> = self.items.iter().chain(&older.items).map(|(item, _)| item.code.as_str()).collect();
        let mut changes = Vec::new();
        for code in codes {
            let then = older.items.iter().find(|(item, _)| item.code == code);
            match (then, find(self, code)) {
                (None, Some((item, _))) => changes.push(whole(ChangeKind::Added, item)),
                (Some((item, _)), None) => changes.push(whole(ChangeKind::Ended, item)),
                (Some((_, then)), Some((item, now))) if *then != now => compare(item, then, now, &mut changes),
                _ => {}
            }
        }
        changes
    }
}

/// The days on which an edition begins, in order.
fn starts(items: &BTreeMap<String, Item>) -> BTreeSet<Date> {
    days_of_change(items.values().flat_map(|item| &item.versions).map(|v| (v.effective_from, v.effective_to)))
}

/// The days on which any version begins, or the day after it ends.
pub(crate) fn days_of_change(versions: impl Iterator<Item = (Date, Option<Date>)>) -> BTreeSet<Date> {
    let days = versions.flat_map(|(from, to)| [Some(from), to.and_then(|to| to.tomorrow().ok())]);
    days.flatten().collect()
}

fn whole(kind: ChangeKind, item: &Item) -> ListChange {
    ListChange {
        kind,
        item: item.code.clone(),
        name: item.name.clone(),
        field: None,
        field_name: None,
        property: None,
        old: None,
        new: None,
    }
}

fn compare(item: &Item, then: &Version, now: &Version, changes: &mut Vec<ListChange>) {
    properties(then, now, &["effective_from", "effective_to", "field"], |property, old, new| {
        changes.push(ListChange { property: Some(property), old, new, ..whole(ChangeKind::Changed, item) });
    });
    let of_field = |kind, field: &super::Field| ListChange {
        field: Some(field.code.clone()),
        field_name: Some(field.name.clone()),
        ..whole(kind, item)
    };
    for field in &now.fields {
        match then.fields.iter().find(|older| older.code == field.code) {
            None => changes.push(of_field(ChangeKind::Added, field)),
            Some(older) => properties(older, field, &[], |property, old, new| {
                changes.push(ListChange { property: Some(property), old, new, ..of_field(ChangeKind::Changed, field) });
            }),
        }
    }
    for older in then.fields.iter().filter(|older| now.fields.iter().all(|field| field.code != older.code)) {
        changes.push(of_field(ChangeKind::Ended, older));
    }
}

/// Calls `found` for each property that differs between two values of one kind.
pub(crate) fn properties<T: Serialize>(
    then: &T,
    now: &T,
    without: &[&str],
    mut found: impl FnMut(String, Option<String>, Option<String>),
) {
    let members = |value: &T| match serde_json::to_value(value) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    let (then, now) = (members(then), members(now));
    let names: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    for name in names.into_iter().filter(|name| !without.contains(&name.as_str())) {
        let (old, new) = (then.get(name), now.get(name));
        if old != new {
            found(name.clone(), old.map(text), new.map(text));
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const PERMIT: &str = r#"
code = "permit"
name = "行政许可"
directory_class = "K3"
[[version]]
effective_from = "2020-10-01"
effective_to = "2025-12-31"
basis = [{ title = "山东省社会信用条例", article = "十", level = "local_regulation" }]
nature = "other"
disclosure = "shared"
act_kind = "permit"
source_units = ["各许可机关"]
update_cycle = "7个工作日"
validity = "许可有效期"
identity = ["A"]
field = [{ code = "A", name = "甲", type = "text" }, { code = "B", name = "乙", type = "text" }]
[[version]]
effective_from = "2026-01-01"
basis = [{ title = "山东省社会信用条例", article = "十", level = "local_regulation" }]
nature = "other"
disclosure = "public"
act_kind = "permit"
source_units = ["各许可机关"]
update_cycle = "7个工作日"
validity = "许可有效期"
identity = ["A"]
field = [{ code = "A", name = "甲", type = "text", max_length = 8 }, { code = "C", name = "丙", type = "text" }]
"#;

    fn items() -> BTreeMap<String, Item> {
        let item: Item = toml::from_str(PERMIT).unwrap();
        let mut ended = item.clone();
        ended.code = "reward".to_owned();
        ended.versions.truncate(1);
        [(item.code.clone(), item), (ended.code.clone(), ended)].into()
    }

    #[test]
    fn an_edition_names_what_was_added_ended_and_changed_since_the_one_before() {
        let items = items();
        let now = Edition::on(&items, date(2026, 5, 6)).unwrap();
        let then = now.before(&items).unwrap();
        assert_eq!((now.effective_from, now.items.len()), (date(2026, 1, 1), 1));
        assert_eq!((then.effective_from, then.items.len()), (date(2020, 10, 1), 2));
        let changes: Vec<(ChangeKind, String, Option<String>, Option<String>)> =
            now.changes_since(&then).into_iter().map(|c| (c.kind, c.item, c.field, c.property)).collect();
        let permit = |kind, field: Option<&str>, property: Option<&str>| {
            (kind, "permit".to_owned(), field.map(str::to_owned), property.map(str::to_owned))
        };
        assert_eq!(
            changes,
            [
                permit(ChangeKind::Changed, None, Some("disclosure")),
                permit(ChangeKind::Changed, Some("A"), Some("max_length")),
                permit(ChangeKind::Added, Some("C"), None),
                permit(ChangeKind::Ended, Some("B"), None),
                (ChangeKind::Ended, "reward".to_owned(), None, None),
            ]
        );
        assert_ne!(now.digest(), then.digest());
    }

    #[test]
    fn before_the_first_edition_there_is_none() {
        let items = items();
        assert!(Edition::on(&items, date(2020, 9, 30)).is_none());
        assert!(Edition::on(&items, date(2020, 10, 1)).unwrap().before(&items).is_none());
    }
}
