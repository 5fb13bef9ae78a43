//! Policies that the linter refuses.

use crate::shipped::access;
use credence_access::judge;

fn wrong(text: &str) -> Vec<String> {
    judge("specimen", text, &|item| item == "penalty")
}

#[test]
fn the_shipped_policies_pass() {
    for (code, file) in access().policies {
        for version in file.versions {
            assert_eq!(judge(&code, &version.policy, &|_| true), Vec::<String>::new(), "{code}");
        }
    }
}

#[test]
fn a_policy_that_reads_another_attribute_of_a_resource_is_refused() {
    for attribute in ["area", "uscc", "owner"] {
        let text = format!(
            r#"@id("x") permit (principal, action == Action::"read_file", resource) when {{ resource.{attribute} == "x" }};"#
        );
        assert!(!wrong(&text).is_empty(), "{attribute}");
        let text = format!(
            r#"@id("x") permit (principal, action == Action::"read_file", resource) when {{ resource has {attribute} }};"#
        );
        assert!(!wrong(&text).is_empty(), "has {attribute}");
    }
    let item = r#"@id("x") permit (principal, action == Action::"read_file", resource) when { resource.disclosure == "public" };"#;
    assert_eq!(wrong(item), Vec::<String>::new());
}

#[test]
fn what_does_not_exist_cannot_be_named() {
    let refused = [
        r#"@id("x") permit (principal == Role::"emperor", action == Action::"read_file", resource);"#,
        r#"@id("x") permit (principal, action == Action::"fly", resource);"#,
        r#"@id("x") permit (principal, action == Action::"read_file", resource == Item::"rumour");"#,
        r#"@id("x") permit (principal, action == Action::"read_file", resource) when { context.weather == "fine" };"#,
        r#"permit (principal, action == Action::"read_public", resource);"#,
        r#"@id("x") permit (principal, action == Action::"read_public", resource"#,
        "",
    ];
    for text in refused {
        assert!(!wrong(text).is_empty(), "{text}");
    }
    let sound =
        r#"@id("x") permit (principal == Role::"office", action == Action::"read_file", resource == Item::"penalty");"#;
    assert_eq!(wrong(sound), Vec::<String>::new());
}
