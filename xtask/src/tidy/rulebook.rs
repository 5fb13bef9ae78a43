//! The rulebook's form: TOML that parses, with ASCII keys. What it says is checked by `credence rulebook check`.

use super::Findings;
use crate::tree::{File, Tree};
use toml::{Table, Value};

/// Checks every file in `rulebook/`.
pub fn check(tree: &Tree) -> Findings {
    tree.below("rulebook/", ".toml").flat_map(rule).collect()
}

fn rule(file: &File) -> Findings {
    match file.text.parse::<Table>() {
        Ok(table) => {
            let mut keys = Vec::new();
            foreign_keys(&table, &mut keys);
            keys.into_iter().map(|key| format!("{}: key {key} is not ASCII", file.path)).collect()
        }
        Err(error) => vec![format!("{}: {error}", file.path)],
    }
}

fn foreign_keys(table: &Table, keys: &mut Vec<String>) {
    for (key, value) in table {
        if !key.is_ascii() {
            keys.push(key.clone());
        }
        visit(value, keys);
    }
}

fn visit(value: &Value, keys: &mut Vec<String>) {
    match value {
        Value::Table(table) => foreign_keys(table, keys),
        Value::Array(items) => items.iter().for_each(|item| visit(item, keys)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_not_ascii_is_found_at_any_depth() {
        let found = |text| check(&Tree::of(&[("rulebook/data/x.toml", text)])).len();
        assert_eq!(found("name = \"行政处罚\"\n"), 0);
        assert_eq!(found("[[version]]\nbasis = [{ \"条\" = \"1\" }]\n"), 1);
        assert_eq!(found("name = \n"), 1);
    }
}
