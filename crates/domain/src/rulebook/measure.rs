//! Measures (惩戒措施) as data: what may follow, for whom, by which body, under which clause, how long.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十三 and 国办发〔2020〕49号: what stands in no law stands in no list. Applying a measure to a
//! case is not here. Measures that bind persons only are not kept for organisations. Beside them stand the acts that they
//! follow ([`super::behaviour`]), the memoranda that once named them ([`super::memorandum`]), and what article 13 gives as
//! examples ([`super::founding`]).

use crate::provision::{Basis, holds_on};
use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<MeasureVersion>,
}

/// What a measure does to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Reduces rights or adds duties: needs law, regulation or central document.
    ReducesRights,
    /// Management by public bodies that reduces no right.
    Manages,
    /// Information for the free decision of others.
    Informs,
}

/// How far the implementing body is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Force {
    /// Must apply it when the case is decided.
    Binds,
    /// May apply it.
    May,
    /// Files and publishes.
    Record,
    /// Is informed and decides freely; never an order.
    Informs,
}

/// Which kind of body carries a measure out (鲁信用办〔2019〕8号 art. 十三).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 行政性
    Administrative,
    /// 市场性
    Market,
    /// 行业性
    Industry,
}

/// One edition of a measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureVersion {
    /// First day on which it may be applied.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// Heading of the national list (`[list.measure_heading]`).
    pub heading: String,
    /// Administrative, market or industry.
    pub kind: Kind,
    /// What it does to its target.
    pub effect: Effect,
    /// How far its body is bound.
    pub force: Force,
    /// What is done.
    pub content: String,
    /// To whom.
    pub applies_to: String,
    /// Lists of `listing/` whose entries it may follow; empty where it follows a single decision.
    #[serde(default)]
    pub lists: Vec<String>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// The clause, word for word.
    #[serde(default)]
    pub clause: String,
    /// The body that carries it out.
    #[serde(default)]
    pub body: String,
    /// The same as values of `[list.implementing_body]`: which units may carry it out, by their sector.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bodies: Vec<String>,
    /// Longest term: an ISO period or range (`P1Y..P3Y`), `life` where the law's own words say 终身, `until …`, `none`,
    /// `per charter`, `by contract`, or `open` where the law sets none; an open measure ends with the decision or entry
    /// under it.
    #[serde(default)]
    pub maximum_term: String,
    /// True where the authors could not read the text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

impl Measure {
    /// The edition in force on a day.
    #[must_use]
    pub fn version_on(&self, day: Date) -> Option<&MeasureVersion> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}

impl MeasureVersion {
    /// How long it may last; none where the text has no such form.
    #[must_use]
    pub fn term(&self) -> Option<Term> {
        Term::parse(&self.maximum_term)
    }

    /// The shortest that the clause allows, where it gives a range.
    #[must_use]
    pub fn shortest(&self) -> Option<Length> {
        self.maximum_term.split_once("..").and_then(|(from, _)| period(from))
    }

    /// Whether some part of its law could not be read by those who wrote it down.
    #[must_use]
    pub fn is_unverified(&self) -> bool {
        self.unverified || self.basis.iter().any(|basis| basis.unverified)
    }
}

/// How long a measure may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// So long at most.
    AtMost(Length),
    /// For good, because the law's own words say so.
    Life,
    /// As long as the decision or entry under it.
    WithCause,
    /// By a charter or contract, or none: only for what is information.
    Elsewhere,
}

/// A length of time as laws state it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// Whole months, twelve a year.
    pub months: u32,
    /// Days.
    pub days: u32,
}

impl Length {
    /// The day that lies so far behind another.
    #[must_use]
    pub fn after(self, day: Date) -> Option<Date> {
        day.checked_add(Span::new().try_months(self.months).ok()?.try_days(self.days).ok()?).ok()
    }
}

impl Term {
    /// Reads a term as the rulebook writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((from, to)) = text.split_once("..") {
            let from = period(from)?;
            return if to == "life" { Some(Self::Life) } else { longer(from, period(to)?).map(Self::AtMost) };
        }
        match text {
            "life" => Some(Self::Life),
            "open" => Some(Self::WithCause),
            "none" | "per charter" | "by contract" => Some(Self::Elsewhere),
            _ => match text.strip_prefix("until ") {
                Some(event) => (!event.trim().is_empty()).then_some(Self::WithCause),
                None => period(text).map(Self::AtMost),
            },
        }
    }

    /// Last day of a measure that began on a day and whose cause ends at the latest on another: the law's longest term and
    /// the end of the cause, whichever comes first.
    #[must_use]
    pub fn last_day(self, from: Date, cause_through: Date) -> Date {
        let own = match self {
            Self::AtMost(length) => length.after(from).and_then(|day| day.yesterday().ok()),
            Self::Life | Self::WithCause | Self::Elsewhere => None,
        };
        own.map_or(cause_through, |day| day.min(cause_through))
    }
}

/// `P3Y`, `P6M`, `P30D`.
fn period(text: &str) -> Option<Length> {
    let rest = text.strip_prefix('P')?;
    let unit = rest.chars().last()?;
    let digits = rest.strip_suffix(unit)?;
    let number: u32 = digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?;
    match unit {
        'Y' => Some(Length { months: number.checked_mul(12)?, days: 0 }),
        'M' => Some(Length { months: number, days: 0 }),
        'D' => Some(Length { months: 0, days: number }),
        _ => None,
    }
}

/// The upper end of a range, which must not lie below the lower.
fn longer(from: Length, to: Length) -> Option<Length> {
    let start = Date::constant(2000, 1, 1);
    (from.after(start)? <= to.after(start)?).then_some(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_term_is_a_period_a_range_or_a_known_word() {
        for term in ["P1Y", "P1Y..P3Y", "P6M", "until delisted", "open", "none", "per charter", "life", "P5Y..life"] {
            assert!(Term::parse(term).is_some(), "{term}");
        }
        for term in ["", "forever", "P", "PY", "P3Y..P1Y", "until ", "P1Y..", "3年", "P+1Y", "P-1Y"] {
            assert!(Term::parse(term).is_none(), "{term}");
        }
    }

    #[test]
    fn a_measure_ends_with_its_own_term_or_its_cause_whichever_comes_first() {
        let (from, through) = (date(2026, 3, 1), date(2029, 2, 28));
        let last = |term: &str| Term::parse(term).unwrap().last_day(from, through);
        assert_eq!(last("P1Y"), date(2027, 2, 28));
        assert_eq!(last("P1Y..P2Y"), date(2028, 2, 29));
        assert_eq!(last("P10Y"), through);
        for with_cause in ["open", "until delisted", "life"] {
            assert_eq!(last(with_cause), through, "{with_cause}");
        }
    }
}
