//! The four grades of the public credit evaluation.

use serde::{Deserialize, Serialize};

/// Grade of the public credit evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    /// 优
    A,
    /// 良
    B,
    /// 中
    C,
    /// 差
    D,
}

impl Grade {
    /// Every grade, best first.
    pub const ALL: [Grade; 4] = [Grade::A, Grade::B, Grade::C, Grade::D];

    /// The letter.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Grade::A => "A",
            Grade::B => "B",
            Grade::C => "C",
            Grade::D => "D",
        }
    }

    /// The grade of a letter.
    #[must_use]
    pub fn from_letter(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.letter() == letter)
    }

    /// The Chinese word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Grade::A => "优",
            Grade::B => "良",
            Grade::C => "中",
            Grade::D => "差",
        }
    }
}
