//! Records with their versions and sources, and organisations' files walked along their numbers.

use crate::connection::Connection;
use crate::record::{self, Stored};
use crate::{Result, values};
use credence_domain::record::Identity;

/// A change with its number: of a record's version, standing or superseded, of an added source or of its withdrawal, of an
/// erasure, or of what one has emptied.
#[derive(Clone, Debug)]
pub struct Numbered {
    /// The organisation.
    pub uscc: String,
    /// The record.
    pub identity: Identity,
    /// Number in the organisation's file.
    pub seq: i64,
    /// Where its content stands.
    pub at: i64,
    /// Commitment.
    pub commitment: [u8; 32],
}

/// A step along an organisation's file.
#[derive(Clone, Debug)]
pub enum Step {
    /// A numbered change.
    Change(Numbered),
    /// Behind the last change: the organisation's row with the number that it holds.
    End {
        /// The organisation.
        uscc: String,
        /// Number of the last change.
        seq: i64,
    },
}

/// Walks along every organisation's file in order of (code, number): its changes, then its own row.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_step(connection: &mut Connection, mut look: impl FnMut(Step) -> Result<()>) -> Result<()> {
    connection.each(
        "select uscc, identity, seq, at, commitment from record
         union all select uscc, identity, seq, at, commitment from record_version
         union all select uscc, identity, seq, at, commitment from record_source
         union all select uscc, identity, seq, at, commitment from record_source_withdrawn
         union all select uscc, identity, withdrawn_seq, withdrawn_at, withdrawn_commitment from record_source_withdrawn
         union all select uscc, identity, seq, at, commitment from record_erased_change
         union all select uscc, identity, seq, at, commitment from record_erased
         union all select uscc, identity, seq, at, commitment from listing_step
         union all select uscc, identity, seq, at, commitment from measure_step
         union all select uscc, identity, seq, at, commitment from officer_step
         union all select uscc, identity, seq, at, commitment from repair_step
         union all select uscc, identity, seq, at, commitment from objection_step
         union all select uscc, null, seq, 9223372036854775807, null from subject
         order by 1, 3, 4",
        &[],
        |row| {
            let (uscc, seq) = (row.string(0)?, row.int(2)?);
            look(match row.opt_array(1)? {
                None => Step::End { uscc, seq },
                Some(identity) => Step::Change(Numbered {
                    uscc,
                    identity: Identity(identity),
                    seq,
                    at: row.int(3)?,
                    commitment: row.array(4)?,
                }),
            })
        },
    )
}

/// A superseded version with its packed content.
#[derive(Clone, Debug)]
pub struct Superseded {
    /// The organisation.
    pub uscc: String,
    /// The record.
    pub identity: Identity,
    /// Owner then.
    pub source: String,
    /// State then.
    pub state: String,
    /// Hold then.
    pub hold: String,
    /// Its number among the record's versions.
    pub version: i64,
    /// Number.
    pub seq: i64,
    /// Where its content stands.
    pub at: i64,
    /// The instant at which it was superseded.
    pub until_at: i64,
    /// Class then; empty where it was kept before classes were.
    pub class: String,
    /// Last day for publicity then.
    pub due_on: Option<i32>,
    /// First public day then.
    pub from_on: Option<i32>,
    /// Last public day then.
    pub through_on: Option<i32>,
    /// Salts; none when erased.
    pub salts: Option<([u8; 16], [u8; 16])>,
    /// Commitment.
    pub commitment: [u8; 32],
    /// Packed content; none when erased.
    pub packed: Option<Vec<u8>>,
}

/// Records read at once.
const AT_ONCE: i64 = 1024;

/// Hands on every record in order of (code, identity) with its superseded versions, oldest first. However large the
/// register is, only some thousand records are held at a time.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_record(
    connection: &mut Connection,
    mut look: impl FnMut(&Stored, &[Superseded]) -> Result<()>,
) -> Result<()> {
    each_page(connection, |page| page.each(&mut look))
}

/// Some thousand records that follow one another, with their superseded versions.
#[derive(Debug)]
pub struct Page {
    records: Vec<Stored>,
    versions: Vec<Superseded>,
}

impl Page {
    /// Hands on its records in order, each with its superseded versions, oldest first.
    ///
    /// # Errors
    /// Whatever `look` says.
    pub fn each(&self, mut look: impl FnMut(&Stored, &[Superseded]) -> Result<()>) -> Result<()> {
        let mut rest = self.versions.as_slice();
        for stored in &self.records {
            // Versions without a record are not looked at here: their numbers are.
            let key = (stored.uscc.as_str(), stored.identity.0);
            let start = rest.partition_point(|version| (version.uscc.as_str(), version.identity.0) < key);
            let (_, from_here) = rest.split_at_checked(start).unwrap_or((&[], &[]));
            let own = from_here.partition_point(|version| (version.uscc.as_str(), version.identity.0) <= key);
            let (own, behind) = from_here.split_at_checked(own).unwrap_or((&[], &[]));
            rest = behind;
            look(stored, own)?;
        }
        Ok(())
    }
}

