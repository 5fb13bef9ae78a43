//! The organisation's own space: what it was told and nothing before that, what it must do and by when, what it may do next; the
//! journal has each look, and nobody else gets in.

use crate::desk::*;
use credence_app::account::Person;
use credence_app::listing::{self, Clerk, Doing, Proposing};
use credence_app::objection::{self, Actor, Filing};
use credence_app::own::OwnView;
use credence_app::{AppError, View, directory};
use credence_domain::access::Role;
use credence_domain::listing::{Delivery, Filed, Findings, Outcome, RemedyKind};
use credence_domain::queue::Light;
use credence_domain::remedy::Counted;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::json;

fn representative(uscc: &str) -> Person {
    let mut person = Person::operator("demo-organisation", Role::Organisation);
    person.account.unit = String::new();
    person.organisations = vec![uscc.to_owned()];
    person
}

fn own(desk: &Served<'_>, person: &Person, uscc: &str) -> Result<OwnView, AppError> {
    desk.service.own(&desk.working, person, uscc)
}

fn step(desk: &mut Desk<'_>, by: &str, number: &str, doing: &Doing) {
    let clerk = Clerk { name: by.to_owned(), view: View::office(desk.clock.today()) };
    listing::step_citing(&mut desk.writer, &desk.rulebook, &clerk, number, &with_paper(doing)).unwrap();
}

fn serve(on: Date) -> Doing {
    let delivery = Delivery { mode: "direct".to_owned(), on, proof: "送达回证".to_owned(), consent: String::new() };
    Doing::Serve { letter: None, delivery }
}

fn asked(own: &OwnView) -> Vec<(&str, Option<Date>, Light)> {
    own.deadlines.iter().map(|one| (one.step.as_str(), one.due_on, one.light)).collect()
}

