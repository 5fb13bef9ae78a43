//! What waits and is no case: proposals that a second person answers, records that are held before they become public.

use super::{BOUND, Kind, Step, Waiting, step};
use crate::access::action_of;
use crate::account::Person;
use crate::service::Service;
use crate::{Result, View};
use credence_domain::access::{Action, Role};
use credence_domain::calendar::Due;
use credence_domain::canonical::hex;
use credence_domain::record::value::date_of;
use credence_domain::rulebook::Rulebook;
use credence_store::connection::Connection;
use credence_store::record;
use jiff::civil::Date;

const ANSWER: &str = "answer";
const RELEASE: Step = step("review", "审核后公示或者退回", Action::SecondRecord);

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
        "enactment" => "规则生效",
        _ => "提请",
    }
}

/// The records that are held, for those whose work is the platform's; nothing of what they say is told, and whether there are more.
pub(super) fn held(
    connection: &mut Connection,
    rulebook: &Rulebook,
    office: &View,
    person: &Person,
) -> credence_store::Result<(Vec<Waiting>, bool)> {
    if !matches!(person.role, Role::Office | Role::Reviewer) {
        return Ok((Vec::new(), false));
    }
    let found = record::held_first(connection, office, BOUND)?;
    let more = found.len() >= BOUND as usize;
    let waiting = found.into_iter().map(|stored| {
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
            uscc: stored.uscc,
        }
    });
    Ok((waiting.collect(), more))
}
