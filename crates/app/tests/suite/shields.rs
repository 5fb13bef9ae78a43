//! Shields while a plan of a court is carried out: the record and its measures rest from one act to another, whatever else moves.

use crate::desk::*;
use crate::listing as lists;
use crate::measures::sector;
use crate::repairs::{accepted, asked, clerk, code, grant, proposed, public, revoke, step};
use credence_app::batch::withdraw::withdraw;
use credence_app::listing::Doing as OfListing;
use credence_app::measure::{self, Beginning};
use credence_app::repair::{self, Applying, Doing, RepairView};
use credence_app::review::Decision;
use credence_app::{AppError, View};
use credence_domain::listing::{Filed, RemedyKind};
use credence_domain::repair::{Applicant, Fault, Plan, PlanKind, Ruling};
use credence_store::values;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::{Date, date};

fn ruling(made_on: Date) -> Ruling {
    Ruling { court: "示例市中级人民法院".to_owned(), number: "（2026）示01破1号".to_owned(), made_on }
}

/// The administrator applies on paper, at the counter of the authority.
fn apply_for_shield(desk: &mut Desk<'_>, record: &str) -> Result<RepairView, AppError> {
    let plan = Plan {
        kind: PlanKind::Reorganisation,
        approved: ruling(desk.clock.today()),
        applicant: Applicant::Administrator,
    };
    let reference = "管理人1号".to_owned();
    let asked = Applying { channel: "paper".to_owned(), reference, plan: Some(plan), ..asked(desk, record) };
    let by = clerk("申请人", desk);
    repair::apply(&mut desk.writer, &desk.rulebook, (&by, OFFICE), &asked)
}

fn shield(kept: &[&str]) -> Doing {
    let kept = kept.iter().map(|number| (*number).to_owned()).collect();
    Doing::Shield { findings: "裁定属实，该记录影响重整融资（示例）".to_owned(), kept }
}

/// A record that is shielded; gives the number of its case.
fn shielded(desk: &mut Desk<'_>, record: &str) -> String {
    let number = apply_for_shield(desk, record).unwrap().head.number;
    step(desk, ("决定", OFFICE), &number, &shield(&[])).unwrap();
    number
}

/// The ordinary application once the plan is carried out, by the organisation itself.
fn go_on(desk: &mut Desk<'_>, record: &str) -> Result<RepairView, AppError> {
    let asked = Applying { completed: Some(ruling(desk.clock.today())), ..asked(desk, record) };
    let by = clerk("申请人", desk);
    repair::apply(&mut desk.writer, &desk.rulebook, (&by, ""), &asked)
}

fn state_of_measure(desk: &mut Desk<'_>, number: &str) -> String {
    let view = View::office(desk.clock.today());
    measure::show(desk.writer.connection(), &view, number).unwrap().head.state.to_owned()
}

/// The plan fails, by a ruling of today.
fn fail(desk: &mut Desk<'_>, number: &str) -> Result<RepairView, AppError> {
    let failed = Doing::PlanFailed { ruling: ruling(desk.clock.today()) };
    step(desk, ("决定", OFFICE), number, &failed)
}

