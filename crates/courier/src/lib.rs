//! The courier: requests to servers that others run and whose addresses others give us (witnesses, webhooks).
//!
//! An address is a way into the operator's own network, so by default only https goes out and only to public addresses. The
//! address is judged after the name was looked up, in the same step that connects, so a name that changes its mind between
//! two look-ups gains nothing; a redirect is judged like a first address. Plain http and private addresses take the operator's
//! explicit word ([`Reach::Anywhere`]). No proxy of the environment is used, no cookie kept.
//!
//! [`mail`] brings mail to the operator's own mail server. Deliberately not here: what is sent and when, retries, signatures.

pub mod mail;
mod reach;

pub use reach::{Reach, is_public};

use reach::Guarded;
use std::time::Duration;
use ureq::http::header::{CONTENT_TYPE, LOCATION};
use ureq::http::{HeaderValue, StatusCode, Uri};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};

/// How long a request may take in all.
const WITHIN: Duration = Duration::from_secs(10);
/// How long connecting may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Bytes of the longest answer that is read.
const ANSWER_MAX_BYTES: u64 = 1024 * 1024;
/// Redirects that are followed.
const REDIRECTS: usize = 3;

/// Why a request was not made or not answered.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// The address cannot be read, or is not one to which anything is sent.
    #[error("address not allowed: {0}")]
    Forbidden(&'static str),
    /// The certificates of the operator cannot be read.
    #[error("certificates: {0}")]
    Certificates(String),
    /// Nobody answered, or not in time, or not in the form.
    #[error("no answer: {0}")]
    NoAnswer(String),
}

/// An answer, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The type of the body as the server names it.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

/// Makes requests.
#[derive(Clone, Debug)]
pub struct Courier {
    agent: Agent,
    reach: Reach,
}

impl Courier {
    /// A courier with this reach. `authorities` are certificates (PEM) of the only authorities to be believed; without them
    /// those of the web.
    ///
    /// # Errors
    /// [`CourierError::Certificates`].
    pub fn new(reach: Reach, authorities: Option<&[u8]>) -> Result<Self, CourierError> {
        let mut tls = TlsConfig::builder();
        if let Some(pem) = authorities {
            tls = tls.root_certs(RootCerts::new_with_certs(&certificates(pem)?));
        }
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(WITHIN))
            .timeout_connect(Some(CONNECT_WITHIN))
            .user_agent(concat!("credence/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: Agent::with_parts(config, DefaultConnector::new(), Guarded::new(reach)), reach })
    }

    /// Whether anything would be sent to an address: its form and scheme, and its host where that is a number. A name is
    /// judged when it is looked up.
    ///
    /// # Errors
    /// [`CourierError::Forbidden`] with the reason.
    pub fn judge(&self, address: &str) -> Result<(), CourierError> {
        let uri: Uri = address.parse().map_err(|_| CourierError::Forbidden("not an address"))?;
        self.reach.judge(&uri)
    }

    /// Posts a body, following up to three redirects that keep the method (307, 308).
    ///
    /// # Errors
    /// As [`Courier::judge`], for a redirect too; [`CourierError::NoAnswer`].
    pub fn post(&self, address: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, CourierError> {
        let mut uri: Uri = address.parse().map_err(|_| CourierError::Forbidden("not an address"))?;
        self.reach.judge(&uri)?;
        for _ in 0..=REDIRECTS {
            let mut request = self.agent.post(uri.clone());
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = request.send(body).map_err(|error| no_answer(&error))?;
            let moved = [StatusCode::TEMPORARY_REDIRECT, StatusCode::PERMANENT_REDIRECT].contains(&answer.status());
            match answer.headers().get(LOCATION).filter(|_| moved) {
                Some(location) => uri = next(self.reach, &uri, location)?,
                None => return read(answer),
            }
        }
        Err(CourierError::NoAnswer("too many redirects".to_owned()))
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, CourierError> {
    let mut found = Vec::new();
    for item in parse_pem(pem) {
        match item {
            Ok(PemItem::Certificate(one)) => found.push(one),
            Ok(_) => {}
            Err(error) => return Err(CourierError::Certificates(error.to_string())),
        }
    }
    if found.is_empty() { Err(CourierError::Certificates("none in the file".to_owned())) } else { Ok(found) }
}

/// Where a redirect leads, judged: a whole address, or another path on the same server.
fn next(reach: Reach, from: &Uri, location: &HeaderValue) -> Result<Uri, CourierError> {
    let bad = || CourierError::Forbidden("a redirect to no address");
    let to: Uri = location.to_str().map_err(|_| bad())?.parse().map_err(|_| bad())?;
    let to = if to.authority().is_some() {
        to
    } else {
        let mut parts = to.into_parts();
        parts.scheme = from.scheme().cloned();
        parts.authority = from.authority().cloned();
        Uri::from_parts(parts).map_err(|_| bad())?
    };
    reach.judge(&to)?;
    Ok(to)
}

fn read(mut answer: ureq::http::Response<Body>) -> Result<Answer, CourierError> {
    let content_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let content_type = content_type.to_owned();
    let body = answer.body_mut().with_config().limit(ANSWER_MAX_BYTES).read_to_vec();
    Ok(Answer { status: answer.status().as_u16(), content_type, body: body.map_err(|error| no_answer(&error))? })
}

fn no_answer(error: &ureq::Error) -> CourierError {
    match reach::refused(error) {
        Some(why) => CourierError::Forbidden(why),
        None => CourierError::NoAnswer(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_from_outside_leads_not_inside() {
        let from: Uri = "https://hook.example/in".parse().unwrap();
        let to = |location: &'static str| next(Reach::Public, &from, &HeaderValue::from_static(location));
        for inside in [
            "https://10.0.0.1/in",
            "https://127.0.0.1/in",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/in",
            "http://hook.example/in",
            "https://user:word@hook.example/in",
            "file:///etc/passwd",
        ] {
            assert!(matches!(to(inside), Err(CourierError::Forbidden(_))), "{inside}");
        }
        assert_eq!(to("/elsewhere").unwrap(), "https://hook.example/elsewhere");
        assert_eq!(to("//10.0.0.1/in").unwrap().host(), Some("hook.example"), "a path on the same server");
        // Where this name leads is judged when it is looked up.
        assert_eq!(to("https://other.example/in").unwrap(), "https://other.example/in");
    }
}
