//! Listing against the shipped rulebook: definitions, refusals, whole lives, and a model.

mod definition;
mod letters;
mod life;
mod model;
mod reference;
mod refusals;

use crate::files::shipped;
use credence_domain::listing::{
    Base, BaseFacts, Case, Decide, Delivery, Desk, Event, Findings, Organ, Propose, Refusal, Step,
};
use credence_domain::objection::Evidence;
use credence_domain::publicity::Class;
use credence_domain::record::state::State as RecordState;
use credence_domain::rulebook::Rulebook;
use jiff::civil::{Date, date};
use std::sync::LazyLock;

static BOOK: LazyLock<Rulebook> = LazyLock::new(shipped);

const FIRM: &str = "91379900MA0TE5T16G";
const UNIT: &str = "11379900000000086M";
/// The same as the directory has it.
const ORGAN: Organ<'_> = Organ { uscc: UNIT, sector: "市场监管", level: "province" };
const PROPOSER: &str = "proposer";
const DECIDER: &str = "decider";

fn desk(by: &str, today: Date) -> Desk<'_> {
    Desk { rulebook: &BOOK, by, today }
}

/// A penalty that may carry a listing of the market regulators.
fn penalty() -> BaseFacts {
    BaseFacts {
        base: Base {
            record: "01".repeat(16),
            item: "penalty".to_owned(),
            number: "示市监罚〔2026〕1号".to_owned(),
            authority: "示范市市场监督管理局".to_owned(),
            decided_on: date(2026, 3, 2),
        },
        made_by: UNIT.to_owned(),
        uscc: FIRM.to_owned(),
        state: RecordState::Accepted,
        class: Some(Class::Serious),
        kinds: vec!["责令停产停业".to_owned()],
        tier: String::new(),
    }
}

fn proposal(bases: &[BaseFacts]) -> Propose<'_> {
    Propose {
        list: "market_regulation",
        criterion: 1,
        facts: "销售不符合食品安全标准的食品",
        uscc: FIRM,
        unit: ORGAN,
        bases,
        earlier: &[],
        ordered: "",
        papers: &[],
    }
}

fn by_hand(on: Date) -> Delivery {
    Delivery { mode: "direct".to_owned(), on, proof: "送达回证1号".to_owned(), consent: String::new() }
}

fn findings() -> Findings {
    Findings {
        nature: "明知不合格仍然销售，主观恶意明显".to_owned(),
        circumstances: "持续三个月，货值较大".to_owned(),
        harm: "造成多人身体不适，社会影响较大".to_owned(),
    }
}

fn decision<'d>(measures: &'d [String], bases: &'d [BaseFacts]) -> Decide<'d> {
    Decide { letter: "决1号", findings: findings(), measures, unit: ORGAN, consent: "", bases }
}

fn measures() -> Vec<String> {
    vec!["key_supervision_market_regulation".to_owned(), "no_commitment_procedure".to_owned()]
}

fn proposed() -> Case {
    desk(PROPOSER, date(2026, 4, 1)).propose(&proposal(&[penalty()])).unwrap().1
}

/// Served on 2026-04-02: with Qingming on 6 April the fifth working day is 10 April.
fn notified() -> Case {
    desk(PROPOSER, date(2026, 4, 3)).serve_notice(&proposed(), "告1号", &by_hand(date(2026, 4, 2))).unwrap().1
}

fn listed() -> Case {
    desk(DECIDER, date(2026, 4, 13)).list(&notified(), &decision(&measures(), &[penalty()])).unwrap().1
}

/// What a step brings without which staff do not enter it: the paper of a ruling, or of a waiver.
pub fn papers_of(event: &Event) -> Vec<Evidence> {
    let ruled = matches!(event, Event::Stayed { .. } | Event::StayLifted { .. } | Event::RemedyDecided { .. });
    let brings = ruled || matches!(event, Event::Waived { .. });
    let paper = Evidence { name: "文书.pdf".to_owned(), digest: "ab".repeat(32), file: false };
    if brings { vec![paper] } else { Vec::new() }
}

/// Takes a step with what it brings.
pub fn bring(desk: Desk<'_>, case: &Case, event: Event) -> Result<(Step, Case), Refusal> {
    let papers = papers_of(&event);
    desk.take_citing(case, event, &papers)
}
