//! What stands of erased records: tombstones (删除记载) for those who may see them, and what verification reads.

use crate::connection::Connection;
use crate::scope::{Scope, View};
use crate::{Result, values};
use credence_domain::erasure::Listed;
use credence_domain::record::Identity;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What is shown of an erased record: to its organisation and to the office and its auditors, to nobody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Its public reference.
    pub reference: [u8; 16],
    /// Item.
    pub item: String,
    /// Code of the clause.
    pub clause: String,
    /// The act.
    pub act: [u8; 16],
    /// Number of the erasure in the organisation's file.
    pub number: i64,
    /// The day.
    pub erased_on: Option<Date>,
}

/// The tombstones of an organisation that the view may see, oldest first.
///
/// # Errors
/// Whatever the database says.
pub fn tombstones(connection: &mut Connection, view: &View, uscc: &str) -> Result<Vec<Tombstone>> {
    let may = match &view.scope {
        Scope::Office => true,
        Scope::Organisation { usccs } => usccs.contains(uscc),
        Scope::Public | Scope::Unit { .. } | Scope::Partner { .. } => false,
    };
    if !may {
        return Ok(Vec::new());
    }
    connection.rows(
        "select r.reference, r.item, e.clause, e.act, e.seq, e.erased_on from record_erased e
         join record r on r.uscc = e.uscc and r.identity = e.identity where e.uscc = $1 order by e.seq",
        values![uscc],
        |row| {
            Ok(Tombstone {
                reference: row.array(0)?,
                item: row.string(1)?,
                clause: row.string(2)?,
                act: row.array(3)?,
                number: row.int(4)?,
                erased_on: row.opt_date(5)?,
            })
        },
    )
}

/// An erasure as verification reads it.
#[derive(Clone, Debug)]
pub struct Erased {
    /// The organisation.
    pub uscc: String,
    /// Keyed digest of the record's identity.
    pub identity: Identity,
    /// The record's public reference, while its row stands.
    pub reference: Option<[u8; 16]>,
    /// Item and number of versions that its row is kept with.
    pub kept: Option<(String, i64)>,
    /// Code of the clause.
    pub clause: String,
    /// The act.
    pub act: [u8; 16],
    /// Number of the erasure.
    pub seq: i64,
    /// Salts of its commitment.
    pub salts: ([u8; 16], [u8; 16]),
    /// Its commitment.
    pub commitment: [u8; 32],
    /// The changes that stand emptied, in order of numbers.
    pub emptied: Vec<Listed>,
}

/// Hands on every erasure.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_erased(connection: &mut Connection, mut look: impl FnMut(Erased) -> Result<()>) -> Result<()> {
    let mut emptied: BTreeMap<(String, [u8; 16]), Vec<Listed>> = BTreeMap::new();
    connection.each(
        "select uscc, identity, seq, commitment from record_erased_change
         union all select uscc, identity, seq, commitment from record where state = 'erased' order by 1, 2, 3",
        &[],
        |row| {
            let one = Listed { number: row.int(2)?, commitment: row.array(3)? };
            emptied.entry((row.string(0)?, row.array(1)?)).or_default().push(one);
            Ok(())
        },
    )?;
    let found = connection.rows(
        "select e.uscc, e.identity, r.reference, e.clause, e.act, e.seq, e.salt, e.salt2, e.commitment, r.item, r.version
         from record_erased e left join record r on r.uscc = e.uscc and r.identity = e.identity
         order by e.uscc, e.seq",
        &[],
        |row| {
            Ok(Erased {
                uscc: row.string(0)?,
                identity: Identity(row.array(1)?),
                reference: row.opt_array(2)?,
                kept: row.opt_text(9)?.map(str::to_owned).zip(row.opt_int(10)?),
                clause: row.string(3)?,
                act: row.array(4)?,
                seq: row.int(5)?,
                salts: (row.array(6)?, row.array(7)?),
                commitment: row.array(8)?,
                emptied: Vec::new(),
            })
        },
    )?;
    for one in found {
        let emptied = emptied.remove(&(one.uscc.clone(), one.identity.0)).unwrap_or_default();
        look(Erased { emptied, ..one })?;
    }
    Ok(())
}

