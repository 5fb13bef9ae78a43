//! A rule pack (规则包) as it stands in `rulebook/repair/packs/<id>.toml`: one order's classes with their periods.

use super::Regulator;
use crate::provision::Basis;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How well the text behind a rule is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sure {
    /// The legal text was read in full.
    T,
    /// An excerpt, or a summary by a named source, was read.
    E,
    /// From memory only: carries `unverified = true`.
    M,
}

/// Class of misconduct (失信类别) in the words of 信用修复管理办法 art. 七.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// 轻微
    Minor,
    /// 一般
    General,
    /// 严重
    Serious,
}

impl Class {
    /// The code, as it stands in answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::General => "general",
            Self::Serious => "serious",
        }
    }

    /// The class of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Minor, Self::General, Self::Serious].into_iter().find(|c| c.code() == code)
    }
}

/// What a pack is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackRole {
    /// Gives periods.
    #[default]
    Periods,
    /// Caps the periods of all other packs (山东省社会信用条例 art. 三十八).
    Cap,
}

/// One order's classes and where they apply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Stable id, the same as the file name.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// First day in force.
    pub effective_from: Date,
    /// Last day in force; open when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// Last day of an application that still follows this pack's procedure, where that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure_to: Option<Date>,
    /// Role.
    #[serde(default)]
    pub role: PackRole,
    /// The table of `kinds.toml` that proposes a class for a penalty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<String>,
    /// The order.
    pub basis: Vec<Basis>,
    /// Certainty of the whole.
    pub sure: Sure,
    /// True where the authors could not read the text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
    /// To which acts of which authorities it applies. None: only where a list's item names the pack.
    #[serde(default, rename = "use", skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<Use>,
    /// What a newer order changes for records that this pack rules.
    #[serde(default, rename = "transition", skip_serializing_if = "Vec::is_empty")]
    pub transitions: Vec<Transition>,
    /// Grounds of a list that choose another row than the use's.
    #[serde(default, rename = "ground", skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<Ground>,
    /// What its revocation of a granted repair does to the period; absent where the order says nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart: Option<RestartRule>,
    /// Removal from a list under it ends the publicity of the penalties on which the entry rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related: Option<RelatedRule>,
    /// Its classes.
    #[serde(rename = "class")]
    pub rows: Vec<Row>,
}

/// How a period counts anew once a granted repair is revoked for deceit (重新计算).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestartRule {
    /// Whether it may end early again.
    #[serde(default)]
    pub no_early_end: bool,
    /// The articles.
    pub basis: Vec<Basis>,
    /// Certainty.
    pub sure: Sure,
}

/// Which date chooses the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChosenBy {
    /// Day of the decision or listing.
    Decision,
    /// First public day.
    Publication,
}

/// One application of a pack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Use {
    /// Kind of act, as the data list names it; `inspection_adverse` is an inspection with an adverse result.
    pub act: String,
    /// Whose acts.
    pub regulators: Vec<Regulator>,
    /// Which date chooses.
    pub chosen_by: ChosenBy,
    /// The row that all such acts have; absent where the table of kinds or the authority decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// Last day of this use where it ends before the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Why the pack also rules what is older than itself. Such answers are unverified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach_back: Option<String>,
}

/// How a newer order changes running periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Minimum and maximum are each the shorter of old and new, once the authority has stated a class that the new
    /// pack knows: a burden never grows.
    NewIfShorter,
    /// The newer pack replaces the older.
    Newer,
}

/// The rule between an order and its successor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// Kinds of act.
    pub acts: Vec<String>,
    /// Whose acts.
    pub regulators: Vec<Regulator>,
    /// Successor pack.
    pub to: String,
    /// First day (today) from which it applies.
    pub applies_from: Date,
    /// The rule.
    pub rule: Change,
    /// The rule in Chinese; every answer that used it shows it.
    pub note: String,
    /// Its basis: a setting of this project where no order speaks.
    pub basis: Vec<Basis>,
}

/// A ground of listing that chooses a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// Phrases of which the ground holds one.
    pub contains: Vec<String>,
    /// The row.
    pub row: String,
}

/// From which event a period counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// Day of the deciding document (认定之日).
    Decision,
    /// First public day (公示之日).
    Publication,
    /// Day of listing (列入之日).
    Listing,
    /// End of the misconduct (失信行为终止之日).
    MisconductEnd,
    /// The day on which the wrong was put right and all duties were done.
    Correction,
}

/// Whether a class is shown at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Showing {
    /// Public.
    #[default]
    Public,
    /// Public only where the sector's authority finds it necessary.
    OnSectorOrder,
    /// Never public.
    Never,
}

