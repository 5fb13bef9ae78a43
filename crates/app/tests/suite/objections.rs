//! Objections: a hundred to one record are one case, marked in every channel at once; what is upheld is corrected, withdrawn or
//! removed in the same act; an appeal goes to somebody else; a reply stands as long as the organisation wants.

use crate::desk::*;
use crate::measures::listed;
use credence_app::daily::Daily;
use credence_app::listing::{self, Clerk};
use credence_app::objection::{self, Actor, CaseView, Doing, Filing};
use credence_app::paper;
use credence_app::query::{Detail, ListRequest, MarkView};
use credence_app::stream::ChangesRequest;
use credence_app::{AppError, View};
use credence_domain::objection::Remedy;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Value, json};
use std::io::Read as _;

const BUREAU: &str = "123799000000000510";
const THIRD: &str = "11379900000000094G";

fn party(desk: &Desk<'_>) -> Actor {
    let view = View::organisation([FIRM], desk.clock.today());
    Actor { clerk: Clerk { name: "代表人".to_owned(), view }, unit: String::new() }
}

fn of(desk: &Desk<'_>, name: &str, unit: &str) -> Actor {
    let view = View::office(desk.clock.today());
    Actor { clerk: Clerk { name: name.to_owned(), view }, unit: unit.to_owned() }
}

fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> &'static str {
    done.unwrap_err().code()
}

fn filing(matter: &str, record: &str) -> Filing {
    let contested = match matter {
        "objection" => json!(["content"]),
        "complaint" => json!(["handling"]),
        _ => json!([]),
    };
    let asked = json!({ "matter": matter, "record": record, "ground": "罚款金额有误", "contested": contested });
    serde_json::from_value(asked).unwrap()
}

fn file(desk: &mut Desk<'_>, actor: &Actor, asked: &Filing) -> Result<CaseView, AppError> {
    objection::file(&mut desk.writer, &desk.rulebook, actor, asked)
}

fn step(desk: &mut Desk<'_>, actor: &Actor, number: &str, doing: Value) -> Result<CaseView, AppError> {
    let doing: Doing = serde_json::from_value(doing).unwrap();
    objection::step(&mut desk.writer, &desk.rulebook, actor, number, &doing)
}

fn records(desk: &Desk<'_>) -> Vec<credence_app::query::RecordView> {
    let day = desk.clock.today();
    desk.service(day).organisation_with(&View::public(day), FIRM, Detail::Form).unwrap().records
}

fn penalty_of(desk: &Desk<'_>) -> String {
    records(desk).into_iter().find(|one| one.item == "penalty").unwrap().id
}

fn kinds(marks: &[MarkView]) -> Vec<&str> {
    marks.iter().map(|mark| mark.kind.as_str()).collect()
}

/// The kinds of marks that the change stream tells behind a position, and where it ends.
fn streamed(desk: &Desk<'_>, after: i64) -> (Vec<Vec<String>>, i64) {
    let service = desk.service(desk.clock.today());
    let request = ChangesRequest { after: Some(after), ..ChangesRequest::default() };
    let mut reader = service.changes_begin(&request).unwrap();
    let end = service.log_size().unwrap() - 1;
    let mut told = Vec::new();
    loop {
        let piece = service.read_on(&mut reader, end, 1000).unwrap();
        for line in piece.lines {
            let line: Value = serde_json::from_str(&line.text).unwrap();
            let marks = line["marks"].as_array().cloned().unwrap_or_default();
            told.push(marks.iter().map(|one| one.as_str().unwrap().to_owned()).collect());
        }
        if piece.is_last {
            return (told, end);
        }
    }
}

