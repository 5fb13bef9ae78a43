//! Objections against the shipped rulebook: what is due when, who may do what, what ends how; and a model.

use crate::chance::Chance;
use crate::files::shipped;
use credence_domain::listing::{Delivery, Filed as RemedyFiled, LetterFacts, Refusal, RemedyKind, Ruled, Verdict};
use credence_domain::objection::{
    self, Case, Change, Channel, Contest, Desk, Duty, Ended, Event, Evidence, Filing, Found, Matter, Office, Outcome,
    Remedy, Standing, Statement, Step, rule,
};
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::letter::LetterKind;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use std::sync::LazyLock;

mod served;

static BOOK: LazyLock<Rulebook> = LazyLock::new(shipped);

const FIRM: &str = "91379900MA0TE5T16G";
const OFFICE: &str = "11379900000000086M";
const OWNER: &str = "11379900000000094G";
const THIRD: &str = "11379900000000107B";
const TODAY: Date = date(2026, 9, 7);
type Made = Result<(Step, Case), Refusal>;

fn desk<'d>(by: &'d str, unit: &'d str, today: Date) -> Desk<'d> {
    Desk { rulebook: &BOOK, by, unit, today }
}

fn statement(received_on: Date) -> Statement {
    Statement {
        channel: Channel::Online {},
        received_on,
        ground: "罚款金额有误".to_owned(),
        contested: vec![Contest::Content],
        claims: Vec::new(),
        evidence: Vec::new(),
    }
}

fn filing(matter: Matter, owner: &'static str, handler: &'static str) -> Filing<'static> {
    let unit = |unit| Office { unit, name: "示范单位" };
    Filing {
        matter,
        uscc: FIRM,
        record: "01010101010101010101010101010101",
        item: "penalty",
        title: "示市监罚〔2026〕1号",
        owner: unit(owner),
        handler: unit(handler),
    }
}

fn filed(matter: Matter, owner: &'static str, handler: &'static str) -> Case {
    let mut said = statement(TODAY);
    said.contested = match matter {
        Matter::Objection => vec![Contest::Content],
        Matter::Complaint => vec![Contest::Handling],
        Matter::Reply => Vec::new(),
    };
    desk("代表人", "", TODAY).file(&filing(matter, owner, handler), &said).unwrap().1
}

fn delivery(on: Date) -> Delivery {
    Delivery { mode: "direct".to_owned(), on, proof: "送达回证1号".to_owned(), consent: String::new() }
}

fn refused(done: Made, code: &str) {
    assert_eq!(done.map(|(step, _)| step.event.code().to_owned()).unwrap_err().code(), code);
}

fn due(case: &Case, duty: Duty) -> Date {
    case.clocks.iter().find(|clock| clock.clock.duty == duty).unwrap().due_on
}

fn corrected() -> Vec<Remedy> {
    let change = |old: &str, new: &str| Change {
        field: "CF_NR_FK".to_owned(),
        name: "罚款金额（万元）".to_owned(),
        old: old.to_owned(),
        new: new.to_owned(),
    };
    vec![Remedy::Corrected { changes: vec![change("2", "1.2")] }]
}

#[test]
fn v16_v17_v19_v30_the_days_of_an_objection_are_those_of_the_law() {
    let filed = |received_on, owner| {
        let own = filing(Matter::Objection, owner, OFFICE);
        desk("代表人", "", received_on).file(&own, &statement(received_on)).unwrap().1
    };
    assert_eq!(due(&filed(date(2026, 2, 13), OFFICE), Duty::Handle), date(2026, 2, 25), "V16");
    assert_eq!(due(&filed(date(2026, 9, 24), OWNER), Duty::Handle), date(2026, 10, 12), "V17");
    let case = filed(date(2026, 4, 29), OWNER);
    assert_eq!(due(&case, Duty::Push), date(2026, 4, 30), "V30");
    let case = desk("甲", OFFICE, date(2026, 4, 30)).take(&case, Event::Pushed {}).unwrap().1;
    let case = desk("乙", OWNER, date(2026, 5, 6)).accept(&case).unwrap().1;
    assert_eq!(due(&case, Duty::Check), date(2026, 5, 14), "V30");
    let revoked = Some(date(2026, 4, 29));
    let report = |on| desk("乙", OWNER, on).check(&case, (Found::Right, "文书已撤销"), &[], revoked).unwrap().1;
    let of = |case: &Case| case.clocks.iter().find(|clock| clock.clock.duty == Duty::Report).cloned().unwrap();
    let (in_time, late) = (of(&report(date(2026, 5, 7))), of(&report(date(2026, 5, 8))));
    assert_eq!((in_time.due_on, in_time.ended), (date(2026, 5, 7), Some((Ended::Met, date(2026, 5, 7)))), "V19");
    assert_eq!(late.ended.map(|(how, _)| how), Some(Ended::Late), "V19");
}