/// What the removal of an entry does to the penalties on which it rests (市场监督管理信用修复管理办法 art. 十三): their publicity ends with it, but
/// for those whose own period the order rules otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelatedRule {
    /// The law.
    pub basis: Vec<Basis>,
    /// Certainty.
    pub sure: Sure,
}

/// How publicity may end before its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// On application, after the minimum.
    Application,
    /// It stops by itself; nobody applies.
    Automatic,
    /// The owner of the list decides; the platform mirrors it.
    Owner,
    /// Not at all.
    Barred,
    /// Nothing adverse: there is nothing to repair.
    None,
}

/// What a term that a penalty or list entry carries does to the periods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// No early end before it ends; the maximum stands.
    #[default]
    Bars,
    /// Minimum and maximum last at least as long as the term.
    Extends,
    /// The term is the period, up to [`Row::own_term_max_months`].
    Own,
}

/// A class of a pack: a row of the table of periods. Months count as 民法典 art. 二百零二 says, `WD` are working days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Code, unique in the pack.
    pub code: String,
    /// The class in the words of Order 36; absent where the order knows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    /// Chinese name.
    pub name: String,
    /// Rank within the pack: of several kinds in one decision the highest prevails.
    pub severity: u8,
    /// Kind of act that has this class; `penalty` when absent.
    #[serde(default = "penalty")]
    pub act: String,
    /// Event from which minimum and maximum count.
    pub start: Start,
    /// Event from which the minimum counts where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_start: Option<Start>,
    /// Shortest publicity in months; 0: repair as soon as the duties are done; absent: no repair on application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_months: Option<u32>,
    /// Longest publicity in months; 0: not public; absent: [`Row::open_until`] says what ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_months: Option<u32>,
    /// What ends publicity where no date does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_until: Option<String>,
    /// Whether it is shown.
    #[serde(default)]
    pub publicity: Showing,
    /// Early end.
    pub repair: Repair,
    /// Why there is no repair on application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair_reason: Option<String>,
    /// Effect of a term.
    #[serde(default)]
    pub term: Term,
    /// Longest term in months that is believed where the term is the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_term_max_months: Option<u32>,
    /// Whether the five years of 山东省社会信用条例 art. 三十八 cap it.
    #[serde(default = "yes")]
    pub capped: bool,
    /// WD from the application to acceptance or refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_working_days: Option<u32>,
    /// WD from acceptance to the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decide_working_days: Option<u32>,
    /// WD more for complex cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decide_extension_working_days: Option<u32>,
    /// WD from the decision to the end of publicity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_working_days: Option<u32>,
    /// WD more until the systems that copy have followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_sync_working_days: Option<u32>,
    /// WD more when another province decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_province_working_days: Option<u32>,
    /// WD from the end of the maximum to the end of publicity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_working_days: Option<u32>,
    /// When publicity ends after the decision where the order gives no number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_text: Option<String>,
    /// Conditions of repair as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
    /// The articles.
    pub basis: Vec<Basis>,
    /// Certainty.
    pub sure: Sure,
    /// True where a number is known from memory only, or is a setting of this project.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

fn penalty() -> String {
    "penalty".to_owned()
}

const fn yes() -> bool {
    true
}

impl Pack {
    /// The row of a code.
    #[must_use]
    pub fn row(&self, code: &str) -> Option<&Row> {
        self.rows.iter().find(|r| r.code == code)
    }

    /// The row that a ground of listing names.
    pub(super) fn row_of_ground(&self, text: &str) -> Option<&Row> {
        let ground = self.grounds.iter().find(|g| g.contains.iter().any(|phrase| text.contains(phrase.as_str())))?;
        self.row(&ground.row)
    }

    /// The transition that applies to an act on a day.
    pub(super) fn transition(&self, act: &str, regulator: Regulator, as_of: Date) -> Option<&Transition> {
        self.transitions
            .iter()
            .find(|t| t.applies_from <= as_of && t.regulators.contains(&regulator) && t.acts.iter().any(|a| a == act))
    }

    /// The next transition that will shorten the period of an act and does not apply yet.
    pub(super) fn coming(&self, act: &str, regulator: Regulator, as_of: Date) -> Option<&Transition> {
        let concerns = |t: &&Transition| t.regulators.contains(&regulator) && t.acts.iter().any(|a| a == act);
        let later = self.transitions.iter().filter(|t| as_of < t.applies_from && t.rule == Change::NewIfShorter);
        later.filter(concerns).min_by_key(|t| t.applies_from)
    }
}
