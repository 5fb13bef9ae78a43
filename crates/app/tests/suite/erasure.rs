//! What is erased by law is gone from every place that may hold it, and stays away; that it was erased, by which clause and in
//! which act can be shown, and everything else can still be proven.

use crate::desk::*;
use credence_app::access::Reason;
use credence_app::erasure::expire::{Files, expire};
use credence_app::erasure::{Erasure, Request, erase};
use credence_app::query::RecordView;
use credence_app::review::claim;
use credence_app::review::withhold::{Finding, withhold};
use credence_app::review::{Decision, release};
use credence_app::verify::verify;
use credence_app::{Address, AppError, Scope, View, demonstration};
use credence_domain::access::Role;
use credence_domain::record::secrecy::Ground;
use credence_domain::subject::Uscc;
use credence_ledger::{leaf_hash, verify_inclusion};
use credence_store::body::Unpacker;
use credence_store::connection::{Connection, Row};
use credence_store::scope::Words;
use credence_store::{audit, record};
use credence_testkit::both_stores;
use credence_testkit::province::Row as Sent;
use credence_testkit::stores::TestStore;
use std::collections::BTreeSet;

const OTHER: &str = "123799000000000510";
const NUMBER: &str = "云环罚〔2026〕标记7Q4Z号";
/// What only the record says: none of it may be found anywhere once it is erased.
const MARKS: [&str; 9] = [
    "标记7Q4Z",
    "标记事实甲X81K",
    "标记事实乙P22W",
    "标记内容Y93M",
    "标记备注R55T",
    "标记曾用名V19B",
    "379900199001010013",
    "标记理由引文",
    "标记行错误N77C",
];
const DECISION: Decision<'static> =
    Decision { actor: "信用中心甲", reason: "当事人撤回同意，处理目的已实现", secrecy_review: "" };

pub fn marked() -> Sent {
    changed(
        NUMBER,
        &[
            ("CF_SY", "经查，标记事实甲X81K，排放超标。"),
            ("CF_NR", "处以罚款，标记内容Y93M。"),
            ("BZ", "内部备注：标记备注R55T"),
            ("CF_FR_ZJLX", "身份证"),
            ("CF_FR_ZJHM", "379900199001010013"),
            ("CF_XDR_MC", "云海市标记曾用名V19B有限公司"),
        ],
    )
}

/// Everything that a register holds: table, column and bytes of every value; packed contents also as they read unpacked.
pub fn everything(address: &Address) -> Vec<(String, Vec<u8>)> {
    let mut reader = address.reader().unwrap();
    let connection = reader.connection();
    let pair = |row: &Row<'_>| Ok((row.string(0)?, row.string(1)?));
    let columns = match connection {
        Connection::Sqlite(_) => connection.rows(
            "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'",
            &[],
            pair,
        ),
        Connection::Postgres(_) => connection.rows(
            "select table_name::text, column_name::text from information_schema.columns
             where table_schema = current_schema()",
            &[],
            pair,
        ),
    };
    let mut found = Vec::new();
    let mut unpacker = Unpacker::new().unwrap();
    for (table, column) in columns.unwrap() {
        let sql = match connection {
            Connection::Sqlite(_) => format!("select cast(\"{column}\" as blob) from \"{table}\""),
            Connection::Postgres(_) => format!(
                "select case when pg_typeof(\"{column}\") = 'bytea'::regtype
                   then decode(substr(\"{column}\"::text, 3), 'hex') else convert_to(\"{column}\"::text, 'UTF8') end
                 from \"{table}\""
            ),
        };
        let place = format!("{table}.{column}");
        connection
            .each(Box::leak(sql.into_boxed_str()), &[], |row| {
                let Some(bytes) = row.opt_blob(0)? else { return Ok(()) };
                if place == "record_content.body" {
                    let body = unpacker.unpack(bytes)?;
                    let plain = format!("{} {} {:?}", body.public, body.other_content, body.notes);
                    found.push((format!("{place} (unpacked)"), plain.into_bytes()));
                }
                found.push((place.clone(), bytes.to_vec()));
                Ok(())
            })
            .unwrap();
    }
    found
}

/// Every file of the register and of what was sent to it.
fn files(store: &TestStore) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![store.folder.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
    }
    found
}

fn holds(bytes: &[u8], mark: &str) -> bool {
    let (other, _, _) = encoding_rs::GB18030.encode(mark);
    [mark.as_bytes(), other.as_ref()].into_iter().any(|mark| bytes.windows(mark.len()).any(|part| part == mark))
}

/// Where any of the marks stands, and which.
pub fn marks_in(places: &[(String, Vec<u8>)]) -> BTreeSet<(String, &'static str)> {
    let mut found = BTreeSet::new();
    for (place, bytes) in places {
        found.extend(MARKS.into_iter().filter(|mark| holds(bytes, mark)).map(|mark| (place.clone(), mark)));
    }
    found
}

pub fn marked_record(desk: &Desk<'_>) -> RecordView {
    let found = desk.service(today()).organisation(&View::office(today()), FIRM).unwrap().records;
    found.into_iter().find(|record| record.document_number.as_deref() == Some(NUMBER)).unwrap()
}

fn request(record: &str) -> Request<'_> {
    Request { record, clause: "personal_information", uscc: None }
}

