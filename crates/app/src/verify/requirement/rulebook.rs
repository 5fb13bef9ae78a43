//! 十七: every decision cites an edition of the rulebook that was enacted and can still be read.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::{Act, Reading};
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::rulebook::Rulebook;
use credence_store::connection::Connection;
use credence_store::proposal::{self, Proposal};
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "rulebook",
    source: FOUNDING,
    article: "十七",
    demand: "every act cites an enacted edition of the rulebook whose bytes have its digest; editions are in force as acts say",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
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
    check_enactments(connection, reading, tally)?;
    check_proposed(connection, tally)
}

/// What waits for a second person is what was asked for, and waits with a proposal that is open.
fn check_proposed(connection: &mut Connection, tally: &mut Tally) -> credence_store::Result<()> {
    let mut open: BTreeMap<String, Proposal> = proposal::list(connection, "open")?
        .into_iter()
        .filter(|one| one.kind == "enactment")
        .map(|one| (one.id.clone(), one))
        .collect();
    for (digest, id) in credence_store::rulebook::proposed(connection)? {
        let body = credence_store::rulebook::proposed_body(connection, &digest)?.unwrap_or_default();
        let asked = open.remove(&id);
        let named = asked.as_ref().is_some_and(|one| one.subject == hex(&digest));
        let sound = named && Rulebook::from_canonical(&body).is_ok_and(|edition| edition.digest == digest);
        tally.expect(sound, || Example {
            uscc: asked.map(|one| one.unit).unwrap_or_default(),
            problem: format!("edition {} waits without an open proposal, or its bytes were changed", hex(&digest)),
            ..Example::default()
        });
    }
    for (id, Proposal { unit, subject, .. }) in open {
        tally.fail(Example {
            uscc: unit,
            problem: format!("proposal {id} asks for edition {subject}, which is not there"),
            ..Example::default()
        });
    }
    Ok(())
}

/// Which edition is in force rests on the acts of enactment, in the order of their numbers, and on nothing else.
fn check_enactments(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut acts: BTreeMap<&[u8; 16], &Act> =
        reading.acts.iter().filter(|(_, act)| act.header.kind == "enactment").collect();
    let mut before = 0;
    let mut first = BTreeMap::new();
    for (place, enactment) in (1..).zip(credence_store::rulebook::enactments(connection)?) {
        let act = acts.remove(&enactment.act);
        let number = act.and_then(|act| act.header.numbered.as_ref()).map_or(0, |(_, number)| *number);
        let said = act.is_some_and(|act| act.header.enacted == Some(enactment.digest) && act.header.at == enactment.at);
        let said = said && number > before && enactment.number == place;
        before = number;
        first.entry(enactment.digest).or_insert(enactment);
        tally.expect(said, || Example {
            uscc: act.map(|act| act.uscc.to_string()).unwrap_or_default(),
            act: Some(hex(&enactment.act)),
            problem: format!("no act puts edition {} in force at this place", hex(&enactment.digest)),
            ..Example::default()
        });
    }
    // Each edition stands since it was enacted first.
    for (digest, at, act) in credence_store::rulebook::kept(connection)? {
        let said = first.get(&digest).is_some_and(|one| (one.at, one.act) == (at, act));
        tally.expect(said, || Example {
            uscc: reading.acts.get(&act).map(|act| act.uscc.to_string()).unwrap_or_default(),
            act: Some(hex(&act)),
            problem: format!("edition {} was enacted first by another act, or at another instant", hex(&digest)),
            ..Example::default()
        });
    }
    for (id, act) in acts {
        tally.fail(Example {
            uscc: act.uscc.to_string(),
            act: Some(hex(id)),
            problem: "the enactment is not among those that say which edition is in force".to_owned(),
            ..Example::default()
        });
    }
    Ok(())
}