/// Hands on every record as [`each_record`] does, page by page: for whoever looks at several pages at once.
///
/// # Errors
/// Whatever the database or `take` says.
pub fn each_page(connection: &mut Connection, mut take: impl FnMut(Page) -> Result<()>) -> Result<()> {
    let mut after = (String::new(), Vec::new());
    loop {
        let records = record::after(connection, &after.0, &after.1, AT_ONCE)?;
        let Some(last) = records.last() else { return Ok(()) };
        let versions = superseded(connection, &after, (&last.uscc, &last.identity.0))?;
        after = (last.uscc.clone(), last.identity.0.to_vec());
        take(Page { records, versions })?;
    }
}

fn superseded(
    connection: &mut Connection,
    after: &(String, Vec<u8>),
    last: (&str, &[u8; 16]),
) -> Result<Vec<Superseded>> {
    connection.rows(
        "select v.uscc, v.identity, v.source, v.state, v.hold, v.seq, v.salt, v.salt2, v.commitment, c.body,
                v.version, v.at, v.until_at, v.class, v.due_on, v.from_on, v.through_on
         from record_version v left join record_content c on c.at = v.at and c.uscc = v.uscc
         where (v.uscc, v.identity) > ($1, $2) and (v.uscc, v.identity) <= ($3, $4)
         order by v.uscc, v.identity, v.version",
        values![after.0.as_str(), after.1.as_slice(), last.0, last.1],
        |row| {
            Ok(Superseded {
                uscc: row.string(0)?,
                identity: Identity(row.array(1)?),
                source: row.string(2)?,
                state: row.string(3)?,
                hold: row.string(4)?,
                seq: row.int(5)?,
                salts: row.opt_array(6)?.zip(row.opt_array(7)?),
                commitment: row.array(8)?,
                packed: row.opt_blob(9)?.map(<[u8]>::to_vec),
                version: row.int(10)?,
                at: row.int(11)?,
                until_at: row.int(12)?,
                class: row.string(13)?,
                due_on: row.opt_small(14)?,
                from_on: row.opt_small(15)?,
                through_on: row.opt_small(16)?,
            })
        },
    )
}

/// What a change to the sources of a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceChange {
    /// A further unit sent the record.
    Added,
    /// It was taken back with its batch.
    Withdrawn,
}

/// A change to the sources of a record with what its commitment opens.
#[derive(Clone, Debug)]
pub struct ChangedSource {
    /// The organisation.
    pub uscc: String,
    /// The record.
    pub identity: Identity,
    /// The unit.
    pub source: String,
    /// What became of it.
    pub what: SourceChange,
    /// Number.
    pub seq: i64,
    /// Salts; none when erased.
    pub salts: Option<([u8; 16], [u8; 16])>,
    /// Commitment.
    pub commitment: [u8; 32],
    /// The record's public reference.
    pub reference: Option<[u8; 16]>,
}

/// Hands on every change to the sources of records.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_changed_source(
    connection: &mut Connection,
    mut look: impl FnMut(ChangedSource) -> Result<()>,
) -> Result<()> {
    connection.each(
        "select s.uscc, s.identity, s.source, s.seq, s.salt, s.salt2, s.commitment, r.reference, s.withdrawn
         from (select uscc, identity, source, seq, salt, salt2, commitment, 0 as withdrawn from record_source
               union all
               select uscc, identity, source, seq, salt, salt2, commitment, 0 from record_source_withdrawn
               union all
               select uscc, identity, source, withdrawn_seq, withdrawn_salt, withdrawn_salt2, withdrawn_commitment, 1
               from record_source_withdrawn) s
         left join record r on r.uscc = s.uscc and r.identity = s.identity
         order by s.uscc, s.seq",
        &[],
        |row| {
            look(ChangedSource {
                uscc: row.string(0)?,
                identity: Identity(row.array(1)?),
                source: row.string(2)?,
                what: if row.int(8)? == 0 { SourceChange::Added } else { SourceChange::Withdrawn },
                seq: row.int(3)?,
                salts: row.opt_array(4)?.zip(row.opt_array(5)?),
                commitment: row.array(6)?,
                reference: row.opt_array(7)?,
            })
        },
    )
}

/// An organisation's row with its registration, if one stands.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The organisation.
    pub uscc: String,
    /// Name on file.
    pub name: String,
    /// Marked as registered.
    pub registered: bool,
    /// The registration record's public reference.
    pub reference: Option<[u8; 16]>,
    /// Its packed content.
    pub packed: Option<Vec<u8>>,
    /// It waits for a person.
    pub waits: bool,
}

/// Hands on every organisation with its registration, in order of their codes.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_organisation(connection: &mut Connection, mut look: impl FnMut(Registered) -> Result<()>) -> Result<()> {
    connection.each(
        "select s.uscc, s.name, s.registered, r.reference, c.body, coalesce(r.state, '') from subject s
         left join record r on r.uscc = s.uscc and coalesce(r.item, '') = 'registration' and r.state <> 'withdrawn'
         left join record_content c on c.at = r.at and c.uscc = r.uscc
         order by s.uscc",
        &[],
        |row| {
            look(Registered {
                uscc: row.string(0)?,
                name: row.string(1)?,
                registered: row.int(2)? != 0,
                reference: row.opt_array(3)?,
                packed: row.opt_blob(4)?.map(<[u8]>::to_vec),
                waits: row.text(5)? == "held",
            })
        },
    )
}