pub fn erase_one(desk: &mut Desk<'_>, id: &str, files: Option<&Files>) -> Result<Erasure, AppError> {
    erase(&mut desk.writer, &desk.rulebook, request(id), DECISION, "信用中心乙", files)
}

/// A register in which a record has gone every way that a record can go; the folder in which what was sent is kept.
pub fn lived(store: &TestStore) -> (Desk<'_>, Files) {
    let mut desk = registered(store);
    let mut twin = marked();
    twin.extend([("CF_JDRQ", "标记行错误N77C".to_owned())]);
    let report = desk.send(vec![marked(), twin, penalty(FIRM, "邻居一号"), penalty(SECOND, "邻居二号")]);
    assert_eq!((report.counts.accepted, report.counts.rejected), (3, 1));
    let spool = store.folder.join("spool");
    std::fs::create_dir_all(&spool).unwrap();
    std::fs::rename(store.folder.join("rejects.csv"), spool.join(format!("{}.rejects", report.batch))).unwrap();
    // Corrected, then sent by another unit too, twice, the first of which is taken back.
    let mut corrected = marked();
    corrected.insert("CF_SY", "经查，标记事实乙P22W，排放超标。".to_owned());
    desk.send(vec![corrected.clone()]);
    let mut same = corrected;
    same.insert("CF_SJLYDM", OTHER.to_owned());
    let bytes = desk.sheet(vec![same], EXPORT);
    let added = desk.send_from(OTHER, &bytes).unwrap();
    let by = Decision { actor: "甲", reason: "报送有误：标记理由引文", secrecy_review: "" };
    credence_app::batch::withdraw::withdraw(&mut desk.writer, &desk.rulebook, &added.batch, by, "乙", &mut |_| Ok(()))
        .unwrap();
    desk.send_from(OTHER, &bytes).unwrap();
    // A field withheld, and a claim on another that quotes it.
    let id = marked_record(&desk).id;
    let clause = "政府信息公开条例 十五";
    let finding = Finding::Withhold { ground: Ground::CommercialSecret, clause };
    let quoting = Decision {
        actor: "审查员", reason: "经查，标记事实乙P22W，排放超标。属于秘密", secrecy_review: ""
    };
    withhold(&mut desk.writer, &desk.rulebook, (&id, &["CF_SY".to_owned()]), finding, quoting).unwrap();
    let quoting =
        Decision { actor: "代表人", reason: "处以罚款，标记内容Y93M。不应公开", secrecy_review: "" };
    let claimant = Uscc::parse(FIRM).unwrap();
    let filed = claim::file(&mut desk.writer, &desk.rulebook, (&id, &["CF_NR".to_owned()]), claimant, quoting).unwrap();
    claim::seek(&mut desk.writer, &desk.rulebook, &filed.number, "第三方研究院", DECISION).unwrap();
    // Evaluated, found by name, read by an auditor.
    credence_app::evaluation::evaluate_one(&mut desk.writer, &desk.rulebook, FIRM).unwrap();
    demonstration::set_mark(&mut desk.writer, "finished").unwrap();
    let service = desk.service(today());
    service.rebuild_search().unwrap();
    drop(desk);
    let counter = credence_app::desk::Desk::open(&service).unwrap();
    let accounts = demonstration::open_accounts(&service, &counter, &|_| OFFICE.to_owned(), claimant).unwrap();
    let auditor = accounts.iter().find(|account| account.role == Role::Auditor).unwrap();
    let person = service.acting(&auditor.account, Role::Auditor).unwrap();
    let reason = Reason { purpose: "audit".to_owned(), case_number: String::new() };
    service.read_file(&counter, &person, FIRM, &reason).unwrap();
    drop(counter);
    let desk = Desk::new(store);
    // What the senders themselves keep is theirs.
    for own in ["file.csv", "rejects.csv"] {
        let _ = std::fs::remove_file(store.folder.join(own));
    }
    desk.writer.checkpoint(true).unwrap();
    (desk, Files::in_folder(&spool))
}

