//! Revocations by chance: proposed, served, answered, decided or dropped by random persons.

use super::act::{Done, choose, tried};
use super::model::Revoking;
use super::world::World;
use crate::desk::{OFFICE, SECOND};
use credence_app::repair::{self, Doing};
use credence_domain::listing::Delivery;
use credence_domain::repair::Fault;
use jiff::ToSpan;

/// Nobody has five working days in fewer than so many days: the day after the last is the first on which it may be decided.
const HEARD_DAYS: i64 = 6;

pub fn act(world: &mut World<'_>) -> Done {
    let goes_on = world.chance.percent(60);
    let stands = |one: &super::model::Repair| match goes_on {
        true => one.revoking.is_some(),
        false => one.state == "granted" || (one.is_open() && one.state != "applied"),
    };
    let at = choose(&mut world.chance, &world.model.repairs, stands)?;
    let case = world.model.repairs[at].clone();
    let (by, on) = (world.chance.below(4), world.today());
    let due: usize = match &case.revoking {
        None => 0,
        Some(proposed) if proposed.served.is_none() => 1,
        Some(_) => 2 + world.chance.below(4),
    };
    let chosen = if world.chance.percent(80) { due } else { world.chance.below(6) };
    let reason = || "查证属实（示例）".to_owned();
    let (kind, doing) = match chosen {
        0 => {
            let fault = Fault::ALL[world.chance.below(3)];
            (26, Doing::ProposeRevocation { fault, facts: "凭证系伪造（示例）".to_owned() })
        }
        1 => {
            let (mode, proof, consent) = ("direct".to_owned(), "回证1号".to_owned(), String::new());
            (27, Doing::ServeRevocation { delivery: Delivery { mode, on, proof, consent } })
        }
        2 => {
            let text = "凭证属实（示例）".to_owned();
            (28, Doing::State { on: Some(on), text, reference: "申辩1号".to_owned(), papers: Vec::new() })
        }
        3 | 4 => (22, Doing::Revoke { reason: reason() }),
        _ => (29, Doing::DropRevocation { reason: reason() }),
    };
    let unit = match &doing {
        Doing::State { .. } if world.chance.percent(50) => "",
        _ if world.chance.percent(8) => SECOND,
        _ => OFFICE,
    };
    let clerk = world.clerk(by);
    let desk = &mut world.desk;
    tried(repair::step(&mut desk.writer, &desk.rulebook, (&clerk, unit), &case.number, &doing))?;
    assert!(unit != SECOND, "who decided revokes, and nobody else: {doing:?}");
    let was_granted = case.state == "granted";
    let proposed = case.revoking.clone();
    let served = proposed.as_ref().and_then(|proposed| proposed.served);
    let another = proposed.as_ref().is_some_and(|proposed| proposed.by != by);
    let over = served.is_some_and(|served| served.saturating_add(HEARD_DAYS.days()) <= on);
    let model = &mut world.model;
    let allowed = match &doing {
        Doing::ProposeRevocation { fault, .. } => {
            let promised = !case.plan || *fault == Fault::FalsePapers;
            let pending = case.is_open() && case.state != "applied" && *fault != Fault::BrokenPromise;
            proposed.is_none() && promised && (was_granted || pending)
        }
        Doing::ServeRevocation { .. } => proposed.is_some() && served.is_none(),
        Doing::State { .. } => served.is_some(),
        Doing::Revoke { .. } => another && over && !case.parts.contains(&by),
        _ => another,
    };
    assert!(allowed, "{doing:?} by {by} on {on}: {case:?}");
    let fact = &mut model.facts[case.fact];
    let firm = fact.firm;
    let case = &mut model.repairs[at];
    match &doing {
        Doing::ProposeRevocation { fault, .. } => {
            case.revoking =
                Some(Revoking { by, served: None, deceived: was_granted && *fault != Fault::BrokenPromise });
        }
        Doing::ServeRevocation { .. } => case.revoking.iter_mut().for_each(|proposed| proposed.served = Some(on)),
        Doing::State { .. } => {}
        Doing::Revoke { .. } => {
            let deceived = case.revoking.take().is_some_and(|proposed| proposed.deceived);
            case.state = "revoked";
            if was_granted {
                fact.repaired = false;
                if model.market && deceived {
                    fact.through_on = on.saturating_add(1.year());
                }
            }
        }
        _ => case.revoking = None,
    }
    Some((kind, firm))
}
