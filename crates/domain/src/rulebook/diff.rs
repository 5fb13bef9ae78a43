//! What differs between two editions: files, and inside a file the parts by their own names.

use super::Rulebook;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Only in the newer edition.
    Added,
    /// Only in the older edition.
    Removed,
    /// In both with different values.
    Changed,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Path of the file.
    pub path: String,
    /// Place inside the file, by codes and dates where parts have them; empty for the whole file.
    pub place: String,
    /// What became of it.
    pub kind: ChangeKind,
    /// Value in the older edition: texts whole but for lines that did not change, other values by name or cut.
    pub old: Option<String>,
    /// Value in the newer edition, likewise.
    pub new: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.kind {
            ChangeKind::Added => '+',
            ChangeKind::Removed => '-',
            ChangeKind::Changed => '~',
        };
        write!(f, "{sign} {}", self.path)?;
        if !self.place.is_empty() {
            write!(f, " {}", self.place)?;
        }
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => write!(f, "：{old} → {new}"),
            (Some(one), None) | (None, Some(one)) => write!(f, "：{one}"),
            (None, None) => Ok(()),
        }
    }
}

/// The differences, in order of path and place.
#[must_use]
pub fn diff(old: &Rulebook, new: &Rulebook) -> Vec<Change> {
    let mut changes = Vec::new();
    for path in union(old.files.keys(), new.files.keys()) {
        compare(path, "", old.files.get(path), new.files.get(path), &mut changes);
    }
    changes
}

fn union<'k>(old: impl Iterator<Item = &'k String>, new: impl Iterator<Item = &'k String>) -> BTreeSet<&'k String> {
    old.chain(new).collect()
}

fn compare(path: &str, place: &str, old: Option<&Value>, new: Option<&Value>, changes: &mut Vec<Change>) {
    if old == new {
        return;
    }
    match (old.and_then(parts), new.and_then(parts)) {
        (Some(old), Some(new)) => {
            for key in union(old.keys(), new.keys()) {
                let place = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                compare(path, &place, old.get(key).copied(), new.get(key).copied(), changes);
            }
        }
        _ => changes.push(change(path, place, old, new)),
    }
}

/// The parts of an object, or of an array whose members have names of their own.
fn parts(value: &Value) -> Option<BTreeMap<String, &Value>> {
    match value {
        Value::Object(members) => Some(members.iter().map(|(key, value)| (key.clone(), value)).collect()),
        Value::Array(items) if !items.is_empty() => {
            let named: Option<BTreeMap<String, &Value>> =
                items.iter().map(|item| Some((format!("[{}]", name_of(item)?), item))).collect();
            named.filter(|named| named.len() == items.len())
        }
        _ => None,
    }
}

fn name_of(item: &Value) -> Option<&str> {
    ["code", "value", "effective_from", "class"].iter().find_map(|key| item.get(key).and_then(Value::as_str))
}

fn change(path: &str, place: &str, old: Option<&Value>, new: Option<&Value>) -> Change {
    let kind = match (old, new) {
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Removed,
        _ => ChangeKind::Changed,
    };
    let (old, new) = match (old, new) {
        (Some(Value::String(old)), Some(Value::String(new))) => {
            let (old, new) = apart(old, new);
            (Some(old), Some(new))
        }
        // Rights are told as they are written: a name says nothing of them.
        (old, new) if path.starts_with("access/") => (old.map(ToString::to_string), new.map(ToString::to_string)),
        (old, new) => (old.map(short), new.map(short)),
    };
    Change { path: path.to_owned(), place: place.to_owned(), kind, old, new }
}

/// Two texts without what they have in common at their beginning and end, in whole lines where they have several: what is left is told whole.
fn apart(old: &str, new: &str) -> (String, String) {
    if !old.contains('\n') && !new.contains('\n') {
        return (old.to_owned(), new.to_owned());
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = |(a, b): &(&&str, &&str)| a == b;
    let before = old.iter().zip(&new).take_while(same).count();
    let rest = old.len().min(new.len()) - before;
    let behind = old.iter().rev().zip(new.iter().rev()).take_while(same).count().min(rest);
    let told = |lines: &[&str]| {
        let left = lines.get(before..lines.len() - behind).unwrap_or_default().join("\n");
        let head = if before > 0 { "…\n" } else { "" };
        let tail = if behind > 0 { "\n…" } else { "" };
        format!("{head}{left}{tail}")
    };
    (told(&old), told(&new))
}

/// A value in short: a name where it has one, else its JSON, cut.
fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => return text.clone(),
        value => match value.get("name").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None => value.to_string(),
        },
    };
    if text.chars().count() <= 80 { text } else { text.chars().take(79).chain(['…']).collect() }
}