fn an_organisation_sees_what_it_was_told_and_nothing_before(store: &TestStore) {
    let mut desk = Served::new(store);
    let unit = directory::Unit {
        uscc: OFFICE.to_owned(),
        name: "云海市生态环境局".to_owned(),
        level: "province".to_owned(),
        sector: "市场监管".to_owned(),
        ..directory::Unit::default()
    };
    directory::set(&mut desk.desk.writer, &unit, &desk.desk.rulebook).unwrap();
    desk.send(vec![
        changed("一号", &[("CF_CFLB", "责令停产停业"), ("CF_NR", "责令停产停业"), ("CF_NR_FK", "")]),
        penalty(SECOND, "二号"),
    ]);
    let person = representative(FIRM);
    let seen = own(&desk, &person, FIRM).unwrap();
    assert_eq!((seen.records.len(), seen.cases.len(), seen.deadlines.len()), (1, 0, 0));
    assert_eq!(own(&desk, &person, SECOND).unwrap_err().code(), "forbidden");
    let mut office = Person::operator("office", Role::Office);
    office.organisations = vec![FIRM.to_owned()];
    assert_eq!(own(&desk, &office, FIRM).unwrap_err().code(), "forbidden", "for representatives alone");

    let on = desk.clock.today();
    let clerk = Clerk { name: "经办员甲".to_owned(), view: View::office(on) };
    let proposing = crate::listing::asked(vec![seen.records[0].id.clone()]);
    let number = listing::propose(&mut desk.desk.writer, &desk.desk.rulebook, &clerk, &proposing).unwrap().head.number;
    let seen = own(&desk, &person, FIRM).unwrap();
    assert!(seen.cases.is_empty() && seen.letters.is_empty() && seen.deadlines.is_empty(), "it was not told yet");
    step(&mut desk, "经办员甲", &number, &serve(on));
    let seen = own(&desk, &person, FIRM).unwrap();
    assert_eq!(seen.cases.iter().map(|case| case.state.as_str()).collect::<Vec<_>>(), ["notified"]);
    assert_eq!(seen.letters.iter().map(|one| one.letter_kind.as_str()).collect::<Vec<_>>(), ["prior_notice"]);
    let answer = asked(&seen).into_iter().find(|(step, ..)| *step == "answer_notice").unwrap();
    assert_eq!(answer, ("answer_notice", Some(date(2026, 5, 12)), Light::InTime));
    desk.clock.move_to(date(2026, 5, 12));
    assert_eq!(
        asked(&own(&desk, &person, FIRM).unwrap())[0],
        ("answer_notice", Some(date(2026, 5, 12)), Light::DueToday)
    );
    step(&mut desk, "demo-organisation", &number, &Doing::State { on: date(2026, 5, 12), text: "已经整改".to_owned() });
    let seen = own(&desk, &person, FIRM).unwrap();
    assert_eq!((seen.statements.len(), seen.statements[0].text.as_str()), (1, "已经整改"));
    let answer = Doing::Answer { statement: 1, accepted: false, reason: "内部复核意见".to_owned() };
    step(&mut desk, "经办员甲", &number, &answer);
    let text = serde_json::to_string(&own(&desk, &person, FIRM).unwrap()).unwrap();
    assert!(
        !text.contains("内部复核意见") && !text.contains("经办员甲"),
        "nothing undecided, nobody of the staff: {text}"
    );

    // A decision not to list is told when it is served.
    desk.clock.move_to(date(2026, 5, 13));
    step(&mut desk, "认定人乙", &number, &Doing::Dismiss { reason: "情节轻微".to_owned() });
    let seen = own(&desk, &person, FIRM).unwrap();
    assert_eq!((seen.cases[0].state.as_str(), seen.letters.len()), ("notified", 1));
    assert!(asked(&seen).is_empty(), "nothing can be answered any more");
    step(&mut desk, "经办员甲", &number, &serve(date(2026, 5, 13)));
    let seen = own(&desk, &person, FIRM).unwrap();
    assert_eq!((seen.cases[0].state.as_str(), seen.letters.len()), ("not_listed", 2));

    // What was decided upon is not proposed again; a new document carries a new case: public from its day, with its letter and its
    // measures.
    let same = listing::propose(&mut desk.desk.writer, &desk.desk.rulebook, &clerk, &proposing);
    assert_eq!(same.unwrap_err().code(), "listing_base_used");
    desk.send(vec![changed("三号", &[("CF_CFLB", "责令停产停业"), ("CF_NR", "责令停产停业"), ("CF_NR_FK", "")])]);
    let records = own(&desk, &person, FIRM).unwrap().records;
    let third = records.into_iter().find(|one| one.document_number.as_deref() == Some("三号")).unwrap().id;
    let proposing = Proposing { records: vec![third], ..proposing };
    let again = listing::propose(&mut desk.desk.writer, &desk.desk.rulebook, &clerk, &proposing).unwrap().head.number;
    step(&mut desk, "经办员甲", &again, &serve(date(2026, 5, 13)));
    desk.clock.move_to(date(2026, 5, 25));
    let decide = Doing::List {
        findings: Findings {
            nature: "明知故犯".to_owned(),
            circumstances: "持续半年".to_owned(),
            harm: "多人受害".to_owned(),
        },
        measures: vec!["no_commitment_procedure".to_owned()],
        consent: String::new(),
    };
    step(&mut desk, "认定人乙", &again, &decide);
    let seen = own(&desk, &person, FIRM).unwrap();
    let case = seen.cases.iter().find(|case| case.number == again).unwrap();
    assert_eq!(case.state, "listed");
    assert_eq!((seen.measures.len(), seen.measures[0].state), (1, "running"));
    assert!(seen.letters.iter().any(|one| one.number == again && one.letter_kind == "decision"), "it is public");
    assert!(seen.records.iter().any(|record| record.item == "serious_dishonesty"));

    // What it may still say, and what it applied for.
    let record = seen.records.iter().find(|record| record.item == "penalty").unwrap();
    let filing = json!({ "matter": "objection", "record": record.id, "ground": "金额有误", "contested": ["content"] });
    let filing: Filing = serde_json::from_value(filing).unwrap();
    let view = View::organisation([FIRM], desk.clock.today());
    let party = Actor { clerk: Clerk { name: "demo-organisation".to_owned(), view }, unit: String::new() };
    let filed = objection::file(&mut desk.desk.writer, &desk.desk.rulebook, &party, &filing).unwrap().head.number;
    let seen = own(&desk, &person, FIRM).unwrap();
    assert!(seen.cases.iter().any(|case| case.number == filed && case.state == "filed"));
    assert!(seen.statements.iter().any(|said| said.number == filed && said.text == "金额有误"));
    let record = seen.records.iter().find(|record| record.item == "penalty").unwrap();
    assert!(record.marks.iter().any(|mark| mark.kind == "objection"));
    assert!(!record.may_be_repaired, "its day has not come");
    let from = record.repair_from_on.unwrap();
    // The other organisation's space has nothing of it.
    let other = own(&desk, &representative(SECOND), SECOND).unwrap();
    assert!(other.cases.is_empty() && other.letters.is_empty() && other.measures.is_empty());
    assert!(!serde_json::to_string(&other).unwrap().contains(FIRM));

    // One letter for printing; one that did not reach it is not there. Each look is in the journal.
    let letter = &seen.letters[0].letter;
    let (name, printed) = desk.service.own_letter(&desk.working, &person, (FIRM, letter)).unwrap();
    assert_eq!((name.as_str(), &printed.letter), ("云海市海岳机械制造有限公司", letter));
    let missing = desk.service.own_letter(&desk.working, &person, (FIRM, "示例〔2026〕999号"));
    assert_eq!(missing.unwrap_err().code(), "not_found");
    let looks = desk.service.journal(Role::Auditor, FIRM, None, 100).unwrap().items;
    assert!(looks.len() >= 5 && looks.iter().all(|look| look.purpose == "self"), "{}", looks.len());
    desk.clock.move_to(from);
    let seen = own(&desk, &person, FIRM).unwrap();
    let record = seen.records.iter().find(|record| record.item == "penalty");
    assert!(record.is_some_and(|record| record.may_be_repaired), "{from}");
    desk.verify();
}

