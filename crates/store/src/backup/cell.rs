//! Rows as bytes, the same from either database: each value is one byte for its kind, then the value; integers as zigzag
//! LEB128, texts and bytes with their length before them.

use crate::connection::Value;
use crate::{Result, StoreError};

const NULL: u8 = 0;
const INT: u8 = 1;
const TEXT: u8 = 2;
const BLOB: u8 = 3;

fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number as u8) | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a row.
pub(super) fn put(out: &mut Vec<u8>, row: &[Value<'_>]) {
    for value in row {
        match value {
            Value::Null => out.push(NULL),
            Value::Int(n) => {
                out.push(INT);
                put_number(out, ((n << 1) ^ (n >> 63)) as u64);
            }
            Value::Text(text) => {
                out.push(TEXT);
                put_number(out, text.len() as u64);
                out.extend_from_slice(text.as_bytes());
            }
            Value::Blob(bytes) => {
                out.push(BLOB);
                put_number(out, bytes.len() as u64);
                out.extend_from_slice(bytes);
            }
        }
    }
}

fn take_number(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = from.split_first()?;
        *from = rest;
        number |= u64::from(first & 0x7f).checked_shl(shift)?;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn take_bytes<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(take_number(from)?).ok()?;
    let (bytes, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(bytes)
}

fn take_value<'a>(from: &mut &'a [u8]) -> Option<Value<'a>> {
    let (kind, rest) = from.split_first()?;
    *from = rest;
    Some(match *kind {
        NULL => Value::Null,
        INT => {
            let number = take_number(from)?;
            Value::Int(((number >> 1) as i64) ^ -((number & 1) as i64))
        }
        TEXT => Value::Text(std::str::from_utf8(take_bytes(from)?).ok()?),
        BLOB => Value::Blob(take_bytes(from)?),
        _ => return None,
    })
}

/// Takes a row of so many values from the front.
///
/// # Errors
/// [`StoreError::Backup`] where there is no such row.
pub(super) fn take<'a>(from: &mut &'a [u8], row: &mut Vec<Value<'a>>, columns: usize) -> Result<()> {
    row.clear();
    for _ in 0..columns {
        row.push(take_value(from).ok_or_else(|| StoreError::Backup("a row is cut off".to_owned()))?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(row: &[Value<'_>]) -> String {
        format!("{row:?}")
    }

    proptest::proptest! {
        #[test]
        fn rows_come_back_and_no_bytes_make_it_fall(n: i64, text: String, bytes: Vec<u8>, other: Vec<u8>) {
            let row = [Value::Int(n), Value::Null, Value::Text(&text), Value::Blob(&bytes), Value::Int(-1)];
            let mut out = Vec::new();
            put(&mut out, &row);
            put(&mut out, &row);
            let (mut from, mut back) = (out.as_slice(), Vec::new());
            take(&mut from, &mut back, row.len()).unwrap();
            assert_eq!(told(&back), told(&row));
            take(&mut from, &mut back, row.len()).unwrap();
            assert!(from.is_empty() && take(&mut from, &mut back, 1).is_err());
            let (mut from, mut back) = (other.as_slice(), Vec::new());
            let _ = take(&mut from, &mut back, 5);
            let short = out.len() / 2 - 1;
            let (mut from, mut back) = (out.get(..short).unwrap(), Vec::new());
            assert!(take(&mut from, &mut back, row.len()).is_err());
        }
    }
}
