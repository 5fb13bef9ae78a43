//! Mail addresses (邮箱地址): which are taken, and how they are shown.

/// The longest address, in characters.
pub const ADDRESS_MAX: usize = 254;
/// The longest part before the sign, in characters.
const LOCAL_MAX: usize = 64;
/// How long a code that confirms an address is good, in seconds.
pub const CODE_SECONDS: i64 = 1_800;
/// Wrong codes before it is good no more.
pub const TRIES_MAX: u32 = 5;
/// Codes that an account may ask for on a day: nobody's mailbox is filled through the platform.
pub const ASKS_A_DAY: u32 = 5;

/// Why an address is not taken: it must be one plain address of ASCII characters, so that no line of a message can be made by it.
#[must_use]
pub fn refuse(address: &str) -> Option<&'static str> {
    let Some((local, domain)) = address.rsplit_once('@') else { return Some("邮箱地址须含 @") };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    let dotted = |part: &str| !part.starts_with('.') && !part.ends_with('.') && !part.contains("..");
    let label = |label: &str| {
        let sound = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        !label.is_empty() && label.len() <= 63 && sound && !label.starts_with('-') && !label.ends_with('-')
    };
    match () {
        () if address.len() > ADDRESS_MAX || local.len() > LOCAL_MAX => Some("邮箱地址过长"),
        () if local.is_empty() || !local.bytes().all(plain) || !dotted(local) => Some("邮箱地址 @ 之前的部分无效"),
        () if !domain.contains('.') || !domain.split('.').all(label) => Some("邮箱地址 @ 之后须为域名"),
        () => None,
    }
}

/// An address as its holder is shown it: enough to know which it is.
#[must_use]
pub fn mask(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    format!("{}***@{domain}", local.chars().take(1).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_plain_address() {
        for good in ["a@b.example", "zhang.san+credit@mail.shandong.example", "1_2@x-y.example"] {
            assert_eq!(refuse(good), None, "{good}");
        }
        for bad in [
            "",
            "a",
            "@b.example",
            "a@",
            "a@b",
            "a b@c.example",
            "a@b.example\r\nBcc: c@d.example",
            "张@b.example",
            "a@例.example",
            "a.@b.example",
            "a@-b.example",
            "<a@b.example>",
            "a@b..example",
            "a,c@b.example",
        ] {
            assert!(refuse(bad).is_some(), "{bad:?}");
        }
        assert!(refuse(&format!("{}@b.example", "a".repeat(65))).is_some());
    }

    #[test]
    fn an_address_is_shown_so_that_its_holder_knows_it() {
        assert_eq!(mask("zhangsan@mail.example"), "z***@mail.example");
    }
}
