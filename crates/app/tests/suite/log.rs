//! The log as outsiders check it: proofs without the register, and a register held against what a witness has seen.

use crate::desk::{Desk, OFFICE, penalty, today};
use credence_app::log::{self, Host, Keeper, Kind, Place, Reach, Shown, Teller, VerifierKey, judge_file};
use credence_app::review::Decision;
use credence_app::verify::{Verification, verify, verify_against};
use credence_app::{Address, Clock, Service};
use credence_testkit::both_stores;
use credence_testkit::stores::{TestStore, tamper};
use std::path::Path;
use std::sync::Arc;

both_stores!(
    a_record_is_proved_by_a_file_alone,
    a_folder_is_told_of_each_checkpoint_and_two_persons_decide_who_is,
    another_name_is_begun_by_two_persons_and_the_log_goes_on,
    what_another_process_left_waiting_is_placed_and_signed,
);

fn decision(reason: &str) -> Decision<'_> {
    Decision { actor: "甲", reason, secrecy_review: "" }
}

fn service(store: &TestStore) -> Service {
    Service::open(store.address.clone(), Clock::fixed(today()), None).unwrap()
}

fn send(desk: &mut Desk<'_>, number: &str) {
    let report = desk.send(vec![penalty(crate::desk::FIRM, number)]);
    assert_eq!(report.counts.accepted, 1, "{report:?}");
}

fn a_record_is_proved_by_a_file_alone(store: &TestStore) {
    let mut desk = Desk::new(store);
    send(&mut desk, "云环罚〔2026〕1号");
    let service = service(store);
    let key = service.log_key().unwrap();
    let keys = [VerifierKey::parse(&key).unwrap()];
    let view = service.public_view();
    let record = service.records_page(&view, crate::desk::FIRM, None, None).unwrap().items.remove(0);
    let act = record.proof.unwrap().act;
    let file = service.record_proof_file(&view, crate::desk::FIRM, &record.id).unwrap();
    let judged = judge_file(&file, &keys).unwrap();
    assert_eq!((judged.kind, judged.act.as_deref()), ("proof", Some(act.as_str())));
    assert_eq!(judged.public.unwrap()["content"]["CF_WSH"], "云环罚〔2026〕1号");
    // An act alone, a checkpoint, and what the contract says of the answer.
    assert!(judge_file(&service.log_proof_file(&act, None).unwrap(), &keys).unwrap().public.is_none());
    assert_eq!(judge_file(&service.log_checkpoint().unwrap(), &keys).unwrap().kind, "checkpoint");
    let proof = service.log_proof(&act).unwrap();
    assert_eq!(proof.tree_size, judged.tree_size.unwrap());
    // Forged in every part that carries weight.
    let swap = |from: &str, to: &str| file.replacen(from, to, 1);
    let extra = file.lines().nth(1).unwrap();
    let other_name = swap("credence.invalid", "credence.invalie");
    let index = judged.leaf_index.unwrap();
    for forged in [
        swap(&format!("index {index}\n"), &format!("index {}\n", index + 1)),
        swap(extra, &format!("{}{}{}", &extra[..40], if &extra[40..41] == "A" { "B" } else { "A" }, &extra[41..])),
        other_name,
        file.trim_end().to_owned(),
        String::new(),
    ] {
        assert_ne!(forged, file);
        assert_eq!(judge_file(&forged, &keys).unwrap_err().code(), "proof_invalid");
    }
    let stranger = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    assert!(judge_file(&file, &[VerifierKey::parse(stranger).unwrap()]).is_err(), "a key that is not the log's");
    // What is hidden and what is not there are the same.
    for unknown in ["00", "zz", &"0".repeat(32)] {
        assert_eq!(service.log_proof(unknown).unwrap_err().code(), "not_found");
        assert_eq!(service.record_proof_file(&view, crate::desk::FIRM, unknown).unwrap_err().code(), "not_found");
    }
    // An act that waits.
    credence_store::unit::set(
        &mut desk.writer,
        &credence_app::directory::Unit { uscc: OFFICE.to_owned(), name: "另名".to_owned(), ..Default::default() },
        OFFICE,
        &desk.rulebook.digest,
    )
    .unwrap();
    let pending =
        desk.writer.connection().first("select id from act_pending", &[], |row| row.array::<16>(0)).unwrap().unwrap();
    let pending = credence_domain::canonical::hex(&pending);
    assert_eq!(service.log_proof(&pending).unwrap_err().code(), "not_yet_in_log");
    desk.writer.sequence().unwrap();
    assert!(service.log_proof(&pending).is_ok());
}

