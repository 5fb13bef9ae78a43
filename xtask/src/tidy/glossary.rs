//! The glossary fixes the names: every term in it is used, and every room of `domain` is in it.

use super::Findings;
use crate::tree::Tree;

const GLOSSARY: &str = "docs/glossary.md";

/// Rooms that are tools of the trade rather than terms of the field.
const TOOLS: [&str; 2] = ["canonical", "lib"];

/// Checks docs/glossary.md against the rest of the repository.
pub fn check(tree: &Tree) -> Findings {
    let Some(file) = tree.file(GLOSSARY) else {
        return vec![format!("{GLOSSARY}: missing")];
    };
    let terms: Vec<(&str, &str)> = file.text.lines().filter_map(term).collect();
    let mut findings = Findings::new();
    for (english, chinese) in &terms {
        // A term is one spelling or several.
        for name in chinese.split(" / ").map(str::trim) {
            if !tree.files.iter().any(|other| other.path != GLOSSARY && other.text.contains(name)) {
                findings.push(format!("{GLOSSARY}: {english} ({name}) is used nowhere"));
            }
        }
        if terms.iter().filter(|(other, _)| other == english).count() > 1 {
            findings.push(format!("{GLOSSARY}: {english} stands twice"));
        }
    }
    for room in rooms(tree) {
        // A term of two words is a room of two words.
        if !terms.iter().any(|(english, _)| english.replace(' ', "_") == room) {
            findings.push(format!("crates/domain: the room {room} is not in {GLOSSARY}"));
        }
    }
    findings
}

/// English and Chinese of a row `| english | chinese | … |`; rows without Chinese are headings.
fn term(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    let (english, chinese) = (cells.next()?, cells.next()?);
    (!chinese.is_ascii()).then_some((english, chinese))
}

/// The modules right below crates/domain/src.
fn rooms(tree: &Tree) -> Vec<&str> {
    let mut rooms: Vec<&str> = tree
        .below("crates/domain/src/", ".rs")
        .filter_map(|file| file.path.strip_prefix("crates/domain/src/"))
        .map(|path| path.split('/').next().unwrap_or(path).trim_end_matches(".rs"))
        .filter(|room| !TOOLS.contains(room))
        .collect();
    rooms.dedup();
    rooms
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "| term | Chinese |\n|---|---|\n| repair | 信用修复 |\n";

    #[test]
    fn a_term_that_nobody_uses_is_found() {
        assert_eq!(check(&Tree::of(&[(GLOSSARY, TABLE), ("rulebook/a.toml", "name = \"信用修复\"")])).len(), 0);
        assert_eq!(check(&Tree::of(&[(GLOSSARY, TABLE)])).len(), 1);
    }

    #[test]
    fn a_room_that_is_no_term_is_found() {
        let files =
            [(GLOSSARY, TABLE), ("crates/domain/src/repair/mod.rs", "//! 信用修复"), ("crates/domain/src/x.rs", "")];
        assert_eq!(check(&Tree::of(&files)), ["crates/domain: the room x is not in docs/glossary.md"]);
    }
}
