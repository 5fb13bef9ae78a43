//! Another edition of the rulebook is enacted by another process while this one serves: the next answers are by it.

use crate::register::{KNOWN, Register};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use std::time::Duration;
use tokio::runtime::Runtime;

const CHANGES: [(&str, &str, &str); 3] = [
    ("data/penalty.toml", "name = \"行政处罚\"", "name = \"行政处罚决定\""),
    ("data/penalty.toml", "title = \"企业信息公示暂行条例\"", "title = \"企业信息公示条例（示例）\""),
    ("evaluation/demonstration.toml", "points = -60, article", "points = -70, article"),
];

/// Enacts the shipped rulebook with some texts changed, as a command beside the server does.
fn enact_another(register: &Register, store: &TestStore) {
    let dir = store.folder.join("edition");
    for (file, mut text) in credence_app::rulebook::shipped_files() {
        for (_, from, to) in CHANGES.iter().filter(|(path, ..)| *path == file) {
            assert!(text.contains(from), "{file}: {from}");
            text = text.replace(from, to);
        }
        let file = dir.join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    credence_app::rulebook::enact(&mut register.writer(), &dir, "甲", "乙", "测试").unwrap();
}

fn the_next_answers_are_by_the_edition_that_another_process_enacted(store: &TestStore) {
    let register = Register::with_a_penalty_in(store).looking_up_the_edition_every(Duration::ZERO);
    let runtime = Runtime::new().unwrap();
    let page = |address: &str| runtime.block_on(register.get(address)).text;
    let organisation = format!("/organisations/{KNOWN}");
    let told = || {
        let records = page(&format!("/api/v1/organisations/{KNOWN}/records"));
        let evaluation: serde_json::Value =
            serde_json::from_str(&page(&format!("/api/v1/organisations/{KNOWN}/evaluation"))).unwrap();
        [
            page("/data-list").contains("行政处罚决定"),
            page("/").contains("行政处罚决定"),
            page(&organisation).contains("企业信息公示条例（示例）"),
            records.contains("企业信息公示条例（示例）"),
            page("/method").contains(">-70<"),
            evaluation["points"] == 930,
        ]
    };
    let standing = page("/api/v1/data-list");
    assert_eq!(told(), [false; 6]);
    enact_another(&register, store);
    assert_eq!(told(), [true; 6], "nothing that was kept or worked out before outlives its edition");
    assert_ne!(page("/api/v1/data-list"), standing);
}

fn between_two_looks_the_edition_that_stands_goes_on(store: &TestStore) {
    let register = Register::with_a_penalty_in(store).looking_up_the_edition_every(Duration::from_secs(3600));
    let runtime = Runtime::new().unwrap();
    let page = |address: &str| runtime.block_on(register.get(address)).text;
    let standing = page("/data-list");
    enact_another(&register, store);
    assert_eq!(page("/data-list"), standing);
}

both_stores!(
    the_next_answers_are_by_the_edition_that_another_process_enacted,
    between_two_looks_the_edition_that_stands_goes_on,
);
