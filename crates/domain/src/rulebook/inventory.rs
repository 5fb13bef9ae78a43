//! What an edition holds: one line a rule, with its versions.

use super::{Rulebook, room};
use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// One file of the rulebook in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The room.
    pub room: String,
    /// Path below the rulebook.
    pub path: String,
    /// Code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// First and last day of each version, as ISO dates; the last day is absent while it is open.
    pub versions: Vec<(String, Option<String>)>,
    /// True when any part carries `unverified`.
    pub unverified: bool,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\t{}\t{}", self.path, self.code, self.name)?;
        for (from, to) in &self.versions {
            write!(f, "\t{from}～{}", to.as_deref().unwrap_or(""))?;
        }
        if self.unverified { f.write_str("\t含未核实内容") } else { Ok(()) }
    }
}

impl Rulebook {
    /// Its files in order of path.
    #[must_use]
    pub fn list(&self) -> Vec<Entry> {
        self.files
            .iter()
            .map(|(path, value)| {
                let stem = path.rsplit('/').next().unwrap_or(path);
                let code = text(value, "code").unwrap_or_else(|| stem.strip_suffix(".toml").unwrap_or(stem).to_owned());
                let versions = value.get("version").and_then(Value::as_array).into_iter().flatten();
                Entry {
                    room: room(path).to_owned(),
                    path: path.clone(),
                    name: text(value, "name").unwrap_or_else(|| code.clone()),
                    code,
                    versions: versions
                        .filter_map(|v| Some((text(v, "effective_from")?, text(v, "effective_to"))))
                        .collect(),
                    unverified: says_unverified(value),
                }
            })
            .collect()
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn says_unverified(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.get("unverified") == Some(&Value::Bool(true)) || members.values().any(says_unverified)
        }
        Value::Array(items) => items.iter().any(says_unverified),
        _ => false,
    }
}
