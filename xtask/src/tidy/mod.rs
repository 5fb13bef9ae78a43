//! The rules that hold the architecture, one file a group; each names what it found and where.
//!
//! A rule reads the [`Tree`] alone, so that its own tests can show it a wrong one.

mod glossary;
mod layers;
mod locks;
mod paths;
mod rulebook;
mod sources;

use crate::tree::Tree;
use anyhow::{Result, bail};
use std::path::Path;

/// What a rule found, as `path: what is wrong`.
type Findings = Vec<String>;

/// A rule: its name and what it finds.
type Rule = (&'static str, fn(&Tree) -> Findings);

const RULES: [Rule; 6] = [
    ("layers", layers::check),
    ("sources", sources::check),
    ("paths", paths::check),
    ("locks", locks::check),
    ("rulebook", rulebook::check),
    ("glossary", glossary::check),
];

/// Runs every rule and fails when one found anything.
pub fn run(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    let mut count = 0;
    for (name, check) in RULES {
        for finding in check(&tree) {
            eprintln!("tidy {name}: {finding}");
            count += 1;
        }
    }
    if count > 0 {
        bail!("tidy: {count} findings");
    }
    println!("tidy: {} files keep {} groups of rules", tree.files.len(), RULES.len());
    Ok(())
}
