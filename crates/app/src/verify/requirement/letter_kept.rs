//! 十二, 十四, 十五, 十八: a letter says what it said when it was made: the act that wrote it holds its digest, and has its letter.
//!
//! Letters that an older program wrote have no digest in their acts; `letter_number` and the requirements of their cases speak of
//! these. From the day of the first act that holds one on, every letter has one.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::{hex, unhex};
use credence_store::clock::civil_date;
use credence_store::connection::Connection;
use credence_store::{audit, letter};
use serde_json::Value;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "letter_kept",
    source: FOUNDING,
    article: "十二",
    demand: "every letter is the one whose digest its act holds, and every such digest has its letter",
    check: Check::Whole(check),
};

/// An act that wrote a letter.
struct Writing {
    act: [u8; 16],
    uscc: String,
}

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut written: BTreeMap<[u8; 32], Writing> = BTreeMap::new();
    let mut since = i64::MAX;
    audit::each_act(connection, |act| {
        // Parsing is for the few that write letters.
        if !act.header.contains("\"letters\"") {
            return Ok(());
        }
        let header: Value = serde_json::from_str(&act.header).unwrap_or_default();
        let digests =
            header.pointer("/details/letters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for digest in digests.iter().filter_map(|digest| unhex(digest.as_str()?)?.try_into().ok()) {
            since = since.min(act.at);
            written.insert(digest, Writing { act: act.id, uscc: act.uscc.clone() });
        }
        Ok(())
    })?;
    letter::each(connection, |letter| {
        if written.remove(&letter.digest()).is_some() {
            tally.pass();
        } else if since != i64::MAX && letter.made_on > civil_date(since) {
            let act = reading.acts.iter().find(|(_, act)| *act.uscc == *letter.uscc).map(|(id, _)| hex(id));
            let problem = format!("letter {} is none that an act wrote", letter.letter);
            tally.fail(Example { uscc: letter.uscc, act, record: None, problem });
        }
        Ok(())
    })?;
    for (_, Writing { act, uscc }) in written {
        let problem = "a letter of this act is missing, or says something else".to_owned();
        tally.fail(Example { uscc, act: Some(hex(&act)), record: None, problem });
    }
    Ok(())
}
