//! The unified social credit code (统一社会信用代码) by GB 32100-2015: alphabet, check symbol, repair suggestions.
//!
//! Positions 1–2 may be any of the 31 symbols (registrars Y, N and A exist beside the digits), positions 3–8
//! are the digits of the region of first registration. The inner check of the organisation code is not judged here.

use std::fmt;

/// The 31 symbols of GB 32100-2015 in the order of their values: no I, O, S, V, Z.
pub const SYMBOLS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The length of a code in characters.
pub const LENGTH: usize = 18;
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// A code whose form and check symbol are right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc([u8; LENGTH]);

/// Why a text is not a unified social credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsccError {
    /// Not 18 characters. A 15-digit registration number and a 9- or 13-character organisation code end here.
    #[error("wrong length: {0} characters instead of 18")]
    Length(usize),
    /// A character outside the alphabet at this position (counted from 1).
    #[error("character at position {0} is not one of the 31 symbols")]
    Symbol(usize),
    /// Positions 3–8 must be digits (region code); the position counts from 1.
    #[error("position {0} belongs to the region code and must be a digit")]
    Region(usize),
    /// The check symbol does not fit the other 17.
    #[error("check symbol does not match")]
    Check,
}

impl UsccError {
    /// What is wrong, in Chinese, for people.
    #[must_use]
    pub fn told(self) -> String {
        match self {
            UsccError::Length(15) => "15位的是旧工商注册号，请改用18位统一社会信用代码".to_owned(),
            UsccError::Length(9 | 10) => "9位的是组织机构代码，它是统一社会信用代码的第9至17位".to_owned(),
            UsccError::Length(found) => format!("统一社会信用代码是18位，这里有{found}位"),
            UsccError::Symbol(at) => {
                format!("第{at}位不是代码用的字符：代码不使用字母 I、O、S、V、Z，请核对是否应为数字1、0、5、2")
            }
            UsccError::Region(at) => format!("第{at}位应为数字：第3至8位是登记管理机关行政区划码"),
            UsccError::Check => "校验位与前17位不符，其中有一位或几位写错了".to_owned(),
        }
    }

    /// The stable code that answers carry (rulebook/codes.toml).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            UsccError::Length(_) => "uscc_length",
            UsccError::Symbol(_) => "uscc_symbol",
            UsccError::Region(_) => "uscc_region",
            UsccError::Check => "uscc_check",
        }
    }
}

const fn values() -> [u8; 128] {
    let mut table = [255u8; 128];
    let mut i = 0;
    while i < SYMBOLS.len() {
        table[SYMBOLS[i] as usize] = i as u8;
        i += 1;
    }
    table
}
const VALUES: [u8; 128] = values();

fn value(symbol: u8) -> Option<u32> {
    VALUES.get(usize::from(symbol)).filter(|v| **v != 255).map(|v| u32::from(*v))
}

/// The check symbol for the first 17 symbols of a code; `None` when one of them is no symbol.
#[must_use]
pub fn check_symbol(body: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (symbol, weight) in body.iter().zip(WEIGHTS) {
        sum += value(*symbol)? * weight;
    }
    SYMBOLS.get(((31 - sum % 31) % 31) as usize).copied()
}

impl Uscc {
    /// Judges a text exactly as it stands: no folding of case or width.
    ///
    /// # Errors
    /// The first reason that makes it no code, see [`UsccError`].
    pub fn parse(text: &str) -> Result<Self, UsccError> {
        let Ok(symbols) = <[u8; LENGTH]>::try_from(text.as_bytes()) else {
            return Err(match text.chars().position(|c| !c.is_ascii()) {
                Some(at) => UsccError::Symbol(at + 1),
                None => UsccError::Length(text.chars().count()),
            });
        };
        for (i, symbol) in symbols.iter().enumerate() {
            if value(*symbol).is_none() {
                return Err(UsccError::Symbol(i + 1));
            }
            if (2..8).contains(&i) && !symbol.is_ascii_digit() {
                return Err(UsccError::Region(i + 1));
            }
        }
        let (body, check) = symbols.split_at(LENGTH - 1);
        if check_symbol(body) != check.first().copied() {
            return Err(UsccError::Check);
        }
        Ok(Self(symbols))
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Positions 1–2: registration department and kind of organisation.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.as_str().get(..2).unwrap_or_default()
    }

