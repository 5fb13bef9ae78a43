//! Queues: each task is read off its case, is seen by those whose work it is, is assigned within a unit and gives nobody a right;
//! whoever stands in for somebody has his tasks while he is away.

use crate::desk::*;
use crate::province::{PLAN, make_with_listings};
use credence_app::access::{self, Answer};
use credence_app::account::{self, Asked, Change, Deputy, Invited, Person};
use credence_app::desk::Desk as Working;
use credence_app::listing::{self, Clerk, Doing};
use credence_app::objection::{self, Actor, Filing};
use credence_app::queue::{Assigning, Kind, QueueView, TaskView, Which, Whose, assign_as};
use credence_app::rulebook::PLATFORM_UNIT;
use credence_app::{AppError, Clock, Service, View, directory, measure};
use credence_domain::access::Role;
use credence_domain::listing::{Delivery, Findings};
use credence_domain::queue::Light;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::json;

pub const BUREAU: &str = "123799000000000510";

/// Name, role, unit, staff number.
pub type Account = (&'static str, Role, &'static str, &'static str);

/// The clerk has a second account, as a decider.
const ACCOUNTS: [Account; 8] = [
    ("a.clerk", Role::Clerk, OFFICE, "1"),
    ("b.clerk", Role::Clerk, OFFICE, "2"),
    ("c.decider", Role::ListDecider, OFFICE, "3"),
    ("d.decider", Role::ListDecider, OFFICE, "4"),
    ("a.decider", Role::ListDecider, OFFICE, "1"),
    ("e.approver", Role::Approver, OFFICE, "5"),
    ("x.decider", Role::ListDecider, BUREAU, "6"),
    ("o.office", Role::Office, PLATFORM_UNIT, "7"),
];

fn set_unit(desk: &mut Desk<'_>, uscc: &str, sector: &str) {
    let unit = directory::Unit {
        uscc: uscc.to_owned(),
        name: if uscc == OFFICE { "云海市生态环境局" } else { "青禾市示例局" }.to_owned(),
        level: "province".to_owned(),
        sector: sector.to_owned(),
        ..directory::Unit::default()
    };
    directory::set(&mut desk.writer, &unit, &desk.rulebook).unwrap();
}

fn peopled(store: &TestStore) -> Served<'_> {
    peopled_with(store, &ACCOUNTS)
}

/// A register with people: each entered by one administrator and granted by another.
pub fn peopled_with<'s>(store: &'s TestStore, accounts: &[Account]) -> Served<'s> {
    let mut desk = Served::new(store);
    set_unit(&mut desk, OFFICE, "市场监管");
    set_unit(&mut desk, BUREAU, "环保");
    let second = Person::operator("security", Role::SecurityAdmin);
    for (name, role, unit, staff_number) in accounts.iter().copied() {
        let asked = Asked {
            account: name.to_owned(),
            role: role.code().to_owned(),
            holder: "示例".to_owned(),
            staff_number: staff_number.to_owned(),
            unit: unit.to_owned(),
            ends_on: None,
            reason: "到岗".to_owned(),
        };
        let Desk { writer, rulebook, .. } = &mut desk.desk;
        let entered = account::enter(writer, rulebook, &asked, "system").unwrap();
        let said = Answer { approve: true, reason: String::new() };
        let granted = access::answer(&desk.service, &desk.working, &second, &entered.proposal, &said).unwrap();
        let invited = Invited {
            code: granted.second_half.unwrap(),
            first_half: entered.first_half,
            password: "Quiet-Harbour-58-Lanterns".to_owned(),
        };
        account::take_up(&desk.service, &desk.working, &invited).unwrap();
    }
    desk
}

pub fn queue_of(service: &Service, name: &str, which: Which) -> QueueView {
    let person = service.acting_as(name).unwrap();
    service.queue(&person, &which, None, Some(100)).unwrap()
}

