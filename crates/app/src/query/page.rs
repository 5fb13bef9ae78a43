//! Lists in pages: `{"items":[…],"next":CURSOR|null}` with cursors that are opaque and refused when tampered with.

use crate::{AppError, Result};
use credence_domain::canonical::{hex, unhex};
use credence_store::page::Place;
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

/// Which page is asked for: the `next` of the page before, and how many items.
pub type Asked<'a> = (Option<&'a str>, Option<u32>);

/// Cases that are read at a time.
const AT_ONCE: u32 = LIMIT_MAX + 1;

/// A page of cases: `ask` reads them behind a place, `tell` says what is shown of one, or that it is not asked for. No more is read
/// than the page needs.
pub(crate) fn of_cases<H, T>(
    (cursor, asked): Asked<'_>,
    place: impl Fn(&H) -> Place,
    mut ask: impl FnMut(Option<&Place>, u32) -> Result<Vec<H>>,
    mut tell: impl FnMut(H) -> Result<Option<T>>,
) -> Result<Page<T>> {
    let limit = limit(asked)? as usize;
    let mut behind = match cursor.filter(|cursor| !cursor.is_empty()) {
        None => None,
        Some(cursor) => {
            let [on, number] = decode_cursor(cursor, 2)?.try_into().map_err(|_| bad_cursor())?;
            Some(Place { on: on.parse().map_err(|_| bad_cursor())?, number })
        }
    };
    let (mut items, mut last) = (Vec::new(), None);
    loop {
        let found = ask(behind.as_ref(), AT_ONCE)?;
        let whole = found.len() < AT_ONCE as usize;
        for head in found {
            let place = place(&head);
            if let Some(told) = tell(head)? {
                if items.len() == limit {
                    let next = last.map(|last: Place| encode_cursor(&[&last.on.to_string(), &last.number]));
                    return Ok(Page { items, next });
                }
                items.push(told);
                last = Some(place.clone());
            }
            behind = Some(place);
        }
        if whole {
            return Ok(Page { items, next: None });
        }
    }
}

/// Every case, a few at a time.
pub(crate) fn each_case<H>(
    place: impl Fn(&H) -> Place,
    mut ask: impl FnMut(Option<&Place>, u32) -> Result<Vec<H>>,
    mut look: impl FnMut(H) -> Result<()>,
) -> Result<()> {
    let mut behind = None;
    loop {
        let found = ask(behind.as_ref(), AT_ONCE)?;
        let whole = found.len() < AT_ONCE as usize;
        behind = found.last().map(&place);
        found.into_iter().try_for_each(&mut look)?;
        if whole {
            return Ok(());
        }
    }
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

/// A list whole, or its first so many, page by page: for whoever prints it.
///
/// # Errors
/// What a page says.
pub fn whole<T>(most: Option<u32>, mut page: impl FnMut(Asked<'_>) -> Result<Page<T>>) -> Result<Vec<T>> {
    let (mut found, mut cursor) = (Vec::new(), None);
    let most = most.map_or(usize::MAX, |most| most as usize);
    while found.len() < most {
        let left = u32::try_from(most - found.len()).unwrap_or(LIMIT_MAX).min(LIMIT_MAX);
        let Page { items, next } = page((cursor.as_deref(), Some(left)))?;
        found.extend(items);
        if next.is_none() {
            break;
        }
        cursor = next;
    }
    Ok(found)
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
