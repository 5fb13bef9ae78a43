//! Values as departments write them, brought into one form: dates, decimals, integers.

use jiff::civil::Date;

/// Reads a civil date: `2026/4/10`, `2026-04-10`, `2026年4月10日`, `20260410`, `2026.4.10`, each with an optional
/// midnight time behind it. Excel serial numbers and impossible days are no dates.
#[must_use]
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let text = text
        .strip_suffix(" 00:00:00")
        .or_else(|| text.strip_suffix(" 0:00:00"))
        .or_else(|| text.strip_suffix(" 0:00"))
        .or_else(|| text.strip_suffix("T00:00:00"))
        .unwrap_or(text);
    let bytes = text.as_bytes();
    if bytes.len() == 8 && bytes.iter().all(u8::is_ascii_digit) {
        return build(text.get(0..4)?, text.get(4..6)?, text.get(6..8)?);
    }
    let mut parts = text.split(['/', '-', '.', '年', '月']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    build(year, month, day.strip_suffix('日').unwrap_or(day))
}

/// Reads a civil day as programs write it: `2026-04-10`, and nothing else.
#[must_use]
pub fn iso_date(text: &str) -> Option<Date> {
    text.parse().ok().filter(|date: &Date| text.len() == 10 && date.to_string() == text)
}

fn build(year: &str, month: &str, day: &str) -> Option<Date> {
    let digits = |t: &str| !t.is_empty() && t.len() <= 4 && t.bytes().all(|b| b.is_ascii_digit());
    if !(digits(year) && digits(month) && digits(day)) {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    (date.year() >= 1900).then_some(date)
}

/// `YYYY-MM-DD` without going through a formatter: it is written a million times an import.
pub fn push_date(out: &mut String, date: Date) {
    let (year, month, day) = (date.year(), i16::from(date.month()), i16::from(date.day()));
    for (value, place) in
        [(year, 1000), (year, 100), (year, 10), (year, 1), (0, 0), (month, 10), (month, 1), (0, 0), (day, 10), (day, 1)]
    {
        out.push(if place == 0 { '-' } else { char::from(b'0' + u8::try_from(value / place % 10).unwrap_or(0)) });
    }
}

/// A decimal in millionths. Accepts thousands separators and up to six decimals; refuses signs other than minus,
/// exponents and anything longer than 15 digits before the point.
#[must_use]
pub fn decimal(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || fraction.len() > 6 || whole.len() > 15 {
        return None;
    }
    let mut value: i64 = 0;
    for c in whole.chars().filter(|c| !matches!(c, ',' | '，')) {
        value = value.checked_mul(10)?.checked_add(i64::from(c.to_digit(10)?))?;
    }
    for c in fraction.chars().chain(std::iter::repeat_n('0', 6 - fraction.len())) {
        value = value.checked_mul(10)?.checked_add(i64::from(c.to_digit(10)?))?;
    }
    Some(if negative { -value } else { value })
}

/// Writes millionths without trailing zeros.
#[must_use]
pub fn decimal_text(millionths: i64) -> String {
    let (sign, value) = (if millionths < 0 { "-" } else { "" }, millionths.unsigned_abs());
    let text = format!("{sign}{}.{:06}", value / 1_000_000, value % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Days since 1970-01-01: how dates are stored.
#[must_use]
pub fn day_number(date: Date) -> i32 {
    // Civil-from-days arithmetic (proleptic Gregorian), exact for every jiff date.
    let (year, month, day) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of a day number; `None` outside the calendar.
#[must_use]
pub fn date_of(day: i32) -> Option<Date> {
    let z = day.checked_add(719_468)?;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i32::from(month <= 2);
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_form_that_departments_use() {
        let day = Date::new(2026, 4, 10).ok();
        for text in ["2026/04/10", "2026-4-10", "2026年4月10日", "20260410", "2026.04.10", "2026/4/10 0:00:00"] {
            assert_eq!(date(text), day, "{text}");
        }
        for text in
            ["2025-13-01", "20250230", "45757", "2026/04", "10/04/2026", "", "2026-04-10 13:00:00", "2026-+4-10"]
        {
            assert_eq!(date(text), None, "{text}");
        }
        assert_eq!(date("2099/12/31"), Date::new(2099, 12, 31).ok());
    }

    #[test]
    fn day_numbers_agree_with_the_calendar_and_turn_back() {
        let epoch = Date::new(1970, 1, 1).unwrap();
        for offset in (-30_000..60_000).step_by(17) {
            let date = date_of(offset).unwrap();
            assert_eq!(date.since(epoch).unwrap().get_days(), offset);
            assert_eq!(day_number(date), offset);
            let mut text = String::new();
            push_date(&mut text, date);
            assert_eq!(text, date.to_string());
        }
    }

    #[test]
    fn decimals_keep_six_places_and_lose_trailing_zeros() {
        for (text, canonical) in [("0.2", "0.2"), ("1,286.5000", "1286.5"), ("300", "300"), ("-0.000001", "-0.000001")]
        {
            assert_eq!(decimal(text).map(decimal_text).as_deref(), Some(canonical));
        }
        for text in ["", "1e3", "五", "0.0000001", "1234567890123456", "+1", "1.2.3"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