/// Something of a record that is left though it was erased, or gone though it was not.
#[derive(Clone, Debug)]
pub struct Leftover {
    /// The organisation.
    pub uscc: String,
    /// The record's public reference, where a record stands behind it.
    pub reference: Option<[u8; 16]>,
    /// What is wrong.
    pub problem: &'static str,
}

/// Places where something of a record is left that its erasure should have taken, or where a salt is gone without one.
///
/// # Errors
/// Whatever the database says.
pub fn leftovers(connection: &mut Connection) -> Result<Vec<Leftover>> {
    let mut found = Vec::new();
    for (problem, sql) in LEFT {
        found.extend(
            connection
                .rows(sql, &[], |row| Ok(Leftover { uscc: row.string(0)?, reference: row.opt_array(1)?, problem }))?,
        );
    }
    Ok(found)
}

/// What is looked for.
const LEFT: &[(&str, &str)] = &[
    (
        "content of an erased record is stored",
        "select e.uscc, r.reference from (select uscc, identity, at from record where state = 'erased'
           union all select uscc, identity, at from record_erased_change) e
         join record_content c on c.at = e.at and c.uscc = e.uscc
         left join record r on r.uscc = e.uscc and r.identity = e.identity where c.body is not null",
    ),
    (
        "an erased record keeps salts or columns of its content",
        "select uscc, reference from record where state = 'erased' and (salt is not null or salt2 is not null or source <> ''
           or authority <> '' or decided_on <> 0 or hold <> '' or class <> '' or pack <> '' or due_on is not null
           or due_by_law_on is not null or published_on is not null or from_on is not null or through_on is not null
           or repair_from_on is not null or authority_area <> '' or registered_area <> '')",
    ),
    (
        "an erased record has versions, sources, marks, claims or withheld fields",
        "select r.uscc, r.reference from record r where r.state = 'erased' and (
           exists (select 1 from record_version v where v.uscc = r.uscc and v.identity = r.identity)
           or exists (select 1 from record_source s where s.uscc = r.uscc and s.identity = r.identity)
           or exists (select 1 from record_source_withdrawn s where s.uscc = r.uscc and s.identity = r.identity)
           or exists (select 1 from record_secret_mark m where m.uscc = r.uscc and m.identity = r.identity)
           or exists (select 1 from record_secret k where k.uscc = r.uscc and k.at = r.at)
           or exists (select 1 from record_withheld w where w.uscc = r.uscc and w.identity = r.identity)
           or exists (select 1 from secrecy_claim c where c.uscc = r.uscc and c.identity = r.identity))",
    ),
    (
        "a record is erased and no act says so",
        "select r.uscc, r.reference from record r where r.state = 'erased' and not exists (
           select 1 from record_erased e where e.uscc = r.uscc and e.identity = r.identity)",
    ),
    (
        "an act erased a record that stands",
        "select e.uscc, null from record_erased e where not exists (select 1 from record r where r.uscc = e.uscc
           and r.identity = e.identity and r.state = 'erased')",
    ),
    (
        "salts or content are gone and no act erased them",
        "select r.uscc, r.reference from record r left join record_content c on c.at = r.at and c.uscc = r.uscc
         where r.state <> 'erased' and (r.salt is null or r.salt2 is null or c.body is null)
         union all
         select v.uscc, r.reference from record_version v
         left join record r on r.uscc = v.uscc and r.identity = v.identity
         left join record_content c on c.at = v.at and c.uscc = v.uscc
         where v.salt is null or v.salt2 is null or c.body is null
         union all
         select s.uscc, r.reference from record_source s left join record r on r.uscc = s.uscc and r.identity = s.identity
         where s.salt is null or s.salt2 is null
         union all
         select s.uscc, r.reference from record_source_withdrawn s
         left join record r on r.uscc = s.uscc and r.identity = s.identity
         where s.salt is null or s.salt2 is null or s.withdrawn_salt is null or s.withdrawn_salt2 is null",
    ),
];
