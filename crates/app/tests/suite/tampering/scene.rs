//! What a register holds before somebody tampers with it: a province with something of every kind.

use crate::factors;
use credence_app::access::Reason;
use credence_app::collect::{self, Request};
use credence_app::desk::Desk;
use credence_app::listing::{self, Clerk, Doing, Proposing};
use credence_app::log::Reach;
use credence_app::notice::Sweeper;
use credence_app::objection::{self, Actor, Filing};
use credence_app::query::SearchRequest;
use credence_app::review::Decision;
use credence_app::{
    Clock, Service, View, Writer, account, demonstration, directory, erasure, key, officer, paper, repair, webhook,
};
use credence_domain::access::Role;
use credence_domain::canonical::hex;
use credence_domain::listing::{Delivery, Findings};
use credence_domain::officer::{Because, Role as OfficerRole};
use credence_domain::repair::{Fault, Paper};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::audit;
use credence_testkit::province::{self, Plan};
use credence_testkit::receiver::Receiver;
use credence_testkit::stores::TestStore;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;
use std::sync::Arc;

/// A synthetic province in a register of its own.
pub fn province(store: &TestStore, organisations: usize) {
    let plan = Plan { organisations, seed: 11, today: Date::new(2026, 7, 1).unwrap() };
    let clock = Clock::fixed(province::receipt_days(&plan)[0]);
    let mut writer = store.address.writer(clock.clone()).unwrap();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    for (code, area) in province::areas() {
        credence_app::directory::set_area(&mut writer, code, &area, None, &rulebook).unwrap();
    }
    for unit in province::units() {
        credence_app::directory::set(&mut writer, &unit, &rulebook).unwrap();
    }
    for file in province::files(&plan, &rulebook) {
        clock.move_to(file.received_on);
        let path = store.folder.join(&file.name);
        std::fs::write(&path, &file.bytes).unwrap();
        let request = Request {
            path,
            source: Uscc::parse(&file.source_uscc).unwrap(),
            item: None,
            rejects: None,
            dry_run: false,
            secrecy_review: "审查员（示例）".to_owned(),
            channel: "demo",
            instruction: None,
            window_bytes: credence_app::collect::WINDOW_BYTES,
        };
        collect::import(&mut writer, &rulebook, &request, &mut |_| {}).unwrap();
    }
    credence_app::demonstration::set_mark(&mut writer, "finished").unwrap();
    drop(writer);
    systems_get_keys(store, clock.clone());
    somebody_looks(store, clock.clone());
    somebody_subscribes(store, clock.clone());
    something_is_erased(store, clock.clone());
    somebody_is_listed(store, clock.clone());
    somebody_objects(store, clock.clone());
    somebody_is_repaired(store, clock.clone());
    somebody_is_shielded(store, clock.clone());
    somebody_is_told(store, clock.clone());
    store.address.writer(clock).unwrap().checkpoint(true).unwrap();
}

/// Two systems get keys, one for a while and for one item; the other is taken back.
fn systems_get_keys(store: &TestStore, clock: Clock) {
    let mut writer = store.address.writer(clock.clone()).unwrap();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    let unit = Uscc::parse(&province::unit_of_role(Role::Office)).unwrap();
    let narrow = key::Wanted {
        items: vec!["penalty".to_owned()],
        actions: vec!["send_batch".to_owned()],
        ..key::Wanted::whole(unit, Some(clock.today()))
    };
    key::issue(&mut writer, &rulebook, &narrow, ("信用中心甲", Some("信用中心乙"), "对接")).unwrap();
    let whole = key::Wanted::whole(unit, None);
    let issued = key::issue(&mut writer, &rulebook, &whole, ("信用中心甲", None, "")).unwrap();
    key::revoke(&mut writer, &rulebook, &issued.view.number, "信用中心甲", "系统下线").unwrap();
}

