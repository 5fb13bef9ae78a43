//! What is wrong with a rulebook: where, which rule of the linter, and why.

use serde::Serialize;
use std::fmt;

/// One finding of the loader or the linter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// Path below the rulebook, with `/`.
    pub file: String,
    /// Line, counted from 1; 0 where the edition came from its canonical bytes.
    pub line: usize,
    /// Stable code (`[finding]` in rulebook/codes.toml).
    pub code: &'static str,
    /// What is wrong here, in Chinese.
    pub reason: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.line, self.code, self.reason)
    }
}
