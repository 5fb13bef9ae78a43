//! Measures in force go with what carries them: a listing's begin, rest and end in its own acts, a decision's end with its
//! record; units acknowledge, report and lift; nothing unlisted is kept.

use crate::desk::*;
use credence_app::collect;
use credence_app::listing::{self, Clerk};
use credence_app::measure::{self, Beginning, Doing, MeasureInForce};
use credence_app::{AppError, View};
use credence_domain::listing::{Delivery, Filed, Findings, Outcome, RemedyKind};
use credence_domain::measure::Done;
use credence_domain::record::{Instruction, Operation};
use credence_domain::subject::Uscc;
use credence_store::unit::{self, Unit};
use credence_store::values;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::{Date, date};

fn clerk(name: &str, today: Date) -> Clerk {
    Clerk { name: name.to_owned(), view: View::office(today) }
}

fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> &'static str {
    done.unwrap_err().code()
}

/// Says of which sector the deciding unit is.
pub fn sector(desk: &mut Desk<'_>, sector: &str) {
    let today = desk.clock.today();
    let standing = unit::find(desk.writer.connection(), OFFICE, today).unwrap().unwrap();
    let unit = Unit { sector: sector.to_owned(), level: "province".to_owned(), ..standing };
    unit::set(&mut desk.writer, &unit, "系统管理员", &desk.rulebook.digest).unwrap();
}

fn public(desk: &Desk<'_>) -> Vec<String> {
    let day = desk.clock.today();
    let records = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
    records.into_iter().filter(|one| one.item == "penalty").map(|one| one.id).collect()
}

fn all(desk: &mut Desk<'_>) -> Vec<measure::HeadView> {
    let view = View::office(desk.clock.today());
    measure::list(desk.writer.connection(), &view, None, FIRST).unwrap().items
}

fn show(desk: &mut Desk<'_>, number: &str) -> MeasureInForce {
    let view = View::office(desk.clock.today());
    measure::show(desk.writer.connection(), &view, number).unwrap()
}

fn step(desk: &mut Desk<'_>, unit: &str, number: &str, doing: &Doing) -> Result<MeasureInForce, AppError> {
    let clerk = clerk("丁", desk.clock.today());
    measure::step(&mut desk.writer, &desk.rulebook, (&clerk, unit), number, doing)
}

fn report(done_on: Date) -> Doing {
    Doing::Report { done_on, done: Done::CarriedOut, effect: "已不适用告知承诺制".to_owned() }
}

/// A case that is listed on 13 May 2026 with one measure.
pub fn listed(desk: &mut Desk<'_>) -> String {
    listed_for(desk, "2026-04-30")
}

/// The same for a penalty that was decided on a day.
pub fn listed_for(desk: &mut Desk<'_>, decided_on: &str) -> String {
    let said = [("CF_CFLB", "责令停产停业"), ("CF_NR", "责令停产停业"), ("CF_NR_FK", ""), ("CF_JDRQ", decided_on)];
    desk.send(vec![changed("一号", &said)]);
    sector(desk, "市场监管");
    let (proposer, on) = (clerk("甲", desk.clock.today()), desk.clock.today());
    let asked = crate::listing::asked(public(desk));
    let number = listing::propose(&mut desk.writer, &desk.rulebook, &proposer, &asked).unwrap().head.number;
    let delivery = Delivery { mode: "direct".to_owned(), on, proof: "送达回证".to_owned(), consent: String::new() };
    let serve = listing::Doing::Serve { letter: None, delivery };
    listing::step(&mut desk.writer, &desk.rulebook, &proposer, &number, &serve).unwrap();
    desk.clock.move_to(date(2026, 5, 13));
    let decide = listing::Doing::List {
        findings: Findings {
            nature: "明知故犯".to_owned(),
            circumstances: "持续半年".to_owned(),
            harm: "多人受害".to_owned(),
        },
        measures: vec!["no_commitment_procedure".to_owned(), "responsible_persons_named".to_owned()],
        consent: String::new(),
    };
    of_case(desk, &number, &decide);
    number
}

