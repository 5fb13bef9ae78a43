//! Whoever left a list comes back for what is new alone, and an entry leaves its list for nothing that is not there.

use crate::desk::*;
use crate::listing::{code, desk, heavy, listed, public, shown, step};
use credence_app::View;
use credence_app::listing::{self, CaseView, Clerk, Doing, Proposing, Stepping};
use credence_app::objection;
use credence_app::repair;
use credence_domain::listing::{Cause, Filed, Outcome, RemedyKind};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::date;

fn clerk(desk: &Desk<'_>, name: &str) -> Clerk {
    Clerk { name: name.to_owned(), view: View::office(desk.clock.today()) }
}

fn again(desk: &mut Desk<'_>, record: &str, ordered: &str) -> Result<CaseView, credence_app::AppError> {
    let asked = Proposing {
        ordered: ordered.to_owned(),
        papers: if ordered.is_empty() { Vec::new() } else { vec![noted("判决书.pdf")] },
        ..crate::listing::asked(vec![record.to_owned()])
    };
    let by = clerk(desk, "甲");
    listing::propose(&mut desk.writer, &desk.rulebook, &by, &asked)
}

/// Why a document may not carry the list, as whoever proposes is told.
fn told(desk: &mut Desk<'_>, record: &str) -> Option<String> {
    let (keyring, view) = (desk.writer.keyring(), View::office(desk.clock.today()));
    let about = ("market_regulation", FIRM);
    let found = listing::carriers(desk.writer.connection(), keyring, (&desk.rulebook, &view), OFFICE, about);
    found.unwrap().1.into_iter().find(|one| one.id == record).unwrap().refused
}

fn file(desk: &mut Desk<'_>, number: &str, remedy: &str) {
    let on = desk.clock.today();
    let kind = RemedyKind::Litigation;
    let filed = Filed { kind, number: remedy.to_owned(), body: "云海市中级人民法院".to_owned(), on };
    step(desk, "丙", number, &Doing::FileRemedy { filed }).unwrap();
}

fn what_left_a_list_is_not_proposed_again_on_the_same_document(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号"), heavy("二号")]);
    let ids = public(&desk, "penalty");
    let number = listed(&mut desk, vec![ids[0].clone()]).head.number;
    let refused = again(&mut desk, &ids[0], "").unwrap_err();
    assert!(refused.code() == "listing_base_used" && refused.to_string().contains(&number), "{refused}");
    file(&mut desk, &number, "行初1号");
    let on = desk.clock.today();
    let revoked = || Doing::DecideRemedy { number: "行初1号".to_owned(), on, outcome: Outcome::Revoked };
    step(&mut desk, "乙", &number, &revoked()).unwrap();
    assert_eq!(code(again(&mut desk, &ids[0], "")), "listing_base_used");
    assert_eq!(code(again(&mut desk, &ids[0], "行初2号")), "listing_base_used");
    assert!(told(&mut desk, &ids[0]).unwrap().contains(&number), "and whoever proposes is told beforehand");
    assert_eq!(told(&mut desk, &ids[1]), None);
    desk.verify();
    // A document that is new carries a new case; what a court ordered made anew is made anew, once.
    let dismissed = again(&mut desk, &ids[1], "").unwrap().head.number;
    assert_eq!(code(again(&mut desk, &ids[1], "")), "listing_base_used");
    let anew = again(&mut desk, &ids[0], "行初1号").unwrap();
    assert_eq!(code(again(&mut desk, &ids[0], "行初1号")), "listing_base_used");
    assert_eq!((anew.head.state.as_str(), dismissed == number), ("proposed", false));
    desk.verify();
}

