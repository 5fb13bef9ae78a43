//! Canonical JSON (RFC 8785): the bytes that are hashed, committed to and compared.
//!
//! These bytes never change their form: commitments, act headers, log entries, the state digest and the rulebook's
//! digest rest on them (docs/design/0001-formats.md). Hot paths write objects directly through [`Writer`].

use serde_json::{Number, Value};
use std::fmt::Write as _;

/// The canonical bytes of a JSON value.
#[must_use]
pub fn to_vec(value: &Value) -> Vec<u8> {
    let mut out = String::new();
    write_value(&mut out, value);
    out.into_bytes()
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(out, number),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_value(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (i, (key, item)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_string(out, key);
                out.push(':');
                write_value(out, item);
            }
            out.push('}');
        }
    }
}

/// Numbers as ECMAScript writes them: integers plainly, others in their shortest form.
fn write_number(out: &mut String, number: &Number) {
    if let Some(n) = number.as_i64() {
        let _ = write!(out, "{n}");
    } else if let Some(n) = number.as_u64() {
        let _ = write!(out, "{n}");
    } else if let Some(x) = number.as_f64() {
        if x == 0.0 {
            out.push('0');
        } else if (1e-6..1e21).contains(&x.abs()) {
            let _ = write!(out, "{x}");
        } else {
            let text = format!("{x:e}");
            out.push_str(&if x.abs() >= 1.0 { text.replace('e', "e+") } else { text });
        }
    }
}

/// Appends a string with the escapes of RFC 8785 and its quotes.
pub fn write_string(out: &mut String, text: &str) {
    out.push('"');
    // Nearly every text goes as it stands: no early end, so that many bytes are looked at at a time.
    let escapes = |byte: &u8| (*byte < 0x20) | (*byte == b'"') | (*byte == b'\\');
    if !text.as_bytes().iter().fold(false, |found, byte| found | escapes(byte)) {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            0x09 => "\\t",
            0x0a => "\\n",
            0x0c => "\\f",
            0x0d => "\\r",
            0..=0x1f => "",
            _ => continue,
        };
        out.push_str(text.get(plain..at).unwrap_or_default());
        if escape.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
        plain = at + 1;
    }
    out.push_str(text.get(plain..).unwrap_or_default());
    out.push('"');
}

/// Writes one object whose keys the caller gives in canonical order (ASCII, ascending).
#[derive(Debug)]
pub struct Writer<'a> {
    out: &'a mut String,
    first: bool,
}

impl<'a> Writer<'a> {
    /// Opens an object at the end of `out`.
    pub fn object(out: &'a mut String) -> Self {
        out.push('{');
        Self { out, first: true }
    }

    fn key(&mut self, key: &str) {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        write_string(self.out, key);
        self.out.push(':');
    }

    /// A member with a string.
    pub fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        write_string(self.out, value);
    }

    /// A member that is an object.
    pub fn nested(&mut self, key: &str) -> Writer<'_> {
        self.key(key);
        Writer::object(self.out)
    }

    /// Closes the object.
    pub fn end(self) {
        self.out.push('}');
    }
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            out.push(DIGITS.get(usize::from(nibble)).map_or('0', |d| char::from(*d)));
        }
    }
    out
}

/// Bytes from hexadecimal; `None` when the text is none.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_digits_in_pairs_are_hexadecimal() {
        assert_eq!(unhex("00aF"), Some(vec![0, 0xaf]));
        for wrong in ["0", "+f", "0x", " f", "é"] {
            assert_eq!(unhex(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn keys_are_sorted_by_utf16_and_strings_escaped_as_rfc_8785_says() {
        let value = json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
        assert_eq!(
            String::from_utf8(to_vec(&value)).unwrap(),
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
        );
        assert_eq!(to_vec(&json!("\u{0f}\"\\\n云")), "\"\\u000f\\\"\\\\\\n云\"".as_bytes());
    }

    #[test]
    fn numbers_are_written_as_ecmascript_writes_them() {
        for (value, text) in [
            (json!(0), "0"),
            (json!(-0.0), "0"),
            (json!(333_333_333.333_333_3), "333333333.3333333"),
            (json!(1e30), "1e+30"),
            (json!(4.5), "4.5"),
            (json!(2e-3), "0.002"),
            (json!(1e-27), "1e-27"),
        ] {
            assert_eq!(String::from_utf8(to_vec(&value)).unwrap(), text);
        }
    }

    #[test]
    fn the_direct_writer_gives_the_bytes_of_the_value() {
        let mut out = String::new();
        let mut object = Writer::object(&mut out);
        let mut inner = object.nested("content");
        inner.text("A", "x");
        inner.text("B", "\u{1}");
        inner.end();
        object.text("item", "penalty");
        object.end();
        assert_eq!(out.as_bytes(), to_vec(&json!({"item": "penalty", "content": {"B": "\u{1}", "A": "x"}})));
        assert_eq!(unhex(&hex(&[0, 255, 16])), Some(vec![0, 255, 16]));
    }
}