/// People get accounts, and one of them reads a file.
fn somebody_looks(store: &TestStore, clock: Clock) {
    let service = Service::open(store.address.clone(), clock.clone(), None).unwrap();
    let desk = Desk::open(&service).unwrap();
    let page = service.search(&service.public_view(), &SearchRequest::default()).unwrap();
    let uscc = page.items[0].uscc.clone();
    let of_role = |role| province::unit_of_role(role);
    let accounts = demonstration::open_accounts(&service, &desk, &of_role, Uscc::parse(&uscc).unwrap()).unwrap();
    let auditor = accounts.iter().find(|account| account.role == Role::Auditor).unwrap();
    let person = service.acting(&auditor.account, Role::Auditor).unwrap();
    let reason = Reason { purpose: "audit".to_owned(), case_number: String::new() };
    service.read_file(&desk, &person, &uscc, &reason).unwrap();
    service.read_file(&desk, &person, &uscc, &reason).unwrap();
    for role in [Role::Auditor, Role::Clerk] {
        let account = accounts.iter().find(|account| account.role == role).unwrap();
        factors::set_up(&service, &desk, &account.account, &clock).unwrap();
    }
}

/// The representative speaks for the listed organisation as well, and hears of its letters.
fn somebody_is_told(store: &TestStore, clock: Clock) {
    let service = Arc::new(Service::open(store.address.clone(), clock.clone(), None).unwrap());
    let desk = Arc::new(Desk::open(&service).unwrap());
    let mut writer = desk.writer().unwrap();
    let listed = credence_store::listing::all(writer.connection()).unwrap().into_iter().find(|case| case.is_listed());
    let (uscc, name) = (Uscc::parse(&listed.unwrap().uscc).unwrap(), "demo-organisation");
    let code = account::invite(&mut writer, service.rulebook(), name, "", uscc, "demo-office").unwrap().code;
    drop(writer);
    let account = service.holder_of(name).unwrap().account;
    account::bind(&service, &desk, &account, &code).unwrap();
    assert!(Sweeper::new(service, desk).sweep().unwrap() > 0);
}

/// The office has changes brought to a receiver, and pauses it.
fn somebody_subscribes(store: &TestStore, clock: Clock) {
    let service = Service::open(store.address.clone(), clock, None).unwrap();
    let desk = Desk::open(&service).unwrap();
    let messenger = webhook::Messenger::new(Reach::Anywhere).unwrap();
    let unit = province::unit_of_role(Role::Office);
    let holder = webhook::Holder { unit, by: "信用中心甲".to_owned(), oversees: false };
    let asked = webhook::Asked { url: Receiver::new().url(), ..webhook::Asked::default() };
    for _ in 0..2 {
        webhook::add(&service, &desk, &messenger, &holder, &asked).unwrap();
    }
    let id = service.webhooks(None).unwrap()[0].id.clone();
    webhook::pause(&service, &desk, &holder, &id, "核查").unwrap();
}

/// Two persons erase the last penalty.
fn something_is_erased(store: &TestStore, clock: Clock) {
    let mut writer = store.address.writer(clock).unwrap();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    let mut last = None;
    audit::each_record(writer.connection(), |stored, _| {
        last = if stored.item == "penalty" { Some(stored.reference) } else { last };
        Ok(())
    })
    .unwrap();
    let record = hex(&last.unwrap());
    let request = erasure::Request { record: &record, clause: "court_order", uscc: None };
    let decision = Decision { actor: "信用中心甲", reason: "生效裁判要求删除", secrecy_review: "" };
    erasure::erase(&mut writer, &rulebook, request, decision, "信用中心乙", None).unwrap();
}