#[test]
fn both_clocks_are_shown_and_the_shorter_is_due() {
    let case = filed(Matter::Objection, OWNER, OFFICE);
    let case = desk("甲", OFFICE, TODAY).take(&case, Event::Pushed {}).unwrap().1;
    let case = desk("乙", OWNER, date(2026, 9, 9)).accept(&case).unwrap().1;
    assert_eq!((due(&case, Duty::Handle), due(&case, Duty::Check)), (date(2026, 9, 16), date(2026, 9, 18)));
    assert_eq!(case.due_on(), Some(date(2026, 9, 16)));
    assert!(!case.is_overdue(date(2026, 9, 16)) && case.is_overdue(date(2026, 9, 17)));
    // An extension that was told in advance moves the national clock; the province knows none.
    let extend = |on, until_on| {
        desk("乙", OWNER, on).take(&case, Event::Extended { until_on, reason: "须向外省核实".to_owned() })
    };
    refused(extend(date(2026, 9, 21), date(2026, 9, 30)), "objection_extension_late");
    refused(extend(date(2026, 9, 18), date(2026, 9, 18)), "objection_extension_short");
    let case = extend(date(2026, 9, 18), date(2026, 9, 30)).unwrap().1;
    assert_eq!((due(&case, Duty::Handle), due(&case, Duty::Check)), (date(2026, 9, 16), date(2026, 9, 30)));
    let again = Event::Extended { until_on: date(2026, 10, 30), reason: "再延".to_owned() };
    refused(desk("乙", OWNER, date(2026, 9, 20)).take(&case, again), "objection_extended");
}

#[test]
fn what_says_nothing_is_not_filed() {
    let try_it = |matter, change: &dyn Fn(&mut Statement)| {
        let mut said = statement(TODAY);
        change(&mut said);
        desk("代表人", "", TODAY).file(&filing(matter, OWNER, OFFICE), &said)
    };
    let objection = |change: &dyn Fn(&mut Statement)| try_it(Matter::Objection, change);
    assert!(objection(&|_| {}).is_ok());
    refused(objection(&|said| said.ground = " ".to_owned()), "objection_ground_missing");
    refused(objection(&|said| said.ground = "长".repeat(2001)), "objection_ground_too_long");
    refused(objection(&|said| said.contested.clear()), "objection_contested_missing");
    refused(objection(&|said| said.contested = vec![Contest::Handling]), "objection_contested_missing");
    refused(objection(&|said| said.received_on = date(2026, 9, 8)), "objection_day_in_future");
    let paper = |reference: &str| Channel::Paper { reference: reference.to_owned() };
    refused(objection(&|said| said.channel = paper("")), "objection_reference_missing");
    let digest = |digest: &str| vec![Evidence { name: "判决书".to_owned(), digest: digest.to_owned(), file: false }];
    refused(objection(&|said| said.evidence = digest("ab")), "objection_evidence_invalid");
    assert!(objection(&|said| said.evidence = digest(&"ab".repeat(32))).is_ok());
    refused(try_it(Matter::Complaint, &|_| {}), "objection_contested_missing");
    let reply =
        |text: &str| try_it(Matter::Reply, &|said| (said.contested, said.ground) = (Vec::new(), text.to_owned()));
    assert!(reply(&"说".repeat(500)).is_ok());
    refused(reply(&"说".repeat(501)), "objection_ground_too_long");
    refused(reply("请致电13800138000"), "objection_personal_text");
}

