//! Notices: each event once for each account that may see the case, nothing of the case in them, by mail only to an address that
//! its holder has confirmed, and no message twice whatever goes down in between.

use crate::desk::*;
use crate::measures::listed;
use credence_app::account::{self, Person};
use credence_app::desk::Desk as Acts;
use credence_app::listing::{self, Clerk};
use credence_app::notice::{self, MailServer, NoticeView, Post, Postman, Sweeper};
use credence_app::objection::{self, Actor, Filing};
use credence_app::review::Decision;
use credence_app::{AppError, Clock, Service, View, demonstration, secret};
use credence_domain::access::Role;
use credence_domain::listing::Delivery;
use credence_domain::subject::Uscc;
use credence_store::values;
use credence_testkit::both_stores;
use credence_testkit::mailbox::Mailbox;
use credence_testkit::stores::TestStore;
use jiff::civil::{Date, date};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a case says and no notice may.
const CONTENT: [&str; 4] = ["产品质量", "停产停业", "海岳机械", FIRM];

struct World<'s> {
    service: Arc<Service>,
    acts: Arc<Acts>,
    desk: Desk<'s>,
}

impl<'s> World<'s> {
    /// A register with two organisations, of which one has a representative, and one person for every role in the office's unit.
    fn new(store: &'s TestStore) -> Self {
        let clock = Clock::fixed(today());
        let mut writer = store.address.writer(clock.clone()).unwrap();
        credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        demonstration::set_mark(&mut writer, "finished").unwrap();
        drop(writer);
        let service = Arc::new(Service::open(store.address.clone(), clock.clone(), None).unwrap());
        let acts = Arc::new(Acts::open(&service).unwrap());
        let (rulebook, writer) = (service.rulebook().clone(), acts.writer().unwrap());
        let secrecy_review = "审查员（示例）".to_owned();
        let mut desk =
            Desk { store, rulebook, clock, writer, secrecy_review, window_bytes: credence_app::collect::WINDOW_BYTES };
        let names = format!(
            "name,uscc,established\n云海市海岳机械制造有限公司,{FIRM},2020-01-01\n云海第二商贸有限公司,{SECOND},2020-01-01\n"
        );
        desk.send_from(OFFICE, names.as_bytes()).unwrap();
        let unit_of = |_: Role| OFFICE.to_owned();
        demonstration::open_accounts(&service, &acts, &unit_of, Uscc::parse(FIRM).unwrap()).unwrap();
        Self { service, acts, desk }
    }

    fn sweep(&self) -> usize {
        Sweeper::new(Arc::clone(&self.service), Arc::clone(&self.acts)).sweep().unwrap()
    }

    fn person(&self, name: &str) -> Person {
        self.service.holder_of(name).unwrap()
    }

    fn notices(&self, name: &str) -> Vec<NoticeView> {
        self.service.notices(&self.person(name), (None, Some(100))).unwrap().page.items
    }

    /// How many notices of each kind an account has.
    fn kinds(&self, name: &str) -> BTreeMap<&'static str, usize> {
        let mut kinds = BTreeMap::new();
        for notice in self.notices(name) {
            *kinds.entry(notice.kind).or_default() += 1;
        }
        kinds
    }

    fn post(&self, mailbox: &Mailbox) -> Post {
        let server = MailServer {
            address: mailbox.address(),
            from: "notice@platform.example".to_owned(),
            site: "https://credit.example".to_owned(),
            ..MailServer::default()
        };
        Post::new(&server).unwrap()
    }

    fn postman(&self, mailbox: &Mailbox) -> Postman {
        Postman::new(Arc::clone(&self.service), Arc::clone(&self.acts), Arc::new(self.post(mailbox)))
    }

    /// Has an address asked for and confirmed with the code that came.
    fn confirm(&self, mailbox: &Mailbox, name: &str, address: &str) {
        let person = self.person(name);
        let asked = notice::ask_address(&self.service, &self.acts, &self.post(mailbox), &person, address).unwrap();
        assert_eq!(asked.state, "asked");
        let code = mailbox.code(address).unwrap();
        notice::confirm_address(&self.service, &self.acts, &person, &code).unwrap();
    }
}

/// Everything that is due now.
fn bring(postman: &Postman) -> usize {
    (0..200).take_while(|_| postman.turn().unwrap()).count()
}

fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> &'static str {
    done.unwrap_err().code()
}

