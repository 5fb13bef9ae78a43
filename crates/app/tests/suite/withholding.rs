//! What a secrecy review withholds is not disclosed, whatever version comes next, and everyone is told by which clause.

use crate::desk::*;
use credence_app::batch::withdraw::withdraw;
use credence_app::query::RecordView;
use credence_app::review::Decision;
use credence_app::review::withhold::{Finding, withhold};
use credence_app::{AppError, View};
use credence_domain::record::secrecy::Ground;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;

const DECISION: Decision<'static> =
    Decision { actor: "保密审查员", reason: "含生产配方", secrecy_review: "" };
const CLAUSE: &str = "政府信息公开条例 十五";
const SECRET: &str = "经查，当事人以丙烯酸三份、催化剂甲一份生产，排放超标。";

fn record(desk: &Desk<'_>) -> RecordView {
    desk.service(today()).organisation(&View::public(today()), FIRM).unwrap().records.remove(0)
}

fn decide(desk: &mut Desk<'_>, field: &str, clause: &str) -> Result<(), AppError> {
    let finding = Finding::Withhold { ground: Ground::CommercialSecret, clause };
    let (id, fields) = (record(desk).id, [field.to_owned()]);
    withhold(&mut desk.writer, &desk.rulebook, (&id, &fields), finding, DECISION).map(drop)
}

fn row(text: &str, content: &str) -> credence_testkit::province::Row {
    changed("一号", &[("CF_SY", text), ("CF_NR", content)])
}

fn shown(desk: &Desk<'_>) -> (Option<String>, String, usize) {
    let record = record(desk);
    assert!(!serde_json::to_string(&record).unwrap().contains("催化剂"));
    (record.content.get("CF_SY"), record.content.get("CF_NR").unwrap(), record.withheld.len())
}

fn a_withheld_field_is_shown_to_nobody_and_its_clause_to_everybody(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![row(SECRET, "处以罚款")]);
    for (field, clause, code) in [
        ("CF_SY", "", "clause_needed"),
        ("CF_SY", "政府信息公开条例", "clause_needed"),
        ("CF_WSH", CLAUSE, "field_not_withholdable"),
        ("CF_XDR_MC", CLAUSE, "field_not_withholdable"),
        ("BZ", CLAUSE, "field_not_withholdable"),
        ("NO", CLAUSE, "field_not_withholdable"),
    ] {
        assert_eq!(decide(&mut desk, field, clause).unwrap_err().code(), code, "{field}");
    }
    let before = record(&desk);
    decide(&mut desk, "CF_SY", CLAUSE).unwrap();
    let after = record(&desk);
    assert_eq!(shown(&desk), (None, "处以罚款".to_owned(), 1));
    let told = &after.withheld[0];
    assert_eq!((told.field.as_str(), told.name.as_str()), ("CF_SY", "违法事实"));
    assert_eq!((told.ground, told.ground_text, told.clause.as_str()), ("commercial_secret", "商业秘密", CLAUSE));
    assert_eq!((after.version, after.public_from_on), (before.version + 1, before.public_from_on));
    desk.verify();
    // Its proof opens the public half as it is now.
    let view = View::public(today());
    let page = desk.service(today()).records_page(&view, FIRM, None, None).unwrap();
    let proof = serde_json::to_value(page.items[0].proof.as_ref().unwrap()).unwrap();
    assert!(proof["public"].as_str().is_some_and(|public| !public.is_empty()));
}

fn whatever_version_comes_next_withholds_it_too_until_it_is_lifted(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![row(SECRET, "处以罚款")]);
    decide(&mut desk, "CF_SY", CLAUSE).unwrap();
    // The same row again is no news; a corrected one is, and says as little.
    assert_eq!(desk.send(vec![row(SECRET, "处以罚款")]).counts.unchanged, 1);
    let bytes = desk.sheet(vec![row(SECRET, "处以罚款六万元")], EXPORT);
    let [tried, done] = desk.try_and_send(OFFICE, &bytes);
    assert_eq!((tried, done.corrected), (done, 1));
    assert_eq!(shown(&desk), (None, "处以罚款六万元".to_owned(), 1));
    let another = desk.send(vec![row("催化剂乙", "处以罚款七万元")]).batch;
    assert_eq!(shown(&desk), (None, "处以罚款七万元".to_owned(), 1));
    desk.verify();
    // What stood before stands again, and withholds it.
    withdraw(&mut desk.writer, &desk.rulebook, &another, DECISION, "乙", &mut |_| Ok(())).unwrap();
    assert_eq!(shown(&desk), (None, "处以罚款六万元".to_owned(), 1));
    desk.verify();
    let (id, fields) = (record(&desk).id, ["CF_SY".to_owned()]);
    let lift =
        |desk: &mut Desk<'_>| withhold(&mut desk.writer, &desk.rulebook, (&id, &fields), Finding::Lift, DECISION);
    lift(&mut desk).unwrap();
    let record = record(&desk);
    assert_eq!((record.content.get("CF_SY").as_deref(), record.withheld.len()), (Some(SECRET), 0));
    assert_eq!(lift(&mut desk).unwrap_err().code(), "not_withheld");
    assert_eq!(desk.send(vec![row(SECRET, "处以罚款六万元")]).counts.unchanged, 1);
    desk.verify();
}

fn the_version_before_a_withholding_comes_back_without_what_is_withheld(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![row(SECRET, "处以罚款")]);
    let later = desk.send(vec![row("催化剂乙", "处以罚款七万元")]).batch;
    decide(&mut desk, "CF_SY", CLAUSE).unwrap();
    withdraw(&mut desk.writer, &desk.rulebook, &later, DECISION, "乙", &mut |_| Ok(())).unwrap();
    assert_eq!(shown(&desk), (None, "处以罚款".to_owned(), 1), "that version was public as a whole");
    desk.verify();
}

both_stores!(
    a_withheld_field_is_shown_to_nobody_and_its_clause_to_everybody,
    whatever_version_comes_next_withholds_it_too_until_it_is_lifted,
    the_version_before_a_withholding_comes_back_without_what_is_withheld,
);