#[test]
fn each_step_belongs_to_its_unit_and_its_turn() {
    let case = filed(Matter::Objection, OWNER, OFFICE);
    let (office, owner) = (desk("甲", OFFICE, TODAY), desk("乙", OWNER, TODAY));
    let rejected =
        |desk: Desk<'_>, case: &Case| desk.decide(case, "示信异〔2026〕1号", (Outcome::Rejected, &[], "核查无误"));
    refused(rejected(office, &case), "objection_not_checked");
    refused(owner.take(&case, Event::Pushed {}), "objection_wrong_unit");
    refused(owner.accept(&case), "objection_state_wrong");
    refused(office.take(&filed(Matter::Objection, OFFICE, OFFICE), Event::Pushed {}), "objection_not_others");
    let pushed = office.take(&case, Event::Pushed {}).unwrap().1;
    refused(office.accept(&pushed), "objection_wrong_unit");
    let extend = Event::Extended { until_on: date(2026, 9, 30), reason: "须核实".to_owned() };
    refused(owner.take(&pushed, extend), "objection_not_accepted");
    let accepted = owner.accept(&pushed).unwrap().1;
    refused(owner.accept(&accepted), "objection_accepted");
    refused(owner.check(&pushed, (Found::Right, " "), &[], None), "objection_finding_missing");
    let tomorrow = Some(date(2026, 9, 8));
    refused(owner.check(&pushed, (Found::Right, "属实"), &[], tomorrow), "objection_day_in_future");
    let unfounded = owner.check(&pushed, (Found::Unfounded, "原件为2万元"), &[], None).unwrap().1;
    refused(rejected(owner, &unfounded), "objection_wrong_unit");
    let same = desk("乙", OFFICE, TODAY);
    refused(rejected(same, &unfounded), "objection_same_person");
    let decide =
        |outcome, remedies: &[Remedy], reason: &str| office.decide(&unfounded, "1号", (outcome, remedies, reason));
    refused(decide(Outcome::Upheld, &corrected(), "更正"), "objection_against_finding");
    refused(decide(Outcome::Upheld, &[], "更正"), "objection_remedy_missing");
    refused(decide(Outcome::Rejected, &corrected(), "更正"), "objection_remedy_not_allowed");
    refused(decide(Outcome::Rejected, &[], " "), "objection_reason_missing");
    let empty = [Remedy::Corrected { changes: Vec::new() }];
    refused(decide(Outcome::Partly, &empty, "更正"), "objection_change_empty");
    let right = owner.check(&pushed, (Found::Right, "确为1.2万元"), &[], None).unwrap().1;
    let upheld = office.decide(&right, "1号", (Outcome::Upheld, &corrected(), "录入有误")).unwrap().1;
    assert_eq!((upheld.standing, upheld.is_marked()), (Standing::Closed, false), "nothing is left to appeal");
    refused(office.take(&upheld, Event::Pushed {}), "objection_closed");
    let withdrawn = desk("代表人", "", TODAY).take(&pushed, Event::Withdrawn { reason: String::new() }).unwrap().1;
    assert!(withdrawn.clocks.iter().all(|clock| clock.ended.is_some()) && !withdrawn.is_marked());
    refused(
        desk("代表人", "", date(2026, 9, 6)).take(&pushed, Event::Withdrawn { reason: String::new() }),
        "objection_day_too_early",
    );
}

