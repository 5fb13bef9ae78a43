//! Terms: pairs of neighbouring characters, and single ones. Our tokenizer, since a stock one divides Chinese into words and misses every
//! query that is not a word.

use sha2::{Digest, Sha256};

/// What a term was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// A name.
    Name,
    /// A code.
    Code,
    /// A single character of a name.
    Character,
}

/// The terms of a text, in order and with repetitions; none for a text of one character.
pub fn terms(space: Space, text: &str) -> impl Iterator<Item = u64> {
    text.chars().zip(text.chars().skip(1)).map(move |(first, second)| {
        // A character has 21 bits.
        (space as u64) << 42 | u64::from(u32::from(first)) << 21 | u64::from(u32::from(second))
    })
}

/// The single characters of a name, in order and with repetitions: a question may fold to one of them.
pub fn characters(text: &str) -> impl Iterator<Item = u64> {
    text.chars().map(|character| (Space::Character as u64) << 42 | u64::from(u32::from(character)))
}

/// Where a whole text stands: the current name, or an old number.
pub fn whole(kind: u8, text: &str) -> u64 {
    let digest = Sha256::new().chain_update([kind]).chain_update(text.as_bytes()).finalize();
    digest.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Kind of a whole text: the current name.
pub const NAME: u8 = b'n';
/// Kind of a whole text: an old number.
pub const ALIAS: u8 = b'a';
