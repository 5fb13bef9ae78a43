//! Objections by chance, and their answers.

use super::act::{Done, choose, tried};
use super::model::Objection;
use super::world::World;
use crate::desk::OFFICE;
use credence_app::listing::Clerk;
use credence_app::objection;

/// The organisation objects to what stands about it.
pub fn object(world: &mut World<'_>) -> Done {
    let at = world.chance.below(world.model.facts.len());
    let fact = world.model.facts[at].clone();
    let filing = serde_json::json!({ "matter": "objection", "record": fact.id, "ground": "有误（示例）", "contested": ["content"] });
    let filing: objection::Filing = serde_json::from_value(filing).unwrap();
    let (on, firm) = (world.today(), fact.firm);
    let view = credence_app::View::organisation([world.firms[firm].as_str()], on);
    let party = objection::Actor { clerk: Clerk { name: "代表人".to_owned(), view }, unit: String::new() };
    let desk = &mut world.desk;
    let case = tried(objection::file(&mut desk.writer, &desk.rulebook, &party, &filing))?;
    let number = case.head.number;
    let model = &mut world.model;
    if let Some(open) = model.objections.iter().find(|one| one.fact == at && one.state == "filed") {
        assert_eq!(open.number, number, "one case a record");
        return Some((24, firm));
    }
    let waits = |one: &Objection| one.fact == at && one.appeal_until.is_some_and(|last| on <= last);
    assert!(!model.objections.iter().any(waits), "whoever was answered appeals");
    model.objections.push(Objection { number, fact: at, state: "filed", appeal_until: None });
    Some((24, firm))
}

/// The answer: mostly that nothing is wrong, sometimes that the record goes.
pub fn answer(world: &mut World<'_>) -> Done {
    let at = choose(&mut world.chance, &world.model.objections, |one| one.state == "filed")?;
    let case = world.model.objections[at].clone();
    let upheld = world.chance.percent(25);
    let deciding = match upheld {
        true => {
            serde_json::json!({ "act": "decide", "outcome": "upheld", "reason": "有误（示例）", "withdraw": "复核决定（示例）" })
        }
        false => serde_json::json!({ "act": "decide", "outcome": "rejected", "reason": "核查无误（示例）" }),
    };
    let deciding: objection::Doing = serde_json::from_value(deciding).unwrap();
    let (by, on) = (world.chance.below(4), world.today());
    let office = objection::Actor { clerk: world.clerk(by), unit: OFFICE.to_owned() };
    let desk = &mut world.desk;
    let done = tried(objection::step(&mut desk.writer, &desk.rulebook, &office, &case.number, &deciding))?;
    let model = &mut world.model;
    assert!(case.state == "filed", "answered twice: {case:?}");
    let firm = model.facts[case.fact].firm;
    if upheld {
        model.objections[at].state = "over";
        match model.listings.iter().position(|one| one.entry == Some(case.fact)) {
            Some(listing) => model.delist(listing),
            None => model.fall(case.fact),
        }
    } else {
        let unserved = done.decision.is_some_and(|decision| decision.appeal_until.is_none());
        assert!(unserved, "no day to appeal runs before the answer is served");
        let serve =
            serde_json::json!({ "act": "serve", "delivery": { "mode": "direct", "on": on, "proof": "回证（示例）" } });
        let serve: objection::Doing = serde_json::from_value(serve).unwrap();
        let told = tried(objection::step(&mut desk.writer, &desk.rulebook, &office, &case.number, &serve))?;
        let objection = &mut model.objections[at];
        objection.state = "decided";
        objection.appeal_until = told.decision.and_then(|decision| decision.appeal_until);
        assert!(objection.appeal_until.is_some(), "an answer that may be appealed");
    }
    Some((25, firm))
}