fn of_case(desk: &mut Desk<'_>, number: &str, doing: &listing::Doing) {
    let files = matches!(doing, listing::Doing::FileRemedy { .. });
    let by = clerk(if files { "丙" } else { "乙" }, desk.clock.today());
    listing::step_citing(&mut desk.writer, &desk.rulebook, &by, number, &with_paper(doing)).unwrap();
}

fn the_measures_of_a_listing_begin_rest_and_end_in_its_own_acts(store: &TestStore) {
    let mut desk = Desk::new(store);
    let case = listed(&mut desk);
    let on = desk.clock.today();
    let heads = all(&mut desk);
    assert_eq!(heads.len(), 2);
    assert!(heads.iter().all(|head| head.state == "running" && head.through_on == date(2029, 5, 13)));
    let own = heads.iter().find(|head| head.measure == "no_commitment_procedure").unwrap().number.clone();
    let told = heads.iter().find(|head| head.measure == "responsible_persons_named").unwrap().number.clone();
    assert_eq!(show(&mut desk, &own).tasks.len(), 1, "the market regulators are charged");
    assert!(show(&mut desk, &told).tasks.is_empty(), "what is filed and published is nobody's task");
    desk.verify();
    assert_eq!(code(step(&mut desk, OFFICE, &own, &report(on))), "measure_not_acknowledged");
    assert_eq!(code(step(&mut desk, SECOND, &own, &Doing::Acknowledge {})), "measure_task_unknown");
    step(&mut desk, OFFICE, &own, &Doing::Acknowledge {}).unwrap();
    let end = Doing::End { reason: "不再需要".to_owned() };
    assert_eq!(code(step(&mut desk, OFFICE, &own, &end)), "measure_state_wrong", "it ends with its listing");
    let filed =
        Filed { kind: RemedyKind::Reconsideration, number: "复1号".to_owned(), body: "市政府".to_owned(), on };
    of_case(&mut desk, &case, &listing::Doing::FileRemedy { filed });
    assert_eq!(show(&mut desk, &own).head.state, "running", "filing alone suspends nothing");
    of_case(&mut desk, &case, &listing::Doing::Stay { number: "复1号".to_owned(), on });
    assert_eq!(show(&mut desk, &own).head.state, "suspended");
    assert_eq!(code(step(&mut desk, OFFICE, &own, &report(on))), "measure_suspended");
    desk.verify();
    of_case(&mut desk, &case, &listing::Doing::LiftStay { number: "复1号".to_owned(), on });
    let done = step(&mut desk, OFFICE, &own, &report(on)).unwrap();
    assert_eq!((done.head.state, done.tasks[0].state), ("running", "reported"));
    let complaint = Doing::Complain { text: "已经改正".to_owned() };
    step(&mut desk, "", &own, &complaint).unwrap();
    let answer = Doing::AnswerComplaint { complaint: 1, upheld: false, reason: "期限未满".to_owned() };
    assert_eq!(code(step(&mut desk, SECOND, &own, &answer)), "measure_wrong_body");
    step(&mut desk, OFFICE, &own, &answer).unwrap();
    // A ruling takes one measure away and leaves the other; another revokes the listing.
    let outcome =
        Outcome::Changed { measures: vec!["no_commitment_procedure".to_owned()], through_on: Some(date(2027, 5, 13)) };
    of_case(&mut desk, &case, &listing::Doing::DecideRemedy { number: "复1号".to_owned(), on, outcome });
    assert_eq!(show(&mut desk, &told).head.state, "ended");
    assert_eq!(show(&mut desk, &own).head.through_on, date(2027, 5, 13));
    desk.verify();
    let filed = Filed { kind: RemedyKind::Litigation, number: "行1号".to_owned(), body: "法院".to_owned(), on };
    of_case(&mut desk, &case, &listing::Doing::FileRemedy { filed });
    let outcome = Outcome::Revoked;
    of_case(&mut desk, &case, &listing::Doing::DecideRemedy { number: "行1号".to_owned(), on, outcome });
    let ended = show(&mut desk, &own);
    assert_eq!((ended.head.state, ended.ended_on, ended.lift_due_on), ("ended", Some(on), Some(date(2026, 5, 14))));
    one_act(&mut desk, &case, &own);
    assert_eq!(code(step(&mut desk, OFFICE, &own, &report(on))), "measure_ended");
    let lifted = step(&mut desk, OFFICE, &own, &Doing::Lift { note: "已恢复适用".to_owned() }).unwrap();
    assert_eq!(lifted.tasks[0].state, "lifted");
    let view = View::office(on);
    let board = measure::board(desk.writer.connection(), &view).unwrap();
    let line = board.lines.iter().find(|line| line.unit == OFFICE).unwrap();
    let counts = (line.ended, line.carried_out, line.lifted, line.complaints, line.upheld, line.overdue);
    assert_eq!(counts, (1, 1, 1, 1, 0, 0));
    desk.verify();
}

