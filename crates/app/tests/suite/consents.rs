//! Only the owner corrects; another unit, the office included, with the owner's recorded consent, a second person, and both
//! units named in the act.

use crate::desk::{Desk, EXPORT, FIRM, OFFICE, changed, today};
use credence_app::collect::{self, Report, Request};
use credence_app::consent::{self, Acting, Consenting};
use credence_app::directory::{self, Unit};
use credence_app::review::{self, Decision};
use credence_app::{AppError, View, batch};
use credence_domain::subject::Uscc;
use credence_store::{audit, record};
use credence_testkit::both_stores;
use credence_testkit::province::Row;
use credence_testkit::stores::TestStore;
use jiff::ToSpan;

const BUREAU: &str = "123799000000000510";
const BY: (&str, &str) = ("甲", "系统迁移后原单位无法登录");

/// A desk whose bureau has sent three penalties, the third with a telephone number.
fn with_penalties(store: &TestStore) -> Desk<'_> {
    let mut desk = Desk::new(store);
    let unit = Unit { uscc: BUREAU.to_owned(), name: "云海市生态环境局".to_owned(), ..Unit::default() };
    directory::set(&mut desk.writer, &unit, &desk.rulebook).unwrap();
    let rows = vec![of_bureau("1号", "乙"), of_bureau("2号", "乙"), of_bureau("3号", "联系人电话13800138000")];
    let bytes = desk.sheet(rows, EXPORT);
    assert_eq!(desk.send_from(BUREAU, &bytes).unwrap().counts.accepted, 3);
    desk
}

fn of_bureau(number: &str, grounds: &str) -> Row {
    changed(number, &[("CF_CFJGDM", BUREAU), ("CF_SJLYDM", BUREAU), ("CF_SY", grounds)])
}

fn on_behalf(desk: &mut Desk<'_>, rows: Vec<Row>, second: &str) -> Result<Report, AppError> {
    let path = desk.store.folder.join("behalf.csv");
    std::fs::write(&path, desk.sheet(rows, EXPORT)).unwrap();
    let request = Request {
        path,
        source: Uscc::parse(BUREAU).unwrap(),
        item: None,
        rejects: None,
        dry_run: false,
        secrecy_review: "审查员（示例）".to_owned(),
        channel: "cli",
        instruction: None,
        window_bytes: credence_app::collect::WINDOW_BYTES,
    };
    let acting = Acting { unit: OFFICE, second };
    collect::import_on_behalf(&mut desk.writer, &desk.rulebook, &request, acting, BY, &mut |_| {})
}

fn give(desk: &mut Desk<'_>, what: Consenting<'_>) -> Result<String, AppError> {
    let what = Consenting { owner: BUREAU, acting: OFFICE, ..what };
    Ok(consent::give(&mut desk.writer, &desk.rulebook, &what, "丙", "委托中心代为更正")?.number)
}

fn id_of(desk: &mut Desk<'_>, number: &str) -> String {
    let view = View::office(today());
    let found = desk.service(today()).organisation(&view, FIRM).unwrap().records;
    found.into_iter().find(|one| one.document_number.as_deref() == Some(number)).unwrap().id
}

/// Headers of the acts of a kind.
fn headers(desk: &mut Desk<'_>, kind: &str) -> Vec<serde_json::Value> {
    let mut found = Vec::new();
    audit::each_act(desk.writer.connection(), |act| {
        if act.kind == kind {
            found.push(serde_json::from_str(&act.header).unwrap());
        }
        Ok(())
    })
    .unwrap();
    found
}

