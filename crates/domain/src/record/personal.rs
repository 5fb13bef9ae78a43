//! Finds identity and telephone numbers in texts that would become public: such a record waits for a person.
//!
//! Serves 山东省社会信用条例 arts. 20 and 42 and 个人信息保护法: no natural person's number is ever shown.

/// True when the text carries a citizen's identity number (18 digits by GB 11643 with a region and a date, whether the check digit is
/// right or mistyped; 15 of the older form) or a telephone number (mobile, with or without 86; fixed line with its area code),
/// written in one run or in groups.
#[must_use]
pub fn carries_personal_number(text: &str) -> bool {
    may_hold_a_number(text) && any_run(text, has_personal_number)
}

/// True when the text carries a whole identity number with the right check digit: what no number of a registration is by chance.
#[must_use]
pub fn carries_whole_identity_number(text: &str) -> bool {
    may_hold_a_number(text) && any_run(text, |groups| groups.iter().any(|group| holds_whole_identity_number(group)))
}

/// Whether one of the runs of digits satisfies: groups of digits with a few separators between two of them. Invisible marks count for
/// nothing.
fn any_run(text: &str, is: impl Fn(&[String]) -> bool) -> bool {
    let mut groups: Vec<String> = Vec::new();
    let (mut gap, mut found) = (0, false);
    let mut signs = text.chars().map(narrow).filter(|c| !is_invisible(*c)).chain(['。']).peekable();
    while let Some(c) = signs.next() {
        let is_last = !signs.peek().is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() || (matches!(c, 'x' | 'X') && is_last && awaits_check_digit(&groups)) {
            if gap > 0 || groups.is_empty() {
                groups.push(String::new());
            }
            groups.last_mut().into_iter().for_each(|group| group.push(c));
            gap = 0;
        } else if is_separator(c) && gap < GAP_MAX && !groups.is_empty() {
            gap += 1;
        } else {
            found |= is(&groups);
            groups.clear();
            gap = 0;
        }
    }
    found
}

/// Separators between two groups: a bracket with spaces around it.
const GAP_MAX: usize = 3;

/// Whether the last groups are the 17 digits behind which an X may stand.
fn awaits_check_digit(groups: &[String]) -> bool {
    let mut length = 0;
    groups.iter().rev().any(|group| {
        length += group.len();
        length == 17 || (group.len() >= 17 && length == group.len())
    })
}

/// The shortest number that is looked for: a mobile telephone's, or a fixed line's with its area code and a hyphen.
const SHORTEST: usize = 11;

/// Whether so many digits follow one another that one of the numbers may be among them: a look at bytes, for nearly every
/// text ends here. A run of so many characters covers every so-many-th byte, so only these are looked at, and around a digit
/// the whole run. Digits of full width and invisible marks are three bytes that begin with 0xef or 0xe2.
fn may_hold_a_number(text: &str) -> bool {
    let mut at = SHORTEST - 1;
    while let Some(byte) = text.as_bytes().get(at) {
        let hit = if byte.is_ascii() { is_of_a_run(char::from(*byte)) } else { is_of_a_run(char_around(text, at)) };
        if hit {
            let start = text.floor_char_boundary(at);
            let (before, after) = text.split_at(start);
            let behind = after.chars().take(SHORTEST).take_while(|c| is_of_a_run(*c)).count();
            let ahead = before.chars().rev().take(SHORTEST).take_while(|c| is_of_a_run(*c)).count();
            if ahead + behind >= SHORTEST {
                return true;
            }
        }
        at += SHORTEST;
    }
    false
}

fn char_around(text: &str, at: usize) -> char {
    text.get(text.floor_char_boundary(at)..).and_then(|rest| rest.chars().next()).unwrap_or(' ')
}

/// Digits and X of either width, and what may stand between them.
fn is_of_a_run(c: char) -> bool {
    let c = narrow(c);
    matches!(c, '0'..='9' | 'x' | 'X') || is_invisible(c) || is_separator(c)
}

/// Marks that nobody sees.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What people write between the groups of a number.
const fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '-' | '.' | '/' | '\\' | '_' | '(' | ')' | '·' | '\u{a0}' | '\u{3000}' | '\u{2010}'..='\u{2015}'
    )
}

