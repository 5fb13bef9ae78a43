//! Lists in pages: `{"items":[…],"next":CURSOR|null}` with cursors that are opaque and refused when tampered with.

use crate::{AppError, Result};
use credence_domain::canonical::{hex, unhex};
use serde::Serialize;

/// The most items of a page.
pub const LIMIT_MAX: u32 = 100;
/// Items of a page when nothing is said.
pub const LIMIT_DEFAULT: u32 = 20;

/// One page of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; `null` at the end.
    pub next: Option<String>,
}

/// The limit asked for: 1 to 100, 20 when nothing is said.
///
/// # Errors
/// `bad_parameter` outside these bounds.
pub fn limit(asked: Option<u32>) -> Result<u32> {
    match asked.unwrap_or(LIMIT_DEFAULT) {
        limit @ 1..=LIMIT_MAX => Ok(limit),
        _ => Err(AppError::refused("bad_parameter", "limit", format!("limit 应为1至{LIMIT_MAX}"))),
    }
}

pub(crate) fn encode_cursor(parts: &[&str]) -> String {
    hex(parts.join("\u{1f}").as_bytes())
}

pub(crate) fn decode_cursor(cursor: &str, parts: usize) -> Result<Vec<String>> {
    let text = String::from_utf8(unhex(cursor).ok_or_else(bad_cursor)?).map_err(|_| bad_cursor())?;
    let found: Vec<String> = text.split('\u{1f}').map(str::to_owned).collect();
    if found.len() == parts { Ok(found) } else { Err(bad_cursor()) }
}

pub(crate) fn bad_cursor() -> AppError {
    AppError::refused("bad_cursor", "cursor", "请使用上一页返回的 next；如已失效，请从第一页重新开始")
}
