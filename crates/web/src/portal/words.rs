//! Codes and dates in the words of the pages.

use credence_domain::catalog::Nature;
use credence_domain::subject::Uscc;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// Kinds of organisation by the first two symbols of the code (GB 32100-2015, table 1), in the order of the filter.
pub(crate) const KINDS: [(&str, &str); 11] = [
    ("91", "企业"),
    ("92", "个体工商户"),
    ("93", "农民专业合作社"),
    ("11", "机关"),
    ("12", "事业单位"),
    ("13", "群众团体"),
    ("51", "社会团体"),
    ("52", "民办非企业单位"),
    ("53", "基金会"),
    ("N1", "农村集体经济组织"),
    ("Y1", "其他组织"),
];

/// The kind of organisation that a code stands for, where it is one of the usual ones.
pub(crate) fn kind_of(uscc: &str) -> Option<&'static str> {
    let code = Uscc::parse(uscc).ok()?;
    KINDS.iter().find(|(symbols, _)| *symbols == code.kind()).map(|(_, name)| *name)
}

/// Natures of information in the order in which they are shown (山东省社会信用条例 arts. 11–14).
pub(crate) const NATURES: [(Nature, &str); 3] =
    [(Nature::Basic, "基础信息"), (Nature::Dishonesty, "失信信息"), (Nature::Other, "其他信息")];

/// The name of a nature in addresses within a page and in classes of style.
pub(crate) fn nature_code(nature: &Nature) -> &'static str {
    match nature {
        Nature::Basic => "basic",
        Nature::Dishonesty => "dishonesty",
        Nature::Other => "other",
    }
}

/// The name of a nature.
pub(crate) fn nature(nature: &Nature) -> &'static str {
    NATURES.iter().find(|(known, _)| known == nature).map_or("", |(_, name)| name)
}

/// Classes of misconduct.
pub(crate) const CLASSES: [(&str, &str); 3] = [("minor", "轻微失信"), ("general", "一般失信"), ("serious", "严重失信")];

/// Class of misconduct with the mark 待认定 where the authority has not stated it.
pub(crate) fn class_with_mark(code: &str, stated: Option<bool>) -> Option<String> {
    let mark = if stated == Some(false) { "（待认定）" } else { "" };
    (!code.is_empty()).then(|| format!("{}失信{mark}", class(code)))
}

/// First to last public day.
pub(crate) fn term(from: Option<Date>, through: Option<Date>) -> String {
    let from = from.map_or_else(|| "待定".to_owned(), day);
    match through {
        Some(last) => format!("{from}至{}", day(last)),
        None => format!("{from}起"),
    }
}

/// Days left until publicity ends, today not counted.
pub(crate) fn days_left(left: i32) -> String {
    match left {
        0 => "今天是最后一天".to_owned(),
        left => format!("还剩{left}天"),
    }
}

/// Class of misconduct.
pub(crate) fn class(code: &str) -> &str {
    match code {
        "minor" => "轻微",
        "general" => "一般",
        "serious" => "严重",
        other => other,
    }
}

/// A provision as it is cited in a line of an evaluation: title and numeral with 第 and 条 around it.
pub(crate) fn cited(article: &str) -> String {
    match article.rsplit_once(' ') {
        Some((title, "-")) => title.to_owned(),
        Some((title, numeral)) => format!("{title} 第{numeral}条"),
        None => article.to_owned(),
    }
}

/// A civil day as people write it: 2026年5月13日.
pub(crate) fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// An instant (RFC 3339) in Beijing time, to the minute.
pub(crate) fn beijing_minute(instant: &str) -> String {
    let zone = TimeZone::fixed(Offset::constant(8));
    instant.parse::<Timestamp>().map_or_else(
        |_| instant.to_owned(),
        |at| {
            let at = at.to_zoned(zone);
            format!("{} {:02}:{:02}", day(at.date()), at.hour(), at.minute())
        },
    )
}

/// 12,345: groups of three.
pub(crate) fn grouped(number: impl std::borrow::Borrow<u64>) -> String {
    let digits = number.borrow().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A code in groups that the eye can follow: registrar and kind, region, organisation, check symbol.
pub(crate) fn code_groups(uscc: &str) -> Vec<&str> {
    match (uscc.get(..2), uscc.get(2..8), uscc.get(8..17), uscc.get(17..)) {
        (Some(kind), Some(region), Some(body), Some(check)) if uscc.len() == 18 => vec![kind, region, body, check],
        _ => vec![uscc],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_in_beijing_time_whatever_the_machine_says() {
        assert_eq!(beijing_minute("2026-05-12T16:05:00.000000Z"), "2026年5月13日 00:05");
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!([grouped(0), grouped(999), grouped(1000), grouped(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_code_is_cut_where_its_parts_end() {
        assert_eq!(code_groups("91379900MA0TE5T16G").concat(), "91379900MA0TE5T16G");
        assert_eq!(code_groups("91379900MA0TE5T16G").len(), 4);
    }
}