#[test]
fn an_appeal_is_decided_by_somebody_who_had_no_part_in_the_case() {
    let case = filed(Matter::Objection, OWNER, OFFICE);
    let (office, owner, party) = (desk("甲", OFFICE, TODAY), desk("乙", OWNER, TODAY), desk("代表人", "", TODAY));
    let case = office.take(&case, Event::Pushed {}).unwrap().1;
    let case = owner.check(&case, (Found::Unfounded, "原件为2万元"), &[], None).unwrap().1;
    let case = office.decide(&case, "1号", (Outcome::Rejected, &[], "核查无误")).unwrap().1;
    assert_eq!((case.mark_through(), case.code_on(date(2027, 9, 7))), (None, "decided"), "no day runs unserved");
    assert!(office.appeal(&case, "不服").is_ok() && case.unserved());
    refused(owner.serve_decision(&case, None, &delivery(TODAY)), "objection_wrong_unit");
    refused(office.serve_decision(&case, Some("2号"), &delivery(TODAY)), "letter_missing");
    refused(office.serve_decision(&case, None, &delivery(date(2026, 9, 6))), "day_too_early");
    let by_system =
        |consent: &str| Delivery { mode: "electronic".to_owned(), consent: consent.to_owned(), ..delivery(TODAY) };
    refused(office.serve_decision(&case, None, &by_system("")), "service_consent_missing");
    let case = office.serve_decision(&case, None, &delivery(TODAY)).unwrap().1;
    assert!(!case.unserved());
    refused(office.serve_decision(&case, None, &delivery(TODAY)), "served_already");
    assert_eq!(case.mark_through(), Some(date(2026, 9, 14)), "five working days to appeal");
    assert_eq!((case.code_on(date(2026, 9, 14)), case.code_on(date(2026, 9, 15))), ("decided", "closed"));
    refused(desk("代表人", "", date(2026, 9, 15)).appeal(&case, "不服"), "objection_appeal_late");
    refused(party.join(&case, &statement(TODAY)), "objection_appeal_instead");
    refused(party.appeal(&case, ""), "objection_ground_missing");
    let case = party.appeal(&case, "未看收据").unwrap().1;
    assert!(case.is_marked() && case.mark_through().is_none());
    let refer = |case: &Case, unit: &str| {
        office.take(case, Event::Referred { unit: unit.to_owned(), name: "某单位".to_owned() })
    };
    refused(refer(&case, OWNER), "objection_involved");
    refused(refer(&case, OFFICE), "objection_involved");
    let decide = |by: &str, unit: &str, case: &Case| {
        desk(by, unit, TODAY).decide_appeal(case, "2号", (Outcome::Upheld, &corrected(), "收据为1.2万元"))
    };
    refused(decide("丙", THIRD, &case), "objection_not_referred");
    let case = refer(&case, THIRD).unwrap().1;
    refused(decide("丁", OFFICE, &case), "objection_involved");
    refused(decide("丁", OWNER, &case), "objection_involved");
    refused(decide("甲", THIRD, &case), "objection_involved");
    refused(decide("丙", FIRM, &case), "objection_wrong_unit");
    let done = decide("丙", THIRD, &case).unwrap().1;
    assert_eq!((done.standing, done.is_marked()), (Standing::Closed, false));
    // What fell before a court is decided again, by another person of a unit that had no part in it.
    let third = desk("丙", THIRD, TODAY);
    let filed =
        RemedyFiled {
            kind: RemedyKind::Litigation, number: "行1号".to_owned(), body: "法院".to_owned(), on: TODAY
        };
    let sued = party.file_remedy(&done, None, (&filed, &[])).unwrap().1;
    assert_eq!(sued.standing, Standing::Closed, "filing suspends nothing");
    let paper = Evidence { name: "判决书.pdf".to_owned(), digest: "ab".repeat(32), file: false };
    let ruled = |verdict| Ruled {
        number: "行1号".to_owned(),
        verdict,
        document: "行判1号".to_owned(),
        on: TODAY,
        gist: String::new(),
        papers: vec![paper.clone()],
    };
    refused(party.rule_remedy(&sued, &ruled(Verdict::Anew), true), "remedy_by_filer");
    let upheld = third.rule_remedy(&sued, &ruled(Verdict::Upheld), true).unwrap().1;
    assert_eq!(upheld.standing, Standing::Closed);
    let again = third.rule_remedy(&sued, &ruled(Verdict::Anew), true).unwrap().1;
    assert_eq!((again.standing, again.is_marked()), (Standing::Appealed, true));
    assert!(again.due_on().is_some_and(|due| TODAY < due));
    refused(decide("丙", THIRD, &again), "objection_involved");
    assert_eq!(decide("戊", THIRD, &again).unwrap().1.standing, Standing::Closed);
    let gone = third.rule_remedy(&sued, &ruled(Verdict::Anew), false).unwrap().1;
    assert_eq!(gone.standing, Standing::Closed);
    assert!(done.clocks.iter().all(|clock| clock.ended.is_some()));
}

#[test]
fn a_complaint_marks_nothing_and_corrects_nothing_and_a_reply_stands_until_it_is_taken_back() {
    let complaint = filed(Matter::Complaint, OFFICE, OFFICE);
    assert!(!complaint.is_marked());
    let office = desk("甲", OFFICE, TODAY);
    let decide = |remedies: &[Remedy]| office.decide(&complaint, "1号", (Outcome::Upheld, remedies, "确有拖延"));
    refused(decide(&corrected()), "objection_remedy_not_allowed");
    assert!(decide(&[Remedy::Noted { text: "已责令改正".to_owned() }]).is_ok());
    let reply = filed(Matter::Reply, OWNER, OFFICE);
    assert!(!reply.is_marked(), "nothing is printed before somebody has looked through it");
    refused(desk("乙", OWNER, TODAY).take(&reply, Event::Printed {}), "objection_wrong_unit");
    refused(office.take(&reply, Event::Pushed {}), "objection_state_wrong");
    refused(office.take(&reply, Event::Refused { reason: String::new() }), "objection_reason_missing");
    let printed = office.take(&reply, Event::Printed {}).unwrap().1;
    assert!(printed.is_marked() && printed.clocks.iter().all(|clock| clock.ended.is_some()));
    let back =
        desk("代表人", "", date(2027, 9, 7)).take(&printed, Event::Withdrawn { reason: String::new() }).unwrap().1;
    assert!(!back.is_marked());
}