fn a_folder_is_told_of_each_checkpoint_and_two_persons_decide_who_is(store: &TestStore) {
    let mut desk = Desk::new(store);
    let folder = store.folder.join("kept");
    let place = || log::place(Kind::Folder, "市档案馆", &folder.to_string_lossy(), "");
    let mut add = |second: &str, reason: &str, place| {
        log::add_witness(&mut desk.writer, &desk.rulebook, place, decision(reason), second, Reach::Public)
    };
    assert_eq!(add("甲", "存放", place()).unwrap_err().code(), "second_person_needed");
    assert_eq!(add("乙", " ", place()).unwrap_err().code(), "bad_parameter");
    let bad = log::place(Kind::Http, "", "http://witness.example", "");
    assert_eq!(add("乙", "见证", bad).unwrap_err().code(), "bad_parameter");
    add("乙", "存放", place()).unwrap();
    send(&mut desk, "云环罚〔2026〕2号");
    // The keeper of a server writes down who took what: one process writes at a time.
    drop(desk);
    let service = Arc::new(service(store));
    let keeper = Keeper::new(Arc::clone(&service), Teller::new(Reach::Public).unwrap());
    assert_eq!(keeper.tell_now().unwrap(), 1);
    let shown = Shown::read(&folder).unwrap();
    assert!(shown.iter().any(|one| one.note == service.log_checkpoint().unwrap()));
    let told = service.log_view().unwrap().witnesses;
    assert_eq!(told[0].size, Some(service.log_view().unwrap().size));
    assert!(!verify_against(&store.address, shown).unwrap().has_failures());
    // A place that cannot be written is failing, and the log goes on.
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "a file in its place").unwrap();
    let mut desk = Desk::new(store);
    send(&mut desk, "云环罚〔2026〕3号");
    drop(desk);
    assert_eq!(keeper.tell_now().unwrap(), 0);
    assert!(service.log_view().unwrap().witnesses[0].failing);
    let mut desk = Desk::new(store);
    log::remove_witness(&mut desk.writer, &desk.rulebook, "市档案馆", decision("停用"), "乙").unwrap();
    assert!(service.log_view().unwrap().witnesses.is_empty());
}

fn another_name_is_begun_by_two_persons_and_the_log_goes_on(store: &TestStore) {
    let mut desk = Desk::new(store);
    send(&mut desk, "云环罚〔2026〕4号");
    let service = service(store);
    let (old_key, old) = (service.log_key().unwrap(), service.log_checkpoint().unwrap());
    let mut begin =
        |name: &str, second: &str| log::new_name(&mut desk.writer, &desk.rulebook, name, decision("密钥遗失"), second);
    assert_eq!(begin("credit.example/log", "甲").unwrap_err().code(), "second_person_needed");
    let used = old_key.split('+').next().unwrap();
    assert_eq!(begin(used, "乙").unwrap_err().code(), "bad_parameter");
    assert_eq!(begin("two words", "乙").unwrap_err().code(), "bad_parameter");
    let key = begin("credit.example/log", "乙").unwrap();
    assert_eq!(service.log_key().unwrap(), key);
    let newest = service.log_checkpoint().unwrap();
    assert!(newest.starts_with("credit.example/log\n"));
    let keys = [VerifierKey::parse(&key).unwrap()];
    assert!(judge_file(&newest, &keys).is_ok() && judge_file(&old, &keys).is_err());
    assert_eq!(service.log_view().unwrap().earlier_keys, [old_key]);
    let shown = Shown { from: "before".to_owned(), note: old };
    assert!(!verify_against(&store.address, vec![shown]).unwrap().has_failures(), "what was signed before still holds");
}

fn what_another_process_left_waiting_is_placed_and_signed(store: &TestStore) {
    let mut desk = Desk::new(store);
    let unit =
        credence_app::directory::Unit { uscc: OFFICE.to_owned(), name: "另名".to_owned(), ..Default::default() };
    credence_store::unit::set(&mut desk.writer, &unit, OFFICE, &desk.rulebook.digest).unwrap();
    let service = Arc::new(service(store));
    let keeper = Keeper::new(Arc::clone(&service), Teller::new(Reach::Public).unwrap());
    let before = service.log_view().unwrap().size;
    if matches!(store.address, Address::Sqlite(_)) {
        // It waits for nobody who holds the register.
        assert_eq!(keeper.look().unwrap_err().code(), "database_in_use");
    }
    drop(desk);
    assert!(!keeper.look().unwrap(), "nothing is left");
    assert_eq!(service.log_view().unwrap().size, before + 1);
    // Without the key acts are placed and wait for a signature.
    let Place::File(key) = credence_store::log::LogKey::of(&store.address).place().clone() else { panic!("a file") };
    let aside = key.with_extension("aside");
    std::fs::rename(&key, &aside).unwrap();
    let mut writer = store.address.writer(Clock::fixed(today())).unwrap();
    let unit = credence_app::directory::Unit { name: "又名".to_owned(), ..unit };
    credence_store::unit::set(&mut writer, &unit, OFFICE, &[0; 32]).unwrap();
    drop(writer);
    let keeper = Keeper::new(Arc::new(self::service(store)), Teller::new(Reach::Public).unwrap());
    assert!(keeper.look().unwrap(), "it waits for a signature");
    assert_eq!(service.status().unwrap().pending, 0);
    std::fs::rename(&aside, &key).unwrap();
    assert!(!keeper.look().unwrap());
    assert_eq!(service.log_view().unwrap().size, before + 2);
}

