//! What the shipped policies allow.

use credence_access::{Engine, Use};
use credence_domain::access::{Access, Action, Role};
use jiff::civil::date;

pub fn access() -> Access {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook/access");
    let mut access = Access::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let value: serde_json::Value = toml::from_str(&text).unwrap();
        match stem.as_str() {
            "purposes" => access.purposes = Some(serde_json::from_value(value).unwrap()),
            "misuse" => access.misuse = Some(serde_json::from_value(value).unwrap()),
            "sign_in" => access.sign_in = Some(serde_json::from_value(value).unwrap()),
            _ => drop(access.policies.insert(stem, serde_json::from_value(value).unwrap())),
        }
    }
    access
}

fn engine() -> Engine {
    Engine::on(&access(), date(2026, 5, 13)).unwrap()
}

fn reads(role: Role, purpose: &str, has_case: bool) -> bool {
    engine().may_read(role, &Use { item: "penalty", disclosure: "public", purpose, has_case })
}

#[test]
fn no_administrator_can_do_anothers_work_and_none_reads_a_file() {
    let engine = engine();
    let own = [
        (Role::SystemAdmin, Action::ManageAccount),
        (Role::SecurityAdmin, Action::SecondRight),
        (Role::AuditAdmin, Action::HandleIncident),
    ];
    for (role, action) in own {
        for other in Role::ALL {
            assert_eq!(engine.allows(other, action), other == role, "{other} {action:?}");
        }
    }
    for role in Role::ALL.into_iter().filter(|role| role.is_administrator()) {
        for purpose in access().purposes.unwrap().on(date(2026, 5, 13)) {
            assert!(!reads(role, &purpose.code, true), "{role} {}", purpose.code);
        }
        assert!(!engine.allows(role, Action::SendBatch) && !engine.allows(role, Action::Propose));
    }
}

#[test]
fn the_public_reads_what_is_public_and_signs_in_and_nothing_else() {
    let engine = engine();
    let allowed: Vec<_> = Action::ALL.into_iter().filter(|action| engine.allows(Role::Public, *action)).collect();
    assert_eq!(allowed, [Action::ReadPublic, Action::SignIn]);
    assert!(!reads(Role::Public, "self", true) && !reads(Role::Partner, "supervision", true));
}

#[test]
fn a_purpose_opens_a_file_to_those_whose_work_it_is() {
    assert!(reads(Role::Window, "approval", true) && !reads(Role::Window, "approval", false));
    assert!(!reads(Role::Window, "audit", true) && !reads(Role::Clerk, "approval", true));
    assert!(reads(Role::Organisation, "self", false) && !reads(Role::Office, "self", false));
    assert!(reads(Role::Auditor, "audit", false) && !reads(Role::Auditor, "made_up", true));
}

#[test]
fn a_decision_names_the_policies_that_made_it() {
    let decision = engine().decide(Role::SystemAdmin, Action::ManageAccount, None).unwrap();
    assert_eq!(decision.policies, ["the-system-administrator-enters-and-ends-accounts"]);
    let refused = engine().decide(Role::AuditAdmin, Action::ManageAccount, None).unwrap();
    assert!(!refused.allowed);
    assert_eq!(refused.policies, ["no-administrator-does-anothers-work"]);
}

#[test]
fn nothing_is_allowed_before_the_first_policy_holds() {
    let engine = Engine::on(&access(), date(2019, 12, 9)).unwrap();
    assert!(Role::ALL.iter().all(|role| Action::ALL.iter().all(|action| !engine.allows(*role, *action))));
}
