//! What can be wrong with an application for repair or with its promise, so that a repair is revoked.

use serde::{Deserialize, Serialize};

/// What was wrong with an application or with its promise (信用修复管理办法 art. 二十五).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// 提供虚假材料
    FalsePapers,
    /// 信用承诺严重不实
    UntruePromise,
    /// 故意不履行承诺
    BrokenPromise,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::FalsePapers, Self::UntruePromise, Self::BrokenPromise];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::FalsePapers => "false_papers",
            Self::UntruePromise => "untrue_promise",
            Self::BrokenPromise => "broken_promise",
        }
    }

    /// In words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FalsePapers => "提供虚假材料",
            Self::UntruePromise => "信用承诺严重不实",
            Self::BrokenPromise => "故意不履行承诺",
        }
    }
}
