//! The judge of policies, for the linter: they can be read, have the form, name roles and items that exist, and read nothing
//! of a resource but its item and its disclosure.

use crate::engine::{one_line, read};
use crate::form;
use cedar_policy::{PolicySet, ValidationMode, Validator};
use credence_domain::access::Role;

/// Judges the words of one version of a policy file. Gives what is wrong, in the order found; nothing where all is well.
#[must_use]
pub fn judge(code: &str, text: &str, is_item: &dyn Fn(&str) -> bool) -> Vec<String> {
    let policies = match read(code, text) {
        Ok(policies) if policies.is_empty() => return vec!["没有任何策略".to_owned()],
        Ok(policies) => policies,
        Err(reason) => return vec![format!("无法读取：{reason}")],
    };
    let mut wrong = Vec::new();
    let mut set = PolicySet::new();
    let mut names = std::collections::BTreeSet::new();
    for policy in policies {
        match policy.annotation("id") {
            Some(name) if names.insert(name.to_owned()) => {}
            _ => wrong.push(format!("策略{}须以 @id(\"…\") 给出不重复的名称", policy.id())),
        }
        for entity in policy.entity_literals() {
            let id: &str = entity.id().as_ref();
            match entity.type_name().to_string().as_str() {
                "Role" if Role::from_code(id).is_none() && !form::GROUPS.iter().any(|(name, _)| *name == id) => {
                    wrong.push(format!("没有角色{id}"));
                }
                "Item" if !is_item(id) => wrong.push(format!("数据清单中没有事项{id}")),
                _ => {}
            }
        }
        if let Err(error) = set.add(policy) {
            wrong.push(one_line(&error.to_string()));
        }
    }
    match form::schema() {
        Ok(schema) => {
            let found = Validator::new(schema).validate(&set, ValidationMode::Strict);
            wrong.extend(found.validation_errors().map(|error| one_line(&error.to_string())));
            // A policy that can never hold is a mistake of whoever wrote it.
            wrong.extend(found.validation_warnings().map(|warning| one_line(&warning.to_string())));
        }
        Err(error) => wrong.push(one_line(&error)),
    }
    wrong
}
