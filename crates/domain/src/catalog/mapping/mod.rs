//! From a file's header to an item of the data list and its fields.
//!
//! Departments send field codes or Chinese headers, in any order, of several generations, with brackets in either
//! width. The header alone chooses the item; a header that fits none is refused with the nearest item and what it lacks.
//! Values are not looked at here.

mod fit;

use super::item::Item;
use fit::{Cell, Fit};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt;

/// Columns that our rejects file appends; they are ignored when it is sent again.
pub const REJECT_COLUMNS: [&str; 4] = ["原行号", "字段", "错误代码", "错误原因"];

/// Which form of header a file bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Generation {
    /// Mostly field codes of the form in force.
    Codes,
    /// Mostly Chinese or English headers of the form in force.
    Names,
    /// An older form, which knows no code of the authority (2015/2016).
    Older,
}

/// What a header was mapped to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Code of the item.
    pub item: String,
    /// For each column of the file the index of its field in the item's version, `None` when it is not used.
    pub columns: Vec<Option<usize>>,
    /// The form of the header.
    pub generation: Generation,
    /// Chinese names of required fields without a column.
    pub missing_required: Vec<String>,
    /// Headers that the item does not know, as the sender wrote them; they are ignored. Columns without a header and those
    /// of our own rejects file are not named.
    pub unknown: Vec<String>,
    /// Headers of columns whose field already has an earlier column; they are ignored.
    pub repeated: Vec<String>,
}

/// Why a header fits no item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoItem {
    /// Code and Chinese name of the item that knows most of its columns.
    pub nearest: Option<(String, String)>,
    /// Codes and names of items that fit equally well, where the header was ambiguous.
    pub tied: Vec<(String, String)>,
    /// Chinese names of the columns that the nearest item needs and the header lacks.
    pub missing: Vec<String>,
    /// How many columns the nearest item knows.
    pub columns_known: usize,
    /// The item that the sender named, where the list of that day does not hold it.
    pub not_listed: Option<Box<str>>,
}

impl fmt::Display for NoItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |(code, name): &(String, String)| format!("{name}（{code}）");
        if !self.tied.is_empty() {
            let tied: Vec<String> = self.tied.iter().map(named).collect();
            return write!(f, "表头同时符合{}，请用 --item 指明事项", tied.join("、"));
        }
        if let Some(code) = &self.not_listed {
            return write!(f, "数据清单中没有事项{code}");
        }
        match &self.nearest {
            None => f.write_str("表头不符合数据清单中的任何事项，请使用数据清单模板"),
            Some(nearest) => {
                write!(f, "表头不符合任何事项；最接近的是{}，认出{}列", named(nearest), self.columns_known)?;
                if !self.missing.is_empty() {
                    write!(f, "，缺少：{}", self.missing.join("、"))?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for NoItem {}

/// Maps a header to the item that fits it best on a day of receipt.
///
/// The item that knows most of the columns decides; it must have all its key columns there.
///
/// # Errors
/// When no item has all its key columns in the header, another item knows more of it, or two fit equally well.
pub fn map_header(items: &BTreeMap<String, Item>, day: Date, header: &[String]) -> Result<Mapping, NoItem> {
    let header = Cell::all(header);
    let mut fits: Vec<Fit<'_>> = items
        .values()
        .filter_map(|item| Some(Fit::of(item, item.version_on(day)?, &header)))
        .filter(|fit| fit.rank().0 > 0)
        .collect();
    fits.sort_by_key(|fit| std::cmp::Reverse(fit.rank()));
    let Some((best, rest)) = fits.split_first() else { return Err(NoItem::default()) };
    if !best.is_complete() {
        return Err(best.refusal());
    }
    let tied: Vec<&Fit<'_>> = rest.iter().take_while(|next| next.rank() == best.rank()).collect();
    if tied.is_empty() {
        return Ok(best.mapping(&header));
    }
    let named = std::iter::once(best).chain(tied).map(Fit::named);
    Err(NoItem { tied: named.collect(), ..best.refusal() })
}

/// Maps a header to the item that the sender named.
///
/// # Errors
/// When the item is not in the list on that day or its key columns are missing.
pub fn map_header_to(
    items: &BTreeMap<String, Item>,
    code: &str,
    day: Date,
    header: &[String],
) -> Result<Mapping, NoItem> {
    let Some((item, version)) = items.get(code).and_then(|item| Some((item, item.version_on(day)?))) else {
        return Err(NoItem { not_listed: Some(code.into()), ..NoItem::default() });
    };
    let header = Cell::all(header);
    let fit = Fit::of(item, version, &header);
    if fit.is_complete() { Ok(fit.mapping(&header)) } else { Err(fit.refusal()) }
}
