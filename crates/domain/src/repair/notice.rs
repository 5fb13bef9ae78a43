//! The repair notice that goes with every penalty (两书同达): whether, from when and how the record may be repaired, before anybody asks.
//!
//! 国办发〔2025〕22号 asks that it is served together with the decision. It is made from the record and the rulebook alone: the same
//! record gives the same notice to everyone who may see it.

use super::{Desk, Ground};
use crate::publicity::{Application, Eligibility, Refusal as Reason, repair_eligibility};
use crate::rulebook::commitment::Clause;
use jiff::civil::Date;
use serde::Serialize;

/// What an organisation is told of the repair of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Number of the decision.
    pub document: String,
    /// Class of misconduct: `minor`, `general`, `serious`; none where the order knows none.
    pub class: Option<&'static str>,
    /// Whether the authority stated the class; otherwise it is proposed (待认定).
    pub class_stated: bool,
    /// Last day of the minimum.
    pub min_end_on: Option<Date>,
    /// First day on which repair may be applied for.
    pub repair_from_on: Option<Date>,
    /// Last public day; publicity stops by itself after it.
    pub public_through_on: Option<Date>,
    /// Whether an application made today could be admitted.
    pub eligible: bool,
    /// Code of the reason why not.
    pub code: Option<&'static str>,
    /// Why not, in words.
    pub reason: Option<String>,
    /// The earliest day, where one is known.
    pub earliest_on: Option<Date>,
    /// What must have been done, in words.
    pub conditions: Option<String>,
    /// Working days to accept.
    pub accept_working_days: Option<u32>,
    /// Working days to decide.
    pub decide_working_days: Option<u32>,
    /// Working days more in complex cases.
    pub decide_extension_working_days: Option<u32>,
    /// Papers that must be attached: code and name.
    pub papers: Vec<NoticePaper>,
    /// The clauses of the commitment.
    pub clauses: Vec<Clause>,
    /// The unit to which to apply.
    pub unit: String,
    /// It costs nothing (信用修复管理办法 art. 二十六).
    pub free: bool,
    /// The law in words.
    pub basis: Vec<String>,
}

/// A kind of paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticePaper {
    /// Its code.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// The notice of a record on a day.
#[must_use]
pub fn notice(desk: &Desk<'_>, ground: &Ground<'_>) -> Notice {
    let decision = ground.decision;
    let application =
        Application { on: desk.today, rectified: true, commitment: true, barred_through: ground.barred_through_on };
    let (reason, earliest) = match repair_eligibility(decision, &application) {
        Eligibility::Admit => (None, None),
        Eligibility::Reject { reason, earliest } => (Some((reason, super::of_publicity(reason, earliest))), earliest),
    };
    // Where nobody ever applies, neither papers nor clauses are of use.
    let applies = !matches!(
        reason,
        Some((Reason::NotPublic | Reason::KindNotRepairable | Reason::NoApplication | Reason::AlreadyEnded, _))
    );
    let papers = desk.papers(ground).unwrap_or_default().iter().filter(|_| applies);
    let paper = |kind: &String| NoticePaper { kind: kind.clone(), name: desk.paper_name(kind) };
    let clauses = desk.letter().map(|letter| letter.clauses.clone()).unwrap_or_default();
    let procedure = crate::publicity::repair_procedure(&desk.rulebook.publicity, ground.facts, decision, desk.today);
    let row = procedure.map(|(_, row)| row).filter(|_| applies);
    Notice {
        document: ground.document.to_owned(),
        class: decision.class_code(),
        class_stated: decision.class_stated,
        min_end_on: decision.min_end_on,
        repair_from_on: decision.repair_from_on,
        public_through_on: decision.through_on,
        eligible: reason.is_none(),
        code: reason.as_ref().map(|(_, refusal)| refusal.code()),
        reason: reason.as_ref().map(|(_, refusal)| refusal.told()),
        earliest_on: earliest,
        conditions: row.or(decision.row).and_then(|row| row.conditions.clone()),
        accept_working_days: row.and_then(|row| row.accept_working_days),
        decide_working_days: row.and_then(|row| row.decide_working_days),
        decide_extension_working_days: row.and_then(|row| row.decide_extension_working_days),
        papers: papers.map(paper).collect(),
        clauses: if applies { clauses } else { Vec::new() },
        unit: ground.unit_name.to_owned(),
        free: true,
        basis: decision.basis().map(told).collect(),
    }
}

fn told(basis: &crate::provision::Basis) -> String {
    match basis.article.as_str() {
        "-" => format!("《{}》", basis.title),
        article => format!("《{}》第{article}条", basis.title),
    }
}
