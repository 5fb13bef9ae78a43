//! How a document reaches a party (送达), and the remedies at law, as data.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十二 and 行政处罚法 art. 六十一. Whether a document was served is [`crate::listing`].

use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Everything of the room; editions from before it say nothing, and nothing can be served under them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Procedure {
    /// Ways of service.
    pub service: Option<ServiceModes>,
    /// Remedies at law.
    pub remedy: Option<Remedies>,
    /// Days within which measures are acknowledged, reported on and lifted; editions from before it set none.
    pub measure: Option<MeasureClocks>,
    /// Days and words of the responsible persons; editions from before it set none.
    pub officer: Option<OfficerRules>,
    /// What an application for repair must have; editions from before it let nobody apply.
    pub repair: Option<RepairRules>,
    /// Days and lengths of objections, complaints and replies; editions from before it set none.
    pub objection: Option<ObjectionTerms>,
}

/// Days and lengths of objections, complaints and replies, in dated versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionTerms {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<ObjectionTermsVersion>,
}

/// The same of a time. What the law says of objections themselves is a clock of `rulebook/repair`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionTermsVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law, or that it is a setting.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// Working days to answer a complaint.
    pub complaint_working_days: u32,
    /// Working days to appeal against an answer.
    pub appeal_working_days: u32,
    /// Working days to decide an appeal.
    pub appeal_decision_working_days: u32,
    /// Working days to look a reply through.
    pub reply_review_working_days: u32,
    /// Longest reply, in characters.
    pub reply_characters_max: u32,
    /// Longest ground of an objection or complaint, in characters.
    pub statement_characters_max: u32,
}

/// What an application for repair (信用修复) must have, in dated versions. The clocks of the authority are columns of the packs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepairRules {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<RepairRulesVersion>,
}

/// The same of a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepairRulesVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// Working days for the window to pass an application on; none where no day is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push_working_days: Option<u32>,
    /// Working days within which every copy has followed a grant, where the order gives no number; none where no day is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_working_days: Option<u32>,
    /// Working days for the organisation's statement before a repair is revoked; none where nobody may revoke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement_working_days: Option<u32>,
    /// Working days to revoke, or to drop it, once those are over; none where no day is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation_working_days: Option<u32>,
    /// Packs under which an application that is brought to the counter of the authority itself is with it at once; every other one goes over
    /// the window, and so looks the office at it first. None where the edition says nothing: then every counter takes what is brought to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direct_packs: Option<Vec<String>>,
    /// Remedies against a refusal: names of remedies, or a sentence.
    #[serde(default)]
    pub remedies: Vec<String>,
    /// Papers; the first demand that fits a pack and a class counts.
    #[serde(rename = "demand", default)]
    pub demands: Vec<Demand>,
    /// What whoever grants a repair finds met, one by one; none in editions that asked for one finding about everything.
    #[serde(rename = "condition", default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// True where a part is from memory.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

/// A condition of a grant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Its code.
    pub code: String,
    /// What is met, in words.
    pub text: String,
    /// Packs whose procedure asks for it; all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<String>,
    /// Where else it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<ConditionWhen>,
    /// The law.
    pub basis: Basis,
}

impl Condition {
    /// Whether a pack asks for it, of a record with a minimum or without.
    #[must_use]
    pub fn is_asked(&self, pack: &str, has_minimum: bool) -> bool {
        let asks = self.packs.is_empty() || self.packs.iter().any(|name| name == pack);
        asks && (has_minimum || self.when != Some(ConditionWhen::Minimum))
    }
}

/// Where a condition is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConditionWhen {
    /// Where the record has a minimum.
    Minimum,
}

/// Papers that an application must have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// Packs whose procedure is followed; all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<String>,
    /// Classes of misconduct; all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Kinds of papers, besides the letter of commitment.
    pub papers: Vec<String>,
}

impl RepairRulesVersion {
    /// What an application under a pack and of a class must have.
    #[must_use]
    pub fn demand(&self, pack: &str, class: &str) -> Option<&Demand> {
        let fits = |named: &[String], one: &str| named.is_empty() || named.iter().any(|name| name == one);
        self.demands.iter().find(|demand| fits(&demand.packs, pack) && fits(&demand.classes, class))
    }
}

/// The clocks of measures, in dated versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureClocks {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<MeasureClocksVersion>,
}

/// The clocks of measures of a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureClocksVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law, or that it is a setting.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// Working days to acknowledge a task; none where no day is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledge_working_days: Option<u32>,
    /// Working days to report what was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_working_days: Option<u32>,
    /// Working days to say that a measure has stopped, once it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lift_working_days: Option<u32>,
}

/// What is set for responsible persons and for notices to those above, in dated versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficerRules {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<OfficerRulesVersion>,
}

/// The same of a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficerRulesVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law, or that it is a setting.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// Working days for a person to answer the notice.
    pub answer_working_days: u32,
    /// Working days to hand over what belongs on a person's own record.
    pub hand_over_working_days: u32,
    /// Working days to tell the authority that keeps it that the consequence has ended.
    pub recall_working_days: u32,
    /// Working days to inform those above a public body, a state enterprise or an official.
    pub inform_working_days: u32,
    /// Who is informed of a public body or a state enterprise.
    pub inform_of_body: Vec<Above>,
    /// Who is informed of an official.
    pub inform_of_official: Vec<Above>,
    /// Beginnings of codes of public bodies.
    pub public_body_classes: Vec<String>,
    /// Words of an organisation's type that tell a state enterprise.
    pub state_enterprise_words: Vec<String>,
}

