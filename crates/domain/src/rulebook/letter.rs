//! Templates of letters (文书模板) as data: what a letter of a kind must say, and with which words.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十二 (grounds, basis, consequences and rights are told beforehand; a decision states its
//! reasons, exits and remedies). A place in braces is filled from the case; filling it is [`crate::listing::letter`].

use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a letter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// 事先告知书
    PriorNotice,
    /// 列入决定书
    Decision,
    /// 不予列入决定书
    NoListing,
    /// 移出决定书
    Removal,
    /// 约谈通知书
    TalkNotice,
    /// 听证通知书
    HearingNotice,
    /// 责任人员事先告知书
    OfficerNotice,
    /// 责任人员决定书
    OfficerDecision,
    /// 不予追究责任人员决定书
    OfficerDismissal,
    /// 准予信用修复决定书
    RepairGrant,
    /// 不予信用修复（不予受理）告知书
    RepairRefusal,
    /// 撤销信用修复决定书
    RepairRevocation,
    /// 撤销信用修复事先告知书
    RepairRevocationNotice,
    /// 终止撤销信用修复程序告知书
    RepairRevocationDropped,
    /// 重整、和解期间临时屏蔽告知书
    RepairShield,
    /// 恢复公示告知书
    RepairRestoration,
    /// 异议、投诉处理结果告知书
    ObjectionResult,
    /// 异议、投诉复核决定书
    ObjectionAppeal,
}

impl LetterKind {
    /// All kinds.
    pub const ALL: [Self; 18] = [
        Self::PriorNotice,
        Self::Decision,
        Self::NoListing,
        Self::Removal,
        Self::TalkNotice,
        Self::HearingNotice,
        Self::OfficerNotice,
        Self::OfficerDecision,
        Self::OfficerDismissal,
        Self::RepairGrant,
        Self::RepairRefusal,
        Self::RepairRevocation,
        Self::RepairRevocationNotice,
        Self::RepairRevocationDropped,
        Self::RepairShield,
        Self::RepairRestoration,
        Self::ObjectionResult,
        Self::ObjectionAppeal,
    ];