fn a_repair_that_was_taken_back_certifies_nothing_and_is_not_offered_again(store: &TestStore) {
    let mut desk = Served::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let person = representative(FIRM);
    let record = own(&desk, &person, FIRM).unwrap().records.remove(0);
    assert!(record.may_be_shielded && !record.may_be_repaired, "a shield waits for no minimum");
    desk.desk.clock.move_to(record.repair_from_on.unwrap());
    let asked = crate::repairs::asked(&desk.desk, &record.id);
    let (by, rulebook) = (crate::repairs::clerk("申请人", &desk.desk), desk.desk.rulebook.clone());
    let case = credence_app::repair::apply(&mut desk.desk.writer, &rulebook, (&by, ""), &asked).unwrap().head.number;
    crate::repairs::accepted(&mut desk.desk, &case);
    crate::repairs::step(&mut desk.desk, ("决定", OFFICE), &case, &crate::repairs::grant()).unwrap();
    let certified = |desk: &Served<'_>| own(desk, &person, FIRM).unwrap().letters.iter().any(|one| one.certificate);
    assert!(certified(&desk));
    crate::repairs::proposed(&mut desk.desk, &case, "凭证系伪造（示例）");
    let seen = own(&desk, &person, FIRM).unwrap();
    assert!(seen.letters.iter().any(|one| one.letter_kind == "repair_revocation_notice"), "it reads the notice");
    assert!(seen.deadlines.iter().any(|one| (one.kind, one.step.as_str()) == ("repair", "answer_notice")));
    assert!(certified(&desk), "until it is decided the repair stands");
    desk.desk.clock.move_to(record.repair_from_on.unwrap().saturating_add(20.days()));
    crate::repairs::step(&mut desk.desk, ("复核", OFFICE), &case, &crate::repairs::revoke()).unwrap();
    assert!(!certified(&desk), "what was taken back certifies nothing");
    let seen = own(&desk, &person, FIRM).unwrap();
    let again = seen.records.iter().find(|one| one.id == record.id).unwrap();
    assert!(!again.may_be_repaired && !again.may_be_shielded, "nobody may apply for three years");
}

