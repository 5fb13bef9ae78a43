//! Responsible persons go with the listing of their organisation: told, heard, decided on by another, handed over, ended in its own
//! act; those above are informed; a name stands in one place and is erased there.

use crate::desk::*;
use credence_app::listing::{self, Clerk, Proposing};
use credence_app::objection;
use credence_app::officer::{self, Doing, Entering, Erasing, Informing, OfficerView};
use credence_app::{AppError, View};
use credence_domain::listing::{Delivery, Filed, Findings, RemedyKind};
use credence_domain::officer::{Because, Role};
use credence_domain::record::personal::{carries_personal_number, carries_whole_identity_number};
use credence_domain::rulebook::procedure::Above;
use credence_store::officer::Kind;
use credence_store::unit::{self, Unit};
use credence_store::values;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::{Date, date};

const NAME: &str = "欧阳示例";

fn clerk(name: &str, today: Date) -> Clerk {
    Clerk { name: name.to_owned(), view: View::office(today) }
}

fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> &'static str {
    done.unwrap_err().code()
}

/// Nobody's: in the unused region 379900, with the digit that makes it a number.
fn paper() -> String {
    let with = |check: char| format!("37990019900101001{check}");
    "0123456789X".chars().map(with).find(|number| carries_whole_identity_number(number)).unwrap()
}

fn sector(desk: &mut Desk<'_>) {
    let today = desk.clock.today();
    let standing = unit::find(desk.writer.connection(), OFFICE, today).unwrap().unwrap();
    let unit = Unit { sector: "市场监管".to_owned(), level: "province".to_owned(), ..standing };
    unit::set(&mut desk.writer, &unit, "系统管理员", &desk.rulebook.digest).unwrap();
}

fn delivery(on: Date) -> Delivery {
    Delivery { mode: "direct".to_owned(), on, proof: "送达回证".to_owned(), consent: String::new() }
}

/// A case that is listed on 13 May 2026.
fn listed(desk: &mut Desk<'_>, uscc: &str) -> String {
    let heavy = [("CF_CFLB", "责令停产停业"), ("CF_NR", "责令停产停业"), ("CF_NR_FK", ""), ("CF_XDR_SHXYM", uscc)];
    desk.send(vec![changed("一号", &heavy)]);
    sector(desk);
    let (proposer, on) = (clerk("甲", desk.clock.today()), desk.clock.today());
    let records = desk.service(on).organisation(&View::public(on), uscc).unwrap().records;
    let asked = Proposing {
        uscc: uscc.to_owned(),
        ..crate::listing::asked(records.into_iter().filter(|one| one.item == "penalty").map(|one| one.id).collect())
    };
    let number = listing::propose(&mut desk.writer, &desk.rulebook, &proposer, &asked).unwrap().head.number;
    let serve = listing::Doing::Serve { letter: None, delivery: delivery(on) };
    listing::step(&mut desk.writer, &desk.rulebook, &proposer, &number, &serve).unwrap();
    desk.clock.move_to(date(2026, 5, 13));
    let findings =
        Findings {
            nature: "明知故犯".to_owned(), circumstances: "持续半年".to_owned(), harm: "多人受害".to_owned()
        };
    of_listing(desk, &number, &listing::Doing::List { findings, measures: Vec::new(), consent: String::new() });
    number
}

fn of_listing(desk: &mut Desk<'_>, number: &str, doing: &listing::Doing) {
    let files = matches!(doing, listing::Doing::FileRemedy { .. });
    let by = clerk(if files { "丙" } else { "乙" }, desk.clock.today());
    listing::step_citing(&mut desk.writer, &desk.rulebook, &by, number, &with_paper(doing)).unwrap();
}