fn a_hundred_objections_are_one_case_and_its_mark_stands_in_every_channel(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty(SECOND, "二号")]);
    let (record, today) = (penalty_of(&desk), desk.clock.today());
    let daily = Daily::open(&store.folder.join("daily")).unwrap();
    daily.make(&desk.service(today)).unwrap();
    let (_, before) = streamed(&desk, -1);
    let stranger = Actor {
        clerk: Clerk { name: "他人".to_owned(), view: View::organisation([SECOND], today) },
        unit: String::new(),
    };
    assert_eq!(code(file(&mut desk, &stranger, &filing("objection", &record))), "forbidden");
    let own = party(&desk);
    let first = file(&mut desk, &own, &filing("objection", &record)).unwrap();
    assert_eq!((first.head.state, first.head.due_on, first.clocks.len()), ("filed", Some(date(2026, 5, 9)), 1));
    for turn in 1..100 {
        // Whatever the channel: paper brought to the owner joins as well.
        let mut asked = filing("objection", &record);
        let by = if turn % 2 == 0 {
            own.clone()
        } else {
            asked.channel =
                serde_json::from_value(json!({ "channel": "paper", "reference": format!("{turn}号") })).ok();
            of(&desk, "窗口", OFFICE)
        };
        assert_eq!(file(&mut desk, &by, &asked).unwrap().head.number, first.head.number);
    }
    let view = View::organisation([FIRM], today);
    let cases = objection::list(desk.writer.connection(), &view, (Some("objection"), None), FIRST).unwrap().items;
    assert_eq!((cases.len(), cases[0].statements, cases[0].due_on), (1, 100, Some(date(2026, 5, 9))));
    assert!(
        objection::list(desk.writer.connection(), &View::public(today), (None, None), FIRST).unwrap().items.is_empty()
    );
    desk.verify();

    // Page, records with proofs, list, explain, stream, daily file.
    let service = desk.service(today);
    let public = View::public(today);
    let marked = |marks: &[MarkView]| marks.iter().any(|mark| mark.text == "异议处理中" && mark.since_on == today);
    assert!(marked(&records(&desk)[0].marks));
    assert!(marked(&service.records_page(&public, FIRM, None, None).unwrap().items[0].marks));
    let request = ListRequest { item: "penalty".to_owned(), ..ListRequest::default() };
    let found = service.list(&public, &request).unwrap().items;
    let shown = |uscc: &str| found.iter().find(|one| one.uscc == uscc).unwrap();
    assert!(marked(&shown(FIRM).marks) && shown(SECOND).marks.is_empty(), "nobody else's record is marked");
    let explained = service.evaluation(&public, FIRM).unwrap();
    assert!(explained.lines.is_empty() || explained.marks.iter().all(|one| one.record == record));
    let (told, at) = streamed(&desk, before);
    assert_eq!(told, [vec!["objection".to_owned()]], "told once, however many joined");
    assert!(streamed(&desk, -1).0.len() >= 2 && streamed(&desk, -1).0.contains(&vec!["objection".to_owned()]));
    assert!(daily.keep(&service).unwrap(), "the file of before holds no longer");
    let manifest = daily.current(&service).unwrap().unwrap();
    let lines = manifest.files.iter().find(|file| file.name.contains("jsonl")).unwrap();
    let mut bytes = Vec::new();
    daily.file(lines).unwrap().read_to_end(&mut bytes).unwrap();
    if !lines.name.ends_with("gz") {
        assert!(String::from_utf8_lossy(&bytes).contains("异议处理中"));
    }
    drop(service);

    let done = step(&mut desk, &own, &first.head.number, json!({ "act": "withdraw" })).unwrap();
    assert_eq!((done.head.state, done.clocks[0].state), ("withdrawn", "stopped"));
    assert!(records(&desk)[0].marks.is_empty());
    assert_eq!(streamed(&desk, at).0, [Vec::<String>::new()], "and told again without its mark");
    assert!(daily.keep(&desk.service(today)).unwrap());
    desk.verify();
    // What is filed now is a case of its own.
    assert_ne!(file(&mut desk, &own, &filing("objection", &record)).unwrap().head.number, first.head.number);
    desk.verify();
}

