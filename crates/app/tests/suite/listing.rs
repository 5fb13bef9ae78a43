//! A listing is one case from the proposal to the removal: nothing is skipped, everything is one act, the entry is a record like
//! any other, and what it rests on carries it to the end.

use crate::desk::*;
pub use crate::repairs::public;
use credence_app::batch::withdraw;
use credence_app::collect;
use credence_app::listing::{self, CaseView, Clerk, Doing, Proposing};
use credence_app::review::Decision;
use credence_app::{AppError, View, directory, erasure};
use credence_domain::listing::{Cause, Delivery, Filed, Findings, Outcome, RemedyKind, TalkKind};
use credence_domain::record::{Instruction, Operation};
use credence_domain::subject::Uscc;
use credence_store::batch as store_batch;
use credence_testkit::both_stores;
use credence_testkit::province::Row;
use credence_testkit::stores::TestStore;
use jiff::civil::{Date, date, time};

/// A penalty that may carry a listing: business was suspended.
pub fn heavy(number: &str) -> Row {
    changed(number, &[("CF_CFLB", "责令停产停业"), ("CF_NR", "责令停产停业"), ("CF_NR_FK", "")])
}

/// A register in which the unit is a market regulator of the province: the organ that decides on the list used here.
pub fn desk(store: &TestStore) -> Desk<'_> {
    let mut desk = Desk::new(store);
    set_sector(&mut desk, "市场监管");
    desk
}

fn set_sector(desk: &mut Desk<'_>, sector: &str) {
    let unit = directory::Unit {
        uscc: OFFICE.to_owned(),
        name: "云海市生态环境局".to_owned(),
        level: "province".to_owned(),
        sector: sector.to_owned(),
        ..directory::Unit::default()
    };
    directory::set(&mut desk.writer, &unit, &desk.rulebook).unwrap();
}

fn clerk(name: &str, today: Date) -> Clerk {
    Clerk { name: name.to_owned(), view: View::office(today) }
}

pub fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> &'static str {
    done.unwrap_err().code()
}

/// What is marked beside the entry.
fn marked(desk: &Desk<'_>) -> String {
    let day = desk.clock.today();
    let records = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
    let entry = records.into_iter().find(|one| one.item == "serious_dishonesty").unwrap();
    entry.content.get("remedy_mark").unwrap_or_default()
}

pub fn shown(desk: &Desk<'_>) -> bool {
    !public(desk, "serious_dishonesty").is_empty()
}

/// What a proposal on these records asks for.
pub fn asked(records: Vec<String>) -> Proposing {
    Proposing {
        list: "market_regulation".to_owned(),
        criterion: 3,
        uscc: FIRM.to_owned(),
        unit: OFFICE.to_owned(),
        facts: "产品质量严重不合格".to_owned(),
        records,
        ordered: String::new(),
        papers: Vec::new(),
    }
}

fn propose(desk: &mut Desk<'_>, records: Vec<String>) -> Result<CaseView, AppError> {
    let clerk = clerk("甲", desk.clock.today());
    listing::propose(&mut desk.writer, &desk.rulebook, &clerk, &asked(records))
}

pub fn step(desk: &mut Desk<'_>, by: &str, number: &str, doing: &Doing) -> Result<CaseView, AppError> {
    let clerk = clerk(by, desk.clock.today());
    listing::step_citing(&mut desk.writer, &desk.rulebook, &clerk, number, &with_paper(doing))
}

fn served(on: Date) -> Doing {
    let delivery = Delivery { mode: "direct".to_owned(), on, proof: "送达回证".to_owned(), consent: String::new() };
    Doing::Serve { letter: None, delivery }
}

fn decided(measures: &[&str]) -> Doing {
    Doing::List {
        findings: Findings {
            nature: "明知故犯".to_owned(),
            circumstances: "持续半年".to_owned(),
            harm: "多人受害".to_owned(),
        },
        measures: measures.iter().map(|code| (*code).to_owned()).collect(),
        consent: String::new(),
    }
}

/// Proposed and served on 6 May 2026; five working days on, Saturday the 9th among them, is the 12th.
pub fn notified(desk: &mut Desk<'_>, records: Vec<String>) -> CaseView {
    let case = propose(desk, records).unwrap();
    let on = desk.clock.today();
    step(desk, "甲", &case.head.number, &served(on)).unwrap()
}

