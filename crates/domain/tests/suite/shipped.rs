//! The shipped files of `rulebook/repair/` and `rulebook/calendar/`.

use credence_domain::calendar::{Calendar, Year};
use credence_domain::publicity::{ClocksFile, DeadlinesFile, KindsFile, Pack, Rules};
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

pub static RULES: LazyLock<Rules> =
    LazyLock::new(|| Rules::from_files(packs(), kinds(), deadlines(), clocks()).unwrap());

pub static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::from_years(folder::<Year>("calendar")).unwrap());

pub fn packs() -> Vec<Pack> {
    folder("repair/packs")
}

pub fn kinds() -> KindsFile {
    read(&root().join("repair/kinds.toml"))
}

pub fn deadlines() -> DeadlinesFile {
    read(&root().join("repair/deadlines.toml"))
}

pub fn clocks() -> ClocksFile {
    read(&root().join("repair/clocks.toml"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook")
}

fn folder<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let mut paths: Vec<_> = std::fs::read_dir(root().join(name)).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|p| read(p)).collect()
}

fn read<T: DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap();
    toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