fn what_is_upheld_is_corrected_in_the_same_act_and_the_old_value_is_kept(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let record = penalty_of(&desk);
    let own = party(&desk);
    let mut asked = filing("objection", &record);
    asked.claims = serde_json::from_value(json!([{ "field": "NO_SUCH", "value": "1.2" }])).unwrap();
    assert_eq!(code(file(&mut desk, &own, &asked)), "objection_field_unknown");
    asked.claims[0].field = "CF_NR_FK".to_owned();
    let number = file(&mut desk, &own, &asked).unwrap().head.number;
    let office = of(&desk, "甲", OFFICE);
    let decide = |field: &str, value: &str| {
        json!({ "act": "decide", "outcome": "upheld", "reason": "录入有误",
                "corrections": [{ "field": field, "value": value }] })
    };
    let stranger = of(&desk, "乙", BUREAU);
    assert_eq!(code(step(&mut desk, &stranger, &number, decide("CF_NR_FK", "1.2"))), "objection_wrong_unit");
    assert_eq!(code(step(&mut desk, &office, &number, decide("CF_WSH", "二号"))), "objection_identity_field");
    assert_eq!(code(step(&mut desk, &office, &number, decide("CF_NR_FK", "5.5"))), "objection_change_empty");
    let wrong = step(&mut desk, &office, &number, decide("CF_NR_FK", "很多"));
    assert!(!code(wrong).starts_with("objection"), "a value is judged like that of a file");
    let before = records(&desk).remove(0);
    let case = step(&mut desk, &office, &number, decide("CF_NR_FK", "1.2")).unwrap();
    assert_eq!((case.head.state, case.clocks[0].state, case.letters.len()), ("closed", "met", 1));
    let Remedy::Corrected { changes } = &case.decision.unwrap().remedies[0] else { panic!("no correction") };
    assert_eq!((changes[0].old.as_str(), changes[0].new.as_str()), ("5.5", "1.2"));
    let after = records(&desk).remove(0);
    let fine = |one: &credence_app::query::RecordView| {
        one.fields.iter().find(|field| field.code == "CF_NR_FK").map(|field| field.value.clone())
    };
    assert_eq!((fine(&before).as_deref(), fine(&after).as_deref()), (Some("5.5"), Some("1.2")));
    assert_eq!((after.version, after.source.as_str(), after.marks.len()), (2, OFFICE, 0));
    assert_eq!(before.public_through_on, after.public_through_on);
    desk.verify();
    // The wrong value that is sent again by the owner is his to answer for; the case keeps what was.
    let own_view = View::organisation([FIRM], desk.clock.today());
    let seen = objection::show(desk.writer.connection(), &own_view, &number).unwrap();
    assert!(seen.steps.iter().all(|step| step.unit.is_empty() || step.by.is_empty()), "the party sees no staff");
}

fn an_entry_that_should_not_stand_is_removed_by_its_own_case_and_a_fallen_document_takes_what_rests_on_it(
    store: &TestStore,
) {
    let mut desk = Desk::new(store);
    let case = listed(&mut desk);
    let (own, office) = (party(&desk), of(&desk, "丙", OFFICE));
    let entry = records(&desk).into_iter().find(|one| one.item == "serious_dishonesty").unwrap().id;
    let number = file(&mut desk, &own, &filing("objection", &entry)).unwrap().head.number;
    let correct = json!({ "act": "decide", "outcome": "upheld", "reason": "有误",
                          "corrections": [{ "field": "ground", "value": "别的事由" }] });
    assert_eq!(code(step(&mut desk, &office, &number, correct)), "objection_record_not_correctable");
    let remove = json!({ "act": "decide", "outcome": "upheld", "reason": "列入错误", "withdraw": "复核认定列入错误" });
    step(&mut desk, &office, &number, remove).unwrap();
    let view = View::office(desk.clock.today());
    let ended = listing::show(desk.writer.connection(), &view, &case).unwrap();
    assert_eq!((ended.head.state.as_str(), ended.public), ("delisted", false));
    assert!(records(&desk).iter().all(|one| one.item != "serious_dishonesty"));
    desk.verify();
    // Another record: withdrawn for its document was revoked, reported late, and never public again by being sent again.
    let penalty = penalty_of(&desk);
    let number = file(&mut desk, &own, &filing("objection", &penalty)).unwrap().head.number;
    let withdraw =
        json!({ "act": "decide", "outcome": "upheld", "reason": "处罚决定已撤销", "withdraw": "撤销决定书1号" });
    step(&mut desk, &office, &number, withdraw).unwrap();
    assert!(records(&desk).iter().all(|one| one.item != "penalty"));
    desk.verify();
    let again = changed("一号", &[("CF_CFLB", "责令停产停业"), ("CF_NR", "责令停产停业"), ("CF_NR_FK", "")]);
    desk.send(vec![again]);
    assert!(records(&desk).iter().all(|one| one.item != "penalty"));
    desk.verify();
}

/// A penalty of another unit than the office.
fn of_bureau(desk: &mut Desk<'_>) -> String {
    let fields = [("CF_CFJG", "青禾市某局"), ("CF_CFJGDM", BUREAU), ("CF_SJLY", "青禾市某局"), ("CF_SJLYDM", BUREAU)];
    let bytes = desk.sheet(vec![changed("三号", &fields)], EXPORT);
    desk.send_from(BUREAU, &bytes).unwrap();
    penalty_of(desk)
}