pub fn listed(desk: &mut Desk<'_>, records: Vec<String>) -> CaseView {
    let case = notified(desk, records);
    desk.clock.move_to(date(2026, 5, 13));
    step(desk, "乙", &case.head.number, &decided(&["no_commitment_procedure"])).unwrap()
}

fn nothing_is_skipped_and_the_entry_is_a_record_of_its_own(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号"), penalty(FIRM, "二号")]);
    let ids = public(&desk, "penalty");
    assert_eq!(code(propose(&mut desk, Vec::new())), "base_document_missing");
    assert_eq!(code(propose(&mut desk, ids.clone())), "base_document_too_light");
    let heavy = ids.into_iter().find(|id| propose_only(&mut desk, id)).unwrap();
    let case = propose(&mut desk, vec![heavy]).unwrap();
    let number = case.head.number.clone();
    assert_eq!((case.head.state.as_str(), case.letters.len()), ("proposed", 1));
    assert!(case.letters[0].letter.ends_with("信告〔2026〕1号"), "{}", case.letters[0].letter);
    assert_eq!(code(step(&mut desk, "乙", &number, &decided(&[]))), "notice_not_served");
    let case = step(&mut desk, "甲", &number, &served(today())).unwrap();
    assert_eq!((case.head.state.as_str(), case.answer_due_on), ("notified", Some(date(2026, 5, 12))));
    assert_eq!(code(step(&mut desk, "乙", &number, &decided(&[]))), "answer_period_running");
    desk.clock.move_to(date(2026, 5, 13));
    assert_eq!(code(step(&mut desk, "甲", &number, &decided(&[]))), "decider_is_proposer");
    assert_eq!(code(step(&mut desk, "乙", &number, &decided(&["tax_grade_d"]))), "measure_not_in_list");
    let unfounded = Doing::List { findings: Findings::default(), measures: Vec::new(), consent: String::new() };
    assert_eq!(code(step(&mut desk, "乙", &number, &unfounded)), "finding_nature_missing");
    assert!(!shown(&desk));
    let case = step(&mut desk, "乙", &number, &decided(&["no_commitment_procedure"])).unwrap();
    assert_eq!((case.head.state.as_str(), case.public, case.decided_by.as_deref()), ("listed", true, Some("乙")));
    assert_eq!(case.public_through_on, Some(date(2029, 5, 13)));
    assert!(shown(&desk));
    let text = &case.letters[1].text;
    assert!(text.contains("明知故犯") && text.contains("一号") && text.contains("60日内申请行政复议"), "{text}");
    // A letter that nobody wrote serves nothing; the decision is served and the notice is not served again.
    let stranger = Doing::Serve { letter: Some("他号".to_owned()), delivery: delivery(date(2026, 5, 13)) };
    assert_eq!(code(step(&mut desk, "甲", &number, &stranger)), "letter_missing");
    step(&mut desk, "甲", &number, &served(date(2026, 5, 13))).unwrap();
    assert_eq!(code(step(&mut desk, "甲", &number, &served(date(2026, 5, 13)))), "served_already");
    desk.verify();
    // The day after its last public day it is gone by itself; then the end is recorded.
    desk.clock.move_to(date(2029, 5, 13));
    assert!(shown(&desk));
    desk.clock.move_to(date(2029, 5, 14));
    assert!(!shown(&desk));
    let term = Doing::Remove { cause: Cause::Term };
    let case = step(&mut desk, "乙", &number, &term).unwrap();
    assert_eq!((case.head.state.as_str(), case.letters.len()), ("delisted", 3));
    assert_eq!(code(step(&mut desk, "乙", &number, &term)), "listing_removed");
    desk.verify();
}

fn delivery(on: Date) -> Delivery {
    Delivery { mode: "direct".to_owned(), on, proof: "送达回证".to_owned(), consent: String::new() }
}

/// Whether a record could carry a listing: the rules are asked, nothing is written.
fn propose_only(desk: &mut Desk<'_>, id: &str) -> bool {
    let mut asked = asked(vec![id.to_owned()]);
    asked.facts = " ".to_owned();
    let clerk = clerk("甲", desk.clock.today());
    code(listing::propose(&mut desk.writer, &desk.rulebook, &clerk, &asked)) == "facts_missing"
}