/// Steps of the tasks that are a person's on a day.
fn mine(desk: &Desk<'_>, name: &str) -> Vec<&'static str> {
    let found = queue_of(&desk.service(desk.clock.today()), name, Which::default());
    found.items.iter().map(|task| task.step).collect()
}

fn unit_of(desk: &Desk<'_>, name: &str) -> Vec<TaskView> {
    queue_of(&desk.service(desk.clock.today()), name, Which { whose: Whose::Unit, ..Which::default() }).items
}

fn assign(desk: &Served<'_>, by: &str, number: &str, to: Option<&str>, reason: &str) -> Result<TaskView, AppError> {
    let asked = Assigning {
        kind: Kind::Listing,
        number: number.to_owned(),
        step: None,
        account: to.map(str::to_owned),
        reason: reason.to_owned(),
    };
    assign_as(&desk.service, &desk.working, &desk.service.acting_as(by)?, &asked)
}

pub fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> &'static str {
    done.unwrap_err().code()
}

fn step(desk: &mut Desk<'_>, by: &str, number: &str, doing: &Doing) {
    let clerk = Clerk { name: by.to_owned(), view: View::office(desk.clock.today()) };
    listing::step(&mut desk.writer, &desk.rulebook, &clerk, number, doing).unwrap();
}

fn serve(on: Date) -> Doing {
    let delivery = Delivery { mode: "direct".to_owned(), on, proof: "送达回证".to_owned(), consent: String::new() };
    Doing::Serve { letter: None, delivery }
}

fn decide() -> Doing {
    Doing::List {
        findings: Findings {
            nature: "明知故犯".to_owned(),
            circumstances: "持续半年".to_owned(),
            harm: "多人受害".to_owned(),
        },
        measures: vec!["no_commitment_procedure".to_owned()],
        consent: String::new(),
    }
}

/// A case that `a.clerk` proposed.
fn proposed(desk: &mut Desk<'_>) -> String {
    desk.send(vec![changed("一号", &[("CF_CFLB", "责令停产停业"), ("CF_NR", "责令停产停业"), ("CF_NR_FK", "")])]);
    let on = desk.clock.today();
    let records = desk.service(on).organisation(&View::public(on), FIRM).unwrap().records;
    let asked =
        crate::listing::asked(records.into_iter().filter(|one| one.item == "penalty").map(|one| one.id).collect());
    let clerk = Clerk { name: "a.clerk".to_owned(), view: View::office(on) };
    listing::propose(&mut desk.writer, &desk.rulebook, &clerk, &asked).unwrap().head.number
}

fn a_task_is_there_with_the_act_that_asks_for_it_and_gone_with_the_act_that_does_it(store: &TestStore) {
    let mut desk = peopled(store);
    assert!(mine(&desk, "a.clerk").is_empty());
    let number = proposed(&mut desk);
    let tasks = unit_of(&desk, "a.clerk");
    let of_case: Vec<_> = tasks.iter().filter(|task| task.kind == Kind::Listing).collect();
    assert_eq!(of_case.len(), 1);
    let first = of_case[0];
    assert_eq!((first.step, first.light, first.number.as_str()), ("serve_notice", Light::NoClock, number.as_str()));
    assert_eq!((first.uscc.as_str(), first.may_take, &first.assigned_to), (FIRM, true, &None));
    assert_eq!(first.organisation, "云海市海岳机械制造有限公司");
    assert_eq!(mine(&desk, "b.clerk"), ["serve_notice"]);
    // Other units, other roles: not theirs.
    assert!(mine(&desk, "x.decider").is_empty() && unit_of(&desk, "x.decider").is_empty());
    assert!(mine(&desk, "e.approver").is_empty());
    let today = desk.clock.today();
    step(&mut desk, "a.clerk", &number, &serve(today));
    assert!(unit_of(&desk, "a.clerk").is_empty(), "the party has its time to answer");
    desk.clock.move_to(date(2026, 5, 12));
    assert!(unit_of(&desk, "c.decider").is_empty(), "its last day is the 12th");
    desk.clock.move_to(date(2026, 5, 13));
    assert_eq!((mine(&desk, "c.decider"), mine(&desk, "d.decider")), (vec!["decide"], vec!["decide"]));
    assert!(mine(&desk, "a.clerk").is_empty(), "a clerk does not decide");
    assert!(mine(&desk, "a.decider").is_empty(), "who proposed does not decide with his other account");
    let seen = unit_of(&desk, "a.clerk");
    assert_eq!((seen.len(), seen[0].step, seen[0].may_take), (1, "decide", false));
    step(&mut desk, "c.decider", &number, &decide());
    for name in ["b.clerk", "c.decider"] {
        let found = mine(&desk, name);
        assert_eq!(found, ["acknowledge", "serve_decision"], "{name}: what has a day stands first");
    }
    desk.verify();
}

