//! The code book: every code that an answer can carry, with its Chinese text, and the code lists that fields name.
//!
//! One file, `rulebook/codes.toml`, serves the public answer, the rejects file and the pages alike, so that a sender
//! reads the same reason everywhere. What a code *does* is decided in the rooms that use it, not here.

use super::fold::fold;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The families of codes in `rulebook/codes.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeKind {
    /// States of records and batches.
    State,
    /// Why a row was rejected.
    Reject,
    /// Why publicity waits for a person.
    Hold,
    /// What a row's quality lacks.
    Note,
    /// 信息性质.
    Nature,
    /// 披露方式.
    Disclosure,
    /// Problems of commands and of the API.
    Error,
    /// What the rulebook's linter finds.
    Finding,
}

impl CodeKind {
    /// Every family, in the order of the file.
    pub const ALL: [CodeKind; 8] = [
        CodeKind::State,
        CodeKind::Reject,
        CodeKind::Hold,
        CodeKind::Note,
        CodeKind::Nature,
        CodeKind::Disclosure,
        CodeKind::Error,
        CodeKind::Finding,
    ];

    /// The name of its table in the file.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            CodeKind::State => "state",
            CodeKind::Reject => "reject",
            CodeKind::Hold => "hold",
            CodeKind::Note => "note",
            CodeKind::Nature => "nature",
            CodeKind::Disclosure => "disclosure",
            CodeKind::Error => "error",
            CodeKind::Finding => "finding",
        }
    }
}

/// What a code says to people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// Chinese text; of a reject with what to do about it in brackets.
    pub text: String,
    /// English text.
    pub en: String,
}

/// The whole code book.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    /// Code lists of fields, by name.
    #[serde(default)]
    pub list: BTreeMap<String, CodeList>,
    /// States.
    #[serde(default)]
    pub state: BTreeMap<String, Wording>,
    /// Rejects.
    #[serde(default)]
    pub reject: BTreeMap<String, Wording>,
    /// Holds.
    #[serde(default)]
    pub hold: BTreeMap<String, Wording>,
    /// Notes on quality.
    #[serde(default)]
    pub note: BTreeMap<String, Wording>,
    /// Natures.
    #[serde(default)]
    pub nature: BTreeMap<String, Wording>,
    /// Disclosures.
    #[serde(default)]
    pub disclosure: BTreeMap<String, Wording>,
    /// Problems.
    #[serde(default)]
    pub error: BTreeMap<String, Wording>,
    /// Findings of the linter.
    #[serde(default)]
    pub finding: BTreeMap<String, Wording>,
}

impl Codes {
    /// A code list by name.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&CodeList> {
        self.list.get(name)
    }

    /// The codes of one family with their wording.
    #[must_use]
    pub fn family(&self, kind: CodeKind) -> &BTreeMap<String, Wording> {
        match kind {
            CodeKind::State => &self.state,
            CodeKind::Reject => &self.reject,
            CodeKind::Hold => &self.hold,
            CodeKind::Note => &self.note,
            CodeKind::Nature => &self.nature,
            CodeKind::Disclosure => &self.disclosure,
            CodeKind::Error => &self.error,
            CodeKind::Finding => &self.finding,
        }
    }

    /// What a code says; `None` when the file does not know it.
    #[must_use]
    pub fn text(&self, kind: CodeKind, code: &str) -> Option<&Wording> {
        self.family(kind).get(code)
    }

    /// The Chinese text of a reject code. An edition that lacks a code (it was enacted before the code existed)
    /// answers with a general text, never with nothing.
    #[must_use]
    pub fn reject_text(&self, code: &str) -> &str {
        self.text(CodeKind::Reject, code).map_or("本行不符合数据清单", |wording| &wording.text)
    }

    /// The Chinese text of a problem code; a general text where the edition lacks it.
    #[must_use]
    pub fn error_text(&self, code: &str) -> &str {
        self.text(CodeKind::Error, code).map_or("无法办理", |wording| &wording.text)
    }
}

/// The values that a field may take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// Chinese name.
    pub name: String,
    /// Where it comes from, where a text fixes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Values that begin with this text are accepted as they stand (其他-…).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<String>,
    /// True where the rulebook's authors could not read the official list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
    /// The values in their official order.
    pub values: Vec<CodeValue>,
}

/// One value of a code list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeValue {
    /// What is kept and shown.
    pub value: String,
    /// Its official or stable short code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Other wordings, old ones among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// A group that rules refer to, such as the item of 行政处罚法 art. 9, or `negative` for results of checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What a reader should know about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl CodeValue {
    /// Every way of writing it: value, code, aliases.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        let code = self.code.iter().map(String::as_str);
        std::iter::once(self.value.as_str()).chain(code).chain(self.aliases.iter().map(String::as_str))
    }
}

impl CodeList {
    /// The value that a text stands for: exact, then folded over value, code and aliases, then an open value as it
    /// stands. `None` when the list does not hold it.
    #[must_use]
    pub fn find<'a>(&'a self, text: &'a str) -> Option<&'a str> {
        if let Some(exact) = self.values.iter().find(|v| v.value == text) {
            return Some(&exact.value);
        }
        let folded = fold(text);
        let found = self.values.iter().find(|v| v.forms().any(|form| fold(form) == folded));
        match (found, &self.open) {
            (Some(found), _) => Some(&found.value),
            (None, Some(open)) if text.starts_with(open.as_str()) => Some(text),
            _ => None,
        }
    }

    /// The entry of a kept value.
    #[must_use]
    pub fn entry(&self, value: &str) -> Option<&CodeValue> {
        self.values.iter().find(|entry| entry.value == value)
    }

    /// The values in a text where 、 may stand between values or inside one: the longest known part first.
    /// `None` when any part is unknown.
    #[must_use]
    pub fn find_all<'a>(&'a self, text: &'a str) -> Option<Vec<&'a str>> {
        if let Some(whole) = self.find(text) {
            return Some(vec![whole]);
        }
        let mut found = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let ends = rest.match_indices('、').map(|(at, _)| at).chain([rest.len()]);
            let mut ends: Vec<usize> = ends.collect();
            ends.reverse();
            let (end, value) = ends.into_iter().find_map(|end| Some((end, self.find(rest.get(..end)?.trim())?)))?;
            found.push(value);
            rest = rest.get(end..).unwrap_or_default().trim_start_matches(['、', ' ']);
        }
        (!found.is_empty()).then_some(found)
    }

    /// The values, for a reason that tells the sender what is possible.
    #[must_use]
    pub fn values_text(&self) -> String {
        self.values.iter().map(|v| v.value.as_str()).collect::<Vec<_>>().join("、")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds() -> CodeList {
        let value = |value: &str, code: &str, aliases: &[&str]| CodeValue {
            value: value.to_owned(),
            code: (!code.is_empty()).then(|| code.to_owned()),
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
            group: None,
            note: None,
        };
        CodeList {
            name: "处罚类别".to_owned(),
            basis: None,
            open: Some("其他".to_owned()),
            unverified: false,
            values: vec![
                value("警告", "01", &[]),
                value("没收违法所得", "", &[]),
                value("没收非法财物", "", &[]),
                value("暂扣或者吊销许可证件", "", &["暂扣或者吊销许可证、暂扣或者吊销执照"]),
            ],
        }
    }

    #[test]
    fn a_value_is_found_by_its_code_its_old_wording_and_in_full_width() {
        let list = kinds();
        for text in ["警告", "01", "０１", " 警告 "] {
            assert_eq!(list.find(text), Some("警告"), "{text}");
        }
        assert_eq!(list.find("其他-责令改正"), Some("其他-责令改正"));
        assert_eq!(list.find("训诫"), None);
    }

    #[test]
    fn an_enumeration_comma_divides_values_unless_a_value_holds_it() {
        let list = kinds();
        assert_eq!(list.find_all("没收违法所得、没收非法财物"), Some(vec!["没收违法所得", "没收非法财物"]));
        let old = "警告、暂扣或者吊销许可证、暂扣或者吊销执照";
        assert_eq!(list.find_all(old), Some(vec!["警告", "暂扣或者吊销许可证件"]));
        assert_eq!(list.find_all("警告、训诫"), None);
    }
}
