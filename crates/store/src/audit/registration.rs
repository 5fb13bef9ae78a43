//! Organisations' rows beside every version of their registrations: what an organisation is said to be follows from these.

use crate::Result;
use crate::connection::Connection;

/// An organisation's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The organisation.
    pub uscc: String,
    /// Its name.
    pub name: String,
    /// The name folded.
    pub folded: String,
    /// A registration stands.
    pub registered: bool,
    /// Registration status.
    pub status: String,
    /// Area of registration.
    pub area: String,
    /// Kind of organisation.
    pub kind: String,
    /// Day of establishment.
    pub established_on: Option<i32>,
    /// The instant of the first change to its file.
    pub first_at: i64,
    /// Open name conflicts that the row counts.
    pub conflicts: i64,
    /// Open name conflicts that there are.
    pub open_conflicts: i64,
    /// Where the first change to its file stands; none where there is none.
    pub first_change: Option<i64>,
}

/// A version of a registration, standing or superseded.
#[derive(Clone, Debug)]
pub struct Told {
    /// The record's public reference.
    pub reference: [u8; 16],
    /// State.
    pub state: String,
    /// Where its content stands.
    pub at: i64,
    /// Packed content; none when erased.
    pub packed: Option<Vec<u8>>,
}

/// Hands on every organisation with every version of its registrations, in order of codes and of the numbers of the versions; one
/// without a registration once, with none.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_subject(
    connection: &mut Connection,
    mut look: impl FnMut(Subject, Option<Told>) -> Result<()>,
) -> Result<()> {
    connection.each(
        "select s.uscc, s.name, s.folded, s.registered, s.status, s.area, s.type, s.established_on, s.first_at, s.conflicts,
                (select count(*) from name_conflict n where n.uscc = s.uscc and n.resolved = ''),
                (select min(at) from (
                   select at from record where uscc = s.uscc and seq = 1
                   union all select at from record_version where uscc = s.uscc and seq = 1
                   union all select at from record_erased_change where uscc = s.uscc and seq = 1) f),
                v.reference, v.state, v.at, c.body
         from subject s
         left join (
           select uscc, reference, state, at, seq from record where item = 'registration'
           union all
           select o.uscc, r.reference, o.state, o.at, o.seq
           from record r join record_version o on o.uscc = r.uscc and o.identity = r.identity
           where r.item = 'registration') v on v.uscc = s.uscc
         left join record_content c on c.at = v.at and c.uscc = v.uscc
         order by s.uscc, v.seq",
        &[],
        |row| {
            let subject = Subject {
                uscc: row.string(0)?,
                name: row.string(1)?,
                folded: row.string(2)?,
                registered: row.int(3)? != 0,
                status: row.string(4)?,
                area: row.string(5)?,
                kind: row.string(6)?,
                established_on: row.opt_small(7)?,
                first_at: row.int(8)?,
                conflicts: row.int(9)?,
                open_conflicts: row.int(10)?,
                first_change: row.opt_int(11)?,
            };
            let told = match row.opt_array(12)? {
                None => None,
                Some(reference) => Some(Told {
                    reference,
                    state: row.string(13)?,
                    at: row.int(14)?,
                    packed: row.opt_blob(15)?.map(<[u8]>::to_vec),
                }),
            };
            look(subject, told)
        },
    )
}
