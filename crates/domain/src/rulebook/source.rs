//! One file of the rulebook: its value, and on which line each part of it stands.

use super::finding::Finding;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file as read.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Path below the rulebook.
    pub(crate) path: String,
    /// Its content as JSON; dates are strings.
    pub(crate) value: Value,
    text: String,
    /// Line of each part by JSON pointer.
    lines: BTreeMap<String, usize>,
}

impl Source {
    /// Reads TOML.
    pub(crate) fn parse(path: String, text: String) -> Result<Self, Finding> {
        let fail = |error: &toml::de::Error| Finding {
            file: path.clone(),
            line: error.span().map_or(1, |span| line_of(&text, span.start)),
            code: "toml_invalid",
            reason: format!("TOML语法错误：{}", one_line(error.message())),
        };
        let table: toml::Table = toml::from_str(&text).map_err(|e| fail(&e))?;
        let tree = DeTable::parse(&text).map_err(|e| fail(&e))?;
        let mut lines = BTreeMap::new();
        note_table(&Breaks::of(&text), tree.get_ref(), "", &mut lines);
        let value = Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect());
        Ok(Self { path, value, text, lines })
    }

    /// A file of an edition that was kept as canonical JSON.
    pub(crate) fn kept(path: String, value: Value) -> Self {
        Self { path, value, text: String::new(), lines: BTreeMap::new() }
    }

    /// The file's name without folder and ending.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.strip_suffix(".toml").unwrap_or(name)
    }

    /// The line of the part under a JSON pointer, or of the nearest part around it.
    pub(crate) fn line(&self, pointer: &str) -> usize {
        let mut pointer = pointer;
        loop {
            if let Some(line) = self.lines.get(pointer) {
                return *line;
            }
            match pointer.rfind('/') {
                Some(at) => pointer = pointer.get(..at).unwrap_or_default(),
                None => return usize::from(!self.lines.is_empty()),
            }
        }
    }

    /// A finding at a place in this file.
    pub(crate) fn finding(&self, pointer: &str, code: &'static str, reason: impl Into<String>) -> Finding {
        Finding { file: self.path.clone(), line: self.line(pointer), code, reason: reason.into() }
    }

    /// The file as a typed value.
    pub(crate) fn typed<T: DeserializeOwned>(&self) -> Result<T, Finding> {
        let error = match serde_json::from_value(self.value.clone()) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        // Only the TOML reader knows the place of an error of form.
        let (line, reason) = match toml::from_str::<T>(&self.text) {
            Err(placed) if !self.text.is_empty() => {
                let line = placed.span().map_or(1, |span| line_of(&self.text, span.start));
                (line, one_line(placed.message()))
            }
            _ => (self.line(""), one_line(&error.to_string())),
        };
        let reason = format!("字段缺失、多余或类型不符：{reason}");
        Err(Finding { file: self.path.clone(), line, code: "form_invalid", reason })
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// Where the lines of a text end, so that the line of each of its many parts is looked up and not counted.
struct Breaks(Vec<usize>);

impl Breaks {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|at| *at < offset) + 1
    }
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(flag) => Value::Bool(flag),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(items) => Value::Array(items.into_iter().map(json).collect()),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect::<Map<_, _>>())
        }
    }
}

fn note_table(breaks: &Breaks, table: &DeTable<'_>, at: &str, lines: &mut BTreeMap<String, usize>) {
    for (key, value) in table {
        let pointer = format!("{at}/{}", key.get_ref());
        lines.insert(pointer.clone(), breaks.line(key.span().start));
        note_value(breaks, value, &pointer, lines);
    }
}

fn note_value(breaks: &Breaks, value: &Spanned<DeValue<'_>>, at: &str, lines: &mut BTreeMap<String, usize>) {
    match value.get_ref() {
        DeValue::Table(table) => note_table(breaks, table, at, lines),
        DeValue::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                let pointer = format!("{at}/{i}");
                lines.insert(pointer.clone(), breaks.line(item.span().start));
                note_value(breaks, item, &pointer, lines);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_on_its_line_and_an_absent_part_on_the_line_around_it() {
        let text = "code = \"x\"\n\n[[version]]\neffective_from = \"2020-01-01\"\nfield = [\n  { code = \"A\" },\n]\n";
        let source = Source::parse("data/x.toml".to_owned(), text.to_owned()).unwrap();
        assert_eq!(source.line("/version/0/effective_from"), 4);
        assert_eq!(source.line("/version/0/field/0/role"), 6);
        assert_eq!(source.line("/version/0/basis"), 3);
        assert_eq!(source.line("/name"), 1);
    }

    #[test]
    fn broken_toml_is_named_with_its_line() {
        let found = Source::parse("a.toml".to_owned(), "code = 1\nname = \n".to_owned()).unwrap_err();
        assert_eq!((found.line, found.code), (2, "toml_invalid"));
    }
}