#[test]
fn the_letter_says_what_was_decided_why_and_what_can_be_done_about_it() {
    let case = filed(Matter::Objection, OFFICE, OFFICE);
    let office = desk("甲", OFFICE, TODAY);
    let facts = LetterFacts { unit: "示范信用中心", organisation: "示范机械制造有限公司", serial: 7 };
    let kind = LetterKind::ObjectionResult;
    assert!(objection::write(&office, kind, &case, &facts).is_err(), "nothing was decided");
    let number = objection::number(&office, kind, &facts).unwrap();
    let case = office.decide(&case, &number, (Outcome::Partly, &corrected(), "录入有误")).unwrap().1;
    let letter = objection::write(&office, kind, &case, &facts).unwrap();
    assert_eq!(letter.number, "示范信用中心信异〔2026〕7号");
    for told in ["部分成立", "由“2”更正为“1.2”", "录入有误", "自收到之日起5个工作日内申请复核", "60日内申请行政复议"]
    {
        assert!(letter.text.contains(told), "{told}: {}", letter.text);
    }
}

#[test]
fn every_rule_has_a_code_of_its_own_and_a_chinese_text() {
    let codes: BTreeSet<_> = rule::ALL.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), rule::ALL.len());
    let error = |code: &str| BOOK.codes.error.contains_key(code);
    assert!(rule::ALL.iter().all(|rule| error(rule.code)), "each stands in the code book");
}

