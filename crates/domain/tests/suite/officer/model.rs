//! Random lives of a person's case and of its listing against a small model.

use super::{TODAY, asked, by_hand, desk, listed, paper, removed, representative, stayed};
use crate::chance::Chance;
use credence_domain::officer::{Case, CaseEvent, CaseStep, Ending};
use jiff::ToSpan;

/// What must hold, in as few words as possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Proposed,
    Notified,
    Decided,
    Over,
    Ended,
}

/// The listing of the model: whether it stands, and whether it is stayed.
#[derive(Clone, Debug)]
struct Model {
    stage: Stage,
    waived: bool,
    rests: bool,
    handed: bool,
    recalled: bool,
    listed: bool,
    stayed: bool,
}

#[test]
fn random_lives_are_allowed_exactly_where_a_small_model_allows_them() {
    let mut chance = Chance(14);
    let mut taken = [0_u32; 9];
    let first = listed();
    for _ in 0..4_000 {
        let mut today = TODAY;
        let mut listing = first.clone();
        let (step, mut case) = desk("甲", today).propose(&asked(&listing, &representative())).unwrap();
        let mut steps: Vec<CaseStep> = vec![step];
        let mut due = today;
        let mut model = Model {
            stage: Stage::Proposed,
            waived: false,
            rests: false,
            handed: false,
            recalled: false,
            listed: true,
            stayed: false,
        };
        for _ in 0..25 {
            if chance.below(3) == 0 {
                today = today.saturating_add(1.day());
            }
            let kind = usize::try_from(chance.below(9)).unwrap();
            let by = if chance.below(3) == 0 { "甲" } else { "乙" };
            let at = desk(by, today);
            let stands = model.listed && !model.stayed;
            let open = matches!(model.stage, Stage::Proposed | Stage::Notified);
            let heard = model.stage == Stage::Notified && (model.waived || due < today);
            let (done, allowed) = match kind {
                0 => {
                    let served = at.serve_notice(&case, &listing, ("责告1号", &by_hand(today)));
                    (served, stands && model.stage == Stage::Proposed)
                }
                1 => {
                    let event = CaseEvent::Waived { on: today, proof: "声明".to_owned(), paper: Some(paper()) };
                    (at.take(&case, event), model.stage == Stage::Notified && !model.waived && by == "乙")
                }
                2 => (at.decide(&case, &listing, ("责1号", "理由")), stands && heard && by == "乙"),
                3 => (at.dismiss(&case, "责免1号", "未参与"), heard && by == "乙"),
                4 => (at.take(&case, CaseEvent::Withdrawn { reason: "证据不足".to_owned() }), open),
                5 => {
                    let event = CaseEvent::HandedOver { number: "回1号".to_owned(), on: today };
                    let owed = match model.stage {
                        Stage::Decided => !model.handed,
                        Stage::Ended => model.handed && !model.recalled,
                        _ => false,
                    };
                    (at.take(&case, event), owed)
                }
                6 => {
                    let event = at.end(&case, Ending::Own { document: "终1号".to_owned() });
                    (at.take(&case, event), model.stage == Stage::Decided)
                }
                _ => {
                    // The listing moves, and the case follows in the same breath.
                    if !model.listed || chance.below(3) != 0 {
                        continue;
                    }
                    if kind == 7 {
                        listing = stayed(&listing, today, !model.stayed);
                        model.stayed = !model.stayed;
                    } else if chance.below(4) == 0 {
                        listing = removed(&listing, today);
                        model.listed = false;
                    }
                    while let Some(event) = at.following(&case, &listing) {
                        let (step, next) = at.take(&case, event).unwrap();
                        taken[kind] += 1;
                        steps.push(step);
                        case = next;
                    }
                    match (model.listed, model.stage) {
                        (true, Stage::Decided) => model.rests = model.stayed,
                        (false, Stage::Decided) => model.stage = Stage::Ended,
                        (false, Stage::Proposed | Stage::Notified) => model.stage = Stage::Over,
                        _ => {}
                    }
                    continue;
                }
            };
            // Ends are rare, or nothing else would ever be tried.
            if matches!(kind, 3 | 4 | 6) && chance.below(6) != 0 {
                continue;
            }
            assert_eq!(done.is_ok(), allowed, "{kind} by {by} on {today} at {model:?}: {done:?}");
            let Ok((step, next)) = done else { continue };
            taken[kind] += 1;
            match kind {
                0 => model.stage = Stage::Notified,
                1 => model.waived = true,
                2 => model.stage = Stage::Decided,
                3 | 4 => model.stage = Stage::Over,
                5 if model.stage == Stage::Ended => model.recalled = true,
                5 => model.handed = true,
                _ => model.stage = Stage::Ended,
            }
            if let CaseEvent::NoticeServed { answer_due_on, .. } = &step.event {
                due = *answer_due_on;
            }
            steps.push(step);
            case = next;
            let force = model.stage == Stage::Decided && !model.rests;
            assert_eq!(case.is_in_force_on(today), force, "{model:?}");
            assert!(!force || (model.listed && !model.stayed), "never beyond the listing");
        }
        // What was kept folds to what it was, also from JSON.
        let kept = serde_json::to_string(&steps).unwrap();
        let read: Vec<CaseStep> = serde_json::from_str(&kept).unwrap();
        assert_eq!(Case::fold(&read).unwrap(), case);
    }
    assert!(taken.iter().all(|count| *count > 50), "{taken:?}");
}
