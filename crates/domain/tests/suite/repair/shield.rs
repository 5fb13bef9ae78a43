//! A record is shielded while a plan of a court is carried out (V44).

use super::*;

fn at(case: &Case, code: &str) -> Date {
    case.clocks.iter().rev().find(|clock| clock.code == code).unwrap().due.on
}

fn shielding(facts: &Facts<'_>, on: Date, plan: &Plan, arrived_on: Option<Date>) -> Result<(Step, Case), Refusal> {
    let decision = judged(facts);
    let (ground, channel) = (ground(&decision, facts), Channel::Paper { reference: "管理人1号".to_owned() });
    desk("申请人", on).apply_shield(&AskShield { ground, channel: &channel, arrived_on, plan, papers: &[] })
}

#[test]
fn a_record_is_shielded_while_a_plan_is_carried_out_and_no_longer() {
    // V44; the minimum of three months runs, and does not matter.
    let facts = penalty("general", date(2026, 4, 10));
    let on = date(2026, 4, 29);
    let plan = Plan { kind: PlanKind::Reorganisation, approved: ruling(on), applicant: Applicant::Administrator };
    let (_, case) = shielding(&facts, on, &plan, Some(on)).unwrap();
    assert_eq!((case.state.code(), at(&case, "shield")), ("arrived", date(2026, 5, 15)));
    let mut market = penalty("general", date(2026, 4, 10));
    market.regulator = Regulator::Market;
    let (_, other) = shielding(&market, on, &plan, Some(on)).unwrap();
    assert_eq!(at(&other, "shield"), date(2026, 5, 12), "where the registrar may, in seven days");
    // At the window the authority's days run all the same.
    let (_, waiting) = shielding(&facts, on, &plan, None).unwrap();
    assert_eq!((waiting.state.code(), at(&waiting, "shield")), ("applied", date(2026, 5, 15)));
    // Before the orders there was no shield.
    let then = date(2026, 3, 31);
    let early = Plan { approved: ruling(then), ..plan.clone() };
    let old = penalty("general", date(2026, 3, 2));
    refused(shielding(&old, then, &early, Some(then)), "repair_plan_unknown");
    // A ruling is named as a whole, and is not of tomorrow.
    let nobody = Plan { approved: Ruling { court: " ".to_owned(), ..ruling(on) }, ..plan.clone() };
    refused(shielding(&facts, on, &nobody, Some(on)), "repair_ruling_missing");
    let tomorrow = Plan { approved: ruling(date(2026, 4, 30)), ..plan.clone() };
    refused(shielding(&facts, on, &tomorrow, Some(on)), "repair_ruling_day_wrong");

    refused(desk("受理人", on).accept(&case), "repair_plan_wrong");
    refused(desk("申请人", on).shield(&case, "1号", "属实", &[]), "repair_same_person");
    refused(desk("决定人", on).shield(&case, "1号", " ", &[]), "repair_findings_missing");
    let kept = vec!["C1".to_owned()];
    let (_, shielded) = desk("决定人", on).shield(&case, "1号", "融资须查询该记录", &kept).unwrap();
    assert!(shielded.shields() && shielded.state.is_open() && shielded.next_due().is_none());
    assert_eq!(shielded.kept(), kept);
    let letter = LetterFacts { unit: "示范住建局", organisation: "示范甲有限公司", serial: 1 };
    let told = write(&desk("决定人", on), LetterKind::RepairShield, &shielded, &letter).unwrap().text;
    assert!(
        told.contains("（2026）示01破1号裁定书") && told.contains("不予解除的措施：C1") && told.contains("重整计划"),
        "{told}"
    );

    let later = date(2026, 10, 9);
    let (_, failed) = desk("决定人", later).plan_failed(&shielded, "2号", &ruling(later)).unwrap();
    assert_eq!((failed.state.code(), failed.shields()), ("restored", false));
    let told = write(&desk("决定人", later), LetterKind::RepairRestoration, &failed, &letter).unwrap().text;
    assert!(told.contains("60日内申请行政复议") && told.contains("6个月内提起行政诉讼"), "{told}");
    refused(desk("决定人", later).plan_completed(&failed, &ruling(later), None), "repair_state_wrong");
    let before = Ruling { made_on: date(2026, 4, 28), ..ruling(later) };
    refused(desk("决定人", later).plan_failed(&shielded, "2号", &before), "repair_ruling_day_wrong");
    let unnamed = Ruling { number: String::new(), ..ruling(later) };
    refused(desk("决定人", later).plan_failed(&shielded, "2号", &unnamed), "repair_ruling_missing");

    // Carried out: the ordinary application goes on from the shield, which lasts until it is decided.
    let (_, completed) = desk("申请人", later).plan_completed(&shielded, &ruling(later), Some("X2")).unwrap();
    assert_eq!((completed.state.code(), completed.shields()), ("completed", false));
    let decision = judged(&facts);
    let followed = Followed { number: "X1".to_owned(), completed: ruling(later), kept: kept.clone() };
    let ask = Ask {
        ground: ground(&decision, &facts),
        channel: &Channel::Account,
        arrived_on: None,
        rectified: "计划执行完毕，罚款已缴清",
        papers: &proof(),
        clauses: &clauses(),
        signed_on: later,
        followed: Some(&followed),
    };
    let (_, next) = desk("申请人", later).apply(&ask).unwrap();
    assert!(next.shields() && next.kept() == kept);
    let (_, gone) = desk("申请人", later).take(&next, Event::Withdrawn { reason: String::new() }).unwrap();
    assert!(!gone.shields());
}
