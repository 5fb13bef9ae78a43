//! What waits for whoever has the right — proposals, held records, claims, incidents — is assigned like the steps of a case, goes to whoever
//! stands in, and is handed over when somebody leaves.

use crate::desk::*;
use crate::queue::{Account, code, peopled_with, queue_of};
use credence_app::access::{self, Answer, Step};
use credence_app::account::{self, Change, Deputy};
use credence_app::queue::{Assigning, Kind, TaskView, Which, Whose, assign_as};
use credence_app::review::Decision;
use credence_app::review::claim;
use credence_app::rulebook::PLATFORM_UNIT;
use credence_app::{AppError, View};
use credence_domain::access::{IncidentStep, Role};
use credence_domain::record::claim::Opinion;
use credence_domain::subject::Uscc;
use credence_store::act::Draft;
use credence_store::incident;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::date;
use serde_json::Map;

const BUREAU: &str = "123799000000000510";
const ACCOUNTS: [Account; 11] = [
    ("a.clerk", Role::Clerk, OFFICE, "1"),
    ("e.approver", Role::Approver, OFFICE, "2"),
    ("f.approver", Role::Approver, OFFICE, "3"),
    ("x.approver", Role::Approver, BUREAU, "4"),
    ("r.reviewer", Role::Reviewer, OFFICE, "5"),
    ("s.reviewer", Role::Reviewer, OFFICE, "6"),
    ("x.reviewer", Role::Reviewer, BUREAU, "7"),
    ("o.office", Role::Office, PLATFORM_UNIT, "8"),
    ("m.audit", Role::AuditAdmin, PLATFORM_UNIT, "9"),
    ("n.audit", Role::AuditAdmin, PLATFORM_UNIT, "10"),
    ("p.audit", Role::AuditAdmin, PLATFORM_UNIT, "11"),
];

fn mine(desk: &Served<'_>, name: &str, kind: Kind) -> Vec<TaskView> {
    let which = Which { kind: Some(kind), ..Which::default() };
    queue_of(&desk.service(desk.clock.today()), name, which).items
}

fn all(desk: &Served<'_>, name: &str, kind: Kind) -> Vec<TaskView> {
    let which = Which { kind: Some(kind), whose: Whose::Unit, ..Which::default() };
    queue_of(&desk.service(desk.clock.today()), name, which).items
}

fn assign(desk: &Served<'_>, by: &str, (kind, number): (Kind, &str), to: Option<&str>) -> Result<TaskView, AppError> {
    let (number, account) = (number.to_owned(), to.map(str::to_owned));
    let asked = Assigning { kind, number, step: None, account, reason: "轮值".to_owned() };
    assign_as(&desk.service, &desk.working, &desk.service.acting_as(by)?, &asked)
}

/// Somebody stands in for somebody from today on.
fn stand_in(desk: &mut Served<'_>, name: &str, deputy: &str) {
    let on = desk.clock.today();
    let deputy = Deputy { name: deputy.to_owned(), from_on: on, through_on: date(2026, 12, 31) };
    let Desk { writer, rulebook, .. } = &mut desk.desk;
    account::set_deputy(writer, rulebook, name, Some(&deputy), Change { by: "system", reason: "休假" }).unwrap();
}

fn end(desk: &mut Served<'_>, name: &str, successor: Option<&str>) -> Result<usize, AppError> {
    let Desk { writer, rulebook, .. } = &mut desk.desk;
    account::end(writer, rulebook, name, successor, Change { by: "system", reason: "调离" })
}

fn a_proposal_goes_to_one_of_those_who_may_answer_it(store: &TestStore) {
    let mut desk = peopled_with(store, &ACCOUNTS);
    let batch = desk.send(vec![penalty(FIRM, "一号")]).batch;
    let clerk = desk.service.acting_as("a.clerk").unwrap();
    let asked = access::propose_withdrawal(&desk.service, &desk.working, &clerk, &batch, "误报").unwrap();
    let one = (Kind::Proposal, asked.id.as_str());
    for name in ["e.approver", "f.approver"] {
        assert_eq!(mine(&desk, name, Kind::Proposal).len(), 1, "{name}");
    }
    assert_eq!(code(assign(&desk, "a.clerk", one, Some("a.clerk"))), "four_eyes");
    assert_eq!(code(assign(&desk, "a.clerk", one, Some("x.approver"))), "assignee_invalid", "another unit's");
    assert_eq!(code(assign(&desk, "x.approver", one, Some("x.approver"))), "not_found", "he does not see it");
    assert_eq!(code(assign(&desk, "a.clerk", (Kind::Proposal, "P0"), None)), "not_found");
    let given = assign(&desk, "a.clerk", one, Some("f.approver")).unwrap();
    assert_eq!((given.step, given.assigned_to.as_deref()), ("answer", Some("f.approver")));
    assert!(mine(&desk, "e.approver", Kind::Proposal).is_empty());
    assert_eq!(mine(&desk, "f.approver", Kind::Proposal).len(), 1);
    assert_eq!(all(&desk, "e.approver", Kind::Proposal)[0].assigned_to.as_deref(), Some("f.approver"));
    // It gives no right and takes none: who may answer answers.
    let said = Answer { approve: false, reason: "数据无误".to_owned() };
    let approver = desk.service.acting_as("e.approver").unwrap();
    access::answer(&desk.service, &desk.working, &approver, &asked.id, &said).unwrap();
    assert!(all(&desk, "f.approver", Kind::Proposal).is_empty());
    desk.verify();
}

