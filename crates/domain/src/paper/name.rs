//! The name under which a file is kept: the sender's own, made harmless.

use super::{Kind, NAME_MAX_CHARS, rule};
use crate::listing::Refusal;
use crate::record::personal::carries_personal_number;

/// What a file is called whose name says nothing.
const UNNAMED: &str = "附件";

/// A name as it is kept: the last part of a path, without control characters, marks that turn the direction of writing, invisible
/// ones and signs that are none of a file's name anywhere; with an ending of its kind; at most [`NAME_MAX_CHARS`] long.
///
/// # Errors
/// When the ending is that of another kind, or the name tells a person's number.
pub fn kept_name(name: &str, kind: Kind) -> Result<String, Refusal> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| is_kept(*c)).collect();
    let clean = clean.trim_matches(|c: char| c == '.' || c.is_whitespace());
    rule::NAME_WRONG.demand(!carries_personal_number(clean))?;
    let (stem, ending) = clean.rsplit_once('.').unwrap_or((clean, ""));
    let (stem, ending) = match Kind::from_ending(ending) {
        Some(said) if said == kind => (stem, ending),
        Some(_) => return Err(rule::TYPE_WRONG.because(clean)),
        None => (clean, kind.endings().first().copied().unwrap_or_default()),
    };
    let stem = if stem.is_empty() { UNNAMED } else { stem };
    let room = NAME_MAX_CHARS.saturating_sub(ending.len() + 1);
    let stem: String = stem.chars().take(room).collect();
    Ok(format!("{}.{ending}", stem.trim_end_matches(['.', ' '])))
}

fn is_kept(c: char) -> bool {
    let invisible = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e007f}');
    !c.is_control() && !invisible && !matches!(c, '"' | '<' | '>' | '|' | ':' | '*' | '?' | '%' | ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(name: &str, kind: Kind) -> String {
        kept_name(name, kind).unwrap()
    }

    #[test]
    fn a_name_has_no_path_no_hidden_marks_and_the_ending_of_its_kind() {
        assert_eq!(kept("缴款凭证.pdf", Kind::Pdf), "缴款凭证.pdf");
        assert_eq!(kept("C:\\扫描\\缴款 凭证.PDF", Kind::Pdf), "缴款 凭证.PDF");
        assert_eq!(kept("../../etc/passwd", Kind::Png), "passwd.png");
        assert_eq!(kept("fdp\u{202e}凭证\u{200b}\r\n.jpeg", Kind::Jpeg), "fdp凭证.jpeg");
        assert_eq!(kept("x.exe", Kind::Pdf), "x.exe.pdf");
        assert_eq!(kept("a\"; filename=b.pdf", Kind::Pdf), "a filename=b.pdf");
        for nothing in ["", "/", "...", ".pdf", "\u{7}"] {
            assert!(matches!(kept(nothing, Kind::Pdf).as_str(), "附件.pdf" | "pdf.pdf"), "{nothing:?}");
        }
        let long = kept(&format!("{}.ofd", "长".repeat(500)), Kind::Ofd);
        assert!(long.chars().count() == NAME_MAX_CHARS && long.ends_with("长.ofd"));
    }

    #[test]
    fn a_name_that_says_another_kind_or_tells_a_number_is_refused() {
        assert_eq!(kept_name("scan.png", Kind::Pdf).unwrap_err().rule.code, "paper_type_wrong");
        assert_eq!(kept_name("379900199001010019.pdf", Kind::Pdf).unwrap_err().rule.code, "paper_name_wrong");
        assert_eq!(kept_name("电话13900000000.pdf", Kind::Pdf).unwrap_err().rule.code, "paper_name_wrong");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_kept_is_kept_again_as_it_is(name: String) {
            if let Ok(once) = kept_name(&name, Kind::Pdf) {
                assert!(once.chars().count() <= NAME_MAX_CHARS && !once.contains(['/', '\\', '"']));
                assert_eq!(kept_name(&once, Kind::Pdf).unwrap(), once);
            }
        }
    }
}
