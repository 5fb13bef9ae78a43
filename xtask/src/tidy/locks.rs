//! Lock files name the public registries only: never a mirror that only one machine can reach.

use super::Findings;
use crate::tree::Tree;

/// Lock files, what stands before an address in them, and how a public one begins.
const LOCKS: [(&str, &str, &str); 2] = [
    ("Cargo.lock", "source = \"", "registry+https://github.com/rust-lang/crates.io-index"),
    ("package-lock.json", "\"resolved\": \"", "https://registry.npmjs.org/"),
];

/// Checks every lock file.
pub fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::new();
    for (name, before, public) in LOCKS {
        for file in tree.below("", name).filter(|file| file.path.rsplit('/').next() == Some(name)) {
            for (number, line) in (1..).zip(file.text.lines()) {
                if line.trim_start().strip_prefix(before).is_some_and(|address| !address.starts_with(public)) {
                    findings.push(format!("{}:{number}: comes from elsewhere than {public}", file.path));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_mirror_is_found() {
        let lock = "  \"resolved\": \"https://registry.npmjs.org/a\",\n  \"resolved\": \"https://mirror.example/a\",\n";
        assert_eq!(check(&Tree::of(&[("frontend/package-lock.json", lock)])).len(), 1);
        assert_eq!(check(&Tree::of(&[("Cargo.lock", "source = \"git+https://example.org/x\"\n")])).len(), 1);
    }
}
