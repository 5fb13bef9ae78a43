//! What an evaluation is computed from: the public columns of records, without any content.

use crate::Result;
use crate::connection::{Connection, Row};
use crate::scope::View;
use crate::values;
use credence_domain::evaluation::Input;

/// One record as evaluation sees it, borrowed from the row being read.
#[derive(Debug)]
pub struct InputRow<'r> {
    /// The organisation.
    pub uscc: &'r str,
    identity: [u8; 16],
    reference: [u8; 16],
    item: &'r str,
    class: &'r str,
    source: &'r str,
    from_on: i32,
    through_on: Option<i32>,
}

impl<'r> InputRow<'r> {
    pub(super) fn read(row: &'r Row<'_>) -> Result<Self> {
        Ok(Self {
            uscc: row.text(0)?,
            identity: row.array(1)?,
            reference: row.array(2)?,
            item: row.text(3)?,
            class: row.text(4)?,
            source: row.text(5)?,
            from_on: row.opt_small(6)?.unwrap_or_default(),
            through_on: row.opt_small(7)?,
        })
    }

    /// The record as the function takes it.
    #[must_use]
    pub fn input(&self) -> Input<'_> {
        Input {
            reference: &self.reference,
            identity: &self.identity,
            item: self.item,
            class: self.class,
            source: self.source,
            public_from_on: self.from_on,
            public_through_on: self.through_on,
        }
    }
}

/// Hands on the records of an organisation that the view shows, in order of identities.
///
/// # Errors
/// Whatever the database says.
pub fn of_organisation(
    connection: &mut Connection,
    view: &View,
    uscc: &str,
    mut look: impl FnMut(&InputRow<'_>),
) -> Result<()> {
    connection.each(
        "select uscc, identity, reference, item, class, source, from_on, through_on from record
         where uscc = $1 and state = 'accepted' and from_on <= $2 and (through_on is null or through_on >= $3)
         order by identity",
        values![uscc, view.begun_by(), view.lasts_to()],
        |row| {
            look(&InputRow::read(row)?);
            Ok(())
        },
    )
}

/// The same for every organisation that is due behind `after` and up to `through`, in order of codes and identities.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_due(
    connection: &mut Connection,
    view: &View,
    after: &str,
    through: &str,
    mut look: impl FnMut(&InputRow<'_>) -> Result<()>,
) -> Result<()> {
    // The written order is the wished one: the short index of who is due leads, records follow by their key.
    connection.each(
        "select r.uscc, r.identity, r.reference, r.item, r.class, r.source, r.from_on, r.through_on
         from subject s cross join record r
         where s.due = 1 and s.uscc > $1 and s.uscc <= $2 and r.uscc = s.uscc and r.state = 'accepted'
           and r.from_on <= $3 and (r.through_on is null or r.through_on >= $4)
         order by s.uscc, r.identity",
        values![after, through, view.begun_by(), view.lasts_to()],
        |row| look(&InputRow::read(row)?),
    )
}
