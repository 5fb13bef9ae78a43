//! The log is signed as it is committed, by a key that never signs two histories.

use crate::world::{FIRM, OFFICE, draft, fact, send, today, writer};
use credence_ledger::tile::{Address as Tile, TileReader};
use credence_ledger::witness::Request;
use credence_ledger::{Checkpoint, Note, Promise, VerifierKey, entry, leaf_hash, verify_consistency, verify_inclusion};
use credence_store::clock::{Chance, Clock};
use credence_store::log::signer::{self, Local, Remote, Signer};
use credence_store::log::witness::{self, Kind, Told, Witness};
use credence_store::log::{LogKey, Place, checkpoint, key, serve};
use credence_store::{Pen, StoreError, Writer, sequencer};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use std::path::Path;
use std::sync::Arc;

both_stores!(
    a_checkpoint_is_signed_only_when_the_log_has_grown_and_continues_the_last_one,
    what_is_served_is_what_a_checkpoint_covers_and_no_more,
    a_signature_that_a_kill_kept_from_the_register_is_made_up_for,
    a_register_that_was_rolled_back_is_not_signed,
    the_key_in_another_process_signs_by_the_same_rule,
    whoever_signs_follows_another_name_that_was_begun_elsewhere,
    a_group_of_acts_is_promised_and_kept,
    old_checkpoints_go_and_cosigned_ones_stay,
);

/// A writer whose log has a name.
fn named(store: &TestStore) -> Writer {
    let mut writer = writer(&store.address);
    let log_key = writer.log_key().clone();
    let signer = log_key.make("log.example/a", &mut Chance::default()).unwrap();
    key::register(&mut writer, &draft(OFFICE), OFFICE, &signer.verifier()).unwrap();
    writer.sequence().unwrap();
    writer
}

fn act(writer: &mut Writer, number: u32) {
    let through = jiff::civil::Date::new(2029, 1, 1).unwrap();
    send(writer, OFFICE, "penalty", vec![fact(FIRM, &number.to_string(), "甲", through)]);
}

fn latest(writer: &mut Writer) -> Checkpoint {
    let keys: Vec<VerifierKey> = key::registered(writer.connection()).unwrap().into_iter().map(|one| one.key).collect();
    let signed = checkpoint::latest(writer.connection(), "log.example/a").unwrap().unwrap();
    let (told, _) = Checkpoint::of(&Note::parse(&signed.note).unwrap(), &keys).unwrap();
    assert_eq!(told.size, signed.size);
    told
}

fn a_checkpoint_is_signed_only_when_the_log_has_grown_and_continues_the_last_one(store: &TestStore) {
    let mut writer = named(store);
    let mut told = vec![latest(&mut writer)];
    for number in 0..5 {
        act(&mut writer, number);
        assert!(writer.sign().unwrap().is_some());
        assert!(writer.sign().unwrap().is_none(), "nothing was appended since");
        told.push(latest(&mut writer));
    }
    for pair in told.windows(2) {
        let [old, new] = pair else { unreachable!() };
        let request = checkpoint::request(writer.connection(), old.size, new, None).unwrap();
        assert!(old.size < new.size);
        assert!(verify_consistency(old.size, new.size, &request.proof, &old.root, &new.root));
    }
    assert_eq!(checkpoint::all(writer.connection()).unwrap().len(), told.len());
}

fn what_is_served_is_what_a_checkpoint_covers_and_no_more(store: &TestStore) {
    let mut writer = named(store);
    for number in 0..300 {
        act(&mut writer, number);
    }
    writer.sign().unwrap();
    let told = latest(&mut writer);
    act(&mut writer, 1000);
    let connection = writer.connection();
    let size = told.size;
    assert!(size > 300 && sequencer::size(connection).unwrap() > size);
    let rest = u16::try_from(size - 256).unwrap();
    let tile = |connection: &mut _, path: &str| serve::tile(connection, Tile::parse(path).unwrap(), size).unwrap();
    assert_eq!(tile(connection, "tile/0/000").unwrap().len(), 256 * 32);
    let partial = tile(connection, &format!("tile/0/001.p/{rest}")).unwrap();
    assert_eq!(partial.len(), usize::from(rest) * 32);
    // Every narrower one was signed once, and none that is wider.
    assert_eq!(tile(connection, "tile/0/001.p/1").unwrap(), partial[..32]);
    assert_eq!(tile(connection, &format!("tile/0/001.p/{}", rest + 1)), None);
    assert_eq!(tile(connection, "tile/0/001"), None);
    assert_eq!(tile(connection, "tile/1/000.p/1").unwrap().len(), 32);
    assert_eq!(tile(connection, "tile/2/000.p/1"), None);
    let entries = tile(connection, &format!("tile/entries/001.p/{rest}")).unwrap();
    let entries = credence_ledger::tile::bundle::entries(&entries).unwrap();
    for (entry, leaf) in entries.iter().zip(partial.chunks_exact(32)) {
        assert_eq!(leaf_hash(entry), leaf);
    }
    let path = serve::path(connection, 17, size).unwrap();
    let leaf = sequencer::Tiles::new(connection).tile(0, 0, 256).unwrap().hashes[17];
    assert!(verify_inclusion(&leaf, 17, size, &path, &told.root));
}

