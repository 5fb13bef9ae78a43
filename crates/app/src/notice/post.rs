//! The post (邮件通知): brings each notice to the address of its account, until the mail server has taken it or refused it for good.
//!
//! At least once: an attempt is written down before it is made, and a message that is sent again after a crash bears the same id, so
//! that whoever receives it can tell. What was refused for good, or was not taken for days, is a dead letter: the notice itself
//! stands in the account all the same. No log names an address.

use super::rule_of;
use crate::current::Current;
use crate::desk::Desk;
use crate::log::authorities;
use crate::rest::Rest;
use crate::{AppError, Result, Service};
use credence_courier::mail::{Mail, Mailer, NotTaken, Server};
use credence_domain::access::AccountState;
use credence_domain::canonical::hex;
use credence_domain::notice::{Audience, letter};
use credence_domain::webhook::{TRIES_MAX, wait_seconds};
use credence_store::account::{binding, mail as address};
use credence_store::clock::{seconds_after, whole_seconds};
use credence_store::connection::Connection;
use credence_store::notice::mail::{self, Settled, Waiting};
use credence_store::notice::{self as kept, Notice};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How often it looks whether something is due.
const LOOKS_EVERY: Duration = Duration::from_secs(1);
/// How long it leaves alone what could not be read or written.
const LEAVES_ALONE: Duration = Duration::from_secs(10);
/// For how long a message is taken for one attempt, in seconds: longer than any attempt lasts.
const LEASE_SECONDS: i64 = 120;
/// The page at which a notice is read.
const PAGE: &str = "/account/notices";

/// Where mail goes out, as the operator says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailServer {
    /// `smtp://host:port` or `smtps://host:port`.
    pub address: String,
    /// The name under which it is signed in there.
    pub user: Option<String>,
    /// The file with the password.
    pub password: Option<PathBuf>,
    /// The address from which mail comes.
    pub from: String,
    /// Where the pages of the platform are found: `https://…` without a path.
    pub site: String,
}

/// Sends mail and knows where the pages are.
#[derive(Clone, Debug)]
pub struct Post {
    mailer: Mailer,
    site: String,
}

impl Post {
    /// The post of an operator's mail server.
    ///
    /// # Errors
    /// `bad_parameter` where something of it cannot be used, and for a password that others may read.
    pub fn new(server: &MailServer) -> Result<Self> {
        let bad = |field: &str, why: String| AppError::refused("bad_parameter", field, why);
        let site = server.site.trim_end_matches('/');
        let scheme = site.strip_prefix("https://").or_else(|| site.strip_prefix("http://"));
        if scheme.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#', '@', ' '])) {
            return Err(bad("site", "须为平台页面的地址，如 https://credit.example".to_owned()));
        }
        let password = server.password.as_deref().map(credence_store::secret::private::read).transpose()?;
        let password = password.as_deref().map(|text| text.trim_end_matches(['\r', '\n']));
        let of = Server { address: server.address.clone(), user: server.user.clone(), from: server.from.clone() };
        let mailer = Mailer::new(&of, password, authorities()?.as_deref())
            .map_err(|error| bad("smtp", format!("邮件服务器设置无效：{error}")))?;
        Ok(Self { mailer, site: site.to_owned() })
    }

    /// Sends a code to an address that is to be confirmed.
    pub(super) fn send_code(&self, to: &str, code: &str, (id, now): (&str, i64)) -> std::result::Result<(), NotTaken> {
        let text = format!(
            "确认码：{code}\n请在30分钟内登录{}/account填写，用于在本平台接收邮件提示。\n不是你本人办理的，请忽略本邮件：不填写确认码，就不会再收到邮件。",
            self.site
        );
        let mail = Mail {
            to, subject: "信用监管平台：邮箱确认码", text: &text, id, at_seconds: whole_seconds(now)
        };
        self.mailer.send(&mail)
    }
}

/// Brings notices by mail, for one serving process.
#[derive(Debug)]
pub struct Postman {
    service: Current,
    desk: Arc<Desk>,
    post: Arc<Post>,
    rest: Rest,
}

impl Postman {
    /// A postman who has not begun.
    #[must_use]
    pub fn new(service: Arc<Service>, desk: Arc<Desk>, post: Arc<Post>) -> Self {
        Self { service: Current::new(service), desk, post, rest: Rest::default() }
    }

    /// Brings what is due until [`Postman::stop`] is called: for one of several threads.
    pub fn work(&self) {
        loop {
            let wait = match self.turn() {
                Ok(true) => Duration::ZERO,
                Ok(false) => LOOKS_EVERY,
                Err(error) => {
                    tracing::warn!(code = error.code(), %error, "mail waits");
                    LEAVES_ALONE
                }
            };
            if self.rest.ends_within(wait) {
                return;
            }
        }
    }