fn another_units_record_is_pushed_checked_answered_and_on_appeal_decided_by_a_third(store: &TestStore) {
    let mut desk = Desk::new(store);
    let record = of_bureau(&mut desk);
    let unit = credence_app::directory::Unit {
        uscc: THIRD.to_owned(),
        name: "省某厅".to_owned(),
        level: "province".to_owned(),
        ..Default::default()
    };
    credence_app::directory::set(&mut desk.writer, &unit, &desk.rulebook).unwrap();
    let mut asked = filing("objection", &record);
    let national = json!({ "channel": "national", "number": "XYZG-1", "received_on": "2026-05-04" });
    asked.channel = serde_json::from_value(national).ok();
    let window = of(&desk, "窗口", BUREAU);
    assert_eq!(code(file(&mut desk, &window, &asked)), "forbidden");
    let (office, bureau, third) = (of(&desk, "甲", OFFICE), of(&desk, "乙", BUREAU), of(&desk, "丙", THIRD));
    let case = file(&mut desk, &office, &asked).unwrap();
    let number = case.head.number.clone();
    let due: Vec<(&str, Date)> = case.clocks.iter().map(|clock| (clock.code.as_str(), clock.due_on)).collect();
    assert_eq!(due, [("ndrc-36-objection-push", date(2026, 5, 7)), ("sd-objection-others", date(2026, 5, 14))]);
    let reject = json!({ "act": "decide", "outcome": "rejected", "reason": "核查无误" });
    assert_eq!(code(step(&mut desk, &office, &number, reject.clone())), "objection_not_checked");
    step(&mut desk, &office, &number, json!({ "act": "push" })).unwrap();
    step(&mut desk, &bureau, &number, json!({ "act": "accept" })).unwrap();
    let content = credence_testkit::paper::pdf("原件");
    let original =
        paper::File { content: content.into(), declared: "application/pdf".to_owned(), name: "原件.pdf".to_owned() };
    let handing = paper::Handing { by: "乙", unit: BUREAU };
    let digest = paper::hand_in(&mut desk.writer, &desk.rulebook, handing, FIRM, &original).unwrap().paper.digest;
    let check = |evidence: Value| json!({ "act": "check", "found": "unfounded", "text": "原件为5.5万元", "evidence": evidence });
    let evidence = |digest: &str| json!([{ "name": "原件", "digest": digest, "file": true }]);
    assert_eq!(code(step(&mut desk, &bureau, &number, check(evidence("x")))), "objection_evidence_invalid");
    assert_eq!(code(step(&mut desk, &bureau, &number, check(evidence(&"0".repeat(64))))), "paper_unknown");
    let checked = step(&mut desk, &bureau, &number, check(evidence(&digest))).unwrap();
    assert!(checked.finding.unwrap().evidence[0].file && checked.files[0].name == "原件.pdf");
    let case = step(&mut desk, &office, &number, reject).unwrap();
    assert_eq!((case.head.state, case.head.marked), ("decided", true), "marked as long as it may be appealed");
    assert!(case.decision.unwrap().appeal_until.is_none() && records(&desk)[0].marks[0].through_on.is_none());
    let hand = served(desk.clock.today());
    assert_eq!(code(step(&mut desk, &bureau, &number, hand.clone())), "objection_wrong_unit");
    let case = step(&mut desk, &office, &number, hand).unwrap();
    let last = case.decision.unwrap().appeal_until.unwrap();
    assert_eq!(records(&desk)[0].marks[0].through_on, Some(last));
    desk.verify();
    // It came on paper, so its party appeals on paper.
    step(&mut desk, &office, &number, json!({ "act": "appeal", "ground": "未看收据（来信2号）" })).unwrap();
    assert_eq!(records(&desk)[0].marks[0].through_on, None);
    assert_eq!(
        code(step(&mut desk, &office, &number, json!({ "act": "refer", "unit": BUREAU }))),
        "objection_involved"
    );
    step(&mut desk, &office, &number, json!({ "act": "refer", "unit": THIRD })).unwrap();
    let uphold = json!({ "act": "decide_appeal", "outcome": "upheld", "reason": "收据为1.2万元",
                         "corrections": [{ "field": "CF_NR_FK", "value": "1.2" }] });
    let colleague = of(&desk, "丁", OFFICE);
    assert_eq!(code(step(&mut desk, &colleague, &number, uphold.clone())), "objection_involved");
    let case = step(&mut desk, &third, &number, uphold).unwrap();
    assert_eq!((case.head.state, case.letters.len(), case.head.marked), ("closed", 2, false));
    assert!(case.clocks.iter().all(|clock| clock.state == "met"), "{:?}", case.clocks);
    let now = records(&desk).remove(0);
    assert_eq!((now.version, now.source.as_str(), now.marks.len()), (2, BUREAU, 0), "corrected in its owner's name");
    desk.verify();
}