fn a_held_record_and_a_claim_go_to_a_reviewer_and_to_whoever_stands_in(store: &TestStore) {
    let mut desk = peopled_with(store, &ACCOUNTS);
    desk.send(vec![penalty(FIRM, "一号"), changed("二号", &[("CF_SY", "当事人联系电话13900000000。")])]);
    let held = mine(&desk, "r.reviewer", Kind::Held).remove(0);
    let one = (Kind::Held, held.number.as_str());
    assert_eq!(code(assign(&desk, "a.clerk", one, Some("r.reviewer"))), "not_found", "not his to see");
    assert_eq!(code(assign(&desk, "r.reviewer", one, Some("a.clerk"))), "assignee_invalid");
    assert_eq!(code(assign(&desk, "r.reviewer", (Kind::Held, "00"), None)), "not_found");
    assert_eq!(code(assign(&desk, "r.reviewer", (Kind::Held, "不是编号"), None)), "not_found");
    let given = assign(&desk, "r.reviewer", one, Some("s.reviewer")).unwrap();
    assert_eq!((given.step, given.assigned_to.as_deref()), ("review", Some("s.reviewer")));
    assert!(mine(&desk, "r.reviewer", Kind::Held).is_empty() && mine(&desk, "x.reviewer", Kind::Held).is_empty());
    assert_eq!(all(&desk, "x.reviewer", Kind::Held)[0].assigned_to.as_deref(), Some("s.reviewer"), "units share it");
    stand_in(&mut desk, "s.reviewer", "r.reviewer");
    assert_eq!(mine(&desk, "r.reviewer", Kind::Held)[0].standing_in_for.as_deref(), Some("s.reviewer"));
    // A claim: the assignment is for its step and falls with it.
    let day = desk.clock.today();
    let records = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
    let fields = ["CF_SY".to_owned()];
    let decision = Decision { actor: "o.office", reason: "配方未公开过", secrecy_review: "" };
    let claimant = Uscc::parse(FIRM).unwrap();
    let Desk { writer, rulebook, .. } = &mut desk.desk;
    let number = claim::file(writer, rulebook, (&records[0].id, &fields), claimant, decision).unwrap().number;
    let two = (Kind::Claim, number.as_str());
    assign(&desk, "o.office", two, Some("o.office")).unwrap();
    assert_eq!(mine(&desk, "o.office", Kind::Claim)[0].step, "seek");
    assert!(mine(&desk, "x.reviewer", Kind::Claim).is_empty());
    let Desk { writer, rulebook, .. } = &mut desk.desk;
    claim::seek(writer, rulebook, &number, "示范配方研究院", decision).unwrap();
    assert_eq!(mine(&desk, "x.reviewer", Kind::Claim)[0].step, "hear", "it was for a step that is over");
    // Whoever leaves hands over what was assigned to him and still waits, and nothing else.
    assign(&desk, "r.reviewer", two, Some("s.reviewer")).unwrap();
    let Desk { writer, rulebook, .. } = &mut desk.desk;
    claim::hear(writer, rulebook, &number, Opinion::Objects, decision).unwrap();
    assert_eq!(end(&mut desk, "s.reviewer", Some("r.reviewer")).unwrap(), 1, "the claim has gone on");
    let after = all(&desk, "x.reviewer", Kind::Held).remove(0);
    assert_eq!((after.assigned_to.as_deref(), after.standing_in_for), (Some("r.reviewer"), None));
    assert_eq!(end(&mut desk, "r.reviewer", None).unwrap(), 0, "without a successor it is the unit's again");
    assert_eq!(mine(&desk, "x.reviewer", Kind::Held)[0].assigned_to, None);
    let left = "select count(*) from task_assignment where account in ('r.reviewer', 's.reviewer') and kind = 'held'";
    let count = desk.writer.connection().first(left, &[], |row| row.int(0)).unwrap();
    assert_eq!(count, Some(0));
    desk.verify();
}