/// Every proof of the neighbours, from the public bytes up to the root that the log holds.
fn prove_neighbours(desk: &Desk<'_>) -> usize {
    let mut roots = std::collections::BTreeMap::new();
    let mut reader = desk.store.address.reader().unwrap();
    audit::each_act(reader.connection(), |act| {
        roots.insert(credence_domain::canonical::hex(&act.id), act.root);
        Ok(())
    })
    .unwrap();
    let mut proven = 0;
    for uscc in [FIRM, SECOND] {
        let page = desk.service(today()).records_page(&View::public(today()), uscc, None, None).unwrap();
        for proof in page.items.iter().filter_map(|record| record.proof.as_ref()) {
            let hash =
                |text: &str| -> [u8; 32] { credence_domain::canonical::unhex(text).unwrap().try_into().unwrap() };
            let path: Vec<_> = proof.chunk.path.iter().map(|step| hash(step)).collect();
            let leaf = leaf_hash(&hash(&proof.commitment));
            assert!(verify_inclusion(&leaf, proof.chunk.index, proof.chunk.size, &path, &roots[&proof.act]));
            proven += 1;
        }
    }
    proven
}

fn the_marks_of_an_erased_record_are_nowhere(store: &TestStore) {
    let (mut desk, spool) = lived(store);
    let before = marks_in(&everything(&store.address));
    let places: BTreeSet<&str> = before.iter().map(|(place, _)| place.as_str()).collect();
    for place in [
        "record_content.body (unpacked)",
        "batch_reject.raw",
        "secrecy_claim.reason",
        "act.header",
        "name_conflict.name",
    ] {
        assert!(places.contains(place), "the test shows nothing of {place}: {places:?}");
    }
    let standing: BTreeSet<_> = before.iter().map(|(_, mark)| *mark).collect();
    assert!(standing.len() >= MARKS.len() - 1, "{standing:?}");
    assert!(!marks_in(&files(store)).is_empty());
    let id = marked_record(&desk).id;
    let key = {
        let reference = credence_domain::canonical::unhex(&id).unwrap().try_into().unwrap();
        let view = View::office(today());
        let stored = record::by_reference(desk.writer.connection(), &view, &reference).unwrap().unwrap();
        (stored.uscc, stored.identity)
    };
    let packed = credence_store::erasure::contents(desk.writer.connection(), &key).unwrap();
    let proven = prove_neighbours(&desk);

    let done = erase_one(&mut desk, &id, Some(&spool)).unwrap();
    assert!(done.cleared && done.rejected >= 1 && done.heads >= 2 && done.names >= 1 && done.files == 1, "{done:?}");
    // Three versions; two sources added, one of them taken back.
    assert_eq!(done.emptied, 6, "{done:?}");
    let reason = [("act.header".to_owned(), "标记理由引文")].into_iter().collect::<BTreeSet<_>>();
    let quoted_nothing = marks_in(&everything(&store.address));
    assert_eq!(quoted_nothing, reason, "a reason that quotes nothing of the record stays, everything else is gone");
    let on_disk: BTreeSet<_> = marks_in(&files(store)).into_iter().map(|(_, mark)| mark).collect();
    assert!(on_disk.is_subset(&["标记理由引文"].into()), "{on_disk:?}");
    for (file, bytes) in files(store) {
        for part in packed.iter().filter_map(|packed| packed.get(8..40)) {
            assert!(!bytes.windows(part.len()).any(|one| one == part), "{file} holds a packed content");
        }
        assert!(!bytes.windows(16).any(|part| part == key.1.0), "{file} holds the record's identity");
    }
    desk.verify();
    assert_eq!(prove_neighbours(&desk), proven - 1);

    // Nobody sees it any more; those who may see that it was erased.
    let organisation = |view: &View| desk.service(today()).organisation(view, FIRM).unwrap().records;
    let own = View::of(Scope::Organisation { usccs: Words::of([FIRM]) }, today());
    for view in [View::public(today()), View::office(today()), own.clone()] {
        assert!(organisation(&view).iter().all(|record| record.id != id), "{view:?}");
    }
    let firm = Uscc::parse(FIRM).unwrap();
    let stones = desk.service(today()).tombstones(&own, &firm).unwrap();
    let told = |stone: &credence_app::erasure::TombstoneView| {
        (stone.id.clone(), stone.basis.clone(), stone.act.clone(), stone.number)
    };
    let expected = (id.clone(), "个人信息保护法 四十七".to_owned(), done.act.clone(), done.number);
    assert_eq!(stones.iter().map(told).collect::<Vec<_>>(), [expected]);
    let foreign = View::of(Scope::Organisation { usccs: Words::of([SECOND]) }, today());
    for view in [View::public(today()), foreign] {
        assert!(desk.service(today()).tombstones(&view, &firm).unwrap().is_empty());
    }

    // It never comes back, and what is refused is not kept again.
    let again = desk.send(vec![marked()]);
    assert_eq!(desk.rejected(&again), [(2, "erased".to_owned())]);
    let told = desk.service(today()).batch(&again.batch).unwrap().rejects.remove(0).reason;
    assert!(told.contains("个人信息保护法 四十七"), "{told}");
    assert!(marks_in(&[("rejects.csv".to_owned(), desk.rejects_file())]).is_empty());
    std::fs::remove_file(store.folder.join("file.csv")).unwrap();
    assert_eq!(marks_in(&everything(&store.address)), reason);
    assert_eq!(erase_one(&mut desk, &id, None).unwrap_err().code(), "record_erased");
    desk.verify();
}

