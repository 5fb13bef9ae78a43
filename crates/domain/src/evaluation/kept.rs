//! The bytes in which an evaluation is kept: lines and what would change the grade, small, and the same bytes for the same
//! evaluation, so that a replay can be compared to the byte.
//!
//! Numbers are varints, signed ones zigzag. A line is reference, position of its weight, points, owner; positions mean the
//! version of the model that scored, so bytes are read with no other.

use super::{Grade, Scored, ScoredChange, ScoredLine};

impl Scored {
    /// Lines and changes as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(2 + self.lines.len() * 40 + self.changes.len() * 28);
        number(&mut out, self.lines.len() as u64);
        for line in &self.lines {
            out.extend_from_slice(&line.reference);
            number(&mut out, line.weight as u64);
            signed(&mut out, line.points);
            number(&mut out, line.source.len() as u64);
            out.extend_from_slice(line.source.as_bytes());
        }
        number(&mut out, self.changes.len() as u64);
        for change in &self.changes {
            number(&mut out, u64::from(change.on.is_some()) + 2 * u64::from(change.reference.is_some()));
            if let Some(on) = change.on {
                signed(&mut out, i64::from(on));
            }
            out.extend_from_slice(change.reference.as_ref().map_or(&[], |reference| reference.as_slice()));
            out.extend_from_slice(change.grade.letter().as_bytes());
            signed(&mut out, change.points);
        }
        out
    }

    /// An evaluation from what is kept of it; `None` when the bytes are damaged.
    #[must_use]
    pub fn from_bytes(grade: Grade, points: i64, next_change_on: Option<i32>, bytes: &[u8]) -> Option<Self> {
        let mut rest = Rest(bytes);
        let mut lines = Vec::new();
        for _ in 0..rest.number()? {
            let reference = rest.reference()?;
            let weight = usize::try_from(rest.number()?).ok()?;
            let points = rest.signed()?;
            let length = usize::try_from(rest.number()?).ok()?;
            let source = std::str::from_utf8(rest.bytes(length)?).ok()?.into();
            lines.push(ScoredLine { reference, weight, source, points });
        }
        let mut changes = Vec::new();
        for _ in 0..rest.number()? {
            let has = rest.number()?;
            let on = if has & 1 == 1 { Some(i32::try_from(rest.signed()?).ok()?) } else { None };
            let reference = if has & 2 == 2 { Some(rest.reference()?) } else { None };
            let grade = Grade::from_letter(std::str::from_utf8(rest.bytes(1)?).ok()?)?;
            changes.push(ScoredChange { on, reference, grade, points: rest.signed()? });
        }
        rest.0.is_empty().then_some(Self { grade, points, next_change_on, lines, changes })
    }
}

fn number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn signed(out: &mut Vec<u8>, signed: i64) {
    number(out, ((signed << 1) ^ (signed >> 63)).cast_unsigned());
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn reference(&mut self) -> Option<[u8; 16]> {
        self.bytes(16)?.try_into().ok()
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes(1)?.first()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }
}
