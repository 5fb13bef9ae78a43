//! 个人信息保护法 四十七: what was erased is gone from everywhere, and an act of two persons says so, by which clause, and of which
//! changes.

use super::{Check, Requirement};
use crate::verify::case::{ErasureHeader, Reading};
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::erasure::statement;
use credence_store::audit;
use credence_store::change::commitment;
use credence_store::connection::Connection;
use credence_store::erasure::{self, Erased};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "erased",
    source: "个人信息保护法",
    article: "四十七",
    demand: "an erased record has its act by two persons, which lists its changes and names its clause; nothing of its content is left, and no salt or head of an act is gone without one",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut done: BTreeMap<[u8; 16], &ErasureHeader> = BTreeMap::new();
    for (id, act) in &reading.acts {
        done.extend(act.header.erasure.as_ref().map(|header| (*id, header)));
    }
    let said: BTreeMap<[u8; 16], [u8; 32]> = done.values().flat_map(|header| header.heads.clone()).collect();
    let mut witnesses: BTreeMap<String, [u8; 16]> = BTreeMap::new();
    let mut waiting = done.clone();
    erasure::each_erased(connection, |erased| {
        let header = waiting.remove(&erased.act);
        witnesses.entry(erased.uscc.clone()).or_insert(erased.act);
        let problem = judge(&erased, header, reading);
        tally.expect(problem.is_none(), || Example {
            uscc: erased.uscc.clone(),
            record: erased.reference.as_ref().map(|reference| hex(reference)),
            act: Some(hex(&erased.act)),
            problem: problem.unwrap_or_default().to_owned(),
        });
        Ok(())
    })?;
    for (id, _) in waiting {
        tally.fail(Example {
            uscc: reading.acts.get(&id).map(|act| act.uscc.to_string()).unwrap_or_default(),
            act: Some(hex(&id)),
            problem: "the act says that it erased a record, which is not known as erased".to_owned(),
            ..Example::default()
        });
    }
    check_left(connection, reading, &witnesses, tally)?;
    audit::each_act(connection, |act| {
        if let Some(leaf) = act.leaf {
            tally.expect(said.get(&act.id) == Some(&leaf), || Example {
                uscc: act.uscc.clone(),
                act: Some(hex(&act.id)),
                problem: "its head was emptied and no erasure says so".to_owned(),
                ..Example::default()
            });
        }
        Ok(())
    })
}

/// What is wrong with an erasure; nothing where it is sound.
fn judge(erased: &Erased, header: Option<&ErasureHeader>, reading: &Reading) -> Option<&'static str> {
    let Some(header) = header else { return Some("no act says that the record was erased") };
    let reference = erased.reference.as_ref().map(|reference| hex(reference)).unwrap_or_default();
    let public = Sha256::digest(statement(&erased.uscc, &reference, &erased.clause)).into();
    let (salt, salt2) = &erased.salts;
    let computed = commitment(salt, salt2, erased.seq, &public, &Sha256::digest(b"{}").into());
    let rulebook = reading.acts.get(&erased.act).and_then(|act| reading.rulebooks.get(&act.header.rulebook?));
    let clause = rulebook.and_then(|rulebook| rulebook.erasure.any_clause(&erased.clause));
    if header.record != reference || header.clause != erased.clause {
        Some("the act speaks of another record or clause")
    } else if erased.kept.is_some() && header.kept.is_some() && erased.kept != header.kept {
        Some("the record is kept with another item or number of versions than the act says")
    } else if header.listed != erased.emptied {
        Some("the act does not list the changes that stand emptied")
    } else if clause.is_none_or(|clause| clause.basis() != header.basis) {
        Some("the clause is not one of the rulebook of the day")
    } else if !header.by_two {
        Some("one person alone erased the record")
    } else if computed != erased.commitment {
        Some("the erasure's own change was changed")
    } else {
        None
    }
}

/// What is left, or gone without an act: named with the act that erased something of the organisation, else with its last.
fn check_left(
    connection: &mut Connection,
    reading: &Reading,
    witnesses: &BTreeMap<String, [u8; 16]>,
    tally: &mut Tally,
) -> credence_store::Result<()> {
    for erasure::Leftover { uscc, reference, problem } in erasure::leftovers(connection)? {
        let last = || reading.acts.iter().filter(|(_, act)| *act.uscc == uscc).max_by_key(|(_, act)| act.header.at);
        let act = witnesses.get(&uscc).copied().or_else(|| last().map(|(id, _)| *id));
        tally.fail(Example {
            record: reference.map(|reference| hex(&reference)),
            act: act.map(|id| hex(&id)),
            uscc,
            problem: problem.to_owned(),
        });
    }
    Ok(())
}
