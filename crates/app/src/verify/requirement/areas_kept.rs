//! 十六: every fact keeps where it was decided and where its organisation was registered when it came, so that whoever is
//! answerable there finds it.
//!
//! The area of the authority is looked up again in the directory as it was known to the act; the area of registration is
//! that of the organisation's registrations, walked along the numbers of its file. Facts that are older than the keeping of
//! areas are passed over: they got those of the day on which it began.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::{Case, Reading};
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::record::value::date_of;
use credence_store::audit::{self, Version};
use credence_store::body::Unpacker;
use credence_store::change::CHUNK_ROWS;
use credence_store::connection::Connection;
use credence_store::digest;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "areas_kept",
    source: FOUNDING,
    article: "十六",
    demand: "every fact keeps the area of its authority on the day of decision and that of its organisation when it came",
    check: Check::Both(check_authority, check_registered),
};

fn chunk_of(at: i64) -> i64 {
    at.div_euclid(CHUNK_ROWS as i64)
}

fn check_authority(case: &Case<'_>, tally: &mut Tally) {
    let stored = case.stored;
    let Some(decided_on) = date_of(stored.decided_on).filter(|_| chunk_of(stored.at) >= case.areas_kept_from) else {
        return;
    };
    let found = case.units.authority_area(&stored.authority, &stored.source, decided_on, case.known_at);
    tally.expect(*found == *stored.authority_area, || {
        case.example(format!("decided in {:?}, kept as {:?}", found, stored.authority_area))
    });
}

fn check_registered(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut unpacker = Unpacker::new()?;
    let mut file: Vec<Version> = Vec::new();
    audit::each_version(connection, |version| {
        if file.first().is_some_and(|first| first.uscc != version.uscc) {
            judge(std::mem::take(&mut file), reading, &mut unpacker, tally);
        }
        file.push(version);
        Ok(())
    })?;
    judge(file, reading, &mut unpacker, tally);
    Ok(())
}

/// One organisation's file.
fn judge(file: Vec<Version>, reading: &Reading, unpacker: &mut Unpacker, tally: &mut Tally) {
    // By number, where the organisation is registered from that change on.
    let mut moves: BTreeMap<i64, String> = BTreeMap::new();
    for version in file.iter().filter(|version| version.registers) {
        let act = reading.chunks.get(&chunk_of(version.at)).and_then(|chunk| reading.acts.get(&chunk.act));
        let undone = act.is_some_and(|act| act.header.kind == "withdrawal");
        match version.state.as_str() {
            "held" if !undone => {}
            "held" | "withdrawn" => drop(moves.insert(version.seq, String::new())),
            _ => {
                let content = version.packed.as_deref().and_then(|packed| digest::content(packed, unpacker).ok());
                let area = content.as_ref().and_then(|content| content.get("city")?.as_str()).unwrap_or_default();
                moves.insert(version.seq, area.to_owned());
            }
        }
    }
    let area_at = |seq: i64| moves.range(..=seq).next_back().map_or("", |(_, area)| area.as_str());
    let mut kept = None;
    for version in &file {
        let (area, from) = kept.get_or_insert(("", version.at));
        if area.is_empty() {
            *area = area_at(version.seq);
        }
        let Some((standing, reference)) = &version.standing else { continue };
        if chunk_of(*from) >= reading.areas_kept_from && version.state != "erased" {
            tally.expect(area == standing, || Example {
                uscc: version.uscc.clone(),
                record: Some(hex(reference)),
                act: None,
                problem: format!("registered in {area:?} when it came, kept as {standing:?}"),
            });
        }
        kept = None;
    }
}