/// A case whose prior notice is served.
fn notified(world: &mut World<'_>) -> String {
    let desk = &mut world.desk;
    desk.send(vec![changed("一号", &[("CF_CFLB", "责令停产停业"), ("CF_NR", "责令停产停业"), ("CF_NR_FK", "")])]);
    let on = desk.clock.today();
    let clerk = Clerk { name: "甲".to_owned(), view: View::office(on) };
    let records = desk.service(on).organisation(&View::public(on), FIRM).unwrap().records;
    let asked =
        crate::listing::asked(records.into_iter().filter(|one| one.item == "penalty").map(|one| one.id).collect());
    crate::measures::sector(desk, "市场监管");
    let number = listing::propose(&mut desk.writer, &desk.rulebook, &clerk, &asked).unwrap().head.number;
    let delivery = Delivery { mode: "direct".to_owned(), on, proof: "送达回证".to_owned(), consent: String::new() };
    let serve = listing::Doing::Serve { letter: None, delivery };
    listing::step(&mut desk.writer, &desk.rulebook, &clerk, &number, &serve).unwrap();
    number
}

fn what_happened_is_told_once_to_the_representative_alone(store: &TestStore) {
    let mut world = World::new(store);
    let case = listed(&mut world.desk);
    assert!(world.sweep() > 0);
    let told = world.kinds("demo-organisation");
    assert_eq!((told["letter_made"], told["measure_begun"]), (2, 2), "{told:?}");
    let all = world.notices("demo-organisation");
    assert!(all.iter().any(|one| one.matter == "listing" && one.case_number == case));
    for one in &all {
        assert!(one.title.contains(&one.case_number) && one.text.contains("不是送达"), "{one:?}");
        assert!(one.text.contains("海岳机械") && !one.text.contains("产品质量") && one.mail.is_none(), "{one:?}");
        assert_eq!(one.page.rsplit('/').next(), Some(one.case_number.as_str()));
    }
    assert_eq!(world.sweep(), 0, "nothing is told twice");
    // Another process that plans the same makes no second notice either.
    assert_eq!(Sweeper::new(Arc::clone(&world.service), Arc::clone(&world.acts)).sweep().unwrap(), 0);
    world.desk.verify();
    let person = world.person("demo-organisation");
    assert_eq!(world.service.unread_notices(&person).unwrap(), all.len() as u64);
    let (service, acts) = (&world.service, &world.acts);
    let stranger = world.person("demo-auditor");
    assert_eq!(code(notice::mark_read(service, acts, &stranger, Some(&all[0].number))), "not_found");
    notice::mark_read(service, acts, &person, Some(&all[0].number)).unwrap();
    assert_eq!(service.unread_notices(&person).unwrap(), all.len() as u64 - 1);
    notice::mark_read(service, acts, &person, None).unwrap();
    assert_eq!(service.unread_notices(&person).unwrap(), 0);
    // One by one from place to place it is the same list.
    let (mut cursor, mut paged) = (None, Vec::new());
    loop {
        let page = service.notices(&person, (cursor.as_deref(), Some(1))).unwrap().page;
        paged.extend(page.items.into_iter().map(|one| one.number));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(paged, all.iter().map(|one| one.number.clone()).collect::<Vec<_>>());
    // Whoever speaks for it no more is shown nothing and told nothing.
    let (writer, rulebook) = (&mut world.desk.writer, &world.desk.rulebook);
    account::unbind(writer, rulebook, "demo-organisation", FIRM, "demo-office", "委托终止").unwrap();
    assert!(world.notices("demo-organisation").is_empty());
    world.desk.verify();
}

fn a_last_day_is_told_when_it_is_near_and_when_it_is_over(store: &TestStore) {
    let mut world = World::new(store);
    notified(&mut world);
    world.sweep();
    assert_eq!(world.kinds("demo-organisation").get("deadline_near"), None, "five working days are left");
    // The Saturday before is worked for a holiday: the fifth working day is a Tuesday.
    for (day, near, over) in
        [(date(2026, 5, 8), 0, 0), (date(2026, 5, 9), 1, 0), (date(2026, 5, 12), 1, 0), (date(2026, 5, 13), 1, 1)]
    {
        world.desk.clock.move_to(day);
        world.sweep();
        let kinds = world.kinds("demo-organisation");
        let count = |kind| kinds.get(kind).copied().unwrap_or_default();
        assert_eq!((count("deadline_near"), count("deadline_passed")), (near, over), "{day}: {kinds:?}");
    }
    let told = world.notices("demo-organisation");
    assert!(told.iter().any(|one| one.due_on == Some(date(2026, 5, 12)) && one.title.contains("2026年5月12日")));
    // What is over for long is told to nobody who comes later.
    world.desk.verify();
    world.desk.clock.move_to(date(2026, 7, 1));
    assert_eq!(world.sweep(), 0);
}

fn staff_hear_of_what_is_due_in_their_unit_and_nobody_else(store: &TestStore) {
    let mut world = World::new(store);
    let desk = &mut world.desk;
    desk.send(vec![penalty(FIRM, "一号")]);
    let on = desk.clock.today();
    let records = desk.service(on).organisation(&View::public(on), FIRM).unwrap().records;
    let record = records.into_iter().find(|one| one.item == "penalty").unwrap().id;
    let filed = json!({ "matter": "objection", "record": record, "ground": "罚款金额有误", "contested": ["content"] });
    let filed: Filing = serde_json::from_value(filed).unwrap();
    let party = Actor {
        clerk: Clerk { name: "代表人".to_owned(), view: View::organisation([FIRM], on) },
        unit: String::new(),
    };
    let case = objection::file(&mut desk.writer, &desk.rulebook, &party, &filed).unwrap();
    let due = case.head.due_on.unwrap();
    world.sweep();
    assert!(world.notices("demo-clerk").is_empty(), "{due} is not near");
    world.desk.clock.move_to(due);
    world.sweep();
    world.desk.clock.move_to(due.tomorrow().unwrap());
    world.sweep();
    assert_eq!(world.kinds("demo-clerk"), BTreeMap::from([("case_late", 1), ("case_near", 1)]));
    for role in ["demo-organisation", "demo-auditor", "demo-system-admin", "demo-list-decider"] {
        assert!(!world.kinds(role).keys().any(|kind| kind.starts_with("case")), "{role}");
    }
    assert_eq!(world.sweep(), 0);
    world.desk.verify();
}

fn mail_goes_to_a_confirmed_address_alone_and_tells_nothing_of_the_case(store: &TestStore) {
    let mut world = World::new(store);
    let folder = store.folder.join("mail");
    let mailbox = Mailbox::begin(&folder).unwrap();
    let (person, post) = (world.person("demo-organisation"), world.post(&mailbox));
    let ask = |address: &str| notice::ask_address(&world.service, &world.acts, &post, &person, address);
    assert_eq!(code(ask("no address")), "mail_address");
    mailbox.refuse("nobody@mail.example").unwrap();
    assert_eq!(code(ask("nobody@mail.example")), "mail_not_sent");
    assert_eq!(world.service.mail_address(&person).unwrap().state, "none");
    assert_eq!(ask("rep@mail.example").unwrap().address, "r***@mail.example");
    let confirm = |code: &str| notice::confirm_address(&world.service, &world.acts, &person, code);
    assert_eq!(code(confirm("AAAAA-AAAAA-AAAAA-AAAAA")), "mail_code_wrong");
    // Nothing but the code goes there before it is confirmed.
    let case = listed(&mut world.desk);
    world.sweep();
    assert_eq!(bring(&world.postman(&mailbox)), 0);
    let confirm = |code: &str| notice::confirm_address(&world.service, &world.acts, &person, code);
    let brought = mailbox.code("rep@mail.example").unwrap();
    for _ in 0..4 {
        assert_eq!(code(confirm("AAAAA-AAAAA-AAAAA-AAAAA")), "mail_code_wrong");
    }
    assert_eq!(code(confirm(&brought)), "mail_code_wrong", "five wrong codes, and it is good no more");
    world.confirm(&mailbox, "demo-organisation", "rep@mail.example");
    // What was told before stays in the account; from now on it goes by mail as well.
    world.desk.clock.move_to(date(2026, 5, 14));
    let end = listing::Doing::FileRemedy {
        filed: credence_domain::listing::Filed {
            kind: credence_domain::listing::RemedyKind::Reconsideration,
            number: "复1号".to_owned(),
            body: "市政府".to_owned(),
            on: date(2026, 5, 14),
        },
    };
    let decider = Clerk { name: "乙".to_owned(), view: View::office(date(2026, 5, 14)) };
    let desk = &mut world.desk;
    let filer = Clerk { name: "丙".to_owned(), ..decider.clone() };
    listing::step(&mut desk.writer, &desk.rulebook, &filer, &case, &end).unwrap();
    let outcome = credence_domain::listing::Outcome::Revoked;
    let revoke = listing::Doing::DecideRemedy { number: "复1号".to_owned(), on: date(2026, 5, 14), outcome };
    listing::step_citing(&mut desk.writer, &desk.rulebook, &decider, &case, &with_paper(&revoke)).unwrap();
    let made = world.sweep();
    assert!(made >= 3, "a letter and two measures that ended: {made}");
    bring(&world.postman(&mailbox));
    let came = mailbox.of("rep@mail.example").unwrap();
    let notices: Vec<&Value> = came.iter().filter(|one| !one["text"].as_str().unwrap().contains("确认码")).collect();
    assert_eq!(notices.len(), 3, "{notices:?}");
    for one in &notices {
        let (subject, text, raw) = (told(one, "subject"), told(one, "text"), told(one, "raw"));
        assert!(subject.starts_with("信用监管平台：案号"), "{subject}");
        assert!(text.contains("https://credit.example/account/notices") && text.contains("不是送达"), "{text}");
        for word in CONTENT.iter().chain(&["名单", "措施", "移出", "列入"]) {
            assert!(!format!("{subject}{text}{raw}").contains(word), "{word} in {subject} {text}");
        }
        assert!(raw.lines().all(|line| line.len() <= 998 && line.is_ascii()), "{raw}");
    }
    let ids: BTreeSet<String> = notices.iter().map(|one| told(one, "id")).collect();
    assert_eq!(ids.len(), 3, "each message has an id of its own");
    assert!(ids.iter().all(|id| id.ends_with("@platform.example>")));
    assert_eq!(world.notices("demo-organisation").iter().filter(|one| one.mail.as_deref() == Some("sent")).count(), 3);
    world.desk.verify();
    // The address lies sealed, and goes when it is taken off.
    let kept = world.desk.writer.connection();
    let sealed = |row: &credence_store::connection::Row<'_>| Ok(row.opt_text(0)?.map(str::to_owned));
    let lies = kept.first("select sealed from account_mail", values![], sealed).unwrap().flatten().unwrap();
    assert!(lies.contains("enc:1:") && !lies.contains("rep@"), "{lies}");
    notice::drop_address(&world.service, &world.acts, &person).unwrap();
    let lies = world.desk.writer.connection().first("select sealed from account_mail", values![], sealed).unwrap();
    assert_eq!(lies.flatten(), None);
    assert_eq!(world.service.mail_address(&person).unwrap().state, "none");
}

fn told(message: &Value, member: &str) -> String {
    message[member].as_str().unwrap().to_owned()
}

fn each_message_arrives_once_whatever_goes_down_and_a_refused_one_is_a_dead_letter(store: &TestStore) {
    let mut world = World::new(store);
    let mut mailbox = Mailbox::begin(&store.folder.join("mail")).unwrap();
    for (name, address) in [
        ("demo-organisation", "rep@mail.example"),
        ("demo-clerk", "clerk@mail.example"),
        ("demo-approver", "gone@mail.example"),
    ] {
        world.confirm(&mailbox, name, address);
    }
    let codes = mailbox.of("rep@mail.example").unwrap().len();
    notified(&mut world);
    let desk = &mut world.desk;
    let on = desk.clock.today();
    let records = desk.service(on).organisation(&View::public(on), FIRM).unwrap().records;
    let record = records.into_iter().find(|one| one.item == "penalty").unwrap().id;
    let filed = json!({ "matter": "objection", "record": record, "ground": "罚款金额有误", "contested": ["content"] });
    let filed: Filing = serde_json::from_value(filed).unwrap();
    let view = View::organisation([FIRM], on);
    let party = Actor { clerk: Clerk { name: "代表人".to_owned(), view }, unit: String::new() };
    objection::file(&mut desk.writer, &desk.rulebook, &party, &filed).unwrap();
    world.desk.clock.move_to(date(2026, 5, 11));
    world.sweep();
    mailbox.refuse("gone@mail.example").unwrap();
    mailbox.put_off("clerk@mail.example").unwrap();
    mailbox.stop();
    // Nobody answers: everything waits, nothing is lost.
    let postman = world.postman(&mailbox);
    let tried = bring(&postman);
    assert!(tried >= 3 && world.service.status().unwrap().mail.failing == tried as u64, "{tried}");
    assert_eq!(bring(&postman), 0, "a failure is not tried again at once");
    mailbox.resume().unwrap();
    world.desk.clock.move_to(date(2026, 5, 12));
    // Another process takes over; the one that took a message and died leaves it to whoever comes after its lease.
    let postman = world.postman(&mailbox);
    bring(&postman);
    mailbox.put_off("").unwrap();
    world.desk.clock.move_to(date(2026, 5, 13));
    bring(&postman);
    world.desk.clock.move_to(date(2026, 5, 14));
    bring(&world.postman(&mailbox));
    let sent_to = |name: &str| world.notices(name).iter().filter(|one| one.mail.as_deref() == Some("sent")).count();
    for (name, address, codes) in
        [("demo-organisation", "rep@mail.example", codes), ("demo-clerk", "clerk@mail.example", 1)]
    {
        let came = mailbox.of(address).unwrap();
        let ids: BTreeSet<String> = came.iter().map(|one| told(one, "id")).collect();
        assert_eq!(ids.len(), came.len(), "{address}: nothing came twice");
        assert!(sent_to(name) > 0 && came.len() - codes == sent_to(name), "{address}");
    }
    let refused = world.notices("demo-approver");
    assert!(!refused.is_empty() && refused.iter().all(|one| one.mail.as_deref() == Some("dead")), "{refused:?}");
    assert_eq!(mailbox.of("gone@mail.example").unwrap().len(), 1, "its code alone");
    let mail = world.service.status().unwrap().mail;
    assert_eq!((mail.waiting, mail.dead), (0, refused.len() as u64));
    world.desk.verify();
}

fn a_code_is_asked_for_a_few_times_a_day_and_an_address_goes_with_its_account(store: &TestStore) {
    let mut world = World::new(store);
    let mailbox = Mailbox::begin(&store.folder.join("mail")).unwrap();
    let (person, post) = (world.person("demo-inspector"), world.post(&mailbox));
    for turn in 0..5 {
        let address = format!("a{turn}@mail.example");
        notice::ask_address(&world.service, &world.acts, &post, &person, &address).unwrap();
        notice::drop_address(&world.service, &world.acts, &person).unwrap();
    }
    let often = notice::ask_address(&world.service, &world.acts, &post, &person, "a6@mail.example");
    assert_eq!(code(often), "mail_code_often");
    world.desk.clock.move_to(Date::new(2026, 5, 7).unwrap());
    world.confirm(&mailbox, "demo-inspector", "a7@mail.example");
    // A rotation of the keys seals it anew.
    let key = |world: &mut World<'_>| {
        let read = |row: &credence_store::connection::Row<'_>| row.array::<8>(0);
        world
            .desk
            .writer
            .connection()
            .first("select key from account_mail where key is not null", values![], read)
            .unwrap()
    };
    let before = key(&mut world);
    let decision = Decision { actor: "甲", reason: "到期更换", secrecy_review: "" };
    secret::rotate(&mut world.desk.writer, &world.desk.rulebook, decision, &mut |_| Ok(())).unwrap();
    assert!(key(&mut world) != before && before.is_some());
    assert_eq!(world.service.mail_address(&person).unwrap().address, "a***@mail.example");
    let change = account::Change { by: "demo-system-admin", reason: "离职" };
    let mut writer = world.acts.writer().unwrap();
    account::end(&mut writer, &world.desk.rulebook, "demo-inspector", None, change).unwrap();
    let left = writer.connection().first(
        "select count(*) from account_mail where sealed is not null or key is not null",
        values![],
        |row| row.int(0),
    );
    assert_eq!(left.unwrap(), Some(0));
    world.desk.verify();
}

both_stores!(
    what_happened_is_told_once_to_the_representative_alone,
    a_last_day_is_told_when_it_is_near_and_when_it_is_over,
    staff_hear_of_what_is_due_in_their_unit_and_nobody_else,
    mail_goes_to_a_confirmed_address_alone_and_tells_nothing_of_the_case,
    each_message_arrives_once_whatever_goes_down_and_a_refused_one_is_a_dead_letter,
    a_code_is_asked_for_a_few_times_a_day_and_an_address_goes_with_its_account,
);
