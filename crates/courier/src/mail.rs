//! Mail (SMTP): plain text to one address at a time, through the mail server that the operator names.
//!
//! The server is the operator's own word, so it may be anywhere; a password goes to it under TLS alone, unless it is on this
//! machine. Deliberately not here: what is sent and when, retries, and any other form than plain text.

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, SmtpTransport, Transport};
use std::time::{Duration, UNIX_EPOCH};

/// How long one answer of the server may take.
const WITHIN: Duration = Duration::from_secs(10);
/// Answers of the server about us and not about the recipient: the operator can mend them, so they are no refusal for good.
const OURS: [u16; 10] = [500, 501, 502, 503, 504, 521, 530, 534, 535, 538];

/// Where mail goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// `smtp://host:port` (STARTTLS where the server offers it) or `smtps://host:port` (TLS from the start).
    pub address: String,
    /// The name under which it is signed in at the server; none where it takes mail from us without.
    pub user: Option<String>,
    /// The address from which mail comes.
    pub from: String,
}

/// Why a server cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadServer {
    /// The address is none of a mail server.
    #[error("not smtp://host:port or smtps://host:port")]
    Address,
    /// The address from which mail comes is none.
    #[error("not a mail address: {0}")]
    From(String),
    /// A name without a password, or the other way round.
    #[error("a user needs a password, and a password a user")]
    Password,
    /// The certificates cannot be read.
    #[error("certificates: {0}")]
    Certificates(String),
}

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// The server refuses it for good.
    #[error("refused with {0}")]
    Refused(u16),
    /// The server does not take it now.
    #[error("not now: {0}")]
    NotNow(u16),
    /// The server did not answer, or not in the form.
    #[error("no answer")]
    NoAnswer,
    /// The address or the text is none that a message can be made of.
    #[error("no message can be made of it")]
    Malformed,
}

/// A message.
#[derive(Clone, Copy, Debug)]
pub struct Mail<'m> {
    /// The address to which it goes.
    pub to: &'m str,
    /// Subject.
    pub subject: &'m str,
    /// Text.
    pub text: &'m str,
    /// What tells it from every other message; the same again where it is sent again.
    pub id: &'m str,
    /// Its instant, in seconds since 1970.
    pub at_seconds: u64,
}

/// Sends mail.
#[derive(Clone)]
pub struct Mailer {
    transport: SmtpTransport,
    from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    /// Nothing of the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").field("from", &self.from.email.to_string()).finish_non_exhaustive()
    }
}

impl Mailer {
    /// A mailer through a server. `authorities` are certificates (PEM) of the only authorities to be believed; without them those
    /// of the web.
    ///
    /// # Errors
    /// [`BadServer`].
    pub fn new(server: &Server, password: Option<&str>, authorities: Option<&[u8]>) -> Result<Self, BadServer> {
        let (wrapped, host, port) = parse(&server.address).ok_or(BadServer::Address)?;
        let from: Address = server.from.parse().map_err(|_| BadServer::From(server.from.clone()))?;
        let credentials = match (&server.user, password) {
            (None, None) => None,
            (Some(user), Some(password)) => Some(Credentials::new(user.clone(), password.to_owned())),
            _ => return Err(BadServer::Password),
        };
        let tls = parameters(host, authorities)?;
        let tls = match (wrapped, credentials.is_some() && !is_here(host)) {
            (true, _) => Tls::Wrapper(tls),
            (false, true) => Tls::Required(tls),
            (false, false) => Tls::Opportunistic(tls),
        };
        let mut transport = SmtpTransport::builder_dangerous(host)
            .port(port)
            .timeout(Some(WITHIN))
            .hello_name(ClientId::Domain(from.domain().to_owned()))
            .tls(tls);
        if let Some(credentials) = credentials {
            transport = transport.credentials(credentials);
        }
        Ok(Self { transport: transport.build(), from: Mailbox::new(Some("信用监管平台".to_owned()), from) })
    }

    /// The domain from which mail comes: what ids of messages end with.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// Brings a message to the server.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub fn send(&self, mail: &Mail<'_>) -> Result<(), NotTaken> {
        let to: Address = mail.to.parse().map_err(|_| NotTaken::Malformed)?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject)
            .message_id(Some(format!("<{}@{}>", mail.id, self.domain())))
            .date(UNIX_EPOCH + Duration::from_secs(mail.at_seconds))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.to_owned())
            .map_err(|_| NotTaken::Malformed)?;
        self.transport.send(&message).map(|_| ()).map_err(|error| {
            let status = error.status().map(u16::from);
            match status {
                Some(status) if error.is_permanent() && !OURS.contains(&status) => NotTaken::Refused(status),
                Some(status) => NotTaken::NotNow(status),
                None => NotTaken::NoAnswer,
            }
        })
    }
}

/// Whether a server is this machine.
fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether TLS is spoken from the start, the host, the port.
fn parse(address: &str) -> Option<(bool, &str, u16)> {
    let (wrapped, rest, usual) = match (address.strip_prefix("smtp://"), address.strip_prefix("smtps://")) {
        (Some(rest), _) => (false, rest, 25),
        (None, Some(rest)) => (true, rest, 465),
        (None, None) => return None,
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            (host, after.strip_prefix(':'))
        }
        None => match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        },
    };
    let port = port.map_or(Some(usual), |port| port.parse().ok())?;
    let sound = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:_".contains(&b));
    sound.then_some((wrapped, host, port))
}

fn parameters(host: &str, authorities: Option<&[u8]>) -> Result<TlsParameters, BadServer> {
    let bad = |error: lettre::transport::smtp::Error| BadServer::Certificates(error.to_string());
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = authorities {
        builder = builder
            .certificate_store(CertificateStore::None)
            .add_root_certificate(Certificate::from_pem(pem).map_err(bad)?);
    }
    builder.build().map_err(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_scheme_host_and_port_and_nothing_else() {
        assert_eq!(parse("smtp://mail.example:2525"), Some((false, "mail.example", 2525)));
        assert_eq!(parse("smtp://mail.example"), Some((false, "mail.example", 25)));
        assert_eq!(parse("smtps://mail.example/"), Some((true, "mail.example", 465)));
        assert_eq!(parse("smtp://[::1]:25"), Some((false, "::1", 25)));
        for bad in ["", "mail.example:25", "http://mail.example", "smtp://", "smtp://u:p@mail.example", "smtp://a:b"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_password_never_shows_and_goes_nowhere_without_its_user() {
        let server = Server { address: "smtp://mail.example".to_owned(), user: None, from: "a@b.example".to_owned() };
        assert!(matches!(Mailer::new(&server, Some("geheim"), None), Err(BadServer::Password)));
        let server = Server { user: Some("notice".to_owned()), ..server };
        assert!(matches!(Mailer::new(&server, None, None), Err(BadServer::Password)));
        let mailer = Mailer::new(&server, Some("geheim"), None).unwrap();
        assert!(!format!("{mailer:?}").contains("geheim"));
        assert_eq!(mailer.domain(), "b.example");
        let server = Server { from: "nobody".to_owned(), ..server };
        assert!(matches!(Mailer::new(&server, Some("geheim"), None), Err(BadServer::From(_))));
    }
}
