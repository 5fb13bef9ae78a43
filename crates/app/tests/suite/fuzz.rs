//! Department files and manifests: rubbish, and mutations of those in `examples/`. The properties are those of `fuzz/`.

use credence_domain::rulebook::Rulebook;
use std::path::{Path, PathBuf};

#[path = "../../../../fuzz/src/mutate.rs"]
mod mutate;
#[path = "../../../../fuzz/src/app.rs"]
mod targets;

use mutate::feed;

/// The beginnings of specimens with one of these endings.
fn specimens(folder: &str, endings: &[&str], most: usize) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)));
    let read = |path: PathBuf| {
        let mut bytes = std::fs::read(path).unwrap();
        bytes.truncate(most);
        bytes
    };
    let found: Vec<Vec<u8>> = paths.into_iter().map(read).collect();
    assert!(!found.is_empty(), "{} holds none", folder.display());
    found
}

fn run(property: impl Fn(&Rulebook, &Path, &[u8]), seeds: &[Vec<u8>], cases: u32) {
    let (rulebook, folder) = (credence_app::rulebook::shipped().unwrap(), tempfile::tempdir().unwrap());
    feed(|data| property(&rulebook, folder.path(), data), seeds, cases);
}

#[test]
fn delimited_text() {
    run(targets::table, &specimens("files", &[".csv", ".tsv"], 3_000), 1_000);
}

#[test]
fn json_lines() {
    run(targets::lines, &specimens("formats", &[".jsonl"], 3_000), 1_000);
}

#[test]
fn workbooks() {
    run(targets::workbook, &specimens("formats", &[".xlsx"], usize::MAX), 400);
}

#[test]
fn manifests() {
    let digest = "0".repeat(64);
    let text = format!(
        r#"{{"unit":"11379900000000086M","item":"penalty","sequence":1,"file":"rows.csv","sha256":"{digest}","operation":"i","reason":""}}"#
    );
    feed(targets::manifest, &[text.into_bytes()], 4_000);
}
