//! 六, 十六: what a batch says became of its rows is what became of them: its counts are those of the changes that its acts made, and
//! its sender, item, day and edition are those of its acts.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::{Act, Reading};
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::record::value::day_number;
use credence_store::audit::{self, Batch, Changes};
use credence_store::connection::Connection;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "batch_counted",
    source: FOUNDING,
    article: "六",
    demand: "counts, item, day, edition and end of every batch are those of its acts and of what they changed",
    check: Check::Whole(check),
};

/// What the acts of a batch made.
#[derive(Default)]
struct Made<'r> {
    import: Option<(&'r [u8; 16], &'r Act)>,
    any: Option<&'r [u8; 16]>,
    changes: BTreeMap<String, Changes>,
    withdrawn: bool,
}

impl Made<'_> {
    /// All that it brought was erased since: of a place that is left nobody can say the item.
    fn is_emptied(&self) -> bool {
        self.is_erased() && self.changes.keys().all(String::is_empty)
    }

    /// Something that it brought was erased since: of what is left nothing can be counted.
    fn is_erased(&self) -> bool {
        self.changes.values().any(|changes| changes.erased > 0)
    }
}

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut made: BTreeMap<[u8; 16], Made<'_>> = BTreeMap::new();
    for (id, act) in &reading.acts {
        let Some(batch) = act.header.batch else { continue };
        let made = made.entry(batch).or_default();
        made.any = Some(id);
        made.withdrawn |= act.header.kind == "batch_withdrawal";
        if act.header.kind == "import" {
            made.import = Some((id, act));
        }
    }
    for ((number, item), found) in audit::changes(connection)? {
        let act = reading.chunks.get(&number).and_then(|chunk| reading.acts.get(&chunk.act));
        let header = act.map(|act| &act.header).filter(|header| header.kind == "import");
        let Some(batch) = header.and_then(|header| header.batch) else { continue };
        let Some(made) = made.get_mut(&batch) else { continue };
        let all = made.changes.entry(item).or_default();
        all.first += found.first;
        all.later += found.later;
        all.held += found.held;
        all.kept_back += found.kept_back;
        all.ended += found.ended;
        all.erased += found.erased;
    }
    for batch in audit::batches(connection)? {
        let made = made.remove(&batch.id).unwrap_or_default();
        let found = made.changes.get(&batch.item).cloned().unwrap_or_default();
        let problem = counted(&batch, &found, made.is_erased()).or_else(|| said(&batch, &made));
        tally.expect(problem.is_none(), || Example {
            uscc: batch.source.clone(),
            act: made.any.or(reading.acts.keys().next()).map(|id| hex(id)),
            record: None,
            problem: format!("batch {}: {}", batch.number, problem.unwrap_or_default()),
        });
    }
    for made in made.into_values() {
        let Some(id) = made.any else { continue };
        let uscc = reading.acts.get(id).map(|act| act.uscc.to_string()).unwrap_or_default();
        tally.fail(Example { uscc, act: Some(hex(id)), record: None, problem: "its batch is gone".to_owned() });
    }
    Ok(())
}

/// Its counts against each other and against the versions that its acts made. A row that only passes a record on makes a version and
/// counts as one that changed nothing, one that takes another's place ends that; what its owner took back was done by an act of another kind.
fn counted(batch: &Batch, found: &Changes, is_erased: bool) -> Option<String> {
    let counts = &batch.counts;
    // While a file comes in, or after a kill, a window's own rows are counted with the last of its chunks.
    let whole = counts.read == counts.accepted + counts.unchanged + counts.corrected + counts.rejected;
    if !whole && batch.state != "running" {
        return Some(format!("{} rows read, and another sum of what became of them", counts.read));
    }
    if is_erased {
        return None;
    }
    let passed_on = found.later - (counts.corrected - counts.withdrawn);
    let whole = found.first == counts.accepted
        && (0..=counts.corrected).contains(&counts.withdrawn)
        && (0..=counts.unchanged + found.ended).contains(&passed_on)
        && found.held <= counts.held + passed_on
        && counts.held <= found.kept_back;
    (!whole).then(|| {
        format!(
            "{} new, {} corrected, {} waiting by its counts; {} new, {} later, {} waiting on files",
            counts.accepted, counts.corrected, counts.held, found.first, found.later, found.held
        )
    })
}

fn said(batch: &Batch, made: &Made<'_>) -> Option<String> {
    let known = ["running", "held", "done", "failed", "withdrawn"].contains(&batch.state.as_str());
    if !known || (batch.state == "withdrawn") != made.withdrawn {
        return Some(format!("its state is {}, and its acts say otherwise", batch.state));
    }
    let (_, act) = made.import?;
    let same = act.header.rulebook == Some(batch.rulebook)
        && act.header.as_of.map(day_number) == batch.received_on
        && is_sender(act, &batch.source)
        && (made.changes.contains_key(&batch.item)
            || made.is_emptied()
            || batch.counts.accepted + batch.counts.corrected == 0);
    (!same).then(|| "sender, item, day of receipt or edition are not those of its acts".to_owned())
}

/// A batch is its sender's: the unit that acts, or the one in whose name it acts with consent.
fn is_sender(act: &Act, source: &str) -> bool {
    let behalf = act.header.behalf.as_ref();
    *act.header.actor == *source || behalf.is_some_and(|behalf| behalf.owner == source || behalf.unit == source)
}
