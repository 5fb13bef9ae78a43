//! The form that policies have: entities, actions and what is known of a request. It is made from the domain's own lists, so
//! that a role or an action cannot be known here and unknown there.

use cedar_policy::{Entities, Entity, EntityId, EntityTypeName, EntityUid, Schema};
use credence_domain::access::{Action, Role};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::str::FromStr;

/// A group of roles: its name, and who is in it.
type Group = (&'static str, fn(Role) -> bool);

/// Groups of roles that policies may name.
pub(crate) const GROUPS: [Group; 3] = [
    ("account_holder", Role::has_account),
    ("unit_member", Role::works_in_a_unit),
    ("administrator", Role::is_administrator),
];

/// What a request is about when it is about no item.
pub(crate) const PLATFORM: &str = "credence";

/// The schema: a policy that reads anything else does not pass it.
pub(crate) fn schema() -> Result<Schema, String> {
    let mut text = String::from("entity Role in [Role];\nentity Item { disclosure: String };\nentity Platform;\n");
    for action in Action::ALL {
        let (resource, context) = if action.is_about_an_item() {
            ("Item", "{ purpose: String, has_case: Bool }")
        } else {
            ("Platform", "{}")
        };
        let code = action.code();
        let _ = writeln!(
            text,
            "action \"{code}\" appliesTo {{ principal: [Role], resource: [{resource}], context: {context} }};"
        );
    }
    Schema::from_cedarschema_str(&text).map(|(schema, _)| schema).map_err(|error| error.to_string())
}

/// A name of an entity.
pub(crate) fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    let kind = EntityTypeName::from_str(kind).map_err(|error| error.to_string())?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

/// Every role with the groups that it is in.
pub(crate) fn roles() -> Result<Entities, String> {
    let mut entities = Vec::new();
    for role in Role::ALL {
        let groups = GROUPS.iter().filter(|(_, holds)| holds(role)).map(|(name, _)| uid("Role", name));
        entities.push(Entity::new_no_attrs(uid("Role", role.code())?, groups.collect::<Result<HashSet<_>, _>>()?));
    }
    Entities::from_entities(entities, None).map_err(|error| error.to_string())
}
