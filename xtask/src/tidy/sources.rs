//! What every Rust file keeps: an opening line that says what the room is for, a size, and nothing left undone.

use super::Findings;
use crate::tree::{File, Tree};

/// An eyebrow is raised at 350; this is the limit.
const LINES_MAX: usize = 500;

/// Marks of unfinished work, written so that this file has none of them.
const UNFINISHED: [&str; 6] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("#[ig", "nore"),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("dbg", "!("),
];

/// Checks every Rust file.
pub fn check(tree: &Tree) -> Findings {
    tree.below("", ".rs").flat_map(source).collect()
}

fn source(file: &File) -> Findings {
    let mut findings = Findings::new();
    if !file.text.starts_with("//!") {
        findings.push(format!("{}: opens without //! (what it is for, what is deliberately not here)", file.path));
    }
    let lines = file.text.lines().count();
    if lines > LINES_MAX {
        findings.push(format!("{}: {lines} lines; split it by operation (limit {LINES_MAX})", file.path));
    }
    for (number, line) in (1..).zip(file.text.lines()) {
        for mark in UNFINISHED.iter().filter(|mark| line.contains(**mark)) {
            findings.push(format!("{}:{number}: {mark} is unfinished work", file.path));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        check(&Tree::of(&[("crates/domain/src/x.rs", text)])).len()
    }

    #[test]
    fn a_module_says_what_it_is_for() {
        assert_eq!(found("//! Working days.\n"), 0);
        assert_eq!(found("use std::fmt;\n"), 1);
    }

    #[test]
    fn a_file_of_more_than_five_hundred_lines_is_found() {
        assert_eq!(found(&format!("//! Long.\n{}", "\n".repeat(499))), 0);
        assert_eq!(found(&format!("//! Long.\n{}", "\n".repeat(500))), 1);
    }

    #[test]
    fn unfinished_work_is_found() {
        assert_eq!(found(&format!("//! X.\n{}]\nfn t() {{}}\n", UNFINISHED[2])), 1);
        assert_eq!(found(&format!("//! X.\n// {}: later\n", UNFINISHED[3])), 1);
    }
}