/// Whether the last character, but for separators, is a digit: only such a text can begin a number that another ends.
#[must_use]
pub fn ends_in_a_digit(text: &str) -> bool {
    text.chars().rev().map(narrow).find(|c| !is_passed_over(*c)).is_some_and(|c| c.is_ascii_digit())
}

/// Whether the first character, but for separators, is a digit: only such a text can end a number that another begins.
#[must_use]
pub fn begins_with_a_digit(text: &str) -> bool {
    text.chars().map(narrow).find(|c| !is_passed_over(*c)).is_some_and(|c| c.is_ascii_digit())
}

fn is_passed_over(c: char) -> bool {
    is_separator(c) || is_invisible(c)
}

/// The same for a number that was split over two fields, with or without separators in either half.
#[must_use]
pub fn split_identity_number(left: &str, right: &str) -> bool {
    let is_part = |c: &char| c.is_ascii_digit() || is_passed_over(*c);
    let part = |c: &char| is_part(c) || matches!(c, 'x' | 'X');
    let tail: String = left.chars().rev().map(narrow).take_while(is_part).collect();
    let head: String = right.chars().map(narrow).take_while(part).collect();
    let tail = groups_of(tail.chars().rev());
    let head = groups_of(head.chars());
    // The last groups of the one and the first of the other, whole: within a group nothing tells where a number begins.
    let ends = (0..tail.len()).map(|at| tail.get(at..).unwrap_or_default().concat());
    ends.filter(|end| end.len() < 18).any(|end| {
        let starts = (1..=head.len()).map(|many| head.get(..many).unwrap_or_default().concat());
        starts.into_iter().any(|start| end.len() + start.len() == 18 && is_identity_number(&(end.clone() + &start)))
    })
}

fn groups_of(signs: impl Iterator<Item = char>) -> Vec<String> {
    let seen: String = signs.filter(|c| !is_invisible(*c)).collect();
    seen.split(is_separator).filter(|group| !group.is_empty()).map(str::to_owned).collect()
}

fn narrow(c: char) -> char {
    match c {
        '０'..='９' | 'Ｘ' | 'ｘ' | '－' | '．' | '／' | '＼' | '＿' | '（' | '）' => {
            char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
        }
        c => c,
    }
}

fn has_personal_number(groups: &[String]) -> bool {
    groups.iter().any(|group| is_personal_number(group))
        || (0..groups.len()).any(|start| {
            let mut joined = String::new();
            let written = groups.get(start..).unwrap_or_default();
            let ends = written.iter().enumerate().map_while(|(at, group)| {
                joined.push_str(group);
                (joined.len() <= 18).then(|| (at + 1, joined.clone()))
            });
            let mut ends = ends.filter(|(many, _)| *many > 1);
            ends.any(|(many, joined)| is_written_in_groups(written.get(..many).unwrap_or_default(), &joined))
        })
}

/// Whether groups are those of one number: an identity number however it is grouped where its check digit is right, and in the
/// usual groups where it is not; a telephone number in groups that nobody gives a date or a document's number.
fn is_written_in_groups(groups: &[String], joined: &str) -> bool {
    let lengths: Vec<usize> = groups.iter().map(String::len).collect();
    match (joined.len(), lengths.as_slice()) {
        (18, [6, 8, 4] | [6, 4, 4, 4]) => return looks_like_identity_number(joined),
        (18, _) => return is_identity_number(joined),
        (15, [6, 6, 3]) => return is_older_identity_number(joined),
        _ => {}
    }
    match groups {
        [country, rest @ ..] if country == "86" || country == "0086" => {
            let rest_joined = rest.concat();
            is_mobile_in_groups(rest, &rest_joined)
                || is_line_in_groups(rest, "0")
                || (rest.len() == 1 && is_mobile(&rest_joined))
        }
        _ => is_mobile_in_groups(groups, joined) || is_line_in_groups(groups, ""),
    }
}

fn is_mobile_in_groups(groups: &[String], joined: &str) -> bool {
    let lengths: Vec<usize> = groups.iter().map(String::len).collect();
    let is_grouped = match lengths.as_slice() {
        [3, 4, 4] | [3, 8] => true,
        [3..=8, _] => groups.get(1).is_some_and(|last| last.len() < 6 || !begins_with_a_year(last)),
        [one, two, three] if *one >= 3 && *two >= 2 && *three >= 2 => {
            !groups.iter().any(|group| group.len() == 4 && begins_with_a_year(group))
        }
        [_] => false,
        singly => singly.iter().all(|length| *length == 1),
    };
    is_grouped && is_mobile(joined)
}