fn a_signature_that_a_kill_kept_from_the_register_is_made_up_for(store: &TestStore) {
    let mut writer = named(store);
    act(&mut writer, 1);
    // Signed, and killed before the checkpoint was written.
    let standing = checkpoint::standing(writer.connection(), "log.example/a").unwrap();
    let old = latest(&mut writer).size;
    let request = checkpoint::request(writer.connection(), old, &standing, None).unwrap();
    writer.log_key().signer().unwrap().unwrap().checkpoint(&request).unwrap();
    drop(writer);
    let mut writer = store.address.writer(Clock::fixed(today())).unwrap();
    act(&mut writer, 2);
    writer.sign().unwrap().unwrap();
    assert!(latest(&mut writer).size > standing.size);
}

/// Takes the last places away, as an older copy would not have them.
fn roll_back(writer: &mut Writer, size: u64) {
    let size = i64::try_from(size).unwrap();
    let statements = [
        format!("delete from log_leaf where position >= {size}"),
        format!("delete from log_checkpoint where size > {size}"),
        format!("update log_tile set width = {size}, hashes = substr(hashes, 1, {}) where level = 0", size * 32),
    ];
    for statement in statements {
        writer.connection().batch(&statement).unwrap();
    }
}

fn a_register_that_was_rolled_back_is_not_signed(store: &TestStore) {
    let mut writer = named(store);
    for number in 0..4 {
        act(&mut writer, number);
        writer.sign().unwrap();
    }
    let size = latest(&mut writer).size;
    roll_back(&mut writer, size - 2);
    // A process that knows nothing but the files: the key's memory lies beside the key.
    drop(writer);
    let mut writer = store.address.writer(Clock::fixed(today())).unwrap();
    act(&mut writer, 10);
    let refused = writer.sign().unwrap_err();
    assert_eq!(refused.code(), "log_rolled_back", "{refused}");
    // Grown beyond what was signed, with another history.
    for number in 11..14 {
        act(&mut writer, number);
    }
    let refused = writer.sign().unwrap_err();
    assert_eq!(refused.code(), "log_rolled_back", "{refused}");
    // Acts are done and placed all the same.
    assert_eq!(writer.sequence().unwrap(), 0);
    assert_eq!(sequencer::pending(writer.connection()).unwrap(), 0);
    // Another key is not taken either.
    let other = LogKey::at(Place::File(store.folder.join("other.key")));
    other.make("log.example/a", &mut Chance::default()).unwrap();
    let refused = checkpoint::sign(writer.connection(), &other, 0).unwrap_err();
    assert_eq!(refused.code(), "log_key_other", "{refused}");
    let gone = LogKey::at(Place::File(store.folder.join("gone.key")));
    assert_eq!(checkpoint::sign(writer.connection(), &gone, 0).unwrap_err().code(), "log_key_gone");
}