/// An incident about a clerk, as the rules open it.
fn opened(desk: &mut Served<'_>) -> String {
    let day = desk.clock.today();
    let act = Draft {
        kind: "incident",
        actor: "rulebook".to_owned(),
        second: None,
        purpose: "access",
        basis: "鲁信用办〔2019〕8号 十八".to_owned(),
        reason: String::new(),
        rulebook: desk.rulebook.digest,
        as_of: day,
        batch: None,
        details: Map::new(),
    };
    incident::open(&mut desk.writer, &act, OFFICE, ("unusual_hour", "a.clerk", OFFICE, day), "{}").unwrap();
    desk.service.incidents((None, None)).unwrap().items.remove(0).id
}

fn an_incident_goes_to_another_with_its_holder_and_never_waits_for_somebody_who_has_left(store: &TestStore) {
    let mut desk = peopled_with(store, &ACCOUNTS);
    let id = opened(&mut desk);
    let one = (Kind::Incident, id.as_str());
    let act = |desk: &Served<'_>, by: &str, step: IncidentStep| {
        let asked = Step { step, finding: "加班核对".to_owned(), handed_to: "示例纪检组".to_owned() };
        access::step(&desk.service, &desk.working, &desk.service.acting_as(by).unwrap(), &id, &asked)
    };
    assert_eq!(code(assign(&desk, "o.office", one, Some("m.audit"))), "not_found", "the office works on none");
    assign(&desk, "m.audit", one, Some("n.audit")).unwrap();
    assert!(mine(&desk, "m.audit", Kind::Incident).is_empty());
    assert_eq!(mine(&desk, "n.audit", Kind::Incident)[0].step, "take");
    act(&desk, "n.audit", IncidentStep::Take).unwrap();
    let seen = all(&desk, "m.audit", Kind::Incident).remove(0);
    assert_eq!((seen.step, seen.assigned_to.as_deref()), ("find", Some("n.audit")));
    assert_eq!(code(act(&desk, "m.audit", IncidentStep::HandOver)), "forbidden");
    // Handed on: the holder is another.
    assign(&desk, "n.audit", one, Some("m.audit")).unwrap();
    assert!(mine(&desk, "n.audit", Kind::Incident).is_empty());
    assert_eq!(code(act(&desk, "n.audit", IncidentStep::HandOver)), "forbidden");
    // Whoever stands in acts for the holder and under his own name.
    stand_in(&mut desk, "m.audit", "p.audit");
    assert_eq!(mine(&desk, "p.audit", Kind::Incident)[0].standing_in_for.as_deref(), Some("m.audit"));
    let handed = act(&desk, "p.audit", IncidentStep::HandOver).unwrap();
    assert_eq!(handed.owner, "m.audit");
    let Desk { writer, rulebook, .. } = &mut desk.desk;
    account::set_deputy(writer, rulebook, "m.audit", None, Change { by: "system", reason: "销假" }).unwrap();
    assert!(mine(&desk, "p.audit", Kind::Incident).is_empty());
    // Suspended, and nobody stands in: it is whoever's may go on with it.
    let Desk { writer, rulebook, .. } = &mut desk.desk;
    account::suspend(writer, rulebook, "m.audit", Change { by: "system", reason: "停用" }).unwrap();
    assert_eq!(mine(&desk, "p.audit", Kind::Incident)[0].assigned_to, None);
    assert_eq!(code(end(&mut desk, "m.audit", None)), "hand_over_needed");
    assert_eq!(end(&mut desk, "m.audit", Some("n.audit")).unwrap(), 1);
    assert_eq!(mine(&desk, "n.audit", Kind::Incident)[0].step, "close");
    assign(&desk, "p.audit", one, None).unwrap();
    assert_eq!(mine(&desk, "p.audit", Kind::Incident).len(), 1, "nobody in particular");
    let closed = act(&desk, "p.audit", IncidentStep::Close).unwrap();
    assert_eq!((closed.owner.as_str(), closed.closed_at.is_some()), ("p.audit", true));
    assert!(all(&desk, "p.audit", Kind::Incident).is_empty());
    desk.verify();
}

both_stores!(
    a_proposal_goes_to_one_of_those_who_may_answer_it,
    a_held_record_and_a_claim_go_to_a_reviewer_and_to_whoever_stands_in,
    an_incident_goes_to_another_with_its_holder_and_never_waits_for_somebody_who_has_left,
);