/// An area code, which begins with one 0 (not behind the country's), and the line's own number of seven or eight digits.
fn is_line_in_groups(groups: &[String], zero: &str) -> bool {
    let [area, line @ ..] = groups else { return false };
    let lengths: Vec<usize> = line.iter().map(String::len).collect();
    let area = format!("{zero}{area}");
    let is_area = matches!(area.len(), 3 | 4) && is_fixed_line(&area);
    is_area
        && match lengths.as_slice() {
            [7 | 8] => true,
            [3 | 4, 4] => {
                let is_dialled = line.concat().starts_with(|first: char| ('2'..='9').contains(&first));
                is_dialled && !line.iter().any(|group| group.len() == 4 && begins_with_a_year(group))
            }
            _ => false,
        }
}

fn begins_with_a_year(group: &str) -> bool {
    group.get(..4).and_then(|year| year.parse::<u16>().ok()).is_some_and(|year| (1900..=2050).contains(&year))
}

fn is_older_identity_number(run: &str) -> bool {
    run.len() == 15 && plausible_region(run) && plausible_date(&format!("19{}", run.get(6..12).unwrap_or_default()))
}

fn is_personal_number(run: &str) -> bool {
    match run.len() {
        18 => looks_like_identity_number(run),
        15 => is_mobile_abroad(run) || is_older_identity_number(run),
        13 => is_mobile_abroad(run),
        11 => is_mobile(run),
        19.. => holds_whole_identity_number(run),
        _ => false,
    }
}

fn is_mobile(run: &str) -> bool {
    run.len() == 11 && run.starts_with('1') && run.get(1..2).is_some_and(|d| ("3"..="9").contains(&d))
}

/// An area code begins with one 0.
fn is_fixed_line(run: &str) -> bool {
    run.starts_with('0') && !run.starts_with("00")
}

fn is_mobile_abroad(run: &str) -> bool {
    run.strip_prefix("00").unwrap_or(run).strip_prefix("86").is_some_and(is_mobile)
}

/// Region and date are there; the check digit may be mistyped.
fn looks_like_identity_number(number: &str) -> bool {
    number.len() == 18 && plausible_region(number) && number.get(6..14).is_some_and(plausible_date)
}

/// A whole number anywhere in a run of digits: in a longer run only the right check digit tells it from the rest.
fn holds_whole_identity_number(run: &str) -> bool {
    (0..run.len().saturating_sub(17)).any(|at| run.get(at..at + 18).is_some_and(is_identity_number))
}

fn is_identity_number(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = number.chars().zip(WEIGHTS).filter_map(|(c, w)| c.to_digit(10).map(|d| d * w)).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize);
    looks_like_identity_number(number) && number.chars().last().map(|c| c.to_ascii_uppercase()) == check
}

fn plausible_region(number: &str) -> bool {
    let region = number.get(..2).and_then(|r| r.parse::<u8>().ok()).unwrap_or(0);
    matches!(region, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 91)
}