/// What must hold, in as few words as possible.
#[derive(Clone, Debug)]
struct Model {
    state: &'static str,
    accepted: Option<Date>,
    extended: bool,
    check_due: Option<Date>,
    unfounded: bool,
    checker: Option<&'static str>,
    /// The letter that is to be served: by whom, and its day.
    letter: Option<(&'static str, Date)>,
    until: Option<Date>,
    referred: Option<&'static str>,
    took: BTreeSet<&'static str>,
    judges: BTreeSet<&'static str>,
}

const PEOPLE: [(&str, &str); 6] =
    [("代表人", ""), ("甲", OFFICE), ("戊", OFFICE), ("乙", OWNER), ("丙", THIRD), ("乙", OFFICE)];

#[test]
fn a_million_random_steps_are_allowed_exactly_where_a_small_model_allows_them() {
    let mut chance = Chance(2019);
    let mut taken = [0_u32; 12];
    for _ in 0..10_000 {
        let mut today = TODAY;
        let others = chance.below(3) > 0;
        let mut case = filed(Matter::Objection, if others { OWNER } else { OFFICE }, OFFICE);
        let mut kept = Vec::new();
        let mut model = Model {
            state: "filed",
            accepted: None,
            extended: false,
            check_due: None,
            unfounded: false,
            checker: None,
            letter: None,
            until: None,
            referred: None,
            took: BTreeSet::new(),
            judges: BTreeSet::new(),
        };
        for _ in 0..100 {
            if chance.below(8) == 0 {
                today = today.saturating_add(1.day());
            }
            let (by, unit) = PEOPLE[usize::try_from(chance.below(6)).unwrap()];
            let desk = desk(by, unit, today);
            let owner = if others { OWNER } else { OFFICE };
            let over = model.state == "decided" && model.until.is_some_and(|last| last < today);
            let open = !over && !matches!(model.state, "closed" | "withdrawn");
            let kind = usize::try_from(chance.below(12)).unwrap();
            // A withdrawal is rare, or nothing else would ever be tried.
            if kind == 10 && chance.below(12) != 0 {
                continue;
            }
            let fix = chance.below(2) == 0;
            let remedies = if fix { corrected() } else { Vec::new() };
            let outcome = if fix { Outcome::Partly } else { Outcome::Rejected };
            let (made, allowed): (Made, bool) = match kind {
                0 => (
                    desk.join(&case, &statement(today)),
                    matches!(model.state, "filed" | "pushed" | "checked" | "appealed"),
                ),
                1 => (desk.take(&case, Event::Pushed {}), model.state == "filed" && others && unit == OFFICE),
                2 => (desk.accept(&case), model.state == "pushed" && unit == owner && model.accepted.is_none()),
                3 => {
                    let until_on = today.saturating_add(i64::try_from(chance.below(20)).unwrap().days());
                    let clock = model.check_due.filter(|due| today <= *due && *due < until_on);
                    let mine = unit == owner || unit == OFFICE;
                    let allowed = model.state == "pushed" && mine && !model.extended && clock.is_some();
                    if allowed {
                        model.check_due = Some(until_on);
                    }
                    (desk.take(&case, Event::Extended { until_on, reason: "须核实".to_owned() }), allowed)
                }
                4 | 5 => {
                    let found = if kind == 4 { Found::Right } else { Found::Unfounded };
                    (desk.check(&case, (found, "已核查"), &[], None), model.state == "pushed" && unit == owner)
                }
                6 => {
                    let turn = model.state == "checked" || model.state == "filed" && !others;
                    let allowed = turn && unit == OFFICE && model.checker != Some(by) && !(fix && model.unfounded);
                    (desk.decide(&case, "1号", (outcome, &remedies, "理由")), allowed)
                }
                7 => (desk.appeal(&case, "不服"), model.state == "decided" && !over),
                8 => {
                    let to = [OFFICE, OWNER, THIRD][usize::try_from(chance.below(3)).unwrap()];
                    let allowed = model.state == "appealed" && unit == OFFICE && !model.judges.contains(to);
                    if allowed {
                        model.referred = Some(to);
                    }
                    (desk.take(&case, Event::Referred { unit: to.to_owned(), name: to.to_owned() }), allowed)
                }
                9 => {
                    let free = !model.took.contains(by) && !model.judges.contains(unit);
                    let allowed = model.state == "appealed" && free && model.referred == Some(unit);
                    (desk.decide_appeal(&case, "2号", (outcome, &remedies, "理由")), allowed)
                }
                10 => (desk.take(&case, Event::Withdrawn { reason: String::new() }), open),
                // The last letter, by whoever made that decision.
                _ => {
                    let unserved = model.letter.as_ref().is_some_and(|(by, on)| *by == unit && *on <= today);
                    (desk.serve_decision(&case, None, &delivery(today)), unserved)
                }
            };
            assert_eq!(made.is_ok(), allowed, "{kind} by {by} of {unit} on {today} at {model:?}: {made:?}");
            let Ok((step, next)) = made else { continue };
            taken[kind] += 1;
            match &step.event {
                Event::Pushed {} => model.state = "pushed",
                Event::Accepted { .. } => {
                    model.accepted = Some(today);
                    model.check_due = Some(BOOK.calendar.due(today, 7).on);
                }
                Event::Extended { .. } => model.extended = true,
                Event::Checked { found, .. } => {
                    (model.state, model.unfounded, model.checker) = ("checked", *found == Found::Unfounded, Some(by));
                    model.judges.insert(unit);
                }
                Event::Decided(_) => {
                    (model.state, model.letter) = ("decided", Some((unit, today)));
                    model.judges.insert(unit);
                }
                Event::Appealed { .. } => model.state = "appealed",
                Event::AppealDecided(_) => (model.state, model.letter) = ("closed", Some((unit, today))),
                Event::DecisionServed { .. } => {
                    model.letter = None;
                    model.until = (model.state == "decided").then(|| BOOK.calendar.due(today, 5).on);
                }
                Event::Withdrawn { .. } => model.state = "withdrawn",
                _ => {}
            }
            if !unit.is_empty() {
                model.took.insert(by);
            }
            kept.push(step);
            case = next;
            assert_eq!(case.standing.code(), model.state);
            assert_eq!(
                case.is_marked(),
                !matches!(model.state, "closed" | "withdrawn"),
                "marked as long as it is open"
            );
            // No clock is left running where nothing more is to be done.
            let closed = matches!(model.state, "closed" | "withdrawn" | "decided");
            assert!(!closed || case.clocks.iter().all(|clock| clock.ended.is_some()), "{case:?}");
        }
        // What was kept folds to what it was, also from JSON.
        let json = serde_json::to_string(&kept).unwrap();
        let read: Vec<Step> = serde_json::from_str(&json).unwrap();
        let mut whole = filed(Matter::Objection, if others { OWNER } else { OFFICE }, OFFICE);
        for step in &read {
            whole = whole.take(step).unwrap();
        }
        assert_eq!(whole, case);
    }
    assert!(taken.iter().all(|count| *count > 100), "{taken:?}");
}
