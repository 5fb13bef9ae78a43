//! Which crate may know which: `domain <- store <- app <- web <- cli`, leaf engines beside it, drivers in their rooms.
//!
//! A new edge is a commit of its own that changes this table and says why.

use super::Findings;
use crate::tree::{File, Tree};
use toml::{Table, Value};

/// The crates of the house and the crates of the house that each may depend on.
const EDGES: [(&str, &[&str]); 12] = [
    ("domain", &[]),
    ("ledger", &[]),
    ("courier", &[]),
    ("access", &["domain"]),
    ("search", &["domain"]),
    ("report", &["domain"]),
    ("sweep", &["domain"]),
    ("store", &["domain", "ledger"]),
    ("app", &["domain", "ledger", "courier", "access", "search", "report", "sweep", "store"]),
    ("web", &["domain", "app"]),
    ("testkit", &["domain", "ledger", "store", "app"]),
    ("cli", &["domain", "app", "web", "testkit"]),
];

/// Heavy or telling dependencies and the only crates that may name them.
const ROOMS: [(&[&str], &[&str]); 9] = [
    (&["rusqlite", "libsqlite3-sys", "sqlx", "postgres", "tokio-postgres", "diesel", "duckdb"], &["store", "testkit"]),
    (&["axum", "hyper", "tower", "tower-http", "askama"], &["web"]),
    (&["cedar-policy"], &["access"]),
    (&["ed25519-dalek"], &["ledger"]),
    (&["ureq", "reqwest", "lettre"], &["courier"]),
    (&["rustls"], &["courier", "store"]),
    (&["roaring", "tantivy"], &["search"]),
    (&["typst", "typst-as-lib"], &["report"]),
    (&["parquet", "arrow", "arrow-array", "arrow-schema", "datafusion", "ballista"], &["sweep"]),
];

/// What a crate of pure functions cannot need.
const IMPURE: [&str; 7] = ["tokio", "async-trait", "rand", "getrandom", "chrono", "reqwest", "tempfile"];
const PURE: [&str; 2] = ["domain", "ledger"];

/// Checks every manifest in `crates/`.
pub fn check(tree: &Tree) -> Findings {
    tree.below("crates/", "/Cargo.toml").filter(|file| file.path.matches('/').count() == 2).flat_map(manifest).collect()
}

fn manifest(file: &File) -> Findings {
    let name = file.path.split('/').nth(1).unwrap_or_default();
    let Some((_, allowed)) = EDGES.iter().find(|(own, _)| *own == name) else {
        return vec![format!("{}: crate is not in the table of xtask/src/tidy/layers.rs", file.path)];
    };
    let table: Table = match file.text.parse() {
        Ok(table) => table,
        Err(error) => return vec![format!("{}: {error}", file.path)],
    };
    let mut findings = Findings::new();
    for (section, dependency) in dependencies(&table) {
        let for_tests = section == "dev-dependencies";
        let mut refuse = |why: &str| findings.push(format!("{}: {section} name {dependency}: {why}", file.path));
        if let Some(own) = dependency.strip_prefix("credence-") {
            let known = allowed.contains(&own) || (for_tests && own == "testkit");
            if !known {
                refuse("no such edge in the house");
            }
        } else if let Some((_, rooms)) = ROOMS.iter().find(|(names, _)| names.contains(&dependency.as_str())) {
            // A driver hides behind the testkit even in tests; a web server may be asked by any test.
            if !rooms.contains(&name) && (!for_tests || rooms.contains(&"store")) {
                refuse(&format!("belongs to {}", rooms.join(", ")));
            }
        } else if PURE.contains(&name) && IMPURE.contains(&dependency.as_str()) && !for_tests {
            refuse("this crate is pure functions");
        }
    }
    findings
}

/// Section and true package name of every dependency, those for one target included.
fn dependencies(manifest: &Table) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (key, value) in manifest.get(section).and_then(Value::as_table).into_iter().flatten() {
            let name = value.get("package").and_then(Value::as_str).unwrap_or(key);
            found.push((section.to_owned(), name.to_owned()));
        }
    }
    for target in manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values) {
        found.extend(target.as_table().into_iter().flat_map(dependencies));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, text: &str) -> usize {
        check(&Tree::of(&[(&format!("crates/{name}/Cargo.toml"), text)])).len()
    }

    #[test]
    fn nothing_points_back() {
        assert_eq!(found("store", "[dependencies]\ncredence-domain.workspace = true\ncredence-ledger = {}"), 0);
        assert_eq!(found("domain", "[dependencies]\ncredence-store.workspace = true"), 1);
        assert_eq!(found("web", "[dependencies]\ncredence-store.workspace = true"), 1);
        assert_eq!(found("search", "[build-dependencies]\nx = { package = \"credence-app\" }"), 1);
    }

    #[test]
    fn drivers_stay_in_their_rooms() {
        assert_eq!(found("store", "[dependencies]\nrusqlite = \"0.39\""), 0);
        assert_eq!(found("app", "[dependencies]\nrusqlite = \"0.39\""), 1);
        assert_eq!(found("app", "[target.'cfg(unix)'.dependencies]\ndb = { package = \"sqlx\" }"), 1);
        assert_eq!(found("cli", "[dev-dependencies]\npostgres = \"0.19\""), 1);
        assert_eq!(found("domain", "[dependencies]\nrand = \"0.10\""), 1);
        assert_eq!(found("domain", "[dev-dependencies]\nrand = \"0.10\""), 0);
    }

    #[test]
    fn test_builders_are_for_tests_and_the_demo() {
        assert_eq!(found("app", "[dev-dependencies]\ncredence-testkit = {}"), 0);
        assert_eq!(found("app", "[dependencies]\ncredence-testkit = {}"), 1);
        assert_eq!(found("cli", "[dependencies]\ncredence-testkit = {}"), 0);
    }

    #[test]
    fn an_unknown_crate_is_found() {
        assert_eq!(found("helper", ""), 1);
    }
}
