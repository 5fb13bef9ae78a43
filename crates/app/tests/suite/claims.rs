//! A claim of commercial secrecy is a case: nobody decides before the third party was heard, both ways end with a reason.

use crate::desk::*;
use credence_app::review::Decision;
use credence_app::review::claim::{self, ClaimView};
use credence_app::{AppError, View};
use credence_domain::record::claim::Opinion;
use credence_domain::subject::Uscc;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::date;

const DECISION: Decision<'static> =
    Decision { actor: "信用中心甲", reason: "配方未公开过", secrecy_review: "" };
const CLAUSE: &str = "政府信息公开条例 十五";

fn shown(desk: &Desk<'_>, document: &str) -> bool {
    let day = desk.clock.today();
    let records = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
    let record = records.iter().find(|one| one.document_number.as_deref() == Some(document)).unwrap();
    assert_eq!(record.content.get("CF_SY").is_some(), record.withheld.is_empty());
    record.withheld.is_empty()
}

fn filed(desk: &mut Desk<'_>, document: &str) -> ClaimView {
    let day = desk.clock.today();
    let records = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
    let id = records.into_iter().find(|one| one.document_number.as_deref() == Some(document)).unwrap().id;
    let (fields, claimant) = (["CF_SY".to_owned()], Uscc::parse(FIRM).unwrap());
    claim::file(&mut desk.writer, &desk.rulebook, (&id, &fields), claimant, DECISION).unwrap()
}

fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> &'static str {
    done.unwrap_err().code()
}

fn both_outcomes_are_decided_by_a_person_after_the_third_party_was_heard(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty(FIRM, "二号"), penalty(FIRM, "三号")]);
    let (one, two) = (filed(&mut desk, "一号"), filed(&mut desk, "二号"));
    assert_eq!((one.state, one.claimant.as_str(), one.decided_on), ("filed", FIRM, None));
    let Desk { writer, rulebook, .. } = &mut desk;
    assert_eq!(code(claim::decide(writer, rulebook, &one.number, Some(CLAUSE), DECISION)), "opinion_not_sought");
    assert_eq!(code(claim::seek(writer, rulebook, &one.number, FIRM, DECISION)), "third_party_is_claimant");
    assert_eq!(code(claim::seek(writer, rulebook, &one.number, " ", DECISION)), "bad_parameter");
    for number in [&one.number, &two.number] {
        let sought = claim::seek(writer, rulebook, number, "示范配方研究院", DECISION).unwrap();
        // Fifteen working days after 6 May 2026, Saturday the 9th among them.
        assert_eq!((sought.state, sought.opinion_due_on), ("opinion_sought", Some(date(2026, 5, 26))));
    }
    assert_eq!(code(claim::decide(writer, rulebook, &one.number, Some(CLAUSE), DECISION)), "opinion_awaited");
    let heard = claim::hear(writer, rulebook, &one.number, Opinion::Objects, DECISION).unwrap();
    assert_eq!((heard.state, heard.opinion), ("opinion_given", Some("objects")));
    let silent = Decision { reason: " ", ..DECISION };
    assert_eq!(code(claim::decide(writer, rulebook, &one.number, Some(CLAUSE), silent)), "reason_needed");
    assert_eq!(code(claim::decide(writer, rulebook, &one.number, Some(""), DECISION)), "clause_needed");
    assert!(shown(&desk, "一号"), "nothing is withheld before it is decided");
    let upheld = claim::decide(&mut desk.writer, &desk.rulebook, &one.number, Some(CLAUSE), DECISION).unwrap();
    assert_eq!((upheld.state, upheld.decided_reason.as_str()), ("upheld", "配方未公开过"));
    assert!(!shown(&desk, "一号") && shown(&desk, "二号"));
    desk.verify();
    // The other third party lets its time pass: then it is decided without it, the other way.
    desk.clock.move_to(date(2026, 5, 27));
    let rejected = claim::decide(&mut desk.writer, &desk.rulebook, &two.number, None, DECISION).unwrap();
    assert_eq!((rejected.state, rejected.decided_on), ("rejected", Some(date(2026, 5, 27))));
    assert!(shown(&desk, "二号"));
    for number in [&one.number, &two.number] {
        let again = claim::decide(&mut desk.writer, &desk.rulebook, number, None, DECISION);
        assert_eq!(code(again), "claim_decided");
    }
    let third = filed(&mut desk, "三号");
    let all = claim::list(&mut desk.writer, FIRST).unwrap().items;
    let numbers: Vec<&str> = all.iter().map(|one| one.state).collect();
    assert_eq!((all.len(), numbers[0], all[0].number.as_str()), (3, "filed", third.number.as_str()));
    // Page by page it is the same list.
    let first = claim::list(&mut desk.writer, (None, Some(2))).unwrap();
    let rest = claim::list(&mut desk.writer, (first.next.as_deref(), Some(2))).unwrap();
    assert_eq!((first.items.len(), rest.items.len(), rest.next), (2, 1, None));
    let paged: Vec<String> = first.items.into_iter().chain(rest.items).map(|one| one.number).collect();
    assert_eq!(paged, all.into_iter().map(|one| one.number).collect::<Vec<_>>());
    for cursor in ["00", "301f32303236", "zz"] {
        assert_eq!(code(claim::list(&mut desk.writer, (Some(cursor), None))), "bad_cursor");
    }
    assert_eq!(code(claim::list(&mut desk.writer, (None, Some(101)))), "bad_parameter");
    assert_eq!(code(claim::hear(&mut desk.writer, &desk.rulebook, "无此号", Opinion::Agrees, DECISION)), "not_found");
    desk.verify();
}

fn what_could_not_be_withheld_cannot_be_claimed(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let id = desk.service(today()).organisation(&View::public(today()), FIRM).unwrap().records.remove(0).id;
    let claimant = Uscc::parse(FIRM).unwrap();
    let mut file = |field: &str, reason: &'static str| {
        let (fields, decision) = ([field.to_owned()], Decision { reason, ..DECISION });
        code(claim::file(&mut desk.writer, &desk.rulebook, (&id, &fields), claimant, decision))
    };
    assert_eq!(file("CF_WSH", "理由"), "field_not_withholdable");
    assert_eq!(file("CF_SY", ""), "reason_needed");
    assert!(claim::list(&mut desk.writer, FIRST).unwrap().items.is_empty());
    desk.verify();
}

both_stores!(
    both_outcomes_are_decided_by_a_person_after_the_third_party_was_heard,
    what_could_not_be_withheld_cannot_be_claimed,
);