/// An objection of the organisation's to its entry is upheld: that removes it.
fn upheld(desk: &mut Desk<'_>) {
    let on = desk.clock.today();
    let actor = |name: &str, view: View, unit: &str| objection::Actor {
        clerk: Clerk { name: name.to_owned(), view },
        unit: unit.to_owned(),
    };
    let records = desk.service(on).organisation(&View::public(on), FIRM).unwrap().records;
    let entry = records.into_iter().find(|one| one.item == "serious_dishonesty").unwrap().id;
    let filing =
        serde_json::json!({ "matter": "objection", "record": entry, "ground": "有误", "contested": ["content"] });
    let filing: objection::Filing = serde_json::from_value(filing).unwrap();
    let party = actor("代表人", View::organisation([FIRM], on), "");
    let number = objection::file(&mut desk.writer, &desk.rulebook, &party, &filing).unwrap().head.number;
    let decide = serde_json::json!({ "act": "decide", "outcome": "upheld", "reason": "有误", "withdraw": "复核决定" });
    let decide: objection::Doing = serde_json::from_value(decide).unwrap();
    let office = actor("丙", View::office(on), OFFICE);
    objection::step(&mut desk.writer, &desk.rulebook, &office, &number, &decide).unwrap();
}

pub fn term(desk: &mut Desk<'_>, name: &str, from_on: Date) -> String {
    let asked = Entering {
        uscc: FIRM.to_owned(),
        unit: OFFICE.to_owned(),
        role: Role::LegalRepresentative,
        name: name.to_owned(),
        identity_number: paper(),
        from_on,
        through_on: None,
        evidence: "登记档案".to_owned(),
    };
    let clerk = clerk("甲", desk.clock.today());
    officer::enter(&mut desk.writer, &desk.rulebook, &clerk, &asked).unwrap().head.number
}

pub fn asked(listing: &str, term: &str) -> officer::Proposing {
    officer::Proposing {
        listing: listing.to_owned(),
        term: term.to_owned(),
        unit: OFFICE.to_owned(),
        conduct_from_on: date(2026, 1, 1),
        conduct_through_on: date(2026, 3, 31),
        facts: "决定并组织生产".to_owned(),
        ground: "aic_listed_representative".to_owned(),
    }
}

pub fn propose(desk: &mut Desk<'_>, asked: &officer::Proposing) -> Result<OfficerView, AppError> {
    let clerk = clerk("甲", desk.clock.today());
    officer::propose(&mut desk.writer, &desk.rulebook, &clerk, asked)
}

pub fn step(desk: &mut Desk<'_>, by: &str, number: &str, doing: &Doing) -> Result<OfficerView, AppError> {
    let clerk = clerk(by, desk.clock.today());
    officer::step(&mut desk.writer, &desk.rulebook, &clerk, number, doing)
}

fn show(desk: &mut Desk<'_>, number: &str) -> OfficerView {
    let view = View::office(desk.clock.today());
    officer::show(desk.writer.connection(), &view, number).unwrap()
}

pub fn serve(on: Date) -> Doing {
    Doing::Serve { letter: None, delivery: delivery(on) }
}