fn a_shield_hides_the_record_and_rests_its_measures_until_the_plan_fails(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty(FIRM, "二号")]);
    sector(&mut desk, "公共资源");
    let records = public(&desk, "penalty");
    let record = records[0].clone();
    let by = clerk("甲", &desk);
    let beginning = Beginning {
        measure: "bidding_bar".to_owned(),
        behaviour: "bid_rigging".to_owned(),
        record: record.clone(),
        unit: OFFICE.to_owned(),
        through_on: Some(date(2027, 4, 29)),
    };
    let mut barred = || measure::begin(&mut desk.writer, &desk.rulebook, &by, &beginning).unwrap().head.number;
    let first = barred();
    // No minimum is waited for: nobody could ask for a repair yet.
    let case = apply_for_shield(&mut desk, &record).unwrap();
    assert_eq!((case.head.state.as_str(), case.measures.as_slice()), ("arrived", std::slice::from_ref(&first)));
    assert_eq!(case.clocks.iter().filter(|clock| clock.state == "running").count(), 1, "{:?}", case.clocks);
    assert_eq!(public(&desk, "penalty").len(), 2, "an application hides nothing");
    let number = case.head.number;
    assert_eq!(code(apply_for_shield(&mut desk, &record)), "repair_running");
    assert_eq!(code(step(&mut desk, ("决定", OFFICE), &number, &Doing::Accept {})), "repair_plan_wrong");
    assert_eq!(code(step(&mut desk, ("申请人", OFFICE), &number, &shield(&[]))), "repair_same_person");
    assert_eq!(code(step(&mut desk, ("决定", SECOND), &number, &shield(&[]))), "repair_wrong_unit");
    assert_eq!(code(step(&mut desk, ("决定", OFFICE), &number, &shield(&["x"]))), "repair_measure_other");
    let done = step(&mut desk, ("决定", OFFICE), &number, &shield(&[])).unwrap();
    assert!(done.shields && done.head.state == "shielded" && done.letters.len() == 1, "{done:?}");
    assert_eq!(public(&desk, "penalty"), [records[1].clone()]);
    assert_eq!(state_of_measure(&mut desk, &first), "suspended");
    // Step, record and measure are one act.
    let sql = "select count(distinct c.act) from chunk c where c.no in (
                 select at / 4096 from repair_step where number = $1 and step = 2
                 union select at / 4096 from measure_step where number = $2 and step = 2
                 union select at / 4096 from record where state = 'hidden')";
    let acts = desk.writer.connection().first(sql, values![number.as_str(), first.as_str()], |row| row.int(0));
    assert_eq!(acts.unwrap(), Some(1));
    desk.verify();
    // Its owner corrects it meanwhile: that shows nothing. Nobody repairs it by the ordinary way without the ruling.
    desk.send(vec![changed("一号", &[("CF_NR_FK", "6.5")])]);
    assert_eq!(public(&desk, "penalty").len(), 1);
    let asked_now = asked(&desk, &record);
    let own = repair::apply(&mut desk.writer, &desk.rulebook, (&by, ""), &asked_now);
    assert_eq!(code(own), "repair_plan_running");
    desk.verify();
    desk.clock.move_to(date(2026, 9, 7));
    let restored = fail(&mut desk, &number).unwrap();
    assert_eq!((restored.head.state.as_str(), restored.letters.len()), ("restored", 2));
    assert_eq!(public(&desk, "penalty").len(), 2, "as it stood before");
    assert_eq!(state_of_measure(&mut desk, &first), "running");
    assert_eq!(code(fail(&mut desk, &number)), "repair_state_wrong");
    desk.verify();
    // Shielded again; a measure that does not stand in the way goes on (最小必要). The end of its time ends a hidden record too.
    let again = apply_for_shield(&mut desk, &record).unwrap().head.number;
    step(&mut desk, ("决定", OFFICE), &again, &shield(&[&first])).unwrap();
    assert_eq!((state_of_measure(&mut desk, &first).as_str(), public(&desk, "penalty").len()), ("running", 1));
    desk.verify();
    desk.clock.move_to(date(2027, 5, 10));
    fail(&mut desk, &again).unwrap();
    assert!(public(&desk, "penalty").is_empty(), "nothing is public past its last day");
    desk.verify();
}

fn a_plan_that_is_carried_out_leads_to_the_ordinary_repair_without_showing_the_record(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(["一号", "二号", "三号"].map(|number| penalty(FIRM, number)).to_vec());
    let records = public(&desk, "penalty");
    let [first, second, third] = [0, 1, 2].map(|at| records[at].clone());
    assert_eq!(code(go_on(&mut desk, &first)), "repair_no_shield");
    let numbers = [&first, &second, &third].map(|record| shielded(&mut desk, record));
    // The ordinary way has its minimum, shielded or not.
    assert_eq!(code(go_on(&mut desk, &first)), "repair_too_early");
    desk.clock.move_to(date(2026, 8, 3));
    let next = go_on(&mut desk, &first).unwrap();
    assert!(next.shields && next.followed.as_deref() == Some(numbers[0].as_str()), "{next:?}");
    let view = View::office(desk.clock.today());
    let before = repair::show(desk.writer.connection(), &view, &numbers[0]).unwrap();
    assert_eq!((before.head.state.as_str(), before.shields), ("completed", false));
    assert!(public(&desk, "penalty").is_empty(), "it is not shown in between");
    desk.verify();
    accepted(&mut desk, &next.head.number);
    step(&mut desk, ("决定", OFFICE), &next.head.number, &grant()).unwrap();
    assert!(public(&desk, "penalty").is_empty() && public(&desk, "commitment").len() == 1);
    let promise = public(&desk, "commitment").remove(0);
    assert_eq!(code(apply_for_shield(&mut desk, &promise)), "repair_not_public", "what is not adverse is not hidden");
    desk.verify();
    // Refused, the second stands again; given up, the third does.
    let next = go_on(&mut desk, &second).unwrap().head.number;
    accepted(&mut desk, &next);
    let refuse = Doing::Refuse { reason: "罚款尚未缴清（示例）".to_owned() };
    step(&mut desk, ("决定", OFFICE), &next, &refuse).unwrap();
    assert_eq!(public(&desk, "penalty"), std::slice::from_ref(&second));
    let completed = Doing::PlanCompleted { ruling: ruling(desk.clock.today()) };
    step(&mut desk, ("决定", OFFICE), &numbers[2], &completed).unwrap();
    assert_eq!(public(&desk, "penalty").len(), 2);
    assert_eq!(code(go_on(&mut desk, &third)), "repair_no_shield");
    desk.verify();
}

