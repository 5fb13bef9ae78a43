//! Webhooks (推送订阅): changes that are brought to whoever asked for them. Here is how a subscription stands, how long a
//! delivery is tried, and what a receiver may believe.
//!
//! Serves 鲁信用办〔2019〕8号 arts. 五, 七 (信息共享). The numbers are technical, like those of a protocol: they decide nothing
//! about an organisation.

use std::fmt;

/// The longest address, in characters.
pub const URL_MAX: usize = 2_000;
/// Subscriptions of one unit.
pub const PER_UNIT_MAX: usize = 20;
/// Attempts at one delivery: over three days, so that a weekend passes.
pub const TRIES_MAX: u32 = 20;
/// How far the clocks of sender and receiver may differ, in seconds: what is older is refused as a replay.
pub const TOLERANCE_SECONDS: i64 = 300;
/// Before the second attempt, in seconds.
const FIRST_WAIT_SECONDS: u32 = 5;
/// Each wait is so many times the one before.
const GROWS_BY: u32 = 3;
/// The longest wait, in seconds: six hours.
const LONGEST_WAIT_SECONDS: u32 = 6 * 3_600;

/// How a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Changes are brought (推送中).
    Active,
    /// Nothing is brought until it is resumed (已暂停).
    Paused,
    /// It is over (已终止).
    Ended,
}

impl State {
    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            State::Active => "active",
            State::Paused => "paused",
            State::Ended => "ended",
        }
    }

    /// The state with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [State::Active, State::Paused, State::Ended].into_iter().find(|state| state.code() == code)
    }

    /// Its Chinese name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Active => "推送中",
            State::Paused => "已暂停",
            State::Ended => "已终止",
        }
    }

    /// Whether it can become another one: what is over stays so.
    #[must_use]
    pub fn may_become(self, next: State) -> bool {
        self != State::Ended && self != next
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Why a subscription is paused or over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// Its holder or the office wants it so.
    Asked,
    /// The receiver did not acknowledge a delivery for days: it lies as a dead letter.
    Unanswered,
    /// The key or account that made it opens nothing any more.
    MakerGone,
    /// It stands before what can still be told, or other items are public now: a daily file is needed.
    TooLate,
    /// The log does not reach its position: the register was rolled back.
    Ahead,
    /// The receiver says that it is gone for good (410).
    ReceiverGone,
}

impl Halt {
    /// Every reason.
    pub const ALL: [Halt; 6] =
        [Halt::Asked, Halt::Unanswered, Halt::MakerGone, Halt::TooLate, Halt::Ahead, Halt::ReceiverGone];

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Halt::Asked => "asked",
            Halt::Unanswered => "unanswered",
            Halt::MakerGone => "maker_gone",
            Halt::TooLate => "too_late",
            Halt::Ahead => "ahead",
            Halt::ReceiverGone => "receiver_gone",
        }
    }

    /// The reason with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Halt::ALL.into_iter().find(|halt| halt.code() == code)
    }

    /// What people are told, with what to do.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Halt::Asked => "经办人停用",
            Halt::Unanswered => "接收方多日未确认，未送达的一批已列为死信；接收方恢复后可从原位置继续",
            Halt::MakerGone => "设立订阅的密钥或账户已失效，请由本单位其他人恢复",
            Halt::TooLate => "续推位置已超过保留期限，或此后公开事项有调整；请下载当日数据文件后从其位置恢复",
            Halt::Ahead => "日志未达到续推位置（可能已被恢复到较早状态）；请下载当日数据文件后从其位置恢复",
            Halt::ReceiverGone => "接收方答复不再接收（410）",
        }
    }
}

/// How long to wait after an attempt that failed, in seconds: longer each time up to six hours, and a quarter more or less by
/// chance, so that those who failed together do not come back together.
#[must_use]
pub fn wait_seconds(tries: u32, chance: u8) -> u32 {
    let steps = tries.saturating_sub(1).min(16);
    let whole = FIRST_WAIT_SECONDS.saturating_mul(GROWS_BY.saturating_pow(steps)).min(LONGEST_WAIT_SECONDS);
    whole - whole / 4 + whole / 2 * u32::from(chance) / 255
}

