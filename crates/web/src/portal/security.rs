//! `GET /.well-known/security.txt` (RFC 9116): where a weakness of this installation is reported, as its operator says. Without
//! his word there is no such file.

use super::error::ErrorPage;
use super::refuse;
use crate::AppState;
use crate::answer::Answer;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::AppError;
use jiff::ToSpan;

/// Days for which what stands there may be believed: RFC 9116 recommends less than a year.
const BELIEVED_DAYS: i64 = 180;

pub(crate) async fn contact(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let Some(contact) = state.security_contact() else { return Err(refuse(AppError::NotFound)) };
    let until = state.view().today.saturating_add(BELIEVED_DAYS.days());
    let text = format!("Contact: {contact}\nExpires: {until}T00:00:00Z\nPreferred-Languages: zh, en\n");
    Ok(Answer::plain(text).to(&asked))
}

/// Whether this can stand behind `Contact:`: one address by mail, telephone or https, without white space.
#[must_use]
pub fn is_contact(text: &str) -> bool {
    let known =
        ["mailto:", "https://", "tel:"].iter().any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
    known && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::is_contact;

    #[test]
    fn a_contact_is_one_address() {
        for good in ["mailto:security@credit.example", "https://credit.example/report", "tel:+86-531-00000000"] {
            assert!(is_contact(good), "{good}");
        }
        for bad in
            ["", "mailto:", "security@credit.example", "http://credit.example", "mailto:a@b\nExpires: 1", "tel:1 2"]
        {
            assert!(!is_contact(bad), "{bad}");
        }
    }
}
