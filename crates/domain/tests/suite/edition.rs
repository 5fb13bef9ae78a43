//! The shipped rulebook: it loads, keeps its digest, and says what the law asks of it.

use crate::files::{shipped, shipped_files};
use credence_domain::catalog::item::Masking;
use credence_domain::catalog::{Disclosure, Role};
use credence_domain::rulebook::{ChangeKind, Rulebook, diff};
use jiff::civil::date;

#[test]
fn the_shipped_rulebook_passes_its_own_linter() {
    let rulebook = shipped();
    let items = [
        "registration",
        "permit",
        "penalty",
        "inspection",
        "judgment_defaulter",
        "evaluation_national",
        "coercion",
        "confirmation",
        "levy",
        "payment",
        "adjudication",
        "compensation",
        "reward",
        "false_litigation",
        "abnormal_operation",
        "serious_dishonesty",
        "honour",
        "contract",
        "arrears",
        "commitment",
        "sector_evaluation",
        "self_declared",
        "repair_dishonesty",
    ];
    for code in items {
        assert!(rulebook.items.contains_key(code), "{code}");
    }
    assert_eq!(rulebook.items.len(), items.len());
}

#[test]
fn an_edition_comes_back_from_its_canonical_bytes_with_the_same_digest() {
    let rulebook = shipped();
    let bytes = rulebook.canonical();
    let again = Rulebook::from_canonical(&bytes).unwrap();
    assert_eq!(again.digest, rulebook.digest);
    assert_eq!(again.canonical(), bytes);
    assert_eq!(again.items, rulebook.items);
    let mut reversed = shipped_files();
    reversed.reverse();
    assert_eq!(Rulebook::from_toml(reversed).unwrap().digest, rulebook.digest);
}

#[test]
fn a_comment_changes_no_digest_and_a_changed_room_changes_no_other() {
    let rulebook = shipped();
    let edited = |change: fn(&str) -> String| {
        let files = shipped_files().into_iter().map(|(path, text)| {
            let text = if path == "data/permit.toml" { change(&text) } else { text };
            (path, text)
        });
        Rulebook::from_toml(files).unwrap()
    };
    assert_eq!(edited(|text| format!("# another comment\n{text}")).digest, rulebook.digest);
    let changed = edited(|text| text.replace("许可内容", "许可的内容"));
    assert_ne!(changed.digest, rulebook.digest);
    assert_ne!(changed.rooms["data"], rulebook.rooms["data"]);
    assert_eq!(changed.rooms["codes"], rulebook.rooms["codes"]);
    let changes = diff(&rulebook, &changed);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0].kind, ChangeKind::Changed);
    let line = "~ data/permit.toml version.[2020-10-01].field.[XK_NR].name：许可内容 → 许可的内容";
    assert_eq!(changes[0].to_string(), line);
    assert!(diff(&rulebook, &rulebook).is_empty());
}

#[test]
fn permits_have_28_and_penalties_30_official_fields() {
    let rulebook = shipped();
    for (code, official) in [("permit", 28), ("penalty", 30)] {
        let version = rulebook.items[code].version_on(date(2026, 4, 10)).unwrap();
        assert_eq!(version.fields.iter().filter(|field| !field.extension).count(), official, "{code}");
        assert!(version.fields.iter().skip(official).all(|field| field.extension), "{code}");
    }
}

#[test]
fn no_identity_number_is_public_and_every_item_names_subject_authority_and_day() {
    for item in shipped().items.values() {
        for version in &item.versions {
            for field in &version.fields {
                let number = field.name.contains("证件号码") || field.name.contains("身份证");
                assert!(!number || (!field.public && field.masking == Masking::IdentityNumber), "{}", field.code);
            }
            let organisation_only = matches!(item.code.as_str(), "self_declared");
            for role in [Role::SubjectName, Role::SubjectUscc, Role::DecidedOn] {
                assert!(version.field_of(role).is_some(), "{} {role:?}", item.code);
            }
            for role in [Role::AuthorityName, Role::AuthorityUscc, Role::SourceName, Role::SourceUscc] {
                assert!(organisation_only || version.field_of(role).is_some(), "{} {role:?}", item.code);
            }
        }
    }
}

#[test]
fn identities_stand_in_the_order_of_the_contract() {
    let rulebook = shipped();
    let identity = |code: &str| rulebook.items[code].versions[0].identity.join(" ");
    assert_eq!(identity("permit"), "XK_XKJGDM XK_WSH XK_XDR_SHXYM XK_JDRQ");
    assert_eq!(identity("penalty"), "CF_CFJGDM CF_WSH CF_XDR_SHXYM CF_JDRQ");
    assert_eq!(identity("registration"), "uscc");
    assert_eq!(identity("judgment_defaulter"), "court case_number uscc");
    assert_eq!(identity("serious_dishonesty"), "owner_uscc uscc listed_on entry_number");
    assert_eq!(identity("evaluation_national"), "owner_uscc uscc evaluated_on");
    assert_eq!(identity("arrears"), "owner_uscc uscc period kind");
    assert_eq!(identity("contract"), "uscc number");
}

#[test]
fn what_is_shared_stays_out_of_public_answers() {
    let rulebook = shipped();
    for code in ["false_litigation", "contract", "arrears", "sector_evaluation"] {
        assert_eq!(rulebook.items[code].versions[0].disclosure, Disclosure::Shared, "{code}");
    }
}

#[test]
fn the_list_names_every_file_with_its_versions() {
    let entries = shipped().list();
    let penalty = entries.iter().find(|entry| entry.code == "penalty").unwrap();
    assert_eq!(penalty.to_string(), "data/penalty.toml\tpenalty\t行政处罚\t2020-10-01～");
    assert_eq!(entries.len(), shipped_files().len());
}