/// The last step of the case and the end of the measure are one act.
fn one_act(desk: &mut Desk<'_>, case: &str, number: &str) {
    let sql = "select l.at / 4096, m.at / 4096 from listing_step l join measure_step m on m.uscc = l.uscc
               where l.number = $1 and m.number = $2 order by l.step desc, m.step desc limit 1";
    let acts = desk.writer.connection().first(sql, values![case, number], |row| Ok((row.int(0)?, row.int(1)?)));
    let (of_case, of_measure) = acts.unwrap().unwrap();
    assert_eq!(of_case, of_measure, "the measure ended in another act than its listing");
}

fn beginning(record: &str) -> Beginning {
    Beginning {
        measure: "bidding_bar".to_owned(),
        behaviour: "bid_rigging".to_owned(),
        record: record.to_owned(),
        unit: OFFICE.to_owned(),
        through_on: Some(date(2027, 4, 29)),
    }
}

fn begin(desk: &mut Desk<'_>, asked: &Beginning) -> Result<MeasureInForce, AppError> {
    let clerk = clerk("甲", desk.clock.today());
    measure::begin(&mut desk.writer, &desk.rulebook, &clerk, asked)
}

fn a_decision_carries_a_measure_until_its_record_falls(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let record = public(&desk).remove(0);
    assert_eq!(code(begin(&mut desk, &beginning(&record))), "measure_wrong_body", "its sector is not known");
    sector(&mut desk, "财政");
    assert_eq!(
        code(begin(&mut desk, &beginning(&record))),
        "measure_wrong_body",
        "and finance bars nobody from bidding"
    );
    sector(&mut desk, "公共资源");
    let unlisted = Beginning { measure: "cancel_everything".to_owned(), ..beginning(&record) };
    assert_eq!(code(begin(&mut desk, &unlisted)), "measure_unlisted");
    let untyped = Beginning { through_on: None, ..beginning(&record) };
    assert_eq!(code(begin(&mut desk, &untyped)), "measure_term_range", "nobody is barred for the longest by silence");
    let short = Beginning { through_on: Some(date(2027, 4, 28)), ..beginning(&record) };
    assert_eq!(code(begin(&mut desk, &short)), "measure_term_too_short");
    let long = Beginning { through_on: Some(date(2029, 1, 1)), ..beginning(&record) };
    assert_eq!(code(begin(&mut desk, &long)), "measure_term_too_long");
    let measure = begin(&mut desk, &beginning(&record)).unwrap();
    assert_eq!((measure.head.state, measure.tasks.len()), ("running", 1));
    assert_eq!(code(begin(&mut desk, &beginning(&record))), "measure_running", "nothing is stacked");
    let number = measure.head.number;
    desk.verify();
    let day = desk.clock.today();
    let mut see = |view: View| measure::show(desk.writer.connection(), &view, &number);
    assert!(see(View::public(day)).is_err() && see(View::organisation([SECOND], day)).is_err());
    let own = see(View::organisation([FIRM], day)).unwrap();
    assert!(own.steps.iter().all(|step| step.by.is_empty()), "an organisation sees units and no names");
    let path = desk.store.folder.join("back.csv");
    std::fs::write(&path, desk.sheet(vec![penalty(FIRM, "一号")], EXPORT)).unwrap();
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
    let ended = show(&mut desk, &number);
    assert_eq!((ended.head.state, ended.ended_on), ("ended", Some(day)));
    assert!(ended.ended_for.unwrap().contains("所依据的文书"));
    assert_eq!(code(begin(&mut desk, &beginning(&record))), "measure_cause_missing");
    desk.verify();
}

