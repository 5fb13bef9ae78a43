//! Backups of either database are restored into either, a copy there and back is the same, whatever is damaged is named, and what
//! was erased is gone from backups that were made before.

use crate::desk::*;
use crate::erasure::{erase_one, everything, lived, marked, marked_record, marks_in};
use credence_app::backup::{Persons, Report, check, copy, key_file, restore, write};
use credence_app::verify::verify;
use credence_app::{Address, AppError, Clock};
use credence_store::backup::BackupKey;
use credence_store::open;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use std::path::{Path, PathBuf};

fn clock() -> Clock {
    Clock::fixed(today())
}

fn code<T: std::fmt::Debug>(result: Result<T, AppError>) -> String {
    result.unwrap_err().code().to_owned()
}

/// A register with a bit of everything, and its backup.
fn backed_up(store: &TestStore) -> (PathBuf, Report) {
    drop(lived(store));
    let folder = store.folder.join("backup");
    let report = write(&store.address, &folder, None, &clock()).unwrap();
    (folder, report)
}

fn sound(address: &Address) -> String {
    let report = verify(address).unwrap();
    let failed: Vec<_> = report.requirements.iter().filter(|one| one.failed > 0).collect();
    assert!(failed.is_empty(), "{failed:?}");
    report.state_digest.unwrap()
}

fn a_backup_is_restored_into_either_database(store: &TestStore) {
    let (folder, made) = backed_up(store);
    let digest = sound(&store.address);
    assert_eq!(made.state_digest, digest);
    assert!(made.records > 3 && made.leaves > 10 && made.differences.is_empty(), "{made:?}");
    let again = check(&folder, &key_file(&store.address)).unwrap();
    assert_eq!((again.rows, again.forgotten), (made.rows, 0));
    for other in [TestStore::sqlite(), TestStore::postgres()] {
        // Numbers of identity papers open under the keys of the register that was backed up.
        carry_keys(store, &other);
        let restored = restore((&folder, &key_file(&store.address)), &other.address, None, None, &clock()).unwrap();
        assert_eq!(restored.differences, Vec::<String>::new());
        assert_eq!((restored.rows, restored.erased_again), (made.rows, 0));
        assert_eq!(sound(&other.address), digest);
        let refused = restore((&folder, &key_file(&store.address)), &other.address, None, None, &clock());
        assert_eq!(code(refused), "register_not_empty");
        // It goes on where it stood.
        let mut desk = Desk::new(&other);
        desk.send(vec![penalty(FIRM, "恢复之后")]);
        drop(desk);
        sound(&other.address);
        // Another backup of it is sealed under the same key.
        let next = other.folder.join("next");
        write(&other.address, &next, None, &clock()).unwrap();
        check(&next, &key_file(&store.address)).unwrap();
    }
}

fn carry_keys(from: &TestStore, to: &TestStore) {
    use credence_store::secret::{Keyring, private};
    let place = |store: &TestStore| Keyring::of(&store.address).place().unwrap().to_owned();
    private::write_new(&place(to), &private::read(&place(from)).unwrap()).unwrap();
}

fn a_copy_there_and_back_is_the_same(store: &TestStore) {
    drop(lived(store));
    let digest = sound(&store.address);
    let (over, back) = match store.address {
        Address::Sqlite(_) => (TestStore::postgres(), TestStore::sqlite()),
        Address::Postgres(_) => (TestStore::sqlite(), TestStore::postgres()),
    };
    for (from, to) in [(store, &over), (&over, &back)] {
        let copied = copy(&from.address, &to.address).unwrap();
        assert_eq!(copied.differences, Vec::<String>::new());
        assert_eq!((copied.state_digest.as_str(), sound(&to.address)), (digest.as_str(), digest.clone()));
    }
    assert_eq!(code(copy(&store.address, &back.address)), "register_not_empty");
}

