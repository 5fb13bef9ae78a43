//! Codes in addresses: an address has one form, with the code in capitals and narrow digits; every other leads there.

use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use credence_domain::subject::uscc::fold;

/// Where an address with this code really is: 308, so that whoever follows asks the same with the same parameters. Nothing
/// where the code stands as it should, or folded is no code of any kind.
pub(crate) fn canonical(uri: &Uri, code: &str) -> Option<Response> {
    let folded = fold(code);
    if folded == code || folded.is_empty() || !folded.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let (before, rest) = uri.path().split_once("/organisations/")?;
    let behind = rest.split_once('/').map_or_else(String::new, |(_, behind)| format!("/{behind}"));
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    let there = format!("{before}/organisations/{folded}{behind}{query}");
    Some((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, there)]).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(address: &str, code: &str) -> Option<String> {
        let answer = canonical(&address.parse().unwrap(), code)?;
        assert_eq!(answer.status(), StatusCode::PERMANENT_REDIRECT);
        Some(answer.headers()[header::LOCATION].to_str().unwrap().to_owned())
    }

    #[test]
    fn a_code_in_another_form_leads_to_its_one_address_and_keeps_the_rest() {
        let there = leads("/api/v1/organisations/91379900ma0te5t16g/records?limit=5", "91379900ma0te5t16g");
        assert_eq!(there.as_deref(), Some("/api/v1/organisations/91379900MA0TE5T16G/records?limit=5"));
        let wide = leads("/organisations/%EF%BC%991379900MA0TE5T16G", "９1379900MA0TE5T16G");
        assert_eq!(wide.as_deref(), Some("/organisations/91379900MA0TE5T16G"));
        assert_eq!(leads("/organisations/91379900MA0TE5T16G", "91379900MA0TE5T16G"), None);
        assert_eq!(leads("/organisations/%E4%BA%91%E6%B5%B7x", "云海x"), None);
        assert_eq!(leads("/organisations/%20", " "), None);
    }
}
