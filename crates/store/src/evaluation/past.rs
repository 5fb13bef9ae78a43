//! An organisation's file as it stood at one of its numbers: what a replay computes from. For the office only: what has
//! ended since is among it.

use crate::connection::{Connection, Row};
use crate::scope::View;
use crate::{Result, values};
use credence_domain::evaluation::Input;

/// A record as it stood then.
#[derive(Clone, Debug)]
pub struct Past {
    identity: [u8; 16],
    reference: [u8; 16],
    /// Item.
    pub item: String,
    class: String,
    /// Owner then.
    pub source: String,
    state: String,
    from_on: Option<i32>,
    through_on: Option<i32>,
    /// Day of decision.
    pub decided_on: i32,
    /// Where its content of then stands.
    pub at: i64,
    /// It was erased since: its content is no longer held.
    pub is_erased: bool,
    seq: i64,
}

impl Past {
    /// As evaluation saw it; nothing where it had no public days.
    #[must_use]
    pub fn input(&self) -> Option<Input<'_>> {
        Some(Input {
            reference: &self.reference,
            identity: &self.identity,
            item: &self.item,
            class: &self.class,
            source: &self.source,
            public_from_on: self.from_on.filter(|_| self.state == "accepted")?,
            public_through_on: self.through_on,
        })
    }

    /// Its public reference.
    #[must_use]
    pub fn reference(&self) -> &[u8; 16] {
        &self.reference
    }

    /// Its identity.
    #[must_use]
    pub fn identity(&self) -> &[u8; 16] {
        &self.identity
    }

    /// Its stored state then.
    #[must_use]
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Its first and last public day as they stood then.
    #[must_use]
    pub const fn days(&self) -> (Option<i32>, Option<i32>) {
        (self.from_on, self.through_on)
    }

    /// Whether it was public then on a day.
    #[must_use]
    pub fn was_public_on(&self, day: i32) -> bool {
        crate::scope::is_public(&self.state, self.from_on, self.through_on, day)
    }
}

fn read(row: &Row<'_>) -> Result<Past> {
    Ok(Past {
        identity: row.array(0)?,
        reference: row.array(1)?,
        item: row.string(2)?,
        class: row.string(3)?,
        source: row.string(4)?,
        state: row.string(5)?,
        from_on: row.opt_small(6)?,
        through_on: row.opt_small(7)?,
        decided_on: row.opt_small(8)?.unwrap_or_default(),
        at: row.int(9)?,
        is_erased: row.text(10)? == "erased",
        seq: row.int(11)?,
    })
}

/// The records of an organisation as they stood when its file had number `seq`, in order of identities.
///
/// # Errors
/// Whatever the database says.
pub fn past_records(connection: &mut Connection, _office: &View, uscc: &str, seq: i64) -> Result<Vec<Past>> {
    // Every version up to the number; of each record the latest is kept.
    let mut versions = connection.rows(
        "select identity, reference, item, class, source, state, from_on, through_on, decided_on, at, state, seq
         from record where uscc = $1 and seq <= $2
         union all
         select v.identity, r.reference, r.item, v.class, v.source, v.state, v.from_on, v.through_on, r.decided_on,
                v.at, r.state, v.seq
         from record_version v join record r on r.uscc = v.uscc and r.identity = v.identity
         where v.uscc = $1 and v.seq <= $2
         union all
         select e.identity, r.reference, r.item, '', '', r.state, null, null, 0, e.at, r.state, e.seq
         from record_erased_change e join record r on r.uscc = e.uscc and r.identity = e.identity
         where e.uscc = $1 and e.seq <= $2",
        values![uscc, seq],
        read,
    )?;
    versions.sort_by(|one, other| (one.identity, other.seq).cmp(&(other.identity, one.seq)));
    versions.dedup_by_key(|version| version.identity);
    Ok(versions)
}

/// Every version of every record of the organisations from one code to another, in order of codes: for whoever verifies, with
/// [`at_number`].
///
/// # Errors
/// Whatever the database says.
pub fn versions_between(connection: &mut Connection, first: &str, last: &str) -> Result<Vec<(String, Past)>> {
    let mut versions = connection.rows(
        "select identity, reference, item, class, source, state, from_on, through_on, decided_on, at, state, seq, uscc
         from record where uscc >= $1 and uscc <= $2
         union all
         select v.identity, r.reference, r.item, v.class, v.source, v.state, v.from_on, v.through_on, r.decided_on,
                v.at, r.state, v.seq, v.uscc
         from record_version v join record r on r.uscc = v.uscc and r.identity = v.identity
         where v.uscc >= $1 and v.uscc <= $2
         union all
         select e.identity, r.reference, r.item, '', '', r.state, null, null, 0, e.at, r.state, e.seq, e.uscc
         from record_erased_change e join record r on r.uscc = e.uscc and r.identity = e.identity
         where e.uscc >= $1 and e.uscc <= $2",
        values![first, last],
        |row| Ok((row.string(12)?, read(row)?)),
    )?;
    versions.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(versions)
}

/// Of the versions of one organisation's records those that stood when its file had number `seq`, in order of identities.
pub fn at_number(versions: impl Iterator<Item = Past>, seq: i64) -> Vec<Past> {
    let mut versions: Vec<Past> = versions.filter(|version| version.seq <= seq).collect();
    versions.sort_by(|one, other| (one.identity, other.seq).cmp(&(other.identity, one.seq)));
    versions.dedup_by_key(|version| version.identity);
    versions
}

/// The number that an organisation's file had at an instant (microseconds); 0 before its first change. The instants are those of
/// the acts: a place says when its act was written only where the clock never went back, and is made greater than every
/// earlier one where it did.
///
/// # Errors
/// Whatever the database says.
pub fn number_at(connection: &mut Connection, _office: &View, uscc: &str, instant: i64) -> Result<i64> {
    let number = connection.first(NUMBER_AT, values![uscc, instant], |row| row.opt_int(0))?;
    Ok(number.flatten().unwrap_or_default())
}

/// Everything that takes a number of an organisation's file, with the place at which its act wrote it.
const NUMBER_AT: &str = "select max(change.seq) from (
       select seq, at from record where uscc = $1
       union all select seq, at from record_version where uscc = $1
       union all select seq, at from record_source where uscc = $1
       union all select seq, at from record_source_withdrawn where uscc = $1
       union all select withdrawn_seq, withdrawn_at from record_source_withdrawn where uscc = $1
       union all select seq, at from record_erased_change where uscc = $1
       union all select seq, at from record_erased where uscc = $1
       union all select seq, at from listing_step where uscc = $1
       union all select seq, at from measure_step where uscc = $1
       union all select seq, at from officer_step where uscc = $1
       union all select seq, at from repair_step where uscc = $1
       union all select seq, at from objection_step where uscc = $1
     ) change
     join chunk on chunk.no = change.at / 4096
     join act on act.uscc = chunk.uscc and act.id = chunk.act
     where act.at <= $2";
