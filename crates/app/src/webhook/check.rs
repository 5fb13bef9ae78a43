//! The receiver's side: whether a message is one of ours, of now, and not seen before. For receivers in Rust, for
//! `credence webhook check`, and as the plain statement of what any receiver has to do.

use crate::{AppError, Result};
use credence_domain::webhook::{TOLERANCE_SECONDS, Untimely, judge_time};
use credence_ledger::MessageKey;
use credence_store::secret::private;
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// For how long a message's id is remembered, in seconds: longer than one is tried.
const REMEMBERS_SECONDS: i64 = 5 * 86_400;

/// A message as it came.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The header `webhook-id`.
    pub id: &'a str,
    /// The header `webhook-timestamp`.
    pub timestamp: &'a str,
    /// The header `webhook-signature`.
    pub signature: &'a str,
    /// The body, to the byte.
    pub body: &'a [u8],
}

/// A message that is believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Its id.
    pub id: String,
    /// When it was sent, in seconds since 1970.
    pub sent: i64,
    /// `changes` or `ping`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The subscription.
    pub webhook: String,
    /// The position behind which it begins: that of the message before.
    pub after: Option<i64>,
    /// The position through which it tells.
    pub position: Option<i64>,
    /// Records that it names.
    pub named: usize,
    /// Records that it says are public no longer.
    pub gone: usize,
    /// Tasks that it tells of.
    pub tasks: usize,
}

/// Which messages were seen.
pub trait Seen {
    /// Remembers a message sent at a second, at a second; false when it was seen before.
    ///
    /// # Errors
    /// When it cannot be remembered: then the message is not believed.
    fn remember(&mut self, id: &str, sent: i64, now: i64) -> Result<bool>;
}

/// A file with a line for each message: its id and when it was sent.
impl Seen for PathBuf {
    fn remember(&mut self, id: &str, sent: i64, now: i64) -> Result<bool> {
        remember(self, id, sent, now)
    }
}

fn remember(file: &Path, id: &str, sent: i64, now: i64) -> Result<bool> {
    if !file.exists() {
        private::write_new(file, "")?;
    }
    // Looking up and writing down are one step, for another process too.
    let mut lock = file.as_os_str().to_owned();
    lock.push(".lock");
    let lock = PathBuf::from(lock);
    if !lock.exists() {
        match private::write_new(&lock, "") {
            Err(credence_store::StoreError::Io(error)) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            made => made?,
        }
    }
    let _held = private::hold(&lock)?;
    let text = std::fs::read_to_string(file)?;
    let known: Vec<(&str, i64)> = text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(id, sent)| Some((id, sent.parse::<i64>().ok()?)))
        .filter(|(_, sent)| now.saturating_sub(*sent) <= REMEMBERS_SECONDS)
        .collect();
    if known.iter().any(|(known, _)| *known == id) {
        return Ok(false);
    }
    let lines = known.into_iter().chain([(id, sent)]).map(|(id, sent)| format!("{id} {sent}\n"));
    private::replace(file, &lines.collect::<String>())?;
    Ok(true)
}

/// Checks a message: its signature under one of the keys, its time within the tolerance (five minutes where none is given), and
/// that it was not seen before.
///
/// # Errors
/// `webhook_invalid`, `webhook_untimely`, `webhook_repeated`, or io.
pub fn check(
    received: Received<'_>,
    keys: &[MessageKey],
    (now, tolerance): (i64, Option<i64>),
    seen: Option<&mut dyn Seen>,
) -> Result<Checked> {
    let invalid = |why: &str| AppError::refused("webhook_invalid", "", why);
    let Received { id, timestamp, signature, body } = received;
    if id.is_empty() || id.len() > 100 || !id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')) {
        return Err(invalid("缺少 webhook-id，或其形式有误"));
    }
    let sent: i64 = timestamp.trim().parse().map_err(|_| invalid("缺少 webhook-timestamp，或不是秒数"))?;
    if !keys.iter().any(|key| key.fits(signature.trim(), id, sent, body)) {
        return Err(invalid("签名不符：不是本平台发出的内容，或内容、标识、时间被改动过，或公钥已更换"));
    }
    let tolerance = tolerance.unwrap_or(TOLERANCE_SECONDS);
    judge_time(sent, now, tolerance).map_err(|untimely| {
        let text = match untimely {
            Untimely::Old => format!("发出时间早于允许的{tolerance}秒，可能是重放，不予接受"),
            Untimely::Future => format!("发出时间晚于当前超过{tolerance}秒，请核对时钟"),
        };
        AppError::refused("webhook_untimely", "", text)
    })?;
    let said: Value = serde_json::from_slice(body).map_err(|_| invalid("正文不是JSON"))?;
    if let Some(seen) = seen
        && !seen.remember(id, sent, now)?
    {
        return Err(AppError::refused("webhook_repeated", "", "该消息此前已收到，答复2xx即可，不再处理"));
    }
    let text = |key: &str| said.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let changes = said.get("changes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let gone = changes.iter().filter(|change| change.get("gone").is_some()).count();
    Ok(Checked {
        id: id.to_owned(),
        sent,
        kind: text("type"),
        webhook: text("webhook"),
        after: said.get("after").and_then(Value::as_i64),
        position: said.get("position").and_then(Value::as_i64),
        named: changes.len() - gone,
        gone,
        tasks: said.get("tasks").and_then(Value::as_array).map_or(0, Vec::len),
    })
}