fn a_person_is_told_heard_decided_on_and_handed_over_and_it_ends_in_the_act_of_the_listing(store: &TestStore) {
    let mut desk = Desk::new(store);
    let listing = listed(&mut desk, FIRM);
    let on = desk.clock.today();
    let late = term(&mut desk, "后任示例", date(2026, 4, 1));
    assert_eq!(code(propose(&mut desk, &asked(&listing, &late))), "officer_appointed_after");
    let term = term(&mut desk, NAME, date(2020, 1, 1));
    let bad = officer::Proposing { ground: "popular_anger".to_owned(), ..asked(&listing, &term) };
    assert_eq!(code(propose(&mut desk, &bad)), "liability_missing");
    let light = officer::Proposing { ground: "food_licence_representative".to_owned(), ..asked(&listing, &term) };
    assert_eq!(code(propose(&mut desk, &light)), "liability_not_for_penalty", "no licence was revoked");
    let naming = officer::Proposing { facts: format!("{NAME}决定生产"), ..asked(&listing, &term) };
    assert_eq!(code(propose(&mut desk, &naming)), "officer_text_names_person");
    let case = propose(&mut desk, &asked(&listing, &term)).unwrap();
    let number = case.head.number.clone();
    assert_eq!(code(propose(&mut desk, &asked(&listing, &term))), "officer_case_running");
    assert_eq!((case.head.name.as_deref(), case.letters.len()), (Some(NAME), 1));
    assert!(case.letters[0].text.contains(NAME) && case.letters[0].text.contains("企业信息公示暂行条例"));
    let decide = Doing::Decide { reason: "其直接决定生产".to_owned() };
    assert_eq!(code(step(&mut desk, "乙", &number, &decide)), "notice_not_served");
    step(&mut desk, "甲", &number, &serve(on)).unwrap();
    assert_eq!(code(step(&mut desk, "乙", &number, &decide)), "answer_period_running");
    let stated = Doing::State { on, text: "本人不知情".to_owned() };
    step(&mut desk, "甲", &number, &stated).unwrap();
    let unproved = Doing::Waive { on, proof: "声明".to_owned(), paper: None };
    assert_eq!(code(step(&mut desk, "丙", &number, &unproved)), "waiver_paper_missing");
    let waive = Doing::Waive { on, proof: "声明".to_owned(), paper: Some(noted("放弃声明.pdf")) };
    assert_eq!(code(step(&mut desk, "甲", &number, &waive)), "waiver_by_proposer");
    step(&mut desk, "丙", &number, &waive).unwrap();
    let answer = Doing::Answer { statement: 1, accepted: false, reason: "有其签字".to_owned() };
    step(&mut desk, "甲", &number, &answer).unwrap();
    assert_eq!(code(step(&mut desk, "甲", &number, &decide)), "decider_is_proposer");
    let decided = step(&mut desk, "乙", &number, &decide).unwrap();
    assert_eq!((decided.head.state, decided.head.through_on), ("decided", Some(date(2029, 5, 12))));
    let told = &decided.letters[1].text;
    assert!(told.contains("不公开") && told.contains("至2029年5月12日止（依据规定的最长期限为三年）"), "{told}");
    assert!(!told.contains("三年内不得"), "one end, not two: {told}");
    desk.verify();
    step(&mut desk, "甲", &number, &serve(on)).unwrap();
    let leave = Doing::Leave { through_on: date(2026, 2, 1), evidence: "免职文件".to_owned() };
    assert_eq!(code(step(&mut desk, "甲", &term, &leave)), "officer_term_in_use");
    let receipt = Doing::HandOver { number: "回1号".to_owned(), on };
    step(&mut desk, "甲", &number, &receipt).unwrap();
    let filed =
        Filed { kind: RemedyKind::Reconsideration, number: "复1号".to_owned(), body: "市政府".to_owned(), on };
    of_listing(&mut desk, &listing, &listing::Doing::FileRemedy { filed });
    of_listing(&mut desk, &listing, &listing::Doing::Stay { number: "复1号".to_owned(), on });
    assert_eq!(show(&mut desk, &number).head.state, "suspended");
    desk.verify();
    of_listing(&mut desk, &listing, &listing::Doing::LiftStay { number: "复1号".to_owned(), on });
    assert_eq!(show(&mut desk, &number).head.state, "decided");
    upheld(&mut desk);
    let ended = show(&mut desk, &number);
    assert_eq!(ended.head.state, "ended");
    assert_eq!(ended.case.unwrap().hand_over_due_on, Some(date(2026, 5, 18)), "the keeper is told of the end");
    one_act(&mut desk, &listing, &number);
    assert_eq!(code(propose(&mut desk, &asked(&listing, &term))), "officer_listing_ended");
    let end = Doing::End { document: "终1号".to_owned() };
    assert_eq!(code(step(&mut desk, "乙", &number, &end)), "officer_ended");
    step(&mut desk, "甲", &number, &Doing::HandOver { number: "回2号".to_owned(), on }).unwrap();
    desk.verify();
}

/// The last step of the listing and the end of the person's case are one act.
fn one_act(desk: &mut Desk<'_>, listing: &str, number: &str) {
    let sql = "select l.at / 4096, m.at / 4096 from listing_step l join officer_step m on m.uscc = l.uscc
               where l.number = $1 and m.number = $2 order by l.step desc, m.step desc limit 1";
    let acts = desk.writer.connection().first(sql, values![listing, number], |row| Ok((row.int(0)?, row.int(1)?)));
    let (of_listing, of_person) = acts.unwrap().unwrap();
    assert_eq!(of_listing, of_person, "the person's case ended in another act than the listing");
}

