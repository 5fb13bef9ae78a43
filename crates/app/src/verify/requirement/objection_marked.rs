//! 十八: an objection is marked as long as it is open, and nothing is marked without its case.

use super::decision_served::unserved;
use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::objections::{Kept, objections};
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::objection::{Case, Matter};
use credence_store::clock::civil_date;
use credence_store::connection::Connection;
use credence_store::mark::{self, Mark};
use credence_store::objection::MARKED;
use credence_store::revision::RecordKey;
use jiff::civil::Date;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "objection_marked",
    source: FOUNDING,
    article: "十八",
    demand: "every case stands where its steps lead, every open objection and printed reply has its mark beside the record, and every such mark its case",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut marks: BTreeMap<(RecordKey, String, String), Mark> = BTreeMap::new();
    for (key, mark) in mark::all(connection)? {
        // Other rooms have kinds of their own.
        if [Matter::Objection.code(), Matter::Reply.code()].contains(&mark.kind.as_str()) {
            marks.insert((key, mark.kind.clone(), mark.number.clone()), mark);
        }
    }
    let last = reading.acts.values().map(|act| act.header.at).max().unwrap_or_default();
    for kept in objections(connection, reading)? {
        let key = (
            (kept.head.uscc.clone(), kept.head.identity),
            kept.head.matter.code().to_owned(),
            kept.head.number.clone(),
        );
        let mark = marks.remove(&key);
        let problem = match &kept.case {
            None => Some("its steps do not follow"),
            Some(case) => fault(&kept, case, mark.as_ref(), civil_date(last)),
        };
        tally.expect(problem.is_none(), || kept.example(problem.unwrap_or_default()));
    }
    for ((key, kind, number), _) in marks {
        let act = reading.acts.iter().find(|(_, act)| *act.uscc == *key.0).map(|(id, _)| hex(id));
        let problem = format!("mark {kind} {number} has no case");
        tally.fail(Example { uscc: key.0, act, record: None, problem });
    }
    Ok(())
}

fn fault(kept: &Kept, case: &Case, mark: Option<&Mark>, today: Date) -> Option<&'static str> {
    let (head, filed) = (&kept.head, &case.filed);
    let referred = case.appeal.as_ref().and_then(|appeal| appeal.referred.as_ref()).map_or("", |(unit, _)| unit);
    let stands = head.state == case.standing.code()
        && (head.matter, head.through_on) == (filed.matter, case.mark_through())
        && (head.filed_on, head.moved_on) == (case.filed_on, case.last_on)
        && (&head.owner, &head.handler, head.referred.as_str()) == (&filed.owner, &filed.handler, referred)
        && filed.record == hex(&head.identity.0)
        && unserved(head.unserved, case.unserved(), &case.told)
        && filed.uscc == head.uscc;
    if !stands {
        return Some("it does not stand where its steps lead");
    }
    let Some(mark) = mark else { return case.is_marked().then_some("it has no mark") };
    if !case.is_marked() {
        return mark.stands_on(today).then_some("it is closed and marked");
    }
    let text = if filed.matter == Matter::Reply { &filed.statement.ground } else { MARKED };
    let right = mark.through_on == case.mark_through() && mark.text == *text && mark.since_on <= case.last_on;
    (!right).then_some("its mark says something else")
}
