//! Hygiene of texts: control characters refused, invisible and bidirectional ones flagged, names folded for search.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// What is odd about a text, found in one pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Oddities {
    /// NUL or another control character (tab and line ends excepted).
    pub control: bool,
    /// Zero-width characters and the byte order mark.
    pub invisible: bool,
    /// Marks that turn the direction of writing.
    pub bidirectional: bool,
    /// U+FFFD: the text was damaged before it came here.
    pub replacement: bool,
}

/// Looks a text over. Cheap for the usual mix of Han and ASCII.
#[must_use]
pub fn oddities(text: &str) -> Oddities {
    let mut found = Oddities::default();
    if !may_be_odd(text.as_bytes()) {
        return found;
    }
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' => {}
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => found.control = true,
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => found.invisible = true,
            c if turns(c) => found.bidirectional = true,
            '\u{fffd}' => found.replacement = true,
            _ => {}
        }
    }
    found
}

/// Every character looked for is a control character, begins with one of three lead bytes, or with 0xef before 0xbb or 0xbf:
/// other signs of full width begin with 0xef too and are in nearly every text. No early end, so that many bytes are looked at
/// at a time.
fn may_be_odd(bytes: &[u8]) -> bool {
    let alone = bytes.iter().fold(false, |odd, byte| odd | (*byte < 0x20) | matches!(*byte, 0x7f | 0xc2 | 0xe2 | 0xd8));
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    alone | pairs.fold(false, |odd, (first, second)| odd | ((*first == 0xef) & matches!(*second, 0xbb | 0xbf)))
}

/// True when a name mixes Latin with Cyrillic or Greek letters: look-alikes that search would miss.
#[must_use]
pub fn mixes_scripts(name: &str) -> bool {
    let latin = name.chars().any(|c| c.is_ascii_alphabetic());
    let alike = name.chars().any(|c| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}'));
    latin && alike
}

/// Marks that turn the direction of writing: what stands behind one is shown in another order than it is written.
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

/// A text as people are shown it on pages and terminals: without marks that turn the direction of writing, so that nothing looks
/// like what it is not. What is kept, committed to and answered to programs has them; a note on the row names them.
#[must_use]
pub fn shown(text: &str) -> std::borrow::Cow<'_, str> {
    // Each of them begins with one of two bytes.
    if !text.bytes().any(|byte| matches!(byte, 0xe2 | 0xd8)) || !text.contains(turns) {
        return text.into();
    }
    text.replace(turns, "").into()
}

/// A folded name with the letters of other alphabets that look like Latin ones as those: for search, so that a name is found
/// however it was typed. For comparison a name with another letter stays another name.
#[must_use]
pub fn fold_alike(folded: &str) -> String {
    let alike = |c: char| match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' => 'c',
        'ԁ' => 'd',
        'е' | 'ё' | 'ε' => 'e',
        'н' | 'η' => 'h',
        'і' | 'ї' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'ν' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'ѵ' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'υ' | 'ү' => 'y',
        'ζ' => 'z',
        c => c,
    };
    folded.chars().map(alike).collect()
}

/// Folds a name for search and comparison: NFKC, brackets and white space away, lower case, invisible marks away.
#[must_use]
pub fn fold_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut push = |c: char| match c {
        c if c.is_whitespace() => {}
        '(' | ')' | '（' | '）' | '〔' | '〕' | '【' | '】' | '[' | ']' => {}
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}' => {}
        c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
        c => out.extend(c.to_lowercase()),
    };
    if is_plain(name) {
        name.chars().for_each(&mut push)
    } else {
        name.nfkc().for_each(&mut push)
    }
    out
}

/// A question that holds a bracket with its brackets in one form, letters small and white space away; nothing where it holds none. Search
/// folds brackets away, so that a name is found however it is written; whoever types one means it.
#[must_use]
pub fn bracketed(text: &str) -> Option<String> {
    let literal = brackets_in_one_form(text);
    literal.contains(['(', ')']).then_some(literal)
}

