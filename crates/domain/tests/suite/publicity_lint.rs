//! The linter passes on what is shipped and names each kind of fault.

use super::shipped::{RULES, clocks, deadlines, kinds, packs};
use credence_domain::publicity::{Class, Pack, Regulator, Rules, RulesError, Use, lint};

/// The faults of the shipped rules after one pack was changed.
fn faults(id: &str, change: impl FnOnce(&mut Pack)) -> Vec<String> {
    let mut all = packs();
    change(all.iter_mut().find(|p| p.id == id).unwrap());
    let rules = Rules::from_files(all, kinds(), deadlines(), clocks()).unwrap();
    lint(&rules).into_iter().map(|p| format!("{}: {}", p.file, p.reason)).collect()
}

#[test]
fn the_shipped_rules_have_no_fault() {
    assert_eq!(lint(&RULES), []);
}

#[test]
fn every_class_of_every_pack_has_basis_and_certainty() {
    assert_eq!(RULES.packs().len(), 22);
    for pack in RULES.packs() {
        assert!(!pack.basis.is_empty(), "{}", pack.id);
        for row in &pack.rows {
            assert!(!row.basis.is_empty(), "{} {}", pack.id, row.code);
            assert_eq!(row.sure == credence_domain::publicity::Sure::M, row.unverified && pack.unverified);
        }
    }
}

#[test]
fn a_class_without_basis_is_a_fault() {
    let found = faults("ndrc-36-2025", |p| p.rows[1].basis.clear());
    assert_eq!(found, ["repair/packs/ndrc-36-2025.toml: class general has no basis"]);
}

#[test]
fn a_class_without_exit_is_a_fault() {
    let found = faults("ndrc-36-2025", |p| p.rows[1].max_months = None);
    assert_eq!(
        found,
        ["repair/packs/ndrc-36-2025.toml: class general has no exit: neither a maximum nor an event ends it"]
    );
}

#[test]
fn a_repairable_class_without_minimum_is_a_fault() {
    let found = faults("ndrc-36-2025", |p| p.rows[1].min_months = None);
    assert_eq!(found, ["repair/packs/ndrc-36-2025.toml: class general can be repaired but has no minimum"]);
}

#[test]
fn an_unrepairable_class_without_reason_is_a_fault() {
    let found = faults("samr-107-2025", |p| p.rows[5].repair_reason = None);
    assert_eq!(
        found,
        ["repair/packs/samr-107-2025.toml: class serious_exit cannot be repaired on application and gives no reason"]
    );
}

#[test]
fn two_versions_of_one_class_overlap() {
    let found = faults("ndrc-36-2025", |p| p.rows.push(p.rows[1].clone()));
    assert_eq!(found, ["repair/packs/ndrc-36-2025.toml: overlapping versions: class general stands twice"]);
}

#[test]
fn two_packs_in_force_on_one_day_overlap() {
    let found = faults("ndrc-58-2023", |p| p.effective_to = Some(jiff::civil::date(2026, 4, 1)));
    assert!(
        found.iter().any(|f| f.contains("overlapping versions: ndrc-58-2023 and this pack both rule penalty of tax"))
    );
}

#[test]
fn a_day_without_a_pack_is_a_fault() {
    let found = faults("ndrc-58-2023", |p| p.effective_to = Some(jiff::civil::date(2026, 3, 30)));
    assert!(found.iter().any(|f| f.contains("no pack rules penalty of other from 2026-03-31")), "{found:?}");
}

#[test]
fn a_pack_that_ends_without_successor_is_a_fault() {
    let found = faults("ndrc-36-2025", |p| p.effective_to = Some(jiff::civil::date(2030, 1, 1)));
    assert!(found.iter().any(|f| f.contains("no pack rules penalty of other after 2030-01-01")), "{found:?}");
}

#[test]
fn a_pack_that_names_a_missing_row_is_refused() {
    let mut all = packs();
    let pack = all.iter_mut().find(|p| p.id == "ndrc-36-2025").unwrap();
    let first: &mut Use = pack.uses.first_mut().unwrap();
    (first.row, first.regulators) = (Some("none".to_owned()), vec![Regulator::Other]);
    let refused = Rules::from_files(all, kinds(), deadlines(), clocks()).unwrap_err();
    assert_eq!(refused.to_string(), "pack ndrc-36-2025 names row none, which does not exist");
}

#[test]
fn a_kind_written_twice_is_refused() {
    let mut double = kinds();
    double.kinds[1].names.push("警告".to_owned());
    let refused = Rules::from_files(packs(), double, deadlines(), clocks()).unwrap_err();
    assert_eq!(refused, RulesError::RepeatedName { name: "警告".to_owned() });
}

#[test]
fn the_three_classes_have_their_codes() {
    for class in [Class::Minor, Class::General, Class::Serious] {
        assert_eq!(Class::from_code(class.code()), Some(class));
    }
}