/// Two are proposed for a list by what suspended their business; one of them is listed.
fn somebody_is_listed(store: &TestStore, clock: Clock) {
    let mut writer = store.address.writer(clock.clone()).unwrap();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    let today = clock.today();
    let mut found = Vec::new();
    audit::each_record(writer.connection(), |stored, _| {
        let stands = stored.state == "accepted" && stored.through_on.is_none_or(|last| last > 20_700);
        let of = (stored.uscc.clone(), stored.authority.clone(), hex(&stored.reference));
        found.extend((stored.item == "penalty" && stands).then_some(of));
        Ok(())
    })
    .unwrap();
    let clerk = |name: &str| Clerk { name: name.to_owned(), view: View::office(today) };
    let mut opened = Vec::new();
    for (uscc, unit, record) in found {
        // Whoever made the penalty decides on the list: here it deals with work safety.
        let organ = directory::find(&mut writer, Uscc::parse(&unit).unwrap()).unwrap().unwrap();
        directory::set(&mut writer, &directory::Unit { sector: "安全生产".to_owned(), ..organ }, &rulebook).unwrap();
        let asked = Proposing {
            list: "work_safety".to_owned(),
            criterion: 1,
            uscc,
            unit,
            facts: "性质恶劣、情节严重（示例）".to_owned(),
            records: vec![record],
            ordered: String::new(),
            papers: Vec::new(),
        };
        opened.extend(listing::propose(&mut writer, &rulebook, &clerk("甲"), &asked).ok());
        if opened.len() == 2 {
            break;
        }
    }
    let number = opened.last().unwrap().head.number.clone();
    let mut step = |name: &str, doing: &Doing| {
        let taken = crate::desk::with_paper(doing);
        listing::step_citing(&mut writer, &rulebook, &clerk(name), &number, &taken).unwrap();
    };
    let proof = "送达回证（示例）".to_owned();
    let delivery = Delivery { mode: "direct".to_owned(), on: today, proof: proof.clone(), consent: String::new() };
    step("甲", &Doing::Serve { letter: None, delivery });
    step("丙", &Doing::Waive { on: today, proof });
    let [nature, circumstances, harm] = ["性质（示例）", "情节（示例）", "危害（示例）"].map(str::to_owned);
    let findings = Findings { nature, circumstances, harm };
    let measures = vec!["work_safety_joint_restrictions".to_owned()];
    step("乙", &Doing::List { findings, measures, consent: "上级同意（示例）".to_owned() });
    let (uscc, unit) = opened.last().map(|case| (case.head.uscc.clone(), case.head.unit.clone())).unwrap();
    somebody_answers(&mut writer, &rulebook, (&number, &uscc, &unit), today);
}

/// Its principal answers for it, and those above him are to be informed.
fn somebody_answers(writer: &mut Writer, rulebook: &Rulebook, (listing, uscc, unit): (&str, &str, &str), today: Date) {
    let clerk = |name: &str| Clerk { name: name.to_owned(), view: View::office(today) };
    let day = |year, month| Date::new(year, month, 1).unwrap();
    let (uscc, unit, listing) = (uscc.to_owned(), unit.to_owned(), listing.to_owned());
    let term = officer::Entering {
        uscc,
        unit: unit.clone(),
        role: OfficerRole::Principal,
        name: "示甲一".to_owned(),
        identity_number: String::new(),
        from_on: day(2010, 1),
        through_on: None,
        evidence: "任免文件（示例）".to_owned(),
    };
    let term = officer::enter(writer, rulebook, &clerk("甲"), &term).unwrap().head.number;
    let asked = officer::Proposing {
        listing: listing.clone(),
        term,
        unit: unit.clone(),
        conduct_from_on: day(2015, 1),
        conduct_through_on: day(2015, 2),
        facts: "拒不整改（示例）".to_owned(),
        ground: "safety_principal_bar".to_owned(),
    };
    let number = officer::propose(writer, rulebook, &clerk("甲"), &asked).unwrap().head.number;
    let proof = "送达回证（示例）".to_owned();
    let delivery = Delivery { mode: "direct".to_owned(), on: today, proof: proof.clone(), consent: String::new() };
    for (name, doing) in [
        ("甲", officer::Doing::Serve { letter: None, delivery }),
        ("丙", officer::Doing::Waive { on: today, proof, paper: Some(crate::desk::noted("声明.pdf")) }),
        ("乙", officer::Doing::Decide { reason: "其未履行职责（示例）".to_owned() }),
    ] {
        officer::step(writer, rulebook, &clerk(name), &number, &doing).unwrap();
    }
    let asked = officer::Informing { listing, unit, because: Because::Official };
    officer::inform(writer, rulebook, &clerk("甲"), &asked).unwrap();
}