    /// Ends [`Postman::work`].
    pub fn stop(&self) {
        self.rest.end();
    }

    /// Brings one message that is due: false when none is.
    ///
    /// # Errors
    /// `database_in_use`, what the keys say, or a fault.
    pub fn turn(&self) -> Result<bool> {
        let service = self.service.look_up()?;
        let now = service.now_micros();
        let Some(waiting) = service.read(|connection| mail::due(connection, now))? else { return Ok(false) };
        let lease: [u8; 16] = self.desk.chance()?;
        let (of, until) = (waiting.clone(), seconds_after(now, LEASE_SECONDS));
        if !self.desk.act(move |writer| Ok(mail::take(writer, &of, &lease, (now, until))?))? {
            return Ok(true);
        }
        let settled = match self.written(&service, &waiting)? {
            None => Settled::Dropped,
            Some((to, subject, text)) => {
                let id = message_id(&waiting.number);
                let letter = Mail { to: &to, subject: &subject, text: &text, id: &id, at_seconds: whole_seconds(now) };
                self.judge(&service, &waiting, self.post.mailer.send(&letter))?
            }
        };
        self.desk.act(move |writer| Ok(mail::settle(writer, &waiting, &lease, settled)?))?;
        Ok(true)
    }

    /// What becomes of a message after an attempt.
    fn judge(&self, service: &Service, waiting: &Waiting, came: std::result::Result<(), NotTaken>) -> Result<Settled> {
        let (status, problem) = match came {
            Ok(()) => return Ok(Settled::Sent),
            Err(NotTaken::Refused(status)) => {
                tracing::warn!(notice = %waiting.number, status, "mail was refused");
                return Ok(Settled::Dead(Some(status), "refused"));
            }
            Err(NotTaken::Malformed) => return Ok(Settled::Dead(None, "malformed")),
            Err(NotTaken::NotNow(status)) => (Some(status), "not_now"),
            Err(NotTaken::NoAnswer) => (None, "no_answer"),
        };
        let tries = waiting.tries + 1;
        tracing::debug!(notice = %waiting.number, ?status, problem, tries, "mail was not taken");
        if tries >= TRIES_MAX {
            return Ok(Settled::Dead(status, problem));
        }
        let [chance] = self.desk.chance()?;
        let next_at = seconds_after(service.now_micros(), i64::from(wait_seconds(tries, chance)));
        Ok(Settled::Again(status, problem, next_at))
    }

    /// The address, subject and text of a message; none where nobody is to have it any more.
    fn written(&self, service: &Service, waiting: &Waiting) -> Result<Option<(String, String, String)>> {
        let today = service.real_today();
        let found = service.read(|connection| {
            let Some(notice) = kept::by_number(connection, &waiting.number)? else { return Ok(None) };
            let address = address::of(connection, &waiting.account)?.filter(address::Mail::is_confirmed);
            let may = may_have(connection, &notice, today)?;
            Ok(address.filter(|_| may).map(|address| (notice, address)))
        })?;
        let Some((notice, address)) = found else { return Ok(None) };
        let Some(rule) = rule_of(service.rulebook(), &notice) else { return Ok(None) };
        let to = address.open(&*service.keyring().opening()?)?;
        let letter = letter(rule, &notice.planned.case_number, &format!("{}{PAGE}", self.post.site));
        Ok(Some((to, letter.subject, letter.text)))
    }
}

/// What tells the message of a notice from every other, the same whenever it is sent: a digest, so that no number of ours is in a
/// header.
fn message_id(number: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(format!("credence notice {number}").as_bytes()).into();
    format!("notice-{}", hex(digest.get(..16).unwrap_or_default()))
}

/// Whether the holder of the account may still have it: the account is in use, and its binding holds.
fn may_have(connection: &mut Connection, notice: &Notice, today: Date) -> credence_store::Result<bool> {
    let planned = &notice.planned;
    let account = credence_store::account::by_id(connection, &planned.account)?;
    let open = |account: &credence_store::account::Account| {
        account.state == AccountState::Active.code() && account.ends_on.is_none_or(|last| today <= last)
    };
    if !account.is_some_and(|account| open(&account)) {
        return Ok(false);
    }
    if planned.kind.audience() == Audience::Unit {
        return Ok(true);
    }
    let bindings = binding::of_account(connection, &planned.account)?;
    Ok(bindings.iter().any(|binding| binding.uscc == planned.uscc && binding.holds_on(today)))
}