fn the_key_in_another_process_signs_by_the_same_rule(store: &TestStore) {
    let file = store.folder.join("held.key");
    key::make(&file, "log.example/a", &mut Chance::default()).unwrap();
    let socket = store.folder.join("signer");
    let (place, ready) = (socket.clone(), std::sync::mpsc::channel());
    let held = Local::read(&file).unwrap();
    std::thread::spawn(move || {
        signer::serve(&place, &held, || {
            ready.0.send(()).unwrap();
            Ok(())
        })
    });
    ready.1.recv().unwrap();
    let remote = LogKey::at(Place::Socket(socket.clone()));
    let signer = remote.signer().unwrap().unwrap();
    let mut writer = writer(&store.address);
    key::register(&mut writer, &draft(OFFICE), OFFICE, &signer.verifier()).unwrap();
    sequencer::run(writer.connection()).unwrap();
    checkpoint::sign(writer.connection(), &remote, 1).unwrap().unwrap();
    act(&mut writer, 1);
    checkpoint::sign(writer.connection(), &remote, 2).unwrap().unwrap();
    let size = latest(&mut writer).size;
    // What a stolen database, or a process that is not ours, may ask for is refused.
    let fork = Checkpoint { origin: "log.example/a".to_owned(), size: size + 1, root: [7; 32] };
    let ask = |old, told: &Checkpoint, proof: Vec<[u8; 32]>| {
        let asked = signer.checkpoint(&Request { old, proof, checkpoint: told.to_string() });
        asked.map(drop).map_err(|error| error.to_string())
    };
    assert!(ask(size, &fork, vec![[0; 32]; 2]).unwrap_err().contains("does not continue"));
    assert!(ask(0, &fork, Vec::new()).unwrap_err().contains(&format!("last size seen is {size}")));
    let other = Checkpoint { origin: "log.example/b".to_owned(), ..fork.clone() };
    assert!(ask(0, &other, Vec::new()).is_err(), "another log's name");
    let texts = ["no promise\n".to_owned()];
    assert!(signer.promises(&texts).is_err());
    assert!(signer.promises(&[fork.to_string()]).is_err(), "a checkpoint is no promise");
    // Nobody there.
    let away = Remote::at(&store.folder.join("nowhere")).unwrap_err();
    assert_eq!(away.code(), "log_signer_away");
    let taken = signer::serve(&socket, &Local::read(&file).unwrap(), || Ok(())).unwrap_err();
    assert_eq!(taken.code(), "log_signer_away", "one keeper a socket");
}

fn whoever_signs_follows_another_name_that_was_begun_elsewhere(store: &TestStore) {
    let mut writer = named(store);
    // A server that has signed once, and keeps the key at hand.
    let server = LogKey::of(&store.address);
    act(&mut writer, 1);
    checkpoint::sign(writer.connection(), &server, 1).unwrap().unwrap();
    let other = writer.log_key().clone().make("log.example/b", &mut Chance::default()).unwrap();
    key::register(&mut writer, &draft(OFFICE), OFFICE, &other.verifier()).unwrap();
    sequencer::run(writer.connection()).unwrap();
    let signed = checkpoint::sign(writer.connection(), &server, 2).unwrap().unwrap();
    assert_eq!(signed.origin, "log.example/b");
}

fn a_group_of_acts_is_promised_and_kept(store: &TestStore) {
    drop(named(store));
    let pen = Arc::new(Pen::new(store.address.clone(), Clock::fixed(today())));
    let acts = credence_store::group::Acts::open(&pen).unwrap();
    let mut done = Vec::new();
    for number in 0..3 {
        let (_, some) = acts
            .act(move |writer| {
                let through = jiff::civil::Date::new(2029, 1, 1).unwrap();
                let row = fact(FIRM, &format!("群{number}"), "甲", through);
                let sending = credence_store::arrival::Sending {
                    source: OFFICE,
                    item: "penalty",
                    received_on: 0,
                    batch: &[7; 16],
                    corrects: None,
                };
                writer.change(&draft(OFFICE), |change| {
                    credence_store::arrival::arrive(change, sending, std::slice::from_ref(&row), &mut |row, _| {
                        Ok(row.dates.clone())
                    })
                })
            })
            .unwrap();
        assert_eq!(some.len(), 1);
        done.extend(some);
    }
    let signer = pen.log_key().signer().unwrap().unwrap();
    let keys = [signer.verifier()];
    let texts: Vec<String> = done.iter().map(|act| act.text("log.example/a")).collect();
    let signatures = signer.promises(&texts).unwrap();
    drop(acts);
    let mut writer = pen.writer().unwrap();
    writer.sequence().unwrap();
    for ((act, text), signature) in done.iter().zip(texts).zip(signatures) {
        let promise = Promise::of(&Note { text, signatures: vec![signature] }, &keys).unwrap();
        let standing = serve::standing(writer.connection(), &act.act).unwrap();
        let serve::Standing::Placed { root, .. } = standing else { panic!("{standing:?}") };
        assert_eq!(promise.leaf, leaf_hash(&entry(&root)), "the log holds what was promised");
    }
    assert_eq!(serve::standing(writer.connection(), &[9; 16]).unwrap(), serve::Standing::Unknown);
}