fn a_bar_after_a_revoked_licence_follows_that_penalty_alone_and_from_the_first_day_of_its_item(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.clock.move_to(date(2026, 9, 10));
    let decided = |number: &str, kinds: &str, on: &str| {
        changed(number, &[("CF_CFLB", kinds), ("CF_NR", kinds), ("CF_NR_FK", "1"), ("CF_JDRQ", on)])
    };
    desk.send(vec![
        decided("一号", "警告;罚款", "2026-09-02"),
        decided("二号", "吊销许可证件;罚款", "2026-08-14"),
        decided("三号", "吊销许可证件;罚款", "2026-09-02"),
    ]);
    sector(&mut desk, "市场监管");
    let day = desk.clock.today();
    let records = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
    let of =
        |number: &str| records.iter().find(|one| one.document_number.as_deref() == Some(number)).unwrap().id.clone();
    let bar = |number: &str| Beginning {
        measure: "h1_011".to_owned(),
        behaviour: "food_licence_revoked".to_owned(),
        record: of(number),
        unit: OFFICE.to_owned(),
        through_on: None,
    };
    assert_eq!(code(begin(&mut desk, &bar("一号"))), "measure_cause_kind");
    assert_eq!(code(begin(&mut desk, &bar("二号"))), "measure_not_in_force_then");
    let begun = begin(&mut desk, &bar("三号")).unwrap();
    assert_eq!((begun.head.from_on, begun.head.through_on), (date(2026, 9, 2), date(2031, 9, 1)));
    desk.verify();
    let sql = "update measure_step set body = replace(body, '吊销许可证件', '警告')";
    desk.writer.connection().execute(sql, &[]).unwrap();
    let report = credence_app::verify::verify(&store.address).unwrap();
    let listed = report.requirements.into_iter().find(|one| one.id == "measure_listed").unwrap();
    assert_eq!(listed.failed, 1, "{listed:?}");
}

fn whoever_entered_a_decision_begins_no_measure_on_it(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    sector(&mut desk, "公共资源");
    let record = public(&desk).remove(0);
    let sql = "select header from act where kind = 'import' limit 1";
    let header = desk.writer.connection().first(sql, &[], |row| row.string(0)).unwrap().unwrap();
    let header: serde_json::Value = serde_json::from_str(&header).unwrap();
    let sender = clerk(header["actor"].as_str().unwrap(), desk.clock.today());
    let done = measure::begin(&mut desk.writer, &desk.rulebook, &sender, &beginning(&record));
    assert_eq!(code(done), "measure_same_person");
    assert!(begin(&mut desk, &beginning(&record)).is_ok());
}

fn the_database_itself_takes_no_measure_that_the_list_does_not_hold(store: &TestStore) {
    let mut desk = Desk::new(store);
    let sql =
        "insert into measure(uscc, number, measure, edition, unit, cause, state, steps, from_on, through_on, moved_on)
               values ($1, 'x', 'made_up', 20000, $2, 'x', 'running', 1, 20000, 20001, 20000)";
    let refused = desk.writer.connection().execute(sql, values![FIRM, OFFICE]);
    assert!(refused.is_err());
}

both_stores!(
    the_measures_of_a_listing_begin_rest_and_end_in_its_own_acts,
    a_decision_carries_a_measure_until_its_record_falls,
    a_bar_after_a_revoked_licence_follows_that_penalty_alone_and_from_the_first_day_of_its_item,
    whoever_entered_a_decision_begins_no_measure_on_it,
    the_database_itself_takes_no_measure_that_the_list_does_not_hold,
);