fn a_stay_hides_the_entry_the_same_day_and_a_revocation_ends_it(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let number = listed(&mut desk, ids).head.number;
    let on = desk.clock.today();
    let filed =
        Filed { kind: RemedyKind::Reconsideration, number: "复1号".to_owned(), body: "市政府".to_owned(), on };
    let case = step(&mut desk, "丙", &number, &Doing::FileRemedy { filed }).unwrap();
    assert!(case.contested && shown(&desk), "filing alone suspends nothing");
    assert_eq!(marked(&desk), "行政复议（复1号）审理中", "and is marked beside the record");
    let case = step(&mut desk, "乙", &number, &Doing::Stay { number: "复1号".to_owned(), on }).unwrap();
    assert_eq!((case.head.stayed, case.not_public), (true, Some("stay_in_force")));
    assert!(case.measures.is_empty() && !shown(&desk));
    desk.verify();
    step(&mut desk, "乙", &number, &Doing::LiftStay { number: "复1号".to_owned(), on }).unwrap();
    assert!(shown(&desk));
    step(&mut desk, "乙", &number, &Doing::Stay { number: "复1号".to_owned(), on }).unwrap();
    let outcome = Doing::DecideRemedy { number: "复1号".to_owned(), on, outcome: Outcome::Revoked };
    let case = step(&mut desk, "乙", &number, &outcome).unwrap();
    assert_eq!((case.head.state.as_str(), shown(&desk)), ("delisted", false));
    assert_eq!(case.letters.last().unwrap().kind, "removal");
    desk.verify();
}

fn a_ruling_may_bring_the_end_forward(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let number = listed(&mut desk, ids).head.number;
    let on = desk.clock.today();
    let filed = Filed { kind: RemedyKind::Litigation, number: "行初1号".to_owned(), body: "法院".to_owned(), on };
    step(&mut desk, "丙", &number, &Doing::FileRemedy { filed }).unwrap();
    let outcome = Outcome::Changed { measures: Vec::new(), through_on: Some(date(2027, 1, 31)) };
    let changed = Doing::DecideRemedy { number: "行初1号".to_owned(), on, outcome };
    let case = step(&mut desk, "乙", &number, &changed).unwrap();
    assert_eq!((case.public_through_on, case.measures.len()), (Some(date(2027, 1, 31)), 0));
    desk.verify();
    desk.clock.move_to(date(2027, 1, 31));
    assert!(shown(&desk));
    desk.clock.move_to(date(2027, 2, 1));
    assert!(!shown(&desk));
}

/// The act of the last step of the case, and the act that last touched a record.
fn one_act(desk: &mut Desk<'_>, number: &str, record: &str) {
    let sql = "select a.kind from listing_step s join chunk c on c.no = s.at / 4096 join act a on a.id = c.act
               where s.number = $1 order by s.step desc limit 1";
    let of_case = desk.writer.connection().first(sql, credence_store::values![number], |row| row.string(0)).unwrap();
    let reference: Vec<u8> = credence_domain::canonical::unhex(record).unwrap();
    let sql = "select s.at / 4096, r.at / 4096 from record r join listing_step s on s.uscc = r.uscc
               where r.reference = $1 and s.number = $2 order by s.step desc limit 1";
    let pair = desk
        .writer
        .connection()
        .first(sql, credence_store::values![reference.as_slice(), number], |row| Ok((row.int(0)?, row.int(1)?)))
        .unwrap()
        .unwrap();
    assert_eq!(pair.0, pair.1, "the listing ended in another act ({of_case:?}) than its document");
}

fn a_document_that_its_owner_takes_back_ends_the_listing_in_the_same_act(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let (number, base) = (listed(&mut desk, ids.clone()).head.number, ids[0].clone());
    let path = desk.store.folder.join("back.csv");
    std::fs::write(&path, desk.sheet(vec![heavy("一号")], EXPORT)).unwrap();
    let request = collect::Request {
        path,
        source: Uscc::parse(OFFICE).unwrap(),
        item: None,
        rejects: None,
        dry_run: false,
        secrecy_review: desk.secrecy_review.clone(),
        channel: "cli",
        instruction: Some(Instruction { operation: Operation::Withdraw, reason: "处罚决定已撤销".into() }),
        window_bytes: credence_app::collect::WINDOW_BYTES,
    };
    collect::import(&mut desk.writer, &desk.rulebook, &request, &mut |_| {}).unwrap();
    ended(&mut desk, &number, &base);
}