fn every_flipped_byte_and_every_cut_is_named(store: &TestStore) {
    let (folder, made) = backed_up(store);
    let key = key_file(&store.address);
    for name in ["credence-backup.data", "credence-backup.json"] {
        let file = folder.join(name);
        let whole = std::fs::read(&file).unwrap();
        let damaged = |bytes: &[u8]| {
            std::fs::write(&file, bytes).unwrap();
            let error = check(&folder, &key).unwrap_err();
            assert!(["backup_damaged", "backup_key_other"].contains(&error.code()), "{error}");
            error.to_string()
        };
        for place in (0..whole.len()).step_by(whole.len() / 43) {
            let mut bytes = whole.clone();
            bytes[place] ^= 1 << (place % 8);
            damaged(&bytes);
        }
        for length in [0, 1, whole.len() / 2, whole.len() - 1] {
            damaged(&whole[..length]);
        }
        damaged(&[whole.as_slice(), b"more"].concat());
        std::fs::write(&file, &whole).unwrap();
        check(&folder, &key).unwrap();
    }
    // A block in another's place, and one too few.
    let target = TestStore::sqlite();
    let data = folder.join("credence-backup.data");
    let whole = std::fs::read(&data).unwrap();
    std::fs::write(&data, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(code(restore((&folder, &key), &target.address, None, None, &clock())), "backup_damaged");
    // What was cut off opens for nobody, and is begun again from a whole backup.
    assert_eq!(target.address.reader().map(drop).unwrap_err().code(), "restore_unfinished");
    assert_eq!(target.address.writer(clock()).map(drop).unwrap_err().code(), "restore_unfinished");
    std::fs::write(&data, &whole).unwrap();
    carry_keys(store, &target);
    let restored = restore((&folder, &key), &target.address, None, None, &clock()).unwrap();
    assert_eq!((restored.rows, restored.differences.len()), (made.rows, 0));
    sound(&target.address);
    // A folder that was never finished, a folder that is taken, a key that is another's, no key.
    std::fs::remove_file(folder.join("credence-backup.json")).unwrap();
    assert_eq!(code(check(&folder, &key)), "backup_damaged");
    assert_eq!(code(write(&store.address, &folder, None, &clock())), "foreign_folder");
    let second = store.folder.join("second");
    write(&store.address, &second, None, &clock()).unwrap();
    let stranger = store.folder.join("stranger");
    BackupKey::make(&stranger, &mut credence_store::clock::Chance::default()).unwrap();
    assert_eq!(code(check(&second, &stranger)), "backup_key_other");
    std::fs::remove_file(&key).unwrap();
    assert_eq!(code(check(&second, &key)), "backup_key_gone");
    assert_eq!(code(write(&store.address, &store.folder.join("third"), None, &clock())), "backup_key_gone");
}

fn what_is_erased_is_gone_from_backups_that_were_made_before(store: &TestStore) {
    let (desk, _files) = lived(store);
    drop(desk);
    let folder = store.folder.join("backup");
    write(&store.address, &folder, None, &clock()).unwrap();
    let key = key_file(&store.address);
    let kept = store.folder.join("an-old-copy-of-the-key");
    credence_store::secret::private::write_new(&kept, &std::fs::read_to_string(&key).unwrap()).unwrap();

    let mut desk = Desk::new(store);
    // Corrected once more after the backup: that version is in no backup.
    let mut corrected = marked();
    corrected.insert("CF_SY", "又更正：标记事实乙P22W。".to_owned());
    desk.send(vec![corrected]);
    let id = marked_record(&desk).id;
    // The key is needed: where it is not at hand nothing is erased.
    let aside = store.folder.join("aside");
    std::fs::rename(&key, &aside).unwrap();
    assert_eq!(code(erase_one(&mut desk, &id, None)), "backup_key_gone");
    desk.verify();
    std::fs::rename(&aside, &key).unwrap();
    erase_one(&mut desk, &id, None).unwrap();
    desk.verify();
    drop(desk);
    assert!(check(&folder, &key).unwrap().forgotten >= 5);

    let marks = |address: &Address| -> Vec<&str> {
        let found = marks_in(&everything(address));
        found.into_iter().map(|(_, mark)| mark).filter(|mark| *mark != "标记理由引文").collect()
    };
    let persons = Some(Persons { actor: "恢复甲", second: "恢复乙" });
    for other in [TestStore::sqlite(), TestStore::postgres()] {
        carry_keys(store, &other);
        for wrong in [None, Some(Persons { actor: "甲", second: " 甲" })] {
            assert_eq!(code(restore((&folder, &key), &other.address, None, wrong, &clock())), "four_eyes");
        }
        let restored = restore((&folder, &key), &other.address, None, persons, &clock()).unwrap();
        assert_eq!(restored.erased_again, 1);
        assert_eq!(marks(&other.address), Vec::<&str>::new());
        sound(&other.address);
        let mut desk = Desk::new(&other);
        let again = desk.send(vec![marked()]);
        assert_eq!(desk.rejected(&again), [(2, "erased".to_owned())]);
        desk.verify();
    }
    // The key as it was opens everything: whoever holds a copy has to replace it.
    let other = TestStore::sqlite();
    carry_keys(store, &other);
    let whole = restore((&folder, &kept), &other.address, None, None, &clock()).unwrap();
    assert_eq!(whole.forgotten, 0);
    assert!(!marks(&other.address).is_empty());
    // A backup made now holds nothing of it under any key.
    let after = store.folder.join("after");
    write(&store.address, &after, None, &clock()).unwrap();
    let other = TestStore::sqlite();
    carry_keys(store, &other);
    // Nothing that it holds was erased since: one person restores it.
    let restored = restore((&after, &key), &other.address, None, None, &clock()).unwrap();
    assert_eq!((restored.forgotten, restored.differences), (0, Vec::new()));
    let other = TestStore::sqlite();
    carry_keys(store, &other);
    let restored = restore((&after, &kept), &other.address, None, None, &clock()).unwrap();
    assert_eq!((restored.forgotten, restored.differences), (0, Vec::new()));
    assert_eq!(marks(&other.address), Vec::<&str>::new());
    sound(&other.address);
}

fn files_that_wait_are_in_the_backup(store: &TestStore) {
    drop(registered(store));
    let spool = store.folder.join("spool");
    std::fs::create_dir_all(&spool).unwrap();
    let large: Vec<u8> = (0..9_000_001_u32).map(|n| n.to_le_bytes()[(n % 4) as usize]).collect();
    let sent: [(&str, &[u8]); 4] = [("B1.body", &large), ("B1.json", b"{}"), ("B2.body", b""), ("B2.json", b"{}")];
    for (name, bytes) in sent {
        std::fs::write(spool.join(name), bytes).unwrap();
    }
    // Not acknowledged, and not waiting any more.
    std::fs::write(spool.join("B3.part"), b"x").unwrap();
    std::fs::write(spool.join("B4.rejects"), b"x").unwrap();
    let folder = store.folder.join("backup");
    assert_eq!(write(&store.address, &folder, Some(&spool), &clock()).unwrap().waiting, 4);
    let other = store.twin();
    let there = other.folder.join("spool");
    std::fs::create_dir_all(&there).unwrap();
    std::fs::write(there.join("another"), b"x").unwrap();
    let key = key_file(&store.address);
    let into = |place: &Path| restore((&folder, &key), &other.address, Some(place), None, &clock());
    assert_eq!(code(into(&there)), "register_not_empty");
    std::fs::remove_file(there.join("another")).unwrap();
    into(&there).unwrap();
    for (name, bytes) in sent {
        assert_eq!(std::fs::read(there.join(name)).unwrap(), bytes, "{name}");
    }
    assert_eq!(std::fs::read_dir(&there).unwrap().count(), 4);
}

fn a_register_that_is_marked_as_unfinished_is_filled_anew(store: &TestStore) {
    drop(registered(store));
    let folder = store.folder.join("backup");
    write(&store.address, &folder, None, &clock()).unwrap();
    let other = store.twin();
    drop(registered(&other));
    let mut reader = other.address.writer(clock()).unwrap();
    open::set_mark(reader.connection(), "loading", "of another").unwrap();
    drop(reader);
    assert_eq!(other.address.reader().map(drop).unwrap_err().code(), "restore_unfinished");
    let restored = restore((&folder, &key_file(&store.address)), &other.address, None, None, &clock()).unwrap();
    assert_eq!(restored.differences, Vec::<String>::new());
    assert_eq!(sound(&other.address), sound(&store.address));
}

both_stores!(
    a_backup_is_restored_into_either_database,
    a_copy_there_and_back_is_the_same,
    every_flipped_byte_and_every_cut_is_named,
    what_is_erased_is_gone_from_backups_that_were_made_before,
    files_that_wait_are_in_the_backup,
    a_register_that_is_marked_as_unfinished_is_filled_anew,
);
