//! Evaluations as they are kept, and what they are computed from.
//!
//! Serves 鲁信用办〔2019〕8号 art. 七. What is kept is derived: the same bytes follow again from the organisation's file up to
//! `seq`, the rule room `rules` and the day. So keeping it changes nothing that anyone sees, no act is made of it, and a
//! reader that finds another number, another digest or a later day computes anew. The function itself is `domain`'s.

mod due;
mod input;
mod past;
mod put;
mod whole;

pub use due::{Due, Seat, due, due_count, mark_due, seats};
pub use input::{InputRow, each_due, of_organisation};
pub use past::{Past, at_number, number_at, past_records, versions_between};
pub use put::{Packed, forget, put, settle, unmark};
pub use whole::{Part, code_at, each_in, estimate, extent, hold, subject_count};

use crate::connection::{Connection, Row};
use crate::scope::View;
use crate::{Result, StoreError, values};
use credence_domain::evaluation::{Grade, Scored};

/// A kept evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The organisation.
    pub uscc: String,
    /// Number of the last change to its file that was looked at.
    pub seq: i64,
    /// Digest of the rule room that evaluates.
    pub rules: [u8; 32],
    /// Digest of the whole edition.
    pub rulebook: [u8; 32],
    /// The model.
    pub model: String,
    /// Day for which it was computed.
    pub as_of: i32,
    /// Instant at which it was kept; the act's or the sweep's own when it is written.
    pub decided_at: i64,
    /// The evaluation.
    pub scored: Scored,
}

impl Kept {
    /// Whether it still says what the same computation would say: of the same file, under the same rules, on a day
    /// before anything changes by itself.
    #[must_use]
    pub fn is_fresh(&self, seq: i64, rules: &[u8; 32], day: i32) -> bool {
        self.seq == seq
            && self.rules == *rules
            && self.as_of <= day
            && self.scored.next_change_on.is_none_or(|next| day < next)
    }
}

fn read(row: &Row<'_>) -> Result<Kept> {
    let uscc = row.string(0)?;
    let broken = || StoreError::Inconsistent(format!("the evaluation of {uscc} is damaged"));
    let grade = Grade::from_letter(row.text(8)?).ok_or_else(broken)?;
    let scored = Scored::from_bytes(grade, row.int(9)?, row.opt_small(7)?, row.blob(10)?).ok_or_else(broken)?;
    Ok(Kept {
        seq: row.int(1)?,
        rules: row.array(2)?,
        rulebook: row.array(3)?,
        model: row.string(4)?,
        as_of: row.opt_small(5)?.unwrap_or_default(),
        decided_at: row.int(6)?,
        scored,
        uscc,
    })
}

/// The kept evaluation of an organisation, fresh or not: it speaks of public records only, so anyone may see it whom the
/// rules show the grade.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, _view: &View, uscc: &str) -> Result<Option<Kept>> {
    connection.first(
        "select uscc, seq, rules, rulebook, model, as_of, decided_at, next_change_on, grade, points, body
         from evaluation where uscc = $1",
        values![uscc],
        read,
    )
}

/// Hands on every kept evaluation in order of codes. For the office only: replay.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each(connection: &mut Connection, _view: &View, mut look: impl FnMut(Kept) -> Result<()>) -> Result<()> {
    connection.each(
        "select uscc, seq, rules, rulebook, model, as_of, decided_at, next_change_on, grade, points, body
         from evaluation order by uscc",
        &[],
        |row| look(read(row)?),
    )
}

/// The next kept evaluations behind a code, in order of codes, with their organisations; none for one that is damaged: for whoever
/// verifies.
///
/// # Errors
/// Whatever the database says.
pub fn after(connection: &mut Connection, uscc: &str, limit: i64) -> Result<Vec<(String, Option<Kept>)>> {
    connection.rows(
        "select uscc, seq, rules, rulebook, model, as_of, decided_at, next_change_on, grade, points, body
         from evaluation where uscc > $1 order by uscc limit $2",
        values![uscc, limit],
        |row| Ok((row.string(0)?, read(row).ok())),
    )
}

/// How many organisations have each grade by what is kept, best first. A count over the whole register, of no one.
///
/// # Errors
/// Whatever the database says.
pub fn count_by_grade(connection: &mut Connection) -> Result<Vec<(String, u64)>> {
    connection.rows("select grade, count(*) from evaluation group by grade order by grade", &[], |row| {
        Ok((row.string(0)?, row.int(1)?.unsigned_abs()))
    })
}