/// What verification says of checkpoints.
fn told(found: &Verification) -> String {
    let outcome = found.requirements.iter().find(|outcome| outcome.id == "checkpoint").unwrap();
    outcome.examples.iter().map(|example| example.problem.as_str()).collect::<Vec<_>>().join("\n")
}

fn copied(from: &TestStore, name: &str) -> Address {
    let Address::Sqlite(file) = &from.address else { panic!("a file") };
    let copy = file.with_file_name(name);
    std::fs::copy(file, &copy).unwrap();
    Address::Sqlite(copy)
}

fn file_of(address: &Address) -> &Path {
    let Address::Sqlite(file) = address else { panic!("a file") };
    file
}

#[test]
fn each_kind_of_rolling_back_is_told_by_what_a_witness_has_seen() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    send(&mut desk, "云环罚〔2026〕1号");
    desk.writer.checkpoint(true).unwrap();
    let older = copied(&store, "older.db");
    for number in 2..6 {
        send(&mut desk, &format!("云环罚〔2026〕{number}号"));
    }
    desk.writer.checkpoint(true).unwrap();
    let key_of = |address: &Address| match credence_store::log::LogKey::of(address).place() {
        Place::File(file) => file.clone(),
        Place::Socket(_) => panic!("a file"),
    };
    let seen = vec![Shown { from: "witness".to_owned(), note: service(&store).log_checkpoint().unwrap() }];
    assert!(!verify_against(&store.address, seen.clone()).unwrap().has_failures());

    // Register and log together: no look inside finds it.
    assert!(!verify(&older).unwrap().has_failures());
    let both = verify_against(&older, seen.clone()).unwrap();
    assert!(told(&both).contains("register and log were rolled back together"), "{}", told(&both));

    // The log alone.
    let log_only = copied(&store, "log.db");
    let sql = tamper(file_of(&log_only));
    sql("delete from log_leaf where position > 5; delete from log_checkpoint where size > 6");
    let found = verify_against(&log_only, seen.clone()).unwrap();
    assert!(told(&found).contains("the log was rolled back, the acts were not"), "{}", told(&found));

    // The register alone: acts are missing for leaves that the witness has seen.
    let acts_only = copied(&store, "acts.db");
    tamper(file_of(&acts_only))("delete from act where id in (select act from log_leaf where position > 5)");
    let found = verify_against(&acts_only, seen.clone()).unwrap();
    let log = found.requirements.iter().find(|outcome| outcome.id == "log").unwrap();
    assert!(log.failed > 0 && log.examples[0].problem.contains("leaf without its act"), "{log:?}");

    // The older copy goes on with the same key, as if nothing had been: the key's own memory refuses it first.
    std::fs::copy(key_of(&store.address), key_of(&older)).unwrap();
    let memory = credence_store::log::signer::Local::memory_of(&key_of(&store.address));
    let memory_of_older = credence_store::log::signer::Local::memory_of(&key_of(&older));
    std::fs::copy(&memory, &memory_of_older).unwrap();
    let mut again = TestStore::sqlite();
    again.address = older.clone();
    let mut desk = Desk::new(&again);
    for number in 10..16 {
        send(&mut desk, &format!("云环罚〔2026〕{number}号"));
    }
    assert_eq!(desk.writer.sign().unwrap_err().code(), "log_rolled_back");
    // Whoever destroys the memory too signs a second history, and the witness tells it.
    drop(desk);
    std::fs::remove_file(&memory_of_older).unwrap();
    let mut desk = Desk::new(&again);
    assert!(desk.writer.sign().unwrap().is_some());
    let found = verify_against(&older, seen).unwrap();
    assert!(told(&found).contains("a second log under the same key"), "{}", told(&found));
}

#[test]
fn a_witness_remembers_across_restarts_and_never_signs_two_histories() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    send(&mut desk, "云环罚〔2026〕1号");
    let service = service(&store);
    let key = VerifierKey::parse(&service.log_key().unwrap()).unwrap();
    let folder = store.folder.join("witness");
    let host = |name| Host::open(&folder, name, vec![key.clone()], Clock::fixed(today()));
    assert_eq!(host(None).unwrap_err().code(), "bad_parameter");
    let first = service.log_checkpoint().unwrap();
    let size = |note: &str| note.lines().nth(1).unwrap().parse::<u64>().unwrap();
    let line = host(Some("city.example/w")).unwrap().add_checkpoint(&format!("old 0\n\n{first}")).unwrap().unwrap();
    let keys = [key.clone(), host(None).unwrap().verifier()];
    let judged = judge_file(&format!("{first}{line}"), &keys).unwrap();
    assert_eq!(judged.witnesses, ["city.example/w"]);
    send(&mut desk, "云环罚〔2026〕2号");
    let second = service.log_checkpoint().unwrap();
    // Another process of the same witness.
    let refused = host(None).unwrap().add_checkpoint(&format!("old 0\n\n{second}")).unwrap().unwrap_err();
    assert_eq!((refused.status(), refused.to_string()), (409, format!("the last size seen is {}", size(&first))));
    let refused = host(None).unwrap().add_checkpoint(&format!("old {}\n\n{second}", size(&first))).unwrap();
    assert_eq!(refused.unwrap_err().status(), 422, "without a proof");
}