fn an_answer_that_nobody_appeals_ends_the_case_and_its_mark_by_itself(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let (record, own) = (penalty_of(&desk), party(&desk));
    let number = file(&mut desk, &own, &filing("objection", &record)).unwrap().head.number;
    let office = of(&desk, "甲", OFFICE);
    let reject = json!({ "act": "decide", "outcome": "rejected", "reason": "核查无误" });
    step(&mut desk, &office, &number, reject).unwrap();
    let unserved = |desk: &mut Desk<'_>| {
        let waiting = credence_store::objection::waiting(desk.writer.connection(), &office.unit, 10).unwrap();
        waiting.iter().any(|head| head.number == number && head.unserved == Some(true))
    };
    assert!(unserved(&mut desk), "somebody has to serve it");
    // A month later nothing has run out: the answer has reached nobody.
    let answered = desk.clock.today();
    desk.clock.move_to(answered.saturating_add(30.days()));
    assert_eq!(kinds(&records(&desk)[0].marks), ["objection"]);
    desk.verify();
    let office_then = of(&desk, "甲", OFFICE);
    let on = desk.clock.today();
    let told = step(&mut desk, &office_then, &number, served(on)).unwrap();
    let service = told.decisions[0].service.as_ref().map(|service| service.served_on);
    assert_eq!((told.decisions.len(), service), (1, Some(on)));
    let last = told.decision.unwrap().appeal_until.unwrap();
    assert!(!unserved(&mut desk));
    desk.verify();
    assert_eq!(code(file(&mut desk, &own, &filing("objection", &record))), "objection_appeal_instead");
    desk.clock.move_to(last);
    assert_eq!(kinds(&records(&desk)[0].marks), ["objection"]);
    desk.clock.move_to(last.tomorrow().unwrap());
    assert!(records(&desk)[0].marks.is_empty());
    let late = party(&desk);
    assert_eq!(
        code(step(&mut desk, &late, &number, json!({ "act": "appeal", "ground": "不服" }))),
        "objection_appeal_late"
    );
    desk.verify();
}

fn a_reply_is_printed_after_a_look_and_goes_when_the_organisation_says_so(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let (record, own, office) = (penalty_of(&desk), party(&desk), of(&desk, "甲", OFFICE));
    let mut asked = filing("reply", &record);
    asked.ground = "请致电13800138000".to_owned();
    assert_eq!(code(file(&mut desk, &own, &asked)), "objection_personal_text");
    asked.ground = "我单位已完成整改。".to_owned();
    let number = file(&mut desk, &own, &asked).unwrap().head.number;
    assert!(records(&desk)[0].marks.is_empty(), "nothing is printed before somebody has looked");
    assert_eq!(code(file(&mut desk, &own, &asked)), "objection_reply_standing");
    step(&mut desk, &office, &number, json!({ "act": "print" })).unwrap();
    let mark = records(&desk)[0].marks[0].clone();
    assert_eq!((mark.kind.as_str(), mark.text.as_str()), ("reply", "我单位已完成整改。"));
    let complaint = file(&mut desk, &own, &filing("complaint", &record)).unwrap();
    assert_eq!(kinds(&records(&desk)[0].marks), ["reply"], "a complaint marks nothing");
    let note = json!({ "act": "decide", "outcome": "upheld", "reason": "确有拖延", "note": "已责令改正" });
    assert_eq!(
        code(step(&mut desk, &office, &complaint.head.number, json!({ "act": "print" }))),
        "objection_state_wrong"
    );
    step(&mut desk, &office, &complaint.head.number, note).unwrap();
    desk.verify();
    step(&mut desk, &own, &number, json!({ "act": "withdraw" })).unwrap();
    assert!(records(&desk)[0].marks.is_empty());
    desk.verify();
}

/// The letter was handed over.
fn served(on: Date) -> Value {
    json!({ "act": "serve", "delivery": { "mode": "direct", "on": on, "proof": "回证1号" } })
}

both_stores!(
    a_hundred_objections_are_one_case_and_its_mark_stands_in_every_channel,
    what_is_upheld_is_corrected_in_the_same_act_and_the_old_value_is_kept,
    an_entry_that_should_not_stand_is_removed_by_its_own_case_and_a_fallen_document_takes_what_rests_on_it,
    another_units_record_is_pushed_checked_answered_and_on_appeal_decided_by_a_third,
    an_answer_that_nobody_appeals_ends_the_case_and_its_mark_by_itself,
    a_reply_is_printed_after_a_look_and_goes_when_the_organisation_says_so,
);
