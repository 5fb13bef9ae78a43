//! 十八: what was asked of a second person is what he answered: every proposal is one that an act asked for, with what was asked, and
//! every answer is that of its act, by another than who asked. None is gone.

use super::{Check, FOUNDING, Requirement};
use crate::rulebook::PLATFORM_UNIT;
use crate::verify::case::Reading;
use crate::verify::rights::{self, Act};
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::connection::Connection;
use credence_store::proposal::{self, Proposal};
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "proposal_kept",
    source: FOUNDING,
    article: "十八",
    demand: "every proposal is what an act asked for, was answered by another as an act says, and none is gone",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, _: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let acts = rights::acts(connection)?;
    let asking = |act: &&Act| matches!(act.kind.as_str(), "proposal" | "account_entry");
    let answers: BTreeMap<&str, &Act> =
        acts.iter().filter(|act| act.kind == "proposal_answer").map(|act| (act.detail("proposal"), act)).collect();
    let mut asked: BTreeMap<(i64, &str, &str), &Act> =
        acts.iter().filter(asking).map(|act| ((act.at, act.text("actor"), subject(act)), act)).collect();
    let all = proposal::all(connection)?;
    for kept in &all {
        let key = (kept.proposed_at, kept.proposed_by.as_str());
        // An erasure takes what it quotes out of a header: then instant and person are all that is left.
        let act = asked.remove(&(key.0, key.1, kept.subject.as_str())).or_else(|| asked.remove(&(key.0, key.1, "")));
        let quoted = || acts.iter().find(|act| act.kind == "proposal_answer" && Some(act.at) == kept.decided_at);
        let answer = answers.get(kept.id.as_str()).copied().or_else(|| quoted().filter(|act| act.is_erased));
        let problem = match act {
            None => Some("no act asked for it"),
            Some(act) if !is_asked(kept, act) => Some("it is not what its act asked for"),
            Some(_) => is_answered(kept, answer),
        };
        let named = act.or(answer).or(acts.first()).map(|act| hex(&act.id));
        tally.expect(problem.is_none(), || Example {
            uscc: if kept.uscc.is_empty() { kept.unit.clone() } else { kept.uscc.clone() },
            act: named,
            record: None,
            problem: format!("proposal {}: {}", kept.id, problem.unwrap_or_default()),
        });
    }
    for ((_, _, subject), act) in asked {
        let problem = format!("the proposal about {subject} that this act asked for is gone");
        let uscc = act.detail("unit").to_owned();
        tally.fail(Example { uscc, act: Some(hex(&act.id)), record: None, problem });
    }
    Ok(())
}

/// What an act asks about: an account, or what it names as its subject.
fn subject(act: &Act) -> &str {
    match act.detail("subject") {
        "" => act.detail("account"),
        subject => subject,
    }
}

fn is_asked(kept: &Proposal, act: &Act) -> bool {
    if act.is_erased {
        return true;
    }
    let kind = match act.detail("kind") {
        "" if act.kind == "account_entry" => "account",
        "" => "account_reset",
        kind => kind,
    };
    let unit = if kept.unit.is_empty() { PLATFORM_UNIT } else { &kept.unit };
    // An act of an older program does not say these two.
    let said = |key: &str, value: &str| act.said(key).is_none() || act.detail(key) == value;
    kept.kind == kind
        && act.detail("unit") == unit
        && act.detail("organisation") == kept.uscc
        && act.text("reason") == kept.reason
        && said("asked", &kept.id)
        // An erasure empties details that quote the record.
        && (kept.details == "{}" || said("asked_digest", &hex(&kept.details_digest())))
}

fn is_answered(kept: &Proposal, answer: Option<&Act>) -> Option<&'static str> {
    let Some(answer) = answer else {
        let silent =
            kept.state == "open" && kept.decided_by.is_empty() && kept.decided_at.is_none() && kept.answer.is_empty();
        return (!silent).then_some("no act answered it");
    };
    let same = kept.decided_by == answer.text("second")
        && kept.decided_at == Some(answer.at)
        && kept.proposed_by == answer.text("actor")
        && (answer.is_erased || (kept.state == answer.detail("answer") && kept.answer == answer.text("reason")));
    if !same {
        return Some("it was not answered as its act says");
    }
    (kept.proposed_by == kept.decided_by).then_some("it was asked for and answered by one person")
}
