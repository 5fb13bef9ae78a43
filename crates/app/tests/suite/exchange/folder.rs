//! Drop folders: packages in, receipts out, nothing lost, nothing twice.

use super::{OTHER, Province};
use crate::desk::*;
use crate::operations::asked;
use credence_app::exchange::Passed;
use credence_domain::canonical::hex;
use credence_testkit::both_stores;
use credence_testkit::province::Row;
use credence_testkit::stores::TestStore;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::PathBuf;

impl Province<'_> {
    fn at(&self, unit: &str, path: &str) -> PathBuf {
        self.root.join(unit).join(path)
    }

    fn rows(&self, rows: &[Row]) -> Vec<u8> {
        self.desk().lines(rows, true)
    }

    /// A manifest of a package as it should be.
    fn manifest(&self, sequence: i64, bytes: &[u8]) -> Value {
        let rows = bytes.iter().filter(|byte| **byte == b'\n').count();
        json!({ "unit": OFFICE, "item": "penalty", "sequence": sequence, "file": format!("p{sequence}.jsonl"),
                "sha256": hex(&Sha256::digest(bytes)), "rows": rows, "secrecy_review": "审查员（示例）" })
    }

    fn put(&self, sequence: i64, bytes: &[u8], manifest: &Value) {
        std::fs::write(self.at(OFFICE, &format!("in/{}", manifest["file"].as_str().unwrap())), bytes).unwrap();
        self.put_manifest(sequence, manifest);
    }

    fn put_manifest(&self, sequence: i64, manifest: &Value) {
        std::fs::write(self.at(OFFICE, &format!("in/p{sequence}.manifest.json")), manifest.to_string()).unwrap();
    }

    /// Puts a lawful package of these rows.
    fn drop(&self, sequence: i64, rows: &[Row]) -> Vec<u8> {
        let bytes = self.rows(rows);
        self.put(sequence, &bytes, &self.manifest(sequence, &bytes));
        bytes
    }

    fn names(&self, folder: &str) -> BTreeSet<String> {
        let entries = std::fs::read_dir(self.at(OFFICE, folder)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn receipt(&self, name: &str) -> Value {
        let path = self.at(OFFICE, &format!("receipts/{name}"));
        serde_json::from_slice(&std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"))).unwrap()
    }

    fn refused(&self, stem: &str) -> String {
        let receipt = self.receipt(&format!("{stem}.refused.json"));
        assert_eq!(receipt["state"], "refused");
        receipt["problem"]["code"].as_str().unwrap().to_owned()
    }
}

fn a_package_is_taken_in_and_answered(store: &TestStore) {
    let province = Province::new(store);
    let rows = [
        asked("i", "", penalty(FIRM, "一号")),
        asked("u", "", penalty(FIRM, "二号")),
        asked("i", "", changed("三号", &[("CF_JDRQ", "没有日期")])),
    ];
    province.drop(1, &rows);
    let passed = province.run();
    assert_eq!((passed.taken, passed.told, passed.refused), (1, 1, 0));
    let receipt = province.receipt("penalty-000001.receipt.json");
    assert_eq!((&receipt["state"], &receipt["hold"]), (&json!("held"), &json!("first_http_batch")));
    assert_eq!(receipt["counts"]["accepted"], 1);
    assert_eq!(receipt["counts"]["rejected"], 2);
    assert_eq!(receipt["problem"], Value::Null);
    let rejects = std::fs::read_to_string(province.at(OFFICE, "receipts/penalty-000001.rejects.jsonl")).unwrap();
    assert!(rejects.contains("record_unknown") && rejects.contains("date_invalid"), "{rejects}");
    // The data is on file: no copy of it stays.
    assert_eq!(province.names("done"), ["p1.manifest.json".to_owned()].into());
    assert!(province.names("in").is_empty());
    let batches = province.batches();
    let batch = &batches[0];
    assert_eq!((batch.channel.as_str(), batch.sequence, batches.len()), ("file", Some(1), 1));
    // Whole-file operation, with its reason, in the next package.
    let bytes = province.rows(&[penalty(FIRM, "一号")]);
    let mut manifest = province.manifest(2, &bytes);
    manifest["operation"] = json!("d");
    manifest["reason"] = json!("误报");
    province.put(2, &bytes, &manifest);
    assert_eq!(province.run().told, 1);
    assert_eq!(province.receipt("penalty-000002.receipt.json")["counts"]["withdrawn"], 1);
    province.desk().verify();
}

fn a_gap_waits_and_a_repeat_is_answered_the_same(store: &TestStore) {
    let province = Province::new(store);
    province.drop(2, &[penalty(FIRM, "二号")]);
    let third = province.drop(3, &[penalty(FIRM, "三号")]);
    let passed = province.run();
    assert_eq!((passed.taken, passed.waiting), (0, 2));
    let waiting = province.receipt("penalty-000002.waiting.json");
    assert_eq!((&waiting["problem"]["code"], &waiting["expected"]), (&json!("sequence_gap"), &json!(1)));
    assert_eq!(province.names("in").len(), 4);
    let first = province.drop(1, &[penalty(FIRM, "一号")]);
    let passed = province.run();
    assert_eq!((passed.taken, passed.told, passed.waiting), (3, 3, 0));
    let receipts = ["penalty-000001", "penalty-000002", "penalty-000003"].map(|name| format!("{name}.receipt.json"));
    assert_eq!(province.names("receipts"), receipts.into());
    // The same again: the same receipt, also after it was collected; another file under the number: refused.
    let path = province.at(OFFICE, "receipts/penalty-000003.receipt.json");
    let before = std::fs::read(&path).unwrap();
    std::fs::write(province.at(OFFICE, "in/penalty-000003.ack"), "").unwrap();
    province.run();
    assert!(!path.exists() && province.names("collected").contains("penalty-000003.receipt.json"));
    province.put(3, &third, &province.manifest(3, &third));
    assert_eq!(province.run().told, 1);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    std::fs::remove_file(&path).unwrap();
    province.put(3, &third, &province.manifest(3, &third));
    province.run();
    assert_eq!(std::fs::read(&path).unwrap(), before, "made again from the register it is the same");
    province.put(3, &first, &{
        let mut manifest = province.manifest(3, &first);
        manifest["file"] = json!("p3.jsonl");
        manifest
    });
    assert_eq!(province.run().refused, 1);
    assert_eq!(province.refused("p3"), "sequence_reused");
    assert_eq!(province.batches().len(), 3);
    province.desk().verify();
}

fn what_is_not_complete_is_left_alone_and_what_is_wrong_is_refused(store: &TestStore) {
    let province = Province::new(store);
    let bytes = province.rows(&[penalty(FIRM, "一号")]);
    let good = province.manifest(1, &bytes);
    // Data without a manifest; a manifest that ends too early; one whose data is not there, or shorter than it says.
    std::fs::write(province.at(OFFICE, "in/p1.jsonl"), &bytes).unwrap();
    assert_eq!(province.run(), Passed::default());
    let text = good.to_string();
    std::fs::write(province.at(OFFICE, "in/p1.manifest.json"), &text[..text.len() / 2]).unwrap();
    assert_eq!(province.run(), Passed { incomplete: 1, ..Passed::default() });
    std::fs::remove_file(province.at(OFFICE, "in/p1.jsonl")).unwrap();
    province.put_manifest(1, &good);
    assert_eq!(province.run(), Passed { incomplete: 1, ..Passed::default() });
    let mut sized = good.clone();
    sized["bytes"] = json!(bytes.len());
    province.put(1, &bytes[..bytes.len() - 1], &sized);
    assert_eq!(province.run(), Passed { incomplete: 1, ..Passed::default() });
    assert!(province.names("receipts").is_empty() && province.batches().is_empty());
    for (member, value, code) in [
        ("sha256", json!("0".repeat(64)), "digest_differs"),
        ("rows", json!(2), "rows_differ"),
        ("unit", json!(OTHER), "foreign_package"),
        ("file", json!("../../123799000000000510/in/p1.jsonl"), "manifest_invalid"),
        ("sequence", json!(0), "manifest_invalid"),
    ] {
        let mut manifest = good.clone();
        manifest[member] = value;
        std::fs::write(province.at(OFFICE, "in/p1.jsonl"), &bytes).unwrap();
        province.put_manifest(1, &manifest);
        assert_eq!(province.run().refused, 1, "{member}");
        assert_eq!(province.refused("p1"), code);
    }
    assert!(province.batches().is_empty(), "nothing was taken");
    // A file that fails as a whole leaves its number free.
    let broken = b"{\"a\":1}\n";
    province.put(1, broken, &province.manifest(1, broken));
    assert_eq!(province.run().told, 1);
    let receipt = province.receipt("penalty-000001.receipt.json");
    assert_eq!((&receipt["state"], &receipt["problem"]["code"]), (&json!("failed"), &json!("item_not_recognised")));
    province.put(1, &bytes, &good);
    assert_eq!(province.run().told, 1);
    assert_eq!(province.receipt("penalty-000001.receipt.json")["counts"]["accepted"], 1);
    province.desk().verify();
}

fn links_and_strangers_are_not_followed(store: &TestStore) {
    let province = Province::new(store);
    let bytes = province.rows(&[penalty(FIRM, "一号")]);
    let secret = store.folder.join("secret.jsonl");
    std::fs::write(&secret, &bytes).unwrap();
    let data = province.at(OFFICE, "in/p1.jsonl");
    let link = |from: &std::path::Path| {
        std::os::unix::fs::symlink(from, &data).unwrap();
        province.put_manifest(1, &province.manifest(1, &bytes));
        assert_eq!(province.run().refused, 1);
        assert_eq!(province.refused("p1"), "not_plain_file");
    };
    link(&secret);
    link(std::path::Path::new("/dev/zero"));
    // A second name for a file that is not the sender's.
    std::fs::hard_link(&secret, &data).unwrap();
    province.put_manifest(1, &province.manifest(1, &bytes));
    assert_eq!(province.run().refused, 1);
    std::os::unix::fs::symlink(&secret, province.at(OFFICE, "in/p2.manifest.json")).unwrap();
    assert_eq!(province.run().refused, 1);
    assert_eq!(std::fs::read(&secret).unwrap(), bytes, "what was linked to is untouched");
    // A folder that is a link, one that is no unit's, and one inside another unit's.
    std::fs::create_dir(province.root.join("91379900MA0TE5T16G")).unwrap();
    let elsewhere = store.folder.join("elsewhere");
    std::fs::create_dir_all(elsewhere.join("in")).unwrap();
    std::fs::remove_dir_all(province.root.join(OTHER)).unwrap();
    std::os::unix::fs::symlink(&elsewhere, province.root.join(OTHER)).unwrap();
    let passed = province.run();
    assert_eq!((passed.ignored, passed.taken), (2, 0));
    assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 1, "nothing was made there");
    std::fs::remove_dir_all(province.at(OFFICE, "receipts")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, province.at(OFFICE, "receipts")).unwrap();
    province.put(1, &bytes, &province.manifest(1, &bytes));
    assert_eq!(province.run().ignored, 3);
    assert!(province.batches().is_empty());
}

/// Every point at which a process may die between taking a package and putting it away.
fn a_process_that_dies_anywhere_loses_nothing_and_does_nothing_twice(store: &TestStore) {
    let province = Province::new(store);
    let bytes = province.drop(1, &[penalty(FIRM, "一号"), changed("二号", &[("CF_JDRQ", "没有日期")])]);
    let manifest = province.manifest(1, &bytes);
    // Dies after the acknowledgement, before the import; another process finds it in the spool.
    {
        let (_, exchange) = province.exchange();
        assert_eq!(exchange.look().unwrap().taken, 1);
        assert_eq!(exchange.look().unwrap().under_way, 1, "it is not acknowledged twice");
    }
    // Dies after the import, before the receipt.
    {
        let (intake, _) = province.exchange();
        assert_eq!(intake.work_off().unwrap(), 1);
    }
    assert!(province.names("receipts").is_empty());
    assert_eq!(province.run().told, 1);
    let receipt = std::fs::read(province.at(OFFICE, "receipts/penalty-000001.receipt.json")).unwrap();
    let rejects = std::fs::read(province.at(OFFICE, "receipts/penalty-000001.rejects.jsonl")).unwrap();
    // Dies after the receipt, before the package left; and between the data and its manifest.
    for leaves in [true, false] {
        let back = |name: &str| {
            let from = province.at(OFFICE, &format!("done/{name}"));
            std::fs::rename(from, province.at(OFFICE, &format!("in/{name}"))).unwrap();
        };
        back("p1.manifest.json");
        if leaves {
            std::fs::write(province.at(OFFICE, "in/p1.jsonl"), &bytes).unwrap();
        }
        assert_eq!(province.run().told, 1);
        assert!(province.names("in").is_empty());
        assert_eq!(std::fs::read(province.at(OFFICE, "receipts/penalty-000001.receipt.json")).unwrap(), receipt);
    }
    // Dies with half a receipt on the disk.
    std::fs::remove_file(province.at(OFFICE, "receipts/penalty-000001.receipt.json")).unwrap();
    std::fs::write(province.at(OFFICE, "receipts/.penalty-000001.receipt.json.part"), "{").unwrap();
    province.put(1, &bytes, &manifest);
    assert_eq!(province.run().told, 1);
    assert_eq!(std::fs::read(province.at(OFFICE, "receipts/penalty-000001.receipt.json")).unwrap(), receipt);
    assert_eq!(std::fs::read(province.at(OFFICE, "receipts/penalty-000001.rejects.jsonl")).unwrap(), rejects);
    let batches = province.batches();
    assert_eq!((batches.len(), batches[0].counts.accepted), (1, 1));
    province.desk().verify();
}

fn what_was_sent_goes_when_its_time_is_over(store: &TestStore) {
    let province = Province::new(store);
    province.drop(1, &[penalty(FIRM, "一号"), changed("二号", &[("CF_JDRQ", "没有日期")])]);
    province.run();
    assert_eq!((province.names("done").len(), province.names("receipts").len()), (1, 2));
    // Overwriting what goes does not reach a file that only has a second name here.
    let (mine, theirs) = (store.folder.join("another"), province.at(OFFICE, "done/another"));
    std::fs::write(&mine, "kept").unwrap();
    std::fs::hard_link(&mine, &theirs).unwrap();
    // The files' own times are the machine's: the clock is moved far behind them.
    let days = Clock::system().today().duration_since(today()).as_hours() / 24 + 400;
    province.clock.move_to(today().saturating_add(jiff::Span::new().days(days)));
    province.run();
    assert_eq!((province.names("done").len(), province.names("receipts").len()), (0, 0));
    assert_eq!(std::fs::read_to_string(&mine).unwrap(), "kept");
}

use credence_app::Clock;

both_stores!(
    a_package_is_taken_in_and_answered,
    a_gap_waits_and_a_repeat_is_answered_the_same,
    what_is_not_complete_is_left_alone_and_what_is_wrong_is_refused,
    links_and_strangers_are_not_followed,
    a_process_that_dies_anywhere_loses_nothing_and_does_nothing_twice,
    what_was_sent_goes_when_its_time_is_over
);