fn old_checkpoints_go_and_cosigned_ones_stay(store: &TestStore) {
    let mut writer = named(store);
    let place = |name: &str| Witness {
        name: name.to_owned(),
        kind: Kind::Http,
        target: "https://w.example".to_owned(),
        vkey: String::new(),
        size: 0,
        told_at: None,
        problem: String::new(),
    };
    witness::add(&mut writer, &draft(OFFICE), OFFICE, &place("w.example/w")).unwrap();
    let insert = "insert into log_checkpoint(origin, size, note, at) values ('log.example/a', $1, 'note', 0)";
    for size in 100..1_300 {
        writer.connection().execute(insert, &[credence_store::connection::Value::Int(size)]).unwrap();
    }
    let took = Told::Took { size: 150, line: Some("line".to_owned()) };
    witness::note(&mut writer, "log.example/a", "w.example/w", &took, 1).unwrap();
    checkpoint::thin(writer.connection()).unwrap();
    let kept: Vec<u64> = checkpoint::all(writer.connection()).unwrap().iter().map(|one| one.size).collect();
    assert_eq!(kept, [150].into_iter().chain(300..1_300).collect::<Vec<_>>());
    assert_eq!(checkpoint::cosigned(writer.connection(), "log.example/a").unwrap().unwrap().1, ["line"]);
    let told = &witness::list(writer.connection()).unwrap()[0];
    assert_eq!((told.size, told.told_at), (150, Some(1)));
    assert!(witness::remove(&mut writer, &draft(OFFICE), OFFICE, "w.example/w").unwrap());
    assert!(!witness::remove(&mut writer, &draft(OFFICE), OFFICE, "w.example/w").unwrap());
    assert!(witness::list(writer.connection()).unwrap().is_empty());
}

#[test]
fn two_processes_with_one_key_remember_together() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.key");
    key::make(&file, "log.example/a", &mut Chance::default()).unwrap();
    let (one, other) = (Local::read(&file).unwrap(), Local::read(&file).unwrap());
    let leaves = [[1; 32], [2; 32], [3; 32]];
    let told = |size: usize, leaves: &[[u8; 32]]| {
        let root = credence_ledger::root(&leaves[..size]);
        Checkpoint { origin: "log.example/a".to_owned(), size: size as u64, root }.to_string()
    };
    let ask = |old: usize, size: usize, leaves: &[[u8; 32]]| {
        let proof = credence_ledger::consistency(&leaves[..size], old as u64).unwrap();
        Request { old: old as u64, proof, checkpoint: told(size, leaves) }
    };
    one.checkpoint(&ask(0, 2, &leaves)).unwrap();
    // The other one has not been asked before, and knows.
    let fork = [[1; 32], [9; 32], [3; 32]];
    assert!(other.checkpoint(&ask(0, 2, &fork)).is_err());
    assert!(other.checkpoint(&ask(2, 3, &fork)).is_err());
    other.checkpoint(&ask(2, 3, &leaves)).unwrap();
    assert!(one.checkpoint(&ask(2, 3, &fork)).is_err());
}

#[test]
fn a_key_that_others_can_read_or_that_is_none_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.key");
    key::make(&file, "log.example/a", &mut Chance::default()).unwrap();
    let code = |file: &Path| Local::read(file).map(drop).map_err(|error: StoreError| error.code());
    assert_eq!(code(&file), Ok(()));
    assert!(key::make(&file, "log.example/a", &mut Chance::default()).is_err(), "a key is never written over");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(code(&file), Err("secret_keys_exposed"));
    let bad = folder.path().join("bad.key");
    std::fs::write(&bad, "not a key").unwrap();
    std::fs::set_permissions(&bad, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(code(&bad), Err("log_key_bad"));
    // A second log under one key is what it must never come to: an earlier file is set aside.
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let before = std::fs::read_to_string(&file).unwrap();
    LogKey::at(Place::File(file.clone())).make("log.example/b", &mut Chance::default()).unwrap();
    let aside: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(aside.iter().any(|path| std::fs::read_to_string(path).unwrap() == before));
    assert_ne!(std::fs::read_to_string(&file).unwrap(), before);
}