fn an_assignment_gives_no_right_and_falls_with_its_step(store: &TestStore) {
    let mut desk = peopled(store);
    let number = proposed(&mut desk);
    let today = desk.clock.today();
    assert_eq!(code(assign(&desk, "a.clerk", &number, Some("b.clerk"), " ")), "reason_missing");
    assert_eq!(code(assign(&desk, "a.clerk", "L0", Some("b.clerk"), "轮值")), "not_found");
    let given = assign(&desk, "a.clerk", &number, Some("b.clerk"), "轮值").unwrap();
    assert_eq!((given.step, given.assigned_to.as_deref()), ("serve_notice", Some("b.clerk")));
    assert!(mine(&desk, "a.clerk").is_empty(), "it is another's now");
    assert_eq!(mine(&desk, "b.clerk"), ["serve_notice"]);
    assert!(unit_of(&desk, "a.clerk")[0].may_take, "his right is what it was");
    assign(&desk, "b.clerk", &number, None, "退回").unwrap();
    assert_eq!(mine(&desk, "a.clerk"), ["serve_notice"]);
    assign(&desk, "a.clerk", &number, Some("b.clerk"), "轮值").unwrap();
    step(&mut desk, "b.clerk", &number, &serve(today));
    desk.clock.move_to(date(2026, 5, 13));
    assert_eq!(unit_of(&desk, "a.clerk")[0].assigned_to, None, "it was for a step that is over");
    // Nobody who may not decide gets the decision, and nobody who proposed, with whatever account.
    for (to, refused) in [
        ("b.clerk", "assignee_invalid"),
        ("e.approver", "assignee_invalid"),
        ("x.decider", "assignee_invalid"),
        ("nobody", "assignee_invalid"),
        ("a.clerk", "four_eyes"),
        ("a.decider", "four_eyes"),
    ] {
        assert_eq!(code(assign(&desk, "b.clerk", &number, Some(to), "轮值")), refused, "{to}");
    }
    assert_eq!(code(assign(&desk, "x.decider", &number, Some("x.decider"), "轮值")), "not_found", "another unit's");
    assign(&desk, "b.clerk", &number, Some("d.decider"), "轮值").unwrap();
    assert_eq!((mine(&desk, "c.decider").len(), mine(&desk, "d.decider").len()), (0, 1));
    let acts = desk
        .writer
        .connection()
        .rows("select header from act where kind = 'task_assigned'", &[], |row| row.string(0))
        .unwrap();
    assert_eq!(acts.len(), 4);
    assert!(acts.iter().all(|header| header.contains(&number)));
    desk.verify();
}

fn whoever_stands_in_has_the_tasks_of_whoever_is_away_on_those_days_alone(store: &TestStore) {
    let mut desk = peopled(store);
    let number = proposed(&mut desk);
    let today = desk.clock.today();
    step(&mut desk, "a.clerk", &number, &serve(today));
    desk.clock.move_to(date(2026, 5, 13));
    assign(&desk, "b.clerk", &number, Some("c.decider"), "轮值").unwrap();
    let deputy = Deputy { name: "d.decider".to_owned(), from_on: date(2026, 5, 14), through_on: date(2026, 5, 15) };
    let change = Change { by: "system", reason: "休假" };
    let Desk { writer, rulebook, .. } = &mut desk.desk;
    account::set_deputy(writer, rulebook, "c.decider", Some(&deputy), change).unwrap();
    assert!(mine(&desk, "d.decider").is_empty(), "not yet");
    let service = |day| desk.service(day);
    for (day, stands_in) in [(13, false), (14, true), (15, true), (16, false)] {
        let found = queue_of(&service(date(2026, 5, day)), "d.decider", Which::default()).items;
        assert_eq!(!found.is_empty(), stands_in, "{day}");
        assert!(found.iter().all(|task| task.standing_in_for.as_deref() == Some("c.decider")), "{found:?}");
    }
    // Suspended: while somebody stands in it is his, afterwards it is whoever's may do it.
    desk.clock.move_to(date(2026, 5, 14));
    let Desk { writer, rulebook, .. } = &mut desk.desk;
    account::suspend(writer, rulebook, "c.decider", Change { by: "system", reason: "停用" }).unwrap();
    let found = queue_of(&desk.service(date(2026, 5, 15)), "d.decider", Which::default()).items;
    assert_eq!(found[0].standing_in_for.as_deref(), Some("c.decider"));
    let found = queue_of(&desk.service(date(2026, 5, 18)), "d.decider", Which::default()).items;
    assert_eq!((found.len(), &found[0].assigned_to, &found[0].standing_in_for), (1, &None, &None));
    desk.verify();
}