fn whoever_was_not_yet_decided_on_is_let_go_with_the_listing(store: &TestStore) {
    let mut desk = Desk::new(store);
    let listing = listed(&mut desk, FIRM);
    let on = desk.clock.today();
    let term = term(&mut desk, NAME, date(2020, 1, 1));
    let number = propose(&mut desk, &asked(&listing, &term)).unwrap().head.number;
    step(&mut desk, "甲", &number, &serve(on)).unwrap();
    upheld(&mut desk);
    assert_eq!(show(&mut desk, &number).head.state, "withdrawn");
    desk.verify();
}

fn names_lie_in_one_place_numbers_are_sealed_and_an_erasure_takes_both(store: &TestStore) {
    let mut desk = Desk::new(store);
    let listing = listed(&mut desk, FIRM);
    let on = desk.clock.today();
    let term = term(&mut desk, NAME, date(2020, 1, 1));
    let number = propose(&mut desk, &asked(&listing, &term)).unwrap().head.number;
    let seen = show(&mut desk, &term);
    let masked = seen.office.unwrap().identity_number.unwrap();
    assert!(masked.contains("**********") && !carries_personal_number(&masked), "{masked}");
    for sql in [
        "select body from officer_step",
        "select body from listing_letter",
        "select header from act",
        "select coalesce(sealed, '') from officer_person",
    ] {
        let texts = desk.writer.connection().rows(sql, &[], |row| Ok(row.text(0).unwrap_or_default().to_owned()));
        let texts = texts.unwrap();
        assert!(
            !texts.is_empty() && texts.iter().all(|text| !text.contains(NAME) && !text.contains(&paper())),
            "{sql}"
        );
    }
    for view in [View::public(on), View::organisation([SECOND], on)] {
        assert!(officer::show(desk.writer.connection(), &view, &term).is_err());
        assert!(officer::list(desk.writer.connection(), &view, (None, None), FIRST).unwrap().items.is_empty());
    }
    let own = officer::show(desk.writer.connection(), &View::organisation([FIRM], on), &number).unwrap();
    assert!(own.head.name.as_deref() == Some(NAME) && own.steps.iter().all(|step| step.by.is_empty()));
    let erasing = |second: &'static str| (second, "court_order");
    let erase = |desk: &mut Desk<'_>, (second, clause): (&str, &str)| {
        let asked = Erasing { number: &term, clause, reason: "生效裁判要求删除", second };
        let by = clerk("甲", on);
        officer::erase(&mut desk.writer, &desk.rulebook, &by, &asked)
    };
    assert_eq!(code(erase(&mut desk, erasing("甲"))), "four_eyes");
    assert_eq!(code(erase(&mut desk, ("乙", "no_such_clause"))), "clause_unknown");
    assert_eq!(code(erase(&mut desk, erasing("乙"))), "officer_term_in_use");
    step(&mut desk, "甲", &number, &Doing::Withdraw { reason: "证据不足".to_owned() }).unwrap();
    let erased = erase(&mut desk, erasing("乙")).unwrap();
    assert_eq!((erased.head.name, erased.office.unwrap().identity_number), (None, None));
    let letter = show(&mut desk, &number).letters.remove(0);
    assert!(!letter.text.contains(NAME) && letter.text.contains("已依法删除"));
    assert_eq!(code(erase(&mut desk, erasing("乙"))), "officer_person_erased");
    desk.verify();
}