/// Why an address cannot be one to which changes are brought; where it leads is judged when it is used.
#[must_use]
pub fn refuse_url(url: &str) -> Option<&'static str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else { return Some("地址应以 https:// 开头") };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    match () {
        () if url.len() > URL_MAX => Some("地址过长"),
        () if !url.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`')) => {
            Some("地址只能含可见的ASCII字符，其他字符请用百分号编码")
        }
        () if host.is_empty() => Some("地址没有主机名"),
        () if host.contains('@') => Some("地址中不得含用户名或密码"),
        () if rest.contains('#') => Some("地址中不得含 #"),
        () => None,
    }
}

/// The scheme and host of an address: what others than its holder are shown.
#[must_use]
pub fn host_of(url: &str) -> &str {
    let begin = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(begin..).unwrap_or_default();
    let end = rest.find(['/', '?']).map_or(url.len(), |at| begin + at);
    url.get(..end).unwrap_or_default()
}

/// Why a message is not believed because of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untimely {
    /// Sent too long ago: somebody may be sending it again.
    Old,
    /// Sent in the future.
    Future,
}

/// Whether a message of an instant is believed now, both in seconds since 1970.
///
/// # Errors
/// Why it is not.
pub fn judge_time(sent: i64, now: i64, tolerance_seconds: i64) -> Result<(), Untimely> {
    if now.saturating_sub(sent) > tolerance_seconds {
        Err(Untimely::Old)
    } else if sent.saturating_sub(now) > tolerance_seconds {
        Err(Untimely::Future)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_last_over_a_weekend() {
        let least: Vec<u32> = (1..=TRIES_MAX).map(|tries| wait_seconds(tries, 0)).collect();
        let most: Vec<u32> = (1..=TRIES_MAX).map(|tries| wait_seconds(tries, 255)).collect();
        assert_eq!((least[0], most[0], least[1]), (4, 6, 12));
        assert!(least.windows(2).all(|pair| pair[0] <= pair[1]) && most.last() == Some(&27_000));
        assert!(least.iter().zip(&most).all(|(least, most)| least < most));
        // The last wait is not waited for any more.
        let shortest: u32 = least[..least.len() - 1].iter().sum();
        assert!(shortest > 2 * 86_400, "{shortest}");
        assert_eq!(wait_seconds(u32::MAX, 255), 27_000);
    }

    #[test]
    fn what_is_over_stays_so() {
        assert!(State::Active.may_become(State::Paused) && State::Paused.may_become(State::Active));
        assert!(!State::Active.may_become(State::Active) && !State::Ended.may_become(State::Active));
        for state in [State::Active, State::Paused, State::Ended] {
            assert_eq!(State::from_code(state.code()), Some(state));
        }
        for halt in Halt::ALL {
            assert_eq!(Halt::from_code(halt.code()), Some(halt));
        }
    }

    #[test]
    fn an_address_carries_no_password_and_shows_its_host_alone() {
        for good in
            ["https://a.example/in?k=1", "https://[2001:db8::1]:8443/", "http://10.0.0.1/x", "https://a.example"]
        {
            assert_eq!(refuse_url(good), None, "{good}");
        }
        for bad in [
            "",
            "ftp://a",
            "https://",
            "https://u:p@a.example/",
            "https://a.example/#x",
            "https://云.example/",
            "https:///x",
        ] {
            assert!(refuse_url(bad).is_some(), "{bad}");
        }
        assert_eq!(host_of("https://a.example:8443/in?token=1"), "https://a.example:8443");
        assert_eq!([host_of("https://a.example?x"), host_of("")], ["https://a.example", ""]);
    }

    #[test]
    fn a_message_is_believed_within_the_tolerance_alone() {
        assert_eq!(judge_time(1_000, 1_300, 300), Ok(()));
        assert_eq!(judge_time(1_000, 1_301, 300), Err(Untimely::Old));
        assert_eq!(judge_time(1_300, 1_000, 300), Ok(()));
        assert_eq!(judge_time(1_301, 1_000, 300), Err(Untimely::Future));
    }
}
