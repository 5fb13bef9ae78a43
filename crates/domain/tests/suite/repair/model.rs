//! Random steps against a small model.

use super::*;
use crate::chance::Chance;
use credence_domain::listing::{Filed, RemedyKind, Service};

const PEOPLE: [&str; 4] = ["甲", "乙", "丙", "丁"];

/// What must hold, in as few words as possible: a state in words, who did what, what runs.
#[derive(Clone, Debug)]
struct Model {
    state: &'static str,
    enterer: usize,
    pusher: Option<usize>,
    acceptor: Option<usize>,
    asked: bool,
    extended: bool,
    /// Last days of the clocks that run: push or accept or decide.
    running: Option<Date>,
    /// Last day to shield, where a plan is being carried out.
    shield: Option<Date>,
    plan: bool,
    /// A revocation is proposed; once its notice is served, with the last day to end it.
    revoking: Option<Option<Date>>,
    /// The organisation has given up its days.
    waived: bool,
    /// The letters of decisions, and whether each was served.
    letters: Vec<(String, bool)>,
    ran_out: u32,
}

fn service(letter: String, on: Date) -> Service {
    let (mode, proof) = ("direct".to_owned(), "回证".to_owned());
    Service { letter, mode, delivered_on: on, served_on: on, proof, consent: String::new() }
}

/// Where the steps from the fourth on lead; nothing where they lead elsewhere.
const ENDS: [&str; 10] =
    ["not_accepted", "", "granted", "refused", "", "", "revoked", "shielded", "restored", "completed"];

