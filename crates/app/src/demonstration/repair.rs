//! Repairs in a demonstration: on some days penalties that may be repaired are applied for, and each application goes one step further
//! on the way that its record says, so that every state is among them. Half of them bring their proof as a file; some of those about records
//! whose order lets the period count anew are granted on forged papers, and their revocation is proposed, answered and decided. A day that was done already is not done again.

use super::paper::hand_in_specimen;
use crate::listing::Clerk;
use crate::repair::{Applying, Doing, apply, folded, notice_of, step};
use crate::review::rules::reference;
use crate::{AppError, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::listing::Delivery;
use credence_domain::record::Identity;
use credence_domain::record::value::day_number;
use credence_domain::repair::{Applicant, Fault, Paper, Plan, PlanKind, Revocation, Ruling};
use credence_domain::rulebook::Rulebook;
use credence_store::audit;
use credence_store::listing;
use credence_store::record;
use credence_store::repair as kept;
use credence_store::scope::View;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Days before today on which repairs are worked on.
const DAYS: [i32; 9] = [32, 28, 24, 20, 16, 12, 8, 4, 1];
/// Applications that are made on one day at least.
const A_DAY_MIN: usize = 4;
/// Of so many organisations that could apply one does on a day, where the province is large.
const ONE_OF: usize = 40;
/// The way on which a repair is granted and revoked.
const REVOKED: u8 = 6;
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
        // What came with a listing has gone its way.
        if listing::published_by(writer.connection(), &head.uscc, &head.identity)?.is_some() {
            continue;
        }
        let case = folded(writer.connection(), head)?;
        let stored = record::find(writer.connection(), &view, &head.uscc, &head.identity)?;
        let way = way(&head.identity, stored.is_some_and(|stored| counts_anew(rulebook, &stored.pack)));
        let doing = match (case.revoking(), &case.applied.plan) {
            (Some(proposed), _) => Some(to_revoke(proposed, on)),
            (None, Some(_)) => of_plan(way, &head.state, on),
            (None, None) => next(way, &head.state),
        };
        // The letter of a decision is handed over on the next day that is worked on; on two ways nobody has done it yet.
        let waits = doing.is_none() && head.unserved == Some(true) && !matches!(way, 4 | 0);
        let doing = doing.or_else(|| waits.then(|| ("demo-clerk", serve_decision(on))));
        let Some((name, doing)) = doing else { continue };
        let own = matches!(doing, Doing::Withdraw { .. } | Doing::Supplement { .. } | Doing::State { .. });
        let unit = if own { "" } else { &head.unit };
        let done = step(writer, rulebook, (&clerk(name), unit), &head.number, &doing);
        expected(done.map(drop))?;
        // Who proposes to revoke hands the notice over on the same day.
        if matches!(doing, Doing::ProposeRevocation { .. }) {
            let served = step(writer, rulebook, (&clerk(name), unit), &head.number, &serve(on));
            expected(served.map(drop))?;
        }
    }
    let open = kept::all(writer.connection())?;
    let mut found = Vec::new();
    let today = day_number(on);
    audit::each_record(writer.connection(), |stored, _| {
        let lasts = stored.through_on.is_some_and(|last| today + LEFT_DAYS_MIN <= last);
        let opens = stored.repair_from_on.is_some_and(|from| from <= today);
        if stored.item == "penalty" && stored.is_public_on(today) && lasts && opens {
            found.push(Candidate {
                others: Some(stored.uscc.as_str()) != own,
                identity: stored.identity,
                record: hex(&stored.reference),
                uscc: stored.uscc.clone(),
                anew: counts_anew(rulebook, &stored.pack),
            });
        }
        Ok(())
    })?;
    // One application an organisation, in the order of identities, which says nothing.
    found.retain(|one| open.iter().all(|head| head.uscc != one.uscc));
    // What a listing rests on stays for it.
    let mut free = Vec::new();
    for one in found {
        if listing::resting_on(writer.connection(), &one.uscc, &one.identity)?.is_empty() {
            free.push(one);
        }
    }
    let candidates = in_order(free);
    let a_day = A_DAY_MIN.max(candidates.len() / ONE_OF);
    let (mut made, mut made_anew) = (0, 0);
    for Candidate { identity, record, uscc, anew, others } in candidates {
        if made == a_day {
            break;
        }
        // At most half of a day's are of those whose period may count anew; nobody applies who is told that he may not.
        let keyring = writer.keyring();
        let full = anew && others && made_anew == a_day / 2;
        if full || !notice_of(writer.connection(), keyring, (rulebook, &view), &record)?.eligible {
            continue;
        }
        (made, made_anew) = (made + 1, made_anew + usize::from(anew));
        let revoked = anew && way(&identity, anew) == REVOKED;
        // Every third goes through a reorganisation; its administrator comes with paper.
        let plan = (identity.0[3] % 3 == 0 && !revoked).then(|| Plan {
            kind: PlanKind::Reorganisation,
            approved: ruling(on, identity.0[2]),
            applicant: Applicant::Administrator,
        });
        let paper = identity.0[1] % 4 == 0 || plan.is_some();
        let by = if paper { "demo-window" } else { "demo-organisation" };
        let number = format!("示缴{}号", identity.0[2]);
        let digest = match identity.0[4] % 2 == 0 || revoked {
            true => hand_in_specimen(writer, rulebook, (by, &uscc), ("缴款凭证", &record))?,
            false => String::new(),
        };
        let at_the_window = (on, format!("示窗〔{}〕{}号", on.year(), identity.0[2]));
        let of_paper = asked(&record, at_the_window, number.clone());
        let channel = if paper { of_paper.channel } else { String::new() };
        let reference = if paper { of_paper.reference } else { String::new() };
        let papers = vec![Paper { kind: "proof".to_owned(), number, file: !digest.is_empty(), digest }];
        let asked = Applying { channel, reference, papers, plan, ..of_paper };
        expected(apply(writer, rulebook, (&clerk(by), ""), &asked).map(drop))?;
    }
    Ok(())
}

