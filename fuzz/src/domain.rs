//! Codes, values, canonical JSON, headers and the rulebook.

use credence_domain::canonical::{hex, to_vec, unhex};
use credence_domain::catalog::mapping::map_header;
use credence_domain::record::value::{date, date_of, day_number, decimal, decimal_text, push_date};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_domain::subject::uscc::{fold, suggestions};

fn text(data: &[u8]) -> &str {
    std::str::from_utf8(data).unwrap_or_default()
}

/// A code that is read is written the same and has no fault; whatever is suggested for one that is not is a code.
pub fn uscc(data: &[u8]) {
    let text = text(data);
    let folded = fold(text);
    assert_eq!(fold(&folded), folded);
    if let Ok(code) = Uscc::parse(text) {
        assert_eq!(Uscc::parse(code.as_str()), Ok(code));
        assert_eq!(code.as_str().len(), 18);
    }
    for code in suggestions(text) {
        assert_eq!(Uscc::parse(code.as_str()), Ok(code));
        assert_ne!(code.as_str(), folded);
    }
}

/// Dates and amounts that are read are written and read the same.
pub fn value(data: &[u8]) {
    let text = text(data);
    if let Some(day) = date(text) {
        let mut written = String::new();
        push_date(&mut written, day);
        assert_eq!(date(&written), Some(day));
        assert_eq!(date_of(day_number(day)), Some(day));
    }
    if let Some(amount) = decimal(text) {
        assert_eq!(decimal(&decimal_text(amount)), Some(amount));
    }
    if let Some(bytes) = unhex(text) {
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
    }
}

/// Canonical JSON of what is JSON is the same JSON, and canonical.
pub fn canonical(data: &[u8]) {
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(data) else { return };
    let written = to_vec(&value);
    let again: serde_json::Value = serde_json::from_slice(&written).expect("canonical JSON is JSON");
    assert_eq!(to_vec(&again), written);
}

/// A header maps to an item or is refused; each column is taken once.
pub fn header(rulebook: &Rulebook, data: &[u8]) {
    let cells: Vec<String> = text(data).split([',', '\t']).map(str::to_owned).collect();
    if let Ok(mapping) = map_header(&rulebook.items, jiff::civil::date(2026, 4, 10), &cells) {
        assert_eq!(mapping.columns.len(), cells.len());
        let mut taken: Vec<usize> = mapping.columns.iter().flatten().copied().collect();
        let count = taken.len();
        taken.sort_unstable();
        taken.dedup();
        assert_eq!(taken.len(), count);
    }
}

/// A file of rules is read or its findings are named; an edition that is read keeps its bytes. The first line is its path.
pub fn rules(data: &[u8]) {
    let (path, file) = text(data).split_once('\n').unwrap_or_default();
    match Rulebook::from_toml([(path.to_owned(), file.to_owned())]) {
        Ok(rulebook) => {
            let bytes = rulebook.canonical();
            let again = Rulebook::from_canonical(&bytes).expect("what was written is read");
            assert_eq!(again.canonical(), bytes);
            assert_eq!(again.digest, rulebook.digest);
        }
        Err(findings) => assert!(!findings.is_empty() && findings.iter().all(|finding| !finding.reason.is_empty())),
    }
}

/// The kept bytes of an edition, damaged.
pub fn edition(data: &[u8]) {
    if let Err(findings) = Rulebook::from_canonical(data) {
        assert!(!findings.is_empty());
    }
}
