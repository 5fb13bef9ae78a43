//! No file names the machine it was written on.

use super::Findings;
use crate::tree::Tree;

/// Where people and build machines keep their own things, written so that this file has none of them.
const PRIVATE: [&str; 4] =
    [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/"), concat!("/wo", "rk/")];

/// Checks every text file.
pub fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::new();
    for file in &tree.files {
        for (number, line) in (1..).zip(file.text.lines()) {
            if PRIVATE.iter().any(|path| starts_a_path(line, path)) {
                findings.push(format!("{}:{number}: names a path of one machine", file.path));
            }
        }
    }
    findings
}

/// Whether `path` stands in the line as the beginning of a path and not as the middle of one.
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        before.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | '…')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_found() {
        let (home, root) = (PRIVATE[0], PRIVATE[1]);
        let text = format!("see {home}someone/x\n\"{root}.cargo\"\nhttps://example.org{home}page\nsrc{root}mod.rs\n");
        assert_eq!(check(&Tree::of(&[("docs/a.md", &text)])).len(), 2);
    }
}
