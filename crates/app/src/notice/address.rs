//! The one mail address of an account (邮箱): asked for, confirmed by a code that was sent to it, taken off at any time. Nothing but the
//! code goes to an address before it is confirmed, and no act or log says what it is.

use super::Post;
use crate::account::Person;
use crate::desk::Desk;
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result, Service};
use credence_domain::canonical::hex;
use credence_domain::notice::address::{ASKS_A_DAY, CODE_SECONDS, TRIES_MAX, mask, refuse};
use credence_store::account::mail::{self, Mail};
use credence_store::account::{Account, invitation, session};
use credence_store::act::Draft;
use credence_store::clock::{instant_text, seconds_after};
use credence_store::secret;
use serde::Serialize;
use serde_json::Map;

/// The address of an account as its holder sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AddressView {
    /// `none`, `asked` or `confirmed`.
    pub state: String,
    /// The address, masked; empty where there is none.
    pub address: String,
    /// Until when the code that was sent is good; none where none is awaited.
    pub code_ends_at: Option<String>,
    /// Since when it stands so; none where there never was one.
    pub since: Option<String>,
}

impl Service {
    /// The mail address of a person's account.
    ///
    /// # Errors
    /// A fault of the store or of the keys.
    pub fn mail_address(&self, person: &Person) -> Result<AddressView> {
        let found = self.read(|connection| mail::of(connection, &person.account.id))?;
        let Some(found) = found else {
            return Ok(AddressView {
                state: "none".to_owned(),
                address: String::new(),
                code_ends_at: None,
                since: None,
            });
        };
        let address = match found.sealed {
            Some(_) => mask(&found.open(&*self.keyring().opening()?)?),
            None => String::new(),
        };
        let awaited = found.state == "asked";
        Ok(AddressView {
            address,
            code_ends_at: awaited.then(|| instant_text(found.code_ends_at)),
            since: Some(instant_text(found.since)),
            state: found.state,
        })
    }
}

/// Asks for an address: a code goes to it, in the place of any other address of the account.
///
/// # Errors
/// `mail_address` for one that is none, `mail_code_often`, `mail_not_sent` where the mail server does not take the code: then there
/// is no address; or a fault.
pub fn ask_address(service: &Service, desk: &Desk, post: &Post, person: &Person, address: &str) -> Result<AddressView> {
    let address = address.trim();
    if let Some(why) = refuse(address) {
        return Err(AppError::refused("mail_address", "address", why));
    }
    let (id, today, now) = (person.account.id, service.real_today(), service.now_micros());
    let standing = service.read(|connection| mail::of(connection, &id))?;
    if standing.is_some_and(|standing| standing.asked_on == today && standing.asks >= ASKS_A_DAY) {
        let text = format!("每天最多发送{ASKS_A_DAY}次确认码，请明天再试");
        return Err(AppError::refused("mail_code_often", "address", text));
    }
    let kept = address.to_owned();
    let code = desk.act(move |writer| {
        let (code, digest) = invitation::half(writer)?;
        let (mark, today) = (secret::index_mark(writer.connection())?, writer.clock().today());
        let keyring = writer.keyring();
        let keys = keyring.sealing(mark.as_deref(), writer.chance(), today)?;
        mail::ask(writer, &keys, &id, &kept, (&digest, seconds_after(now, CODE_SECONDS)))?;
        Ok(code)
    })?;
    let message = format!("code-{}", hex(&desk.chance::<16>()?));
    if let Err(error) = post.send_code(address, &code, (&message, now)) {
        tracing::warn!(%error, "a code was not sent");
        desk.act(move |writer| Ok(writer.note(|connection| mail::take_off(connection, &id, now))?))?;
        let text = "邮件服务器没有接收确认码，请核对邮箱地址后重试";
        return Err(AppError::refused("mail_not_sent", "address", text));
    }
    service.mail_address(person)
}

/// Confirms the address that waits with the code that was sent to it.
///
/// # Errors
/// `mail_code_wrong` for whatever is not the code of an address that waits, or a fault.
pub fn confirm_address(service: &Service, desk: &Desk, person: &Person, code: &str) -> Result<()> {
    let wrong = || AppError::refused("mail_code_wrong", "code", "确认码不正确或已过期，请重新获取");
    let (id, now) = (person.account.id, service.now_micros());
    let digest = session::digest(&invitation::folded(code));
    let standing = service.read(|connection| mail::of(connection, &id))?.filter(|one| one.state == "asked");
    let open = |one: &Mail| now < one.code_ends_at && one.tries < TRIES_MAX;
    let standing = standing.filter(open).ok_or_else(wrong)?;
    if standing.code != Some(digest) {
        desk.act(move |writer| Ok(mail::count_wrong(writer, &id)?))?;
        return Err(wrong());
    }
    let (act, unit) = (draft(service, &person.account, true), numbered(&person.account));
    let done = desk.act(move |writer| {
        let (done, _) = writer.change(&act, |change| {
            let done = mail::confirm(change, &id, &digest)?;
            if done {
                change.number_under_unit(&unit)?;
            }
            Ok(done)
        })?;
        Ok(done)
    })?;
    if done { Ok(()) } else { Err(wrong()) }
}

/// Takes the address off; what was on its way to it is dropped. Nothing is wrong where there was none.
///
/// # Errors
/// A fault of the store.
pub fn drop_address(service: &Service, desk: &Desk, person: &Person) -> Result<()> {
    let (act, unit, id) = (draft(service, &person.account, false), numbered(&person.account), person.account.id);
    desk.act(move |writer| {
        writer.change(&act, |change| {
            let now = change.now;
            if mail::take_off(change.connection, &id, now)? {
                change.number_under_unit(&unit)?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

/// The unit under which the act is numbered: its own, and the office's for a representative.
fn numbered(account: &Account) -> String {
    if account.unit.is_empty() { PLATFORM_UNIT.to_owned() } else { account.unit.clone() }
}

fn draft(service: &Service, account: &Account, set: bool) -> Draft {
    let mut details = Map::new();
    details.insert("account".to_owned(), account.name.clone().into());
    details.insert("set".to_owned(), set.into());
    Draft {
        kind: "account_mail",
        actor: account.name.clone(),
        second: None,
        purpose: "access",
        basis: "鲁信用办〔2019〕8号 十八".to_owned(),
        reason: String::new(),
        rulebook: service.rulebook().digest,
        as_of: service.real_today(),
        batch: None,
        details,
    }
}