/// 1,000,000 random steps: each is allowed exactly where the model allows it, and every clock ends in exactly one way.
#[test]
fn random_steps_are_allowed_exactly_where_a_small_model_allows_them() {
    let facts = penalty("general", date(2026, 4, 10));
    let first_day = date(2026, 9, 21);
    let (template, _) = apply(&facts, first_day, &Wish::default()).unwrap();
    let Event::Applied(applied) = &template.event else { panic!() };
    let remedies = vec!["行政复议".to_owned()];
    let mut chance = Chance(36);
    let mut taken = [0_u32; 21];
    let due = |on: Date, days: i64| Some(Due { on: on.saturating_add(days.days()), provisional: false });
    for life in 0..50_000_u32 {
        let mut today = first_day;
        let mut applied = (**applied).clone();
        applied.through_on = Some(first_day.saturating_add(12.days()));
        (applied.push, applied.answer) = (due(today, 1), due(today, 10));
        // Every third is an application for a shield.
        let by_plan = life % 3 == 0;
        if by_plan {
            let applicant = Applicant::Administrator;
            applied.plan = Some(Plan { kind: PlanKind::Reorganisation, approved: ruling(first_day), applicant });
            (applied.promise, applied.shield) = (None, due(today, 7));
        }
        let enterer = usize::try_from(chance.below(4)).unwrap();
        let opened = Step { by: PEOPLE[enterer].to_owned(), on: today, event: Event::Applied(Box::new(applied)) };
        let mut case = Case::open(&opened).unwrap();
        let mut steps = vec![opened];
        let mut model = Model {
            state: "applied",
            enterer,
            pusher: None,
            acceptor: None,
            asked: false,
            extended: false,
            running: Some(today.saturating_add(1.day())),
            shield: by_plan.then(|| today.saturating_add(7.days())),
            plan: by_plan,
            revoking: None,
            waived: false,
            letters: Vec::new(),
            ran_out: 0,
        };
        for _ in 0..34 {
            if chance.below(3) == 0 {
                today = today.saturating_add(1.day());
            }
            let who = usize::try_from(chance.below(4)).unwrap();
            let kind = usize::try_from(chance.below(21)).unwrap();
            // The ends are rare, or nothing else would ever be tried.
            if (matches!(kind, 8 | 9) && chance.below(8) != 0) || (kind == 14 && chance.below(4) != 0) {
                continue;
            }
            let open = matches!(model.state, "applied" | "arrived" | "wanting" | "accepted" | "shielded");
            let reviewed = model.pusher == Some(who) || model.enterer == who;
            let part = reviewed || model.acceptor == Some(who);
            let free = model.revoking.is_none();
            let (letter, reason) = (format!("{}号", steps.len()), "理由".to_owned());
            let remedies = remedies.clone();
            let (event, allowed) = match kind {
                0 => {
                    let arrived = Arrived { on: today, accept: due(today, 3).filter(|_| !model.plan) };
                    (Event::Pushed { opinion: "齐全".to_owned(), arrived }, model.state == "applied")
                }
                1 => {
                    let once = model.state == "arrived" && !model.asked;
                    (Event::PapersAsked { missing: vec!["凭证".to_owned()] }, once)
                }
                2 => (Event::Supplemented { papers: proof(), accept: due(today, 3) }, model.state == "wanting"),
                3 => (Event::Accepted { decide: due(today, 7) }, model.state == "arrived" && !model.plan),
                4 => {
                    let may = matches!(model.state, "arrived" | "wanting") && !reviewed && free;
                    (Event::NotAccepted { letter, reason, remedies }, may)
                }
                5 => {
                    let decide = Due { on: today.saturating_add(17.days()), provisional: false };
                    (Event::Extended { reason, decide }, model.state == "accepted" && !model.extended)
                }
                6 => {
                    let in_time = today <= first_day.saturating_add(12.days());
                    let granted = Event::Granted {
                        letter,
                        findings: "属实".to_owned(),
                        sync: None,
                        related: Vec::new(),
                        conditions: Vec::new(),
                    };
                    (granted, model.state == "accepted" && !part && in_time && free)
                }
                7 => (Event::Refused { letter, reason, remedies }, model.state == "accepted" && !part && free),
                8 => (Event::Withdrawn { reason: String::new() }, open && free),
                9 => (Event::Stopped { reason }, open),
                11 => {
                    let shielded = Event::Shielded { letter, findings: "属实".to_owned(), kept: Vec::new() };
                    (shielded, model.state == "arrived" && model.plan && !reviewed && free)
                }
                12 => (Event::PlanFailed { letter, ruling: ruling(today) }, model.state == "shielded" && free),
                13 => {
                    let completed = Event::PlanCompleted { ruling: ruling(today), followed_by: None };
                    (completed, model.state == "shielded" && free)
                }
                14 => {
                    let pending = matches!(model.state, "arrived" | "wanting" | "accepted" | "shielded");
                    let proposed =
                        Event::RevocationProposed { letter, fault: Fault::FalsePapers, facts: "伪造".to_owned() };
                    (proposed, (pending || model.state == "granted") && free)
                }
                15 => {
                    let service = service(letter, today);
                    let statement_due_on = today.saturating_add(2.days());
                    let (decide, provisional) = (due(today, 4), false);
                    let served =
                        Event::RevocationServed { service, statement_days: 2, statement_due_on, provisional, decide };
                    (served, model.revoking == Some(None))
                }
                16 => {
                    let (text, reference) = ("属实".to_owned(), String::new());
                    let stated = Event::RevocationStated { on: today, text, reference, papers: Vec::new() };
                    (stated, model.revoking.is_some_and(|until| until.is_some()))
                }
                17 => (Event::RevocationDropped { letter, reason }, !free),
                18 => {
                    let due = model.letters.last().filter(|(_, served)| !served);
                    let letter = due.map(|(letter, _)| letter.clone()).unwrap_or_default();
                    (Event::DecisionServed { service: service(letter, today) }, due.is_some())
                }
                20 => {
                    let (by_party, reference) = (true, String::new());
                    let waived = Event::RevocationWaived { on: today, by_party, reference, papers: Vec::new() };
                    (waived, model.revoking.is_some_and(|until| until.is_some()) && !model.waived)
                }
                19 => {
                    let letter = model.letters.last().map(|(letter, _)| letter.clone());
                    let number = format!("复{}号", steps.len());
                    let (kind, body) = (RemedyKind::Reconsideration, "市政府".to_owned());
                    let filed = Filed { kind, number, body, on: today };
                    let known = letter.is_some();
                    (Event::RemedyFiled { letter: letter.unwrap_or_default(), filed, papers: Vec::new() }, known)
                }
                _ => {
                    let fault = Fault::ALL[usize::try_from(chance.below(3)).unwrap()];
                    let granted = model.state == "granted";
                    let pending = matches!(model.state, "arrived" | "wanting" | "accepted" | "shielded");
                    let promised = granted || fault != Fault::BrokenPromise;
                    let fits = (granted || pending) && promised && (!model.plan || fault == Fault::FalsePapers);
                    let later = today.saturating_add(3.years());
                    let revoked = Event::Revoked {
                        letter,
                        fault,
                        facts: "伪造".to_owned(),
                        sanction_through_on: later,
                        barred_through_on: later,
                        restart: None,
                        reason: String::new(),
                    };
                    (revoked, fits && !part)
                }
            };
            let done = desk(PEOPLE[who], today).take(&case, event.clone());
            assert_eq!(
                done.is_ok(),
                allowed,
                "life {life}: {event:?} by {} on {today} at {model:?}: {done:?}",
                PEOPLE[who]
            );
            let Ok((step, next)) = done else { continue };
            taken[kind] += 1;
            let late = |due: Option<Date>| u32::from(due.is_some_and(|due| due < today));
            match kind {
                0 => {
                    model.ran_out += late(model.running);
                    (model.state, model.pusher) = ("arrived", Some(who));
                    model.running = (!model.plan).then(|| today.saturating_add(3.days()));
                }
                1 => {
                    model.ran_out += late(model.running);
                    (model.state, model.asked, model.running, model.shield) = ("wanting", true, None, None);
                }
                2 => {
                    let until = Some(today.saturating_add(3.days()));
                    model.state = "arrived";
                    (model.running, model.shield) = if model.plan { (None, until) } else { (until, None) };
                }
                3 => {
                    model.ran_out += late(model.running);
                    (model.state, model.acceptor) = ("accepted", Some(who));
                    model.running = Some(today.saturating_add(7.days()));
                }
                5 => (model.extended, model.running) = (true, Some(today.saturating_add(17.days()))),
                14 => (model.revoking, model.waived) = (Some(None), false),
                15 => model.revoking = Some(Some(today.saturating_add(4.days()))),
                16 | 19 => {}
                20 => model.waived = true,
                18 => model.letters.last_mut().unwrap().1 = true,
                17 => {
                    model.ran_out += late(model.revoking.flatten());
                    model.revoking = None;
                }
                8 | 9 => {
                    model.revoking = None;
                    model.state = if kind == 8 { "withdrawn" } else { "stopped" };
                    (model.running, model.shield) = (None, None);
                }
                _ => {
                    model.ran_out += late(model.running) + late(model.shield) + late(model.revoking.flatten());
                    (model.running, model.shield, model.revoking) = (None, None, None);
                    model.state = ENDS[kind - 4];
                }
            }
            model.letters.extend(step.event.decided_by().map(|letter| (letter.to_owned(), false)));
            steps.push(step);
            case = next;
            assert_eq!(case.state.code(), model.state);
            assert_eq!(case.unserved(), model.letters.last().is_some_and(|(_, served)| !served));
            assert_eq!(case.state.is_open(), case.state.ended().is_none());
            assert_eq!(case.shields(), model.state == "shielded");
            assert_eq!(case.revoking().is_some(), model.revoking.is_some());
            let heard = model.revoking.flatten();
            let next = model.running.into_iter().chain(model.shield).chain(heard).min();
            assert_eq!(case.next_due().map(|due| due.on), next, "{model:?}");
            let ran_out = case.clocks.iter().filter(|clock| !clock.usual && clock.on(today) == Standing::Late).count();
            assert_eq!(u32::try_from(ran_out).unwrap(), model.ran_out, "{model:?} {:?}", case.clocks);
            let running =
                case.clocks.iter().any(|clock| matches!(clock.on(today), Standing::Running | Standing::Overdue));
            assert!(case.state.is_open() || heard.is_some() || !running, "what has ended leaves no clock running");
        }
        if life % 50 == 0 {
            let kept = serde_json::to_string(&steps).unwrap();
            let read: Vec<Step> = serde_json::from_str(&kept).unwrap();
            assert_eq!(Case::fold(&read).unwrap(), case);
        }
    }
    assert!(taken.iter().all(|count| *count > 250), "{taken:?}");
}
