//! A dry run (试运行): what would become of a window's rows, with nothing left behind.
//!
//! Rows are compared with what stands. A row that replaces a record depends on what is done before it, so it is done, with
//! the rows of the file that concern the same organisations, and all of it is taken back. What an earlier window would have
//! written is not there: rows more than a window ahead ([`super::window::WINDOW_BYTES`]) are not seen.

use super::lane::{count, draft, sending};
use super::replace;
use super::window::Window;
use crate::Result;
use crate::review::rules::Rules;
use credence_domain::rulebook::Rulebook;
use credence_store::Writer;
use credence_store::arrival::{self, Dates, Incoming};
use credence_store::batch::{Batch, Counts};
use credence_store::change::CHUNK_ROWS;
use std::collections::HashSet;

/// What a window would add to the counts.
///
/// # Errors
/// Whatever the database says.
pub fn preview(
    writer: &mut Writer,
    batch: &Batch,
    rulebook: &Rulebook,
    window: &Window,
    redate: &mut dyn FnMut(&Incoming, i32) -> credence_store::Result<Dates>,
) -> Result<Counts> {
    let mut counts = window.counts;
    let sending = sending(batch);
    let (plain, replacing) = window.facts.split_at(window.facts.partition_point(|row| row.replaces.is_empty()));
    for chunk in plain.chunks(CHUNK_ROWS) {
        let outcomes = arrival::preview(writer.connection(), sending, chunk)?;
        count(&mut counts, chunk, &outcomes);
    }
    if replacing.is_empty() {
        return Ok(counts);
    }
    let concerned: HashSet<_> = replacing.iter().flat_map(|row| [row.uscc, replace::named(row).0]).collect();
    let plain: Vec<Incoming> = plain.iter().filter(|row| concerned.contains(&row.uscc)).cloned().collect();
    let draft = draft(batch, None);
    let mut rules = Rules::load(writer.connection(), rulebook, batch.received_on)?;
    let outcomes = writer.try_out(|writer| {
        for chunk in plain.chunks(CHUNK_ROWS) {
            writer.change(&draft, |change| arrival::arrive(change, sending, chunk, redate))?;
        }
        let mut outcomes = Vec::with_capacity(replacing.len());
        for row in replacing {
            let done = writer.change(&draft, |change| replace::replace(change, &mut rules, sending, row, redate))?;
            outcomes.push(done.0);
        }
        Ok(outcomes)
    })?;
    count(&mut counts, replacing, &outcomes);
    Ok(counts)
}