/// Room, remedy, last day and what it is counted from.
fn remedies(own: &OwnView) -> Vec<(&'static str, &str, Date, Counted)> {
    let told = own.deadlines.iter().filter_map(|one| Some((one, one.remedy.as_ref()?)));
    told.map(|(one, remedy)| (one.kind, one.step.as_str(), one.due_on.unwrap(), remedy.counted)).collect()
}

fn the_last_days_of_remedies_run_from_service_and_end_with_a_filing(store: &TestStore) {
    let mut desk = Served::new(store);
    let number = crate::measures::listed(&mut desk.desk);
    let person = representative(FIRM);
    let seen = own(&desk, &person, FIRM).unwrap();
    assert!(remedies(&seen).is_empty(), "the decision was not served yet");
    let on = desk.clock.today();
    step(&mut desk, "甲", &number, &serve(on));
    let seen = own(&desk, &person, FIRM).unwrap();
    // 13 May + 60 days = 12 July, a Sunday; six months end on 13 November.
    let expected = [
        ("listing", "reconsideration", date(2026, 7, 13), Counted::Service),
        ("listing", "litigation", date(2026, 11, 13), Counted::Service),
    ];
    assert_eq!(remedies(&seen), expected);
    let first = &seen.deadlines[0];
    let remedy = first.remedy.as_ref().unwrap();
    assert_eq!((first.asked.as_str(), remedy.from_on), ("申请行政复议", on));
    assert_eq!(remedy.basis.as_deref(), Some("《行政复议法》第二十条"));
    assert!(seen.letters.iter().any(|one| one.letter == remedy.letter), "the letter is at hand");
    desk.clock.move_to(date(2026, 7, 14));
    assert_eq!(remedies(&own(&desk, &person, FIRM).unwrap()).len(), 1, "what is over is no deadline");
    desk.clock.move_to(date(2026, 7, 10));
    let on = desk.clock.today();
    let filed =
        Filed { kind: RemedyKind::Reconsideration, number: "复1号".to_owned(), body: "市政府".to_owned(), on };
    step(&mut desk, "甲", &number, &Doing::FileRemedy { filed });
    assert!(remedies(&own(&desk, &person, FIRM).unwrap()).is_empty(), "while it is pending nobody sues");
    desk.clock.move_to(date(2026, 9, 17));
    let on = desk.clock.today();
    let upheld = Doing::DecideRemedy { number: "复1号".to_owned(), on, outcome: Outcome::Upheld };
    step(&mut desk, "乙", &number, &upheld);
    // 17 September + 15 days = 2 October, in the holidays until the seventh.
    let after = [("listing", "litigation_after_reconsideration", date(2026, 10, 8), Counted::Reconsideration)];
    assert_eq!(remedies(&own(&desk, &person, FIRM).unwrap()), after);
    let filed = Filed { kind: RemedyKind::Litigation, number: "行1号".to_owned(), body: "法院".to_owned(), on };
    step(&mut desk, "甲", &number, &Doing::FileRemedy { filed });
    assert!(remedies(&own(&desk, &person, FIRM).unwrap()).is_empty());
    desk.verify();
}

