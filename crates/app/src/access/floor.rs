//! What no edition of the rulebook may give up (底线): everybody reads what is public, the three administrators stay apart, whoever is not of the
//! staff decides nothing, and somebody can enact the next edition.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八 (三员分立). Without it two persons could, by an edition that reads well, abolish the second person.

use credence_access::{Engine, Use};
use credence_domain::access::{Action, Role};
use credence_domain::rulebook::{Finding, Rulebook};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What an administrator never does: look into a file, touch a record, decide, make rules.
const NO_ADMINISTRATOR: [Action; 12] = [
    Action::SendBatch,
    Action::Propose,
    Action::SecondRecord,
    Action::ReviewRecord,
    Action::ProposeErasure,
    Action::SecondErasure,
    Action::ProposeEdition,
    Action::SecondRulebook,
    Action::DecideListing,
    Action::DecideRepair,
    Action::DecideObjection,
    Action::DecideOfficer,
];
/// What belongs to one administrator alone.
const ONE_ALONE: [(Action, Role); 3] = [
    (Action::ManageAccount, Role::SystemAdmin),
    (Action::SecondRight, Role::SecurityAdmin),
    (Action::HandleIncident, Role::AuditAdmin),
];
/// What nobody decides who is not of the staff.
const STAFF_ALONE: [Action; 8] = [
    Action::SecondRecord,
    Action::ReviewRecord,
    Action::SecondErasure,
    Action::SecondRulebook,
    Action::DecideListing,
    Action::DecideRepair,
    Action::DecideObjection,
    Action::DecideOfficer,
];

/// What an edition gives up of it, on each day on which its policies change.
pub(crate) fn broken(rulebook: &Rulebook) -> Vec<Finding> {
    let versions = rulebook.access.policies.values().flat_map(|policy| &policy.versions);
    let days: BTreeSet<Date> = versions.map(|version| version.effective_from).collect();
    let mut findings = Vec::new();
    for day in days {
        // What cannot be read the linter has told.
        let Ok(engine) = Engine::on(&rulebook.access, day) else { continue };
        findings.extend(broken_on(rulebook, &engine, day).into_iter().map(|reason| Finding {
            file: "access".to_owned(),
            line: 0,
            code: "policy_invalid",
            reason: format!("访问策略不得突破的底线（{day}）：{reason}"),
        }));
    }
    findings
}

fn broken_on(rulebook: &Rulebook, engine: &Engine, day: Date) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut demand = |holds: bool, reason: &dyn Fn() -> String| {
        if !holds {
            wrong.push(reason());
        }
    };
    for role in Role::ALL {
        demand(engine.allows(role, Action::ReadPublic), &|| format!("{}须能查询公开信息", role.name()));
    }
    demand(engine.allows(Role::Public, Action::SignIn), &|| "任何人须能登录".to_owned());
    for action in Action::ALL {
        let open = matches!(action, Action::ReadPublic | Action::SignIn);
        demand(open || !engine.allows(Role::Public, action), &|| format!("未登录的公众不得{}", action.code()));
    }
    for (action, only) in ONE_ALONE {
        for role in Role::ALL {
            let is_his = role == only;
            let told = || format!("{}（{}）由{}一人承担", action.code(), role.name(), only.name());
            demand(engine.allows(role, action) == is_his, &told);
        }
    }
    for role in Role::ALL.into_iter().filter(|role| role.is_administrator()) {
        for action in NO_ADMINISTRATOR {
            demand(!engine.allows(role, action), &|| format!("{}不得{}", role.name(), action.code()));
        }
        demand(!reads_something(rulebook, engine, role, day), &|| format!("{}不得查询信用档案", role.name()));
    }
    for role in [Role::Public, Role::Organisation, Role::Partner, Role::Key] {
        for action in STAFF_ALONE {
            demand(!engine.allows(role, action), &|| format!("{}不得{}", role.name(), action.code()));
        }
    }
    for action in [Action::ProposeEdition, Action::SecondRulebook] {
        let somebody = Role::ALL.into_iter().any(|role| engine.allows(role, action));
        demand(somebody, &|| format!("须有角色可以{}", action.code()));
    }
    wrong
}

/// Whether a role may read any item for any purpose.
fn reads_something(rulebook: &Rulebook, engine: &Engine, role: Role, day: Date) -> bool {
    let mut purposes = rulebook.access.purposes.iter().flat_map(|purposes| purposes.on(day));
    purposes.any(|purpose| {
        rulebook.items.values().any(|item| {
            let disclosure = item.version_on(day).map_or("", |version| version.disclosure.code());
            engine.may_read(role, &Use { item: &item.code, disclosure, purpose: &purpose.code, has_case: true })
        })
    })
}