fn without_consent_nobody_corrects_what_another_owns_the_office_included(store: &TestStore) {
    let mut desk = with_penalties(store);
    let before = desk.digest();
    let mended = vec![of_bureau("1号", "丁")];
    assert_eq!(on_behalf(&mut desk, mended.clone(), "乙").unwrap_err().code(), "consent_needed");
    // As its own file the row is another owner's record, as ever.
    let mut row = mended[0].clone();
    row.insert("CF_SJLYDM", OFFICE.to_owned());
    let bytes = desk.sheet(vec![row], EXPORT);
    let report = desk.send_from(OFFICE, &bytes).unwrap();
    assert_eq!(desk.rejected(&report), [(2, "owned_by_other_source".to_owned())]);
    let id = id_of(&mut desk, "3号");
    let decision = Decision { actor: "甲", reason: "遮蔽电话号码", secrecy_review: "" };
    let acting = Some(Acting { unit: OFFICE, second: "乙" });
    let refused = review::redact_for(&mut desk.writer, &desk.rulebook, (&id, "CF_SY"), decision, acting);
    assert_eq!(refused.unwrap_err().code(), "consent_needed");
    let number = desk.service(today()).batches(10).unwrap().into_iter().find(|one| one.source == BUREAU).unwrap().batch;
    let by = ("乙", Some(OFFICE));
    let refused =
        batch::withdraw::withdraw_for(&mut desk.writer, &desk.rulebook, &number, decision, by, &mut |_| Ok(()));
    assert_eq!(refused.unwrap_err().code(), "consent_needed");
    assert_eq!(desk.digest(), before);
}

fn with_consent_a_correction_names_both_units_and_the_owner_stays_the_owner(store: &TestStore) {
    let mut desk = with_penalties(store);
    let number = give(&mut desk, Consenting { item: "penalty", ..Consenting::default() }).unwrap();
    let rows = vec![of_bureau("1号", "丁"), of_bureau("2号", "乙"), of_bureau("新4号", "丁")];
    for second in ["", "甲", " 甲 "] {
        assert_eq!(on_behalf(&mut desk, rows.clone(), second).unwrap_err().code(), "four_eyes", "{second}");
    }
    let report = on_behalf(&mut desk, rows, "乙").unwrap();
    let counts = report.counts;
    assert_eq!((counts.accepted, counts.corrected, counts.unchanged, counts.rejected), (0, 1, 1, 1));
    assert_eq!(desk.rejected(&report), [(4, "nothing_to_correct".to_owned())]);
    let stored = record::of_organisation(desk.writer.connection(), &View::office(today()), FIRM).unwrap();
    assert!(stored.iter().all(|one| one.source == BUREAU));
    assert_eq!(stored.iter().filter(|one| one.version == 2).count(), 1);
    let headers = headers(&mut desk, "import");
    let header = headers.iter().find(|header| header["details"]["on_behalf_of"] == BUREAU).unwrap();
    assert_eq!(header["details"]["acting"], OFFICE);
    assert_eq!(header["details"]["consents"], serde_json::json!([number]));
    assert_eq!((&header["actor"], &header["second"], &header["reason"]), (&"甲".into(), &"乙".into(), &BY.1.into()));
    let shown = desk.service(today()).batch(&report.batch).unwrap().summary;
    assert_eq!((shown.source.as_str(), shown.behalf.unwrap().unit.as_str()), (BUREAU, OFFICE));
    desk.verify();
}

fn a_consent_reaches_no_further_than_it_says(store: &TestStore) {
    let mut desk = with_penalties(store);
    let id = id_of(&mut desk, "1号");
    give(&mut desk, Consenting { item: "permit", ..Consenting::default() }).unwrap();
    assert_eq!(on_behalf(&mut desk, vec![of_bureau("1号", "丁")], "乙").unwrap_err().code(), "consent_needed");
    let tomorrow = today() + 1.days();
    let later = give(&mut desk, Consenting { from_on: Some(tomorrow), ..Consenting::default() }).unwrap();
    assert_eq!(on_behalf(&mut desk, vec![of_bureau("1号", "丁")], "乙").unwrap_err().code(), "consent_needed");
    give(&mut desk, Consenting { record: &id, until_on: Some(today()), ..Consenting::default() }).unwrap();
    let report = on_behalf(&mut desk, vec![of_bureau("1号", "丁"), of_bureau("2号", "丁")], "乙").unwrap();
    assert_eq!((report.counts.corrected, desk.rejected(&report)), (1, vec![(3, "consent_needed".to_owned())]));
    desk.clock.move_to(tomorrow);
    assert_eq!(on_behalf(&mut desk, vec![of_bureau("2号", "戊")], "乙").unwrap().counts.corrected, 1);
    assert!(consent::end(&mut desk.writer, &desk.rulebook, &later, "丙", "委托终止").unwrap());
    assert!(!consent::end(&mut desk.writer, &desk.rulebook, &later, "丙", "委托终止").unwrap());
    assert_eq!(on_behalf(&mut desk, vec![of_bureau("2号", "己")], "乙").unwrap_err().code(), "consent_needed");
    desk.verify();
}

