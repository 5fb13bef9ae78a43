//! JSON lines (application/x-ndjson): one object a line, its keys the field codes or Chinese names. Objects need not have
//! the same keys: the header is every key of the file, in order of appearance. Memory is bounded by one line.

use crate::collect::decode::Decode;
use crate::collect::table::{Defect, Fault, LONGEST_ROW, MOST_COLUMNS, RawRow, misread};
use crate::{AppError, Result};
use encoding_rs::Encoding;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read};

/// The members of an object in their order, values as they are written.
#[derive(Debug, Default)]
pub struct Members<'l>(pub Vec<(String, &'l RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// Reads rows from lines of JSON.
pub struct Lines<R> {
    decode: Decode<R>,
    text: String,
    /// Position of `text` in the whole decoded stream.
    base: u64,
    at: usize,
    line: u32,
    ended: bool,
    /// Where the line read last begins and ends in the whole.
    last: (u64, u64),
    columns: HashMap<String, usize>,
    /// The file's encoding, where some of its lines are UTF-8.
    mixed: Option<&'static Encoding>,
}

impl<R: Read> Lines<R> {
    /// Reads objects whose keys stand in these columns; `mixed` names the file's encoding where some lines are UTF-8.
    pub fn new(decode: Decode<R>, header: &[String], mixed: Option<&'static Encoding>) -> Self {
        let columns = header.iter().enumerate().map(|(at, key)| (key.clone(), at)).collect();
        let mut decode = decode;
        if mixed.is_some() {
            decode.note_lines();
        }
        Self { decode, text: String::new(), base: 0, at: 0, line: 1, ended: false, last: (0, 0), columns, mixed }
    }

    /// Every key of the file in order of appearance.
    ///
    /// # Errors
    /// `item_not_recognised` for more keys than any item has; io.
    pub fn keys(decode: Decode<R>) -> Result<Vec<String>> {
        let mut lines = Self::new(decode, &[], None);
        let mut keys = Vec::new();
        while let Some((_, text, defect)) = lines.next_line()? {
            let Ok(members) = serde_json::from_str::<Members<'_>>(&text) else { continue };
            if defect.is_some() {
                continue;
            }
            for (key, _) in members.0 {
                if !lines.columns.contains_key(&key) {
                    lines.columns.insert(key.clone(), keys.len());
                    keys.push(key);
                }
            }
            if keys.len() > MOST_COLUMNS {
                let text = format!("对象的键超过{MOST_COLUMNS}个，请使用数据清单的字段代码或名称作为键");
                return Err(AppError::refused("item_not_recognised", "header", text));
            }
        }
        Ok(keys)
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn next_row(&mut self) -> io::Result<Option<RawRow>> {
        let Some((line, text, defect)) = self.next_line()? else { return Ok(None) };
        if defect.is_some() {
            return Ok(Some(RawRow { line, text, defect, ..RawRow::default() }));
        }
        let mut cells: Vec<Cow<'_, str>> = vec![Cow::Borrowed(""); self.columns.len()];
        let mut faults = Vec::new();
        let row = match serde_json::from_str::<Members<'_>>(&text) {
            Ok(members) if self.put(&members, &mut cells, &mut faults) => {
                let mut row = RawRow::of_cells(line, String::new(), &cells);
                row.faults = faults;
                Some(row)
            }
            _ => None,
        };
        drop(cells);
        Ok(Some(match row {
            Some(row) => RawRow { text, ..row },
            None => RawRow { line, text, defect: Some(Defect::NoObject), ..RawRow::default() },
        }))
    }

    /// Puts the members into their columns; false when a key stands twice.
    fn put<'l>(&self, members: &Members<'l>, cells: &mut [Cow<'l, str>], faults: &mut Vec<Fault>) -> bool {
        let mut taken = vec![false; cells.len()];
        for (key, value) in &members.0 {
            let Some(column) = self.columns.get(key).copied() else { continue };
            if taken.get_mut(column).is_some_and(|taken| std::mem::replace(taken, true)) {
                return false;
            }
            match text_of(value) {
                Ok(text) => {
                    if let Some(cell) = cells.get_mut(column) {
                        *cell = text;
                    }
                }
                Err(code) => faults.push(Fault { column, code, detail: String::new() }),
            }
        }
        true
    }

