//! Department files as workbooks under libFuzzer; the property is `credence_fuzz`'s.

#![no_main]
use credence_domain::rulebook::Rulebook;
use std::sync::LazyLock;
use tempfile::TempDir;

static PLACE: LazyLock<(Rulebook, TempDir)> = LazyLock::new(|| {
    (credence_app::rulebook::shipped().expect("the rulebook"), tempfile::tempdir().expect("a folder"))
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| credence_fuzz::app::workbook(&PLACE.0, PLACE.1.path(), data));