fn those_above_a_public_body_are_to_be_informed_from_the_act_that_lists_it(store: &TestStore) {
    let mut desk = Desk::new(store);
    let listing = listed(&mut desk, &public_body());
    let view = View::office(desk.clock.today());
    let found = officer::list(desk.writer.connection(), &view, (Some("duty"), None), FIRST).unwrap().items;
    assert_eq!((found.len(), found[0].kind, found[0].state), (1, Kind::Duty, "open"));
    let number = found[0].number.clone();
    let again = Informing { listing, unit: OFFICE.to_owned(), because: Because::StateEnterprise };
    let by = clerk("甲", desk.clock.today());
    assert_eq!(code(officer::inform(&mut desk.writer, &desk.rulebook, &by, &again)), "officer_duty_repeated");
    desk.verify();
    desk.clock.move_to(date(2026, 6, 1));
    assert!(show(&mut desk, &number).head.overdue);
    for to in [Above::Superior, Above::Audit] {
        let on = desk.clock.today();
        let doing = Doing::Inform { to, addressee: "示范机关".to_owned(), number: "通1号".to_owned(), on };
        step(&mut desk, "甲", &number, &doing).unwrap();
    }
    let closed = show(&mut desk, &number);
    assert_eq!((closed.head.state, closed.head.overdue), ("closed", false));
    desk.verify();
}

/// A sound code of a public institution in the unused region.
fn public_body() -> String {
    let symbols = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let with = |c: char| format!("12379900000000777{c}");
    symbols.chars().map(with).find(|code| credence_domain::subject::Uscc::parse(code).is_ok()).unwrap()
}

fn what_a_body_ruled_on_a_person_comes_with_its_paper_and_from_another_than_the_filer(store: &TestStore) {
    let mut desk = Desk::new(store);
    let listing = crate::measures::listed(&mut desk);
    let office = term(&mut desk, "责任人示例", date(2020, 1, 1));
    let number = propose(&mut desk, &asked(&listing, &office)).unwrap().head.number;
    let on = desk.clock.today();
    step(&mut desk, "甲", &number, &serve(on)).unwrap();
    let waive = Doing::Waive { on, proof: "声明".to_owned(), paper: Some(noted("声明.pdf")) };
    step(&mut desk, "丙", &number, &waive).unwrap();
    step(&mut desk, "乙", &number, &Doing::Decide { reason: "其直接决定生产".to_owned() }).unwrap();
    let (kind, body) = (credence_domain::listing::RemedyKind::Litigation, "某法院".to_owned());
    let filed = credence_domain::listing::Filed { kind, number: "行1号".to_owned(), body, on };
    step(&mut desk, "丙", &number, &Doing::FileRemedy { filed }).unwrap();
    let stay = |paper| Doing::Stay { number: "行1号".to_owned(), on, paper };
    assert_eq!(step(&mut desk, "乙", &number, &stay(None)).unwrap_err().code(), "remedy_paper_missing");
    let by_filer = step(&mut desk, "丙", &number, &stay(Some(noted("裁定书.pdf"))));
    assert_eq!(by_filer.unwrap_err().code(), "remedy_by_filer");
    let named = step(&mut desk, "乙", &number, &stay(Some(noted("责任人示例裁定书.pdf"))));
    assert_eq!(named.unwrap_err().code(), "officer_text_names_person", "no paper names the person either");
    let stayed = step(&mut desk, "乙", &number, &stay(Some(noted("裁定书.pdf")))).unwrap();
    assert_eq!(stayed.head.state, "suspended");
    let outcome = credence_domain::officer::Outcome::Revoked;
    let ruled = |paper| Doing::DecideRemedy { number: "行1号".to_owned(), on, outcome: outcome.clone(), paper };
    assert_eq!(step(&mut desk, "乙", &number, &ruled(None)).unwrap_err().code(), "remedy_paper_missing");
    let ended = step(&mut desk, "乙", &number, &ruled(Some(noted("判决书.pdf")))).unwrap();
    assert_eq!(ended.head.state, "ended");
    desk.verify();
}

both_stores!(
    what_a_body_ruled_on_a_person_comes_with_its_paper_and_from_another_than_the_filer,
    a_person_is_told_heard_decided_on_and_handed_over_and_it_ends_in_the_act_of_the_listing,
    whoever_was_not_yet_decided_on_is_let_go_with_the_listing,
    names_lie_in_one_place_numbers_are_sealed_and_an_erasure_takes_both,
    those_above_a_public_body_are_to_be_informed_from_the_act_that_lists_it,
);