fn two_persons_a_clause_and_a_reason_that_quotes_nothing(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![marked()]);
    let id = marked_record(&desk).id;
    let registration = {
        let found = desk.service(today()).organisation(&View::office(today()), FIRM).unwrap().records;
        found.into_iter().find(|record| record.item == "registration").unwrap().id
    };
    let mut tried = |request: Request<'_>, reason: &str, second: &str| {
        let decision = Decision { reason, ..DECISION };
        erase(&mut desk.writer, &desk.rulebook, request, decision, second, None).unwrap_err().code().to_owned()
    };
    assert_eq!(tried(request(&id), "理由", "信用中心甲"), "four_eyes");
    assert_eq!(tried(request(&id), "理由", " "), "four_eyes");
    assert_eq!(tried(request(&id), " ", "乙"), "reason_missing");
    assert_eq!(tried(request(&id), "删去“内部备注：标记备注R55T”", "乙"), "reason_quotes_content");
    assert_eq!(tried(Request { clause: "because", ..request(&id) }, "理由", "乙"), "clause_unknown");
    assert_eq!(tried(Request { uscc: Some(SECOND), ..request(&id) }, "理由", "乙"), "not_found");
    assert_eq!(tried(request(&registration), "理由", "乙"), "item_not_erasable");
    assert_eq!(marked_record(&desk).id, id);
    desk.verify();
}

