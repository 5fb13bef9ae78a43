//! Kinds of notices (通知) as data: who is told of what, in which words, how long before a last day, and for how long something is
//! news. Filling the words is [`crate::notice`].
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八. That people are told, and with which words, is a setting of ours; no right hangs on it.

use crate::notice::Kind;
use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Places that the words shown to whoever has signed in may have.
pub const PLACES: [&str; 4] = ["organisation", "matter", "number", "due_on"];
/// Places that mail may have: it travels in the clear, so it knows no others.
pub const MAIL_PLACES: [&str; 2] = ["number", "page"];
/// What every notice must say of itself.
pub const NO_SERVICE: &str = "不是送达";

/// A kind of notice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeRule {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// What it is about.
    pub kind: Kind,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<NoticeVersion>,
}

/// One edition of a kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// True where it is a setting of ours, for confirmation.
    #[serde(default)]
    pub unverified: bool,
    /// Working days before a last day from which on it is told; none where it is not told before one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_working_days: Option<u32>,
    /// Days for which something is news: what is older is told to nobody.
    pub news_days: u32,
    /// Title, for whoever has signed in.
    pub title: String,
    /// Text, for whoever has signed in.
    pub text: String,
    /// Subject of the mail.
    pub mail_subject: String,
    /// Paragraphs of the mail.
    pub mail_text: Vec<String>,
}

impl NoticeRule {
    /// The edition in force on a day.
    #[must_use]
    pub fn version_on(&self, day: Date) -> Option<&NoticeVersion> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}
