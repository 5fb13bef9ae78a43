//! Identities already seen in a file: the second row of an identity is unchanged if equal, else rejected with both lines.
//!
//! Kept for the whole file and built again on a resume: 16 bytes a row in one sorted array, merged window by window; beyond
//! a million rows the array goes to disk ([`super::spill`]), so that memory does not grow with the file.
//! The stored batch cannot serve for this, for an unchanged first row writes nothing.

use super::spill::Spill;
use std::io;

/// Marks kept in memory: 16 MB.
const IN_MEMORY: usize = 1 << 20;

/// A row by the first bytes of its identity and content digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// First eight bytes of the identity.
    pub identity: u64,
    /// Line in the file.
    pub line: u32,
    /// First four bytes of the content's digest.
    pub content: u32,
}

/// What a row repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeats {
    /// Line of the first row of this identity.
    pub first_line: u32,
    /// The contents are the same.
    pub equal: bool,
}

/// Which identities may have come before: a bitmap, so never a wrong no and seldom a wrong yes. It decides nothing; it tells
/// of which rows the text must be kept until [`Seen`] has decided.
#[derive(Debug)]
pub struct Perhaps {
    bits: Vec<u64>,
}

/// Eight megabytes: among five million identities one new one in fourteen is kept for nothing.
const WORDS: usize = 1 << 20;

impl Default for Perhaps {
    fn default() -> Self {
        Self { bits: vec![0; WORDS] }
    }
}

impl Perhaps {
    /// Takes an identity in; true when it may have come before.
    pub fn insert(&mut self, identity: u64) -> bool {
        // An identity is a digest already: its lower bits are as good as any.
        let (word, bit) = ((identity >> 6) as usize % WORDS, 1 << (identity & 63));
        let Some(place) = self.bits.get_mut(word) else { return true };
        let before = *place & bit != 0;
        *place |= bit;
        before
    }
}

/// All rows of a file so far, in order of identity.
#[derive(Debug, Default)]
pub struct Seen {
    /// The latest.
    marks: Vec<Mark>,
    /// The others.
    spill: Spill,
}

impl Seen {
    /// Takes a window in; gives for each of its rows what it repeats, if anything. `may_repeat` says of a line whether
    /// [`Perhaps`] had seen its identity: only for these the disk is asked.
    ///
    /// # Errors
    /// When the disk cannot be read or written.
    pub fn take(&mut self, window: &[Mark], may_repeat: impl Fn(u32) -> bool) -> io::Result<Vec<Option<Repeats>>> {
        let mut order: Vec<usize> = (0..window.len()).collect();
        order.sort_unstable_by_key(|at| window.get(*at).copied());
        let mut repeats = vec![None; window.len()];
        let mut fresh: Vec<Mark> = Vec::with_capacity(window.len());
        let mut old = self.marks.iter().peekable();
        for at in order {
            let Some(mark) = window.get(at) else { continue };
            while old.next_if(|seen| seen.identity < mark.identity).is_some() {}
            let first = match old.peek() {
                Some(seen) if seen.identity == mark.identity => Some(**seen),
                _ => match fresh.last().copied().filter(|last| last.identity == mark.identity) {
                    None if may_repeat(mark.line) => self.spill.find(mark.identity)?,
                    last => last,
                },
            };
            match first {
                Some(first) => {
                    if let Some(place) = repeats.get_mut(at) {
                        *place = Some(Repeats { first_line: first.line, equal: first.content == mark.content });
                    }
                }
                None => fresh.push(*mark),
            }
        }
        self.merge(&fresh);
        if self.marks.len() > IN_MEMORY {
            self.spill.merge(&self.marks)?;
            self.marks.clear();
        }
        Ok(repeats)
    }

    /// Merges from the back, in place: both arrays are sorted and no identity is in both.
    fn merge(&mut self, fresh: &[Mark]) {
        let (mut left, mut right) = (self.marks.len(), fresh.len());
        self.marks.extend_from_slice(fresh);
        let mut to = self.marks.len();
        while right > 0 && left > 0 {
            let (Some(a), Some(b)) = (self.marks.get(left - 1).copied(), fresh.get(right - 1).copied()) else { break };
            to -= 1;
            let bigger = if a > b {
                left -= 1;
                a
            } else {
                right -= 1;
                b
            };
            if let Some(place) = self.marks.get_mut(to) {
                *place = bigger;
            }
        }
        if left == 0
            && let (Some(places), Some(rest)) = (self.marks.get_mut(..right), fresh.get(..right))
        {
            places.copy_from_slice(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    #[test]
    fn an_identity_that_came_before_is_always_suspected() {
        let mut perhaps = Perhaps::default();
        let numbers = || (0..1000u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        assert!(numbers().filter(|n| perhaps.insert(*n)).count() < 5);
        assert!(numbers().all(|n| perhaps.insert(n)));
    }

    proptest! {
        #[test]
        fn every_repetition_is_found_across_windows(rows in proptest::collection::vec((0u64..40, 0u32..2), 0..200), size in 1usize..30) {
            let marks: Vec<Mark> = rows.iter().enumerate()
                .map(|(i, (identity, content))| Mark { identity: *identity, line: i as u32 + 2, content: *content }).collect();
            let mut seen = Seen::default();
            let mut first: HashMap<u64, Mark> = HashMap::new();
            for window in marks.chunks(size) {
                for (mark, found) in window.iter().zip(seen.take(window, |_| true).unwrap()) {
                    let expected = first.get(&mark.identity)
                        .map(|f| Repeats { first_line: f.line, equal: f.content == mark.content });
                    prop_assert_eq!(found, expected);
                    first.entry(mark.identity).or_insert(*mark);
                }
            }
        }
    }
}
