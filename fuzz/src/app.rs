//! Department files of all three kinds, and manifests of packages.

use credence_app::AppError;
use credence_app::collect::file::Incoming;
use credence_app::exchange::manifest::Manifest;
use credence_domain::rulebook::Rulebook;
use jiff::civil::date;
use std::path::Path;

/// A file is refused with a code, or read to its end: rows in the order of their lines, none without a line.
fn file(rulebook: &Rulebook, folder: &Path, name: &str, data: &[u8]) {
    let path = folder.join(name);
    std::fs::write(&path, data).expect("a file");
    for item in [None, Some("penalty")] {
        let opened = match Incoming::open(&path, rulebook, date(2026, 4, 10), item) {
            Ok(opened) => opened,
            Err(AppError::Refused { code, detail, .. }) => {
                assert!(!code.is_empty() && !detail.is_empty());
                continue;
            }
            Err(error) => panic!("neither read nor refused: {error}"),
        };
        assert!(opened.columns(rulebook, date(2026, 4, 10)).len() >= opened.header.len());
        let mut rows = match opened.rows() {
            Ok(rows) => rows,
            Err(AppError::Refused { .. }) => continue,
            Err(error) => panic!("neither read nor refused: {error}"),
        };
        let (mut last, mut read) = (0, 0);
        loop {
            match rows.next_row() {
                Ok(Some(row)) => {
                    assert!(row.line >= last, "line {} after {last}", row.line);
                    last = row.line;
                    assert_eq!(row.cells().count(), row.len());
                    read += 1;
                    assert!(read <= data.len() + 1, "more rows than bytes");
                }
                Ok(None) => break,
                Err(AppError::Refused { code, .. }) => {
                    assert!(!code.is_empty());
                    break;
                }
                Err(error) => panic!("neither read nor refused: {error}"),
            }
        }
    }
}

/// Delimited text in any encoding.
pub fn table(rulebook: &Rulebook, folder: &Path, data: &[u8]) {
    file(rulebook, folder, "rows.csv", data);
}

/// JSON lines.
pub fn lines(rulebook: &Rulebook, folder: &Path, data: &[u8]) {
    file(rulebook, folder, "rows.jsonl", data);
}

/// Workbooks.
pub fn workbook(rulebook: &Rulebook, folder: &Path, data: &[u8]) {
    file(rulebook, folder, "rows.xlsx", data);
}

/// A manifest names a file of the same folder and nothing else, or is refused.
pub fn manifest(data: &[u8]) {
    match Manifest::read(data) {
        Ok(Some(manifest)) => {
            assert!(!manifest.file.contains(['/', '\\']) && !manifest.file.starts_with('.') && manifest.sequence > 0);
            assert!(!manifest.name().contains(['/', '\\', '.']));
        }
        Ok(None) => {}
        Err(AppError::Refused { code, .. }) => assert_eq!(code, "manifest_invalid"),
        Err(error) => panic!("neither read nor refused: {error}"),
    }
}
