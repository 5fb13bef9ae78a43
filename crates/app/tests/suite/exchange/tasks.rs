//! Tasks in a unit's folder, and its answers from there.

use crate::desk::{Desk, OFFICE, SECOND, penalty};
use crate::measures::listed;
use credence_app::batch::Intake;
use credence_app::desk::Desk as Acts;
use credence_app::exchange::Exchange;
use credence_app::exchange::folder::Folder;
use credence_app::{Service, View, directory, measure};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

both_stores!(a_unit_finds_its_tasks_in_its_folder_and_answers_from_there,);

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn a_unit_finds_its_tasks_in_its_folder_and_answers_from_there(store: &TestStore) {
    let Desk { rulebook, clock, writer, secrecy_review, window_bytes, .. } = Desk::new(store);
    drop(writer);
    let service = Arc::new(Service::open(store.address.clone(), clock.clone(), None).unwrap());
    let acts = Arc::new(Acts::open(&service).unwrap());
    let writer = acts.writer().unwrap();
    let mut desk = Desk { store, rulebook, clock, writer, secrecy_review, window_bytes };
    desk.send(vec![penalty(SECOND, "二号")]);
    let unit =
        directory::Unit { uscc: SECOND.to_owned(), name: "示例二单位".to_owned(), ..directory::Unit::default() };
    directory::set(&mut desk.writer, &unit, &desk.rulebook).unwrap();
    let root = store.folder.join("exchange");
    for unit in [OFFICE, SECOND] {
        std::fs::create_dir_all(root.join(unit).join("in")).unwrap();
    }
    listed(&mut desk);

    let intake = Arc::new(Intake::open(Arc::clone(&service), &store.folder.join("spool")).unwrap());
    let folder = Some(Folder::open(&root).unwrap());
    let exchange = Exchange::new(intake, folder, None).with_tasks(Arc::clone(&acts));
    let at = |unit: &str, path: &str| root.join(unit).join(path);
    assert_eq!(exchange.run_once().unwrap().answered, 0);
    let tasks = lines(&at(OFFICE, "tasks/tasks.jsonl"));
    assert_eq!((tasks.len(), &tasks[0]["task"]), (1, &json!("dispatched")), "{tasks:?}");
    assert!(lines(&at(SECOND, "tasks/tasks.jsonl")).is_empty(), "another unit has none");
    let number = tasks[0]["measure"].as_str().unwrap();

    // Good lines are done, each bad one is told with its reason, a stranger's answer moves nothing.
    let on = desk.clock.today().to_string();
    let said = [
        json!({ "measure": number, "act": "acknowledge" }).to_string(),
        "没有按格式".to_owned(),
        json!({ "measure": number, "act": "acknowledge" }).to_string(),
        json!({ "measure": number, "act": "report", "done_on": on, "done": "carried_out", "effect": "已停止适用" })
            .to_string(),
        json!({ "measure": "20260101-NOSUCH0000", "act": "acknowledge" }).to_string(),
        json!({ "measure": number, "act": "end", "reason": "提前终止" }).to_string(),
        json!({ "measure": "\u{0}", "act": "acknowledge" }).to_string(),
    ];
    std::fs::write(at(OFFICE, "in/a1.tasks.jsonl"), said.join("\n")).unwrap();
    std::fs::write(at(SECOND, "in/b1.tasks.jsonl"), &said[0]).unwrap();
    assert_eq!(exchange.run_once().unwrap().answered, 2);
    let reply = lines(&at(OFFICE, "receipts/a1.reply.jsonl"));
    let told: Vec<_> = reply.iter().map(|one| (one["line"].as_u64(), one["problem"]["code"].as_str())).collect();
    assert_eq!(
        told,
        [
            (Some(1), None),
            (Some(2), Some("bad_parameter")),
            (Some(3), Some("measure_acknowledged")),
            (Some(4), None),
            (Some(5), Some("not_found")),
            (Some(6), Some("forbidden")),
            (Some(7), Some("bad_parameter")),
        ]
    );
    assert_eq!(lines(&at(SECOND, "receipts/b1.reply.jsonl"))[0]["problem"]["code"], "not_found");
    assert!(!at(OFFICE, "in/a1.tasks.jsonl").exists(), "what was answered is taken away");
    let view = View::office(desk.clock.today());
    let kept = measure::show(desk.writer.connection(), &view, number).unwrap();
    assert_eq!((kept.head.state, kept.tasks[0].state), ("running", "reported"));
    assert_eq!(lines(&at(OFFICE, "tasks/tasks.jsonl"))[0]["task"], "reported");

    // A link in place of a file leads nowhere.
    std::os::unix::fs::symlink("/etc/hostname", at(OFFICE, "in/c1.tasks.jsonl")).unwrap();
    assert_eq!(exchange.run_once().unwrap().answered, 0);
    assert_eq!(lines(&at(OFFICE, "receipts/c1.reply.jsonl"))[0]["problem"]["code"], "not_plain_file");
    assert!(!at(OFFICE, "in/c1.tasks.jsonl").exists() && Path::new("/etc/hostname").exists());
    desk.verify();
}