fn remedies_run_against_a_refused_repair_and_an_answer_and_a_person_is_not_named(store: &TestStore) {
    let mut desk = Served::new(store);
    let number = crate::measures::listed(&mut desk.desk);
    let person = representative(FIRM);
    let term = crate::officers::term(&mut desk.desk, "责任人示例", date(2020, 1, 1));
    let asked = crate::officers::asked(&number, &term);
    let case = crate::officers::propose(&mut desk.desk, &asked).unwrap().head.number;
    let on = desk.clock.today();
    let told = crate::officers::serve(on);
    crate::officers::step(&mut desk.desk, "甲", &case, &told).unwrap();
    let waive =
        credence_app::officer::Doing::Waive { on, proof: "声明".to_owned(), paper: Some(noted("声明.pdf")) };
    crate::officers::step(&mut desk.desk, "丙", &case, &waive).unwrap();
    let decide = credence_app::officer::Doing::Decide { reason: "其直接决定生产".to_owned() };
    crate::officers::step(&mut desk.desk, "乙", &case, &decide).unwrap();
    assert!(remedies(&own(&desk, &person, FIRM).unwrap()).is_empty(), "not served");
    crate::officers::step(&mut desk.desk, "甲", &case, &told).unwrap();
    let seen = own(&desk, &person, FIRM).unwrap();
    let of_person = [
        ("officer", "reconsideration", date(2026, 7, 13), Counted::Service),
        ("officer", "litigation", date(2026, 11, 13), Counted::Service),
    ];
    assert_eq!(remedies(&seen), of_person);
    assert_eq!(seen.deadlines[0].asked, "责任人员本人申请行政复议");
    assert!(!serde_json::to_string(&seen).unwrap().contains("责任人示例"), "no natural person is named");

    // An objection that was answered: the period runs from the answer, beside the time to appeal.
    let record = seen.records.iter().find(|record| record.item == "penalty").unwrap().id.clone();
    let filing = json!({ "matter": "objection", "record": record, "ground": "金额有误", "contested": ["content"] });
    let filing: Filing = serde_json::from_value(filing).unwrap();
    let view = View::organisation([FIRM], on);
    let party = Actor { clerk: Clerk { name: "代表人".to_owned(), view }, unit: String::new() };
    let filed = objection::file(&mut desk.desk.writer, &desk.desk.rulebook, &party, &filing).unwrap().head.number;
    let unit = Actor { clerk: Clerk { name: "丙".to_owned(), view: View::office(on) }, unit: OFFICE.to_owned() };
    let reject = json!({ "act": "decide", "outcome": "rejected", "reason": "核查无误" });
    let reject: objection::Doing = serde_json::from_value(reject).unwrap();
    objection::step(&mut desk.desk.writer, &desk.desk.rulebook, &unit, &filed, &reject).unwrap();
    let answered = |seen: &OwnView| -> Vec<_> {
        let told = remedies(seen).into_iter().filter(|(kind, ..)| *kind == "objection");
        told.map(|(_, step, on, counted)| (step.to_owned(), on, counted)).collect()
    };
    let seen = own(&desk, &person, FIRM).unwrap();
    assert!(answered(&seen).is_empty(), "it was not served");
    let waits = seen.deadlines.iter().find(|one| one.kind == "objection" && one.step == "await_service").unwrap();
    assert!(waits.due_on.is_none() && waits.asked.contains("期限尚未起算"), "{waits:?}");
    let appeal = |seen: &OwnView| seen.deadlines.iter().find(|one| one.step == "appeal").map(|one| one.due_on);
    assert_eq!(appeal(&seen), Some(None), "no day to appeal runs, and it may be appealed all the same");
    let serve = json!({ "act": "serve", "delivery": { "mode": "direct", "on": on, "proof": "回证1号" } });
    let serve: objection::Doing = serde_json::from_value(serve).unwrap();
    objection::step(&mut desk.desk.writer, &desk.desk.rulebook, &unit, &filed, &serve).unwrap();
    let seen = own(&desk, &person, FIRM).unwrap();
    let of_answer = [
        ("reconsideration".to_owned(), date(2026, 7, 13), Counted::Service),
        ("litigation".to_owned(), date(2026, 11, 13), Counted::Service),
    ];
    assert_eq!(answered(&seen), of_answer);
    let waits = seen.deadlines.iter().any(|one| one.kind == "objection" && one.step == "await_service");
    assert!(appeal(&seen).flatten().is_some() && !waits);
    let remedy = json!({ "act": "file_remedy", "filed": { "kind": "reconsideration", "number": "复9号", "body": "市政府", "on": on } });
    let remedy: objection::Doing = serde_json::from_value(remedy).unwrap();
    let told = objection::step(&mut desk.desk.writer, &desk.desk.rulebook, &party, &filed, &remedy).unwrap();
    assert_eq!((told.decisions[0].filed[0].filed.number.as_str(), told.head.state), ("复9号", "decided"));
    assert!(answered(&own(&desk, &person, FIRM).unwrap()).is_empty(), "while it is pending nobody sues");
    desk.verify();
    let rule = |number: &str, verdict: &str| {
        let papers = json!([{ "name": "决定书.pdf", "digest": "ab".repeat(32) }]);
        let ruled = json!({ "number": number, "verdict": verdict, "document": "复决9号", "on": on, "papers": papers });
        serde_json::from_value::<objection::Doing>(json!({ "act": "rule_remedy", "ruled": ruled })).unwrap()
    };
    let (writer, rulebook) = (&mut desk.desk.writer, &desk.desk.rulebook);
    let own_word = objection::step(writer, rulebook, &party, &filed, &rule("复9号", "revoked"));
    assert_eq!(own_word.unwrap_err().code(), "objection_wrong_unit", "what was ruled is entered by the unit");
    objection::step(writer, rulebook, &unit, &filed, &rule("复9号", "upheld")).unwrap();
    let after = answered(&own(&desk, &person, FIRM).unwrap());
    assert_eq!((after.len(), after[0].0.as_str()), (1, "litigation_after_reconsideration"));
    let sued =
        json!({ "act": "file_remedy", "filed": { "kind": "litigation", "number": "行9号", "body": "法院", "on": on } });
    let sued: objection::Doing = serde_json::from_value(sued).unwrap();
    let (writer, rulebook) = (&mut desk.desk.writer, &desk.desk.rulebook);
    objection::step(writer, rulebook, &party, &filed, &sued).unwrap();
    let again = objection::step(writer, rulebook, &unit, &filed, &rule("行9号", "anew")).unwrap();
    assert!(again.head.state == "filed" && again.head.marked && again.decision.is_none(), "{again:?}");
    assert!(again.clocks.iter().any(|clock| clock.state == "running"), "a fresh clock runs");
    objection::step(writer, rulebook, &unit, &filed, &reject).unwrap();
    desk.verify();
}

