//! Repairs in a demonstration: on some days penalties that may be repaired are applied for, and each application goes one step further
//! on the way that its record says, so that every state is among them. A day that was done already is not done again.

use crate::listing::Clerk;
use crate::repair::{Applying, Doing, apply, folded, step};
use crate::{AppError, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::record::value::day_number;
use credence_domain::repair::{Applicant, Fault, Paper, Plan, PlanKind, Ruling};
use credence_domain::rulebook::Rulebook;
use credence_store::audit;
use credence_store::listing;
use credence_store::repair as kept;
use credence_store::scope::View;
use jiff::ToSpan;
use jiff::civil::Date;

/// Days before today on which repairs are worked on.
const DAYS: [i32; 9] = [32, 28, 24, 20, 16, 12, 8, 4, 1];
/// Applications that are made on one day.
const A_DAY: usize = 4;
/// Days that a record is still public at least: nobody applies for what ends by itself tomorrow.
const LEFT_DAYS_MIN: i32 = 60;

/// The days on which repairs are worked on, last first.
pub(super) fn days(today: Date) -> Vec<Date> {
    DAYS.iter().rev().map(|back| today.saturating_sub(back.days())).collect()
}

/// Works on repairs on a day; `own` is the organisation whose representative has an account.
///
/// # Errors
/// What a step refuses, or a fault.
pub(super) fn work(writer: &mut Writer, rulebook: &Rulebook, own: Option<&str>, on: Date) -> Result<()> {
    let view = View::office(on);
    let standing = kept::all(writer.connection())?;
    if standing.iter().any(|head| on <= head.moved_on) {
        return Ok(());
    }
    let clerk = |name: &str| Clerk { name: name.to_owned(), view: view.clone() };
    for head in &standing {
        let (way, plan) = (head.identity.0[0] % 8, folded(writer.connection(), head)?.applied.plan);
        let doing = match plan {
            Some(_) => of_plan(way, &head.state, on),
            None => next(way, &head.state),
        };
        let Some((name, doing)) = doing else { continue };
        let unit = if matches!(doing, Doing::Withdraw { .. } | Doing::Supplement { .. }) { "" } else { &head.unit };
        let done = step(writer, rulebook, (&clerk(name), unit), &head.number, &doing);
        expected(done.map(drop))?;
    }
    let open = kept::all(writer.connection())?;
    let mut found = Vec::new();
    let today = day_number(on);
    audit::each_record(writer.connection(), |stored, _| {
        let lasts = stored.through_on.is_some_and(|last| today + LEFT_DAYS_MIN <= last);
        let opens = stored.repair_from_on.is_some_and(|from| from <= today);
        if stored.item == "penalty" && stored.is_public_on(today) && lasts && opens {
            found.push((
                Some(stored.uscc.as_str()) != own,
                stored.identity,
                hex(&stored.reference),
                stored.uscc.clone(),
            ));
        }
        Ok(())
    })?;
    // One application an organisation, in the order of identities, which says nothing.
    found.retain(|(_, _, _, uscc)| open.iter().all(|head| head.uscc != *uscc));
    // What a listing rests on stays for it.
    let mut free = Vec::new();
    for one in found {
        if listing::resting_on(writer.connection(), &one.3, &one.1)?.is_empty() {
            free.push(one);
        }
    }
    let mut found = free;
    found.sort();
    found.dedup_by(|one, other| one.3 == other.3);
    for (_, identity, record, _) in found.into_iter().take(A_DAY) {
        // Every third goes through a reorganisation; its administrator comes with paper.
        let plan = (identity.0[3] % 3 == 0).then(|| Plan {
            kind: PlanKind::Reorganisation,
            approved: ruling(on, identity.0[2]),
            applicant: Applicant::Administrator,
        });
        let paper = identity.0[1] % 4 == 0 || plan.is_some();
        let asked = Applying {
            record,
            channel: if paper { "paper" } else { "" }.to_owned(),
            reference: if paper { format!("示窗〔{}〕{}号", on.year(), identity.0[2]) } else { String::new() },
            window_on: None,
            arrived_on: None,
            rectified: "罚款已缴清，违法行为已改正（示例）".to_owned(),
            papers: vec![Paper {
                kind: "proof".to_owned(),
                number: format!("示缴{}号", identity.0[2]),
                digest: String::new(),
                file: false,
            }],
            clauses: ["performed", "truth", "lawful", "supervision", "punishment"].map(str::to_owned).to_vec(),
            signed_on: Some(on),
            plan,
            completed: None,
        };
        let by = if paper { "demo-window" } else { "demo-organisation" };
        expected(apply(writer, rulebook, (&clerk(by), ""), &asked).map(drop))?;
    }
    Ok(())
}

/// The next step of a case on its way, and who takes it; nothing where it stays as it is.
fn next(way: u8, state: &str) -> Option<(&'static str, Doing)> {
    let text = |text: &str| format!("{text}（示例）");
    Some(match (way, state) {
        // Nobody at the window looks at it: it is late.
        (1, "applied") => return None,
        (7, "applied") => ("demo-organisation", Doing::Withdraw { reason: text("另行申请") }),
        (_, "applied") => ("demo-office", Doing::Push { opinion: text("材料齐全") }),
        (2, "arrived") => ("demo-clerk", Doing::AskPapers { missing: vec![text("缴款凭证原件")] }),
        (5, "arrived") => ("demo-approver", Doing::Refuse { reason: text("罚款尚未缴清") }),
        (_, "arrived") => ("demo-clerk", Doing::Accept {}),
        (3, "accepted") => ("demo-clerk", Doing::Extend { reason: text("需实地核查") }),
        (4, "accepted") => ("demo-approver", Doing::Refuse { reason: text("整改没有完成") }),
        (_, "accepted") => ("demo-approver", Doing::Grant { findings: text("罚款已缴清，现场核查已整改") }),
        (6, "granted") => ("demo-reviewer", Doing::Revoke { fault: Fault::FalsePapers, facts: text("缴款凭证系伪造") }),
        _ => return None,
    })
}

/// The next step of an application for a shield.
fn of_plan(way: u8, state: &str, on: Date) -> Option<(&'static str, Doing)> {
    Some(match (way, state) {
        (_, "applied") => ("demo-office", Doing::Push { opinion: "裁定书齐全（示例）".to_owned() }),
        (0, "arrived") => {
            ("demo-approver", Doing::Refuse { reason: "裁定书不是批准重整计划的裁定（示例）".to_owned() })
        }
        (_, "arrived") => {
            let findings = "裁定属实，该记录影响重整融资（示例）".to_owned();
            ("demo-approver", Doing::Shield { findings, kept: Vec::new() })
        }
        (1, "shielded") => ("demo-approver", Doing::PlanFailed { ruling: ruling(on, way) }),
        (2, "shielded") => ("demo-approver", Doing::PlanCompleted { ruling: ruling(on, way) }),
        _ => return None,
    })
}

fn ruling(made_on: Date, number: u8) -> Ruling {
    Ruling {
        court: "示例市中级人民法院".to_owned(), number: format!("（{}）示破{number}号", made_on.year()), made_on
    }
}

/// A case that cannot go on (its time was lengthened already, its record fell) stays as it is.
fn expected(done: Result<()>) -> Result<()> {
    match done {
        Err(AppError::Refused { .. } | AppError::NotFound) => Ok(()),
        other => other,
    }
}
