//! What waits outside the rooms of cases: proposals that a second person answers, records that are held before they become public,
//! claims of commercial secrecy, incidents of misuse.

use super::{BOUND, Kind, Step, Waiting, step};
use crate::access::action_of;
use crate::account::Person;
use crate::rulebook::PLATFORM_UNIT;
use crate::service::Service;
use crate::{Result, View};
use credence_domain::access::{Action, IncidentState, MisuseRule, Role};
use credence_domain::calendar::Due;
use credence_domain::canonical::hex;
use credence_domain::record::claim::Claim;
use credence_domain::record::value::date_of;
use credence_domain::rulebook::Rulebook;
use credence_store::claim::{self, Filed};
use credence_store::connection::Connection;
use credence_store::incident::{self, Incident};
use credence_store::record::{self, Stored};
use jiff::civil::Date;

const ANSWER: &str = "answer";
const RELEASE: Step = step("review", "审核后公示、遮蔽或者不予公开", Action::ReviewRecord);
const SEEK: Step = step("seek", "书面征求第三方意见", Action::StepClaim);
const HEAR: Step = step("hear", "收取第三方意见", Action::StepClaim);
const DECIDE: Step = step("decide", "作出决定", Action::StepClaim);
pub(super) const TAKE: Step = step("take", "接办", Action::HandleIncident);
const FIND: Step = step("find", "查明并移送、办结或者排除", Action::HandleIncident);
const CLOSE: Step = step("close", "告知受影响的主体并办结", Action::HandleIncident);

/// The proposals that a person may see; whoever asked does not answer.
pub(super) fn proposals(service: &Service, person: &Person) -> Result<Vec<Waiting>> {
    let found = service.proposals(person, "open")?.into_iter().map(|proposal| {
        let day = proposal.proposed_at.get(..10).and_then(|day| day.parse::<Date>().ok());
        Waiting {
            kind: Kind::Proposal,
            title: told(&proposal.kind).to_owned(),
            step: step(ANSWER, "复核", action_of(&proposal.kind)),
            due: None,
            since_on: day.unwrap_or_else(|| service.today()),
            not_by: vec![proposal.proposed_by],
            taken_by: None,
            uscc: proposal.uscc,
            number: proposal.id,
            unit: proposal.unit,
        }
    });
    Ok(found.collect())
}

/// What is asked for, in words.
fn told(kind: &str) -> &'static str {
    match kind {
        "batch_withdrawal" => "撤回批次",
        "merge" => "采用名称",
        "account" => "开户",
        "account_reset" => "重置账户",
        "erasure" => "依法删除",
        "enactment" => "启用规则",
        _ => "提请",
    }
}

/// The records that are held, for those whose work is the platform's; nothing of what they say is told, and whether there are more.
pub(super) fn held(
    connection: &mut Connection,
    rulebook: &Rulebook,
    office: &View,
    role: Role,
) -> credence_store::Result<(Vec<Waiting>, bool)> {
    if !reviews(role) {
        return Ok((Vec::new(), false));
    }
    let found = record::held_first(connection, office, BOUND)?;
    let more = found.len() >= BOUND as usize;
    Ok((found.into_iter().map(|stored| of_record(rulebook, office, stored)).collect(), more))
}

/// Whether a role's work is the platform's: only then does it look at what is held.
pub(super) const fn reviews(role: Role) -> bool {
    matches!(role, Role::Office | Role::Reviewer)
}

/// What a held record asks for.
pub(super) fn of_record(rulebook: &Rulebook, office: &View, stored: Stored) -> Waiting {
    let item = rulebook.items.get(&stored.item).map_or(stored.item.as_str(), |item| item.name.as_str());
    let hold = rulebook.codes.hold.get(&stored.hold).map_or(stored.hold.as_str(), |wording| wording.text.as_str());
    let due = stored.due_on.and_then(date_of).map(|on| Due { on, provisional: stored.due_provisional });
    Waiting {
        kind: Kind::Held,
        title: format!("{item}：{hold}"),
        number: hex(&stored.reference),
        unit: stored.source.clone(),
        step: RELEASE,
        due,
        since_on: date_of(stored.decided_on).unwrap_or(office.today),
        not_by: Vec::new(),
        taken_by: None,
        uscc: stored.uscc,
    }
}

/// The claims that are not decided: the third party is asked, heard within its time, and then a person decides; and whether there are
/// more.
pub(super) fn claims(connection: &mut Connection, office: &View) -> credence_store::Result<(Vec<Waiting>, bool)> {
    let found = claim::open(connection, office, BOUND)?;
    let more = found.len() >= BOUND as usize;
    Ok((found.into_iter().filter_map(|filed| of_claim(filed, office.today)).collect(), more))
}

/// What a claim asks for on a day; nothing where it is decided.
pub(super) fn of_claim(filed: Filed, today: Date) -> Option<Waiting> {
    let (step, due, since_on) = match &filed.claim {
        Claim::Filed { on } => (SEEK, None, *on),
        Claim::OpinionSought { due, .. } if due.provisional || today <= due.on => (HEAR, Some(*due), filed.filed_on),
        Claim::OpinionSought { due, .. } => (DECIDE, None, due.on),
        Claim::OpinionGiven { on, .. } => (DECIDE, None, *on),
        Claim::Decided { .. } => return None,
    };
    Some(Waiting {
        kind: Kind::Claim,
        title: "主张公示字段涉及商业秘密".to_owned(),
        unit: PLATFORM_UNIT.to_owned(),
        step,
        due,
        since_on,
        not_by: Vec::new(),
        taken_by: None,
        uscc: filed.uscc,
        number: filed.number,
    })
}

/// The incidents that nobody has taken, and those that somebody has; whoever one is about does not work on it.
pub(super) fn incidents(connection: &mut Connection) -> credence_store::Result<(Vec<Waiting>, bool)> {
    let found = incident::waiting(connection, BOUND)?;
    let more = found.len() >= BOUND as usize;
    Ok((found.into_iter().filter_map(of_incident).collect(), more))
}

/// What an incident asks for; nothing where it is closed.
pub(super) fn of_incident(found: Incident) -> Option<Waiting> {
    let step = match IncidentState::from_code(&found.state)? {
        IncidentState::Open => TAKE,
        IncidentState::Taken => FIND,
        IncidentState::HandedOver => CLOSE,
        IncidentState::Closed | IncidentState::Dismissed => return None,
    };
    Some(Waiting {
        kind: Kind::Incident,
        step,
        title: MisuseRule::from_code(&found.rule).map_or(found.rule.as_str(), |rule| rule.name()).to_owned(),
        unit: found.unit,
        due: None,
        since_on: found.day,
        not_by: vec![found.account],
        taken_by: Some(found.owner).filter(|owner| !owner.is_empty()),
        uscc: String::new(),
        number: found.id,
    })
}
