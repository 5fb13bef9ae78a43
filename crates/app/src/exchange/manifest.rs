//! The manifest (清单) of a package: a small JSON file that says what the data file beside it is. Data comes first, the manifest
//! last, each put in place by renaming: a package whose manifest is there is complete.

use crate::{AppError, Result};
use credence_domain::record::{Instruction, Operation};
use serde::Deserialize;

/// How the names of manifests end.
pub const ENDING: &str = ".manifest.json";
/// The largest manifest.
pub const MOST_BYTES: u64 = 64 << 10;
/// The longest text in it, in characters.
const TEXT_MAX: usize = 200;

/// What a sender says of a package.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The unit that sends: the one whose folder it is.
    pub unit: String,
    /// Item of the data list.
    pub item: String,
    /// Number among the unit's packages of the item: 1, 2, 3, …
    pub sequence: i64,
    /// Name of the data file beside it.
    pub file: String,
    /// SHA-256 of the data file, in hexadecimal.
    pub sha256: String,
    /// Rows of the data file, its header not counted.
    pub rows: u64,
    /// Size of the data file: one that is smaller is still on its way.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// `i`, `u` or `d`: for rows that have no operation of their own.
    #[serde(default)]
    pub operation: Option<Operation>,
    /// Why records are withdrawn.
    #[serde(default)]
    pub reason: String,
    /// Who answers for the secrecy review of this package.
    #[serde(default)]
    pub secrecy_review: String,
}

impl Manifest {
    /// Reads a manifest; nothing where it ends too early and so is still on its way.
    ///
    /// # Errors
    /// `manifest_invalid` with what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Option<Self>> {
        let manifest: Self = match serde_json::from_slice(bytes) {
            Ok(manifest) => manifest,
            Err(error) if error.is_eof() => return Ok(None),
            Err(error) => return Err(invalid(&format!("第{}行第{}列：须为约定的JSON", error.line(), error.column()))),
        };
        let texts = [&manifest.unit, &manifest.item, &manifest.file, &manifest.reason, &manifest.secrecy_review];
        if texts.iter().any(|text| text.chars().count() > TEXT_MAX || text.chars().any(char::is_control)) {
            return Err(invalid("文字最长200个字符，且不得含控制字符"));
        }
        if manifest.sequence < 1 {
            return Err(invalid("sequence 须为从1起的整数"));
        }
        if manifest.sha256.len() != 64 || !manifest.sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(invalid("sha256 须为64位十六进制"));
        }
        let named = &manifest.file;
        if named.is_empty() || named.starts_with('.') || named.contains(['/', '\\']) || named.ends_with(ENDING) {
            return Err(invalid("file 须为同一文件夹内数据文件的文件名，不得含路径"));
        }
        if manifest.item.is_empty() || !manifest.item.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err(invalid("item 须为数据清单的事项代码"));
        }
        Ok(Some(manifest))
    }

    /// What is asked of rows that say nothing of themselves.
    #[must_use]
    pub fn instruction(&self) -> Option<Instruction> {
        self.operation.map(|operation| Instruction { operation, reason: self.reason.as_str().into() })
    }

    /// How its receipts are named.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}-{:06}", self.item, self.sequence)
    }
}

fn invalid(what: &str) -> AppError {
    AppError::refused("manifest_invalid", "", format!("清单无法读取：{what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(change: &str, to: &str) -> String {
        let digest = "a".repeat(64);
        format!(
            r#"{{"unit":"U","item":"penalty","sequence":1,"file":"a.csv","sha256":"{digest}","rows":2,"operation":"d"}}"#
        )
        .replace(change, to)
    }

    #[test]
    fn a_manifest_says_what_it_must_and_nothing_else() {
        let read = Manifest::read(text("", "").as_bytes()).unwrap().unwrap();
        assert_eq!((read.name().as_str(), read.operation), ("penalty-000001", Some(Operation::Withdraw)));
        for (change, to) in [
            ("a.csv", "../a.csv"),
            ("a.csv", "/etc/passwd"),
            ("a.csv", ".a.csv"),
            ("a.csv", "b.manifest.json"),
            ("\"sequence\":1", "\"sequence\":0"),
            ("\"sequence\":1", "\"sequence\":1,\"sequence\":2"),
            ("\"rows\":2", "\"rows\":2,\"more\":1"),
            ("\"operation\":\"d\"", "\"operation\":\"x\""),
            ("aaaa", "aaa"),
            ("\"penalty\"", "\"../penalty\""),
        ] {
            let refused = Manifest::read(text(change, to).as_bytes()).unwrap_err();
            assert_eq!(refused.code(), "manifest_invalid", "{change} → {to}");
        }
    }

    #[test]
    fn a_manifest_that_is_still_being_written_is_none_yet() {
        let whole = text("", "");
        for end in 0..whole.len() {
            assert_eq!(Manifest::read(&whole.as_bytes()[..end]).unwrap(), None, "{end}");
        }
    }
}