fn a_queue_names_the_days_that_its_rooms_name_and_its_lights_follow_them(store: &TestStore) {
    let mut desk = peopled(store);
    let number = proposed(&mut desk);
    let today = desk.clock.today();
    step(&mut desk, "a.clerk", &number, &serve(today));
    desk.clock.move_to(date(2026, 5, 13));
    step(&mut desk, "c.decider", &number, &decide());
    let view = View::office(desk.clock.today());
    let head = measure::list(desk.writer.connection(), &view, None, FIRST).unwrap().items.remove(0);
    let due = measure::show(desk.writer.connection(), &view, &head.number).unwrap().tasks[0].acknowledge_due_on;
    let due = due.unwrap();
    let light = |day: Date, light: Option<Light>| {
        let which = Which { kind: Some(Kind::Measure), light, ..Which::default() };
        queue_of(&desk.service(day), "b.clerk", which)
    };
    let on = |day: Date| {
        let found = light(day, None).items;
        assert_eq!((found.len(), found[0].due_on), (1, Some(due)));
        (found[0].light, found[0].working_days)
    };
    assert_eq!(on(due), (Light::DueToday, Some(0)));
    assert_eq!(on(due.tomorrow().unwrap()).0, Light::Late);
    assert_eq!(on(due.yesterday().unwrap()).0, Light::DueSoon);
    let late = light(due.tomorrow().unwrap(), Some(Light::InTime));
    assert!(late.items.is_empty(), "a filter of lights");
    let count = |light: Light| late.lights.iter().find(|one| one.light == light).unwrap().count;
    assert_eq!((count(Light::Late), count(Light::InTime)), (1, 0), "counts are of all lights");
    // The calendar of the month shows it on its day and marks days off.
    let service = desk.service(desk.clock.today());
    let person = service.acting_as("b.clerk").unwrap();
    let month = service.queue_month(&person, &Which::default(), Some(&due.strftime("%Y-%m").to_string())).unwrap();
    let days: Vec<_> = month.weeks.iter().flatten().collect();
    assert!(month.weeks.iter().all(|week| week.len() == 7));
    let day = days.iter().find(|day| day.on == due).unwrap();
    assert!(day.tasks.iter().any(|task| task.step == "acknowledge") && day.working == Some(true));
    assert_eq!(month.without_a_day, 1, "the decision has to be served, and no clock runs");
    let may = service.queue_month(&person, &Which::default(), Some("2026-05")).unwrap();
    let of = |on: Date| may.weeks.iter().flatten().find(|day| day.on == on).unwrap().working;
    assert_eq!(
        (of(date(2026, 5, 1)), of(date(2026, 5, 9)), of(date(2026, 5, 10))),
        (Some(false), Some(true), Some(false))
    );
    let beyond = service.queue_month(&person, &Which::default(), Some("2031-01")).unwrap();
    assert!(beyond.weeks.iter().flatten().all(|day| day.working.is_none()), "no calendar is published");
    assert_eq!(code(service.queue_month(&person, &Which::default(), Some("2026-13"))), "bad_parameter");

    // An objection: the office passes it on, the owner checks; each sees the room's own day.
    let record = {
        let day = desk.clock.today();
        let found = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
        found.into_iter().find(|one| one.item == "penalty").unwrap().id
    };
    let asked = json!({ "matter": "objection", "record": record, "ground": "金额有误", "contested": ["content"] });
    let filing: Filing = serde_json::from_value(asked).unwrap();
    let party = Actor {
        clerk: Clerk { name: "代表人".to_owned(), view: View::organisation([FIRM], desk.clock.today()) },
        unit: String::new(),
    };
    let case = objection::file(&mut desk.desk.writer, &desk.desk.rulebook, &party, &filing).unwrap();
    let which = Which { kind: Some(Kind::Objection), whose: Whose::Unit, ..Which::default() };
    let handler = if case.head.handler == OFFICE { "b.clerk" } else { "o.office" };
    let found = queue_of(&desk.service(desk.clock.today()), handler, which).items;
    assert_eq!(
        (found.len(), found[0].number.as_str(), found[0].due_on),
        (1, case.head.number.as_str(), case.head.due_on)
    );
    desk.verify();
}

