//! What a sender asks to be done with a row's record (操作): as departments' exchange platforms have it, `i`, `u` or `d`.
//!
//! A row without one is taken as before: new, equal or corrected, whichever it is. Serves 鲁信用办〔2019〕8号 arts. 五 and 六 and
//! GB/T 39443-2020.

use crate::catalog::fold::fold;
use serde::{Deserialize, Serialize};

/// Headers of the column that holds it, in any writing.
const COLUMNS: [&str; 8] = ["操作", "操作类型", "操作标识", "操作方式", "operation", "operation_type", "CZLX", "CZBS"];
/// Headers of the column that says why a record is withdrawn.
const REASONS: [&str; 7] = ["操作理由", "操作原因", "撤回理由", "撤回原因", "operation_reason", "CZLY", "CZYY"];

/// An operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Operation {
    /// The record must not stand with other content.
    #[serde(rename = "i")]
    Insert,
    /// The record must stand.
    #[serde(rename = "u")]
    Update,
    /// Its owner takes the record back, with a reason.
    #[serde(rename = "d")]
    Withdraw,
}

impl Operation {
    /// Reads `i`, `u`, `d` and the words that are used for them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match fold(text).as_str() {
            "I" | "INSERT" | "ADD" | "A" | "新增" | "增加" | "插入" => Self::Insert,
            "U" | "UPDATE" | "M" | "更新" | "更正" | "修改" | "变更" => Self::Update,
            "D" | "DELETE" | "WITHDRAW" | "删除" | "撤回" | "撤销" => Self::Withdraw,
            _ => return None,
        })
    }

    /// `i`, `u`, `d`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Insert => "i",
            Self::Update => "u",
            Self::Withdraw => "d",
        }
    }
}

/// What is asked, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    /// The operation.
    pub operation: Operation,
    /// Why: needed where a record is withdrawn.
    #[serde(default)]
    pub reason: Box<str>,
}

/// Which columns of a header hold the operation and its reason; only those that no field has taken.
#[must_use]
pub fn columns_in(header: &[String], taken: impl Fn(usize) -> bool) -> (Option<usize>, Option<usize>) {
    let find = |names: &[&str]| {
        let is_one = |cell: &str| names.iter().any(|name| fold(name) == fold(cell));
        (0..header.len()).find(|at| !taken(*at) && header.get(*at).is_some_and(|cell| is_one(cell)))
    };
    (find(&COLUMNS), find(&REASONS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_words_in_any_width_are_read_and_nothing_else() {
        for text in ["i", "Ｉ", " insert ", "新增"] {
            assert_eq!(Operation::parse(text), Some(Operation::Insert), "{text}");
        }
        for operation in [Operation::Insert, Operation::Update, Operation::Withdraw] {
            assert_eq!(Operation::parse(operation.code()), Some(operation));
        }
        for text in ["", "x", "iu", "0", "1", "无"] {
            assert_eq!(Operation::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_column_that_a_field_has_taken_is_no_operation() {
        let header = ["操作".to_owned(), "CZLX".to_owned(), "撤回理由".to_owned()];
        assert_eq!(columns_in(&header, |_| false), (Some(0), Some(2)));
        assert_eq!(columns_in(&header, |at| at == 0), (Some(1), Some(2)));
        assert_eq!(columns_in(&header, |_| true), (None, None));
    }
}
