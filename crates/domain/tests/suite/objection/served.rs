//! Letters of answers: what was kept before their service was, and what is filed against them.

use super::*;

#[test]
fn what_was_answered_before_services_were_recorded_keeps_its_day_and_is_never_shortened() {
    let case = filed(Matter::Objection, OFFICE, OFFICE);
    let office = desk("甲", OFFICE, TODAY);
    let (step, case_now) = office.decide(&case, "1号", (Outcome::Rejected, &[], "核查无误")).unwrap();
    let body = serde_json::to_string(&step).unwrap();
    assert!(body.contains("\"appeal_days\":5") && !body.contains("appeal_until"), "{body}");
    let old = body.replace("\"appeal_days\":5", "\"appeal_until\":\"2026-09-14\"");
    let kept: Step = serde_json::from_str(&old).unwrap();
    let before = case.clone().take(&kept).unwrap();
    assert_eq!((before.mark_through(), before.code_on(date(2026, 9, 15))), (Some(date(2026, 9, 14)), "closed"));
    // A service that is recorded later lets the days run from it.
    let (served, after) =
        desk("戊", OFFICE, date(2026, 9, 21)).serve_decision(&before, None, &delivery(date(2026, 9, 21))).unwrap();
    assert_eq!(after.mark_through(), Some(date(2026, 9, 29)), "{served:?}");
    let (_, early) = office.serve_decision(&before, None, &delivery(TODAY)).unwrap();
    assert_eq!(early.mark_through(), Some(date(2026, 9, 14)));
    // What is filed at law is kept beside the letter, once, and suspends nothing.
    let filed =
        RemedyFiled {
            kind: RemedyKind::Litigation, number: " 行1号 ".to_owned(), body: "法院".to_owned(), on: TODAY
        };
    let party = desk("代表人", "", TODAY);
    let nameless = RemedyFiled { number: " ".to_owned(), ..filed.clone() };
    refused(party.file_remedy(&case_now, None, (&nameless, &[])), "remedy_number_missing");
    let (_, sued) = party.file_remedy(&case_now, None, (&filed, &[])).unwrap();
    assert_eq!((sued.told[0].filed[0].filed.number.as_str(), sued.standing), ("行1号", Standing::Decided));
    refused(party.file_remedy(&sued, None, (&filed, &[])), "remedy_repeated");
    let before = RemedyFiled { number: "行2号".to_owned(), on: date(2026, 9, 6), ..filed };
    refused(party.file_remedy(&sued, None, (&before, &[])), "day_too_early");
    refused(party.file_remedy(&case, None, (&before, &[])), "letter_missing");
}