    /// The next line that is not blank: its number, its text, and what is broken about its bytes.
    fn next_line(&mut self) -> io::Result<Option<(u32, String, Option<Defect>)>> {
        loop {
            if self.at > 1 << 20 || self.at == self.text.len() {
                self.text.drain(..self.at);
                self.base += self.at as u64;
                self.at = 0;
            }
            let rest = self.text.get(self.at..).unwrap_or_default();
            let (length, next) = match memchr::memchr(b'\n', rest.as_bytes()) {
                Some(end) => (end, end + 1),
                None if rest.len() > LONGEST_ROW => return self.overlong().map(Some),
                None if !self.ended => {
                    self.ended = !self.decode.fill(&mut self.text)?;
                    continue;
                }
                None if rest.is_empty() => return Ok(None),
                None => (rest.len(), rest.len()),
            };
            let text = rest.get(..length).unwrap_or_default().trim_end_matches('\r').to_owned();
            let line = self.line;
            self.last = (self.base + self.at as u64, self.base + (self.at + length) as u64);
            self.at += next;
            self.line += 1;
            if text.trim().is_empty() {
                continue;
            }
            if text.len() > LONGEST_ROW {
                let kept = text.get(..text.floor_char_boundary(4096)).unwrap_or_default().to_owned();
                return Ok(Some((line, kept, Some(Defect::TooLong))));
            }
            let within = self.decode.damages_within(self.last.0, self.last.1);
            let malformed = within.first().map(|(_, offset, _)| Defect::Encoding(*offset));
            let defect = malformed.or_else(|| misread(&text, self.mixed, &mut self.decode, line));
            return Ok(Some((line, text, defect)));
        }
    }

    /// A line that grew too long: its beginning is kept, the rest is passed over.
    fn overlong(&mut self) -> io::Result<(u32, String, Option<Defect>)> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let kept = rest.get(..rest.floor_char_boundary(4096)).unwrap_or_default().to_owned();
        let line = self.line;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let end = memchr::memchr(b'\n', rest);
            self.at = end.map_or(self.text.len(), |end| self.at + end + 1);
            if end.is_some() || self.ended {
                break;
            }
            self.base += self.text.len() as u64;
            self.text.clear();
            self.at = 0;
            self.ended = !self.decode.fill(&mut self.text)?;
            let behind = self.base;
            self.decode.damages_within(behind, behind);
        }
        self.line += 1;
        Ok((line, kept, Some(Defect::TooLong)))
    }

    /// The bytes of the line read last in the file's own encoding, malformed ones included.
    pub fn original_bytes(&mut self, row: &RawRow, encoding: &'static Encoding) -> Vec<u8> {
        if matches!(row.defect, Some(Defect::Encoding(_))) {
            let (start, end) = self.last;
            return self.decode.original(&row.text, start, end, encoding);
        }
        encoding.encode(&row.text).0.into_owned()
    }
}

/// A scalar as text, `null` as nothing, else the code of what is wrong: an object or array, half of a surrogate pair.
fn text_of(value: &RawValue) -> std::result::Result<Cow<'_, str>, &'static str> {
    let written = value.get();
    match written.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<String>(written).map(Cow::Owned).map_err(|_| "bad_encoding"),
        Some(b'{' | b'[') => Err("nested_value"),
        Some(b'n') => Ok(Cow::Borrowed("")),
        _ => Ok(Cow::Borrowed(written)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::UTF_8;

    fn read(text: &[u8]) -> (Vec<String>, Vec<RawRow>) {
        let keys = Lines::keys(Decode::new(text, UTF_8)).unwrap();
        let mut lines = Lines::new(Decode::new(text, UTF_8), &keys, None);
        (keys, std::iter::from_fn(|| lines.next_row().unwrap()).collect())
    }

    #[test]
    fn objects_with_other_keys_share_one_header_and_numbers_stand_as_written() {
        let text = "{\"a\":\"云\",\"b\":91379900123456789012}\r\n\n{\"c\":true,\"a\":null,\"b\":1.50}\n";
        let (keys, rows) = read(text.as_bytes());
        assert_eq!(keys, ["a", "b", "c"]);
        let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.cells().collect()).collect();
        assert_eq!(cells, [["云", "91379900123456789012", ""], ["", "1.50", "true"]]);
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn what_is_no_object_costs_its_own_line_and_nested_values_their_field() {
        let mut text =
            b"{\"a\":1}\n[1]\nnonsense\n{\"a\":1,\"a\":2}\n{\"a\":{\"b\":1}}\n{\"a\":\"\xff\"}\n{\"a\":\"".to_vec();
        text.extend(std::iter::repeat_n(b'x', 3 << 20));
        text.extend(b"\"}\n{\"a\":2}");
        let (_, rows) = read(&text);
        let defects: Vec<Option<Defect>> = rows.iter().map(|row| row.defect).collect();
        let no = Some(Defect::NoObject);
        assert_eq!(defects, [None, no, no, no, None, Some(Defect::Encoding(55)), Some(Defect::TooLong), None]);
        assert_eq!(rows[4].faults[0].code, "nested_value");
        assert_eq!((rows[7].line, rows[7].cell(0)), (8, "2"));
    }
}