    /// Positions 3–8: region of first registration (GB/T 2260). It stays when the region is abolished.
    #[must_use]
    pub fn region(&self) -> &str {
        self.as_str().get(2..8).unwrap_or_default()
    }

    /// Positions 9–17: the organisation code (GB 11714).
    #[must_use]
    pub fn organisation_code(&self) -> &str {
        self.as_str().get(8..17).unwrap_or_default()
    }

    /// True in region 379900, which no registrar uses: synthetic organisations for demonstration and tests.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        self.region() == "379900"
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text with full-width characters narrowed, letters in upper case and white space taken away.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'))
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// Valid codes that differ from the text in exactly one character: what one mistyped character may have been. First the one
/// with another check symbol alone, the likeliest where nothing else is odd; then in order of position and symbol. A text
/// without its last symbol gets the one that fits. Empty for texts of other lengths.
#[must_use]
pub fn suggestions(text: &str) -> Vec<Uscc> {
    let folded: Vec<char> = fold(text).chars().collect();
    if !matches!(folded.len(), 17 | LENGTH) {
        return Vec::new();
    }
    let body: String = folded.iter().take(LENGTH - 1).collect();
    let checked = check_symbol(body.as_bytes()).map(|check| format!("{body}{}", char::from(check)));
    let mut found: Vec<Uscc> = checked
        .filter(|checked| folded.len() < LENGTH || !checked.chars().eq(folded.iter().copied()))
        .and_then(|checked| Uscc::parse(&checked).ok())
        .into_iter()
        .collect();
    if folded.len() < LENGTH {
        return found;
    }
    for at in 0..LENGTH - 1 {
        for symbol in SYMBOLS {
            let candidate: String =
                folded.iter().enumerate().map(|(i, c)| if i == at { char::from(*symbol) } else { *c }).collect();
            if folded.get(at) != Some(&char::from(*symbol))
                && let Ok(code) = Uscc::parse(&candidate)
            {
                found.push(code);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_and_synthetic_codes_of_every_registrar_are_valid() {
        for code in [
            "91110000600037341L",
            "91230500MA1B3N1N2M",
            "11230500001755309F",
            "91320105780688132K",
            "91379900MA0TE5T16G",
            "91379900MA0TE0026R",
            "92379900MA0TE0034H",
            "93379900MA0TE00429",
            "123799000000000510",
            "5137990000000006XN",
            "Y1379900MA0TE0077C",
            "11379900000000086M",
        ] {
            assert_eq!(Uscc::parse(code).map(|c| c.to_string()), Ok(code.to_owned()));
        }
    }

    #[test]
    fn a_single_changed_character_is_always_found_and_the_right_code_is_suggested() {
        let right = "91379900MA0TE5T16G";
        for at in 0..LENGTH {
            for symbol in SYMBOLS {
                let mut wrong = right.as_bytes().to_vec();
                if wrong[at] == *symbol {
                    continue;
                }
                wrong[at] = *symbol;
                let wrong = String::from_utf8(wrong).unwrap();
                assert!(Uscc::parse(&wrong).is_err(), "{wrong}");
                assert!(suggestions(&wrong).iter().any(|c| c.as_str() == right), "{wrong}");
            }
        }
    }

    #[test]
    fn another_check_symbol_alone_is_suggested_first_and_a_missing_one_is_completed() {
        let right = "91379900MA0TE5T16G";
        for wrong in ["91379900MA0TE5T16H", "91379900MA0TE5T16O", "91379900MA0TE5T16"] {
            assert_eq!(suggestions(wrong).first().map(Uscc::as_str), Some(right), "{wrong}");
        }
        assert_eq!(suggestions("91379900MA0TE5T16").len(), 1);
        assert!(suggestions("91379900MA0TE5T1").is_empty() && suggestions("公司").is_empty());
        // A code that is right has nothing to mend but what one more mistake would make of it.
        assert!(suggestions(right).is_empty());
    }

    #[test]
    fn lower_case_and_full_width_are_not_accepted_but_fold_to_the_right_code() {
        assert_eq!(Uscc::parse("91379900ma0te5t16g"), Err(UsccError::Symbol(9)));
        assert_eq!(Uscc::parse("９1379900MA0TE5T16G"), Err(UsccError::Symbol(1)));
        assert_eq!(fold("９1379900ma0te5t16g "), "91379900MA0TE5T16G");
        assert_eq!(Uscc::parse("370100200000010"), Err(UsccError::Length(15)));
    }
}