fn what_rests_on_a_consent_that_was_not_given_is_found(store: &TestStore) {
    let mut desk = with_penalties(store);
    give(&mut desk, Consenting::default()).unwrap();
    on_behalf(&mut desk, vec![of_bureau("1号", "丁")], "乙").unwrap();
    desk.verify();
    desk.writer.connection().execute("update consent set given_at = given_at + 86400000000", &[]).unwrap();
    let found = credence_app::verify::verify(&store.address).unwrap();
    let failed: Vec<_> = found.requirements.iter().filter(|outcome| outcome.failed > 0).collect();
    assert_eq!(failed.iter().map(|outcome| outcome.id).collect::<Vec<_>>(), ["consent_given"]);
    assert!(failed[0].examples[0].act.is_some());
}

fn a_consented_redaction_is_done_by_two_and_recorded_as_on_behalf(store: &TestStore) {
    let mut desk = with_penalties(store);
    let id = id_of(&mut desk, "3号");
    give(&mut desk, Consenting { record: &id, ..Consenting::default() }).unwrap();
    let decision = Decision { actor: "甲", reason: "遮蔽电话号码", secrecy_review: "" };
    let mut redact = |second: &'static str| {
        let acting = Some(Acting { unit: OFFICE, second });
        review::redact_for(&mut desk.writer, &desk.rulebook, (&id, "CF_SY"), decision, acting)
    };
    assert_eq!(redact("甲").unwrap_err().code(), "four_eyes");
    assert_eq!(redact("乙").unwrap().state, "accepted");
    let headers = headers(&mut desk, "redaction");
    assert_eq!(headers[0]["details"]["on_behalf_of"], BUREAU);
    assert_eq!(headers[0]["second"], "乙");
    desk.verify();
}

fn a_consent_is_refused_where_it_cannot_be_given(store: &TestStore) {
    let mut desk = with_penalties(store);
    let id = id_of(&mut desk, "1号");
    let mut refused =
        |what: Consenting<'_>| consent::give(&mut desk.writer, &desk.rulebook, &what, "丙", "委托").unwrap_err().code();
    let what = Consenting { owner: BUREAU, acting: OFFICE, ..Consenting::default() };
    assert_eq!(refused(Consenting { owner: FIRM, ..what.clone() }), "unit_unknown");
    assert_eq!(refused(Consenting { acting: BUREAU, ..what.clone() }), "bad_parameter");
    assert_eq!(refused(Consenting { item: "nothing", ..what.clone() }), "bad_parameter");
    assert_eq!(refused(Consenting { until_on: Some(today() - 1.days()), ..what.clone() }), "date_order");
    let other = Consenting { owner: OFFICE, acting: BUREAU, record: &id, ..Consenting::default() };
    assert_eq!(refused(other), "consent_not_owner");
}

both_stores!(
    without_consent_nobody_corrects_what_another_owns_the_office_included,
    with_consent_a_correction_names_both_units_and_the_owner_stays_the_owner,
    a_consent_reaches_no_further_than_it_says,
    what_rests_on_a_consent_that_was_not_given_is_found,
    a_consented_redaction_is_done_by_two_and_recorded_as_on_behalf,
    a_consent_is_refused_where_it_cannot_be_given,
);