    /// Its code, and the code of its template.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PriorNotice => "prior_notice",
            Self::Decision => "decision",
            Self::NoListing => "no_listing",
            Self::Removal => "removal",
            Self::TalkNotice => "talk_notice",
            Self::HearingNotice => "hearing_notice",
            Self::OfficerNotice => "officer_notice",
            Self::OfficerDecision => "officer_decision",
            Self::OfficerDismissal => "officer_dismissal",
            Self::RepairGrant => "repair_grant",
            Self::RepairRefusal => "repair_refusal",
            Self::RepairRevocation => "repair_revocation",
            Self::RepairRevocationNotice => "repair_revocation_notice",
            Self::RepairRevocationDropped => "repair_revocation_dropped",
            Self::RepairShield => "repair_shield",
            Self::RepairRestoration => "repair_restoration",
            Self::ObjectionResult => "objection_result",
            Self::ObjectionAppeal => "objection_appeal",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Places that a letter of this kind must have: without them it does not say what the law asks.
    #[must_use]
    pub const fn required(self) -> &'static [&'static str] {
        match self {
            Self::PriorNotice => &["facts", "criterion", "bases", "basis", "possible_measures", "term", "answer_days"],
            Self::Decision => &[
                "facts",
                "criterion",
                "bases",
                "basis",
                "nature",
                "circumstances",
                "harm",
                "measures",
                "term",
                "exits",
                "objection",
                "remedies",
                "served_on",
            ],
            Self::NoListing => &["criterion", "reason"],
            Self::Removal => &["listing_number", "listed_on", "removed_on", "cause", "measures"],
            Self::TalkNotice => &["facts", "talk", "talk_on", "place"],
            Self::HearingNotice => &["criterion", "asked_on", "hearing_on", "hearing_time", "place", "presided_by"],
            Self::OfficerNotice => &[
                "person",
                "role",
                "list",
                "listing_number",
                "conduct",
                "facts",
                "ground",
                "consequence",
                "term",
                "keeper",
                "answer_days",
            ],
            Self::OfficerDecision => &[
                "person",
                "role",
                "list",
                "listing_number",
                "conduct",
                "facts",
                "ground",
                "consequence",
                "term",
                "keeper",
                "reason",
                "served_on",
                "answers",
                "remedies",
            ],
            Self::OfficerDismissal => &["person", "role", "listing_number", "reason"],
            Self::RepairGrant => &["document", "applied_on", "findings", "conditions"],
            Self::RepairRefusal => &["document", "applied_on", "reason", "remedies"],
            Self::RepairRevocation => &["document", "fault", "facts", "sanction_through", "barred_through", "remedies"],
            Self::RepairRevocationNotice => &[
                "document",
                "facts",
                "fault",
                "basis",
                "taken_back",
                "sanction_term",
                "bar_term",
                "answer_days",
                "stands",
            ],
            Self::RepairRevocationDropped => &["document", "notice", "reason"],
            Self::RepairShield => &["document", "applied_on", "plan", "ruling", "findings", "kept"],
            Self::RepairRestoration => &["document", "plan", "ruling", "reason", "remedies"],
            Self::ObjectionResult | Self::ObjectionAppeal => {
                &["matter", "record", "received_on", "result", "done", "reason", "remedies"]
            }
        }
    }

    /// Words without which a letter of this kind tells less than the law asks, with the rights behind them.
    #[must_use]
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::PriorNotice => &["陈述", "申辩", "听证"],
            Self::HearingNotice => &["申请回避", "委托一至二人代理", "视为放弃听证权利"],
            Self::RepairRevocationNotice => &["陈述", "申辩"],
            Self::OfficerNotice => &["陈述", "申辩", "不公开"],
            Self::OfficerDecision => &["不公开", "随名单终止"],
            Self::RepairGrant => &["停止公示"],
            Self::RepairRefusal => &["异议"],
            Self::RepairShield => &["临时屏蔽", "恢复"],
            Self::RepairRestoration => &["恢复公示"],
            Self::Decision
            | Self::OfficerDismissal
            | Self::NoListing
            | Self::Removal
            | Self::TalkNotice
            | Self::RepairRevocation
            | Self::RepairRevocationDropped
            | Self::ObjectionResult
            | Self::ObjectionAppeal => &[],
        }
    }

    /// Places that a letter of this kind may have besides [`COMMON`] and the required ones.
    #[must_use]
    pub const fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::Decision => &["answers", "service_mode", "listed_on"],
            Self::NoListing => &["answers"],
            Self::HearingNotice => &["facts"],
            Self::OfficerDecision => &["service_mode"],
            Self::OfficerDismissal => &["answers"],
            Self::RepairRevocation => &["applied_on", "period", "notice", "served_on", "answers", "reason"],
            Self::RepairGrant => &["related"],
            Self::RepairRevocationNotice => &["applied_on"],
            Self::RepairRevocationDropped => &["applied_on", "answers"],
            Self::RepairRestoration => &["applied_on"],
            Self::PriorNotice
            | Self::OfficerNotice
            | Self::Removal
            | Self::TalkNotice
            | Self::RepairRefusal
            | Self::RepairShield
            | Self::ObjectionResult
            | Self::ObjectionAppeal => &[],
        }
    }
}

/// Places that every letter may have.
pub const COMMON: [&str; 7] = ["unit", "organisation", "uscc", "list", "date", "year", "serial"];

/// A template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// What it is for.
    pub kind: LetterKind,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<TemplateVersion>,
}

/// One edition of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// How its number is written; holds `{year}` and `{serial}`.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

impl Template {
    /// The edition in force on a day.
    #[must_use]
    pub fn version_on(&self, day: Date) -> Option<&TemplateVersion> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}

impl TemplateVersion {
    /// Every text of it.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        [self.number.as_str(), self.title.as_str()].into_iter().chain(self.paragraphs.iter().map(String::as_str))
    }
}

/// The places in braces of a text, in order; none where a brace is left open.
#[must_use]
pub fn places(text: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (place, beyond) = after.split_once('}')?;
        if before.contains('}') || place.contains('{') {
            return None;
        }
        found.push(place);
        rest = beyond;
    }
    (!rest.contains('}')).then_some(found)
}
