//! 七, 十七: a grade that is kept is the one that follows from the file, the edition and the day that stand beside it: it is computed
//! again, to the byte, as long as its inputs are lawfully held.

use super::{Check, FOUNDING, Requirement};
use crate::evaluation::again;
use crate::verify::case::Reading;
use crate::verify::repairs::of_organisation;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::connection::Connection;
use credence_store::evaluation::{self, Kept, Past};

pub const REQUIREMENT: Requirement = Requirement {
    id: "evaluation_kept",
    source: FOUNDING,
    article: "七",
    demand: "every kept evaluation is computed again to the byte from the file, the edition and the day that it names",
    check: Check::Whole(check),
};

/// Evaluations computed again at once.
const AT_ONCE: i64 = 512;

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut behind = String::new();
    loop {
        let kept = evaluation::after(connection, &behind, AT_ONCE)?;
        let (Some((first, _)), Some((last, _))) = (kept.first(), kept.last()) else { return Ok(()) };
        let mut versions = evaluation::versions_between(connection, first, last)?.into_iter().peekable();
        behind.clone_from(last);
        for (uscc, kept) in kept {
            while versions.next_if(|(code, _)| *code < uscc).is_some() {}
            let own: Vec<Past> =
                std::iter::from_fn(|| versions.next_if(|(code, _)| *code == uscc).map(|(_, past)| past)).collect();
            let record = own.first().map(|past| *past.reference());
            let Some(kept) = kept else {
                tally.fail(example(reading, &uscc, record, "the kept evaluation is damaged"));
                continue;
            };
            if let Some(sound) = is_sound(reading, &kept, own) {
                tally.expect(sound, || {
                    example(reading, &uscc, record, "the kept evaluation is not what its file gives")
                });
            }
        }
    }
}

/// Whether the same follows again; nothing where it rests on what was erased since.
fn is_sound(reading: &Reading, kept: &Kept, versions: Vec<Past>) -> Option<bool> {
    let records = evaluation::at_number(versions.into_iter(), kept.seq);
    if records.iter().any(|record| record.is_erased) {
        return None;
    }
    let rulebook = reading.rulebooks.get(&kept.rulebook);
    Some(rulebook.and_then(|rulebook| again(rulebook, kept, &records)).is_some_and(|again| again == kept.scored))
}

fn example(reading: &Reading, uscc: &str, record: Option<[u8; 16]>, problem: &str) -> Example {
    let named = of_organisation(reading, uscc.to_owned(), problem.to_owned());
    Example { record: record.map(|record| hex(&record)), ..named }
}
