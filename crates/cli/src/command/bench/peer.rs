//! Where the peers are: small scripts of ours beside the sources, and the Python that `make bench-setup` made for them.

use std::path::{Path, PathBuf};

/// The folder of the peers' scripts.
pub fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bench")
}

/// The Python with the peers' packages: `CREDENCE_BENCH_PYTHON`, else the one of `make bench-setup`; none where neither
/// is there.
pub fn python() -> Option<PathBuf> {
    let named = std::env::var_os("CREDENCE_BENCH_PYTHON").map(PathBuf::from);
    let made = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python");
    let python = named.unwrap_or_else(made);
    python.exists().then_some(python)
}