fn a_record_that_waits_is_erased_like_any_other_and_is_released_no_more(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![changed("一号", &[("CF_NR_FK", "0.3")])]);
    let id = desk.service(today()).held_records().unwrap().remove(0).id;
    erase_one(&mut desk, &id, None).unwrap();
    assert!(desk.service(today()).held_records().unwrap().is_empty());
    let ordinary = Decision { reason: "经核对案卷，适用普通程序", ..DECISION };
    assert_eq!(release(&mut desk.writer, &desk.rulebook, &[id], ordinary).unwrap_err().code(), "not_held");
    desk.verify();
}

fn rejected_rows_go_when_their_time_is_over_and_their_number_stays(store: &TestStore) {
    let mut desk = registered(store);
    let mut wrong = marked();
    wrong.insert("CF_JDRQ", "标记行错误N77C".to_owned());
    let report = desk.send(vec![wrong, penalty(FIRM, "一号")]);
    let spool = store.folder.join("spool");
    std::fs::create_dir_all(&spool).unwrap();
    let kept = spool.join(format!("{}.rejects", report.batch));
    std::fs::rename(store.folder.join("rejects.csv"), &kept).unwrap();
    std::fs::remove_file(store.folder.join("file.csv")).unwrap();
    let files_of = Files::in_folder(&spool);
    let over = |desk: &mut Desk<'_>| {
        let done = expire(&mut desk.writer, &desk.rulebook, OFFICE, Some(&files_of)).unwrap();
        (done.rows, done.batches, done.files)
    };
    // Kept for ninety days; the ninetieth is not over yet.
    desk.clock.move_to(jiff::civil::date(2026, 8, 4));
    assert_eq!(over(&mut desk), (0, 0, 0));
    assert!(kept.exists() && !marks_in(&everything(&store.address)).is_empty());
    desk.clock.move_to(jiff::civil::date(2026, 8, 5));
    assert_eq!(over(&mut desk), (1, 1, 1));
    assert!(!kept.exists() && marks_in(&everything(&store.address)).is_empty() && marks_in(&files(store)).is_empty());
    assert_eq!(desk.service(today()).batch(&report.batch).unwrap().summary.counts.rejected, 1);
    let acts = verify(&store.address).unwrap().acts;
    assert_eq!((over(&mut desk), verify(&store.address).unwrap().acts), ((0, 0, 0), acts), "nothing is over, no act");
    desk.verify();
}

#[test]
fn both_databases_have_the_same_digest_after_the_same_erasure() {
    let digests = [TestStore::sqlite(), TestStore::postgres()].map(|store| {
        let mut desk = registered(&store);
        desk.send(vec![marked(), penalty(FIRM, "邻居一号"), penalty(SECOND, "邻居二号")]);
        let before = desk.digest();
        let id = marked_record(&desk).id;
        erase_one(&mut desk, &id, None).unwrap();
        (before, desk.digest())
    });
    assert_eq!(digests[0], digests[1]);
    assert_ne!(digests[0].0, digests[0].1);
}

both_stores!(
    the_marks_of_an_erased_record_are_nowhere,
    two_persons_a_clause_and_a_reason_that_quotes_nothing,
    a_record_that_waits_is_erased_like_any_other_and_is_released_no_more,
    rejected_rows_go_when_their_time_is_over_and_their_number_stays,
);
