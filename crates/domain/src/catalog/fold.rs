//! Folds headers and code values before comparison: width, brackets, case, white space and invisible marks.

use unicode_normalization::UnicodeNormalization;

/// The text as it is compared: NFKC, round brackets, upper case, without white space, quotes, invisible marks,
/// underscores and hyphens.
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfkc()
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
                && !matches!(c, '_' | '-' | '"' | '\'' | '“' | '”')
        })
        .map(|c| match c {
            '〔' | '【' | '[' | '「' | '〖' | '{' => '(',
            '〕' | '】' | ']' | '」' | '〗' | '}' => ')',
            c => c.to_ascii_uppercase(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn brackets_width_case_and_marks_do_not_matter() {
        let plain = fold("行政相对人代码_1(统一社会信用代码)");
        for text in ["\u{feff}行政相对人代码_1（统一社会信用代码）", "行政相对人代码＿１ 【统一社会信用代码】"]
        {
            assert_eq!(fold(text), plain);
        }
        assert_eq!(fold("cf_wsh"), fold("CF_WSH"));
    }
}
