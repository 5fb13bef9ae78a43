//! The policies of a day, ready to be asked.

use crate::{Unreadable, form};
use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityUid, PolicyId, PolicySet, Request, RestrictedExpression,
};
use credence_domain::access::{Access, Action, Role};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

/// For what an item is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use<'u> {
    /// Code of the item.
    pub item: &'u str,
    /// Its disclosure (`public`, `shared`, `authorised`).
    pub disclosure: &'u str,
    /// Code of the purpose.
    pub purpose: &'u str,
    /// A case is named.
    pub has_case: bool,
}

/// What the policies say, and which of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// It may be done.
    pub allowed: bool,
    /// The policies that said so, in order of their names; none where nothing allows it.
    pub policies: Vec<String>,
}

/// The policies of a day.
pub struct Engine {
    policies: PolicySet,
    authorizer: Authorizer,
    entities: Entities,
    /// Actions that are about no item, decided once.
    plain: BTreeMap<(Role, Action), bool>,
    /// Reads that were asked before: few kinds of them, asked again and again.
    reads: Mutex<HashMap<(Role, String, String, bool), bool>>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("policies", &self.policies.policies().count()).finish_non_exhaustive()
    }
}

impl Engine {
    /// Reads the policies that hold on a day.
    ///
    /// # Errors
    /// The first policy that cannot be read.
    pub fn on(access: &Access, day: Date) -> Result<Self, Unreadable> {
        let mut policies = PolicySet::new();
        for (code, version) in access.policies_on(day) {
            let fail = |reason: String| Unreadable { policy: code.to_owned(), reason };
            for policy in read(code, &version.policy).map_err(fail)? {
                policies.add(policy).map_err(|error| fail(error.to_string()))?;
            }
        }
        let fail = |reason: String| Unreadable { policy: String::new(), reason };
        let mut engine = Self {
            policies,
            authorizer: Authorizer::new(),
            entities: form::roles().map_err(fail)?,
            plain: BTreeMap::new(),
            reads: Mutex::default(),
        };
        for role in Role::ALL {
            for action in Action::ALL.into_iter().filter(|action| !action.is_about_an_item()) {
                let decision = engine.decide(role, action, None).map_err(fail)?;
                engine.plain.insert((role, action), decision.allowed);
            }
        }
        Ok(engine)
    }

    /// Whether a role may do something that is about no item.
    #[must_use]
    pub fn allows(&self, role: Role, action: Action) -> bool {
        self.plain.get(&(role, action)).copied().unwrap_or(false)
    }

    /// Whether a role may read an item for a purpose. What cannot be decided is not allowed.
    #[must_use]
    pub fn may_read(&self, role: Role, of: &Use<'_>) -> bool {
        let key = (role, of.item.to_owned(), of.purpose.to_owned(), of.has_case);
        let known = self.reads.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        if let Some(known) = known {
            return known;
        }
        let allowed = self.decide(role, Action::ReadFile, Some(of)).is_ok_and(|decision| decision.allowed);
        self.reads.lock().unwrap_or_else(PoisonError::into_inner).insert(key, allowed);
        allowed
    }

    /// Decides and says which policies did.
    ///
    /// # Errors
    /// When the request has no form that a policy could read.
    pub fn decide(&self, role: Role, action: Action, of: Option<&Use<'_>>) -> Result<Decision, String> {
        let principal = form::uid("Role", role.code())?;
        let named = form::uid("Action", action.code())?;
        let (resource, context, entities) = match of {
            Some(of) => self.item(of)?,
            None => (form::uid("Platform", form::PLATFORM)?, Context::empty(), self.entities.clone()),
        };
        let request = Request::new(principal, named, resource, context, None).map_err(|error| error.to_string())?;
        let response = self.authorizer.is_authorized(&request, &self.policies, &entities);
        let mut policies: Vec<String> = response.diagnostics().reason().map(|id| self.name(id)).collect();
        policies.sort_unstable();
        // A policy that failed is as good as one that forbids: nothing is allowed past it.
        let sound = response.diagnostics().errors().next().is_none();
        Ok(Decision { allowed: sound && response.decision() == cedar_policy::Decision::Allow, policies })
    }

    fn item(&self, of: &Use<'_>) -> Result<(EntityUid, Context, Entities), String> {
        let text = |value: &str| RestrictedExpression::new_string(value.to_owned());
        let resource = form::uid("Item", of.item)?;
        let attributes = HashMap::from([("disclosure".to_owned(), text(of.disclosure))]);
        let item = Entity::new(resource.clone(), attributes, HashSet::new()).map_err(|error| error.to_string())?;
        let context = Context::from_pairs([
            ("purpose".to_owned(), text(of.purpose)),
            ("has_case".to_owned(), RestrictedExpression::new_bool(of.has_case)),
        ]);
        let entities = self.entities.clone().add_entities([item], None).map_err(|error| error.to_string())?;
        Ok((resource, context.map_err(|error| error.to_string())?, entities))
    }

    /// The name that a policy gives itself.
    fn name(&self, id: &PolicyId) -> String {
        self.policies.annotation(id, "id").map_or_else(|| id.to_string(), str::to_owned)
    }
}

/// The policies of a text, named after their file and place in it.
pub(crate) fn read(code: &str, text: &str) -> Result<Vec<cedar_policy::Policy>, String> {
    is_shallow(text)?;
    let set = PolicySet::from_str(text).map_err(|error| one_line(&error.to_string()))?;
    if set.templates().next().is_some() {
        return Err("templates are not used".to_owned());
    }
    let named = set.policies().map(|policy| policy.new_id(PolicyId::new(format!("{code}/{}", policy.id()))));
    Ok(named.collect())
}

/// The most characters of a policy file, brackets within brackets, and operators: far beyond what people write, and far within what reading
/// them takes of a stack.
const CHARACTERS_MOST: usize = 32_000;
const DEPTH_MOST: usize = 32;
const OPERATORS_MOST: usize = 200;

/// Refuses a text that would have to be read deeper than a stack goes.
fn is_shallow(text: &str) -> Result<(), String> {
    let (mut depth, mut deepest) = (0_usize, 0);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    let operators: usize = ["&&", "||", "!", "-", "+", "*", " if ", " in ", "."]
        .iter()
        .map(|operator| text.lines().map(|line| operators_in(line, operator)).sum::<usize>())
        .sum();
    if text.chars().count() > CHARACTERS_MOST || deepest > DEPTH_MOST || operators > OPERATORS_MOST {
        let most = format!("最长{CHARACTERS_MOST}个字符，括号最多{DEPTH_MOST}层，运算符最多{OPERATORS_MOST}个");
        return Err(format!("策略过长或者过深（{most}）"));
    }
    Ok(())
}

/// How often an operator stands in a line that is no comment.
fn operators_in(line: &str, operator: &str) -> usize {
    if line.trim_start().starts_with("//") || line.trim_start().starts_with('@') {
        0
    } else {
        line.matches(operator).count()
    }
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