/// The whole way of a repair on one day: brought to the authority on paper, looked at by the office where the order asks for that, accepted by its clerk, granted by another. What was cut off
/// goes on where it stopped.
///
/// # Errors
/// What a step refuses, or a fault.
pub(super) fn whole(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (record, unit, approver, reference_number): (&str, &str, &str, &str),
    on: Date,
) -> Result<()> {
    let view = View::office(on);
    let clerk = |name: &str| Clerk { name: name.to_owned(), view: view.clone() };
    let stored = record::by_reference(writer.connection(), &view, &reference(record)?)?.ok_or(AppError::NotFound)?;
    let open = kept::about(writer.connection(), &stored.uscc, &stored.identity)?;
    let number = match open.into_iter().find(|head| matches!(head.state.as_str(), "applied" | "arrived" | "accepted")) {
        Some(head) => head.number,
        None => {
            let asked = asked(record, (on, reference_number.to_owned()), "缴款书（示例）".to_owned());
            apply(writer, rulebook, (&clerk("demo-window"), unit), &asked)?.head.number
        }
    };
    for (by, state, doing) in [
        // Where the order sends it over the window, the office looks at it first.
        ("demo-office", "applied", Doing::Push { opinion: "材料齐全（示例）".to_owned() }),
        ("demo-clerk", "arrived", Doing::Accept {}),
        (approver, "accepted", grant("义务已全部履行，危害后果已消除（示例）".to_owned())),
    ] {
        let head = kept::by_number(writer.connection(), &number)?.ok_or(AppError::NotFound)?;
        if head.state == state {
            step(writer, rulebook, (&clerk(by), unit), &number, &doing)?;
        }
    }
    Ok(())
}

/// An application on paper.
fn asked(record: &str, (on, reference): (Date, String), proof: String) -> Applying {
    Applying {
        record: record.to_owned(),
        channel: "paper".to_owned(),
        reference,
        window_on: None,
        arrived_on: None,
        rectified: "罚款已缴清，违法行为已改正（示例）".to_owned(),
        papers: vec![Paper { kind: "proof".to_owned(), number: proof, file: false, digest: String::new() }],
        clauses: ["performed", "truth", "lawful", "supervision", "punishment"].map(str::to_owned).to_vec(),
        signed_on: Some(on),
        plan: None,
        completed: None,
    }
}

/// A penalty that may be applied for. In order of what says nothing, the organisation whose representative has an account first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    others: bool,
    identity: Identity,
    record: String,
    uscc: String,
    anew: bool,
}

/// One of each organisation: that of the representative with an account first, then those whose period may count anew.
fn in_order(mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.sort();
    let mut seen = BTreeSet::new();
    found.retain(|one| seen.insert(one.uscc.clone()));
    found.sort_by_key(|one| (one.others, !one.anew));
    found
}

/// Whether the order by whose pack (and row) a record is public lets its period count anew when a repair by false papers is revoked.
fn counts_anew(rulebook: &Rulebook, pack: &str) -> bool {
    let id = pack.split_once('/').map_or(pack, |(id, _)| id);
    rulebook.publicity.pack(id).is_some_and(|pack| pack.restart.is_some())
}

/// The way of an application.
const fn way(identity: &Identity, anew: bool) -> u8 {
    if anew && identity.0[5].is_multiple_of(2) { REVOKED } else { identity.0[0] % 8 }
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
        (_, "accepted") => ("demo-approver", grant(text("罚款已缴清，现场核查已整改"))),
        (REVOKED, "granted") => {
            let (fault, facts) = (Fault::FalsePapers, text("缴款凭证系伪造"));
            ("demo-clerk", Doing::ProposeRevocation { fault, facts })
        }
        _ => return None,
    })
}

/// The next step towards a revocation: the notice is served, the organisation states its case, and once its days are over another person
/// decides. Where they are not, the case waits for the next day.
fn to_revoke(proposed: &Revocation, on: Date) -> (&'static str, Doing) {
    match &proposed.served {
        None => ("demo-clerk", serve(on)),
        Some(_) if proposed.statements.is_empty() => {
            let text = "缴款凭证由代办人提供，本单位不知情（示例）".to_owned();
            let state = Doing::State { on: None, text, reference: String::new(), papers: Vec::new() };
            ("demo-organisation", state)
        }
        Some(_) => {
            let reason = "凭证经开户银行核查系伪造，由谁提供不影响认定（示例）".to_owned();
            ("demo-reviewer", Doing::Revoke { reason })
        }
    }
}

/// A grant that found every condition met that any order asks for.
fn grant(findings: String) -> Doing {
    let every = [
        "minimum",
        "performed",
        "rectified",
        "harm_removed",
        "no_repeat",
        "promise",
        "papers",
        "not_barred",
        "public_interest",
    ];
    Doing::Grant { findings, conditions: every.map(str::to_owned).to_vec() }
}

/// The notice is handed over on a day.
fn serve(on: Date) -> Doing {
    Doing::ServeRevocation { delivery: handed_over(on) }
}

/// The letter of the last decision is handed over on a day.
fn serve_decision(on: Date) -> Doing {
    Doing::Serve { letter: None, delivery: handed_over(on) }
}

fn handed_over(on: Date) -> Delivery {
    let (mode, proof, consent) = ("direct".to_owned(), "送达回证（示例）".to_owned(), String::new());
    Delivery { mode, on, proof, consent }
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