fn an_entry_leaves_its_list_for_nothing_that_is_not_there(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let number = listed(&mut desk, ids.clone()).head.number;
    desk.clock.move_to(date(2027, 6, 1));
    let base = "00".repeat(16);
    let made_up = [
        (Cause::Repair { exit: "提前移出".to_owned(), document: "修1号".to_owned() }, "removal_without_repair"),
        (Cause::Objection { document: "异1号".to_owned() }, "removal_without_objection"),
        (Cause::BaseRevoked { record: base, document: "撤销".to_owned() }, "base_document_not_of_case"),
    ];
    for (cause, refusal) in made_up {
        assert_eq!(code(step(&mut desk, "乙", &number, &Doing::Remove { cause })), refusal);
    }
    let view = View::office(desk.clock.today());
    let case = listing::show(desk.writer.connection(), &view, &number).unwrap();
    let credence_domain::listing::Event::Proposed { bases, .. } = &case.steps[0].taken.event else {
        panic!("{case:?}")
    };
    let stands = Cause::BaseRevoked { record: bases[0].record.clone(), document: "撤销".to_owned() };
    assert_eq!(code(step(&mut desk, "乙", &number, &Doing::Remove { cause: stands })), "base_document_stands");
    // A suit that somebody makes up ends nothing: what was ruled comes with its paper and from another person.
    file(&mut desk, &number, "行初1号");
    let on = desk.clock.today();
    let ruled = Doing::DecideRemedy { number: "行初1号".to_owned(), on, outcome: Outcome::Revoked };
    assert_eq!(code(step(&mut desk, "丙", &number, &ruled)), "remedy_by_filer");
    let bare = Stepping { doing: ruled, papers: Vec::new() };
    let by = clerk(&desk, "乙");
    let done = listing::step_citing(&mut desk.writer, &desk.rulebook, &by, &number, &bare);
    assert_eq!(code(done), "remedy_paper_missing");
    assert!(shown(&desk));
    // An application that is open is no repair; a repair that is granted removes the entry itself.
    let entry = public(&desk, "serious_dishonesty").remove(0);
    let case = crate::repairs::apply_own(&mut desk, &entry).unwrap().head.number;
    crate::repairs::accepted(&mut desk, &case);
    let cause = Cause::Repair { exit: "提前移出".to_owned(), document: case.clone() };
    assert_eq!(code(step(&mut desk, "乙", &number, &Doing::Remove { cause })), "removal_without_repair");
    let granted: repair::RepairView =
        crate::repairs::step(&mut desk, ("决定", OFFICE), &case, &crate::repairs::grant()).unwrap();
    assert_eq!((granted.head.state.as_str(), shown(&desk)), ("granted", false));
    desk.verify();
}

fn an_objection_that_is_upheld_removes_an_entry_and_one_that_is_rejected_does_not(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let number = listed(&mut desk, ids).head.number;
    let on = desk.clock.today();
    let entry = public(&desk, "serious_dishonesty").remove(0);
    let filing =
        serde_json::json!({ "matter": "objection", "record": entry, "ground": "有误", "contested": ["content"] });
    let filing: objection::Filing = serde_json::from_value(filing).unwrap();
    let view = View::organisation([FIRM], on);
    let party = objection::Actor { clerk: Clerk { name: "代表人".to_owned(), view }, unit: String::new() };
    let case = objection::file(&mut desk.writer, &desk.rulebook, &party, &filing).unwrap().head.number;
    let remove = Doing::Remove { cause: Cause::Objection { document: case.clone() } };
    assert_eq!(code(step(&mut desk, "乙", &number, &remove)), "removal_without_objection", "it is not decided");
    let rejected = serde_json::json!({ "act": "decide", "outcome": "rejected", "reason": "核查无误" });
    let rejected: objection::Doing = serde_json::from_value(rejected).unwrap();
    let office = objection::Actor { clerk: clerk(&desk, "丙"), unit: OFFICE.to_owned() };
    objection::step(&mut desk.writer, &desk.rulebook, &office, &case, &rejected).unwrap();
    assert_eq!(code(step(&mut desk, "乙", &number, &remove)), "removal_without_objection");
    assert!(shown(&desk));
    desk.verify();
}

fn a_waiver_that_staff_enter_comes_with_its_paper_and_not_from_the_proposer(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let number = crate::listing::notified(&mut desk, ids).head.number;
    let on = desk.clock.today();
    let waive = Doing::Waive { on, proof: "声明".to_owned() };
    assert_eq!(code(step(&mut desk, "甲", &number, &waive)), "waiver_by_proposer");
    let bare = Stepping { doing: waive.clone(), papers: Vec::new() };
    let by = clerk(&desk, "丙");
    let done = listing::step_citing(&mut desk.writer, &desk.rulebook, &by, &number, &bare);
    assert_eq!(code(done), "waiver_paper_missing");
    // The party itself says so by its own account.
    let party = Clerk { name: "代表人".to_owned(), view: View::organisation([FIRM], on) };
    listing::step_citing(&mut desk.writer, &desk.rulebook, &party, &number, &bare).unwrap();
    desk.verify();
}

both_stores!(
    what_left_a_list_is_not_proposed_again_on_the_same_document,
    an_entry_leaves_its_list_for_nothing_that_is_not_there,
    an_objection_that_is_upheld_removes_an_entry_and_one_that_is_rejected_does_not,
    a_waiver_that_staff_enter_comes_with_its_paper_and_not_from_the_proposer,
);