/// One penalty is repaired; another repair is taken back for false papers.
fn somebody_is_repaired(store: &TestStore, clock: Clock) {
    let mut writer = store.address.writer(clock.clone()).unwrap();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    let today = clock.today();
    let mut found = Vec::new();
    audit::each_record(writer.connection(), |stored, _| {
        let stands = stored.item == "penalty" && stored.state == "accepted";
        found.extend(stands.then(|| (stored.authority.clone(), stored.uscc.clone(), hex(&stored.reference))));
        Ok(())
    })
    .unwrap();
    let clerk = |name: &str| Clerk { name: name.to_owned(), view: View::office(today) };
    let mut done = 0;
    for (unit, uscc, record) in found {
        let content = credence_testkit::paper::pdf("凭证（示例）");
        let declared = "application/pdf".to_owned();
        let file = paper::File { content: content.into(), declared, name: "凭证.pdf".to_owned() };
        let handing = paper::Handing { by: "甲", unit: &unit };
        let digest = paper::hand_in(&mut writer, &rulebook, handing, &uscc, &file).unwrap().paper.digest;
        let asked = repair::Applying {
            record,
            channel: "paper".to_owned(),
            reference: "窗口（示例）".to_owned(),
            window_on: None,
            arrived_on: None,
            rectified: "已整改（示例）".to_owned(),
            papers: vec![Paper {
                kind: "proof".to_owned(), number: "凭证（示例）".to_owned(), digest, file: true
            }],
            clauses: ["performed", "truth", "lawful", "supervision", "punishment"].map(str::to_owned).to_vec(),
            signed_on: Some(today),
            plan: None,
            completed: None,
        };
        let Ok(case) = repair::apply(&mut writer, &rulebook, (&clerk("甲"), &unit), &asked) else { continue };
        let mut step = |name: &str, doing: &repair::Doing| {
            repair::step(&mut writer, &rulebook, (&clerk(name), &unit), &case.head.number, doing).unwrap();
        };
        if case.head.state == "applied" {
            step("己", &repair::Doing::Push { opinion: "材料齐全（示例）".to_owned() });
        }
        step("乙", &repair::Doing::Accept {});
        let conditions = crate::repairs::every_condition();
        step("丙", &repair::Doing::Grant { findings: "属实（示例）".to_owned(), conditions });
        done += 1;
        if done == 2 {
            let facts = "凭证系伪造（示例）".to_owned();
            step("戊", &repair::Doing::ProposeRevocation { fault: Fault::FalsePapers, facts });
            let delivery = Delivery {
                mode: "direct".to_owned(),
                on: today,
                proof: "回证（示例）".to_owned(),
                consent: String::new(),
            };
            step("戊", &repair::Doing::Serve { letter: None, delivery: delivery.clone() });
            step("戊", &repair::Doing::ServeRevocation { delivery });
            clock.move_to(today.saturating_add(15.days()));
            step("丁", &repair::Doing::Revoke { reason: "属实（示例）".to_owned() });
            return;
        }
    }
    panic!("the province has no two penalties that may be repaired");
}

