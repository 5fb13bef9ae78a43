//! 十七: every decision cites an edition of the rulebook that was enacted and can still be read.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::connection::Connection;

pub const REQUIREMENT: Requirement = Requirement {
    id: "rulebook",
    source: FOUNDING,
    article: "十七",
    demand: "every act cites an enacted edition of the rulebook whose bytes have its digest",
    check: Check::Whole(check),
};

fn check(_: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    for (id, act) in &reading.acts {
        let known = act.header.rulebook.is_some_and(|digest| reading.rulebooks.contains_key(&digest));
        tally.expect(known, || Example {
            uscc: act.uscc.to_string(),
            act: Some(hex(id)),
            problem: "cites no enacted edition".to_owned(),
            ..Example::default()
        });
    }
    for digest in &reading.broken_rulebooks {
        // Named by the first act that cites it.
        let citing = reading.acts.iter().find(|(_, act)| act.header.rulebook.as_ref() == Some(digest));
        tally.fail(Example {
            uscc: citing.map(|(_, act)| act.uscc.to_string()).unwrap_or_default(),
            act: citing.map(|(id, _)| hex(id)),
            problem: format!("edition {} does not have its digest", hex(digest)),
            ..Example::default()
        });
    }
    Ok(())
}