fn a_refused_repair_tells_the_last_days_of_its_remedies(store: &TestStore) {
    let mut desk = Served::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let person = representative(FIRM);
    let record = own(&desk, &person, FIRM).unwrap().records.remove(0);
    desk.desk.clock.move_to(record.repair_from_on.unwrap());
    let case = crate::repairs::apply_own(&mut desk.desk, &record.id).unwrap().head.number;
    crate::repairs::accepted(&mut desk.desk, &case);
    let refuse = credence_app::repair::Doing::Refuse { reason: "凭证与处罚不符".to_owned() };
    crate::repairs::step(&mut desk.desk, ("决定", OFFICE), &case, &refuse).unwrap();
    let seen = own(&desk, &person, FIRM).unwrap();
    let waits = seen.deadlines.iter().find(|one| one.step == "await_service").unwrap();
    assert!(remedies(&seen).is_empty() && waits.due_on.is_none(), "no period runs from a letter that nobody served");
    let decided_on = desk.clock.today();
    desk.desk.clock.move_to(decided_on.saturating_add(12.days()));
    let served_on = desk.clock.today();
    let early = crate::repairs::handed_over(decided_on.yesterday().unwrap());
    let serve = |delivery| credence_app::repair::Doing::Serve { letter: None, delivery };
    let refused = crate::repairs::step(&mut desk.desk, ("送达", OFFICE), &case, &serve(early));
    assert_eq!(refused.unwrap_err().code(), "day_too_early");
    let other = serve(crate::repairs::handed_over(served_on));
    assert_eq!(
        crate::repairs::step(&mut desk.desk, ("送达", SECOND), &case, &other).unwrap_err().code(),
        "repair_wrong_unit"
    );
    crate::repairs::step(&mut desk.desk, ("送达", OFFICE), &case, &other).unwrap();
    let seen = own(&desk, &person, FIRM).unwrap();
    assert!(seen.deadlines.iter().all(|one| one.step != "await_service"));
    let from =
        seen.deadlines.iter().filter_map(|one| one.remedy.as_ref()).map(|remedy| (remedy.from_on, remedy.counted));
    assert!(from.clone().count() == 2 && from.clone().all(|one| one == (served_on, Counted::Service)));
    desk.verify();
    let told = remedies(&seen);
    assert_eq!(
        told.iter().map(|(kind, step, ..)| (*kind, *step)).collect::<Vec<_>>(),
        [("repair", "reconsideration"), ("repair", "litigation"),]
    );
    let first = seen.deadlines.iter().find(|one| one.step == "reconsideration").unwrap();
    let letter = &first.remedy.as_ref().unwrap().letter;
    assert!(seen.letters.iter().any(|one| one.letter == *letter));
    // Six months end in a year whose calendar is not published.
    let last = seen.deadlines.iter().find(|one| one.step == "litigation").unwrap();
    assert_eq!((last.light, last.working_days), (Light::Provisional, None));
    let filed =
        Filed { kind: RemedyKind::Litigation, number: "行3号".to_owned(), body: "法院".to_owned(), on: served_on };
    let file = credence_app::repair::Doing::FileRemedy { letter: None, filed, papers: Vec::new() };
    let done = crate::repairs::step(&mut desk.desk, ("申请人", ""), &case, &file).unwrap();
    assert_eq!((done.head.state.as_str(), done.decisions[0].filed.len()), ("refused", 1));
    assert!(remedies(&own(&desk, &person, FIRM).unwrap()).is_empty());
    desk.verify();
    // The court has the refusal made anew: the application is open again, its mark stands, its clock runs.
    let ruled = json!({ "number": "行3号", "verdict": "anew", "document": "行判3号", "on": served_on,
        "papers": [{ "name": "判决书.pdf", "digest": "ab".repeat(32) }] });
    let rule = json!({ "act": "rule_remedy", "ruled": ruled });
    let rule: credence_app::repair::Doing = serde_json::from_value(rule).unwrap();
    let own_word = crate::repairs::step(&mut desk.desk, ("申请人", ""), &case, &rule);
    assert_eq!(own_word.unwrap_err().code(), "repair_wrong_unit", "what was ruled is entered by the authority");
    let open = crate::repairs::step(&mut desk.desk, ("登记", OFFICE), &case, &rule).unwrap();
    assert!(open.head.state == "accepted" && open.head.due_on.is_some() && open.decisions[0].filed[0].ruled.is_some());
    let marks = desk.service(served_on).organisation(&View::public(served_on), FIRM).unwrap().records[0].marks.len();
    assert_eq!(marks, 1, "the record is marked again");
    desk.verify();
    let again = crate::repairs::step(&mut desk.desk, ("决定", OFFICE), &case, &crate::repairs::grant()).unwrap();
    assert_eq!((again.head.state.as_str(), again.decisions.len()), ("granted", 2));
    desk.verify();
}

both_stores!(
    an_organisation_sees_what_it_was_told_and_nothing_before,
    a_repair_that_was_taken_back_certifies_nothing_and_is_not_offered_again,
    the_last_days_of_remedies_run_from_service_and_end_with_a_filing,
    remedies_run_against_a_refused_repair_and_an_answer_and_a_person_is_not_named,
    a_refused_repair_tells_the_last_days_of_its_remedies,
);