/// One penalty is shielded while a plan of reorganisation is carried out.
fn somebody_is_shielded(store: &TestStore, clock: Clock) {
    let mut writer = store.address.writer(clock.clone()).unwrap();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    let today = clock.today();
    let mut found = Vec::new();
    audit::each_record(writer.connection(), |stored, _| {
        let stands = stored.item == "penalty" && stored.state == "accepted";
        found.extend(stands.then(|| (stored.authority.clone(), hex(&stored.reference))));
        Ok(())
    })
    .unwrap();
    let clerk = |name: &str| Clerk { name: name.to_owned(), view: View::office(today) };
    for (unit, record) in found.into_iter().rev() {
        let asked = json!({
            "record": record, "channel": "paper", "reference": "管理人（示例）",
            "plan": { "kind": "reorganisation", "applicant": "administrator",
                      "approved": { "court": "示例市中级人民法院", "number": "（2026）示01破1号", "made_on": today } },
        });
        let asked: repair::Applying = serde_json::from_value(asked).unwrap();
        let Ok(case) = repair::apply(&mut writer, &rulebook, (&clerk("甲"), &unit), &asked) else { continue };
        let findings = "裁定属实，该记录影响重整融资（示例）".to_owned();
        let shield = repair::Doing::Shield { findings, kept: Vec::new() };
        repair::step(&mut writer, &rulebook, (&clerk("丙"), &unit), &case.head.number, &shield).unwrap();
        return;
    }
    panic!("the province has no penalty that may be shielded");
}

/// One objection is open, one was upheld and corrected, one reply is printed.
fn somebody_objects(store: &TestStore, clock: Clock) {
    let mut writer = store.address.writer(clock.clone()).unwrap();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    let today = clock.today();
    let mut found = Vec::new();
    audit::each_record(writer.connection(), |stored, _| {
        let stands = stored.state == "accepted" && stored.through_on.is_none_or(|last| last > 20_700);
        let of = (stored.source.clone(), hex(&stored.reference));
        found.extend((stored.item == "penalty" && stands).then_some(of));
        Ok(())
    })
    .unwrap();
    let actor = |name: &str, unit: &str| Actor {
        clerk: Clerk { name: name.to_owned(), view: View::office(today) },
        unit: unit.to_owned(),
    };
    let mut file = |matter: &str, (owner, record): &(String, String)| {
        let (contested, channel) = match matter {
            "objection" => (json!(["content"]), json!({ "channel": "paper", "reference": "信访1号（示例）" })),
            _ => (json!([]), json!({ "channel": "online" })),
        };
        let asked = json!({ "matter": matter, "record": record, "ground": "内容有误（示例）", "contested": contested,
                            "channel": channel });
        let asked: Filing = serde_json::from_value(asked).unwrap();
        let unit = if matter == "objection" { owner.as_str() } else { "" };
        objection::file(&mut writer, &rulebook, &actor("甲", unit), &asked).unwrap().head
    };
    file("objection", &found[0]);
    let (upheld, reply) = (file("objection", &found[1]), file("reply", &found[0]));
    let rejected = file("objection", &found[2]);
    let mut step = |unit: &str, number: &str, doing: serde_json::Value| {
        let doing = serde_json::from_value(doing).unwrap();
        objection::step(&mut writer, &rulebook, &actor("乙", unit), number, &doing).unwrap();
    };
    let correction = json!([{ "field": "CF_SY", "value": "经复核更正的事实（示例）" }]);
    step(
        &upheld.handler,
        &upheld.number,
        json!({ "act": "decide", "outcome": "upheld", "corrections": correction, "reason": "录入有误" }),
    );
    step(&reply.handler, &reply.number, json!({ "act": "print" }));
    let delivery = json!({ "mode": "post", "on": today, "proof": "回执（示例）" });
    let reject = json!({ "act": "decide", "outcome": "rejected", "reason": "核查无误（示例）" });
    step(&rejected.handler, &rejected.number, reject);
    step(&rejected.handler, &rejected.number, json!({ "act": "serve", "delivery": delivery }));
}