fn ended(desk: &mut Desk<'_>, number: &str, base: &str) {
    let view = View::office(desk.clock.today());
    let case = listing::show(desk.writer.connection(), &view, number).unwrap();
    assert_eq!((case.head.state.as_str(), case.public), ("delisted", false));
    assert!(case.letters.last().unwrap().text.contains("列入所依据的文书已被撤销"));
    assert!(!shown(desk));
    one_act(desk, number, base);
    desk.verify();
}

fn a_document_that_is_marked_revoked_ends_the_listing_in_the_same_act(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let number = listed(&mut desk, ids.clone()).head.number;
    let mut row = heavy("一号");
    row.insert("CF_ZT", "撤销".to_owned());
    desk.send(vec![row]);
    ended(&mut desk, &number, &ids[0]);
    assert_eq!(code(propose(&mut desk, ids)), "base_document_not_in_force");
}

/// The entry as a department's file could say it, with something else in it.
fn entry(case: &CaseView, changes: &[(&str, &str)]) -> String {
    let decision = case.letters.iter().find(|letter| letter.kind == "decision").unwrap();
    let listed_on = decision.made_on.to_string();
    let mut row = serde_json::Map::new();
    let said = [
        ("name", "云海市海岳机械制造有限公司"),
        ("uscc", FIRM),
        ("list_name", &case.list_name),
        ("ground", "另一事由"),
        ("entry_number", &decision.letter),
        ("listed_on", &listed_on),
        ("owner_name", "云海市生态环境局"),
        ("owner_uscc", OFFICE),
        ("source_name", "云海市生态环境局"),
        ("source_uscc", OFFICE),
    ];
    for (field, value) in said.iter().chain(changes) {
        row.insert((*field).to_owned(), (*value).into());
    }
    format!("{}\n", serde_json::Value::Object(row))
}

fn no_file_moves_the_record_of_an_entry(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let case = listed(&mut desk, ids);
    let stands = public(&desk, "serious_dishonesty");
    let old = case.letters.iter().find(|letter| letter.kind == "decision").unwrap().letter.clone();
    let attempts: [&[(&str, &str)]; 4] = [
        &[("term_ends_on", "2099-12-31")],
        &[("操作", "d"), ("操作理由", "不再公示")],
        &[("removed_on", "2026-05-13")],
        &[("entry_number", "他号"), ("replaces", &old)],
    ];
    let refused = |desk: &mut Desk<'_>, ground: &str| {
        for changes in attempts {
            let row = entry(&case, &[&[("ground", ground)], changes].concat());
            let report = desk.send_file(OFFICE, "entry.jsonl", row.as_bytes()).unwrap();
            let mut codes = Vec::new();
            let batch = store_batch::find(desk.writer.connection(), &report.batch).unwrap().unwrap();
            store_batch::each_rejected(desk.writer.connection(), &batch.id, |one| {
                codes.push(one.code);
                Ok(())
            })
            .unwrap();
            assert_eq!(codes, ["listing_case"], "{ground} {changes:?}: {:?}", report.counts);
        }
    };
    refused(&mut desk, "另一事由");
    assert_eq!(public(&desk, "serious_dishonesty"), stands);
    // Nor while it is stayed, nor after its end: it comes back by no file.
    let number = case.head.number.clone();
    let on = desk.clock.today();
    let filed = Filed { kind: RemedyKind::Litigation, number: "行初1号".to_owned(), body: "法院".to_owned(), on };
    step(&mut desk, "甲", &number, &Doing::FileRemedy { filed }).unwrap();
    step(&mut desk, "乙", &number, &Doing::Stay { number: "行初1号".to_owned(), on }).unwrap();
    refused(&mut desk, "停止执行期间的事由");
    assert!(!shown(&desk));
    let revoked = Doing::DecideRemedy { number: "行初1号".to_owned(), on, outcome: Outcome::Revoked };
    step(&mut desk, "乙", &number, &revoked).unwrap();
    refused(&mut desk, "移出以后的事由");
    assert!(!shown(&desk));
    desk.verify();
}

