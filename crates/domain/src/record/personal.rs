//! Finds identity and telephone numbers in texts that would become public: such a record waits for a person.
//!
//! Serves 山东省社会信用条例 arts. 20 and 42 and 个人信息保护法: no natural person's number is ever shown.

/// True when the text carries a citizen's identity number (18 digits by GB 11643 with a region and a date, whether the check digit is
/// right or mistyped; 15 of the older form) or a telephone number (mobile, with or without 86; fixed line with its area code),
/// written in one run or in its usual groups.
#[must_use]
pub fn carries_personal_number(text: &str) -> bool {
    may_hold_a_number(text) && any_run(text, has_personal_number)
}

/// True when the text carries a whole identity number with the right check digit: what no number of a registration is by chance.
#[must_use]
pub fn carries_whole_identity_number(text: &str) -> bool {
    may_hold_a_number(text) && any_run(text, |groups| groups.iter().any(|group| holds_whole_identity_number(group)))
}

/// Whether one of the runs of digits satisfies: groups of digits with one separator between two of them. Invisible marks count for nothing.
fn any_run(text: &str, is: impl Fn(&[String]) -> bool) -> bool {
    let mut groups: Vec<String> = Vec::new();
    let (mut separated, mut found) = (true, false);
    for c in text.chars().map(narrow).chain(['。']) {
        let last = groups.last().map_or(0, String::len);
        if is_invisible(c) {
            continue;
        }
        if c.is_ascii_digit() || (matches!(c, 'x' | 'X') && !separated && matches!(last, 3 | 17)) {
            if separated {
                groups.push(String::new());
            }
            groups.last_mut().into_iter().for_each(|group| group.push(c));
            separated = false;
        } else if is_separator(c) && !separated {
            separated = true;
        } else {
            found |= is(&groups);
            groups.clear();
            separated = true;
        }
    }
    found
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

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}')
}

/// What people write between the groups of a number.
const fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '\u{a0}' | '\u{3000}' | '\u{2010}'..='\u{2015}')
}

/// Whether the last character is a digit: only such a text can begin a number that another ends.
#[must_use]
pub fn ends_in_a_digit(text: &str) -> bool {
    text.chars().next_back().map(narrow).is_some_and(|c| c.is_ascii_digit())
}

/// Whether the first character is a digit: only such a text can end a number that another begins.
#[must_use]
pub fn begins_with_a_digit(text: &str) -> bool {
    text.chars().next().map(narrow).is_some_and(|c| c.is_ascii_digit())
}

/// The same for a number that was split over two fields.
#[must_use]
pub fn split_identity_number(left: &str, right: &str) -> bool {
    let tail: String = left.chars().rev().map(narrow).take_while(char::is_ascii_digit).collect();
    if tail.is_empty() {
        return false;
    }
    let head: String = right.chars().map(narrow).take_while(|c| c.is_ascii_digit() || matches!(c, 'x' | 'X')).collect();
    if tail.is_empty() || head.is_empty() || tail.len() + head.len() != 18 {
        return false;
    }
    let joined: String = tail.chars().rev().chain(head.chars()).collect();
    is_identity_number(&joined)
}

fn narrow(c: char) -> char {
    match c {
        '０'..='９' | 'Ｘ' | 'ｘ' | '－' | '．' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    }
}

fn has_personal_number(groups: &[String]) -> bool {
    let alone = groups.iter().any(|group| is_personal_number(group));
    alone
        || (2..=4).any(|many| {
            groups.windows(many).any(|written| {
                let lengths: Vec<usize> = written.iter().map(String::len).collect();
                let joined = || written.concat();
                match lengths.as_slice() {
                    [6, 8, 4] | [6, 4, 4, 4] => looks_like_identity_number(&joined()),
                    [3, 4, 4] => is_mobile(&joined()),
                    [2, 11] | [2, 3, 4, 4] => is_mobile_abroad(&joined()),
                    [3 | 4, 7 | 8] => is_mobile(&joined()) || is_fixed_line(&joined()),
                    _ => false,
                }
            })
        })
}

fn is_personal_number(run: &str) -> bool {
    match run.len() {
        18 => looks_like_identity_number(run),
        15 => {
            is_mobile_abroad(run)
                || (plausible_region(run) && plausible_date(&format!("19{}", run.get(6..12).unwrap_or_default())))
        }
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
        ] {
            assert!(carries_personal_number(&text), "{text}");
        }
        for text in [
            "2026-04-10至2027-04-10",
            "鲁环罚字〔2026〕第0531-2026号",
            "GB 11643-1999，ISO 9001-2015",
            "罚款12,345.67元，2026.04.10 12:30",
            "371200-20260410",
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
        assert!(!split_identity_number("第12号", "2026年"));
    }
}
