//! Finds identity and telephone numbers in texts that would become public: such a record waits for a person.
//!
//! Serves 山东省社会信用条例 arts. 20 and 42 and 个人信息保护法: no natural person's number is ever shown.

/// True when the text carries a citizen's identity number (18 digits by GB 11643 with a plausible region, date and
/// check digit, or 15 of the older form) or a mobile telephone number.
#[must_use]
pub fn carries_personal_number(text: &str) -> bool {
    if !may_hold_a_number(text) {
        return false;
    }
    let mut run = String::new();
    let mut found = false;
    for c in text.chars().map(narrow).chain([' ']) {
        if c.is_ascii_digit() || (matches!(c, 'x' | 'X') && run.len() == 17) {
            run.push(c);
        } else if !run.is_empty() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}') {
            found |= is_personal_number(&run);
            run.clear();
        }
    }
    found
}

/// The shortest number that is looked for: a mobile telephone's.
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

/// Digits and X of either width, and the invisible marks that may stand between them.
fn is_of_a_run(c: char) -> bool {
    matches!(narrow(c), '0'..='9' | 'x' | 'X' | '\u{200b}'..='\u{200f}' | '\u{feff}')
}

/// The same for a number that was split over two neighbouring fields.
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
        '０'..='９' | 'Ｘ' | 'ｘ' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    }
}

fn is_personal_number(run: &str) -> bool {
    match run.len() {
        18 => is_identity_number(run),
        15 => plausible_region(run) && plausible_date(&format!("19{}", run.get(6..12).unwrap_or_default())),
        11 => run.starts_with('1') && run.get(1..2).is_some_and(|d| ("3"..="9").contains(&d)),
        _ => false,
    }
}

fn is_identity_number(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = number.chars().zip(WEIGHTS).filter_map(|(c, w)| c.to_digit(10).map(|d| d * w)).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize);
    number.len() == 18
        && plausible_region(number)
        && number.get(6..14).is_some_and(plausible_date)
        && number.chars().last().map(|c| c.to_ascii_uppercase()) == check
}

fn plausible_region(number: &str) -> bool {
    number.get(..2).and_then(|r| r.parse().ok()).is_some_and(|r: u8| (11..=91).contains(&r))
}

fn plausible_date(date: &str) -> bool {
    let part = |range| date.get(range).and_then(|t: &str| t.parse::<u16>().ok()).unwrap_or(0);
    (1900..=2100).contains(&part(0..4)) && (1..=12).contains(&part(4..6)) && (1..=31).contains(&part(6..8))
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