fn a_batch_that_is_withdrawn_ends_the_proposals_and_listings_that_rest_on_it(store: &TestStore) {
    let mut desk = desk(store);
    let report = desk.send(vec![heavy("一号"), heavy("二号")]);
    let ids = public(&desk, "penalty");
    let waiting = notified(&mut desk, vec![ids[1].clone()]).head.number;
    let number = listed(&mut desk, vec![ids[0].clone()]).head.number;
    let decision = Decision { actor: "信用中心甲", reason: "整批有误", secrecy_review: "" };
    let withdraw =
        withdraw::withdraw(&mut desk.writer, &desk.rulebook, &report.batch, decision, "信用中心乙", &mut |_| {
            Ok(())
        });
    assert_eq!(withdraw.unwrap().withdrawn, 2);
    let view = View::office(desk.clock.today());
    let case = listing::show(desk.writer.connection(), &view, &waiting).unwrap();
    assert_eq!((case.head.state.as_str(), case.letters.len()), ("withdrawn", 1));
    ended(&mut desk, &number, &ids[0]);
}

fn a_document_that_is_replaced_by_a_successor_ends_the_listing_in_the_same_act(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let number = listed(&mut desk, ids.clone()).head.number;
    let mut successor = penalty(FIRM, "二号");
    successor.insert("replaces", "一号".to_owned());
    assert_eq!(desk.send(vec![successor]).counts.accepted, 1);
    ended(&mut desk, &number, &ids[0]);
    let left = public(&desk, "penalty");
    assert!(left.len() == 1 && left != ids, "the successor stands in the place of the document");
    assert_eq!(code(propose(&mut desk, left)), "base_document_too_light");
}

fn a_hearing_is_called_by_a_letter_and_held_as_it_says(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let number = notified(&mut desk, ids).head.number;
    let call = |hearing_on| Doing::NotifyHearing {
        hearing_on,
        time: time(9, 30, 0, 0),
        place: "三楼".to_owned(),
        presided_by: "丁".to_owned(),
    };
    assert_eq!(code(step(&mut desk, "甲", &number, &call(date(2026, 5, 20)))), "hearing_not_asked");
    step(&mut desk, "丙", &number, &Doing::AskHearing { on: today() }).unwrap();
    assert_eq!(code(step(&mut desk, "甲", &number, &call(date(2026, 5, 13)))), "hearing_notice_short");
    let case = step(&mut desk, "甲", &number, &call(date(2026, 5, 20))).unwrap();
    let letter = case.letters.last().unwrap();
    assert_eq!((letter.kind.as_str(), case.letters.len()), ("hearing_notice", 2));
    assert!(letter.letter.ends_with("信听〔2026〕2号"), "{}", letter.letter);
    assert!(letter.text.contains("2026年5月20日9时30分在三楼") && letter.text.contains("由丁主持"), "{}", letter.text);
    let held = Doing::HoldHearing { minutes: "笔录".to_owned(), attended: true };
    assert_eq!(code(step(&mut desk, "甲", &number, &held)), "hearing_not_called");
    step(&mut desk, "甲", &number, &served(today())).unwrap();
    assert_eq!(code(step(&mut desk, "甲", &number, &held)), "day_in_future");
    desk.clock.move_to(date(2026, 5, 20));
    assert_eq!(code(step(&mut desk, "乙", &number, &decided(&[]))), "hearing_open");
    step(&mut desk, "甲", &number, &held).unwrap();
    let case = step(&mut desk, "乙", &number, &decided(&[])).unwrap();
    assert_eq!((case.head.state.as_str(), case.steps.len()), ("listed", 7));
    desk.verify();
}

fn a_unit_that_is_not_the_organ_of_the_list_neither_proposes_nor_decides(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    set_sector(&mut desk, "税务");
    assert_eq!(code(propose(&mut desk, ids.clone())), "deciding_organ_wrong");
    desk.clock.move_to(date(2026, 5, 7));
    set_sector(&mut desk, "市场监管");
    let number = notified(&mut desk, ids).head.number;
    desk.clock.move_to(date(2026, 5, 15));
    set_sector(&mut desk, "税务");
    assert_eq!(code(step(&mut desk, "乙", &number, &decided(&[]))), "deciding_organ_wrong");
    desk.clock.move_to(date(2026, 5, 18));
    set_sector(&mut desk, "市场监管");
    assert_eq!(step(&mut desk, "乙", &number, &decided(&[])).unwrap().head.state, "listed");
    desk.verify();
}

