//! Notices (通知): that something about a case can be looked at, told to those who may see the case. A notice says which case and
//! what kind of thing, and nothing of what the case says; by mail not even what kind of case it is.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八 (主体权益保护). A notice is never service (送达): no period runs from it, and whoever has none
//! has lost nothing. The kinds and their words are the rulebook's ([`crate::rulebook::notice`]); which clocks of a case are near
//! or over is [`clock`]. Deliberately not here: which letters and cases there are, who has an account, and how mail travels.

pub mod address;
pub mod clock;

pub use clock::{Clock, Whose};

use crate::rulebook::notice::NoticeVersion;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A letter was made that the organisation may see.
    LetterMade,
    /// Papers of a repair are to be supplemented.
    SupplementAsked,
    /// A measure has begun.
    MeasureBegun,
    /// A measure has ended.
    MeasureEnded,
    /// A last day of the organisation's own comes near.
    DeadlineNear,
    /// A last day of the organisation's own is over.
    DeadlinePassed,
    /// A case of the unit comes near its due day.
    CaseNear,
    /// A case of the unit is late.
    CaseLate,
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The representatives of the organisation.
    Organisation,
    /// The staff of the unit that has to act.
    Unit,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::LetterMade,
        Self::SupplementAsked,
        Self::MeasureBegun,
        Self::MeasureEnded,
        Self::DeadlineNear,
        Self::DeadlinePassed,
        Self::CaseNear,
        Self::CaseLate,
    ];

    /// Its code, and the code of its rule.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::LetterMade => "letter_made",
            Self::SupplementAsked => "supplement_asked",
            Self::MeasureBegun => "measure_begun",
            Self::MeasureEnded => "measure_ended",
            Self::DeadlineNear => "deadline_near",
            Self::DeadlinePassed => "deadline_passed",
            Self::CaseNear => "case_near",
            Self::CaseLate => "case_late",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Who is told.
    #[must_use]
    pub const fn audience(self) -> Audience {
        match self {
            Self::LetterMade
            | Self::SupplementAsked
            | Self::MeasureBegun
            | Self::MeasureEnded
            | Self::DeadlineNear
            | Self::DeadlinePassed => Audience::Organisation,
            Self::CaseNear | Self::CaseLate => Audience::Unit,
        }
    }

    /// Whether it is told before a last day: then the rulebook says how long before.
    #[must_use]
    pub const fn has_lead(self) -> bool {
        matches!(self, Self::DeadlineNear | Self::CaseNear)
    }

    /// Whether it is about a last day.
    #[must_use]
    pub const fn has_day(self) -> bool {
        matches!(self, Self::DeadlineNear | Self::DeadlinePassed | Self::CaseNear | Self::CaseLate)
    }
}

/// Which kind of case it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// 名单案件
    Listing,
    /// 责任人员事项
    Officer,
    /// 惩戒措施
    Measure,
    /// 信用修复
    Repair,
    /// 异议、投诉和申辩
    Objection,
}

impl Matter {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Listing, Self::Officer, Self::Measure, Self::Repair, Self::Objection];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Listing => "listing",
            Self::Officer => "officer",
            Self::Measure => "measure",
            Self::Repair => "repair",
            Self::Objection => "objection",
        }
    }

    /// The matter of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|matter| matter.code() == code)
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listing => "名单案件",
            Self::Officer => "责任人员事项",
            Self::Measure => "惩戒措施",
            Self::Repair => "信用修复",
            Self::Objection => "异议、投诉和申辩",
        }
    }

    /// The matter of a letter, by its kind.
    #[must_use]
    pub fn of_letter(kind: &str) -> Self {
        match kind.split('_').next().unwrap_or_default() {
            "officer" => Self::Officer,
            "repair" => Self::Repair,
            "objection" => Self::Objection,
            _ => Self::Listing,
        }
    }

    /// The page of a case, for whoever has signed in.
    #[must_use]
    pub fn page(self, number: &str) -> String {
        let room = match self {
            Self::Listing => "listings",
            Self::Officer => "officers",
            Self::Measure => "measures",
            Self::Repair => "repairs",
            Self::Objection => "objections",
        };
        format!("/workbench/{room}/{number}")
    }
}

/// What the words of a notice are filled with.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'f> {
    /// Name of the organisation.
    pub organisation: &'f str,
    /// Which kind of case.
    pub matter: Matter,
    /// Number of the case.
    pub number: &'f str,
    /// The last day, in words; empty where there is none.
    pub due_on: &'f str,
}

/// A notice in words, for whoever has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
}

/// A notice as it travels in the clear: it knows the number of a case and the page to sign in at, and has no place for more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Subject.
    pub subject: String,
    /// Paragraphs, joined by line breaks.
    pub text: String,
}

/// A notice in the words of a version.
#[must_use]
pub fn words(rule: &NoticeVersion, facts: &Facts<'_>) -> Words {
    let places = BTreeMap::from([
        ("organisation", facts.organisation),
        ("matter", facts.matter.name()),
        ("number", facts.number),
        ("due_on", facts.due_on),
    ]);
    Words { title: fill(&rule.title, &places), text: fill(&rule.text, &places) }
}

/// A notice as mail: from the number of the case and the address of the page, and from nothing else.
#[must_use]
pub fn letter(rule: &NoticeVersion, number: &str, page: &str) -> Letter {
    let places = BTreeMap::from([("number", number), ("page", page)]);
    let paragraphs: Vec<String> = rule.mail_text.iter().map(|text| fill(text, &places)).collect();
    Letter { subject: fill(&rule.mail_subject, &places), text: paragraphs.join("\n") }
}

/// Fills the places of a text; the linter has seen to it that there are no others.
fn fill(text: &str, places: &BTreeMap<&str, &str>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (place, beyond) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(places.get(place).copied().unwrap_or_default());
        rest = beyond;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_and_matter_is_found_by_its_code_and_a_letter_by_its_room() {
        assert!(Kind::ALL.into_iter().all(|kind| Kind::from_code(kind.code()) == Some(kind)));
        assert!(Matter::ALL.into_iter().all(|matter| Matter::from_code(matter.code()) == Some(matter)));
        assert!(Kind::ALL.into_iter().filter(|kind| kind.has_lead()).all(Kind::has_day));
        let of = |kind: crate::rulebook::letter::LetterKind| Matter::of_letter(kind.code());
        for kind in crate::rulebook::letter::LetterKind::ALL {
            let expected = match kind.code() {
                code if code.starts_with("officer") => Matter::Officer,
                code if code.starts_with("repair") => Matter::Repair,
                code if code.starts_with("objection") => Matter::Objection,
                _ => Matter::Listing,
            };
            assert_eq!(of(kind), expected);
        }
    }

    #[test]
    fn places_are_filled_and_unknown_ones_say_nothing() {
        let places = BTreeMap::from([("number", "甲1")]);
        assert_eq!(fill("案号{number}：{other}。", &places), "案号甲1：。");
    }
}