fn pages_go_through_every_task_once_in_order(store: &TestStore) {
    make_with_listings(store);
    let mut writer = store.address.writer(Clock::fixed(PLAN.today)).unwrap();
    credence_app::demonstration::set_mark(&mut writer, "finished").unwrap();
    drop(writer);
    let service = Service::open(store.address.clone(), Clock::fixed(PLAN.today), None).unwrap();
    let working = Working::open(&service).unwrap();
    let firm = credence_testkit::province::organisations(&PLAN).remove(0).uscc;
    let firm = credence_domain::subject::Uscc::parse(&firm).unwrap();
    let unit_of = |role: Role| credence_testkit::province::unit_of_role(role);
    let accounts = credence_app::demonstration::open_accounts(&service, &working, &unit_of, firm).unwrap();
    // The accounts of a demonstration find work: the clerk and the decider in the cases of their unit, the office at the window.
    let all = Which { whose: Whose::Unit, ..Which::default() };
    for role in [Role::Clerk, Role::ListDecider] {
        let account = accounts.iter().find(|account| account.role == role).unwrap();
        let found = queue_of(&service, &account.account, all);
        assert!(!found.items.is_empty(), "{role} has nothing to do");
        let mine = queue_of(&service, &account.account, Which::default());
        assert!(!mine.items.is_empty(), "nothing is {role}'s to do");
    }
    let clerk = accounts.iter().find(|account| account.role == Role::Clerk).unwrap();
    let person = service.acting_as(&clerk.account).unwrap();
    let whole = service.queue(&person, &all, None, Some(100)).unwrap();
    assert!(whole.next.is_none() && whole.items.len() >= 3, "{}", whole.items.len());
    let (mut cursor, mut paged) = (None, Vec::new());
    loop {
        let page = service.queue(&person, &all, cursor.as_deref(), Some(2)).unwrap();
        paged.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(paged, whole.items);
    assert!(whole.items.is_sorted_by_key(|task| (task.light, task.due_on.unwrap_or(Date::MAX))), "late first");
    assert_eq!(whole.lights.iter().map(|one| one.count).sum::<usize>(), whole.items.len());
    assert_eq!(code(service.queue(&person, &all, Some("00"), None)), "bad_cursor");
    // Each task is of a case that its room shows in a state that asks for it.
    let yesterday = PLAN.today.saturating_sub(1.day());
    for task in &whole.items {
        assert_eq!(task.light == Light::Late, task.due_on.is_some_and(|due| due <= yesterday), "{task:?}");
        assert!(!task.asked.is_empty() && !task.title.is_empty() && !task.organisation.is_empty(), "{task:?}");
    }
}

both_stores!(
    a_task_is_there_with_the_act_that_asks_for_it_and_gone_with_the_act_that_does_it,
    an_assignment_gives_no_right_and_falls_with_its_step,
    whoever_stands_in_has_the_tasks_of_whoever_is_away_on_those_days_alone,
    a_queue_names_the_days_that_its_rooms_name_and_its_lights_follow_them,
    pages_go_through_every_task_once_in_order,
);
