//! The addresses of a search: its page, its file, its JSON, and where it goes on, so that every result can be kept.

use credence_app::query::SearchRequest;

/// A search as it stands in addresses.
pub(crate) struct Address<'a>(pub(crate) &'a SearchRequest);

impl Address<'_> {
    /// `path?q=…`, at the same place in the list.
    pub(crate) fn at(&self, path: &str) -> String {
        self.with_cursor(path, self.0.cursor.as_deref())
    }

    /// `path?q=…`, from the beginning.
    pub(crate) fn first(&self, path: &str) -> String {
        self.with_cursor(path, None)
    }

    /// `path?q=…&cursor=…`.
    pub(crate) fn with_cursor(&self, path: &str, cursor: Option<&str>) -> String {
        let limit = self.0.limit.map(|limit| limit.to_string());
        let mut start = format!("{path}?q=");
        encode(self.0.q.trim(), &mut start);
        address(
            &start,
            [
                ("area", self.0.area.as_str()),
                ("status", self.0.status.as_str()),
                ("kind", self.0.kind.as_str()),
                ("limit", limit.as_deref().unwrap_or_default()),
                ("cursor", cursor.unwrap_or_default()),
            ],
        )
    }
}

/// An address with its parameters, the empty ones left out.
pub(crate) fn address<'a>(path: &str, parts: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut address = path.to_owned();
    for (name, value) in parts {
        if !value.is_empty() {
            address.push(if address.contains('?') { '&' } else { '?' });
            address.push_str(name);
            address.push('=');
            encode(value, &mut address);
        }
    }
    address
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
fn encode(text: &str, out: &mut String) {
    use std::fmt::Write as _;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_was_asked_and_nothing_empty() {
        let request =
            SearchRequest {
                q: " 云 & 海".into(), kind: "91".into(), cursor: Some("ab".into()), ..Default::default()
            };
        assert_eq!(Address(&request).first("/search"), "/search?q=%E4%BA%91%20%26%20%E6%B5%B7&kind=91");
        assert!(Address(&request).at("/search.csv").ends_with("&cursor=ab"));
    }
}