fn a_forged_ruling_is_recorded_and_what_falls_with_its_batch_stays_gone(store: &TestStore) {
    let mut desk = Desk::new(store);
    let batch = desk.send(vec![penalty(FIRM, "一号")]).batch;
    desk.send(vec![penalty(FIRM, "二号")]);
    let records = public(&desk, "penalty");
    let numbers = [0, 1].map(|at| shielded(&mut desk, &records[at]));
    assert!(public(&desk, "penalty").is_empty());
    let facts = "承诺不实（示例）".to_owned();
    let promised = Doing::ProposeRevocation { fault: Fault::UntruePromise, facts };
    let refusal = step(&mut desk, ("复核", OFFICE), &numbers[1], &promised);
    assert_eq!(code(refusal), "repair_fault_wrong", "nothing was promised");
    proposed(&mut desk, &numbers[1], "裁定书系伪造（示例）");
    assert!(public(&desk, "penalty").is_empty(), "until it is decided the shield stands");
    assert_eq!(code(fail(&mut desk, &numbers[1])), "repair_revocation_running");
    assert_eq!(code(go_on(&mut desk, &records[1])), "repair_revocation_running");
    desk.clock.move_to(date(2026, 5, 20));
    step(&mut desk, ("复核", OFFICE), &numbers[1], &revoke()).unwrap();
    assert_eq!(public(&desk, "penalty").len(), 1, "it stands again");
    assert_eq!(public(&desk, "repair_dishonesty").len(), 1);
    let stood = public(&desk, "penalty").remove(0);
    assert_eq!(code(apply_for_shield(&mut desk, &stood)), "repair_barred_after_fault");
    desk.verify();
    let decision = Decision { actor: "甲", reason: "整批有误", secrecy_review: "" };
    withdraw(&mut desk.writer, &desk.rulebook, &batch, decision, "乙", &mut |_| Ok(())).unwrap();
    let view = View::office(desk.clock.today());
    let mut state = |at: usize| repair::show(desk.writer.connection(), &view, &numbers[at]).unwrap().head.state;
    let states = [state(0), state(1)];
    assert!(states.contains(&"revoked".to_owned()), "{states:?}");
    desk.verify();
}

fn an_entry_is_hidden_as_long_as_a_stay_or_a_plan_asks_for_it(store: &TestStore) {
    let mut desk = lists::desk(store);
    desk.send(vec![lists::heavy("一号")]);
    let ids = lists::public(&desk, "penalty");
    let number = lists::listed(&mut desk, ids).head.number;
    let entry = lists::public(&desk, "serious_dishonesty").remove(0);
    let view = View::office(desk.clock.today());
    let measures = |desk: &mut Desk<'_>| {
        let heads = measure::list(desk.writer.connection(), &view, None, FIRST).unwrap().items;
        heads.into_iter().map(|head| head.state).collect::<Vec<_>>()
    };
    let running = measures(&mut desk);
    assert!(!running.is_empty() && running.iter().all(|state| *state == "running"), "{running:?}");
    let on = desk.clock.today();
    let filed =
        Filed { kind: RemedyKind::Reconsideration, number: "复1号".to_owned(), body: "市政府".to_owned(), on };
    lists::step(&mut desk, "丙", &number, &OfListing::FileRemedy { filed }).unwrap();
    let stay = OfListing::Stay { number: "复1号".to_owned(), on };
    let lift = OfListing::LiftStay { number: "复1号".to_owned(), on };
    let case = shielded(&mut desk, &entry);
    let rest = |desk: &mut Desk<'_>| measures(desk).iter().all(|state| *state == "suspended");
    assert!(!lists::shown(&desk) && rest(&mut desk));
    desk.verify();
    lists::step(&mut desk, "乙", &number, &stay).unwrap();
    lists::step(&mut desk, "乙", &number, &lift).unwrap();
    assert!(!lists::shown(&desk) && rest(&mut desk), "the plan is still carried out");
    desk.verify();
    lists::step(&mut desk, "乙", &number, &stay).unwrap();
    fail(&mut desk, &case).unwrap();
    assert!(!lists::shown(&desk) && rest(&mut desk), "the stay still stands");
    desk.verify();
    lists::step(&mut desk, "乙", &number, &lift).unwrap();
    assert!(lists::shown(&desk) && measures(&mut desk) == running);
    desk.verify();
}

