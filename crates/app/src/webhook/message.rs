//! Messages on their way: signed, with an id and a time, over a courier that goes only where it may. A first message asks the
//! receiver whether it wants any: it must give back what only this message says.

use super::key;
use crate::log::{Reach, courier};
use crate::{AppError, Result, Service};
use credence_courier::{Answer, Courier, CourierError};
use credence_domain::canonical::hex;
use credence_domain::webhook::refuse_url;
use credence_ledger::MessageSigner;
use credence_store::clock::whole_seconds;
use serde_json::{Value, json};

/// Brings messages.
#[derive(Clone, Debug)]
pub struct Messenger {
    courier: Courier,
}

impl Messenger {
    /// A messenger with this reach.
    ///
    /// # Errors
    /// `bad_parameter` when the certificates named in `CREDENCE_CA` cannot be read.
    pub fn new(reach: Reach) -> Result<Self> {
        Ok(Self { courier: courier(reach)? })
    }

    /// Whether anything would be brought to an address.
    ///
    /// # Errors
    /// `webhook_url` with the reason.
    pub fn judge(&self, url: &str) -> Result<()> {
        let bad = |why: String| AppError::refused("webhook_url", "url", why);
        if let Some(why) = refuse_url(url) {
            return Err(bad(format!("{why}，请核对")));
        }
        self.courier
            .judge(url)
            .map_err(|_| bad("只向公网地址以 https 推送；内网地址或 http 须由运维人员明确放开".to_owned()))
    }

    /// Brings one message.
    pub(super) fn bring(
        &self,
        signers: &[MessageSigner],
        url: &str,
        (id, at): (&str, i64),
        body: &[u8],
    ) -> std::result::Result<Answer, CourierError> {
        let seconds = i64::try_from(whole_seconds(at)).unwrap_or(i64::MAX);
        let signatures: Vec<String> = signers.iter().map(|signer| signer.sign(id, seconds, body)).collect();
        let (seconds, signatures) = (seconds.to_string(), signatures.join(" "));
        let headers = [
            ("content-type", "application/json"),
            ("webhook-id", id),
            ("webhook-timestamp", seconds.as_str()),
            ("webhook-signature", signatures.as_str()),
        ];
        self.courier.post(url, &headers, body)
    }

    /// Asks a receiver whether it wants what a subscription brings: it answers 2xx with the challenge, as its whole body or as the
    /// member `challenge` of a JSON object.
    ///
    /// # Errors
    /// `webhook_not_proven` with what was wrong, `webhook_key_gone`, or a fault.
    pub(super) fn prove(&self, service: &Service, webhook: &str, url: &str, chance: [u8; 32]) -> Result<()> {
        self.judge(url)?;
        let signers = key::signers(service)?;
        let (id, challenge) = chance.split_at(16);
        let (id, challenge) = (format!("msg_{}", hex(id)), hex(challenge));
        let body = json!({ "type": "ping", "webhook": webhook, "challenge": challenge }).to_string();
        let not = |why: String| Err(AppError::refused("webhook_not_proven", "url", why));
        match self.bring(&signers, url, (&id, service.now_micros()), body.as_bytes()) {
            Ok(answer) if !(200..300).contains(&answer.status) => {
                not(format!("接收方对验证请求答复 {}，应答复2xx并原样返回 challenge", answer.status))
            }
            Ok(answer) if gives_back(&answer.body, &challenge) => Ok(()),
            Ok(_) => not("接收方没有在答复中原样返回 challenge，请按接口文档处理 type 为 ping 的请求".to_owned()),
            Err(error) => {
                tracing::debug!(%error, webhook, "a receiver was not proven");
                not("接收方没有答复，或其地址不允许推送，请核对地址、域名解析和证书".to_owned())
            }
        }
    }
}

fn gives_back(body: &[u8], challenge: &str) -> bool {
    let text = String::from_utf8_lossy(body);
    if text.trim() == challenge {
        return true;
    }
    let said: Value = serde_json::from_str(&text).unwrap_or_default();
    said.get("challenge").and_then(Value::as_str) == Some(challenge)
}

#[cfg(test)]
mod tests {
    use super::gives_back;

    #[test]
    fn only_the_challenge_itself_is_a_proof() {
        assert!(gives_back(b"abc\n", "abc") && gives_back(br#"{"challenge":"abc","ok":true}"#, "abc"));
        for other in ["", "ok", "abcd", r#"{"challenge":"abcd"}"#, r#"["abc"]"#, r#"{"type":"ping","text":"abc"}"#] {
            assert!(!gives_back(other.as_bytes(), "abc"), "{other}");
        }
    }
}