fn a_document_that_is_erased_ends_the_listing(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let number = listed(&mut desk, ids.clone()).head.number;
    let request = erasure::Request { record: &ids[0], clause: "court_order", uscc: None };
    let decision = Decision { actor: "信用中心甲", reason: "生效裁判要求删除", secrecy_review: "" };
    erasure::erase(&mut desk.writer, &desk.rulebook, request, decision, "信用中心乙", None).unwrap();
    let view = View::office(desk.clock.today());
    let case = listing::show(desk.writer.connection(), &view, &number).unwrap();
    assert_eq!((case.head.state.as_str(), shown(&desk)), ("delisted", false));
    desk.verify();
}

fn statements_hearings_and_talks_are_kept_and_a_case_may_end_without_an_entry(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let number = notified(&mut desk, ids).head.number;
    let on = desk.clock.today();
    step(&mut desk, "丙", &number, &Doing::State { on, text: "没有主观故意".to_owned() }).unwrap();
    let talk = Doing::NotifyTalk {
        kind: TalkKind::Reminder,
        talk_on: date(2026, 5, 12),
        place: "二楼".to_owned(),
        matter: "督促整改".to_owned(),
    };
    let case = step(&mut desk, "甲", &number, &talk).unwrap();
    let letter = case.letters[1].letter.clone();
    assert!(letter.ends_with("〔2026〕2号"), "{letter}");
    desk.clock.move_to(date(2026, 5, 13));
    let dismissed = Doing::Dismiss { reason: "有证据证明没有主观故意".to_owned() };
    assert_eq!(code(step(&mut desk, "乙", &number, &dismissed)), "statement_open");
    let answer = Doing::Answer { statement: 1, accepted: true, reason: "证据充分".to_owned() };
    step(&mut desk, "甲", &number, &answer).unwrap();
    let case = step(&mut desk, "乙", &number, &dismissed).unwrap();
    assert_eq!((case.head.state.as_str(), case.letters.len(), case.steps.len()), ("not_listed", 3, 6));
    assert!(!shown(&desk));
    desk.verify();
}

fn only_the_office_the_acting_unit_and_the_organisation_see_a_case(store: &TestStore) {
    let mut desk = desk(store);
    desk.send(vec![heavy("一号")]);
    let ids = public(&desk, "penalty");
    let number = propose(&mut desk, ids).unwrap().head.number;
    let day = desk.clock.today();
    let mut see = |view: View| listing::show(desk.writer.connection(), &view, &number).is_ok();
    assert!(see(View::office(day)) && see(View::organisation([FIRM], day)));
    assert!(!see(View::public(day)) && !see(View::organisation([SECOND], day)));
    let mut list = |view: View, state| listing::list(desk.writer.connection(), &view, state, FIRST);
    assert!(list(View::organisation([SECOND], day), None).unwrap().items.is_empty());
    assert_eq!(list(View::office(day), Some("proposed")).unwrap().items.len(), 1);
    assert_eq!(code(list(View::office(day), Some("甲"))), "bad_parameter");
}

both_stores!(
    no_file_moves_the_record_of_an_entry,
    nothing_is_skipped_and_the_entry_is_a_record_of_its_own,
    a_stay_hides_the_entry_the_same_day_and_a_revocation_ends_it,
    a_ruling_may_bring_the_end_forward,
    a_document_that_its_owner_takes_back_ends_the_listing_in_the_same_act,
    a_document_that_is_marked_revoked_ends_the_listing_in_the_same_act,
    a_batch_that_is_withdrawn_ends_the_proposals_and_listings_that_rest_on_it,
    a_document_that_is_replaced_by_a_successor_ends_the_listing_in_the_same_act,
    a_hearing_is_called_by_a_letter_and_held_as_it_says,
    a_unit_that_is_not_the_organ_of_the_list_neither_proposes_nor_decides,
    a_document_that_is_erased_ends_the_listing,
    statements_hearings_and_talks_are_kept_and_a_case_may_end_without_an_entry,
    only_the_office_the_acting_unit_and_the_organisation_see_a_case,
);
