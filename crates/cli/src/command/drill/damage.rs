//! What is damaged is found and named.

use super::place::{Place, said};
use super::{Outcome, cluster};
use anyhow::Context;
use credence_app::{Address, Clock, drill};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bits that are flipped in a round.
const FLIPS: usize = 20;

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// How much of a write-ahead log is certainly on the disk: what was copied into the database, or may have been, before the kill. No
/// machine loses it: SQLite copies only what is on the disk. Read from the log's header and its index (walformat of SQLite).
fn copied(log: &Path, index: &Path) -> u64 {
    const HEADER: u64 = 32;
    const FRAME_HEADER: u64 = 24;
    let number = |path: &Path, at: usize| {
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok())
    };
    let page = number(log, 8).map_or(0, u32::from_be_bytes);
    let frames = number(index, 128).map_or(0, u32::from_ne_bytes);
    HEADER + u64::from(frames) * (FRAME_HEADER + u64::from(page))
}

/// The write-ahead log is torn off at a random place after a kill: what is left is whole.
pub(super) fn torn_log(place: &mut Place) -> anyhow::Result<Outcome> {
    let Some(register) = place.file() else { return cluster::torn_log(place) };
    let (mut wrong, mut torn) = (Vec::new(), 0);
    for round in 0..place.rounds {
        let file = place.new_file(place.rows)?;
        let mut running = place.start_import(&file)?;
        std::thread::sleep(Duration::from_micros(50_000 + place.below(400_000)));
        running.kill()?;
        running.wait()?;
        let log = beside(&register, "-wal");
        let length = std::fs::metadata(&log).map_or(0, |found| found.len());
        let copied = copied(&log, &beside(&register, "-shm"));
        if length > copied.max(64) {
            torn += 1;
            // What a lost page of the log's end looks like: its last bytes gone.
            let left = (length - 1 - place.below((length / 8).max(1))).max(copied);
            std::fs::OpenOptions::new().write(true).open(&log)?.set_len(left)?;
            let _ = std::fs::remove_file(beside(&register, "-shm"));
        }
        // The key's memory may say that something signed is gone: that is found, not lost silently, and the log goes on under
        // another name.
        let told = place.verify(&[])?;
        if !told.is_empty() && told.iter().all(|one| one.starts_with("\"checkpoint\"")) {
            place.name_log(&format!("drill-{}-wal-{round}.invalid", place.seed))?;
            wrong.extend(place.verify(&[])?);
        } else {
            wrong.extend(told);
        }
        wrong.extend(place.import_whole(&file)?);
    }
    wrong.extend(place.verify(&[])?);
    Ok(Outcome::of(place.rounds, format!("{torn} 次撕裂，留下的都完整，其后续完"), wrong))
}

/// Random bits of a backup are flipped; it is cut off.
pub(super) fn backup(place: &mut Place) -> anyhow::Result<Outcome> {
    let folder = place.folder.join("backup");
    let at = folder.display().to_string();
    place.done(&["backup", &at])?;
    let (mut wrong, mut named) = (Vec::new(), 0);
    for name in ["credence-backup.data", "credence-backup.json"] {
        let file = folder.join(name);
        let whole = std::fs::read(&file)?;
        for round in 0..place.rounds * FLIPS {
            let mut bytes = whole.clone();
            let length = bytes.len();
            if round % FLIPS == 0 {
                bytes.truncate(usize::try_from(place.below(length as u64))?);
            } else if let Some(byte) = bytes.get_mut(usize::try_from(place.below(length as u64))?) {
                *byte ^= 1 << (round % 8);
            }
            std::fs::write(&file, bytes)?;
            let output = place.ask(&["backup", "--check", &at])?;
            if output.status.success() || !said(&output).contains("backup") {
                wrong.push(format!("a damaged {name} was taken for whole"));
            }
            named += 1;
        }
        std::fs::write(&file, whole)?;
    }
    place.done(&["backup", "--check", &at])?;
    Ok(Outcome::of(place.rounds, format!("{named} 处损坏均被指出"), wrong))
}

/// Tables whose content an outsider's proof covers: facts, acts, log.
fn proven(table: &str) -> bool {
    table.starts_with("record") || matches!(table, "act" | "chunk" | "log_leaf" | "log_tile" | "log_checkpoint")
}

/// What every table holds, as one digest a table; nothing where it cannot be read any more.
fn held(place: &Place) -> Option<BTreeMap<String, String>> {
    drill::table_digests(&Address::parse(&place.database).ok()?).ok()
}

/// Random bits of the register's file are flipped, each round on a fresh copy of it. Whatever changed what a fact, an act or the
/// log says is found; what cannot be read any more is told. Bits that hold nothing change nothing.
pub(super) fn flipped(place: &mut Place) -> anyhow::Result<Outcome> {
    let Some(register) = place.file() else { return cluster::flipped(place) };
    // Everything into the file, so that there is one place to damage.
    drill::settle(&Address::Sqlite(register.clone()), Clock::system())?;
    let whole = std::fs::read(&register)?;
    let before = held(place).context("the copy cannot be read")?;
    let (mut wrong, mut found, mut elsewhere, mut nothing) = (Vec::new(), 0, 0, 0);
    for _ in 0..place.rounds {
        let mut bytes = whole.clone();
        for _ in 0..FLIPS {
            let (at, bit) = (place.below(bytes.len() as u64), place.below(8));
            if let Some(byte) = bytes.get_mut(usize::try_from(at)?) {
                *byte ^= 1 << bit;
            }
        }
        for ending in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(beside(&register, ending));
        }
        std::fs::write(&register, bytes)?;
        let after = held(place);
        let named = !place.verify(&[])?.is_empty();
        let changed: Vec<&str> = after.as_ref().map_or(vec!["unreadable"], |after| {
            before
                .iter()
                .filter(|(table, digest)| after.get(*table) != Some(digest))
                .map(|(table, _)| table.as_str())
                .collect()
        });
        if named {
            found += 1;
        } else if changed.iter().any(|table| proven(table) || *table == "unreadable") {
            wrong.push(format!("what {changed:?} say was changed and verify did not find it"));
        } else if changed.is_empty() {
            nothing += 1;
        } else {
            elsewhere += 1;
        }
    }
    std::fs::write(&register, whole)?;
    wrong.extend(place.verify(&[])?);
    let seen = format!("每次 {FLIPS} 个位：{found} 次被指出，{nothing} 次落在空处，{elsewhere} 次只在无须证明的表");
    Ok(Outcome::of(place.rounds, seen, wrong))
}