/// Whoever stands above and is informed (鲁信用办〔2019〕8号 art. 十四).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Above {
    /// 上级主管单位
    Superior,
    /// 审计部门
    Audit,
    /// 所在单位
    Employer,
    /// 纪检监察机关
    Discipline,
    /// 组织人事部门
    Personnel,
}

impl Above {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Superior, Self::Audit, Self::Employer, Self::Discipline, Self::Personnel];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Superior => "superior",
            Self::Audit => "audit",
            Self::Employer => "employer",
            Self::Discipline => "discipline",
            Self::Personnel => "personnel",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Superior => "上级主管单位",
            Self::Audit => "审计部门",
            Self::Employer => "所在单位",
            Self::Discipline => "纪检监察机关",
            Self::Personnel => "组织人事部门",
        }
    }
}

/// The ways of service, in dated versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceModes {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<ServiceModesVersion>,
}

/// The ways of service of a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceModesVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// The ways.
    #[serde(rename = "mode", default)]
    pub modes: Vec<ServiceMode>,
    /// True where a number is from memory.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

/// A way of service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceMode {
    /// Stable code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// What proves it.
    pub proof: String,
    /// Calendar days after which it counts as served; 0 = on the day itself.
    #[serde(default)]
    pub counted_after_days: u32,
    /// Only with the party's recorded consent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_consent: bool,
    /// Serves nobody in particular: the prior publication of an incentive list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incentive: bool,
}

/// The remedies, in dated versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedies {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<RemediesVersion>,
}

/// The remedies of a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemediesVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// The remedies.
    #[serde(rename = "remedy", default)]
    pub remedies: Vec<RemedyRule>,
    /// A period whose last day nobody works ends on the next day that is worked (民事诉讼法 art. 八十五).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moves_past_days_off: bool,
    /// True where a number is from memory.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

/// A remedy and the period for it, from the day on which the decision was served, or from the decision on another remedy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemedyRule {
    /// Stable code.
    pub code: String,
    /// Chinese name, as a list's definition names it.
    pub name: String,
    /// Calendar days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Code of the remedy from whose decision it runs; from the service of the decision itself where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The law that sets the period; editions that name none have it in the basis of the version alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
}

impl RemediesVersion {
    /// The remedies that run from the service of a decision, and are told with it.
    pub fn told_with_a_decision(&self) -> impl Iterator<Item = &RemedyRule> {
        self.remedies.iter().filter(|rule| rule.after.is_none())
    }
}

impl RemedyRule {
    /// The remedy in words, with its period.
    #[must_use]
    pub fn told(&self) -> String {
        match (self.days, self.months) {
            (Some(days), _) => format!("可以自收到本决定书之日起{days}日内申请{}", self.name),
            (None, Some(months)) => format!("可以自收到本决定书之日起{months}个月内提起{}", self.name),
            (None, None) => format!("可以依法申请{}", self.name),
        }
    }
}

impl Procedure {
    /// The clocks of measures on a day.
    #[must_use]
    pub fn measure_clocks(&self, day: Date) -> Option<&MeasureClocksVersion> {
        let mut versions = self.measure.iter().flat_map(|clocks| &clocks.versions);
        versions.find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }

    /// What an application for repair must have on a day.
    #[must_use]
    pub fn repair_rules(&self, day: Date) -> Option<&RepairRulesVersion> {
        let mut versions = self.repair.iter().flat_map(|rules| &rules.versions);
        versions.find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }

    /// Days and lengths of objections on a day.
    #[must_use]
    pub fn objection_terms(&self, day: Date) -> Option<&ObjectionTermsVersion> {
        let mut versions = self.objection.iter().flat_map(|terms| &terms.versions);
        versions.find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }

    /// What is set for responsible persons on a day.
    #[must_use]
    pub fn officer_rules(&self, day: Date) -> Option<&OfficerRulesVersion> {
        let mut versions = self.officer.iter().flat_map(|rules| &rules.versions);
        versions.find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }

    /// A way of service on a day.
    #[must_use]
    pub fn mode(&self, code: &str, day: Date) -> Option<&ServiceMode> {
        let versions = self.service.iter().flat_map(|modes| &modes.versions);
        let mut version = versions.filter(|v| holds_on(day, (v.effective_from, v.effective_to)));
        version.next()?.modes.iter().find(|mode| mode.code == code)
    }

    /// The remedies on a day.
    #[must_use]
    pub fn remedies(&self, day: Date) -> Option<&RemediesVersion> {
        let mut versions = self.remedy.iter().flat_map(|remedies| &remedies.versions);
        versions.find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }

    /// Every remedy against a decision on a day, in words with its period, as letters tell them; in general words where the rulebook has
    /// none in force.
    #[must_use]
    pub fn remedies_told(&self, day: Date) -> String {
        let rules = self.remedies(day).into_iter().flat_map(RemediesVersion::told_with_a_decision);
        let told: Vec<String> = rules.map(RemedyRule::told).collect();
        if told.is_empty() {
            "可以依法申请行政复议或者提起行政诉讼".to_owned()
        } else {
            told.join("；")
        }
    }

    /// A remedy against a decision by its Chinese name on a day.
    #[must_use]
    pub fn remedy(&self, name: &str, day: Date) -> Option<&RemedyRule> {
        self.remedies(day)?.told_with_a_decision().find(|remedy| remedy.name == name)
    }
}