fn what_was_corrected_meanwhile_does_not_stay_hidden_when_the_shield_is_over(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty(FIRM, "二号")]);
    let records = public(&desk, "penalty");
    let numbers = [0, 1].map(|at| shielded(&mut desk, &records[at]));
    // Corrected while it was hidden, shown again, corrected once more by a batch that is withdrawn: the version that stands then is
    // that of a hidden day, and the day is over.
    desk.send(vec![changed("一号", &[("CF_NR_FK", "6.5")]), changed("二号", &[("CF_NR_FK", "6.5")])]);
    assert!(public(&desk, "penalty").is_empty());
    numbers.iter().for_each(|number| drop(fail(&mut desk, number).unwrap()));
    assert_eq!(public(&desk, "penalty").len(), 2);
    let batch = desk.send(vec![changed("一号", &[("CF_NR_FK", "7.5")])]).batch;
    let decision = Decision { actor: "甲", reason: "整批有误", secrecy_review: "" };
    withdraw(&mut desk.writer, &desk.rulebook, &batch, decision, "乙", &mut |_| Ok(())).unwrap();
    assert_eq!(public(&desk, "penalty").len(), 2, "nothing shields it any more");
    desk.verify();
    // Its owner says that the decision was revoked while it is shielded: it stays hidden while the plan is carried out, whatever he
    // says of it next.
    let again = records.iter().map(|record| shielded(&mut desk, record)).collect::<Vec<_>>();
    for state in ["撤销", "正常"] {
        desk.send(vec![changed("二号", &[("CF_NR_FK", "6.5"), ("CF_ZT", state)])]);
        assert!(public(&desk, "penalty").is_empty(), "the plan is still carried out");
        desk.verify();
    }
    again.iter().for_each(|number| drop(fail(&mut desk, number).unwrap()));
    assert_eq!(public(&desk, "penalty").len(), 2);
    desk.verify();
}

fn what_nobody_has_looked_at_is_not_shown_when_the_shield_is_over_nor_before(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty(FIRM, "二号")]);
    let records = public(&desk, "penalty");
    let numbers = [0, 1].map(|at| shielded(&mut desk, &records[at]));
    // A row that waits for a person waits, hidden or not: here the number of a natural person.
    let personal = "当事人经办人电话13800138000，身份证37010219800101001X";
    desk.send(vec![changed("一号", &[("CF_SY", personal)]), changed("二号", &[("CF_SY", personal)])]);
    desk.verify();
    // What may be public again by itself is hidden again: the plan is still carried out.
    desk.send(vec![changed("二号", &[("CF_SY", "排放口浓度超标")])]);
    assert!(public(&desk, "penalty").is_empty());
    desk.verify();
    numbers.iter().for_each(|number| drop(fail(&mut desk, number).unwrap()));
    let shown = public(&desk, "penalty");
    assert_eq!(shown.len(), 1, "the other still waits for a person");
    desk.verify();
}

both_stores!(
    a_shield_hides_the_record_and_rests_its_measures_until_the_plan_fails,
    a_plan_that_is_carried_out_leads_to_the_ordinary_repair_without_showing_the_record,
    a_forged_ruling_is_recorded_and_what_falls_with_its_batch_stays_gone,
    an_entry_is_hidden_as_long_as_a_stay_or_a_plan_asks_for_it,
    what_nobody_has_looked_at_is_not_shown_when_the_shield_is_over_nor_before,
    what_was_corrected_meanwhile_does_not_stay_hidden_when_the_shield_is_over,
);