/// Brackets of either width and shape as one, letters small, white space away.
#[must_use]
pub fn brackets_in_one_form(text: &str) -> String {
    let form = |c: char| match c {
        '（' | '〔' | '【' | '[' => Some('('),
        '）' | '〕' | '】' | ']' => Some(')'),
        c if c.is_whitespace() => None,
        c => Some(c.to_ascii_lowercase()),
    };
    text.chars().filter_map(form).collect()
}

/// NFKC leaves the text as it is. Nearly every text is made of characters of which this is known without a table.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    text.chars().all(is_plain_char) || is_nfkc_quick(text.chars()) == IsNormalized::Yes
}

fn is_plain_char(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{4e00}'..='\u{9fff}' | '〔' | '〕' | '《' | '》' | '、' | '。' | '·')
}

/// Makes a cell harmless for spreadsheets: one that begins with `=`, `+`, `-`, `@`, tab or carriage return gets an
/// apostrophe in front, and so does one that begins with apostrophes before such a sign, so that [`original_cell`] gives
/// back exactly what was there. Plain signed numbers stay as they are.
#[must_use]
pub fn harmless_cell(cell: &str) -> std::borrow::Cow<'_, str> {
    let number = cell.len() > 1 && cell.starts_with(['-', '+']) && cell.parse::<f64>().is_ok();
    if is_dangerous(cell.trim_start_matches('\'')) && !number { format!("'{cell}").into() } else { cell.into() }
}

/// The cell that was made harmless.
#[must_use]
pub fn original_cell(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

/// A spreadsheet would take the text for a formula.
#[must_use]
pub fn is_dangerous(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_equal_whatever_their_brackets_width_case_and_hidden_marks() {
        assert_eq!(fold_name("云海（中国）ＡＢ有限公司"), fold_name("云海(中国) ab有限\u{200b}公司"));
    }

    #[test]
    fn what_is_taken_for_plain_is_left_alone_by_nfkc() {
        let plain = ('\0'..=char::MAX).filter(|c| is_plain_char(*c));
        assert!(plain.clone().count() > 20_000);
        let text: String = plain.collect();
        assert!(text.nfkc().eq(text.chars()));
    }

    #[test]
    fn oddities_are_told_apart() {
        assert_eq!(oddities("云海市海岳机械制造有限公司（一期）"), Oddities::default());
        assert!(oddities("a\u{0}b").control);
        assert!(oddities("公\u{200b}司").invisible);
        assert!(oddities("公\u{202e}司").bidirectional);
        assert!(oddities("公\u{fffd}司").replacement);
        assert!(mixes_scripts("Аlpha") && !mixes_scripts("Alpha 公司"));
    }

    #[test]
    fn letters_that_look_alike_are_found_alike_and_marks_that_turn_are_not_shown() {
        for (written, typed) in [("АВС（山东）有限公司", "abc"), ("ΝΟΚΙΑ中国", "nokia"), ("Tоyоta", "toyota")]
        {
            assert!(fold_alike(&fold_name(written)).contains(&fold_alike(&fold_name(typed))), "{written}");
            assert!(!fold_name(written).contains(&fold_name(typed)), "compared they are two names: {written}");
        }
        assert_eq!(shown("云海\u{202e}市\u{2066}公司"), "云海市公司");
        assert!(matches!(shown("云海市公司"), std::borrow::Cow::Borrowed(_)));
    }

    #[test]
    fn a_formula_is_made_harmless_and_a_number_is_left() {
        assert_eq!(harmless_cell("=1+1"), "'=1+1");
        assert_eq!(harmless_cell("-0.5"), "-0.5");
        assert_eq!(harmless_cell("@x"), "'@x");
    }

    #[test]
    fn what_was_made_harmless_comes_back_as_it_was() {
        for cell in ["=1+1", "'=1+1", "''-x", "-0.5", "+86", "'quoted'", "plain", "", "\tx", "'"] {
            assert_eq!(original_cell(&harmless_cell(cell)), cell, "{cell:?}");
        }
    }
}