fn plausible_date(date: &str) -> bool {
    let part = |range| date.get(range).and_then(|t: &str| t.parse::<u16>().ok()).unwrap_or(0);
    (1900..=2050).contains(&part(0..4)) && (1..=12).contains(&part(4..6)) && (1..=31).contains(&part(6..8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // Built for these tests in the unused region 379900: nobody's number.
    const SYNTHETIC: &str = "37990019900101001";

    fn number() -> String {
        let check = (0..=10)
            .map(|i| "10X98765432".chars().nth(i).unwrap())
            .find(|c| is_identity_number(&format!("{SYNTHETIC}{c}")));
        format!("{SYNTHETIC}{}", check.unwrap())
    }

    /// One whose check digit is X.
    fn with_x() -> String {
        let of = |serial: u16| format!("37990019900101{serial:03}X");
        (1..1000).map(of).find(|number| is_identity_number(number)).unwrap()
    }

    #[test]
    fn an_identity_or_telephone_number_is_found_in_either_width() {
        let wide: String = number().chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
        assert!(carries_personal_number(&format!("当事人身份证号{}。", number())));
        assert!(carries_personal_number(&wide));
        assert!(carries_personal_number("联系电话13912345678"));
        assert!(!carries_personal_number("统一社会信用代码91379900MA0TE5T16G，123799000000000510，罚款200000元"));
    }

    #[test]
    fn a_number_is_found_in_its_groups_glued_to_others_and_with_a_slip() {
        let number = number();
        let (region, date, end) = (&number[..6], &number[6..14], &number[14..]);
        let slip = if number.ends_with('1') { '2' } else { '1' };
        for text in [
            format!("{region} {date} {end}"),
            format!("{region}-{date}-{end}"),
            format!("身份证{}{slip}", &number[..17]),
            format!("编号1{number}"),
            "+8613800138000".to_owned(),
            "008613800138000".to_owned(),
            "电话138-0013-8000".to_owned(),
            "138 0013 8000".to_owned(),
            "＋86－138－0013－8000".to_owned(),
            "0531-88881234".to_owned(),
            "（010－12345678）".to_owned(),
            format!("{} {} {} {} {}", &number[..4], &number[4..8], &number[8..12], &number[12..16], &number[16..]),
            format!("{}-{}-{}-{}-{}", &number[..4], &number[4..8], &number[8..12], &number[12..16], &number[16..]),
            format!("{} {}", &number[..14], &number[14..]),
            format!("{region}/{date}/{end}"),
            format!("{region}／{}／{}／{}／{end}", &date[..4], &date[4..6], &date[6..]),
            format!("{region} - {date} - {end}"),
            number.chars().map(|c| format!("{c} ")).collect(),
            with_x(),
            with_x().chars().map(|c| format!("{c}.")).collect(),
            "379900 900101 123".to_owned(),
            "13800 138000".to_owned(),
            "1380013 8000".to_owned(),
            "138 001 38000".to_owned(),
            "138/0013/8000".to_owned(),
            "1 3 8 0 0 1 3 8 0 0 0".to_owned(),
            "86 13800138000".to_owned(),
            "电话(0531)86061234".to_owned(),
            "电话（0531） 8606 1234".to_owned(),
            "0531-8606-1234".to_owned(),
            "+86 531 8606 1234".to_owned(),
            "+86-531-86061234".to_owned(),
        ] {
            assert!(carries_personal_number(&text), "{text}");
        }
        for text in [
            "2026-04-10至2027-04-10",
            "鲁环罚字〔2026〕第0531-2026号",
            "GB 11643-1999，ISO 9001-2015",
            "罚款12,345.67元，2026.04.10 12:30",
            "371200-20260410",
            "1502-2023-001，1502-2023001",
            "2026/04/10 — 2027/04/10（共12个月）",
            "0531/2026/0001",
            "规格12x34x56，13x2000x500",
            "100 200 300 400 500",
            "91379900MA0TE5T16G-1234",
        ] {
            assert!(!carries_personal_number(text), "{text}");
        }
        assert!(carries_whole_identity_number(&format!("代码{number}")));
        assert!(!carries_whole_identity_number("139912345678 370199000012345 123799000000000510"));
    }

    proptest! {
        #[test]
        fn the_quick_look_never_misses_a_number(before in "[0-9x０-９，云\u{200b}号]{0,30}", after in "[0-9Ｘ，云号]{0,30}", at in 0usize..3) {
            let phone = ["13912345678", "139\u{200b}12345678", "１３９12345678"][at];
            let text = format!("{before}云{phone}号{after}");
            prop_assert!(may_hold_a_number(&text));
            prop_assert!(carries_personal_number(&text));
        }
    }

    #[test]
    fn an_identity_number_split_over_two_fields_is_found() {
        let number = number();
        assert!(split_identity_number(&format!("号码{}", &number[..10]), &number[10..]));
        assert!(split_identity_number(
            &format!("号码{}-", &number[..6]),
            &format!(" {} {}", &number[6..14], &number[14..])
        ));
        assert!(split_identity_number(&format!("1 {}", &number[..6]), &format!("{}，2", &number[6..])));
        assert!(ends_in_a_digit("12 - ") && begins_with_a_digit("（3"));
        assert!(!split_identity_number("第12号", "2026年"));
        assert!(!split_identity_number(&number[..10], &format!("{}9", &number[10..])));
    }
}
